"""The slide on all organizations of the store, and a trend of many snapshots."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pptx
import pytest
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_MARKER_STYLE
from pptx.util import Inches
from reported import make_snapshot, older_snapshot, small_snapshot

from toolkit import analysis, schema, theme
from toolkit.errors import StoreError
from toolkit.exports import Report
from toolkit.exports.deck.measure import text_width
from toolkit.exports.deck.slides import fleet, history
from toolkit.exports.deck.stage import Stage, open_stage
from toolkit.fleet import Fleet
from toolkit.schema import Severity
from toolkit.store import Store

HEADS = ["Organization", "Accounts", "Paired", "◆ Critical", "▲ High", "■ Medium", "● Low"]


def fleet_of(count: int, unread: tuple[str, ...] = (), **more: int) -> Fleet:
    """Return a fleet of so many organizations, worst first; the last is the one of the reports."""
    names = [f"account-{number:012d}" for number in range(count - 1)] + ["o-test"]
    days = pd.date_range("2026-11-01T03:00Z", periods=count, freq="D")
    rows = [
        {
            **dict.fromkeys(schema.FLEET.names, 0),
            "organization_id": name,
            "taken": taken,
            "accounts": 100 + place,
            "paired": 100,
            "critical": count - 1 - place,
            "mismatches": count - 1 - place,
            "unknown": 1,
            **more,
        }
        for place, (name, taken) in enumerate(zip(names, days, strict=True))
    ]
    table = schema.coerce(schema.FLEET, rows)
    return Fleet(table, pd.DataFrame(), {name: StoreError("It is damaged.") for name in unread})


def slide_of(report: Report, found: Fleet, stage: Stage | None = None) -> Any:
    """Return the slide of a report that finds that fleet."""
    of_it = replace(report)
    vars(of_it)["fleet"] = found
    where = stage or open_stage()
    fleet.add_fleet(where, of_it)
    return where.presentation.slides[0]


def table_of(slide: Any) -> Any:
    return next(shape for shape in slide.shapes if shape.has_table)


def rows_of(slide: Any) -> list[list[str]]:
    return [[cell.text_frame.text for cell in row.cells] for row in table_of(slide).table.rows]


def text_of(slide: Any, name: str) -> str | None:
    return next((shape.text_frame.text for shape in slide.shapes if shape.name == name), None)


def test_the_deck_of_one_among_several_organizations_shows_all_and_says_as_of_when(
    make_deck: Any, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    store.save(small_snapshot())
    rows = [("200000000001", "a", "Root", "CLOSED", "ACTIVE")]
    store.save(make_snapshot(rows, day="2026-11-25", organization="o-other"))
    deck = make_deck(Report.of(store.load(organization="o-test")))
    slide = deck.slide("2 critical mismatches in 2 of 2 organizations, 1 milder in 1")
    head, *shown = deck.tables(slide)[0]
    assert head == [*HEADS, "Left behind", "Unknown", "As of"]
    assert shown == [
        ["o-test (this deck)", "5", "4", "1", "1", "0", "0", "0", "0", "22 Nov 2026"],
        ["o-other", "1", "1", "1", "0", "0", "0", "0", "0", "25 Nov 2026"],
        ["Total", "6", "5", "2", "1", "0", "0", "0", "0", "from 22 Nov 2026"],
    ]
    texts = deck.texts(slide)
    assert (
        "The newest snapshot of each organization, seen between 22 and 25 November 2026;"
        " worst first"
    ) in texts
    assert (
        "Source: AWS Organizations and Account Management, the newest snapshot of each"
        " organization in the store"
    ) in texts


def test_a_deck_of_one_organization_has_no_such_slide(small_deck: Any) -> None:
    assert not any("organizations" in title for title in small_deck.titles)


def test_of_many_organizations_the_worst_and_this_one_have_rows_and_the_others_one(
    small_report: Report,
) -> None:
    _, *shown = rows_of(slide_of(small_report, fleet_of(25)))
    assert [row[0] for row in shown] == [
        *(f"account-{number:012d}" for number in range(9)),
        "o-test (this deck)",
        "15 more organizations",
        "Total",
    ]
    rest, total = shown[-2:]
    assert rest[1:4] == ["1,740", "1,500", str(sum(range(1, 16)))]
    assert rest[-2:] == ["15", "from 10 Nov 2026"]
    assert total[1:4] == ["2,800", "2,500", "300"]
    assert total[-2:] == ["25", "from 1 Nov 2026"]


def test_one_organization_more_is_no_row_for_all_others(small_report: Report) -> None:
    _, *shown = rows_of(slide_of(small_report, fleet_of(11)))
    assert [row[0] for row in shown[9:]] == ["account-000000000009", "o-test (this deck)", "Total"]


def test_this_one_stands_in_its_place_where_it_is_among_the_worst(small_report: Report) -> None:
    found = fleet_of(25)
    table = found.table.iloc[[24, *range(24)]].reset_index(drop=True)
    _, *shown = rows_of(slide_of(small_report, replace(found, table=table)))
    assert [row[0] for row in shown[::9]] == ["o-test (this deck)", "account-000000000008"]


def test_this_one_is_bold_and_a_count_has_the_tint_of_its_severity(small_report: Report) -> None:
    rows = table_of(slide_of(small_report, fleet_of(2))).table.rows
    runs = [[cell.text_frame.paragraphs[0].runs[0].font.bold for cell in row.cells] for row in rows]
    assert runs[1][:3] == [False, False, False]
    assert runs[2][:3] == [True, True, True]
    worst, none = rows[1].cells[3], rows[2].cells[3]
    assert f"#{worst.fill.fore_color.rgb}" == theme.LIGHT.tints[Severity.CRITICAL]
    assert (none.text_frame.text, none.fill.type) == ("0", 5)


def test_what_somebody_accepted_has_a_column_only_where_there_is_any(small_report: Report) -> None:
    assert "Accepted" not in rows_of(slide_of(small_report, fleet_of(2)))[0]
    head, first, *_ = rows_of(slide_of(small_report, fleet_of(2, accepted=3)))
    assert first[head.index("Accepted")] == "3"


def test_organizations_that_could_not_be_read_are_named_and_counted(small_report: Report) -> None:
    slide = slide_of(small_report, fleet_of(2, ("o-a", "o-b", "o-c", "o-d")))
    assert text_of(slide, "Remark") == "Could not be read: o-a, o-b, o-c and 1 more"
    assert slide.shapes.title.text_frame.text == (
        "1 critical mismatch in 1 of 2 organizations; 2 accounts unknown; 4 more organizations"
        " could not be read"
    )
    assert text_of(slide_of(small_report, fleet_of(2)), "Remark") is None


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_no_id_and_no_number_is_cut_on_a_narrow_slide_and_all_stands_above_the_remark(
    small_report: Report, tmp_path: Path, palette: theme.Palette
) -> None:
    presentation: Any = pptx.Presentation()
    if palette is theme.DARK:
        fill = presentation.slide_master.background.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor(0x10, 0x18, 0x20)
    presentation.save(str(tmp_path / "narrow.pptx"))
    stage = open_stage(tmp_path / "narrow.pptx")
    counts = {"accounts": 1_234_567, "paired": 1_234_566, "accepted": 10_000, "left_behind": 10_000}
    slide = slide_of(small_report, fleet_of(25, ("o-a",), **counts), stage)
    _, *shown = rows_of(slide)
    assert shown[0][:3] == ["account-000000000000", "1,234,567", "1,234,566"]
    assert shown[-1][:3] == ["Total", "30,864,175", "30,864,150"]
    assert not any("…" in text for row in shown for text in row)
    frame = table_of(slide)
    height = sum(row.height for row in frame.table.rows)
    remark = next(shape for shape in slide.shapes if shape.name == "Remark")
    assert frame.top + height <= remark.top
    assert sum(column.width for column in frame.table.columns) <= Inches(stage.body.width) + 20
    for cell, column in zip(frame.table.rows[12].cells, frame.table.columns, strict=True):
        size = cell.text_frame.paragraphs[0].runs[0].font.size.pt
        needed = text_width(cell.text_frame.text, size * stage.breadth, bold=True)
        assert needed <= (column.width - cell.margin_left - cell.margin_right) / Inches(1)
    worst = frame.table.cell(1, 3)
    assert f"#{worst.fill.fore_color.rgb}" == palette.tints[Severity.CRITICAL]


def test_the_table_has_alt_text(small_report: Report) -> None:
    frame = table_of(slide_of(small_report, fleet_of(2)))
    assert frame._element.xpath(".//p:cNvPr")[0].get("descr") == (
        "Organizations and their mismatches by severity, worst first"
    )


def trend_of(days: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the slide of a trend of so many days; the tenth is the worst."""
    start = pd.Timestamp("2025-12-01T03:00Z")
    few = analysis.trend([(start, Report.of(small_snapshot()).pairs)])
    table = pd.concat([few.assign(taken=start + pd.Timedelta(days=day)) for day in range(days)])
    worst = (table["taken"] == start + pd.Timedelta(days=9)) & (table["severity"] == "CRITICAL")
    table.loc[worst, "mismatches"] = 50
    monkeypatch.setattr(analysis, "trend", lambda *_: table)
    stage = open_stage()
    history.add_trend(stage, Report.of(small_snapshot(), history=[older_snapshot()]))
    return next(shape for shape in stage.presentation.slides[0].shapes if shape.has_chart)


def test_a_line_of_many_snapshots_has_no_marks_and_is_told_by_its_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shape = trend_of(90, monkeypatch)
    assert {series.marker.style for series in shape.chart.plots[0].series} == {XL_MARKER_STYLE.NONE}
    assert [len(list(series.values)) for series in shape.chart.plots[0].series] == [90, 90]
    assert shape.chart.category_axis.tick_labels.number_format == "d mmm yyyy"
    assert shape._element.xpath(".//p:cNvPr")[0].get("descr").partition(". ")[2] == (
        "The first, the highest and the last of 90: 1 December 2025: 2 mismatches, 1 critical;"
        " 10 December 2025: 51 mismatches, 50 critical; 28 February 2026: 2 mismatches, 1 critical"
    )


def test_a_line_of_few_snapshots_has_a_mark_for_each_and_tells_them_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shape = trend_of(24, monkeypatch)
    styles = {series.marker.style for series in shape.chart.plots[0].series}
    assert styles == {XL_MARKER_STYLE.CIRCLE}
    assert shape.chart.category_axis.tick_labels.number_format == "d mmm"
    assert shape._element.xpath(".//p:cNvPr")[0].get("descr").count(" mismatches, ") == 24
