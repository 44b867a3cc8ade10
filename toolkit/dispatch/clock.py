"""The time, and waiting in it: real, or in a test any other."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.dispatch.crew import Crew


class Clock:
    """The time: seconds that only grow, the time of day, and waiting for an answer.

    With `start`, its time of day begins there instead of now; it passes all the same.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = start - datetime.now(UTC) if start else timedelta(0)

    def monotonic(self) -> float:
        """Return seconds from some fixed moment."""
        return time.monotonic()

    def now(self) -> datetime:
        """Return the time of day, UTC."""
        return datetime.now(UTC) + self._offset

    def receive(self, crew: Crew, seconds: float) -> tuple[Any, object]:
        """Return the crew's next answer, waiting that long for it; raises queue.Empty then."""
        return crew.inbox.get(timeout=seconds)
