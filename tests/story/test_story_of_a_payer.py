"""One payer over 120 days: at each step everybody is told the same, in the same words and numbers.

It closes, is in grace, becomes critical on the 32nd day, is accepted, leaves the list, is left
behind, the acceptance ends, the GovCloud organization's own list shows it closed, it is gone.
"""

import csv
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import patience
import pytest
import told
from openpyxl import load_workbook
from pptx import Presentation
from told import PAYER

from toolkit.app.pages import MISMATCHES, OVERVIEW

Texts = dict[str, str]

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


AGREE = "All 3 linked pairs agree"
STEPS = {
    "open": Step(told.CLOSES - timedelta(days=1), "All 4 linked pairs agree"),
    "closed": Step(
        told.CLOSES, "1 of 4 linked pairs disagrees, not critically", severity="HIGH", code=3
    ),
    "31st day": Step(
        told.CRITICAL - timedelta(days=1),
        "1 of 4 linked pairs disagrees, not critically",
        severity="HIGH",
        code=3,
    ),
    "32nd day": Step(
        told.CRITICAL, "1 of 4 linked pairs disagrees, critically", severity="CRITICAL", code=3
    ),
    "accepted": Step(
        date(2026, 9, 10),
        "3 of 4 linked pairs agree; the other one is accepted",
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
    ),
    "witness shows it closed": Step(told.WITNESS_CLOSED, AGREE, is_ruled=True),
    "gone": Step(date(2026, 11, 28), AGREE, is_ruled=True),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshots of all days, collected once."""
    folder = tmp_path_factory.mktemp("story")
    told.tell(folder)
    return folder


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy that accepts the payer's pair."""
    file = tmp_path_factory.mktemp("policy") / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    return file


@pytest.fixture(params=STEPS.values(), ids=STEPS.keys())
def step(request: pytest.FixtureRequest) -> Step:
    """Each step in turn."""
    found: Step = request.param
    return found


@pytest.fixture
def ask(store: Path, policy: Path, step: Step, run: Run) -> Run:
    """Run a command on the day's snapshot, by the day's policy."""

    def on_the_day(command: str, *arguments: object) -> tuple[int, str, str]:
        named = ["--store", store, "--snapshot", told.snapshot_id(step.day)]
        ruled = ["--policy", policy] if step.is_ruled else []
        return run(command, *named, *ruled, *arguments)

    return on_the_day


def test_every_file_says_the_same(step: Step, ask: Run, tmp_path: Path) -> None:
    files = {suffix: tmp_path / f"states{suffix}" for suffix in (".pptx", ".xlsx", ".html", ".csv")}
    for file in files.values():
        assert ask("report", "--out", file)[0] == 0
    texts = {
        "deck": _deck(files[".pptx"]),
        "workbook": _workbook(files[".xlsx"]),
        "page": _page(files[".html"]),
    }

    for which, text in texts.items():
        assert step.headline in text, which
        assert ("left behind" in text) == step.is_left, which
        assert (told.LEFT in text) == (step.severity is not None), which
        assert ("finops" in text) == step.is_accepted, which
    rows = [row for row in _rows(files[".csv"]) if row["account_id"] == PAYER]
    assert [bool(row["left_behind_since"]) for row in rows] == (
        [step.is_left] if step.severity or not step.is_ruled else []
    )
    for row in rows:
        assert row["severity"] == (step.severity or "")
        assert row["govcloud_account_id"] == told.LEFT
        assert bool(row["accepted_until"]) == step.is_accepted


def test_the_app_says_it_too(
    step: Step, store: Path, policy: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(store))
    if step.is_ruled:
        monkeypatch.setenv("ACCOUNT_PAIRS_POLICY", str(policy))

    page = open_page(OVERVIEW, snapshot=f"{step.day} 03:00")

    assert step.headline in words(page)
    cards = {card.label: card.value for card in page.metric}
    counts = step.severity is not None and not step.is_accepted
    assert cards["Left behind"] == str(int(step.is_left and counts))
    assert cards["Critical"] == str(int(counts and not step.is_left and step.severity == "CRITICAL"))
    assert cards["Mismatches"] == str(int(counts and not step.is_left))


def test_check_ends_as_the_day_demands(step: Step, ask: Run) -> None:
    code, out, _ = ask("check", "--format", "json")

    assert code == step.code
    found = [row for row in json.loads(out) if row["account_id"] == PAYER]
    assert [row["severity"] for row in found] == ([step.severity] if step.code else [])
