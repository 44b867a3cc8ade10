"""What came over the wire, as far as it may be written down: its form, and no word that names."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import cbor2

from toolkit.text import redacted

_WORD = re.compile("[A-Z][A-Z_]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_MEANT = {"message", "Message", "__type", "code"}


@dataclass(frozen=True)
class Reading:
    """One answer: how it ended, and the form of its body (member by member, what kind of value)."""

    status: int
    code: str
    content_type: str
    body: Any

    @property
    def key(self) -> str:
        """What two answers must have in common to be compared: how they ended."""
        return self.code or "answered"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read(status: int, headers: Mapping[str, str], body: bytes) -> Reading:
    """Read one answer off the wire."""
    low = {name.lower(): value for name, value in headers.items()}
    kind = low.get("content-type", "").partition(";")[0]
    value: Any = _decoded(body, kind)
    code = low.get("x-amzn-errortype", "").partition(":")[0]
    if not code and isinstance(value, dict):
        code = str(value.get("__type") or value.get("code") or "").rpartition("#")[2]
    if not code and kind == "text/xml":
        found = re.search(rb"<Code>(\w+)</Code>", body)
        code = found[1].decode() if found else ""
    return Reading(status, code if status >= 400 else "", kind, form(value))


def _decoded(body: bytes, kind: str) -> Any:
    try:
        if kind == "application/cbor":
            return cbor2.loads(body)
        if "json" in kind:
            return json.loads(body or b"{}")
    except (ValueError, cbor2.CBORDecodeError):
        return "unreadable"
    names = re.findall(rb"<(\w+)[ >]", body)
    return {name.decode(): "xml" for name in names}


def form(value: Any, name: str = "") -> Any:
    """Return the form of a value: its members and their kinds; AWS's own words stay words."""
    if isinstance(value, Mapping):
        return {key: form(value[key], key) for key in sorted(value) if "NextToken" not in key}
    if isinstance(value, list):
        return [merged(form(item, name) for item in value)] if value else []
    if not isinstance(value, str):
        return type(value).__name__
    if name in _MEANT:
        return redacted(value)
    known = ((r"\d{12}", "12 digits"), (_TIME, "time"), (_WORD, value))
    return next((kind for pattern, kind in known if re.fullmatch(pattern, value)), "text")


def merged(forms: Iterable[Any]) -> Any:
    """Return one form for all items of a list: every member that any has."""
    seen = list(forms)
    if seen and all(isinstance(one, dict) for one in seen):
        names = sorted({name for one in seen for name in one})
        return {name: merged(one[name] for one in seen if name in one) for name in names}
    words = sorted({one for one in seen if isinstance(one, str)})
    return " | ".join(words) if words else next(iter(seen), None)


def differences(real: Reading, emulated: Reading) -> list[str]:
    """Say in what an answer differs from the emulator's that ended alike, values apart."""
    said = []
    for what in ("status", "content_type"):
        ours, theirs = getattr(emulated, what), getattr(real, what)
        if ours != theirs:
            said.append(f"{what} is {theirs}, the emulator's {ours}")
    return said + list(_apart(real.body, emulated.body, "body"))


def _apart(real: Any, ours: Any, at: str) -> Iterable[str]:
    if isinstance(real, dict) and isinstance(ours, dict):
        for name in sorted(real.keys() | ours.keys()):
            if name not in ours:
                yield f"{at}.{name} is not in the emulator's answer"
            elif name not in real:
                yield f"{at}.{name} is in the emulator's answer alone"
            else:
                yield from _apart(real[name], ours[name], f"{at}.{name}")
    elif isinstance(real, list) and isinstance(ours, list):
        if real and ours:
            yield from _apart(real[0], ours[0], f"{at}[]")
    elif _kind(real) != _kind(ours):
        yield f"{at} is {_kind(real)}, the emulator's {_kind(ours)}"


def _kind(value: Any) -> str:
    """Return the kind of a form: whatever text is text, since values may differ."""
    if isinstance(value, str):
        return value if value in {"int", "float", "bool", "NoneType", "xml", "time"} else "text"
    return type(value).__name__
