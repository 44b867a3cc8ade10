"""GovCloud list: what both sides say of each account, and what is said where one is mute."""

from collections.abc import Callable
from pathlib import Path

import pytest
import two_organizations
from staged import Open, words
from streamlit.testing.v1 import AppTest
from two_organizations import (
    AGREEING,
    DISAGREEING,
    FINDINGS,
    LEFT,
    OUTSIDE,
    STRANGER,
    UNPAIRED,
)

from toolkit.app.pages import RECONCILE
from toolkit.app.reconcile.finding_table import ALL, NOT_TOLD, WORTH
from toolkit.schema import Finding, label
from toolkit.store import Store
from toolkit.verdicts import reconcile

Witnessed = Callable[..., Path]

NOT_ASKED = {"witness": ""}


def shown(page: AppTest) -> dict[str, str]:
    """Return the finding of each GovCloud account in the table."""
    table = page.dataframe[0].value
    return dict(zip(table["govcloud_account_id"], table["finding"], strict=True))


def counts(page: AppTest) -> dict[str, str]:
    return {card.label: card.value for card in page.metric}


def pick(page: AppTest, govcloud_account: str) -> AppTest:
    """Pick an account of the table, as a click on its row would."""
    rows = list(page.dataframe[0].value["govcloud_account_id"])
    page.session_state[page.dataframe[0].key] = {
        "selection": {"rows": [rows.index(govcloud_account)], "columns": [], "cells": []}
    }
    return page.run()


@pytest.fixture
def page(shown_witnessed: Witnessed, open_page: Open) -> AppTest:
    shown_witnessed()
    return open_page(RECONCILE, list=ALL)


def test_every_account_of_either_side_is_there_with_its_finding(page: AppTest) -> None:
    assert shown(page) == {account: label(finding) for account, finding in FINDINGS.items()}


def test_each_finding_is_counted_and_its_card_shows_its_accounts(page: AppTest) -> None:
    found = list(FINDINGS.values())
    assert counts(page) == {label(one): str(found.count(one)) for one in Finding}

    for finding in Finding:
        page.button(key=f"see-{finding}").click().run()
        assert set(shown(page).values()) == {label(finding)}
        assert len(shown(page)) == found.count(finding)
        assert page.query_params == {"list": ALL, "finding": label(finding)}


def test_at_first_it_shows_what_is_worth_a_look_worst_first(
    shown_witnessed: Witnessed, open_page: Open
) -> None:
    reconciled = reconcile(Store(shown_witnessed()).load())
    worth = reconciled[reconciled["severity"].notna()]

    page = open_page(RECONCILE)

    assert list(shown(page)) == list(worth["govcloud_account_id"])
    assert label(Finding.AGREE) not in shown(page).values()
    assert next(iter(shown(page))) == f"9{LEFT[1:]}"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"finding": "Without pair"}, [STRANGER]),
        ({"weight": "Critical"}, [f"9{LEFT[1:]}"]),
        ({"search": "OUTSIDE"}, [f"9{OUTSIDE[1:]}"]),
        ({"search": UNPAIRED}, [f"9{UNPAIRED[1:]}"]),
        ({"finding": "Agree"}, []),
    ],
)
def test_a_link_shows_what_it_says(
    shown_witnessed: Witnessed, open_page: Open, address: dict[str, str], found: list[str]
) -> None:
    shown_witnessed()

    page = open_page(RECONCILE, list=WORTH, **address)

    if found:
        assert list(shown(page)) == found
    else:
        assert "No GovCloud account fits these filters." in words(page)


def test_a_filter_that_is_chosen_is_in_the_address(page: AppTest) -> None:
    page.get_by_key("finding").set_value(["Agree"])
    page.get_by_key("search").set_value("agree")
    page.run()

    assert page.query_params == {"list": ALL, "finding": "Agree", "search": "agree"}
    assert list(shown(page)) == [f"9{AGREEING[1:]}"]


def test_a_picked_account_shows_both_sides(page: AppTest) -> None:
    said = words(pick(page, f"9{DISAGREEING[1:]}"))

    assert "What the pair says State Active" in " ".join(said.split())
    assert "What the GovCloud organization says State Suspended" in " ".join(said.split())
    for text in ("Root/Apps", "Root/Gov", "3 February 2021, invited"):
        assert text in said


def test_one_outside_the_organization_is_in_no_list(page: AppTest) -> None:
    assert "It is not in the list" in words(pick(page, f"9{OUTSIDE[1:]}"))


def test_a_creation_that_led_to_no_pair_is_told_with_its_request(page: AppTest) -> None:
    said = words(pick(page, f"9{UNPAIRED[1:]}"))

    assert f"asked for on 5 October 2026 with account {UNPAIRED}, succeeded" in said
    assert "It is not paired with this account" in said


def test_a_pair_whose_account_left_says_when_it_was_listed_last(page: AppTest) -> None:
    said = words(pick(page, f"9{LEFT[1:]}"))

    assert LEFT in said
    assert "in the snapshot of 15 November 2026" in said


def test_a_stranger_is_paired_with_nobody_that_is_known(page: AppTest) -> None:
    said = words(pick(page, STRANGER))

    assert "no account that is known" in said
    assert "gov of 55" in said
    assert not [e for e in page.get("page_link") if e.proto.label.startswith("Open the pair")]


def test_a_picked_account_leads_to_its_pair(page: AppTest) -> None:
    pick(page, f"9{AGREEING[1:]}")

    link = next(e for e in page.get("page_link") if e.proto.label.startswith("Open the pair"))
    assert link.proto.page == "mismatches"
    assert f"find={AGREEING}" in link.proto.query_string


@pytest.mark.parametrize(
    ("outcomes", "why"),
    [(NOT_ASKED, "--govcloud-profile"), ({"witness": "ACCESS_DENIED"}, "AWS denied witness")],
)
def test_where_the_list_was_not_seen_nothing_is_claimed_of_it_and_the_way_to_it_is_said(
    shown_witnessed: Witnessed, open_page: Open, outcomes: dict[str, str], why: str
) -> None:
    shown_witnessed(**outcomes)

    page = open_page(RECONCILE, list=ALL)

    assert why in words(page)
    assert "cannot be told without its own list" in words(page)
    assert set(shown(page).values()) == {NOT_TOLD, label(Finding.CREATED_BUT_NOT_PAIRED)}
    told = counts(page)
    assert told[NOT_TOLD] == "4"
    assert told["Agree"] == told["Without pair"] == told["Pair left list"] == "–"


def test_an_older_snapshot_says_that_it_has_no_such_list(own_store: Path, open_page: Open) -> None:
    Store(own_store).save(two_organizations.of_the_week_before())

    page = open_page(RECONCILE, list=ALL)

    assert "cannot be told without its own list" in words(page)
    assert set(shown(page).values()) == {NOT_TOLD}
    assert not page.exception


def test_without_any_govcloud_account_it_says_so(own_store: Path, open_page: Open) -> None:
    snapshot = two_organizations.of_the_week_before()
    alone = snapshot.govcloud.assign(
        outcome="NOT_LINKED", govcloud_account_id=None, govcloud_state=None
    ).astype(snapshot.govcloud.dtypes)
    Store(own_store).save(type(snapshot)({**snapshot.tables, "govcloud": alone}, snapshot.manifest))

    assert "No GovCloud account is known to this snapshot." in words(open_page(RECONCILE))


def test_a_damaged_list_is_one_sentence(own_store: Path, open_page: Open) -> None:
    two_organizations.save(Store(own_store))
    next(own_store.glob("witness/*/*/part.parquet")).write_bytes(b"not a table")

    page = open_page(RECONCILE)

    assert "cannot be read" in words(page)
    assert not page.exception


def test_names_are_shown_as_the_text_they_are(own_store: Path, open_page: Open) -> None:
    hostile = "**b** :material/x: <b>bold</b>"
    snapshot = two_organizations.witnessed()
    tables = {**snapshot.tables, "witness": snapshot.witness.assign(name=hostile)}
    Store(own_store).save(type(snapshot)(tables, snapshot.manifest))

    page = pick(open_page(RECONCILE, list=ALL), STRANGER)

    assert hostile in words(page)
    assert not any(hostile in element.value for element in page.markdown)


def test_a_damaged_table_of_the_history_is_named_and_read_again_once_it_is_mended(
    own_store: Path, open_page: Open
) -> None:
    two_organizations.save(Store(own_store))
    damaged = min(own_store.glob("govcloud/*/*/part.parquet"))
    content = damaged.read_bytes()
    damaged.write_bytes(b"not a table")

    page = open_page(RECONCILE, list=ALL)
    assert words(page).count(str(damaged)) == 1
    assert shown(page)[f"9{LEFT[1:]}"] == label(Finding.WITHOUT_PAIR)

    damaged.write_bytes(content)
    page.get_by_key("read-again").click().run()
    assert str(damaged) not in words(page)
    assert shown(page)[f"9{LEFT[1:]}"] == label(Finding.PAIR_LEFT_LIST)
