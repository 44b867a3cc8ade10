"""Making the demo organization at the first start, while any number of tabs watch.

It is made in a thread of its own: leaving the page or the tab does not stop it, and what a stopped
app left half done the next start completes. The first day that is there is shown at once.
"""

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

import pandas as pd
import streamlit as st

from toolkit.app import ending
from toolkit.app.parts import plain
from toolkit.demo import ACCOUNTS, WEEKS, folder, is_complete, make
from toolkit.titles import day

_STARTING: Final = "Starting the local AWS endpoint"
_LOOK: Final = 0.1
"""Seconds between two looks at how far the making is, while nothing else is to be seen."""
_ANEW: Final = 1.0
"""Seconds between two such looks beside a page."""


@dataclass
class Making:
    """A demo that is being made: what its thread has done so far."""

    done: float = 0.0
    day: date | None = None
    error: BaseException | None = None
    asked_to_stop: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def doing(self) -> str:
        """What is going on, in words."""
        return f"Collecting {day(pd.Timestamp(self.day))}" if self.day else _STARTING

    def tell(self, day: date, done: float) -> None:
        """Note the day that is being collected, and the share of all days that is done."""
        self.day, self.done = day, done


def complete() -> None:
    """Make what the demo lacks, showing how far it is, until there is a day to look at.

    The other days are made behind the page, which says so and begins anew with the last of them.
    Raises whatever stopped the making; the next run tries again.
    """
    store = folder()
    if is_complete(store):
        return
    making = _making(str(store))
    if making.ended.is_set():
        _end(making)
    if making.done:
        with st.container(key="demo-making"):
            _tell_of_the_others(making)
        return
    plain.write("Making the demo organization", "h1")
    plain.write(
        f"The first start invents an organization of {ACCOUNTS} accounts and collects it over HTTP"
        f" from a local stand-in for AWS, as on {WEEKS} past days. Nothing leaves this machine."
    )
    with st.container(key="demo-making"):
        bar = st.progress(0.0, text=_STARTING)
        while not making.ended.wait(_LOOK) and not making.done:
            bar.progress(0.0, text=making.doing)
    st.rerun()


@st.fragment(run_every=_ANEW)
def _tell_of_the_others(making: Making) -> None:
    if making.ended.is_set():
        st.rerun()
    st.progress(
        making.done,
        text=f"{making.doing}: the demo's other days are still being made; the newest will be shown"
        " once it is there.",
    )


def _end(making: Making) -> NoReturn:
    """Forget a making that is over; raises what stopped it, else the page begins anew."""
    _making.clear()
    if making.error:
        raise making.error
    st.rerun()


@st.cache_resource(show_spinner=False)
def _making(store: str) -> Making:
    making = Making()
    ending.in_background("demo", partial(_run, Path(store), making), making.asked_to_stop.set)
    return making


def _run(store: Path, making: Making) -> None:
    try:
        today = datetime.now(UTC).date()
        make(store, today=today, told=making.tell, stop=making.asked_to_stop)
    except BaseException as error:  # noqa: BLE001 - kept, and raised where the page waits for it
        making.error = error
    finally:
        making.ended.set()
