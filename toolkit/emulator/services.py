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

    `regions` has the only Region that its requests are signed for, by partition; without any it is
    in every Region. `target` is the prefix of the header X-Amz-Target where the model has none,
    and `permission` that of its permissions where it is not the name. `is_limited` tells whether
    an emulator's rate holds for its operations, and `can_fail` whether it has part in faults.
    `credentials_status` is that of whatever is wrong with a signature. An error about parameters
    is `invalid`, or what `invalid_members` has for the first wrong one, and `reasons` gives what it
    has beside its message. What it asks about being `unavailable` is told as `internal` by default,
    and `stale` is what it says of a page's token whose time is over.
    """

    name: str
    regions: Mapping[str, str] = {}
    target: str = ""
    permission: str = ""
    is_limited: bool = False
    can_fail: bool = True
    credentials_status: int = 400
    unsigned: Error = Error("MissingAuthenticationTokenException", "Missing Authentication Token")
    unrecognized: str = "UnrecognizedClientException"
    expired: str = "ExpiredTokenException"
    invalid: str = "ValidationException"
    invalid_members: Mapping[str, str] = {}
    reasons: Callable[[Sequence[Violation]], Mapping[str, Any]] = lambda _: {}
    throttled: Error = Error("ThrottlingException", "Rate exceeded", 400)
    denied: Error = Error("AccessDeniedException")
    internal: Error = Error("InternalServerException", _BROKEN, 500)
    unavailable: Error | None = None
    stale: Error | None = None

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
        regions={"aws": "us-east-1"},
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
        regions={"aws": "us-east-1", "aws-us-gov": "us-gov-west-1"},
        invalid="InvalidInputException",
        reasons=_first_reason,
        throttled=Error(
            "TooManyRequestsException", "Too Many Requests", members={"Type": "RATE_LIMIT"}
        ),
        internal=Error("ServiceException", _BROKEN, 500),
    ),
    Service(
        name="resourcegroupstaggingapi",
        permission="tag",
        invalid="InvalidParameterException",
        throttled=Error("ThrottledException", "Rate exceeded"),
        internal=Error("InternalServiceException", _BROKEN, 500),
        stale=Error("PaginationTokenExpiredException", "The pagination token has expired."),
    ),
    Service(
        name="cloudtrail",
        invalid="InvalidParameterException",
        invalid_members={
            "maxResults": "InvalidMaxResultsException",
            "lookupAttributes": "InvalidLookupAttributesException",
            "eventCategory": "InvalidEventCategoryException",
        },
    ),
    Service(
        name="ce",
        regions={"aws": "us-east-1"},
        throttled=Error(
            "LimitExceededException",
            "You made too many calls in a short period of time. Try again later.",
        ),
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
