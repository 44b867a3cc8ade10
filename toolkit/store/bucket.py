"""A bucket of S3, or of a server that speaks as S3 does, as the place of a store."""

import hashlib
import re
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from platformdirs import user_state_path

from toolkit.aws.s3 import AT_ONCE, S3, is_bucket_name
from toolkit.errors import RefusedError, StoreError
from toolkit.store import keys
from toolkit.text import printable

_ADDRESS: Final = re.compile(r"s3:/+([^/]*)(?:/(.*))?", re.IGNORECASE | re.DOTALL)
"""The address of a bucket; a Path makes one slash of two."""


class Bucket:
    """A bucket, or what begins with a prefix in one, by its address: s3://bucket/prefix.

    An object is there as a whole or not at all, so nothing is written beside its place and nothing
    is swept. Raises StoreError where the address cannot be one.
    """

    is_far = True

    def __init__(
        self, address: str, *, profile: str | None = None, kms_key: str | None = None
    ) -> None:
        match = _ADDRESS.fullmatch(address)
        bucket, prefix = (match[1], (match[2] or "").strip("/")) if match else ("", "")
        if not is_bucket_name(bucket):
            raise StoreError(
                f"'{printable(address)}' is no address of a bucket.",
                "Name one as s3://bucket/prefix; a bucket's name has 3 to 63 small letters,"
                " digits, dots and hyphens.",
            )
        if printable(prefix) != prefix or {"", ".", ".."} & set(
            prefix.split("/") if prefix else ()
        ):
            raise StoreError(
                f"'{printable(address)}' is no address in a bucket.",
                "Name a prefix whose parts are names, with one / between them.",
            )
        self._s3 = S3(bucket, profile=profile, kms_key=kms_key)
        self._prefix = f"{prefix}/" if prefix else ""
        self._is_checked = False
        self._checking = threading.Lock()

    def __str__(self) -> str:
        return f"s3://{self._s3.bucket}/{self._prefix}".rstrip("/")

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what no other process can use."""
        return {name: value for name, value in vars(self).items() if name != "_checking"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Be as before in another process."""
        self.__dict__.update(state, _checking=threading.Lock())

    def check(self) -> None:
        """Raise RefusedError where nobody may write, or the server takes no heed of conditions.

        It is tried once, on an object of its own: of a snapshot nothing is there yet then.
        """
        with self._checking:
            if self._is_checked:
                return
            # Each content is another one, or a try that was repeated would look like this one.
            tries = 2 if self._s3.is_custom else 1
            kept = [
                self._s3.put(self._prefix + keys.PROBE, uuid4().hex.encode(), if_absent=True)
                for _ in range(tries)
            ]
            if kept[1:] == [True]:
                raise RefusedError(
                    f"the server at {self._s3.endpoint_url} takes no heed of If-None-Match, by"
                    " which two writers of one snapshot are kept apart",
                    "Use a bucket of AWS, a server that has conditional writes, or a folder.",
                    everywhere=True,
                )
            self._is_checked = True

    @property
    def journal(self) -> Path:
        """The folder of this machine in which the journals of runs in progress lie."""
        address = str(self)
        readable = re.sub(r"[^a-z0-9-]+", "-", address.removeprefix("s3://").lower())[:60]
        mark = hashlib.sha256(address.encode()).hexdigest()[:8]
        state = user_state_path("account-pairs", appauthor=False)
        return state / "journal" / f"{readable.strip('-')}-{mark}"

    def name(self, key: str) -> str:
        """Return the address of the object."""
        return f"s3://{self._s3.bucket}/{self._prefix}{key}"

    def read(self, key: str) -> bytes:
        """Return the content of the object."""
        return self._s3.get(self._prefix + key)

    def read_many(self, wanted: Iterable[str]) -> dict[str, bytes | OSError]:
        """Return the content of each object, several asked for at the same time.

        The threads have ended when it returns, and none of them makes anything of what came.
        """
        wanted = list(wanted)
        if len(wanted) <= 1:
            return {key: self._read_or_say(key) for key in wanted}
        with ThreadPoolExecutor(min(AT_ONCE, len(wanted)), "toolkit-bucket") as pool:
            try:
                return dict(zip(wanted, pool.map(self._read_or_say, wanted), strict=True))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _read_or_say(self, key: str) -> bytes | OSError:
        try:
            return self.read(key)
        except RefusedError as error:
            if error.everywhere:
                raise
            return error

    def write(self, key: str, content: bytes) -> None:
        """Write the object, in place of one that is there."""
        self._s3.put(self._prefix + key, content)

    def write_if_absent(self, key: str, content: bytes) -> bool:
        """Write the object unless there is one; of several writers at once one alone succeeds.

        Raises RefusedError where the server would replace the one that is there all the same.
        """
        self.check()
        return self._s3.put(self._prefix + key, content, if_absent=True)

    def versions(self, under: str) -> dict[str, str]:
        """Return the objects whose keys begin so, by key, with their ETags."""
        found = self._s3.versions(self._prefix + under)
        return {key.removeprefix(self._prefix): mark for key, mark in found.items()}

    def folders(self, under: str) -> list[str]:
        """Return what stands between `under` and the next "/" in the keys that begin so."""
        return sorted(self._s3.folders(self._prefix + under))

    def remove(self, key: str) -> None:
        """Remove the object."""
        self._s3.delete(self._prefix + key)

    def forgotten(self, under: str) -> list[str]:
        """Return none: no object is ever half written."""
        del under
        return []

    def sweep(self, under: str) -> None:
        """Do nothing: no object is ever half written."""
