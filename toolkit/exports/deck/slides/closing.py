"""The last slides: account links, and how the numbers came about."""

from typing import Final

import pandas as pd

from toolkit import analysis, titles
from toolkit.exports.deck.charts import add_stacked_bars, spelled
from toolkit.exports.deck.frames import add_remark, add_slide
from toolkit.exports.deck.stage import Stage
from toolkit.exports.deck.tables import (
    Cell,
    Head,
    add_table,
    add_wrapped_table,
    paged,
    severity_cell,
)
from toolkit.exports.report import Report
from toolkit.schema import label

_REGIONS: Final = 7
_FLAGGED: Final = 5
_METHOD_SIZES: Final = (12, 11, 12)
"""The first at which one slide holds all that was asked, or else the last."""

_SHARES: Final = (0.55, 0.65, 0.75, 0.85)
"""Of a slide's height: the first that needs no more slides than the whole height does."""


def add_links(stage: Stage, report: Report) -> None:
    """Add account links by Region and status, and those worth a look."""
    links = report.links
    if links.empty:
        return
    title = titles.title_link_status(links)
    slide = add_slide(
        stage, title, "WorkSpaces account links by Region and status", _source(report)
    )
    table = analysis.link_status(links)
    counts = table.pivot_table(
        "links", "region", "link_status", aggfunc="sum", observed=True, fill_value=0
    ).astype("int64")
    counts = counts.loc[counts.sum(axis="columns").sort_values(ascending=False).index]
    if len(counts) > _REGIONS:
        rest = counts.iloc[_REGIONS - 1 :]
        name = titles.counted(len(rest), "other Region")
        counts = pd.concat([counts.iloc[: _REGIONS - 1], rest.sum().to_frame(name).T])
    counts.columns = [label(str(status)) for status in counts.columns]
    flagged = links[links["severity"].notna()].sort_values("severity", kind="stable")
    scale = stage.scale
    bars = min((0.75 + 0.62 * len(counts)) * scale, stage.body.height)
    row = 0.34 * scale
    if not flagged.empty:
        table_height = (min(len(flagged), _FLAGGED) + 1) * row + 0.1 * scale
        remark = 0.3 * scale if len(flagged) > _FLAGGED else 0
        bars = min(bars, stage.body.height - table_height - remark)
    add_stacked_bars(
        stage,
        slide,
        stage.body.upper(bars),
        counts,
        {label(status): colour for status, colour in stage.palette.links.items()},
        alt=f"Stacked bars: {title}. {spelled(counts)}",
        totals=True,
        legend="top",
    )
    if flagged.empty:
        return
    heads = [
        Head("Severity", whole=True),
        Head("Link", whole=True),
        Head("Region", whole=True),
        Head("Status", whole=True),
        Head("Source → target", whole=True),
        Head("Why it is worth a look"),
    ]
    rows: list[list[Cell | str]] = [
        [
            severity_cell(stage, str(link.severity)),
            str(link.link_id),
            str(link.region),
            label(str(link.link_status)),
            f"{_id(link.source_account_id)} → {_id(link.target_account_id)}",
            str(link.meaning),
        ]
        for link in flagged.head(_FLAGGED).itertuples(index=False)
    ]
    area = stage.body.below(bars + 0.1 * scale)
    add_table(
        stage, slide, area, heads, rows, alt="Account links worth a look", size=10.5, row_height=row
    )
    if len(flagged) > _FLAGGED:
        add_remark(stage, slide, f"{titles.number(len(flagged) - _FLAGGED)} more in the workbook")


def _id(value: object) -> str:
    return value if isinstance(value, str) else "unknown"


def _source(report: Report) -> str:
    if report.snapshot.manifest.is_local:
        return report.source
    return f"Source: Amazon WorkSpaces ListAccountLinks, snapshot {report.taken}"


def add_method(stage: Stage, report: Report) -> None:
    """Add when, by whom and how the numbers were collected, and what they cannot show."""
    heads = [Head("Topic", whole=True), Head("What holds", wrap=True)]
    rows: list[list[Cell | str]] = [
        [Cell(topic, bold=True), sentence] for topic, sentence in report.method
    ]
    width, height = stage.body.width, stage.body.height
    for size in _METHOD_SIZES:
        pages = paged(stage, width, heads, rows, height, size=size)
        if len(pages) == 1:
            break
    # As much on each slide, rather than a last one with a single row.
    even = (paged(stage, width, heads, rows, height * share, size=size) for share in _SHARES)
    pages = next((some for some in even if len(some) == len(pages)), pages)
    for number, page in enumerate(pages, start=1):
        part = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        title = f"How these numbers came about{part}"
        slide = add_slide(stage, title, "Method and caveats", report.source)
        add_wrapped_table(
            stage,
            slide,
            stage.body,
            heads,
            page,
            alt="Method and caveats, one sentence a topic",
            size=size,
        )
