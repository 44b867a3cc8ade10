"""The picker of organizations: whose snapshots are on screen, and what a link to one shows."""

import re
from pathlib import Path

import pytest
from acting import ahead
from staged import Open, words
from streamlit.testing.v1 import AppTest
from three_organizations import CALM, OLD, WORST, a_day

from toolkit.app.pages import LINKS, TRENDS
from toolkit.store import Store
from toolkit.titles import day


def pickers(page: AppTest) -> list[str]:
    return [box.label for box in page.selectbox]


def is_shown(page: AppTest, organization: str, days_ago: int) -> bool:
    """Tell whether the page shows that organization's snapshot of so many days ago."""
    taken = ahead(-days_ago)
    age = "less than an hour|1 hour|[0-9]+ (hours|days)|1 day"
    said = f"Snapshot of {taken.day} {taken:%B %Y}, 03:00 UTC, ({age}) old · {organization}"
    return re.search(said, words(page)) is not None


@pytest.mark.usefixtures("shown_demo")
def test_of_a_single_organization_there_is_none(open_page: Open) -> None:
    page = open_page(LINKS)

    assert pickers(page) == ["Accounts of", "Snapshot"]
    assert "organization" not in page.query_params


@pytest.mark.usefixtures("shown_three")
def test_one_of_several_is_chosen_and_stands_in_the_address(open_page: Open) -> None:
    page = open_page(LINKS)
    assert pickers(page) == ["Accounts of", "Organization", "Snapshot"]
    assert page.get_by_key("organization").options == [CALM, OLD, WORST]
    assert is_shown(page, CALM, 1)
    assert page.query_params["organization"] == CALM

    page.get_by_key("organization").set_value(OLD).run()

    assert is_shown(page, OLD, 20)
    assert page.query_params["organization"] == OLD
    assert page.get_by_key("snapshot").options == ["Newest", f"{ahead(-20)} 03:00"]
    assert "This store holds no" not in words(page)


@pytest.mark.usefixtures("shown_three")
@pytest.mark.parametrize(
    ("address", "organization", "days_ago"),
    [
        ({"organization": WORST}, WORST, 1),
        ({"organization": WORST, "snapshot": "{8} 03:00"}, WORST, 8),
        ({"snapshot": "{20} 03:00"}, OLD, 20),
        ({"snapshot": "{8} 03:00:00 o-worst"}, WORST, 8),
        ({"snapshot": "{1} 03:00:00"}, CALM, 1),
        ({"snapshot": "Newest"}, CALM, 1),
    ],
    ids=["organization", "both", "snapshot alone", "both in one, as once", "second", "newest"],
)
def test_a_link_shows_the_organization_that_it_means(
    open_page: Open, address: dict[str, str], organization: str, days_ago: int
) -> None:
    for days in (1, 8, 20):
        address = {
            name: one.replace(f"{{{days}}}", f"{ahead(-days)}") for name, one in address.items()
        }

    page = open_page(LINKS, **address)

    assert is_shown(page, organization, days_ago)
    assert "This store holds no" not in words(page)


@pytest.mark.usefixtures("shown_three")
def test_an_organization_that_the_address_names_and_the_store_lacks_is_said_once(
    open_page: Open,
) -> None:
    page = open_page(LINKS, organization="o-nobody")
    assert "This store holds no organization 'o-nobody'." in words(page)
    assert is_shown(page, CALM, 1)

    assert "This store holds no" not in words(page.run())


@pytest.mark.usefixtures("shown_three")
def test_an_earlier_snapshot_of_one_is_not_chosen_of_the_other(open_page: Open) -> None:
    page = open_page(LINKS)
    page.get_by_key("snapshot").set_value(f"{ahead(-8)} 03:00").run()
    assert is_shown(page, CALM, 8)

    page.get_by_key("organization").set_value(WORST).run()

    assert is_shown(page, WORST, 1)
    assert "snapshot" not in page.query_params


@pytest.mark.usefixtures("shown_three")
def test_a_link_to_an_earlier_snapshot_stays_with_the_organization_on_screen(
    open_page: Open,
) -> None:
    page = open_page(LINKS, organization=WORST)

    page.query_params["snapshot"] = f"{ahead(-8)} 03:00"
    page.run()

    assert is_shown(page, WORST, 8)


@pytest.mark.usefixtures("shown_three", "shown_demo")
def test_another_store_knows_nothing_of_the_organization(open_page: Open) -> None:
    page = open_page(LINKS, organization=WORST, snapshot=f"{ahead(-8)} 03:00")

    page.get_by_key("store").set_value("Demo organization").run()

    assert pickers(page) == ["Accounts of", "Snapshot"]
    assert "organization" not in page.query_params
    assert "This store holds no" not in words(page)


@pytest.mark.usefixtures("shown_three")
def test_the_history_is_that_of_one_organization(open_page: Open) -> None:
    page = open_page(TRENDS, organization=WORST)

    assert page.get_by_key("before").options == [f"{ahead(-8)} 03:00"]
    assert page.get_by_key("after").options == [f"{ahead(-1)} 03:00"]


def test_damage_of_one_is_said_beside_it_alone(own_three: Path, open_page: Open) -> None:
    damaged = min(own_three.glob(f"runs/*{WORST}/*.json"))
    damaged.write_text("{", encoding="utf-8")

    assert str(damaged) in words(open_page(LINKS, organization=WORST))
    assert str(damaged) not in words(open_page(LINKS, organization=CALM))


def test_an_organization_of_which_nothing_can_be_read_leaves_the_others_a_choice_away(
    own_three: Path, open_page: Open
) -> None:
    for one in own_three.glob(f"runs/*{CALM}/*.json"):
        one.write_text("{", encoding="utf-8")
    page = open_page(LINKS)
    assert "is not a manifest that can be read" in words(page)
    assert "Snapshot of" not in words(page)

    page.get_by_key("organization").set_value(OLD).run()

    assert is_shown(page, OLD, 20)


def test_a_second_organization_is_there_once_it_is_collected(
    own_store: Path, open_page: Open
) -> None:
    store = Store(own_store)
    store.save(a_day(CALM, 1))
    page = open_page(LINKS)
    assert pickers(page) == ["Accounts of", "Snapshot"]

    taken = store.save(a_day(WORST, 8)).taken

    page.run().get_by_key("organization").set_value(WORST).run()
    assert f"Snapshot of {day(taken)}" in words(page)
