"""An organization that is told on another day: its times move along, and nothing else does."""

from datetime import date, timedelta
from typing import Any

from toolkit.emulator import REFERENCE_DAY, make_organization, told_on

DAY = date(2028, 2, 29)
BY = DAY - REFERENCE_DAY


def moved(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [row | {name: row[name] and row[name] + BY for name in names} for row in rows]


def test_every_time_moves_with_the_day_and_bills_stay_those_of_whole_months() -> None:
    made = make_organization()
    told = told_on(made, DAY)

    assert told.day == DAY
    assert told.pairs() == moved(made.pairs(), "joined_at")
    assert told.witness() == moved(made.witness(), "joined_at")
    assert told.created() == moved(made.created(), "requested_at", "completed_at")
    assert told.closures() == moved(made.closures(), "closed_at")
    months = {"2026-08": "2027-11", "2026-09": "2027-12", "2026-10": "2028-01"}
    assert told.spend() == [row | {"month": months[row["month"]]} for row in made.spend()]
    assert (told.tags(), told.contacts(), told.links()) == (
        made.tags(),
        made.contacts(),
        made.links(),
    )
    assert told.govcloud_organization_id == made.govcloud_organization_id


def test_an_organization_told_on_its_own_day_is_itself() -> None:
    made = make_organization(4)

    assert told_on(made, REFERENCE_DAY) is made
    assert told_on(made, REFERENCE_DAY + timedelta(days=1)) is not made
