"""Tables that are too long for one slide, and rows too long for one line."""

import pytest

from toolkit.exports.deck.rows import Laid, laid_out
from toolkit.exports.deck.stage import Area, open_stage
from toolkit.exports.deck.tables import Head, add_table, paged, severity_cell


@pytest.mark.parametrize("room", [room / 10 for room in range(10, 40)])
def test_each_slide_has_room_for_as_many_rows_since_each_has_a_head(room: float) -> None:
    rows = [[f"row {number}"] for number in range(50)]

    *full, last = paged(open_stage(), 6.0, [Head("What", wrap=True)], rows, room)

    assert [row for page in [*full, last] for row in page] == rows
    assert len({len(page) for page in full}) == 1
    assert len(last) <= len(full[0])


NAMES = [f"Contoso Manufacturing North America Production Account {n:02d} of it" for n in range(12)]
HEADS = [
    Head("Severity", whole=True),
    Head("Account", whole=True),
    Head("Name"),
    Head("Why", wrap=True),
]


def laid(room: float, width: float = 7.0) -> Laid:
    """Lay out a table of twelve long names and a reason each."""
    stage = open_stage()
    why = "The payer is closed while GovCloud is active: it is billed to nobody"
    rows = [[severity_cell(stage, "HIGH"), "100000000001", name, why] for name in NAMES]
    return laid_out(stage, width, room, HEADS, rows, size=11, least=[0.34] * 13)


def test_text_wraps_before_it_is_set_smaller_and_is_set_smaller_before_any_is_cut() -> None:
    names = [[row[2].text for row in laid(room).rows[1:]] for room in (9.0, 5.5, 3.5)]
    sizes = [laid(room).size for room in (9.0, 5.5, 3.5)]
    assert names[:2] == [NAMES, NAMES]
    assert sizes[0] == 11
    assert 8.5 <= sizes[1] < 11
    assert all("…" in name for name in names[2])
    assert len(set(names[2])) == 12


def test_however_little_room_there_is_no_table_takes_more_and_no_id_is_cut() -> None:
    for room in (2.6, 3.0, 4.0, 5.0, 6.0, 9.0):
        assert sum(laid(room).heights) <= room + 0.001
    tight = laid(3.0)
    assert {row[1].text for row in tight.rows[1:]} == {"100000000001"}
    assert {row[0].text for row in tight.rows[1:]} == {"▲ High"}


def test_columns_fill_the_width_and_names_have_what_ids_leave() -> None:
    for width in (5.0, 7.0, 12.0):
        widths = laid(6.0, width).widths
        assert sum(widths) == pytest.approx(width)
        assert min(widths) > 0.4
    severity, account, *_ = laid(9.0, 12.0).widths
    assert severity < account < 1.3


@pytest.mark.parametrize("count", [12, 13])
def test_a_table_ends_above_the_word_on_what_the_slide_does_not_show(count: int) -> None:
    stage = open_stage()
    slide = stage.presentation.slides.add_slide(stage.content)
    rows = [["東京" * 30, "東京" * 40] for _ in range(count)]
    heads = [Head("Name"), Head("Unit", path=True)]
    area = Area(stage.body.left, stage.body.top, 6.0, stage.body.height)
    frame = add_table(stage, slide, area, heads, rows, alt="")
    heights = [row.height for row in frame.table.rows]
    assert (frame.top + sum(heights)) / 914_400 <= stage.remark.top + 0.01
    assert frame.height == pytest.approx(sum(heights), abs=20)
