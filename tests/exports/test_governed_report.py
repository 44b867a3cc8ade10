"""What a report says of owners, acceptances, grace, and what was left behind."""

from dataclasses import replace

import pandas as pd
from governed import HOSTILE_OWNER, OVERVIEW, acceptances, accepted
from reported import asked, older_snapshot, small_snapshot, witnessed_snapshot

from toolkit import titles
from toolkit.exports import Report
from toolkit.text import shorten_middle
from toolkit.verdicts import Policy


def test_the_headline_counts_what_is_open_and_says_what_is_beside_it(governed: Report) -> None:
    report = governed
    assert titles.title_overview(report.pairs, report.left_behind) == OVERVIEW
    assert (report.figures.mismatches, report.figures.accepted) == (1, 1)
    assert report.left_behind["govcloud_account_id"].tolist() == ["900000000006"]
    assert report.left_behind_counts == {report.before: 0, report.snapshot.taken: 1}


def test_the_method_says_what_became_of_each_acceptance_and_who_owns_what(governed: Report) -> None:
    said = dict(governed.method)
    assert said["Acceptances"] == (
        "3 entries of policy.toml: 1 in force, for 1 account; 1 has ended;"
        " 1 matches nothing (number 3)"
    )
    assert said["Owners"] == (
        "by the tag owner and by 2 rows of policy.toml; known of 2 of 2 mismatches"
    )
    assert said["Left the list"] == (
        "1 pair left behind, by 2 snapshots, the oldest of 15 November 2026"
    )


def test_the_method_explains_grace_and_counts_those_in_it(governed: Report) -> None:
    said = dict(governed.method)["Grace"]
    assert "30 days for Active → Pending activation" in said
    assert "31 days for Closed → Pending activation, Closed → Active and 1 more" in said
    assert said.endswith("; 1 mismatch is in grace")


def test_without_grace_in_the_rules_nothing_is_said_of_it() -> None:
    rules = Policy().rules.assign(grace_days=0)
    said = dict(Report.of(small_snapshot(), policy=Policy(rules)).method)
    assert not {"Grace", "Acceptances", "Owners"} & set(said)


def test_at_least_since_is_explained_with_and_without_closures() -> None:
    with_closures = dict(Report.of(witnessed_snapshot()).method)["Time"]
    without = dict(Report.of(small_snapshot()).method)["Time"]
    assert "what follows a closure is counted from it" in with_closures
    assert "known from snapshots alone" in without
    for said in (with_closures, without):
        assert "“at least since” (≤) is said where the oldest snapshot" in said


def test_a_selection_has_nothing_left_behind_and_says_so(governed: Report) -> None:
    whole = governed
    chosen = whole.only(whole.pairs.head(2), "Only two")
    assert chosen.left_behind.empty
    assert not chosen.counts_left_behind
    assert dict(chosen.method)["Left the list"] == (
        "what was left behind is not part of this selection; 1 pair left behind in the whole"
        " organization"
    )


def test_a_chosen_list_of_accounts_cannot_tell_what_was_left_behind() -> None:
    report = Report.of(small_snapshot(complete=False), history=[older_snapshot()])
    assert dict(report.method)["Left the list"] == (
        "not known: only a list of the whole organization shows who has left it"
    )
    assert not report.counts_left_behind


def test_what_is_left_behind_and_accepted_stands_last() -> None:
    policy = Policy(
        acceptances=acceptances(accepted(1, "100000000006", "CLOSED/ACTIVE", "2027-01-31"))
    )
    older = older_snapshot()
    govcloud = older.govcloud.copy()
    two = govcloud["account_id"] == "100000000002"
    govcloud.loc[two, "govcloud_state"] = "SUSPENDED"
    older = replace(older, tables={**older.tables, "govcloud": govcloud})
    now = small_snapshot()
    gone = {
        name: table[table["account_id"] != "100000000002"]
        for name, table in now.tables.items()
        if name in ("accounts", "govcloud")
    }
    now = replace(now, tables={**now.tables, **gone})
    left = Report.of(now, history=[older], policy=policy).left_behind
    assert left["account_id"].tolist() == ["100000000002", "100000000006"]
    assert left["severity"].tolist() == ["HIGH", "CRITICAL"]
    said = dict(Report.of(now, history=[older], policy=policy).method)
    assert said["Left the list"].startswith("1 pair left behind, 1 more accepted, by 2 snapshots")


def test_actions_name_the_owners_and_count_no_accepted_pair(governed: Report) -> None:
    table = governed.actions
    assert table["accounts"].tolist() == [1]
    assert table["who"].tolist() == ["Ada (1)"]


def test_many_owners_are_counted_after_the_first_and_long_names_are_short(governed: Report) -> None:
    report = governed
    row = report.pairs[report.pairs["name"] == "two"]
    owners = ["b" * 90, "b" * 90, "Ada", "Eve", "Bob", "Cy", None, None]
    many = pd.concat([row] * len(owners), ignore_index=True)
    ids = [f"{number:012d}" for number in range(len(owners))]
    many = many.assign(account_id=ids, owner=pd.Series(owners, dtype="str"))
    (who,) = report.only(many, "Many").actions["who"]
    shortened = shorten_middle("b" * 90, 32)
    assert who == f"{shortened} (2), Ada (1), Bob (1) and 2 more; 2 without an owner"


def test_spend_of_what_is_accepted_is_in_no_action() -> None:
    spend = [
        {
            "account_id": account,
            "month": "2026-10",
            "amount": 100.0,
            "unit": "USD",
            "is_estimated": False,
        }
        for account in ("100000000003", "100000000004")
    ]
    rows = small_snapshot()
    govcloud = rows.govcloud.copy()
    both = govcloud["account_id"].isin(["100000000003", "100000000004"])
    govcloud.loc[both, "govcloud_state"] = "SUSPENDED"
    accounts = rows.accounts.assign(standard_state="ACTIVE")
    tables = {**rows.tables, "govcloud": govcloud, "accounts": accounts}
    snapshot = asked(replace(rows, tables=tables), {"spend": spend})
    policy = Policy(
        acceptances=acceptances(accepted(1, "100000000003", "ACTIVE/SUSPENDED", "2027-01-31"))
    )
    table = Report.of(snapshot, policy=policy).actions
    assert list(zip(table["accounts"], table["spend"], strict=True)) == [(1, "100 USD")]


def test_ages_grace_and_the_days_to_reopen_stand_beside_pairs(governed: Report) -> None:
    report = governed
    rows = report.dated(report.mismatches).set_index("name")
    assert rows["Days so"].to_dict() == {"two": 0, "three": 7}
    assert rows.loc["two", "In grace until"] == pd.Timestamp("2026-12-23T03:00Z")
    assert pd.isna(rows.loc["three", "In grace until"])
    assert rows.loc["two", "Reopening"] == "can be reopened for at most 90 more days"
    assert pd.isna(rows.loc["three", "Reopening"])


def test_each_owner_has_a_report_that_says_of_how_many(governed: Report) -> None:
    found = dict(governed.by_owner())
    assert list(found) == [HOSTILE_OWNER, "Ada"]
    assert found["Ada"].note == "Mismatches of Ada: 1 of 1 mismatch"
    assert found["Ada"].pairs["name"].tolist() == ["two"]
    assert found["Ada"].left_behind.empty
    assert found[HOSTILE_OWNER].note == f"Mismatches of {HOSTILE_OWNER}: 0 of 1 mismatch"
    assert found[HOSTILE_OWNER].pairs["name"].tolist() == ["three"]
    assert found[HOSTILE_OWNER].left_behind["name"].tolist() == ["six"]
    assert dict(found[HOSTILE_OWNER].method)["Left the list"] == (
        "1 pair left behind; 1 pair left behind in the whole organization"
    )


def test_what_nobody_owns_is_a_report_of_its_own() -> None:
    whole = Report.of(small_snapshot(), history=[older_snapshot()])
    ((owner, report),) = whole.by_owner()
    assert owner == ""
    assert report.note == "Mismatches without an owner: 2 of 2 mismatches"
    assert len(report.left_behind) == 1
