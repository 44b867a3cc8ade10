"""An executor that loses a worker: the first task that is given to it takes its process with it."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import psutil


class Losing(Executor):
    """Another executor, whose first task ends the process that works at it, without a word."""

    def __init__(self, executor: Executor, mark: Path) -> None:
        """Say by a file that is made there that it has happened."""
        self._executor = executor
        self._mark = mark

    def submit(self, work: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        return self._executor.submit(lose_once, self._mark, work, *args, **options)


def lose_once(mark: Path, work: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """End this process, as a lost machine ends it, unless one was ended already; or do the work."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return work(*args, **options)
    psutil.Process().kill()
    raise AssertionError
