"""The glossary: every word and every rule, and which of them a policy changed."""

from reported import own_policy

from toolkit.titles.glossary import WORDS, rules_in_words
from toolkit.verdicts import Policy

PAIRS = "Pairs: each cell of the state matrix"


def test_every_rule_has_a_row_and_none_is_ones_own_without_a_policy() -> None:
    told = rules_in_words(Policy())
    assert [len(table) for table in told.values()] == [len(rules) for rules in Policy().tables]
    assert not any("Own rule" in table for table in told.values())
    row = told[PAIRS].set_index(["Standard state", "GovCloud state"]).loc[("Closed", "Active")]
    assert (row["Verdict"], row["Severity"], row["Grace"]) == (
        "Mismatch",
        "◆ Critical",
        "31 days: high",
    )
    equal = told[PAIRS].set_index(["Standard state", "GovCloud state"]).loc[("Active", "Active")]
    assert (equal["Verdict"], equal["Severity"], equal["Grace"]) == ("Match", "–", "–")


def test_what_a_policy_changed_is_marked_and_nothing_else() -> None:
    policy = own_policy()
    told = rules_in_words(policy)
    marked = {
        title: int((t["Own rule"] == "changed").sum())
        for title, t in told.items()
        if "Own rule" in t
    }
    assert sum(marked.values()) == policy.changed
    table = told[PAIRS].set_index(["Standard state", "GovCloud state"])
    assert table.loc[("Suspended", "Suspended"), "Own rule"] == "changed"
    assert table.loc[("Active", "Active"), "Own rule"] == ""


def test_words_that_are_easily_taken_for_fine_are_told_apart() -> None:
    assert "never as fine" in WORDS["Unknown"]
    assert "no mismatch" in WORDS["Not linked"]
