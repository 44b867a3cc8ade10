"""Sentences about the rules: true under every policy."""

from collections.abc import Callable

import pandas as pd
import pytest
from reported import own_policy

from toolkit.schema import ACCEPTANCES, Severity
from toolkit.titles import mismatches_in_words, severity_in_words, verdicts_in_words
from toolkit.verdicts import (
    Policy,
    default_left_behind_rules,
    default_link_rules,
    default_reconcile_rules,
    default_rules,
)

NOT_LINKED = "an account without a GovCloud account is no mismatch."
REST = "the rest is this toolkit's own judgement."


def changed(*changes: tuple[str, str, str | None], name: str = "") -> Policy:
    """Return a policy in which these states (standard, GovCloud) have another severity or none."""
    rules = default_rules().set_index(["standard_state", "govcloud_state"])
    for standard, govcloud, severity in changes:
        verdict = "MISMATCH" if severity else "MATCH"
        rules.loc[(standard, govcloud), ["verdict", "severity"]] = [verdict, severity]
    return Policy(rules.reset_index(), name=name)


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (
            Policy,
            (
                f"Two equal states match, others disagree; {NOT_LINKED} The severities are this"
                " toolkit's own judgement."
            ),
        ),
        (
            lambda: changed(("ACTIVE", "CLOSED", "HIGH")),
            (
                f"Two equal states match, others disagree; {NOT_LINKED} 1 of 80 rules is our own;"
                f" {REST}"
            ),
        ),
        (
            lambda: changed(("ACTIVE", "CLOSED", None), name="ours.toml"),
            (
                "Two equal states match, and so does Active → Closed; others disagree;"
                f" {NOT_LINKED} 1 of 80 rules is our own (from ours.toml); {REST}"
            ),
        ),
        (
            lambda: changed(("ACTIVE", "CLOSED", None), ("SUSPENDED", "CLOSED", None)),
            (
                "Two equal states match, and so do Active → Closed and Suspended → Closed; others"
                f" disagree; {NOT_LINKED} 2 of 80 rules are our own; {REST}"
            ),
        ),
        (
            lambda: changed(("SUSPENDED", "SUSPENDED", "HIGH")),
            (
                "Two equal states match except Suspended → Suspended; others disagree;"
                f" {NOT_LINKED} 1 of 80 rules is our own; {REST}"
            ),
        ),
    ],
)
def test_the_sentence_says_which_states_match_and_whose_the_rules_are(
    policy: Callable[[], Policy], sentence: str
) -> None:
    assert verdicts_in_words(policy()) == sentence


def test_where_no_equal_states_match_that_is_said() -> None:
    none = [
        (state, state, "LOW") for state in ("PENDING_ACTIVATION", "ACTIVE", "SUSPENDED", "CLOSED")
    ]
    assert verdicts_in_words(changed(*none)).startswith("No two equal states match; others")
    sentence = verdicts_in_words(changed(*none, ("ACTIVE", "CLOSED", None)))
    assert sentence.startswith("No two equal states match, but Active → Closed does; others")


def test_where_every_rule_is_own_nothing_is_said_to_be_the_toolkit_s() -> None:
    own = {"meaning": "Ours.", "action": "Ask us."}
    policy = Policy(
        default_rules().assign(**own),
        default_link_rules().assign(**own),
        reconcile_rules=default_reconcile_rules().assign(**own),
        left_behind_rules=default_left_behind_rules().assign(**own),
    )
    assert verdicts_in_words(policy).endswith("no mismatch. All 80 rules are our own.")


def test_own_rules_on_links_alone_are_counted_too() -> None:
    links = Policy(link_rules=own_policy().link_rules)
    assert verdicts_in_words(links).endswith(f"1 of 80 rules is our own; {REST}")
    assert mismatches_in_words(links) == mismatches_in_words(Policy())


def test_own_rules_on_findings_alone_are_counted_too() -> None:
    rules = default_reconcile_rules()
    rules.loc[:1, "severity"] = "LOW"
    findings = Policy(reconcile_rules=rules)
    assert verdicts_in_words(findings).endswith(f"2 of 80 rules are our own; {REST}")


def test_a_change_of_grace_is_a_change_of_the_rule() -> None:
    rules = default_rules()
    rules.loc[rules["grace_days"] == 31, "grace_days"] = 62
    assert verdicts_in_words(Policy(rules)).endswith(f"3 of 80 rules are our own; {REST}")


@pytest.mark.parametrize(
    ("name", "entries", "said"),
    [
        ("ours.toml", [1, 1, 2], " What is accepted, by 2 entries of ours.toml, is counted apart."),
        ("", [1], " What is accepted, by 1 entry, is counted apart."),
    ],
)
def test_acceptances_are_mentioned_beside_the_rules(
    name: str, entries: list[int], said: str
) -> None:
    known = {"standard_state": "CLOSED", "govcloud_state": "ACTIVE", "reason": "r", "owner": "o"}
    rows = [
        {"entry": entry, "account_id": f"{row:012}", "until": "2027-01-01", **known}
        for row, entry in enumerate(entries)
    ]
    policy = Policy(acceptances=pd.DataFrame(rows).reindex(columns=ACCEPTANCES.names), name=name)
    assert verdicts_in_words(policy).endswith(f"this toolkit's own judgement.{said}")


def test_many_combinations_are_counted_after_the_first() -> None:
    assert severity_in_words(Policy(), Severity.MEDIUM) == (
        "Pairs that are Pending activation → Suspended, Active → Pending activation, Active →"
        " Closed and 5 more."
    )
    assert severity_in_words(Policy(), Severity.HIGH).endswith(
        "Suspended → Active and Pending closure → Active."
    )
