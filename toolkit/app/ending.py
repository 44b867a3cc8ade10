"""The end of the app: whatever works in it is told so, and waited for, but not for long.

Python takes threads away at its end, wherever they are. In the midst of native code, as Arrow's is,
that can hang the process for ever or abort it; so they are waited for. What has not ended then is
left as a kill would leave it: journal and store are made for that.
"""

import atexit
import os
import signal
import sys
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from functools import cache
from typing import Any, Final
from weakref import WeakSet

from streamlit import runtime

_PATIENCE: Final = 1.5
"""Seconds that what works in the background has for its end."""

_LONGEST: Final = 2.0
"""Seconds from the first signal to the end, come what may."""

_working: dict[threading.Thread, Callable[[], None]] = {}
_scripts: WeakSet[threading.Thread] = WeakSet()
_told = threading.Event()


def in_background(name: str, work: Callable[[], None], stop: Callable[[], None]) -> None:
    """Do work in a thread of its own; `stop` asks it to end in order, and is called at the end."""

    def work_and_forget() -> None:
        try:
            work()
        finally:
            del _working[thread]

    thread = threading.Thread(target=work_and_forget, name=name, daemon=True)
    _working[thread] = stop
    thread.start()


def wait_for_this_script() -> None:
    """Let the app wait at its end for the thread that runs a page; call it in every such run."""
    _scripts.add(threading.current_thread())
    _watch()


@cache
def _watch() -> None:
    """Hear of the signals that end the app, once in its life."""
    # Only the main thread may; it is the one that runs Streamlit's event loop. Where there is no
    # such loop, as in a test, the end is the usual one.
    running = runtime.get_instance() if runtime.exists() else None
    loop = getattr(getattr(running, "_async_objs", None), "eventloop", None)
    if isinstance(loop, AbstractEventLoop):
        loop.call_soon_threadsafe(_hear)


def _hear() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        _hear_one(number, signal.getsignal(number))


def _hear_one(number: signal.Signals, before: Any) -> None:
    def told(*about: Any) -> None:
        if not _told.is_set():
            _told.set()
            threading.Thread(target=_end_at_last, name="ending", daemon=True).start()
        before(*about)

    if callable(before):
        signal.signal(number, told)


def _end_at_last() -> None:
    """End the process, unless it has ended by itself until then."""
    _stop_all()
    time.sleep(_LONGEST)
    _leave()


@atexit.register
def _wait_for_all() -> None:
    """Wait for what works in the background; leave without what is still in the midst of something.

    A page that is being made for nobody is worth no wait where the process can be left so.
    """
    _stop_all()
    end = time.monotonic() + _PATIENCE
    working = list(_working)
    for thread in working if _told.is_set() else (*working, *_scripts):
        thread.join(max(0.0, end - time.monotonic()))
    if _told.is_set() and any(thread.is_alive() for thread in (*working, *_scripts)):
        _leave()


def _stop_all() -> None:
    for stop in list(_working.values()):
        stop()


def _leave() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)
