"""Tables that are too long for one slide."""

import pytest

from toolkit.exports.deck.stage import open_stage
from toolkit.exports.deck.tables import Head, paged


@pytest.mark.parametrize("room", [room / 10 for room in range(10, 40)])
def test_each_slide_has_room_for_as_many_rows_since_each_has_a_head(room: float) -> None:
    rows = [[f"row {number}"] for number in range(50)]

    *full, last = paged(open_stage(), 6.0, [Head("What", wrap=True)], rows, room)

    assert [row for page in [*full, last] for row in page] == rows
    assert len({len(page) for page in full}) == 1
    assert len(last) <= len(full[0])
