"""Several organizations side by side, each with its own pace, journal and snapshot."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final, Literal

from toolkit.aws import Aws
from toolkit.errors import ToolkitError
from toolkit.runs.progress import Report, bars
from toolkit.runs.run import collect, stopping_on_signal
from toolkit.store import Address, Snapshot

_MOMENT: Final = 0.25  # s


def collect_all(
    connections: Sequence[Aws],
    store: Address = "snapshots",
    *,
    progress: Report | Literal["auto"] | None = "auto",
    stop: threading.Event | None = None,
    **options: Any,
) -> list[Snapshot]:
    """Collect every connection's organization at the same time; return one snapshot each.

    `options` are those of `collect` and count for each. One that fails does not end the others;
    when all have ended, its error is raised, which names its profile.
    """
    if len(connections) == 1:
        return [collect(connections[0], store, progress=progress, stop=stop, **options)]
    stop = stop or threading.Event()
    ended: list[Snapshot | BaseException | None] = [None] * len(connections)
    with ExitStack() as stack:
        stack.enter_context(stopping_on_signal(stop))
        report = stack.enter_context(bars()) if progress == "auto" else progress

        def run(place: int, aws: Aws) -> None:
            try:
                ended[place] = collect(aws, store, progress=report, stop=stop, **options)
            except BaseException as error:  # noqa: BLE001 - a boundary: raised again below
                ended[place] = error

        threads = [
            threading.Thread(target=run, args=(place, aws), name=f"toolkit-run-{place}")
            for place, aws in enumerate(connections)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_MOMENT)  # on Windows nothing interrupts one without an end
    for aws, result in zip(connections, ended, strict=True):
        if isinstance(result, ToolkitError):
            name = f"Profile '{aws.profile}'" if aws.profile else "The default profile"
            done = sum(isinstance(other, Snapshot) for other in ended)
            raise type(result)(
                f"{name}: {result.message} {done} of {len(ended)} collections ended well.",
                result.hint,
            ) from result
        if isinstance(result, BaseException):
            raise result
    return [result for result in ended if isinstance(result, Snapshot)]
