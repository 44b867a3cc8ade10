"""Verdicts: the rules as a table, judging pairs and links, nothing dropped and nothing guessed."""

from typing import Any

import pandas as pd
import pytest
from reported import make_snapshot, small_snapshot

from toolkit import schema
from toolkit.errors import InputError, SchemaError
from toolkit.schema import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    LinkEnds,
    LinkStatus,
    Outcome,
    Severity,
    Verdict,
)
from toolkit.verdicts import (
    default_link_rules,
    default_rules,
    judge_links,
    judge_pairs,
    link_ends,
    mismatches,
)

ONE = "000000000001"
TWO = "000000000002"
THREE = "000000000003"


def accounts(**states: str | None) -> pd.DataFrame:
    """Return accounts by id, written `a1` for 000000000001."""
    return pd.DataFrame(
        [
            {"account_id": key[1:].zfill(12), "name": f"name {key}", "standard_state": state}
            for key, state in states.items()
        ]
    )


def govcloud(**found: str) -> pd.DataFrame:
    """Return look-ups by id: a state that was found, or the outcome that was not FOUND."""
    words = [str(outcome) for outcome in Outcome]
    return pd.DataFrame(
        [
            {
                "account_id": key[1:].zfill(12),
                "govcloud_state": None if word in words else word,
                "outcome": word if word in words else "FOUND",
            }
            for key, word in found.items()
        ]
    )


def judged(standard: str | None, looked_up: str) -> Any:
    return judge_pairs(accounts(a1=standard), govcloud(a1=looked_up)).iloc[0]


EXPECTED = {
    ("PENDING_ACTIVATION", "PENDING_ACTIVATION"): None,
    ("PENDING_ACTIVATION", "ACTIVE"): "HIGH",
    ("PENDING_ACTIVATION", "SUSPENDED"): "MEDIUM",
    ("PENDING_ACTIVATION", "CLOSED"): "LOW",
    ("ACTIVE", "PENDING_ACTIVATION"): "MEDIUM",
    ("ACTIVE", "ACTIVE"): None,
    ("ACTIVE", "SUSPENDED"): "HIGH",
    ("ACTIVE", "CLOSED"): "MEDIUM",
    ("SUSPENDED", "PENDING_ACTIVATION"): "MEDIUM",
    ("SUSPENDED", "ACTIVE"): "HIGH",
    ("SUSPENDED", "SUSPENDED"): None,
    ("SUSPENDED", "CLOSED"): "LOW",
    ("PENDING_CLOSURE", "PENDING_ACTIVATION"): "MEDIUM",
    ("PENDING_CLOSURE", "ACTIVE"): "HIGH",
    ("PENDING_CLOSURE", "SUSPENDED"): "MEDIUM",
    ("PENDING_CLOSURE", "CLOSED"): "LOW",
    ("CLOSED", "PENDING_ACTIVATION"): "MEDIUM",
    ("CLOSED", "ACTIVE"): "CRITICAL",
    ("CLOSED", "SUSPENDED"): "MEDIUM",
    ("CLOSED", "CLOSED"): None,
}


@pytest.mark.parametrize(("states", "severity"), EXPECTED.items())
def test_each_combination_of_states_has_its_verdict(
    states: tuple[str, str], severity: str | None
) -> None:
    pair = judged(*states)
    assert pair["verdict"] == (Verdict.MISMATCH if severity else Verdict.MATCH)
    assert pair["severity"] == severity if severity else pd.isna(pair["severity"])


def test_every_rule_says_what_it_means_and_what_to_do() -> None:
    for rules in (default_rules(), default_link_rules()):
        for column in ("meaning", "action"):
            assert rules[column].str.endswith(".").all()
        assert rules["meaning"].is_unique


def test_the_rules_cover_every_combination_once() -> None:
    rules = default_rules()
    assert len(rules) == len(STANDARD_STATES) * len(GOVCLOUD_STATES)
    assert not rules.duplicated(["standard_state", "govcloud_state"]).any()
    links = default_link_rules()
    assert len(links) == len(LinkStatus) * len(LinkEnds)
    assert not links.duplicated(["link_status", "ends"]).any()


def test_changing_a_copy_of_the_rules_leaves_the_rules_alone() -> None:
    mine = default_rules()
    mine["severity"] = "LOW"
    assert (default_rules()["severity"] == Severity.CRITICAL).sum() == 1


@pytest.mark.parametrize(
    "outcome", [o for o in Outcome if o not in (Outcome.FOUND, Outcome.NOT_LINKED)]
)
def test_a_failed_look_up_is_unknown_never_a_match(outcome: Outcome) -> None:
    pair = judged("ACTIVE", outcome)
    assert pair["verdict"] == Verdict.UNKNOWN
    assert pd.isna(pair["severity"])
    assert pair["meaning"].endswith(".")
    assert pair["action"].endswith(".")


def test_a_denied_look_up_names_the_permission() -> None:
    assert "account:GetGovCloudAccountInformation" in judged("ACTIVE", "ACCESS_DENIED")["action"]


@pytest.mark.parametrize("standard", ["ACTIVE", "CLOSED", "SOMETHING_NEW", None])
def test_an_account_without_a_govcloud_account_is_not_linked(standard: str | None) -> None:
    assert judged(standard, "NOT_LINKED")["verdict"] == Verdict.NOT_LINKED


@pytest.mark.parametrize(
    ("standard", "looked_up", "said"),
    [
        ("SOMETHING_NEW", "ACTIVE", "The standard state"),
        (None, "ACTIVE", "The standard state"),
        ("ACTIVE", "SOMETHING_NEW", "The GovCloud state"),
        ("ACTIVE", "PENDING_CLOSURE", "The GovCloud state"),
        ("", "", "Neither state"),
    ],
)
def test_a_state_outside_the_vocabulary_is_unknown_and_kept(
    standard: str | None, looked_up: str, said: str
) -> None:
    pair = judged(standard, looked_up)
    assert pair["verdict"] == Verdict.UNKNOWN
    assert pair["meaning"].startswith(said)
    assert pair["govcloud_state"] == looked_up


def test_an_account_that_was_not_looked_up_is_kept_as_unknown() -> None:
    pairs = judge_pairs(accounts(a1="ACTIVE", a2="ACTIVE"), govcloud(a2="ACTIVE"))
    assert list(pairs["account_id"]) == [ONE, TWO]
    assert list(pairs["verdict"]) == ["UNKNOWN", "MATCH"]
    assert pairs["detail"].iloc[0] == "This account was not looked up."


def test_an_account_that_is_only_in_the_look_ups_is_kept() -> None:
    pairs = judge_pairs(accounts(a2="ACTIVE"), govcloud(a1="ACTIVE", a2="CLOSED", a3="NOT_LINKED"))
    assert list(pairs["account_id"]) == [TWO, ONE, THREE]
    assert list(pairs["verdict"]) == ["MISMATCH", "UNKNOWN", "NOT_LINKED"]
    assert pairs["name"].isna().tolist() == [False, True, True]


def test_the_order_of_the_look_ups_does_not_matter() -> None:
    listed = accounts(a1="ACTIVE", a2="CLOSED", a3="SUSPENDED")
    looked_up = govcloud(a1="ACTIVE", a2="ACTIVE", a3="NOT_LINKED")
    pd.testing.assert_frame_equal(
        judge_pairs(listed, looked_up), judge_pairs(listed, looked_up.iloc[::-1])
    )


def test_judged_pairs_are_a_table_of_the_schema() -> None:
    pairs = judge_pairs(accounts(a1="ACTIVE", a2="CLOSED"), govcloud(a1="ACTIVE"))
    pd.testing.assert_frame_equal(pairs, schema.coerce(schema.PAIRS, pairs))


def test_no_accounts_give_no_pairs() -> None:
    pairs = judge_pairs(schema.empty(schema.ACCOUNTS), schema.empty(schema.GOVCLOUD))
    pd.testing.assert_frame_equal(pairs, schema.empty(schema.PAIRS))


def test_a_snapshot_is_judged_like_its_frames() -> None:
    snapshot = small_snapshot()
    frames = snapshot.accounts, snapshot.govcloud
    pairs, own = judge_pairs(snapshot), judge_pairs(*frames)
    # Frames of one's own tell no time.
    assert pairs["since"].dropna().eq(snapshot.taken).all()
    assert own["since"].isna().all()
    dated = ["since", "since_is"]
    pd.testing.assert_frame_equal(pairs.drop(columns=dated), own.drop(columns=dated))


def test_judging_leaves_what_it_was_given_alone() -> None:
    listed, looked_up = accounts(a1="CLOSED"), govcloud(a1="ACTIVE")
    before = listed.copy(), looked_up.copy()
    judge_pairs(listed, looked_up)
    pd.testing.assert_frame_equal(listed, before[0])
    pd.testing.assert_frame_equal(looked_up, before[1])


@pytest.mark.parametrize(
    ("listed", "looked_up", "which"),
    [
        (pd.concat([accounts(a1="ACTIVE")] * 2), govcloud(a1="ACTIVE"), "accounts"),
        (accounts(a1="ACTIVE"), pd.concat([govcloud(a1="ACTIVE")] * 2), "GovCloud"),
    ],
)
def test_an_account_listed_twice_is_refused(
    listed: pd.DataFrame, looked_up: pd.DataFrame, which: str
) -> None:
    with pytest.raises(SchemaError, match=f"{ONE} is in the {which} table more than once"):
        judge_pairs(listed, looked_up)


def test_one_side_alone_is_refused() -> None:
    with pytest.raises(InputError, match="both sides"):
        judge_pairs(accounts(a1="ACTIVE"))
    with pytest.raises(InputError, match="accounts too"):
        judge_links(links(("LINKED", ONE, TWO)))


def test_changed_rules_are_what_judges() -> None:
    rules = default_rules()
    cell = (rules["standard_state"] == "ACTIVE") & (rules["govcloud_state"] == "CLOSED")
    rules.loc[cell, ["severity", "action"]] = ["CRITICAL", "Call the owner."]
    pair = judge_pairs(accounts(a1="ACTIVE"), govcloud(a1="CLOSED"), rules=rules).iloc[0]
    assert (pair["severity"], pair["action"]) == ("CRITICAL", "Call the owner.")


def test_a_mismatch_may_be_declared_a_match_and_then_has_no_severity() -> None:
    rules = default_rules()
    rules.loc[rules["severity"] == "LOW", "verdict"] = "MATCH"
    pair = judge_pairs(accounts(a1="SUSPENDED"), govcloud(a1="CLOSED"), rules=rules).iloc[0]
    assert pair["verdict"] == Verdict.MATCH
    assert pd.isna(pair["severity"])


def test_the_order_of_the_rules_does_not_matter() -> None:
    pair = judge_pairs(
        accounts(a1="CLOSED"), govcloud(a1="ACTIVE"), rules=default_rules().iloc[::-1]
    )
    assert pair["severity"].iloc[0] == Severity.CRITICAL


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (default_rules().iloc[:-1], "lack CLOSED with CLOSED"),
        (pd.concat([default_rules(), default_rules().head(1)]), "PENDING_ACTIVATION twice"),
        (default_rules().assign(severity=None), "a mismatch without a severity"),
        (default_rules().assign(verdict="UNKNOWN"), "neither MATCH nor MISMATCH"),
        (default_rules().replace({"standard_state": {"CLOSED": "GONE"}}), "lack CLOSED with"),
        (
            pd.concat([default_rules(), default_rules().tail(1).assign(standard_state="GONE")]),
            "No rule is possible for GONE",
        ),
        (default_rules().drop(columns="verdict"), "has no column verdict"),
    ],
)
def test_rules_that_cannot_judge_every_pair_are_refused(rules: pd.DataFrame, said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        judge_pairs(accounts(a1="ACTIVE"), govcloud(a1="ACTIVE"), rules=rules)


def test_mismatches_come_worst_first_then_by_state_name_and_id() -> None:
    listed = accounts(a1="SUSPENDED", a2="ACTIVE", a3="CLOSED", a4="ACTIVE", a5="ACTIVE")
    listed["name"] = ["s", "b", "c", "A", None]
    found = mismatches(
        judge_pairs(
            listed, govcloud(a1="ACTIVE", a2="SUSPENDED", a3="ACTIVE", a4="SUSPENDED", a5="ACTIVE")
        )
    )
    assert list(found["account_id"]) == [THREE, "000000000004", TWO, ONE]
    assert list(found.columns) == schema.PAIRS.names


def links(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "link_id": f"link-{number:08d}",
                "link_status": status,
                "source_account_id": source,
                "target_account_id": target,
                "region": "us-east-1",
            }
            for number, (status, source, target) in enumerate(rows)
        ]
    )


@pytest.mark.parametrize(
    ("target", "complete", "ends"),
    [
        (TWO, True, LinkEnds.BOTH_ACTIVE),
        (THREE, True, LinkEnds.NOT_ACTIVE),
        ("999999999999", True, LinkEnds.OUTSIDE),
        ("999999999999", False, LinkEnds.NOT_SEEN),
        ("000000000004", True, LinkEnds.NOT_SEEN),
        (None, True, LinkEnds.NOT_SEEN),
    ],
)
def test_the_ends_of_a_link_are_what_the_list_tells(
    *, target: str | None, complete: bool, ends: LinkEnds
) -> None:
    listed = accounts(a1="ACTIVE", a2="ACTIVE", a3="CLOSED", a4="SOMETHING_NEW")
    found = link_ends(links(("LINKED", ONE, target)), listed, complete=complete)
    assert list(found) == [ends]


@pytest.mark.parametrize(
    ("status", "target", "severity"),
    [
        ("LINKED", TWO, None),
        ("LINKED", THREE, "MEDIUM"),
        ("LINKED", "999999999999", "HIGH"),
        ("PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT", TWO, None),
        ("PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT", THREE, "MEDIUM"),
        ("LINKING_FAILED", TWO, "MEDIUM"),
        ("REJECTED", TWO, None),
    ],
)
def test_links_worth_a_look_have_a_severity(status: str, target: str, severity: str | None) -> None:
    listed = accounts(a1="ACTIVE", a2="ACTIVE", a3="CLOSED")
    link = judge_links(links((status, ONE, target)), listed, complete=True).iloc[0]
    assert link["severity"] == severity if severity else pd.isna(link["severity"])


def test_a_status_outside_the_vocabulary_is_said_to_be_new() -> None:
    found = judge_links(links(("NEW", ONE, TWO), (None, ONE, TWO)), accounts(a1="ACTIVE"))
    assert found["meaning"].str.startswith("The status is missing, or a word").all()
    assert found["link_status"].iloc[0] == "NEW"


def test_judged_links_are_a_table_of_the_schema_with_the_states_of_both_ends() -> None:
    found = judge_links(
        links(("LINKED", ONE, THREE)), accounts(a1="ACTIVE", a2="ACTIVE"), complete=True
    )
    pd.testing.assert_frame_equal(found, schema.coerce(schema.JUDGED_LINKS, found))
    assert found["source_state"].iloc[0] == "ACTIVE"
    assert pd.isna(found["target_state"].iloc[0])


def test_a_snapshot_knows_whether_its_list_is_the_whole_organization() -> None:
    rows = [(ONE, "one", None, "ACTIVE", None)]
    for complete, severity in ((True, [Severity.HIGH]), (False, [])):
        snapshot = make_snapshot(rows, [("LINKED", ONE, TWO, "us-east-1")], complete=complete)
        assert list(judge_links(snapshot)["severity"].dropna()) == severity


def test_no_links_give_no_judged_links() -> None:
    found = judge_links(schema.empty(schema.LINKS), schema.empty(schema.ACCOUNTS))
    pd.testing.assert_frame_equal(found, schema.empty(schema.JUDGED_LINKS))


def test_link_rules_with_a_gap_are_refused() -> None:
    with pytest.raises(SchemaError, match="lack LINK_NOT_FOUND with NOT_SEEN"):
        judge_links(
            links(("LINKED", ONE, TWO)),
            accounts(a1="ACTIVE"),
            rules=default_link_rules().iloc[:-1],
        )
