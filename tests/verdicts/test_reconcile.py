"""Reconciling: every finding by value, and nothing claimed of what was not seen."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from witnessed import DENIED, creation, govcloud, lone, member, pair, rows_of, standard, witnessed

import toolkit as tk
from toolkit import schema
from toolkit.errors import InputError, SchemaError
from toolkit.schema import STANDARD_STATES, CallerKind, Finding, Outcome
from toolkit.store import Snapshot
from toolkit.verdicts import default_reconcile_rules, reconcile, seen_findings


def row(snapshot: Snapshot, number: int, history: Any = None) -> dict[str, Any]:
    """Return the row of one GovCloud account."""
    return rows_of(reconcile(snapshot, history))[govcloud(number)]


def said(found: dict[str, Any]) -> tuple[Any, Any]:
    """Return finding and severity of a row."""
    return found["finding"], found["severity"]


def test_a_pair_agrees_where_both_sides_give_the_same_state() -> None:
    states = dict(enumerate(["PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "CLOSED"]))
    pairs, members = ([of(*one) for one in states.items()] for of in (pair, member))
    rows = rows_of(reconcile(witnessed(pairs, members)))
    for number, state in states.items():
        found = rows[govcloud(number)]
        assert said(found) == ("AGREE", None)
        assert (found["account_id"], found["state_by_pair"], found["state_by_witness"]) == (
            standard(number),
            state,
            state,
        )
        assert found["action"] == "Nothing to do."


def test_two_states_that_differ_disagree_and_closing_is_no_alarm() -> None:
    cases = [
        ("CLOSED", "ACTIVE", "MEDIUM"),
        ("ACTIVE", "SUSPENDED", "MEDIUM"),
        ("ACTIVE", "CLOSED", "MEDIUM"),
        ("ACTIVE", "PENDING_ACTIVATION", "LOW"),
        ("ACTIVE", "PENDING_CLOSURE", None),
        ("SUSPENDED", "PENDING_CLOSURE", None),
    ]
    pairs = [pair(number, by_pair) for number, (by_pair, _, _) in enumerate(cases)]
    members = [member(number, by_witness) for number, (_, by_witness, _) in enumerate(cases)]
    rows = rows_of(reconcile(witnessed(pairs, members)))
    for number, (by_pair, by_witness, severity) in enumerate(cases):
        found = rows[govcloud(number)]
        assert said(found) == ("STATE_DISAGREES", severity)
        assert (found["state_by_pair"], found["state_by_witness"]) == (by_pair, by_witness)


def test_a_pair_that_the_witness_lacks_is_outside_unless_it_is_closed() -> None:
    cases = {
        "ACTIVE": ("NOT_IN_GOVCLOUD_ORGANIZATION", "HIGH"),
        "SUSPENDED": ("NOT_IN_GOVCLOUD_ORGANIZATION", "MEDIUM"),
        "PENDING_ACTIVATION": ("NOT_IN_GOVCLOUD_ORGANIZATION", "LOW"),
        "CLOSED": ("AGREE", None),
    }
    pairs = [pair(number, state) for number, state in enumerate(cases)]
    rows = rows_of(reconcile(witnessed(pairs, [])))
    assert {row["state_by_pair"]: said(row) for row in rows.values()} == cases
    assert [row["state_by_witness"] for row in rows.values()] == [None] * len(cases)
    assert rows[govcloud(len(cases) - 1)]["meaning"] == (
        "It is closed; closed accounts leave the GovCloud organization's list after a while."
    )


def test_a_state_that_nobody_knows_gives_no_finding_and_says_which() -> None:
    cases: list[tuple[str | None, list[str | None], str]] = [
        ("LOCKED", ["ACTIVE"], "Its state by the pair is missing, or a word"),
        (None, ["ACTIVE"], "Its state by the pair is missing, or a word"),
        # Only Organizations has this word: where the look-up gives it, something is new.
        ("PENDING_CLOSURE", ["PENDING_CLOSURE"], "Its state by the pair is missing"),
        ("ACTIVE", ["LOCKED"], "Its state in the GovCloud organization's list is"),
        ("ACTIVE", [None], "Its state in the GovCloud organization's list is missing"),
        ("LOCKED", ["LOCKED"], "Neither state can be compared: each is missing, or a"),
        (
            "LOCKED",
            [],
            "It is not in the GovCloud organization's list, which closed accounts leave",
        ),
    ]
    pairs = [pair(number, by_pair) for number, (by_pair, _, _) in enumerate(cases)]
    members = [member(n, state) for n, (_, states, _) in enumerate(cases) for state in states]
    rows = rows_of(reconcile(witnessed(pairs, members)))
    for number, (_, _, meaning) in enumerate(cases):
        assert said(rows[govcloud(number)]) == (None, None)
        assert rows[govcloud(number)]["meaning"].startswith(meaning)


def test_a_member_that_no_listed_account_pays_for_is_without_a_pair() -> None:
    cases = {
        "ACTIVE": "HIGH",
        "SUSPENDED": "MEDIUM",
        "PENDING_ACTIVATION": "MEDIUM",
        "LOCKED": "MEDIUM",
        None: "MEDIUM",
        "PENDING_CLOSURE": "LOW",
        "CLOSED": None,
    }
    members = [member(number, state) for number, state in enumerate(cases, 3)]
    rows = rows_of(reconcile(witnessed([pair(1), lone(2)], [member(1), *members])))
    for number, severity in enumerate(cases.values(), 3):
        found = rows[govcloud(number)]
        assert said(found) == ("WITHOUT_PAIR", severity)
        assert (found["account_id"], found["state_by_pair"]) == (None, None)


@pytest.mark.parametrize(
    ("taken", "meaning"),
    [
        (
            lambda: witnessed([pair(1), lone(2, Outcome.ACCESS_DENIED)], [member(7)]),
            "but 1 look-up gave no answer, and it may be the pair of one of those accounts.",
        ),
        (
            lambda: witnessed([lone(n, Outcome.THROTTLED) for n in range(1200)], [member(7)]),
            "but 1,200 look-ups gave no answer",
        ),
        (lambda: witnessed([pair(1)], [member(7)], listed=[2]), "but 1 look-up gave no answer"),
        (
            lambda: witnessed([{**pair(1), "govcloud_account_id": None}], [member(7)]),
            "but 1 look-up gave no answer",
        ),
        (
            lambda: witnessed([pair(1)], [member(7)], complete=False),
            "does not have the whole organization",
        ),
        (
            lambda: witnessed([pair(1)], [member(7)], caller=CallerKind.MEMBER),
            "does not have the whole organization",
        ),
    ],
)
def test_without_a_pair_is_claimed_only_where_every_account_was_looked_up(
    taken: Callable[[], Snapshot], meaning: str
) -> None:
    found = row(taken(), 7)
    assert said(found) == (None, None)
    assert meaning in found["meaning"]
    assert found["state_by_witness"] == "ACTIVE"


def test_what_an_account_that_left_the_list_has_left_here_is_found() -> None:
    cases = {
        "ACTIVE": "CRITICAL",
        "SUSPENDED": "HIGH",
        "PENDING_ACTIVATION": "HIGH",
        "LOCKED": "HIGH",
        "PENDING_CLOSURE": "LOW",
        "CLOSED": None,
    }
    before = witnessed([pair(number) for number in range(1, 9)], day="2026-11-15")
    members = [member(number, state) for number, state in enumerate(cases, 2)]
    rows = rows_of(reconcile(witnessed([pair(1)], [member(1), *members]), [before]))
    for number, severity in enumerate(cases.values(), 2):
        found = rows[govcloud(number)]
        assert said(found) == ("PAIR_LEFT_LIST", severity)
        assert found["account_id"] == standard(number)
        assert found["state_by_pair"] is None


def test_who_left_is_known_from_the_newest_snapshot_that_has_it() -> None:
    history = [
        witnessed([pair(1)], day="2026-11-20"),
        witnessed([pair(7, of=9)], day="2026-11-01"),
        witnessed([pair(8, of=9)], day="2026-11-10"),
        witnessed([pair(5, of=9)], day="2026-11-29"),  # which is not earlier
    ]
    found = row(witnessed([pair(1)], [member(1), member(9)]), 9, history)
    assert said(found) == ("PAIR_LEFT_LIST", "CRITICAL")
    assert found["account_id"] == standard(8)


def test_an_account_that_left_counts_where_it_was_chosen_and_though_a_look_up_is_missing() -> None:
    before = witnessed([pair(7)], day="2026-11-15", complete=False)
    now = witnessed([pair(1), lone(2, Outcome.UNAVAILABLE)], [member(7)])
    assert said(row(now, 7, [before])) == ("PAIR_LEFT_LIST", "CRITICAL")


def test_where_the_list_is_not_whole_nothing_has_left_it() -> None:
    before = witnessed([pair(7)], day="2026-11-15")
    now = witnessed([pair(1)], [member(7)], complete=False)
    assert said(row(now, 7, [before])) == (None, None)


def test_a_pair_that_came_apart_is_without_a_pair_and_names_the_account() -> None:
    before = witnessed([pair(7)], day="2026-11-15")
    found = row(witnessed([lone(7)], [member(7)]), 7, [before])
    assert said(found) == ("WITHOUT_PAIR", "HIGH")
    assert found["account_id"] == standard(7)
    assert found["meaning"].endswith(f"In an older snapshot it is the pair of {standard(7)}.")


def test_a_snapshot_without_a_store_and_a_history_has_nothing_left_behind() -> None:
    assert said(row(witnessed([pair(1)], [member(7)]), 7)) == ("WITHOUT_PAIR", "HIGH")


def test_a_member_that_was_created_with_an_account_that_has_no_pair() -> None:
    cases = {
        "ACTIVE": "HIGH",
        "SUSPENDED": "MEDIUM",
        "PENDING_ACTIVATION": "MEDIUM",
        "LOCKED": "MEDIUM",
        "PENDING_CLOSURE": "LOW",
        "CLOSED": None,
    }
    members = [member(number, state) for number, state in enumerate(cases)]
    creations = [creation(20 + number, number) for number in range(len(cases))]
    pairs = [lone(20 + number) for number in range(len(cases))]
    rows = rows_of(reconcile(witnessed(pairs, members, creations)))
    for number, (state, severity) in enumerate(cases.items()):
        found = rows[govcloud(number)]
        assert said(found) == ("CREATED_BUT_NOT_PAIRED", severity)
        assert (found["account_id"], found["state_by_witness"]) == (standard(20 + number), state)


def test_an_account_that_is_paired_with_another_than_it_was_created_with_names_that() -> None:
    found = row(witnessed([pair(2)], [member(2)], [creation(2, 7)]), 7)
    assert said(found) == ("CREATED_BUT_NOT_PAIRED", "MEDIUM")
    assert found["meaning"] == (
        "AWS created it together with a standard account that is not paired with it."
        f" That account is paired with {govcloud(2)}."
    )
    assert (found["state_by_pair"], found["state_by_witness"]) == (None, None)


def test_what_was_created_but_not_paired_is_found_without_a_witness() -> None:
    found = reconcile(witnessed([pair(1), lone(2)], creations=[creation(2, 7)]))
    assert found["finding"].astype("object").tolist()[0] == "CREATED_BUT_NOT_PAIRED"
    assert found["finding"].isna().tolist() == [False, True]


def test_what_an_account_that_left_was_created_with_comes_first_from_the_older_snapshot() -> None:
    before = witnessed([pair(7)], day="2026-11-15")
    now = witnessed([lone(2)], [member(7)], [creation(2, 7)])
    found = row(now, 7, [before])
    assert said(found) == ("PAIR_LEFT_LIST", "CRITICAL")
    assert found["account_id"] == standard(7)
    assert found["meaning"].endswith(f"AWS created it together with {standard(2)}.")


def test_a_member_created_with_an_account_that_is_not_listed_is_without_a_pair() -> None:
    found = row(witnessed([pair(1)], [member(7)], [creation(2, 7)]), 7)
    assert said(found) == ("WITHOUT_PAIR", "HIGH")
    assert found["account_id"] == standard(2)
    assert found["meaning"].endswith(
        f"AWS created it together with {standard(2)}, which is not listed."
    )


def test_a_creation_whose_account_was_not_seen_claims_nothing() -> None:
    now = witnessed([lone(2, Outcome.UNAVAILABLE)], [member(7)], [creation(2, 7), creation(2, 8)])
    listed, unlisted = row(now, 7), row(now, 8)
    assert said(listed) == said(unlisted) == (None, None)
    assert listed["account_id"] == unlisted["account_id"] == standard(2)
    assert listed["meaning"].endswith(
        f"AWS created it together with {standard(2)}, whose look-up gave no answer."
    )
    assert unlisted["meaning"] == (
        "AWS created it together with a standard account whose look-up gave no answer."
    )


def test_a_creation_that_tells_of_no_pair_gives_no_row() -> None:
    creations = [
        creation(2, 7, "IN_PROGRESS"),
        creation(2, 8, "FAILED"),
        {**creation(2, 9), "govcloud_account_id": None},
        {**creation(2, 10), "account_id": None},
        creation(5, 11),  # whose account is not listed, and whose GovCloud account nobody lists
    ]
    assert list(rows_of(reconcile(witnessed([lone(2)], [], creations)))) == []


def test_a_creation_that_became_the_pair_says_nothing_more() -> None:
    found = row(witnessed([pair(2)], [member(2)], [creation(2, 2)]), 2)
    assert (found["finding"], found["meaning"]) == ("AGREE", "Both sides give the same state.")


def test_a_pair_whose_creation_names_another_account_says_so() -> None:
    found = row(witnessed([pair(2), lone(3)], [member(2)], [creation(3, 2)]), 2)
    assert found["meaning"] == (
        f"Both sides give the same state. AWS created it together with {standard(3)}."
    )
    unwitnessed = row(witnessed([pair(2), lone(3)], creations=[creation(3, 2)]), 2)
    assert (said(unwitnessed), unwitnessed["account_id"]) == ((None, None), standard(2))


@pytest.mark.parametrize(
    ("sources", "meaning"),
    [
        ({}, "The GovCloud organization's list was not asked: collect with --govcloud-profile."),
        (
            {"witness": DENIED},
            "The GovCloud organization's list was denied: organizations:ListAccounts is refused.",
        ),
        (
            {"witness": {"outcome": "THROTTLED", "detail": None}},
            "The GovCloud organization's list was not answered.",
        ),
    ],
)
def test_where_the_witness_was_not_seen_every_pair_says_why(
    sources: dict[str, Any], meaning: str
) -> None:
    # What came before it was denied is not the whole list, and so proves nothing.
    members = [member(1), member(7)] if sources else None
    found = reconcile(witnessed([pair(1), pair(2, "CLOSED"), lone(3)], members, sources=sources))
    assert found["govcloud_account_id"].tolist() == [govcloud(1), govcloud(2)]
    assert found["finding"].isna().all()
    assert found["severity"].isna().all()
    assert found["state_by_witness"].isna().all()
    assert found["meaning"].tolist() == [meaning, meaning]
    assert found["state_by_pair"].tolist() == ["ACTIVE", "CLOSED"]


def test_creations_that_were_denied_prove_nothing() -> None:
    now = witnessed([lone(2)], creations=[creation(2, 7)], sources={"created": DENIED})
    assert reconcile(now).empty


def test_two_accounts_with_one_govcloud_account_are_one_row_that_names_both() -> None:
    pairs = [pair(1), pair(2, "CLOSED", of=1), pair(3, of=1), pair(1)]
    found = reconcile(witnessed(pairs, [member(1)]))
    assert found["govcloud_account_id"].tolist() == [govcloud(1)]
    assert found["account_id"].tolist() == [standard(1)]
    assert found["meaning"].tolist() == [
        f"Both sides give the same state. It is paired with {standard(2)} and {standard(3)}, too."
    ]


def test_a_member_that_is_listed_twice_is_one_row_that_says_so() -> None:
    found = reconcile(witnessed([pair(1)], [member(1), member(1, "CLOSED")]))
    assert found["finding"].tolist() == ["AGREE"]
    assert found["meaning"].tolist() == [
        "Both sides give the same state. The GovCloud organization's list has it more than once."
    ]


def test_the_worst_comes_first_then_by_finding_and_id_and_what_has_none_last() -> None:
    now = witnessed(
        [pair(8), pair(1), pair(2, "LOCKED"), pair(3), pair(4), pair(6, "CLOSED")],
        [member(1), member(2), member(4, "PENDING_CLOSURE"), member(5), member(9), member(7)],
    )
    found = reconcile(now, [witnessed([pair(9)], day="2026-11-15")])
    assert [int(one[1:]) for one in found["govcloud_account_id"]] == [9, 3, 8, 5, 7, 1, 6, 4, 2]
    assert found["severity"].astype("object").tolist()[:5] == ["CRITICAL", *["HIGH"] * 4]


def test_the_table_is_reconciled_whatever_there_is() -> None:
    for snapshot in (
        witnessed([], []),
        witnessed([]),
        witnessed([pair(1)], [member(1), member(2)], [creation(1, 3)]),
    ):
        found = reconcile(snapshot)
        assert list(found.columns) == schema.RECONCILED.names
        assert found.dtypes.to_dict() == {c.name: c.dtype for c in schema.RECONCILED.columns}
        assert found.index.tolist() == list(range(len(found)))


def test_reconciling_leaves_what_it_was_given_alone() -> None:
    snapshot = witnessed([pair(1), pair(2, of=1)], [member(1), member(5)], [creation(2, 7)])
    before, rules = witnessed([pair(5)], day="2026-11-15"), default_reconcile_rules()
    copies = {name: table.copy() for name, table in snapshot.tables.items()}
    kept = before.govcloud.copy(), rules.copy()
    reconcile(snapshot, [before], rules=rules)
    for name, table in copies.items():
        pd.testing.assert_frame_equal(snapshot.tables[name], table)
    pd.testing.assert_frame_equal(before.govcloud, kept[0])
    pd.testing.assert_frame_equal(rules, kept[1])


def test_columns_of_ones_own_do_not_mix_with_those_that_are_made() -> None:
    snapshot = witnessed([pair(1), pair(2, of=1)], [member(1)], [creation(3, 1)])
    own = dict.fromkeys(("state_by_pair", "also", "times", "was", "paired", "finding"), "mine")
    tables = {name: table.assign(**own) for name, table in snapshot.tables.items()}
    found = reconcile(replace(snapshot, tables=tables))
    pd.testing.assert_frame_equal(found, reconcile(snapshot))


def test_rules_of_ones_own_are_what_it_goes_by() -> None:
    rules = default_reconcile_rules()
    mine = (rules["finding"] == "WITHOUT_PAIR") & (rules["state"] == "ACTIVE")
    rules.loc[mine, ["severity", "meaning", "action"]] = ["LOW", "Known.", "Leave it."]
    now = witnessed([pair(1)], [member(1), member(7)])
    found = rows_of(reconcile(now, rules=rules))[govcloud(7)]
    assert (found["severity"], found["meaning"], found["action"]) == ("LOW", "Known.", "Leave it.")


def test_a_history_of_another_organization_is_refused() -> None:
    other = witnessed([pair(1)], day="2026-11-15", organization="o-other")
    with pytest.raises(InputError, match="is a snapshot of another organization than o-test"):
        reconcile(witnessed([pair(1)]), [other])


@pytest.mark.parametrize("given_", [None, pd.DataFrame(), "o-test/2026"])
def test_what_is_no_snapshot_is_one_sentence(given_: Any) -> None:
    with pytest.raises(InputError, match="is no snapshot, and reconciling needs a whole one"):
        tk.reconcile(given_)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (
            lambda: default_reconcile_rules().iloc[1:],
            "The rules lack AGREE with PENDING_ACTIVATION.",
        ),
        (
            lambda: pd.concat([default_reconcile_rules(), default_reconcile_rules().iloc[:1]]),
            "The rules have AGREE with PENDING_ACTIVATION twice.",
        ),
        (lambda: default_reconcile_rules().assign(severity="BAD"), "has severity 'BAD' in row 1"),
        (
            lambda: default_reconcile_rules().replace({"state": {"CLOSED": "GONE"}}),
            "lack AGREE with CLOSED",
        ),
    ],
)
def test_rules_that_cannot_be_right_are_refused(
    rules: Callable[[], pd.DataFrame], sentence: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        reconcile(witnessed([pair(1)]), rules=rules())
    assert sentence in caught.value.message


def test_there_is_a_rule_for_every_finding_and_state_and_an_action_where_it_matters() -> None:
    rules = default_reconcile_rules()
    assert len(rules) == len(Finding) * len(STANDARD_STATES) + len(Finding)
    assert rules["meaning"].str.endswith(".").all()
    idle = rules[rules["severity"].isna() & (rules["action"] != "Nothing to do.")]
    assert list(zip(idle["finding"], idle["state"], strict=True)) == [
        ("STATE_DISAGREES", "PENDING_CLOSURE")  # it needs another look, and no alarm
    ]
    assert not (rules["severity"].notna() & (rules["action"] == "Nothing to do.")).any()


def test_who_was_created_with_a_pair_or_seen_with_one_pays_for_no_other() -> None:
    """A look-up that failed hides no more than it can: a pair is for good."""
    pairs = [pair(1), lone(2, Outcome.FAILED), lone(3, Outcome.THROTTLED)]
    members = [member(1), member(2), member(3), member(4)]
    now = witnessed(pairs, members, [creation(2, of=2)])
    unknown = reconcile(now, []).set_index("govcloud_account_id")
    assert unknown["finding"].notna().sum() == 1
    assert "1 look-up gave no answer" in unknown["meaning"][govcloud(4)]
    last_week = witnessed([pair(1), pair(3)], day="2026-11-15")
    known = reconcile(now, [last_week]).set_index("govcloud_account_id")
    assert known["finding"][govcloud(4)] == "WITHOUT_PAIR"
    for number in (2, 3):
        row = known.loc[govcloud(number)]
        assert pd.isna(row["finding"])
        assert row["account_id"] == standard(number)
        assert row["meaning"].startswith("The look-up of the account that it belonged to gave no")


STATES = st.sampled_from(["ACTIVE", "SUSPENDED", "CLOSED", "PENDING_CLOSURE", "LOCKED", None])
NUMBERS = st.integers(0, 9)
PAIRS = st.lists(
    st.one_of(
        st.builds(lambda n, of, state: pair(n, state, of=of), NUMBERS, NUMBERS, STATES),
        st.builds(lone, NUMBERS, st.sampled_from([one for one in Outcome if one != "FOUND"])),
    ),
    max_size=8,
    unique_by=lambda one: one["account_id"],
)
MEMBERS = st.none() | st.lists(st.builds(member, NUMBERS, STATES), max_size=8)
CREATIONS = st.none() | st.lists(st.builds(creation, NUMBERS, NUMBERS), max_size=4)


@settings(max_examples=12)
@given(PAIRS, MEMBERS, CREATIONS, PAIRS, st.booleans())
def test_every_account_known_to_either_side_is_one_row_and_nothing_unseen_is_claimed(
    pairs: Any, members: Any, creations: Any, older: Any, complete: Any
) -> None:
    now = witnessed(pairs, members, creations, complete=complete)
    found = reconcile(now, [witnessed(older, day="2026-11-15")])
    ids = found["govcloud_account_id"]
    paired = {one["govcloud_account_id"] for one in pairs if one["outcome"] == "FOUND"}
    listed = {one["govcloud_account_id"] for one in members or ()}
    created = {one["govcloud_account_id"] for one in creations or ()}
    assert ids.is_unique
    assert paired | listed <= set(ids) <= paired | listed | created
    assert found["meaning"].notna().all()
    assert found["action"].notna().all()
    assert not (found["finding"].isna() & found["severity"].notna()).any()
    if members is None:
        assert set(found["finding"].dropna()) <= {"CREATED_BUT_NOT_PAIRED"}
    before = [one for one in older if one["outcome"] == "FOUND"]
    known = {one["account_id"] for one in [*before, *(creations or ())]}
    silent = {one["account_id"] for one in pairs if one["outcome"] not in schema.SEEN_OUTCOMES}
    if silent - known or not complete:
        assert "WITHOUT_PAIR" not in set(found["finding"].dropna())
    accounts = {one["account_id"] for one in pairs}
    left = found[found["finding"] == "PAIR_LEFT_LIST"]
    assert complete or left.empty
    assert not set(left["account_id"]) & accounts


def test_a_finding_that_could_not_be_made_is_not_said_to_be_none() -> None:
    seen = witnessed([pair(1)], [member(1)], [])
    agreed = reconcile(seen, [])
    every = {str(one) for one in Finding}
    assert seen_findings(seen, agreed, compared=True) == every
    assert seen_findings(seen, agreed, compared=False) == every - {"PAIR_LEFT_LIST"}
    open_ = witnessed([pair(1), lone(2, Outcome.FAILED)], [member(1), member(3)], [])
    assert "WITHOUT_PAIR" not in seen_findings(open_, reconcile(open_, []), compared=True)
    unasked = witnessed([pair(1)], None, [])
    assert seen_findings(unasked, reconcile(unasked, []), compared=True) == {
        "CREATED_BUT_NOT_PAIRED"
    }
