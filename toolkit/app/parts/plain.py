"""Text shown as the text it is: names and sentences that hold names never pass through Markdown.

Streamlit reads Markdown, icon codes and formulas in nearly everything it is given; a name such as
`:material/x:` or `$x$` would change its looks. So such text is escaped and shown as HTML.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import streamlit as st

from toolkit.text import printable

Tag = Literal["h1", "h2", "h3", "p", "small"]

_MARKED: Final = {"error": "alert", "notice": "status", "empty": "status"}
"""What a screen reader is told about each kind of message."""


def escaped(text: str) -> str:
    """Return untrusted text as HTML that shows it, on one line, and does nothing else."""
    return html.escape(printable(text))


def markdown(text: str) -> str:
    """Return untrusted text as Markdown that shows it and does nothing else, for a widget's help.

    A sentence of a policy file ends there, too.
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", printable(text))


def write(text: str, tag: Tag = "p", *, css: str = "") -> None:
    """Show one line of text; `css` names the classes that style.css knows."""
    st.html(f'<{tag} class="ap-{tag} {css}">{escaped(text)}</{tag}>')


def message(kind: Literal["error", "notice", "empty"], text: str, hint: str = "") -> None:
    """Show one sentence that says what is so, and under it what can be done about it."""
    below = f"<p>{escaped(hint)}</p>" if hint else ""
    st.html(
        f'<div class="ap-message ap-{kind}" role="{_MARKED[kind]}">'
        f"<strong>{escaped(text)}</strong>{below}</div>"
    )


def facts(rows: dict[str, str]) -> None:
    """Show names and values as a description list; a value may be any text."""
    items = "".join(
        f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>"
        for name, value in rows.items()
    )
    st.html(f'<dl class="ap-facts">{items}</dl>')


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Show a table to read, whose text wraps; a cell may be any text."""
    heads = "".join(f'<th scope="col">{escaped(text)}</th>' for text in head)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escaped(str(cell))}</td>' for cell in row)}</tr>" for row in rows
    )
    st.html(
        '<div class="ap-wide" tabindex="0"><table class="ap-compare">'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )
