"""How long tests wait for what must come: long enough for any machine, for who waits never long."""

import time
from collections.abc import Callable
from typing import Final

LONG: Final = 180.0
"""Seconds after which what has not come never will; nothing that comes is waited for so long."""

SOON: Final = 0.01
"""Seconds between two looks."""


def until(is_so: Callable[[], object], told: Callable[[], str] = lambda: "") -> None:
    """Wait until it is so; where it never is, fail with what there is to be told."""
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end, f"It did not come. {told()}"
        time.sleep(SOON)
