"""How AWS says no: the errors that the emulator answers with, before any protocol dresses them."""

from collections.abc import Mapping
from typing import Any

from toolkit.emulator.shapes import Violation


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of the emulator
    """An error answer: AWS's code and message, and what else its shape has.

    `status` is left out where the service's model or its protocol tells it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.members = dict(members or {})


# What each service answers to a value outside its model's constraints.
_REASONS = {
    "required": "INPUT_REQUIRED",
    "pattern": "INVALID_PATTERN",
    "enum": "INVALID_ENUM",
    "min length": "MIN_LENGTH_EXCEEDED",
    "max length": "MAX_LENGTH_EXCEEDED",
    "min value": "MIN_VALUE_EXCEEDED",
    "max value": "MAX_VALUE_EXCEEDED",
}


def invalid(service: str, found: list[Violation]) -> Refusal:
    """Say which constraints a request does not meet, as its service would."""
    noun = "error" if len(found) == 1 else "errors"
    sentences = "; ".join(violation.message for violation in found)
    message = f"{len(found)} validation {noun} detected: {sentences}"
    if service == "account":
        fields = [{"name": v.member, "message": v.message} for v in found]
        members = {"reason": "fieldValidationFailed", "fieldList": fields}
        return Refusal("ValidationException", message, members=members)
    if service == "organizations":
        return Refusal(
            "InvalidInputException", message, members={"Reason": _REASONS[found[0].rule]}
        )
    if service == "sts":
        return Refusal("ValidationError", message)
    return Refusal("ValidationException", message)


def malformed(message: str = "") -> Refusal:
    """Say that a body cannot be read at all."""
    return Refusal("SerializationException", message, status=400)


def throttled(service: str) -> Refusal:
    """Say that calls come too fast."""
    if service in {"workspaces", "sts"}:
        code = "ThrottlingException" if service == "workspaces" else "Throttling"
        return Refusal(code, "Rate exceeded", status=400)
    members = {"Type": "RATE_LIMIT"} if service == "organizations" else {}
    return Refusal("TooManyRequestsException", "Too Many Requests", members=members)


def denied(caller_arn: str, service: str, operation: str, why: str = "") -> Refusal:
    """Say that the caller may not do this."""
    sentence = f"User: {caller_arn} is not authorized to perform: {service}:{operation}"
    sentence += f" ({why})" if why else ""
    code = "AccessDenied" if service == "sts" else "AccessDeniedException"
    return Refusal(code, sentence, status=403 if service == "sts" else None)


def internal(service: str) -> Refusal:
    """Say that something broke inside AWS."""
    code = {"organizations": "ServiceException", "sts": "InternalFailure"}
    return Refusal(
        code.get(service, "InternalServerException"),
        "The operation failed because of an error internal to AWS. Try your operation again later.",
        status=500 if service in {"organizations", "sts"} else None,
    )


def unavailable(service: str) -> Refusal:
    """Say that what is asked about is not available now."""
    if service != "account":
        return internal(service)
    return Refusal(
        "ResourceUnavailableException",
        "The operation failed because it specified a resource that is not currently available.",
    )
