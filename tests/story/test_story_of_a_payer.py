"""One payer over 120 days: at each step everybody is told the same, in the same words and numbers.

It closes, is in grace, becomes critical on the 32nd day, is accepted, leaves the list, is left
behind, the acceptance ends, the GovCloud organization's own list shows it closed, it is gone.
"""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import patience
import pytest
import streamlit as st
import told
from openpyxl import load_workbook
from pptx import Presentation
from receiving import hook
from streamlit.testing.v1 import AppTest
from told import PAYER

from toolkit.cli import main
from toolkit.exports import Report, save_report
from toolkit.store import load_snapshot
from toolkit.store.keys import manifest_key
from toolkit.verdicts import Policy, load_policy

Run = Callable[..., tuple[int, str, str]]

APP = Path(__file__).parents[2] / "streamlit_app.py"

POLICY = """
owner_tag = "owner"

[[accepted]]
accounts = ["000000000003"]
standard = "CLOSED"
govcloud = "ACTIVE"
reason = "Data held until the audit"
owner = "finops"
until = 2026-11-14
"""


@dataclass(frozen=True)
class Step:
    """A day of the story, and what must be said on it."""

    day: date
    headline: str
    severity: str | None = None
    """That of the payer's pair or of what it left behind, where there is any."""
    is_accepted: bool = False
    is_left: bool = False
    code: int = 0
    """How `check` ends."""
    is_ruled: bool = False
    """Whether it is judged by the policy that accepts it."""
    notice: str = ""
    """What a notice that is sent that day begins with; nothing is sent where nothing is news."""


AGREE = "All 3 linked pairs agree"
STEPS = {
    "open": Step(
        told.CLOSES - timedelta(days=1),
        "All 4 linked pairs agree",
        notice="All 4 linked pairs agree",
    ),
    "closed": Step(
        told.CLOSES,
        "1 of 4 linked pairs disagrees, not critically",
        severity="HIGH",
        code=3,
        notice="1 new mismatch since 5 August 2026, 03:00 UTC",
    ),
    "31st day": Step(
        told.CRITICAL - timedelta(days=1),
        "1 of 4 linked pairs disagrees, not critically",
        severity="HIGH",
        code=3,
    ),
    "32nd day": Step(
        told.CRITICAL,
        "1 of 4 linked pairs disagrees, critically",
        severity="CRITICAL",
        code=3,
        notice="1 worse since 5 September 2026, 03:00 UTC",
    ),
    "accepted": Step(
        date(2026, 9, 10),
        "3 linked pairs agree, and the other one is accepted",
        severity="CRITICAL",
        is_accepted=True,
        is_ruled=True,
    ),
    "left the list": Step(
        told.LEAVES, AGREE, severity="CRITICAL", is_accepted=True, is_left=True, is_ruled=True
    ),
    "acceptance ended": Step(
        date(2026, 11, 14),
        f"{AGREE}; 1 GovCloud account was left behind",
        severity="CRITICAL",
        is_left=True,
        code=3,
        is_ruled=True,
        notice="1 acceptance ended since 4 November 2026, 03:00 UTC",
    ),
    "witness shows it closed": Step(
        told.WITNESS_CLOSED,
        AGREE,
        is_ruled=True,
        notice="1 resolved since 14 November 2026, 03:00 UTC",
    ),
    "gone": Step(date(2026, 11, 28), AGREE, is_ruled=True),
}


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshots of all days, collected once."""
    folder = tmp_path_factory.mktemp("story")
    told.tell(folder)
    return folder


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy that accepts the payer's pair."""
    file = tmp_path_factory.mktemp("policy") / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    return file


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; return code, out and err."""

    def run_command(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def ask(store: Path, policy: Path, step: Step, run: Run) -> Run:
    """Run a command on the day's snapshot, by the day's policy."""

    def on_the_day(command: str, *arguments: object) -> tuple[int, str, str]:
        named = ["--store", store, "--snapshot", told.snapshot_id(step.day)]
        ruled = ["--policy", policy] if step.is_ruled else []
        return run(command, *named, *ruled, *arguments)

    return on_the_day


@dataclass(frozen=True)
class Screen:
    """What the app's first page says."""

    text: str
    cards: dict[str, str]


@pytest.fixture(scope="module")
def screens(store: Path, policy: Path) -> Iterator[dict[date, Screen]]:
    """What the app shows on the day of each step, in one tab that goes from day to day."""
    tab = AppTest.from_file(APP, default_timeout=patience.LONG)
    found = {}
    with pytest.MonkeyPatch.context() as started:
        started.setenv("ACCOUNT_PAIRS_STORE", str(store))
        for step in STEPS.values():
            if step.is_ruled:
                started.setenv("ACCOUNT_PAIRS_POLICY", str(policy))
            tab.query_params["snapshot"] = f"{step.day} 03:00"
            tab.run()
            found[step.day] = Screen(
                _plain("\n".join(text.proto.body for text in tab.get("html"))),
                {card.label: card.value for card in tab.metric},
            )
    yield found
    st.cache_resource.clear()  # what the app keeps is forgotten in the end


@pytest.fixture(params=STEPS.values(), ids=STEPS.keys())
def step(request: pytest.FixtureRequest) -> Step:
    """Each step in turn."""
    found: Step = request.param
    return found


def test_every_file_says_the_same(step: Step, store: Path, policy: Path, tmp_path: Path) -> None:
    by = load_policy(policy) if step.is_ruled else Policy()
    # What was before is in the spells: a report without its twelve snapshots says the same.
    report = Report.of(load_snapshot(store, told.snapshot_id(step.day)), policy=by, history=())
    deck, workbook, page, rows = (
        read(save_report(report, tmp_path / f"states{suffix}"))
        for suffix, read in (
            (".pptx", _deck),
            (".xlsx", _workbook),
            (".html", lambda file: _plain(file.read_text(encoding="utf-8"))),
            (".csv", _rows),
        )
    )

    assert all(step.headline in text for text in (deck, workbook, page))
    # Every account is in the page; what is said of it stands before them.
    page = page.partition(", to look up")[0]
    for text in (deck, page):
        assert (told.NAME in text) == (step.severity is not None)
        assert ("finops" in text) == (step.is_accepted and not step.is_left)
    told_of = [row for row in rows if row["account_id"] == PAYER]
    assert len(told_of) == int(step.severity is not None or not step.is_ruled)
    for row in told_of:
        assert row["severity"] == (step.severity or "")
        assert row["govcloud_account_id"] == told.LEFT
        assert bool(row["accepted_until"]) == step.is_accepted
        assert bool(row.get("left_behind_since")) == step.is_left


def test_the_app_says_it_too(step: Step, screens: dict[date, Screen]) -> None:
    text, cards = screens[step.day].text, screens[step.day].cards

    assert step.headline in text
    counts = step.severity is not None and not step.is_accepted
    is_critical = counts and not step.is_left and step.severity == "CRITICAL"
    assert cards.get("Left behind", "0") == str(int(step.is_left and counts))
    assert cards["Critical"] == str(int(is_critical))
    assert cards["Mismatches"] == str(int(counts and not step.is_left))


def test_check_ends_as_the_day_demands(step: Step, ask: Run) -> None:
    code, out, _ = ask("check", "--format", "json")

    assert code == step.code
    found = [row for row in json.loads(out) if row["account_id"] == PAYER]
    assert [row["severity"] for row in found] == ([step.severity] if step.code else [])


def test_a_notice_tells_each_step_once(store: Path, policy: Path, run: Run, tmp_path: Path) -> None:
    for table in ("accounts", "govcloud", "links", "witness", "closures", "tags"):
        (tmp_path / table).symlink_to(store / table, target_is_directory=True)
    days = list(told.DAYS)
    with hook() as receiver:
        for step in STEPS.values():
            while days and days[0] <= step.day:
                key = manifest_key(told.snapshot_id(days.pop(0)))
                (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(store / key, tmp_path / key)
            ruled = ["--policy", policy] if step.is_ruled else []
            before = len(receiver.told)
            notify = ["notify", "--store", tmp_path, *ruled, "--to", receiver.url]

            assert run(*notify)[0] == 0
            if step.is_left:  # what was told is not told again
                assert run(*notify)[0] == 0

            texts = [one["text"] for one in receiver.told[before:]]
            assert [text.splitlines()[0] for text in texts] == (
                [step.notice] if step.notice else []
            )


def _deck(file: Path) -> str:
    shapes = [shape for slide in Presentation(str(file)).slides for shape in slide.shapes]
    texts: list[str] = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    tables: list[Any] = [shape.table for shape in shapes if shape.has_table]
    texts += [cell.text for table in tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def _workbook(file: Path) -> str:
    sheets = load_workbook(file).worksheets
    rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def _plain(markup: str) -> str:
    text = re.sub(r"(?s)<(script|style)[^>]*>.*?</\1>", "", markup)
    return unescape(re.sub(r"<[^>]+>", " ", text))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as content:
        return list(csv.DictReader(content))
