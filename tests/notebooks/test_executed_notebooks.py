"""Each notebook, executed on the demo, shows what the emulator knows."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from executed import WEEKS_AGO, Executed, bars
from openpyxl import load_workbook
from pptx import Presentation

from toolkit import demo
from toolkit.emulator import REFERENCE_DAY
from toolkit.schema import Severity

Execute = Callable[[str], Executed]
InARow = Callable[..., list[Executed]]

_WORST_FIRST = [str(severity) for severity in Severity]


def _truth(day: date = REFERENCE_DAY) -> list[dict[str, Any]]:
    """Return what the demo's caller can see of each account: some look-ups are denied."""
    emulator = demo.emulator(day)
    hidden = emulator.switches.denied_accounts
    return [
        pair
        | {
            "shown": "UNKNOWN"
            if pair["account_id"] in hidden
            else pair["govcloud_state"] or "NOT_LINKED"
        }
        for pair in emulator.organization.pairs()
    ]


def _disagree(pair: dict[str, Any]) -> bool:
    return pair["shown"] not in ("UNKNOWN", "NOT_LINKED", pair["standard_state"])


def test_first_look_counts_every_account_in_the_matrix_also_when_run_again(
    execute_in_a_row: Callable[..., list[Executed]],
) -> None:
    _, notebook = execute_in_a_row("01", "01")

    matrix = {
        (standard, govcloud): count for standard, govcloud, count, *_ in bars(notebook.figures[1])
    }

    assert matrix == Counter((pair["standard_state"], pair["shown"]) for pair in _truth())
    assert sum(map(_disagree, _truth())) == int(notebook.printed.split(" of ")[0])


def test_which_pairs_disagree_names_them_and_their_units_and_follows_changed_rules(
    execute: Execute,
) -> None:
    notebook = execute("02")
    truth = {pair["account_id"]: pair for pair in _truth() if _disagree(pair)}

    worst = notebook.tables[0]
    units: Counter[str] = Counter()
    for unit, _severity, count, *_ in bars(notebook.figures[0]):
        units[unit] += count

    assert [truth[i]["name"] for i in worst["account_id"]] == worst["name"].tolist()
    assert units == Counter(pair["ou_path"] for pair in truth.values())
    agree = next(trace for trace in notebook.figures[1]["data"] if trace["name"] == "States agree")
    kept = sum(p["standard_state"] == "ACTIVE" and p["shown"] == "CLOSED" for p in _truth())
    assert kept > 0
    assert ["ACTIVE", "CLOSED", kept] in [row[:3] for row in agree["customdata"]]


def test_account_links_of_the_caller_are_counted_by_region_and_status(execute: Execute) -> None:
    notebook = execute("03")
    organization = demo.emulator(REFERENCE_DAY).organization
    own = organization.management_account_id

    counts = {(region, status): count for region, status, count, *_ in bars(notebook.figures[0])}

    assert counts == Counter(
        (link["region"], link["link_status"])
        for link in organization.links()
        if own in (link["source_account_id"], link["target_account_id"])
    )


def test_what_changed_finds_who_joined_and_who_vanished(execute: Execute) -> None:
    notebook = execute("04")
    oldest = {p["account_id"]: p for p in _truth(REFERENCE_DAY - timedelta(weeks=WEEKS_AGO[0]))}
    newest = {p["account_id"]: p for p in _truth()}

    counted = dict(zip(*notebook.tables[1].to_numpy().T, strict=True))
    gone = notebook.tables[3]

    assert counted["JOINED"] == str(len(newest.keys() - oldest.keys()))
    vanished = oldest.keys() - newest.keys()
    assert counted["VANISHED"] == str(len(vanished))
    assert set(gone["account_id"]) == {i for i in vanished if oldest[i]["govcloud_account_id"]}
    left, today, grace, settled, fleet = notebook.tables[4:]
    # Whoever joined after the oldest snapshot may have left, too.
    there = set(left["govcloud_account_id"])
    assert there >= {
        oldest[i]["govcloud_account_id"] for i in vanished if oldest[i]["shown"] == "ACTIVE"
    }
    assert not there & {pair["govcloud_account_id"] for pair in newest.values()}
    assert set(today["since_is"]) <= {"CLOSURE", "SNAPSHOT", "AT_LEAST"}
    assert today["since"].tolist() == sorted(today["since"])
    assert len(grace) > 0
    assert settled["accounts"].tolist() == ["1"]
    assert f"{sum(map(_disagree, _truth())) - 1} mismatches" in notebook.printed
    assert "1 more accepted" in notebook.printed
    assert fleet["mismatches"].tolist() == [str(sum(map(_disagree, _truth())))]
    assert fleet["left_behind"].tolist() == [str(len(left))]


def test_the_store_in_sql_finds_closed_accounts_whose_govcloud_runs_on(execute: Execute) -> None:
    notebook = execute("05")

    states, closed, vanished = notebook.tables

    assert dict(zip(closed["account_id"], closed["govcloud_account_id"], strict=True)) == {
        pair["account_id"]: pair["govcloud_account_id"]
        for pair in _truth()
        if (pair["standard_state"], pair["shown"]) == ("CLOSED", "ACTIVE")
    }
    assert (
        int(states["ACTIVE"].iloc[-1]) == Counter(p["standard_state"] for p in _truth())["ACTIVE"]
    )
    assert not set(vanished["account_id"]) & {pair["account_id"] for pair in _truth()}


def test_slides_and_workbook_say_what_the_emulator_knows(execute_in_a_row: InARow) -> None:
    written = execute_in_a_row("06", "08")[0].folder / "output"
    disagree = sum(map(_disagree, _truth()))

    opening = Presentation(str(written / "states.pptx")).slides[0]
    said = [shape.text_frame.text for shape in opening.shapes if shape.has_text_frame]
    workbook = load_workbook(written / "states.xlsx", read_only=True)
    rows = [tuple(row) for row in workbook["Mismatches"].iter_rows(values_only=True)]

    assert any(text.startswith(f"{disagree} of ") for text in said)
    ids = {cell for row in rows for cell in row} & {pair["account_id"] for pair in _truth()}
    assert ids == {pair["account_id"] for pair in _truth() if _disagree(pair)}
    assert (written / "states.html").stat().st_size > 0


def test_govclouds_own_list_is_told_against_the_pairs(execute: Execute) -> None:
    notebook = execute("07")
    listed = {
        row["govcloud_account_id"]: row
        for row in demo.emulator(REFERENCE_DAY).organization.witness()
    }
    paired = {p["govcloud_account_id"]: p for p in _truth() if p["govcloud_account_id"]}
    shown = {i: pair for i, pair in paired.items() if pair["shown"] != "UNKNOWN"}
    outside = [i for i, p in shown.items() if i not in listed and p["shown"] != "CLOSED"]
    differ = [i for i, p in shown.items() if i in listed and p["shown"] != listed[i]["state"]]

    counts, worst, _, by_pair, by_list = notebook.tables
    counted = dict(zip(counts["finding"], map(int, counts["accounts"]), strict=True))

    assert counted["NOT_IN_GOVCLOUD_ORGANIZATION"] == len(outside) > 0
    assert counted["STATE_DISAGREES"] == len(differ) > 0
    assert f"{counted['AGREE']} of {sum(counted.values())} agree" in notebook.printed
    left = worst["govcloud_account_id"][worst["finding"] == "PAIR_LEFT_LIST"]
    assert set(left) <= listed.keys() - paired.keys()
    (one,) = by_pair["govcloud_account_id"]
    assert one in differ
    assert by_pair["govcloud_state"].tolist() == [shown[one]["shown"]]
    assert by_list["state"].tolist() == [listed[one]["state"]]
    assert f"witness: {len(listed)} rows" in notebook.printed


def test_the_weekly_review_names_the_worst_who_acts_and_writes_what_to_send(
    execute_in_a_row: InARow,
) -> None:
    _, notebook = execute_in_a_row("06", "08")
    week_ago, today = (
        {pair["account_id"]: pair for pair in _truth(REFERENCE_DAY - timedelta(weeks=weeks))}
        for weeks in (1, 0)
    )
    resolved = {
        i for i, pair in week_ago.items() if _disagree(pair) and not _disagree(today.get(i, pair))
    }

    changes, worst, owners = notebook.tables

    assert notebook.printed.splitlines()[0].endswith(": act today")
    assert set(changes["account_id"][changes["change"] == "RESOLVED"]) == resolved
    assert worst["severity"].tolist() == sorted(worst["severity"], key=_WORST_FIRST.index)
    assert {"left", "pair"} == set(worst["kind"])
    assert sum(map(int, owners["total"])) > sum(map(_disagree, _truth()))
    assert len(notebook.figures) == 1
    written = (notebook.folder / "output").glob("account-states-*")
    assert sorted(path.suffix for path in written) == [".pptx", ".xlsx"]
