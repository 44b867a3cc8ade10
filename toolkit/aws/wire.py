"""What may count as an answer of AWS: looked at before botocore makes one of it.

botocore takes a page of HTML for an answer without content, and falls over what is not built as
the service's model says. A sign-in page of a hotel's network, a proxy, or a server that cuts its
answers would then be taken for AWS. So the body of every answer is looked at first: it must be
JSON, or for sts XML, built as the model says.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from botocore.model import ListShape, OperationModel, Shape, StructureShape
from botocore.parsers import DEFAULT_TIMESTAMP_PARSER

_GOOD: Final = range(200, 300)
_REFUSED: Final = 400
_PROXY: Final = 407
_XML: Final = "query"
_PROTOCOLS: Final = frozenset({"json", "rest-json", _XML})
"""The protocols whose bodies are looked at here."""

_MONTHS: Final = re.findall("...", "JanFebMarAprMayJunJulAugSepOctNovDec")
_HTTP_TIME: Final = re.compile(
    r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII
)
_ISO_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)

_DECLARATION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_PAGE: Final = re.compile(rb"\s*<(!doctype html|html|head|body)", re.IGNORECASE)


class NoAnswer(Exception):  # noqa: N818 - it says what came instead of an answer
    """What came back is no answer of AWS; `is_page` says that it is a page for people."""

    def __init__(self, status: int, headers: Mapping[str, str], *, is_page: bool) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = headers
        self.is_page = is_page


def look_at_answers(client: Any) -> None:
    """Let every answer to this client be looked at first; what is none raises NoAnswer."""
    client.meta.events.register("before-parse", _look)


def read_time(value: Any) -> Any:
    """Return a time as botocore reads it; None where it cannot be one.

    What S3 writes is read here: each object has a time, and botocore takes long for one.
    """
    match = _HTTP_TIME.fullmatch(value) if isinstance(value, str) else None
    try:
        if match:
            day, month, year, hour, minute, second = match.groups()
            number = _MONTHS.index(month) + 1
            return datetime.fromisoformat(f"{year}-{number:02}-{day}T{hour}:{minute}:{second}Z")
        if isinstance(value, str) and _ISO_TIME.fullmatch(value):
            return datetime.fromisoformat(value)
        return DEFAULT_TIMESTAMP_PARSER(value)
    except (ValueError, TypeError, OverflowError, OSError, RuntimeError):
        return None


def lacks(answer: Mapping[str, Any], needed: Iterable[str]) -> bool:
    """Say whether an answer lacks a member that it cannot be without."""
    return any(answer.get(name) is None for name in needed)


def _look(operation_model: OperationModel, response_dict: Mapping[str, Any], **_: object) -> None:
    protocol = operation_model.service_model.resolved_protocol
    if protocol not in _PROTOCOLS:
        return
    status, headers = int(response_dict["status_code"]), response_dict["headers"]
    body: bytes = response_dict["body"] or b""
    is_good = status in _GOOD
    if (status < _REFUSED and not is_good) or status == _PROXY:
        # AWS sends nobody elsewhere, and asks nobody to log in to a proxy.
        raise NoAnswer(status, headers, is_page=True)
    if protocol == _XML:
        readable = _is_xml(body)
    elif not body and not is_good:
        readable = "x-amzn-errortype" in headers
    else:
        readable = _is_json(body, operation_model.output_shape if is_good else None)
    if not readable:
        raise NoAnswer(status, headers, is_page=bool(_PAGE.match(body)))


def _is_json(body: bytes, shape: Shape | None) -> bool:
    """Say whether this is a JSON object, and one that is built as the shape says."""
    try:
        value = json.loads(body.decode())
        return isinstance(value, dict) and (shape is None or _fits(value, shape))
    except (ValueError, RecursionError):
        return False


def _fits(value: Any, shape: Shape) -> bool:
    """Say whether structures and lists are where the shape has them; a leaf is not looked at."""
    if isinstance(shape, StructureShape):
        return isinstance(value, dict) and all(
            _fits(part, member)
            for name, member in shape.members.items()
            if (part := value.get(member.serialization.get("name", name))) is not None
        )
    if isinstance(shape, ListShape):
        return isinstance(value, list) and all(
            one is not None and _fits(one, shape.member) for one in value
        )
    return True


def _is_xml(body: bytes) -> bool:
    """Say whether this is an answer in XML, and no page; what declares entities is not read."""
    if _DECLARATION.search(body):
        return False
    try:
        return ET.fromstring(body).tag.rpartition("}")[2].endswith("Response")  # noqa: S314 - without entities
    except ET.ParseError:
        return False
