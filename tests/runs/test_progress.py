"""What a run tells while it goes, and what it says in the end."""

import io
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import patience
import pytest

from toolkit.fetch.source import Tally
from toolkit.runs import Progress, summary
from toolkit.runs.progress import Reporter, bars, told
from toolkit.store import Manifest, Snapshot, Store


def reported(*counts: tuple[float, int], total: int = 100, every: bool = True) -> list[Progress]:
    """Return the reports made when so many are done at these seconds."""
    reports: list[Progress] = []
    reporter = Reporter(reports.append, "audit")
    for now, done in counts:
        tally = Tally(total, throttled=3, outcomes=Counter(FOUND=done, FAILED=0))
        reporter.tell(now, "looking up", tally, every=every)
    return reports


def test_the_rate_is_that_of_the_last_seconds_and_gives_the_time_left() -> None:
    *_, last = reported((0, 0), (10, 10), (20, 50))
    assert last.rate == 4.0
    assert last.seconds_left == 12.5
    assert (last.done, last.total, last.throttled, last.source) == (50, 100, 3, "audit")


def test_the_time_left_cannot_be_told_while_accounts_are_still_being_listed() -> None:
    *_, last = reported((0, 0), (10, 10), every=False)
    assert last.seconds_left is None


def test_reports_come_a_few_times_a_second_at_most() -> None:
    assert len(reported((0, 0), (0.01, 1), (0.02, 2), (0.2, 3))) == 2


def test_outcomes_that_no_account_has_are_not_told() -> None:
    *_, last = reported((0, 0), (10, 10))
    assert last.outcomes == {"FOUND": 10}


def test_the_end_is_told_however_soon_it_comes() -> None:
    reports: list[Progress] = []
    reporter = Reporter(reports.append, "audit")
    for phase in ("saving", "done"):
        reporter.tell(0, phase, Tally(1, outcomes=Counter(FOUND=1)), every=True)
    assert [report.phase for report in reports] == ["saving", "done"]


def test_a_bar_says_rate_throttles_and_time_left() -> None:
    progress = Progress("looking up", 10, 100, rate=9.84, throttled=2, seconds_left=9.1)
    assert told(progress) == "9.8/s, 2 throttled, 9.1 s left"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal of ten lines in the place of the errors' output."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("LINES", "10")
    return shown


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    with bars() as report:
        report(Progress("looking up", 1, 4, source="audit"))
    assert "Looking up GovCloud accounts" in terminal.getvalue()
    assert "audit" not in terminal.getvalue()


def drawn(terminal: Terminal) -> list[list[str]]:
    """Return the lines of every picture that was drawn, one after the other."""
    pictures = [one for one in terminal.getvalue().split("\r\x1b[2K") if one.strip()]
    lines = [re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", one).splitlines() for one in pictures]
    return [[line for line in some if line.strip()] for some in lines]


def test_of_several_each_has_a_line_until_it_has_ended_and_names_are_no_markup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = a_terminal(monkeypatch)
    with bars(3) as report:
        report(Progress("looking up", 1, 4, source="[red]a"))
        report(Progress("done", 4, 4, source="b"))
        report(Progress("failed", 0, 0, source="c\x1b"))
        report(Progress("looking up", 2, 4, source="[red]a"))
    whole, running = next(reversed([one for one in drawn(terminal) if len(one) > 1]))
    assert whole.startswith("Ended")
    assert "2/3" in whole
    assert running.startswith("[red]a: Looking up")


def test_of_more_than_a_terminal_has_lines_there_are_as_many_as_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = a_terminal(monkeypatch)
    with bars(20) as report:
        for number in range(20):
            report(Progress("looking up", 1, 4, source=f"profile-{number}"))
        patience.until(lambda: "profile-4: " in terminal.getvalue())
        for number in range(20):
            report(Progress("done", 4, 4, source=f"profile-{number}"))
    assert max(len(lines) for lines in drawn(terminal)) == 10
    assert "20/20" in terminal.getvalue()


def test_a_pipe_gets_nothing_of_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with bars() as report:
        report(Progress("looking up", 1, 4))
        report(Progress("done", 4, 4))
    assert pipe.getvalue() == ""


def test_a_pipe_gets_of_several_a_line_when_each_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    with bars(2) as report:
        report(Progress("looking up", 1, 4, source="a"))
        report(Progress("failed", 0, 0, source="b\n"))
        report(Progress("done", 4, 4, source="a"))
    assert pipe.getvalue() == "b : Ended without a snapshot (1 of 2)\na: Done (2 of 2)\n"


def a_snapshot(outcomes: Mapping[str, int], **facts: object) -> Snapshot:
    taken = pd.Timestamp("2026-11-22T03:00:00Z")
    known = {
        "organization_id": "o-x",
        "taken": taken,
        "finished": taken,
        "caller_account_id": "000000000001",
        "caller_kind": "management",
        "complete": True,
        "outcomes": outcomes,
        "accounts": sum(outcomes.values()),
    }
    manifest = Manifest(**(known | facts))  # type: ignore[arg-type] - each test gives what it needs
    return Snapshot({}, manifest)


def test_the_summary_tells_outcomes_calls_throttles_rate_and_time() -> None:
    said = summary(
        a_snapshot(
            {"FOUND": 1_200, "NOT_LINKED": 300},
            links=1,
            calls=1_600,
            throttled=12,
            calls_saved=40,
            rate=9.84,
            seconds=163.0,
        )
    )
    assert said.splitlines() == [
        "Snapshot o-x/2026-11-22T03-00-00Z: took a new one",
        "1,500 accounts: 1,200 found, 300 not linked; 1 account link",
        (
            "1,600 calls, 12 throttled, 40 saved by earlier answers, 9.8/s is the rate found,"
            " 2 min 43 s"
        ),
    ]


def test_the_summary_says_where_a_clock_was_set_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    later = store.save(a_snapshot({}, organization_id="o-xxxxxxxxxx"))
    taken = later.taken - pd.Timedelta(hours=1)
    earlier = store.save(a_snapshot({}, organization_id="o-xxxxxxxxxx", taken=taken))
    said = f"The store has a later snapshot, {later.id}: the clock of this machine"
    assert said in summary(earlier)
    assert said not in summary(later)


def test_the_summary_names_regions_and_roles_that_gave_nothing() -> None:
    said = summary(
        a_snapshot(
            {"FOUND": 1},
            regions={
                "us-east-1": {"outcome": "FOUND"},
                "af-south-1": {"outcome": "ACCESS_DENIED", "detail": "x"},
            },
            roles={"000000000015": {"outcome": "ACCESS_DENIED", "detail": "x"}},
        )
    )
    assert "No account links seen in af-south-1 (access denied)" in said
    assert "1 account could not be asked by role" in said
