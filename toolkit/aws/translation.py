"""What botocore raises, turned into the toolkit's errors: by error code, never by HTTP status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from botocore import exceptions as boto

from toolkit.aws.fips import unreachable
from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    CredentialsError,
    EndpointError,
    InputError,
    NoOrganizationError,
    NotFoundError,
    RequestInvalidError,
    ThrottledError,
    ToolkitError,
    UnavailableError,
)
from toolkit.text import bare_url

ERRORS_BY_CODE: Final[Mapping[str, type[AwsError]]] = {
    "AccessDeniedException": AccessDeniedError,
    "AccessDenied": AccessDeniedError,
    "AuthorizationError": AccessDeniedError,
    "NotAuthorized": AccessDeniedError,
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
    "SerializationException": RequestInvalidError,
    "UnknownOperationException": RequestInvalidError,
    "InvalidAction": RequestInvalidError,
    "TooManyRequestsException": ThrottledError,
    "Throttling": ThrottledError,
    "ThrottlingException": ThrottledError,
    "ThrottledException": ThrottledError,
    "RequestThrottled": ThrottledError,
    "RequestThrottledException": ThrottledError,
    "RequestLimitExceeded": ThrottledError,
    "SlowDown": ThrottledError,
    "InternalServerException": UnavailableError,
    "InternalServerError": UnavailableError,
    "InternalFailure": UnavailableError,
    "InternalError": UnavailableError,
    "ResourceUnavailableException": UnavailableError,
    "ServiceException": UnavailableError,
    "ServiceUnavailable": UnavailableError,
    "ServiceUnavailableException": UnavailableError,
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

_NO_SUCH_KEY: Final = frozenset({"InvalidClientTokenId", "UnrecognizedClientException"})
_OTHER_PARTITION: Final = (
    " Keys of GovCloud are known there alone: their profile needs region = us-gov-west-1."
)

UNREACHABLE_CODES: Final = frozenset(
    {"ConnectTimeoutError", "EndpointConnectionError", "ProxyConnectionError", "SSLError"}
)
"""Codes of an EndpointError where not even a connection came about."""

_SERVER_ERROR = 500

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
_NO_ANSWER: Final[Sequence[tuple[type[Exception], str]]] = (
    (boto.ConnectTimeoutError, "it could not be reached in time"),
    (boto.ReadTimeoutError, "it did not answer in time"),
    (boto.ConnectionClosedError, "the connection was cut"),
    (boto.SSLError, "its certificate is not trusted"),
    (boto.ProxyConnectionError, "the proxy could not be reached"),
    (boto.EndpointConnectionError, "it could not be reached"),
    (boto.IncompleteReadError, "the connection was cut"),
    (boto.ResponseStreamingError, "the connection was cut"),
    (boto.HTTPClientError, "the connection failed"),
)


@dataclass(frozen=True)
class Operation:
    """One AWS operation: its service as botocore calls it, its name, what a policy must allow.

    `regional` says that it is asked in Regions of the user's choice, each of which the account may
    have enabled or not.
    """

    service: str
    name: str
    permission: str
    regional: bool = False

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


def _without_answer(error: Exception, operation: Operation, login: Login) -> ToolkitError:
    for kind, reason in _NO_ANSWER:
        if isinstance(error, kind):
            address = _address(error, operation)
            return unreachable(address, reason, operation, type(error).__name__) or EndpointError(
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


def error_code(error: Exception) -> str:
    """Return AWS's error code, or "" where AWS gave no answer."""
    answer = error.response if isinstance(error, boto.ClientError) else {}
    return str(answer.get("Error", {}).get("Code", ""))


def _from_code(error: boto.ClientError, operation: Operation, login: Login) -> ToolkitError:
    code, said = error_code(error), _said(error)
    if code in EXPIRED_CODES:
        return expired(login)
    if code in REFUSED_CODES:
        return CredentialsError(
            f"AWS does not accept {login.whose[0].lower()}{login.whose[1:]} ({code}).",
            f"{_choice('Choose another profile', login.profiles)}, log in again"
            f" ({login.command}), or set this machine's clock right."
            + (_OTHER_PARTITION if code in _NO_SUCH_KEY else ""),
        )
    if error.operation_name != operation.name and error.operation_name == "AssumeRole":
        return CredentialsError(
            f"The role to work with could not be assumed: {said}.",
            "Its trust policy must name you, and you need sts:AssumeRole on it.",
        )
    kind = ERRORS_BY_CODE.get(code)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if kind is None and status >= _SERVER_ERROR:
        kind = UnavailableError
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
    return (kind or AwsError)(
        f"{operation} answered {code or status}: {said}.",
        _HINTS.get(kind or AwsError, ""),
        code=code,
        operation=str(operation),
    )


_HINTS: Final[Mapping[type[AwsError], str]] = {
    ThrottledError: "Others may share this quota; asking again later helps.",
    UnavailableError: "Asking again later may help.",
}


def _said(error: boto.ClientError) -> str:
    message = str(error.response.get("Error", {}).get("Message") or "it gave no reason")
    return " ".join(message.split()).rstrip(".")


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


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
