"""Filters in the address: a view can be shared as a link, and a link always shows what it says.

Streamlit's own binding keeps what was last chosen wherever a link names a default, so a link could
show more filters than it names. Here an address that names any filter of a page decides them all,
and one that names none leaves them as they were.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

Address = dict[str, str | list[str]]
"""What stands behind the ? of an address."""


@dataclass(frozen=True)
class Field:
    """One filter: its widget's key, what it may be (None: any text), and what it is at first.

    What it may be can hang on the filters before it: then `options` looks when it is called. What
    is at first what it is by chance, such as the first of a list, is written in the address
    `always`.
    """

    key: str
    options: Sequence[str] | Callable[[], Sequence[str]] | None = None
    first: str = ""
    many: bool = False
    always: bool = False

    @property
    def offered(self) -> Sequence[str] | None:
        """What it may be as things stand."""
        return self.options() if callable(self.options) else self.options

    def allowed(self, values: Sequence[str]) -> str | list[str]:
        """Return the values that may be, as the widget holds them, or else what it is at first."""
        options = self.offered
        kept = [v for v in dict.fromkeys(values) if options is None or v in options]
        if self.many:
            return kept
        return kept[-1] if kept else self.first


def arrive(page: str, fields: Sequence[Field]) -> None:
    """Set the page's filters as the address asks; call it before their widgets are made."""
    asked = _asked(fields)
    new = any(asked.values()) and not is_own(page, fields)
    for field in fields:
        before = _values(st.session_state.get(field.key))
        wanted = field.allowed(asked[field.key] if new else before)
        if st.session_state.get(field.key) != wanted:
            st.session_state[field.key] = wanted


def is_own(page: str, fields: Sequence[Field]) -> bool:
    """Whether the address says of the page's filters what `leave` has written there."""
    return _asked(fields) == st.session_state.get(f"address of {page}")


def leave(page: str, fields: Sequence[Field]) -> dict[str, list[str]]:
    """Return what is chosen, and write it into the address but for what is as at first.

    Call it after the widgets are made.
    """
    return leave_all({page: fields})


def leave_all(pages: Mapping[str, Sequence[Field]]) -> dict[str, list[str]]:
    """Do so for the filters of several pages at once.

    Whatever is written is one more press of the browser's Back: so all is written in one go, and an
    address that says the same already stays as it is.
    """
    chosen: dict[str, list[str]] = {}
    all_written: dict[str, list[str]] = {}
    for page, fields in pages.items():
        written = {}
        for field in fields:
            values = chosen[field.key] = _values(st.session_state[field.key])
            is_first = values == [field.first] and not field.always
            said = st.query_params.get_all(field.key)
            written[field.key] = [] if is_first and said != values else values
        st.session_state[f"address of {page}"] = written
        all_written |= written
    before = {key: st.query_params.get_all(key) for key in st.query_params}
    after = {key: values for key, values in (before | all_written).items() if values}
    if after != before:
        st.query_params.from_dict(after)
    return chosen


def _asked(fields: Sequence[Field]) -> dict[str, list[str]]:
    return {field.key: st.query_params.get_all(field.key) for field in fields}


def _values(value: "str | Sequence[str] | None") -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)
