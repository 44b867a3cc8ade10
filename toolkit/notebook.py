"""Jupyter: whether this is a notebook, and one output in it that is replaced in place."""

import sys
from typing import Any


def in_notebook() -> bool:
    """Say whether this code runs in a Jupyter kernel."""
    ipython = sys.modules.get("IPython")
    return hasattr(ipython.get_ipython(), "kernel") if ipython else False


class InPlace:
    """A file that shows the line written last, where a stream would add line after line.

    An exported page then shows the end of a progress bar, not its every step.
    """

    encoding = "utf-8"

    def __init__(self) -> None:
        self._output: Any = None

    def write(self, text: str) -> int:
        """Show the text in place of the one before; what is blank changes nothing."""
        from IPython.display import display  # noqa: PLC0415 - only a notebook gets here

        line = {"text/plain": text.strip("\r\n")}
        if not line["text/plain"].strip():
            return len(text)
        if self._output is None:
            self._output = display(line, raw=True, display_id=True)  # type: ignore[no-untyped-call] # IPython has few types
        else:
            self._output.update(line, raw=True)
        return len(text)

    def flush(self) -> None:
        """Do nothing: what is written is shown at once."""
