"""Tables in a terminal: nothing that one copies is cut, whatever the width."""

import io
import re
import sys
from collections.abc import Callable

import pandas as pd
import pytest
from reported import make_snapshot

from toolkit.cli.tables import print_meanings, print_table
from toolkit.exports import Report
from toolkit.schema import PAIRS, SNAPSHOTS

LONG = "payments-settlement-batch-runner-"
COLUMNS = ("severity", "account_id", "name", "ou_path", "standard_state", "govcloud_state", "since")
SNAPSHOT = make_snapshot(
    [
        ("100000000001", f"{LONG}prod", "Workloads/Production/East", "CLOSED", "ACTIVE"),
        ("100000000002", f"{LONG}test", "Sandbox", "PENDING_ACTIVATION", "SUSPENDED"),
        ("100000000003", "決済" * 20, None, "ACTIVE", "CLOSED"),
    ]
)
Shown = Callable[..., str]


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    return Report.of(SNAPSHOT).mismatches


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Return what a terminal of some width gets of a table, without what colours it."""

    def show(width: int, *arguments: object, coloured: bool = False) -> str:
        for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", str(width))
        if not coloured:
            monkeypatch.setenv("NO_COLOR", "1")
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", terminal := _Terminal())
            print_table(*arguments)  # type: ignore[arg-type]
        said = terminal.getvalue()
        return said if coloured else re.sub(r"\x1b\[\d*m", "", said)

    return show


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_id_is_whole_at_any_width(width: int, shown: Shown, pairs: pd.DataFrame) -> None:
    said = shown(width, pairs, PAIRS, COLUMNS, ("ou_path", "standard_state"))

    assert re.findall(r"\b\d{12}\b", said) == pairs["account_id"].tolist()
    if width > 40:
        assert max(map(_cells, said.splitlines())) <= width


def test_names_are_shortened_in_the_middle_and_words_of_states_are_not(
    shown: Shown, pairs: pd.DataFrame
) -> None:
    said = shown(80, pairs, PAIRS, COLUMNS, ("ou_path",))

    assert re.search(r"^◆ Critical +100000000001 +paym.*….*prod ", said, re.MULTILINE)
    assert re.search(r"100000000002 +paym.*….*test +Pending +Suspended", said)
    assert re.search(r"^ +activation$", said, re.MULTILINE)
    assert "100000000003  決済" in said


def test_what_has_no_room_is_left_out_and_named(shown: Shown, pairs: pd.DataFrame) -> None:
    narrow = shown(80, pairs, PAIRS, COLUMNS, ("ou_path",))
    wide = shown(200, pairs, PAIRS, COLUMNS, ("ou_path",))

    assert narrow.endswith("\n3 rows; a wider window shows Unit, too\n")
    assert wide.endswith("\n3 rows\n")
    assert "Workloads/Production/East" in wide
    assert f"{LONG}prod" in wide


def test_what_is_at_least_so_old_is_marked(shown: Shown, pairs: pd.DataFrame) -> None:
    assert "≤ 2026-11-22" in shown(120, pairs, PAIRS, COLUMNS)


def test_severities_have_a_colour_where_somebody_wants_one(
    shown: Shown, pairs: pd.DataFrame
) -> None:
    coloured = shown(120, pairs, PAIRS, COLUMNS, coloured=True)

    assert re.search(r"\x1b\[1;31m◆ Critical *\x1b\[0m  100000000001", coloured)
    assert re.search(r"\x1b\[33m■ Medium *\x1b\[0m  100000000003", coloured)


def test_ids_of_snapshots_can_be_pasted_at_80_columns(shown: Shown) -> None:
    table = pd.DataFrame(
        {
            "snapshot_id": ["o-exampleorgid/2026-11-22T03-00-00Z"],
            "taken": [SNAPSHOT.taken],
            **{name: [123_456] for name in ("accounts", "linked", "not_seen", "links")},
        }
    )

    said = shown(80, table, SNAPSHOTS, list(table.columns), ("taken",))

    assert said.splitlines()[-2].split()[0] == "o-exampleorgid/2026-11-22T03-00-00Z"


def test_what_many_rows_mean_is_said_once(
    pairs: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    print_meanings(pd.concat([pairs.head(1)] * 3))

    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("3 × The payer is closed while GovCloud is active")


def _cells(line: str) -> int:
    return len(line) + sum(ord(letter) > 0x2E7F for letter in line)
