"""The numbers on the slides are those of the frames."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from reported import make_snapshot, small_snapshot

from toolkit import analysis, titles
from toolkit.exports import Report
from toolkit.schema import Severity, label
from toolkit.titles import board
from toolkit.verdicts import judge_links, mismatches


@pytest.fixture(scope="module", params=["small", "hostile"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def deck(kind: str, request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(f"{kind}_deck")


@pytest.fixture(scope="module")
def pairs(kind: str, request: pytest.FixtureRequest) -> pd.DataFrame:
    return request.getfixturevalue(f"{kind}_report").pairs


@pytest.fixture(scope="module")
def sixteen(make_deck: Any) -> Any:
    """Return the deck of sixteen mismatches of two kinds, three to one; it is only read."""
    rows = [(f"{i:012d}", "a", "u", "ACTIVE", "CLOSED") for i in range(12)]
    rows += [(f"{i:012d}", "a", "u", "CLOSED", "ACTIVE") for i in range(12, 16)]
    return make_deck(make_snapshot(rows))


def test_the_distribution_chart_holds_the_counts_of_both_sides(
    pairs: pd.DataFrame, deck: Any
) -> None:
    table = analysis.state_distribution(pairs)
    counts = table.pivot_table("accounts", "state", "side", observed=False)
    expected = {
        label(str(state)): [int(row["standard"]), int(row["govcloud"])]
        for state, row in counts.iterrows()
        if row.sum()
    }
    slide = deck.about("Linked pairs by state")
    assert deck.bars(slide) == expected
    assert list(deck.chart(slide).plots[0].categories) == ["Standard", "GovCloud"]


def test_the_matrix_holds_each_combination_and_its_severity(pairs: pd.DataFrame, deck: Any) -> None:
    head, *rows = deck.tables(deck.about("Rows: standard state"))[0]
    shown = {
        (row[0], column): cell
        for row in rows
        for column, cell in zip(head[1:], row[1:], strict=True)
    }
    for cell in analysis.state_matrix(pairs).itertuples():
        place = (label(str(cell.standard_state)), label(str(cell.govcloud_state)))
        if not cell.accounts:
            assert shown.get(place, "") == ""
        elif cell.severity in list(Severity):
            count, word = shown[place].split("\n")
            assert count == titles.number(cell.accounts)
            assert word.endswith(label(cell.severity))
        else:
            assert shown[place] == titles.number(cell.accounts)
    assert shown["Total", "Total"] == titles.number(len(pairs))


def test_the_unit_chart_holds_the_first_twelve_and_says_how_many_more(
    hostile_report: Report, hostile_deck: Any
) -> None:
    units = analysis.mismatches_by_ou(hostile_report.pairs)
    slide = hostile_deck.about("by organizational unit and severity")
    assert hostile_deck.bars(slide) == {
        label(severity): units[severity].head(12).tolist()
        for severity in Severity
        if units[severity].head(12).sum()
    }
    others = int(units["mismatches"].iloc[12:].sum())
    assert f"{others} mismatches more in {len(units) - 12} other organizational units" in (
        hostile_deck.texts(slide)
    )


def test_flows_hold_the_count_of_each_way_of_disagreeing(pairs: pd.DataFrame, deck: Any) -> None:
    flows = analysis.mismatch_flows(pairs)
    drawn = {
        shape._element.xpath(".//p:cNvPr")[0].get("descr")
        for shape in deck.shapes(deck.about("Mismatched pairs only"))
        if shape.name.startswith("Flow: ")
    }
    assert drawn == {
        f"{label(flow.standard_state)} → {label(flow.govcloud_state)}: {flow.accounts},"
        f" {label(flow.severity).lower()}"
        for flow in flows.itertuples()
    }


def test_a_node_of_the_flows_is_as_high_as_its_share(sixteen: Any) -> None:
    shapes = sixteen.shapes(sixteen.about("Mismatched pairs only"))
    nodes = [shape for shape in shapes if shape.name.startswith("Node: ")]
    heights = {node.name: node.height for node in nodes if node.left == nodes[0].left}
    assert round(heights["Node: Active"] / heights["Node: Closed"], 2) == 3


def test_the_trend_chart_holds_each_snapshot(dated_deck: Any) -> None:
    # A mismatch less, and an account more that has left the list with its GovCloud account open.
    slide = dated_deck.slide("Mismatches and accounts left behind stand at 3, as on 15 November")
    assert dated_deck.bars(slide) == {
        "Mismatches": [3, 2],
        "Critical": [1, 0],
        "Left behind": [0, 1],
    }
    days = pd.to_timedelta([float(day) for day in dated_deck.chart(slide).plots[0].categories], "D")
    assert [str(day.date()) for day in pd.Timestamp("1899-12-30") + days] == [
        "2026-11-15",
        "2026-11-22",
    ]


def test_snapshots_of_one_day_keep_their_times_apart(make_deck: Any) -> None:
    before = small_snapshot()
    early = before.taken - pd.Timedelta(hours=2)
    earlier = replace(before, manifest=replace(before.manifest, taken=early))
    deck = make_deck(before, [earlier])
    chart = deck.chart(deck.slide("Mismatches stand at 2"))
    assert list(chart.plots[0].categories) == ["22 Nov 01:00", "22 Nov 03:00"]


def test_what_changed_is_counted_and_shown(dated_report: Report, dated_deck: Any) -> None:
    slide = dated_deck.slide(titles.title_changes(dated_report.changes))
    cards = [text.split("\n")[:2] for text in dated_deck.texts(slide)]
    for word, count in (("Appeared", 1), ("Resolved", 1), ("Vanished", 1), ("Joined", 1)):
        assert [word, str(count)] in cards
    rows = dated_deck.tables(slide)[0][1:]
    assert [row[:2] for row in rows] == [
        ["Appeared", "100000000002"],
        ["Resolved", "000000000042"],
        ["Vanished", "100000000006"],
        ["Joined", "100000000005"],
    ]


def test_links_are_counted_by_region_and_status(small_deck: Any) -> None:
    slide = small_deck.slide(titles.title_link_status(judge_links(small_snapshot())))
    assert small_deck.bars(slide) == {"Linked": [1, 1], "Linking failed": [1, 0]}
    assert list(small_deck.chart(slide).plots[0].categories) == ["us-west-2  (2)", "us-east-1  (1)"]


def test_the_worst_pairs_fill_at_most_five_tables_of_ten(
    hostile_report: Report, hostile_deck: Any
) -> None:
    deck, worst = hostile_deck, mismatches(hostile_report.pairs)
    slides = deck.all(board.WORST)
    ids = [row[1] for slide in slides for row in deck.tables(slide)[0][1:]]
    assert [len(deck.tables(slide)[0]) for slide in slides] == [11] * 5
    assert ids == worst["account_id"].head(50).tolist()
    assert f"{len(worst) - 50} more in the workbook" in deck.texts(slides[-1])


def test_few_mismatches_are_dealt_out_evenly(sixteen: Any) -> None:
    slides = [
        s for s, t in zip(sixteen.slides, sixteen.titles, strict=True) if t.startswith(board.WORST)
    ]
    assert [len(sixteen.tables(slide)[0]) - 1 for slide in slides] == [8, 8]


def test_the_worst_say_since_when_they_disagree(dated_deck: Any) -> None:
    rows = dated_deck.tables(dated_deck.slide(board.WORST))[0]
    assert [row[-1] for row in rows] == ["Since", "≤ 15 Nov 2026", "22 Nov 2026"]


def test_actions_are_counted(pairs: pd.DataFrame, deck: Any) -> None:
    table = analysis.actions(pairs)
    title = board.ask_actions(names_owners=False)
    rows = [row for slide in deck.all(title) for row in deck.tables(slide)[0][1:]]
    assert [(row[1], row[3]) for row in rows] == [
        (titles.number(row.accounts), row.action) for row in table.itertuples()
    ]
