"""The emulator in a process of its own, so that it takes no time from what is measured."""

import multiprocessing
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from toolkit.emulator import Emulator, Switches, make_organization

LOOK_UP = "GetGovCloudAccountInformation"
ACCESS = {"AWS_ACCESS_KEY_ID": "management", "AWS_SECRET_ACCESS_KEY": "demo"}


@dataclass(frozen=True)
class Counted:
    """What the server has counted of the look-ups."""

    calls: int
    throttled: int
    accounts_answered: int
    answers: int
    halved_at: int | None  # calls let through when the quota was halved

    @property
    def granted(self) -> int:
        """Calls that the quota let through, those that then failed included."""
        return self.calls - self.throttled


@dataclass
class Endpoint:
    """An emulator over so many `accounts`, the other options being its switches.

    `halve_at` halves its quota after so many granted calls.
    """

    options: dict[str, Any]
    halve_at: int | None = None
    url: str = field(default="", init=False)

    def __enter__(self) -> Self:
        """Start it and wait until it answers."""
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(there, self.options, self.halve_at), daemon=True
        )
        self._process.start()
        self.url, self.account_ids = self._here.recv()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self._here.send("stop")
        self._process.join()

    def counted(self) -> Counted:
        """Ask what it has counted so far."""
        self._here.send("count")
        counted: Counted = self._here.recv()
        return counted


def _serve(there: Connection, options: dict[str, Any], halve_at: int | None) -> None:
    switches = {name: value for name, value in options.items() if name != "accounts"}
    with Emulator(make_organization(options["accounts"]), Switches(**switches)) as emulator:
        halved: list[int] = []
        if halve_at is not None:
            threading.Thread(
                target=_halve, args=(emulator, options["rate"], halve_at, halved), daemon=True
            ).start()
        there.send((emulator.url, [pair["account_id"] for pair in emulator.organization.pairs()]))
        while there.recv() == "count":
            answered = emulator.answered
            there.send(
                Counted(
                    emulator.calls[LOOK_UP],
                    emulator.throttled[LOOK_UP],
                    len(answered),
                    answered.total(),
                    halved[0] if halved else None,
                )
            )


def _halve(emulator: Emulator, rate: float, at: int, halved: list[int]) -> None:
    while (granted := emulator.calls[LOOK_UP] - emulator.throttled[LOOK_UP]) < at:
        time.sleep(0.01)
    emulator.change(rate=rate / 2)
    halved.append(granted)
