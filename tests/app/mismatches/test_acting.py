"""Mismatches: who acts, what was left behind, since when, and how long it can be undone."""

import json
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from acting import (
    DARK,
    GONE,
    GOOD,
    LEFT,
    NAME,
    PAYER,
    STUCK,
    TODAY,
    acceptance,
    acting,
    ahead,
    left_table,
    table,
)
from reported import asked, make_snapshot
from staged import Open, words

from toolkit.app.filters import UNOWNED, narrowed_to_owner
from toolkit.app.pages import MISMATCHES
from toolkit.store import Store
from toolkit.titles import day

HOSTILE = "=1+1 **b** <i>x</i> :material/home: $x$"


@pytest.fixture
def show(shown_weeks: Path, open_page: Open) -> Open:
    """Open the page over a store of three weeks, judged by this toolkit's own rules."""
    del shown_weeks
    return partial(open_page, MISMATCHES)


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The policy file that the app was started with: owners by their tag, and one by hand."""
    (tmp_path / "owners.csv").write_text(
        f"account_id,owner\n{GONE},carol@example.com\n", encoding="utf-8"
    )
    file = tmp_path / "policy.toml"
    file.write_text('owner_tag = "owner"\nowners = "owners.csv"\n', encoding="utf-8")
    monkeypatch.setenv("ACCOUNT_PAIRS_POLICY", str(file))
    return file


def test_what_was_left_behind_stands_below_the_mismatches_with_its_govcloud_id(show: Open) -> None:
    page = show()

    assert "1 GovCloud account was left behind" in words(page).split("Show")[0]
    found = left_table(page)
    assert found is not None
    assert dict(found.loc[GONE, ["govcloud_account_id", "govcloud_shown", "standard_shown"]]) == {
        "govcloud_account_id": LEFT,
        "govcloud_shown": "Active",
        "standard_shown": "Suspended",
    }
    assert f"{found.loc[GONE, 'last_seen']:%Y-%m-%d}" == str(ahead(-7))
    assert list(found.loc[GONE, "severity_shown"]) == ["1 Critical"]
    assert "State Active, last seen" in " ".join(words(page).split())
    assert LEFT in [code.value for code in page.code]


@pytest.mark.parametrize(
    ("told", "chosen", "shown"),
    [
        (True, {"tag": "owner", "value": "carol"}, True),
        (True, {"tag": "owner", "value": "bob"}, False),
        (False, {"tag": "owner", "value": "bob"}, True),
    ],
)
def test_what_was_left_behind_is_filtered_by_the_tags_that_it_had_and_never_hidden_without(
    own_store: Path, open_page: Open, *, told: bool, chosen: dict[str, str], shown: bool
) -> None:
    stays, gone = (
        (GOOD, "Good", "Root", "ACTIVE", "ACTIVE"),
        (GONE, "G", "Root", "CLOSED", "ACTIVE"),
    )
    bob = {"account_id": GOOD, "key": "owner", "value": "bob"}
    carol = {"account_id": GONE, "key": "owner", "value": "carol"}
    before = make_snapshot([stays, gone], day=f"{ahead(-7)}")
    Store(own_store).save(asked(before, {"tags": [bob, carol]}) if told else before)
    Store(own_store).save(asked(make_snapshot([stays], day=f"{TODAY}"), {"tags": [bob]}))

    page = open_page(MISMATCHES, **chosen)

    assert (left_table(page) is not None) == shown


def test_the_section_of_its_own_has_what_was_left_behind_and_no_pair(show: Open) -> None:
    page = show(show="Left behind")

    assert [name for e in page.dataframe for name in e.value if name == "since"] == []
    assert [one.key for one in page.get("download_button")] == ["download-left-behind"]
    assert left_table(page) is not None
    assert "1 GovCloud account was left behind" in words(page)


@pytest.mark.parametrize(
    ("filters", "is_there"),
    [
        ({"severity": "Critical"}, True),
        ({"severity": "Low"}, False),
        ({"unit": "Workloads"}, True),
        ({"unit": "Retired"}, False),
        ({"find": LEFT}, True),
        ({"govcloud": "Closed"}, False),
        ({"standard": "Suspended"}, True),
    ],
)
def test_the_filters_are_of_what_was_left_behind_as_well(
    show: Open,
    filters: dict[str, str],
    is_there: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert (left_table(show(**filters)) is not None) == is_there


def test_where_nothing_was_left_behind_it_says_how_far_that_is_known(
    own_store: Path, open_page: Open
) -> None:
    pair = (GOOD, "Good", "Root", "ACTIVE", "ACTIVE")
    Store(own_store).save(make_snapshot([pair], day="2026-11-15"))
    page = open_page(MISMATCHES, show="Left behind")
    assert "There is one snapshot so far" in words(page)

    Store(own_store).save(make_snapshot([pair], day="2026-11-22"))

    page = open_page(MISMATCHES, show="Left behind")
    assert "has left the list since the snapshot of 15 November 2026." in words(page)
    assert left_table(open_page(MISMATCHES)) is None


def test_of_chosen_accounts_nobody_can_tell_what_was_left_behind(
    own_store: Path, open_page: Open
) -> None:
    pair = (GOOD, "Good", "Root", "ACTIVE", "ACTIVE")
    Store(own_store).save(make_snapshot([pair], complete=False))

    said = words(open_page(MISMATCHES, show="Left behind"))

    assert "Nobody can tell what was left behind" in said
    assert "No GovCloud account was left behind" not in said


def test_since_when_says_how_that_is_known(show: Open) -> None:
    found = table(show(show="All accounts"))

    assert f"{found.loc[PAYER, 'since']:%Y-%m-%d}" == str(TODAY)
    assert found.loc[PAYER, "since_is_shown"] == "Snapshot"
    assert f"{found.loc[STUCK, 'since']:%Y-%m-%d}" == str(ahead(-14))
    assert found.loc[STUCK, "since_is_shown"] == "At least"
    assert pd.isna(found.loc[DARK, "since"])


def test_since_when_is_the_closure_where_cloudtrail_told_it(
    own_store: Path, open_page: Open
) -> None:
    snapshot = acting(own_store)
    closed = [{"account_id": PAYER, "closed_at": f"{ahead(-3)}T10:00:00Z"}]
    Store(own_store).save(asked(snapshot, {"closures": closed}), again=True)

    page = open_page(MISMATCHES, find=PAYER)

    assert table(page).loc[PAYER, "since_is_shown"] == "Closure"
    said = words(page)
    assert f"since its closure on {day(pd.Timestamp(ahead(-3)))}" in said
    assert "in grace until" in said
    assert "can be reopened for 88 more days" in said


def test_a_pair_without_grace_speaks_of_none(show: Open) -> None:
    said = words(show(find=STUCK))

    assert "in grace" not in said
    assert "reopened for" not in said
    assert "at least since the snapshot of" in said


def test_without_an_owner_there_is_neither_column_nor_filter_nor_chart(
    own_store: Path, open_page: Open
) -> None:
    Store(own_store).save(make_snapshot([(STUCK, "Stuck", "Root", "SUSPENDED", "CLOSED")]))

    page = open_page(MISMATCHES)

    assert list(table(page).index) == [STUCK]
    assert "owner" not in table(page).columns
    assert "Owner" not in [box.label for box in page.multiselect]
    assert not page.get("plotly_chart")


@pytest.mark.usefixtures("policy")
def test_owners_are_a_column_a_filter_and_a_chart(show: Open) -> None:
    page = show()

    assert table(page).loc[PAYER, "owner"] == "ann@example.com"
    assert page.get_by_key("owner").options == ["ann@example.com", "carol@example.com", UNOWNED]
    (chart,) = page.get("plotly_chart")
    bars = [
        bar for one in json.loads(chart.proto.spec)["data"] for bar in one.get("customdata", [])
    ]
    assert ["ann@example.com", "HIGH", 1] in [bar[:3] for bar in bars]

    page.get_by_key("owner").set_value([UNOWNED]).run()

    assert list(table(page).index) == [STUCK]
    assert page.query_params["owner"] == UNOWNED
    assert left_table(page) is None


@pytest.mark.usefixtures("policy")
def test_a_link_with_an_owner_shows_what_he_answers_for(show: Open) -> None:
    page = show(owner="carol@example.com")

    assert "No mismatch fits these filters; 1 GovCloud account was left behind" in words(page)
    found = left_table(page)
    assert found is not None
    assert found.loc[GONE, "owner"] == "carol@example.com"


@pytest.mark.usefixtures("policy")
def test_what_a_click_on_a_bar_of_owners_asks_for_is_what_the_bar_counts(show: Open) -> None:
    page = show()

    for bar, account in ((("ann@example.com", "HIGH", 1), PAYER), (("", "LOW", 1), STUCK)):
        for key, value in narrowed_to_owner(bar).items():
            page.get_by_key(key).set_value(value)
        page.run()

        assert list(table(page).index) == [account]


def test_a_changed_list_of_owners_is_noticed_at_the_next_look(show: Open, policy: Path) -> None:
    page = show()

    (policy.parent / "owners.csv").write_text(
        f"account_id,owner\n{STUCK},dave@example.com\n", encoding="utf-8"
    )
    page.run()

    assert table(page).loc[STUCK, "owner"] == "dave@example.com"


def test_names_of_owners_are_shown_as_the_text_they_are(show: Open, policy: Path) -> None:
    with policy.open("a", encoding="utf-8") as file:
        file.write(acceptance(PAYER, ahead(9), reason=HOSTILE, owner=HOSTILE))
    (policy.parent / "owners.csv").write_text(
        f'account_id,owner\n{PAYER},"{HOSTILE}"\n', encoding="utf-8"
    )

    page = show(show="Accepted")

    assert table(page).loc[PAYER, ["owner", "accepted_by_shown"]].tolist() == [HOSTILE, HOSTILE]
    assert f"accepted by {HOSTILE} until" in words(page)
    bodies = "".join(e.proto.body for e in page.get("html"))
    assert "<i>x</i>" not in bodies
    assert not any("material/home" in element.value for element in page.markdown)


def test_accepted_ones_are_at_the_end_with_their_severity(show: Open, policy: Path) -> None:
    with policy.open("a", encoding="utf-8") as file:
        file.write(acceptance(PAYER, ahead(9)))

    page = show()

    assert list(table(page).index) == [STUCK, PAYER]
    assert table(page).loc[PAYER, "severity_shown"] == ["2 High"]
    assert "1 more accepted" in words(page)
    assert NAME in table(page)["name"].tolist()


@pytest.mark.usefixtures("policy")
def test_where_nothing_is_accepted_it_says_how_to(show: Open) -> None:
    assert "No mismatch of this snapshot is accepted." in words(show(show="Accepted"))
