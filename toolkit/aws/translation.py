"""What botocore raises, turned into the toolkit's errors: by error code, never by HTTP status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from botocore import exceptions as boto

from toolkit.aws.fips import unreachable
from toolkit.aws.wire import NoAnswer
from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    CredentialsError,
    CredentialsRefusedError,
    EndpointError,
    InputError,
    NoOrganizationError,
    NotFoundError,
    RequestInvalidError,
    ThrottledError,
    TimedOutError,
    ToolkitError,
    UnavailableError,
    UnknownOperationError,
    UnreachableError,
)
from toolkit.text import bare_url

ERRORS_BY_CODE: Final[Mapping[str, type[AwsError]]] = {
    "AccessDeniedException": AccessDeniedError,
    "AccessDenied": AccessDeniedError,
    "AuthorizationError": AccessDeniedError,
    "NotAuthorized": AccessDeniedError,
    "OperationNotPermittedException": AccessDeniedError,
    "OptInRequired": AccessDeniedError,
    "UnauthorizedOperation": AccessDeniedError,
    "AWSOrganizationsNotInUseException": NoOrganizationError,
    "ResourceNotFoundException": NotFoundError,
    "AccountNotFoundException": NotFoundError,
    "OrganizationalUnitNotFoundException": NotFoundError,
    "ValidationException": RequestInvalidError,
    "ValidationError": RequestInvalidError,
    "InvalidInputException": RequestInvalidError,
    "InvalidParameterValue": RequestInvalidError,
    "InvalidParameterException": RequestInvalidError,
    "InvalidNextTokenException": RequestInvalidError,
    "InvalidEventCategoryException": RequestInvalidError,
    "InvalidTimeRangeException": RequestInvalidError,
    "InvalidLookupAttributesException": RequestInvalidError,
    "InvalidMaxResultsException": RequestInvalidError,
    "PaginationTokenExpiredException": RequestInvalidError,
    "SerializationException": RequestInvalidError,
    "UnknownOperation": UnknownOperationError,
    "UnknownOperationException": UnknownOperationError,
    "InvalidAction": UnknownOperationError,
    "NotImplemented": UnknownOperationError,
    "BandwidthLimitExceeded": ThrottledError,
    "EC2ThrottledException": ThrottledError,
    "LimitExceededException": ThrottledError,
    "PriorRequestNotComplete": ThrottledError,
    "ProvisionedThroughputExceededException": ThrottledError,
    "RequestLimitExceeded": ThrottledError,
    "RequestThrottled": ThrottledError,
    "RequestThrottledException": ThrottledError,
    "SlowDown": ThrottledError,
    "ThrottledException": ThrottledError,
    "Throttling": ThrottledError,
    "ThrottlingException": ThrottledError,
    "TooManyRequestsException": ThrottledError,
    "TransactionInProgressException": ThrottledError,
    "ConcurrentModificationException": UnavailableError,
    "InternalServerException": UnavailableError,
    "InternalServerError": UnavailableError,
    "InternalServiceException": UnavailableError,
    "InternalFailure": UnavailableError,
    "InternalError": UnavailableError,
    "ResourceUnavailableException": UnavailableError,
    "ServiceException": UnavailableError,
    "ServiceUnavailable": UnavailableError,
    "ServiceUnavailableException": UnavailableError,
    "RequestTimeTooSkewed": UnavailableError,
    "RequestTimeout": UnavailableError,
    "RequestTimeoutException": UnavailableError,
}
"""What each of AWS's error codes means to the toolkit."""

EXPIRED_CODES: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
"""Credentials that were good and are no longer."""

REFUSED_CODES: Final = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotSignedUp",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Credentials that AWS does not accept; in one Region alone: the Region is not enabled."""

NO_SUCH_KEY: Final = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})
"""What a partition says of keys of another one, which it does not know."""

_OTHER_PARTITION: Final = (
    " Keys of GovCloud are known there alone: their profile needs region = us-gov-west-1."
)

PORTAL: Final = "AnsweredByAPortal"
"""The code of an UnreachableError where a page for people came instead of an answer."""

UNREADABLE: Final = "UnreadableAnswer"
"""The code of an UnavailableError where what came is no answer, and no page either."""

_SERVER_ERROR: Final = 500
_UNKNOWN: Final = frozenset({404, 405, 501})  # where no modelled code says more
_THROTTLED: Final = 429
_PROXY: Final = 407
_REDIRECTS: Final = range(300, 400)
_LONGEST_PAUSE: Final = 60.0  # s: what asks for longer is asked again sooner than it likes
_MOST_SAID: Final = 300  # characters of a message that are worth showing

_EXPIRED_LOGINS = (
    boto.SSOError,
    boto.TokenRetrievalError,
    boto.NoAuthTokenError,
)
_NO_CREDENTIALS = (boto.NoCredentialsError, boto.PartialCredentialsError)
_WRONG_SETTINGS = (
    boto.ConfigParseError,
    boto.ConfigNotFound,
    boto.InvalidConfigError,
    boto.InfiniteLoopConfigError,
    boto.InvalidProxiesConfigError,
    boto.InvalidRegionError,
    boto.InvalidRetryConfigurationError,
    boto.InvalidRetryModeError,
    boto.InvalidMaxRetryAttemptsError,
    boto.InvalidDefaultsMode,
    boto.InvalidSTSRegionalEndpointsConfigError,
    boto.InvalidEndpointConfigurationError,
    boto.NoRegionError,
)
_NO_ANSWER: Final[Sequence[tuple[type[Exception], type[EndpointError], str]]] = (
    (boto.ConnectTimeoutError, UnreachableError, "it could not be reached in time"),
    (boto.ReadTimeoutError, TimedOutError, "it did not answer in time"),
    (boto.ConnectionClosedError, EndpointError, "the connection was cut"),
    (boto.SSLError, UnreachableError, "its certificate is not trusted"),
    (boto.ProxyConnectionError, UnreachableError, "the proxy could not be reached"),
    (boto.EndpointConnectionError, UnreachableError, "it could not be reached"),
    (boto.IncompleteReadError, EndpointError, "the connection was cut"),
    (boto.ResponseStreamingError, EndpointError, "the connection was cut"),
    (boto.HTTPClientError, EndpointError, "the connection failed"),
)


@dataclass(frozen=True)
class Operation:
    """One AWS operation: its service as botocore calls it, its name, what a policy must allow.

    `regional` says that it is asked in Regions of the user's choice, each of which the account may
    have enabled or not. `needs` are the members without which an answer is none.
    """

    service: str
    name: str
    permission: str
    regional: bool = False
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.service} {self.name}"


@dataclass(frozen=True)
class Login:
    """Who logs in: the profile, if one was named, and the profiles that there are."""

    profile: str | None = None
    profiles: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """Name the credentials in a sentence."""
        return f"The credentials of profile '{self.profile}'" if self.profile else "The credentials"

    @property
    def command(self) -> str:
        """What logs in again."""
        return f"aws sso login --profile {self.profile}" if self.profile else "aws sso login"


def translate(error: Exception, operation: Operation, login: Login) -> ToolkitError:
    """Return the toolkit's error for what botocore raised while `operation` was called."""
    if isinstance(error, boto.ClientError):
        return _from_code(error, operation, login)
    if isinstance(error, _EXPIRED_LOGINS):
        return expired(login)
    if isinstance(error, boto.LoginError):
        return CredentialsError(
            f"{login.whose} have expired.",
            f"Log in again: {login.command.replace('sso ', '')}",
        )
    if isinstance(error, _NO_CREDENTIALS):
        return CredentialsError(
            "There are no AWS credentials"
            + (f" in profile '{login.profile}'." if login.profile else "."),
            f"{_choice('Name a profile', login.profiles)}, or log in: {login.command}",
        )
    if isinstance(error, boto.CredentialRetrievalError | boto.MetadataRetrievalError):
        return unfetched(error, login)
    return _without_answer(error, operation, login)


def unfetched(error: Exception, login: Login) -> CredentialsError:
    """Return the error for a source of credentials that gave none."""
    return CredentialsError(
        f"{login.whose} could not be fetched: {_reason(error)}.",
        f"Log in again: {login.command}, or check the program that the profile names.",
    )


def no_answer(error: NoAnswer, operation: Operation) -> AwsError:
    """Return the error for what came back and is no answer of AWS."""
    status = error.status
    if status in _REDIRECTS or status == _PROXY:
        return _portal(operation, status)
    if status in _UNKNOWN:
        return _unknown(operation, str(status))
    if status == _THROTTLED or status >= _SERVER_ERROR:
        kind = ThrottledError if status == _THROTTLED else UnavailableError
        return kind(
            f"{operation} answered {status}.",
            _HINTS[kind],
            code=str(status),
            operation=str(operation),
            retry_after=_pause(error.headers),
        )
    if error.is_page:
        return _portal(operation, status)
    return unreadable(operation)


def unreadable(operation: Operation) -> UnavailableError:
    """Return the error for an answer that is damaged, or lacks what it cannot be without."""
    return UnavailableError(
        f"{operation} gave an answer that cannot be read.",
        "Asking again later may help, or something between this machine and AWS changes answers.",
        code=UNREADABLE,
        operation=str(operation),
    )


def _portal(operation: Operation, status: int) -> UnreachableError:
    return UnreachableError(
        f"A proxy or portal answered instead of AWS (status {status}).",
        "Sign in to the network in a browser, or set HTTPS_PROXY as your network asks.",
        code=PORTAL,
        operation=str(operation),
    )


def _unknown(operation: Operation, code: str) -> UnknownOperationError:
    return UnknownOperationError(
        f"Whoever answers at that address does not know {operation} ({code}).",
        "Leave the endpoint URL out to ask AWS, or name one that knows it.",
        code=code,
        operation=str(operation),
    )


def _pause(headers: Mapping[str, str]) -> float:
    """Return the seconds that an answer asks to be left alone for."""
    text = headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() else 0.0


def _without_answer(error: Exception, operation: Operation, login: Login) -> ToolkitError:
    for raised, kind, reason in _NO_ANSWER:
        if isinstance(error, raised):
            address = _address(error, operation)
            return unreachable(address, reason, operation, type(error).__name__) or kind(
                f"No answer from {address}: {reason}.",
                "Check the network, VPN or proxy, and the endpoint URL if you gave one.",
                code=type(error).__name__,
                operation=str(operation),
            )
    if isinstance(error, boto.ProfileNotFound):
        return InputError(
            f"There is no AWS profile '{login.profile or _argument(error, 'profile')}'.",
            _choice("Choose one of those there are", login.profiles),
        )
    if isinstance(error, _WRONG_SETTINGS):
        return InputError(f"The AWS settings are wrong: {_reason(error)}.", "See ~/.aws/config.")
    if isinstance(error, boto.ParamValidationError):
        return RequestInvalidError(
            f"{operation} was not sent: {_reason(error)}.",
            code="ParamValidation",
            operation=str(operation),
        )
    return AwsError(
        f"{operation} failed: {_reason(error)}.",
        code=type(error).__name__,
        operation=str(operation),
    )


def expired(login: Login) -> CredentialsError:
    """Return the error for a login that has run out."""
    return CredentialsError(f"{login.whose} have expired.", f"Log in again: {login.command}")


def _refused(code: str, login: Login) -> CredentialsRefusedError:
    return CredentialsRefusedError(
        f"AWS does not accept {login.whose[0].lower()}{login.whose[1:]} ({code}).",
        f"{_choice('Choose another profile', login.profiles)}, log in again"
        f" ({login.command}), or set this machine's clock right."
        + (_OTHER_PARTITION if code in NO_SUCH_KEY else ""),
        code=code,
    )


def error_code(error: Exception) -> str:
    """Return AWS's error code, or "" where AWS gave no answer."""
    answer = error.response if isinstance(error, boto.ClientError) else {}
    return str(answer.get("Error", {}).get("Code", ""))


def _from_code(error: boto.ClientError, operation: Operation, login: Login) -> ToolkitError:
    code, said = error_code(error), _said(error)
    if code in EXPIRED_CODES or code in REFUSED_CODES:
        return expired(login) if code in EXPIRED_CODES else _refused(code, login)
    if error.operation_name != operation.name and error.operation_name == "AssumeRole":
        return CredentialsError(
            f"The role to work with could not be assumed: {said}.",
            "Its trust policy must name you, and you need sts:AssumeRole on it.",
        )
    answered = error.response.get("ResponseMetadata", {})
    status = answered.get("HTTPStatusCode", 0)
    kind = _kind(code, status)
    if kind is UnknownOperationError:
        return _unknown(operation, code or str(status))
    if kind is AccessDeniedError:
        return AccessDeniedError(
            f"AWS denied {operation}: {said}.",
            f"It needs the permission {operation.permission}.",
            code=code,
            operation=str(operation),
            permission=operation.permission,
        )
    if kind is NoOrganizationError:
        return NoOrganizationError(
            "The caller's account belongs to no organization.",
            "Only that account itself can be asked about.",
            code=code,
            operation=str(operation),
        )
    return kind(
        f"{operation} answered {code or status}: {said}.",
        _SKEWED if code == "RequestTimeTooSkewed" else _HINTS.get(kind, ""),
        code=code,
        operation=str(operation),
        retry_after=_pause(answered.get("HTTPHeaders", {})),
    )


def _kind(code: str, status: int) -> type[AwsError]:
    """Return what an answer means: by its code; by its status where the code says nothing."""
    if status == _THROTTLED:
        return ThrottledError
    by_status = AwsError
    if status in _UNKNOWN:
        by_status = UnknownOperationError
    elif status >= _SERVER_ERROR:
        by_status = UnavailableError
    return ERRORS_BY_CODE.get(code, by_status)


_HINTS: Final[Mapping[type[AwsError], str]] = {
    ThrottledError: "Others may share this quota; asking again later helps.",
    UnavailableError: "Asking again later may help.",
}

_SKEWED: Final = "Set this machine's clock right."


def _said(error: boto.ClientError) -> str:
    message = str(error.response.get("Error", {}).get("Message") or "it gave no reason")
    return _shortened(" ".join(message.split()).rstrip("."))


def _shortened(text: str) -> str:
    """Return as much of a text as is worth showing."""
    return text if len(text) <= _MOST_SAID else text[:_MOST_SAID] + "…"


def _reason(error: Exception) -> str:
    return _shortened(" ".join(str(error).split()).rstrip("."))


def _argument(error: Exception, name: str) -> str:
    return str(getattr(error, "kwargs", {}).get(name, ""))


def _address(error: Exception, operation: Operation) -> str:
    parts = urlsplit(bare_url(_argument(error, "endpoint_url")))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"AWS ({operation.service})"


def _choice(do: str, names: Sequence[str], most: int = 8) -> str:
    if not names:
        return "Configure a profile (aws configure sso)"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{do} ({', '.join(names[:most])}{more})"
