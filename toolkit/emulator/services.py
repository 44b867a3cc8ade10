"""One record a service: what AWS does there that botocore's model of the service does not tell."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from botocore.model import ServiceModel

from toolkit.emulator.shapes import Violation, service_model

_BROKEN = (
    "The operation failed because of an error internal to AWS. Try your operation again later."
)
_NOT_NOW = "The operation failed because it specified a resource that is not currently available."
_REASONS = {
    "required": "INPUT_REQUIRED",
    "pattern": "INVALID_PATTERN",
    "enum": "INVALID_ENUM",
    "min length": "MIN_LENGTH_EXCEEDED",
    "max length": "MAX_LENGTH_EXCEEDED",
    "min value": "MIN_VALUE_EXCEEDED",
    "max value": "MAX_VALUE_EXCEEDED",
}


class Error(NamedTuple):
    """An error in AWS's words; without a status it is what the model or the protocol tells."""

    code: str
    message: str = ""
    status: int | None = None
    members: Mapping[str, Any] = {}


class Service(NamedTuple):
    """A service; what is left out is as most of AWS's JSON services have it.

    `region` is the only one that its requests are signed for, `target` the prefix of the header
    X-Amz-Target where the model has none. `is_limited` tells whether an emulator's rate holds for
    its operations, and `can_fail` whether it has part in faults. `credentials_status` is that of
    whatever is wrong with a signature, and `reasons` gives what an error about parameters has
    beside its message. What it asks about being `unavailable` is told as `internal` by default.
    """

    name: str
    region: str = ""
    target: str = ""
    is_limited: bool = False
    can_fail: bool = True
    credentials_status: int = 400
    unsigned: Error = Error("MissingAuthenticationTokenException", "Missing Authentication Token")
    unrecognized: str = "UnrecognizedClientException"
    expired: str = "ExpiredTokenException"
    invalid: str = "ValidationException"
    reasons: Callable[[Sequence[Violation]], Mapping[str, Any]] = lambda _: {}
    throttled: Error = Error("ThrottlingException", "Rate exceeded", 400)
    denied: Error = Error("AccessDeniedException")
    internal: Error = Error("InternalServerException", _BROKEN, 500)
    unavailable: Error | None = None

    @property
    def model(self) -> ServiceModel:
        """Botocore's model of it."""
        return service_model(self.name)

    @property
    def target_prefix(self) -> str:
        """What the header X-Amz-Target, or the path of a CBOR request, names it by."""
        return str(self.model.metadata.get("targetPrefix", self.target))


def _each_field(found: Sequence[Violation]) -> Mapping[str, Any]:
    fields = [{"name": violation.member, "message": violation.message} for violation in found]
    return {"reason": "fieldValidationFailed", "fieldList": fields}


def _first_reason(found: Sequence[Violation]) -> Mapping[str, Any]:
    return {"Reason": _REASONS[found[0].rule]}


_RECORDS = (
    Service(
        name="account",
        region="us-east-1",
        # its reference page's samples ask by target, which no REST model has
        target="AWSAccountV20210201",
        is_limited=True,
        credentials_status=403,
        reasons=_each_field,
        throttled=Error("TooManyRequestsException", "Too Many Requests"),
        unavailable=Error("ResourceUnavailableException", _NOT_NOW),
    ),
    Service(
        name="organizations",
        region="us-east-1",
        invalid="InvalidInputException",
        reasons=_first_reason,
        throttled=Error(
            "TooManyRequestsException", "Too Many Requests", members={"Type": "RATE_LIMIT"}
        ),
        internal=Error("ServiceException", _BROKEN, 500),
    ),
    # AWS answers all its errors with 400, and no status is in its model
    Service(name="workspaces", internal=Error("InternalServerException", _BROKEN, 400)),
    Service(
        name="sts",
        can_fail=False,
        credentials_status=403,
        unsigned=Error("MissingAuthenticationToken", "Request is missing Authentication Token"),
        unrecognized="InvalidClientTokenId",
        expired="ExpiredToken",
        invalid="ValidationError",
        throttled=Error("Throttling", "Rate exceeded", 400),
        denied=Error("AccessDenied", status=403),
        internal=Error("InternalFailure", _BROKEN, 500),
    ),
)
SERVICES = {service.name: service for service in _RECORDS}
