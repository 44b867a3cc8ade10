"""One bucket of S3, or of a server that speaks as S3 does, by the operations that a store needs.

What it refuses is a RefusedError, for a bucket stands where else a disk does.
"""

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
)
from botocore.parsers import ResponseParserError

from toolkit.aws.clients import Clients
from toolkit.aws.connection import log_in
from toolkit.aws.translation import Login, Operation, error_code, translate
from toolkit.errors import AbsentError, AccessDeniedError, RefusedError, ToolkitError
from toolkit.text import bare_url, printable

AT_ONCE: Final = 16
"""How many objects are asked for at the same time."""

GET: Final = Operation("s3", "GetObject", "s3:GetObject")
PUT: Final = Operation("s3", "PutObject", "s3:PutObject")
LIST: Final = Operation("s3", "ListObjectsV2", "s3:ListBucket")
DELETE: Final = Operation("s3", "DeleteObject", "s3:DeleteObject")

_CONFIG: Final = Config(
    # Nothing but this waits for a slow bucket: botocore itself asks again, with pauses in between.
    retries={"mode": "standard", "total_max_attempts": 6},
    max_pool_connections=2 * AT_ONCE,
    connect_timeout=5,
    read_timeout=30,
    user_agent="account-pairs",
)

_CUSTOM: Final = {
    # Only AWS itself is known to understand checksums that no operation needs.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}

_AWS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_BODIES: Final = (0.0, 0.2, 0.8, 3.2)
"""Seconds before each try to read a body that was cut: botocore asks again for answers alone."""

_CONFLICTS: Final = (0.05, 0.2, 0.8, 0.8)
"""Seconds after which a write is tried again that met another one of the same key."""

_ABSENT: Final = "NoSuchKey"
_NO_BUCKET: Final = "NoSuchBucket"
_ELSEWHERE: Final = ("PermanentRedirect", "AuthorizationHeaderMalformed")
_THERE: Final = "PreconditionFailed"
_CONFLICT: Final = ("ConditionalRequestConflict", "OperationAborted")
_LACKING: Final = re.compile(r"not authorized to perform: ([\w-]+:\w+)")
_KMS: Final = ("KMS.", "KMSInvalid")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)


def is_bucket_name(name: str) -> bool:
    """Say whether a bucket can have that name."""
    return _NAME.fullmatch(name) is not None and ".." not in name


class S3:
    """One bucket as a profile sees it; its client is made when it is first asked for.

    All threads share it. What was not answered is asked again, some six times; then, and where
    asking again cannot help, each method raises a RefusedError.
    """

    def __init__(
        self, bucket: str, *, profile: str | None = None, kms_key: str | None = None
    ) -> None:
        self.bucket = bucket
        self._profile = profile
        self._encrypted = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
        )
        self._lock = threading.Lock()
        self._login = Login(profile)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the client out, which no other process can use."""
        return {k: v for k, v in vars(self).items() if k not in ("_lock", "_made")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make a client anew where it is needed."""
        self.__dict__.update(state, _lock=threading.Lock())

    @property
    def endpoint_url(self) -> str:
        """The address that is asked, without what may be secret in it."""
        with self._asking(LIST):
            return bare_url(self._client.meta.endpoint_url)

    @property
    def is_custom(self) -> bool:
        """Whether another server than AWS's is asked."""
        return not (urlsplit(self.endpoint_url).hostname or "").endswith(_AWS)

    def get(self, key: str) -> bytes:
        """Return an object's content; raises AbsentError where there is none."""
        for tries_left, pause in zip(range(len(_BODIES) - 1, -1, -1), _BODIES, strict=True):
            if pause:
                time.sleep(pause)
            with self._asking(GET):
                answer = self._client.get_object(Bucket=self.bucket, Key=key)
                try:
                    content: bytes = answer["Body"].read()
                except (IncompleteReadError, HTTPClientError):
                    if not tries_left:
                        raise
                    continue
                finally:
                    answer["Body"].close()
            self._check(answer, "ETag")
            return content
        raise AssertionError  # the last try returns or raises

    def put(self, key: str, content: bytes, *, if_absent: bool = False) -> bool:
        """Write an object; with `if_absent` only where there is none. Return whether it was."""
        condition = {"IfNoneMatch": "*"} if if_absent else {}
        for pause in (*_CONFLICTS, None):
            try:
                with self._asking(PUT):
                    answer = self._client.put_object(
                        Bucket=self.bucket, Key=key, Body=content, **condition, **self._encrypted
                    )
            except _StandsAlreadyError as error:
                # Where the answer to the first try was lost, what is there may be one's own.
                return error.was_repeated and self.get(key) == content
            except _ConflictError:
                if pause is None:
                    raise
                time.sleep(pause)
            else:
                self._check(answer, "ETag")
                return True
        raise AssertionError  # the last try returns or raises

    def versions(self, under: str) -> dict[str, str]:
        """Return the keys that begin so, each with its ETag."""
        return {
            one["Key"]: str(one.get("ETag", "")).strip('"')
            for page in self._pages(Prefix=under)
            for one in page.get("Contents", ())
        }

    def folders(self, under: str) -> list[str]:
        """Return what stands between `under` and the next "/" in the keys that begin so."""
        return [
            one["Prefix"].removeprefix(under).rstrip("/")
            for page in self._pages(Prefix=under, Delimiter="/")
            for one in page.get("CommonPrefixes", ())
        ]

    def delete(self, key: str) -> None:
        """Remove an object; nothing happens where there is none."""
        with self._asking(DELETE):
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def _pages(self, **about: str) -> Iterator[Any]:
        further: dict[str, str] = {}
        while True:
            with self._asking(LIST):
                page = self._client.list_objects_v2(Bucket=self.bucket, **about, **further)
            self._check(page, "IsTruncated")
            yield page
            token = page.get("NextContinuationToken") if page["IsTruncated"] else None
            if token is None or {"ContinuationToken": token} == further:
                return
            further = {"ContinuationToken": token}

    @property
    def _client(self) -> Any:
        with self._lock:
            return self._made

    @cached_property
    def _made(self) -> Any:
        client = self._connect()
        client.meta.events.register("provide-client-params.s3.HeadBucket", _once)
        return client

    def _connect(self) -> Any:
        session, self._login = log_in(self._profile)
        client = Clients(session, self._login, None, config=_CONFIG)
        region = client.region
        made = client.get("s3", region)
        if (urlsplit(made.meta.endpoint_url).hostname or "").endswith(_AWS):
            return made
        style = (made.meta.config.s3 or {}).get("addressing_style", "path")
        client.close()
        config = _CONFIG.merge(Config(**_CUSTOM, s3={"addressing_style": style}))
        return Clients(session, self._login, None, config=config).get("s3", region)

    def _check(self, answer: Any, needed: str) -> None:
        """Raise RefusedError for an answer that is none of S3, such as a page for people."""
        if answer.get(needed) is None:
            raise self._no_answer()

    @contextmanager
    def _asking(self, operation: Operation) -> Iterator[None]:
        _asked.heads = 0
        try:
            yield
        except ToolkitError as error:
            raise _refused(error) from error
        except ClientError as error:
            raise self._denied(error, operation) from error
        except ResponseParserError as error:
            raise self._no_answer() from error
        except BotoCoreError as error:
            refused = _refused(translate(error, operation, self._login))
            refused.everywhere = not isinstance(error, ParamValidationError)
            raise refused from error

    def _no_answer(self, status: int = 200) -> RefusedError:
        url = bare_url(self._client.meta.endpoint_url)
        return RefusedError(
            f"what answers at {url} does not speak as S3 does (status {status})",
            "Check the endpoint (AWS_ENDPOINT_URL_S3), and sign in to the network if it asks for"
            " that.",
            everywhere=True,
            retryable=True,
        )

    def _denied(self, error: ClientError, operation: Operation) -> OSError:
        """Return the error for an answer that is one: by its code."""
        code = error_code(error)
        about = error.response.get("ResponseMetadata", {})
        if code == _ABSENT:
            return AbsentError("there is no such object", "Choose another snapshot.")
        if code == _THERE:
            return _StandsAlreadyError(was_repeated=bool(about.get("RetryAttempts")))
        if not code or code.isdigit():
            return self._no_answer(int(about.get("HTTPStatusCode", 0)))
        if code in _CONFLICT:
            return _ConflictError("others write it at the same time", "Try again.", retryable=True)
        refused = self._wrong_bucket(error, code, about)
        if refused is None:
            translated = translate(error, operation, self._login)
            is_denied = isinstance(translated, AccessDeniedError)
            refused = self._not_allowed(error, operation) if is_denied else _refused(translated)
        return refused

    def _wrong_bucket(
        self, error: ClientError, code: str, about: Mapping[str, Any]
    ) -> RefusedError | None:
        """Return the error where the bucket is not there, or its key cannot be used."""
        if code == _NO_BUCKET:
            return RefusedError(
                f"there is no bucket '{self.bucket}'",
                "Make it first, or name another with --store.",
                everywhere=True,
            )
        if code in _ELSEWHERE:
            headers = about.get("HTTPHeaders", {})
            region = headers.get("x-amz-bucket-region") or error.response["Error"].get("Region")
            return RefusedError(
                f"the bucket '{self.bucket}' is in "
                + (f"the Region {printable(region)}" if region else "another Region"),
                f"Set AWS_REGION={printable(region or 'REGION')}, or region in its profile.",
                everywhere=True,
            )
        if code.startswith(_KMS):
            return RefusedError(
                f"the bucket's KMS key cannot be used ({printable(code)})",
                "Name a key of the bucket's Region that is enabled, with --store-kms-key.",
            )
        return None

    def _not_allowed(self, error: ClientError, operation: Operation) -> RefusedError:
        """Return the error for a permission that is missing; what AWS says may name accounts."""
        said = str(error.response.get("Error", {}).get("Message", ""))
        found = _LACKING.search(said)
        needed = found[1] if found else operation.permission
        if operation is GET and needed == GET.permission:
            # Without the second one S3 says the same of what is not there.
            needed += f" and {LIST.permission}"
        elif operation is PUT and not found and self._encrypted:
            needed += " and, on the key, kms:GenerateDataKey"
        plural = "s" if " and" in needed else ""
        return RefusedError(
            f"access to the bucket is denied ({operation})",
            f"It needs the permission{plural} {needed}.",
            everywhere=operation is LIST,
        )


_asked = threading.local()


def _once(**_: object) -> None:
    """Let botocore ask once where a bucket is that it was sent elsewhere for.

    Where that question is sent elsewhere, too, as a portal does, it would ask without an end.
    """
    _asked.heads += 1
    if _asked.heads > 1:
        raise ClientError({"Error": {}, "ResponseMetadata": {"HTTPHeaders": {}}}, "HeadBucket")


class _StandsAlreadyError(RefusedError):
    """There is an object of that key; `was_repeated` says that the write was tried before."""

    def __init__(self, *, was_repeated: bool) -> None:
        super().__init__("there is one already")
        self.was_repeated = was_repeated


class _ConflictError(RefusedError):
    """Another write of the same key was under way."""


def _refused(error: ToolkitError) -> RefusedError:
    """Return what an error of AWS is to a place: its sentence goes on another one."""
    why = error.message.rstrip(".")
    with suppress(IndexError):
        if why[1].islower() or why[1] == " ":
            why = why[0].lower() + why[1:]
    return RefusedError(why, error.hint, everywhere=True, retryable=error.retryable)
