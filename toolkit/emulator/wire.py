"""AWS's protocols: reads a request into a call, dresses an answer or an error for its client.

Which of them a service speaks, and by what a request names it and its operation, is in botocore's
model: in REST a path, in JSON 1.1 the header X-Amz-Target, in RPC v2 CBOR a path of Smithy's own,
in the query protocol, which answers in XML, a form's Version and Action.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import Message
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import cbor2
from botocore.model import Shape, StructureShape

from toolkit.emulator.refusals import Refusal, malformed
from toolkit.emulator.services import SERVICES, Service


class Answer(NamedTuple):
    """What goes back over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class Protocol:
    """JSON over REST; the base of the others."""

    content_type = "application/json"
    types_in_body = False

    def __init__(self, service: Service) -> None:
        self.service = service

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
        shape = self._error_shape(refusal.code)
        capital = shape is not None and "Message" in shape.members
        body = {"Message" if capital else "message": refusal.message, **refusal.members}
        if self.types_in_body:
            body = {"__type": refusal.code, **body}
        headers = {**self._headers(), "x-amzn-ErrorType": refusal.code}
        return Answer(self._status_of(refusal), headers, self._encode(body))

    def unknown_operation(self) -> Refusal:
        """Say that there is no such operation."""
        return Refusal("UnknownOperationException", "", 404)

    def _status_of(self, refusal: Refusal) -> int:
        """Give the HTTP status of an error: its own, else its shape's, else its protocol's."""
        if refusal.status is not None:
            return refusal.status
        shape = self._error_shape(refusal.code)
        modelled = {} if shape is None else shape.metadata.get("error", {})
        return int(modelled.get("httpStatusCode", 400))

    def _error_shape(self, code: str) -> StructureShape | None:
        model = self.service.model
        return model.shape_for(code) if code in model.shape_names else None

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": self.content_type, "x-amzn-RequestId": str(uuid.uuid4())}

    def _encode(self, value: dict[str, Any]) -> bytes:
        when = _epoch_seconds if self.types_in_body else _iso_time
        return json.dumps(value, default=when, separators=(",", ":")).encode()

    def _decode(self, body: bytes) -> object:
        return json.loads(body)


class RpcProtocol(Protocol):
    """JSON by target."""

    types_in_body = True

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.content_type = f"application/x-amz-json-{service.model.metadata['jsonVersion']}"

    def unknown_operation(self) -> Refusal:
        """Say that there is no such operation."""
        return Refusal("UnknownOperationException", "", 400)


class CborProtocol(Protocol):
    """Smithy's RPC v2 with CBOR bodies."""

    content_type = "application/cbor"
    types_in_body = True

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

    content_type = "text/xml"

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._space = service.model.metadata["xmlNamespace"]

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
        status = self._status_of(refusal)
        kind = "Sender" if status < 500 else "Receiver"  # noqa: PLR2004 - HTTP's own line
        error = {"Type": kind, "Code": refusal.code, "Message": refusal.message}
        text = (
            f'<ErrorResponse xmlns="{self._space}"><Error>{_xml(error)}</Error>'
            f"<RequestId>{headers['x-amzn-RequestId']}</RequestId></ErrorResponse>"
        )
        return Answer(status, headers, text.encode())

    def unknown_operation(self) -> Refusal:
        """Say that there is no such operation."""
        message = f"Could not find operation for version {self.service.model.api_version}"
        return Refusal("InvalidAction", message, 400)


_PROTOCOLS: dict[str, Callable[[Service], Protocol]] = {
    "rest-json": Protocol,
    "json": RpcProtocol,
    "smithy-rpc-v2-cbor": CborProtocol,
    "query": QueryProtocol,
}


class Routes(NamedTuple):
    """By what a request names its service and operation; `default` by protocol is who says no."""

    default: dict[str, Protocol]
    operations: dict[str, tuple[Protocol, str]]  # by path, in REST
    targets: dict[str, Protocol]  # by the prefix of X-Amz-Target
    folders: dict[str, Protocol]  # by the path above an operation, in CBOR
    versions: dict[str, Protocol]  # of query services


@cache
def routes() -> Routes:
    """Read from every service's model by what requests name it and its operations."""
    found = Routes({}, {}, {}, {}, {})
    for service in SERVICES.values():
        model = service.model
        for kind in model.metadata["protocols"]:
            protocol = _PROTOCOLS[kind](service)
            found.default.setdefault(kind, protocol)
            if kind == "query":
                found.versions[model.api_version] = protocol
            elif kind == "smithy-rpc-v2-cbor":
                found.folders[f"service/{service.target_prefix}/operation"] = protocol
            elif service.target_prefix:
                found.targets[_without_namespace(service.target_prefix)] = protocol
            if kind == "rest-json":
                for name in model.operation_names:
                    path = model.operation_model(name).http["requestUri"]
                    found.operations[path] = protocol, name
    return found


def route(method: str, path: str, headers: Message, body: bytes) -> tuple[Protocol, str | None]:
    """Find the protocol and the name of the operation that a request asks for."""
    known = routes()
    path = path.partition("?")[0]
    nowhere = known.default["rest-json"], None
    if method != "POST":
        return nowhere
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        folder, _, operation = path.strip("/").rpartition("/")
        named = known.folders.get(folder)
        return (named, operation) if named else (known.default["smithy-rpc-v2-cbor"], None)
    if path != "/":
        return known.operations.get(path, nowhere)
    target = headers.get("X-Amz-Target", "")
    # `curl -d` calls everything a form, also JSON
    is_json = target or body.lstrip().startswith(b"{")
    if not is_json and "x-www-form-urlencoded" in headers.get("Content-Type", ""):
        form = read_form(body)
        named = known.versions.get(form.get("Version", ""))
        return (named, form.get("Action")) if named else (known.default["query"], None)
    prefix, _, operation = target.rpartition(".")  # no operation has a dot, and some prefixes have
    named = known.targets.get(_without_namespace(prefix))
    if named:
        return named, operation
    return (known.default["json"], None) if target.partition(".")[0] else nowhere


def _without_namespace(prefix: str) -> str:
    """Give a target's prefix as newer SDKs send it: without what some models have before a dot."""
    return prefix.rpartition(".")[2]


def read_form(body: bytes) -> dict[str, str]:
    """Read a form's fields; what is no form has none."""
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return {}


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Refusal("MalformedInput", f"{name} is not a number.", 400) from error


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
