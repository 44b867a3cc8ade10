"""AWS's protocols: reads a request into a call, dresses an answer or an error for its client.

Account speaks REST JSON (and, as its reference page's samples do, JSON by target), Organizations
JSON 1.1, WorkSpaces JSON 1.1 and RPC v2 CBOR, and STS the query protocol with XML.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import Message
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import cbor2
from botocore.model import Shape

from toolkit.emulator.refusals import Refusal, malformed
from toolkit.emulator.shapes import service_model

_ACCOUNT_PATHS = {
    "/getGovCloudAccountInformation": "GetGovCloudAccountInformation",
    "/getAccountInformation": "GetAccountInformation",
}
_TARGETS = {
    "AWSAccountV20210201": "account",
    "AWSOrganizationsV20161128": "organizations",
    "WorkspacesService": "workspaces",
}
_CBOR_PATH = ["service", "WorkspacesService", "operation"]
_STS_VERSION = "2011-06-15"


class Answer(NamedTuple):
    """What goes back over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class Protocol:
    """JSON in its two AWS forms; the base of the others."""

    def __init__(self, service: str, content_type: str, *, types_in_body: bool) -> None:
        self.service = service
        self._content_type = content_type
        self._types_in_body = types_in_body

    def read(self, body: bytes, shape: Shape | None) -> dict[str, Any]:
        """Read the parameters of a call: null counts as left out, unknown members are ignored."""
        if not body or shape is None:
            return {}
        try:
            params = self._decode(body)
        except (ValueError, RecursionError, EOFError, OverflowError, TypeError) as error:
            raise malformed("The request body could not be read.") from error
        if not isinstance(params, dict):
            raise malformed("The request body is not a structure.")
        members: Mapping[str, Any] = getattr(shape, "members", {})
        return {name: params[name] for name in members if params.get(name) is not None}

    def answer(self, output: dict[str, Any], operation: str) -> Answer:  # noqa: ARG002 - XML's
        """Dress an operation's output."""
        return Answer(200, self._headers(), self._encode(output))

    def refuse(self, refusal: Refusal) -> Answer:
        """Dress an error."""
        capital = "Message" in _error_members(self.service, refusal.code)
        body = {"Message" if capital else "message": refusal.message, **refusal.members}
        if self._types_in_body:
            body = {"__type": refusal.code, **body}
        headers = {**self._headers(), "x-amzn-ErrorType": refusal.code}
        return Answer(status_of(self.service, refusal), headers, self._encode(body))

    def unknown_operation(self) -> Refusal:
        """Say that there is no such operation."""
        return Refusal("UnknownOperationException", "", status=400 if self._types_in_body else 404)

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": self._content_type, "x-amzn-RequestId": str(uuid.uuid4())}

    def _encode(self, value: dict[str, Any]) -> bytes:
        when = _epoch_seconds if self._types_in_body else _iso_time
        return json.dumps(value, default=when, separators=(",", ":")).encode()

    def _decode(self, body: bytes) -> object:
        return json.loads(body)


class CborProtocol(Protocol):
    """Smithy's RPC v2 with CBOR bodies."""

    def __init__(self, service: str) -> None:
        super().__init__(service, "application/cbor", types_in_body=True)

    def unknown_operation(self) -> Refusal:
        """Say that there is no such operation."""
        return Refusal("UnknownOperationException", "", status=404)

    def _headers(self) -> dict[str, str]:
        return {**super()._headers(), "smithy-protocol": "rpc-v2-cbor"}

    def _encode(self, value: dict[str, Any]) -> bytes:
        return cbor2.dumps(value)

    def _decode(self, body: bytes) -> object:
        try:
            return cbor2.loads(body)
        except cbor2.CBORDecodeError as error:
            raise ValueError from error


class QueryProtocol(Protocol):
    """Forms in, XML out."""

    def __init__(self) -> None:
        super().__init__("sts", "text/xml", types_in_body=False)
        self._space = service_model("sts").metadata["xmlNamespace"]

    def read(self, body: bytes, shape: Shape | None) -> dict[str, Any]:
        """Read the parameters of a call that are plain values."""
        form = read_form(body)
        members: Mapping[str, Any] = getattr(shape, "members", {})
        return {
            name: _number(name, form[name]) if part.type_name == "integer" else form[name]
            for name, part in members.items()
            if name in form
        }

    def answer(self, output: dict[str, Any], operation: str) -> Answer:
        """Dress an operation's output."""
        headers = self._headers()
        text = (
            f'<{operation}Response xmlns="{self._space}"><{operation}Result>{_xml(output)}'
            f"</{operation}Result><ResponseMetadata><RequestId>{headers['x-amzn-RequestId']}"
            f"</RequestId></ResponseMetadata></{operation}Response>"
        )
        return Answer(200, headers, text.encode())

    def refuse(self, refusal: Refusal) -> Answer:
        """Dress an error."""
        headers = self._headers()
        status = status_of("sts", refusal)
        kind = "Sender" if status < 500 else "Receiver"  # noqa: PLR2004 - HTTP's own line
        error = {"Type": kind, "Code": refusal.code, "Message": refusal.message}
        text = (
            f'<ErrorResponse xmlns="{self._space}"><Error>{_xml(error)}</Error>'
            f"<RequestId>{headers['x-amzn-RequestId']}</RequestId></ErrorResponse>"
        )
        return Answer(status, headers, text.encode())

    def unknown_operation(self) -> Refusal:
        """Say that there is no such operation."""
        message = f"Could not find operation for version {_STS_VERSION}"
        return Refusal("InvalidAction", message, status=400)


REST_JSON = Protocol("account", "application/json", types_in_body=False)
_BY_TARGET = {
    "account": REST_JSON,
    "organizations": Protocol("organizations", "application/x-amz-json-1.1", types_in_body=True),
    "workspaces": Protocol("workspaces", "application/x-amz-json-1.1", types_in_body=True),
}
_CBOR = CborProtocol("workspaces")


def route(method: str, path: str, headers: Message, body: bytes) -> tuple[Protocol, str | None]:
    """Find the protocol and the name of the operation that a request asks for."""
    path = path.partition("?")[0]
    if method != "POST":
        return REST_JSON, None
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        *above, operation = path.strip("/").split("/")
        return _CBOR, operation if above == _CBOR_PATH else None
    if path != "/":
        return REST_JSON, _ACCOUNT_PATHS.get(path)
    if "x-www-form-urlencoded" in headers.get("Content-Type", ""):
        form = read_form(body)
        return _query(), form.get("Action") if form.get("Version") == _STS_VERSION else None
    prefix, _, target = headers.get("X-Amz-Target", "").partition(".")
    if prefix in _TARGETS:
        return _BY_TARGET[_TARGETS[prefix]], target
    return _BY_TARGET["organizations"] if prefix else REST_JSON, None


def status_of(service: str, refusal: Refusal) -> int:
    """Give the HTTP status of an error: its own, else its shape's, else its protocol's."""
    if refusal.status is not None:
        return refusal.status
    shape = _error_shape(service, refusal.code)
    modelled = {} if shape is None else shape.metadata.get("error", {})
    return int(modelled.get("httpStatusCode", 400))


def read_form(body: bytes) -> dict[str, str]:
    """Read a form's fields; what is no form has none."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return {}


@cache
def _query() -> QueryProtocol:
    return QueryProtocol()


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Refusal("MalformedInput", f"{name} is not a number.", status=400) from error


def _error_shape(service: str, code: str) -> Shape | None:
    model = service_model(service)
    # WorkSpaces' model gives no statuses and AWS answers all its errors with 400
    return model.shape_for(code) if service != "workspaces" and code in model.shape_names else None


def _error_members(service: str, code: str) -> Mapping[str, Any]:
    return getattr(_error_shape(service, code), "members", {})


def _epoch_seconds(value: object) -> float:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no place in an answer")
    return value.timestamp()


def _iso_time(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} has no place in an answer")
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _xml(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(part)}</{name}>" for name, part in value.items())
    return escape(_iso_time(value) if isinstance(value, datetime) else str(value))
