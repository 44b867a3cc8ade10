"""How AWS says no: the errors that the emulator answers with, before any protocol dresses them."""

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.emulator.services import Service
from toolkit.emulator.shapes import Violation


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of the emulator
    """An error answer: AWS's code and message, and what else its shape has.

    `status` is left out where the service's model or its protocol tells it.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.members = dict(members or {})


def invalid(service: Service, found: Sequence[Violation]) -> Refusal:
    """Say which constraints a request does not meet, as its service would."""
    noun = "error" if len(found) == 1 else "errors"
    sentences = "; ".join(violation.message for violation in found)
    message = f"{len(found)} validation {noun} detected: {sentences}"
    code = service.invalid_members.get(found[0].member.partition(".")[0], service.invalid)
    return Refusal(code, message, members=service.reasons(found))


def malformed(message: str = "") -> Refusal:
    """Say that a body cannot be read at all."""
    return Refusal("SerializationException", message, 400)


def denied(caller_arn: str, service: Service, operation: str, why: str = "") -> Refusal:
    """Say that the caller may not do this."""
    action = f"{service.permission or service.name}:{operation}"
    sentence = f"User: {caller_arn} is not authorized to perform: {action}"
    sentence += f" ({why})" if why else ""
    return Refusal(service.denied.code, sentence, service.denied.status)


def unrecognized(service: Service) -> Refusal:
    """Say that nobody has this access key."""
    message = "The security token included in the request is invalid."
    return Refusal(service.unrecognized, message, service.credentials_status)


def expired(service: Service) -> Refusal:
    """Say that the credentials' time is over."""
    message = "The security token included in the request is expired"
    return Refusal(service.expired, message, service.credentials_status)
