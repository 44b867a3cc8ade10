"""Work on an executor: any of `concurrent.futures`, Dask's included, or two threads of our own."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from typing import Final, TypeVar, TypeVarTuple

THREADS: Final = 2
"""How many work at once where no executor is given: so many organizations are in memory."""

_Given = TypeVarTuple("_Given")
_Made = TypeVar("_Made")


def each(
    executor: Executor | None,
    work: Callable[[*_Given], _Made],
    calls: Iterable[tuple[*_Given]],
    *,
    threads: int = THREADS,
) -> list[_Made]:
    """Return what the work makes of each call, in their order; the first error ends it all.

    The work is a function of a module, and what it takes and gives can be pickled, so that other
    processes and machines can do it. An executor that was given is not shut down.
    """
    own = ThreadPoolExecutor(threads, "fleet") if executor is None else nullcontext(executor)
    with own as chosen:
        begun = [chosen.submit(work, *call) for call in calls]
        try:
            for one in as_completed(begun):
                one.result()
            return [one.result() for one in begun]
        finally:
            for one in begun:
                one.cancel()
