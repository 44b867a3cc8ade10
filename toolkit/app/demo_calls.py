"""The demo organization asked here and now, and collected as it is today.

An emulator inside this process answers: for questions one that stays, for a collection one of its
own, with a quota that makes the collection's progress something to see.
"""

import os
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import streamlit as st

from toolkit import demo
from toolkit.app.runs import Work
from toolkit.aws import Aws, connect_local
from toolkit.emulator import Emulator
from toolkit.runs import Progress, collect
from toolkit.store import Snapshot

_QUOTA: Final = 60.0
_BURST: Final = 5.0


def quota() -> float:
    """Return the calls a second that the demo grants to a collection; ACCOUNT_PAIRS_DEMO_RATE."""
    try:
        return max(0.1, float(os.environ.get("ACCOUNT_PAIRS_DEMO_RATE", _QUOTA)))
    except ValueError:
        return _QUOTA


def connection(store: Path, taken: datetime) -> Aws:
    """Return the way to the demo organization as it was when a snapshot of the store was taken."""
    return _answering(demo.day_of(store, taken))[1]


def collection(store: Path) -> Work:
    """Return what collects the demo organization as it is today."""

    def work(
        progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool
    ) -> Snapshot:
        now = datetime.now(UTC)
        with demo.emulator(demo.day_of(store, now), now.date()) as emulator:
            emulator.change(rate=quota(), burst=_BURST)
            with closing(connect_local(emulator.url)) as aws:
                return collect(
                    aws,
                    store,
                    link_regions=demo.REGIONS,
                    govcloud=demo.connect_govcloud(emulator.url),
                    sources=demo.SOURCES,
                    fresh=fresh,
                    progress=progress,
                    stop=stop,
                )

    return work


def _release(answering: tuple[Emulator, Aws]) -> None:
    emulator, aws = answering
    aws.close()
    emulator.stop()


@st.cache_resource(max_entries=2, show_spinner=False, on_release=_release)
def _answering(day: date) -> tuple[Emulator, Aws]:
    emulator = demo.emulator(day).start()
    return emulator, connect_local(emulator.url)
