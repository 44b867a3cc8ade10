"""Whatever the template and the names: nothing leaves its slide, its box or its place."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from reported import Row, agreeing_snapshot, make_snapshot, older_snapshot
from templates import template

from toolkit.exports import Report
from toolkit.exports.deck.measure import height_needed
from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES
from toolkit.store import Snapshot

LONG = "Contoso Holding International/Manufacturing and Logistics of Europe/Plant {} of the south"
KANJI = "本番環境開発検証基盤共通決済物流製造営業人事財務法務東京大阪名古屋福岡札幌"
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "eu-central-1", "sa-east-1")
STATUSES = ("LINKED", "LINKING_FAILED", "PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT", "REJECTED")
EMU = 914_400
FLOOR = 6.0

BLOCKS = (
    *("Title", "Subtitle", "Source", "Remark", "What to do"),
    *("Table", "Chart", "Flows", "Key figure"),
)
"""What stands on a slide by itself: none may be on another."""

Box = tuple[float, float, float, float]


def organization(
    size: int, name: Callable[[int], str], units: Sequence[str], day: str = "2026-11-22"
) -> Snapshot:
    """Make an organization in which many pairs disagree, and links of which some are flagged."""
    states = [*GOVCLOUD_STATES, None]
    rows: list[Row] = [
        (
            f"{100_000_000_000 + number}",
            name(number),
            units[number * 7 % len(units)],
            STANDARD_STATES[number % len(STANDARD_STATES)],
            states[number * (2 + (day > "2026-11-15")) % len(states)],
        )
        for number in range(size)
    ]
    links = [
        (STATUSES[number % 4], rows[number][0], rows[-number][0], region)
        for number, region in enumerate(REGIONS * 4)
    ]
    return make_snapshot(rows, links, day=day)


def kanji(number: int) -> str:
    return "".join(KANJI[(number * 5 + place * 7) % len(KANJI)] for place in range(24)) + str(
        number
    )


def account(number: int) -> str:
    return f"Contoso Manufacturing North America Production Account {number:04d} of the series"


def followed(size: int, name: Callable[[int], str], units: Sequence[str]) -> Report:
    before = organization(size - 5, name, units, "2026-11-15")
    return Report.of(organization(size, name, units), history=[before])


def long_names() -> Report:
    return followed(120, account, [LONG.format(number) for number in range(60)])


def full_width() -> Report:
    return followed(60, kanji, [f"{kanji(place)}/{kanji(place + 100)}" for place in range(15)])


def one() -> Report:
    return Report.of(make_snapshot([("000000000042", "one", "Sandbox", "CLOSED", "ACTIVE")]))


def agreeing() -> Report:
    return Report.of(agreeing_snapshot(), history=[older_snapshot()])


@pytest.fixture(scope="module")
def reports(hostile_report: Report) -> dict[str, Report]:
    """Return a report of each kind of organization; they are only read."""
    made = {"one": one(), "agreeing": agreeing(), "long": long_names(), "full width": full_width()}
    return made | {"hostile": hostile_report}


def box(shape: Any) -> Box:
    left, top = shape.left / EMU, shape.top / EMU
    return left, top, left + shape.width / EMU, top + shape.height / EMU


def meet(one: Box, other: Box) -> bool:
    near = 0.02
    return (
        one[0] < other[2] - near
        and other[0] < one[2] - near
        and one[1] < other[3] - near
        and other[1] < one[3] - near
    )


def height_of(frame: Any, width: float) -> float:
    """Return how high the text in a frame is, at the sizes that its runs name."""
    high = 0.0
    for paragraph in frame.paragraphs:
        sizes = [run.font.size.pt for run in paragraph.runs if run.font.size]
        text = "".join(run.text for run in paragraph.runs)
        bold = any(run.font.bold for run in paragraph.runs)
        if sizes:
            high += height_needed(text, width, max(sizes), bold=bold)
    return high


def overflowing(table: Any) -> Iterator[str]:
    """Yield the cells whose text is higher than their row, which would push the table down."""
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=True):
            inside = (column.width - cell.margin_left - cell.margin_right) / EMU
            if height_of(cell.text_frame, inside) > row.height / EMU:
                yield cell.text_frame.text


def within(shape: Any, where: Box) -> Iterator[str]:
    """Yield what has no room in a shape."""
    if shape.has_text_frame and not shape.is_placeholder:
        frame = shape.text_frame
        inside = where[2] - where[0] - (frame.margin_left + frame.margin_right) / EMU
        if height_of(frame, inside) > where[3] - where[1] + 0.02:
            yield f"{shape.name} is too low for {frame.text}"
    if shape.has_table:
        yield from (f"a row is too low for {text}" for text in overflowing(shape.table))
    sizes = [int(size) / 100 for size in shape.element.xpath(".//@sz") if size.isdigit()]
    if sizes and min(sizes) < FLOOR:
        yield f"{shape.name} has text of {min(sizes)} points"


def faults(presentation: Any) -> Iterator[str]:
    """Yield what is wrong with a deck: beyond a slide, on one another, or too small."""
    across, down = presentation.slide_width / EMU, presentation.slide_height / EMU
    for number, slide in enumerate(presentation.slides, start=1):
        blocks = []
        for shape in slide.shapes:
            left, top, right, bottom = where = box(shape)
            if min(left, top) < -0.01 or right > across + 0.01 or bottom > down + 0.01:
                yield f"{number}: {shape.name} leaves the slide"
            if shape.name.startswith(BLOCKS):
                blocks.append((shape.name, where))
            yield from (f"{number}: {said}" for said in within(shape, where))
        for (name, here), (other, there) in itertools.combinations(blocks, 2):
            if meet(here, there):
                yield f"{number}: {name} and {other} are on one another"


def test_nothing_leaves_its_place_under_hostile_names(hostile_deck: Any) -> None:
    assert list(faults(hostile_deck.presentation)) == []


@pytest.mark.parametrize("kind", ["one", "agreeing", "long", "full width"])
def test_nothing_leaves_its_place_in_our_own_deck(
    kind: str, reports: dict[str, Report], make_deck: Any
) -> None:
    assert list(faults(make_deck(reports[kind]).presentation)) == []


@pytest.mark.parametrize(
    ("width", "height", "look", "kind"),
    [
        (6, 8, "", "long"),
        (9, 5, "", "hostile"),
        (10, 7.5, "two layouts", "full width"),
        (8, 6, "no room", "agreeing"),
        (13.333, 7.5, "blank", "agreeing"),
        (12, 6.75, "dark", "agreeing"),
    ],
)
def test_nothing_leaves_its_place_in_a_template(  # noqa: PLR0917 - a row of the table above
    width: float,
    height: float,
    look: str,
    kind: str,
    reports: dict[str, Report],
    make_deck: Any,
    tmp_path: Path,
) -> None:
    mine = template(tmp_path, width, height, look)
    assert list(faults(make_deck(reports[kind], template=mine).presentation)) == []
