"""The key figures: each row counts what it says, and says it truly under every policy."""

from collections.abc import Callable

import pandas as pd
import pytest
from reported import contested_snapshot, own_policy, small_snapshot

from toolkit import analysis
from toolkit.analysis import KeyFigures
from toolkit.schema import Severity
from toolkit.titles import FIGURES, figure
from toolkit.verdicts import Policy, default_rules


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    """Five pairs, judged."""
    return Policy().judge(small_snapshot()).pairs


@pytest.fixture(scope="module")
def figures(pairs: pd.DataFrame) -> KeyFigures:
    """The figures of those five."""
    return analysis.key_figures(pairs)


def test_each_figure_counts_what_it_is_called(figures: KeyFigures) -> None:
    assert {one.key: one.value(figures) for one in FIGURES} == {
        "accounts": 5,
        "linked": 4,
        "matches": 2,
        "mismatches": 2,
        "critical": 1,
        "high": 1,
        "medium": 0,
        "low": 0,
        "accepted": 0,
        "left-behind": 0,
        "not-linked": 1,
        "unknown": 0,
    }


def test_a_figure_is_found_by_its_key() -> None:
    assert [figure(one.key) for one in FIGURES] == list(FIGURES)
    with pytest.raises(KeyError):
        figure("none")


def test_there_is_a_figure_for_each_severity() -> None:
    assert [one.severity for one in FIGURES if one.severity] == list(Severity)
    assert figure("critical").severity is Severity.CRITICAL


@pytest.mark.parametrize("by", [Policy, own_policy])
def test_each_figure_says_what_it_means_in_a_sentence(by: Callable[[], Policy]) -> None:
    policy = by()
    meanings = [one.meaning(policy) for one in FIGURES]
    assert all(meaning.endswith(".") for meaning in meanings)
    assert len(set(meanings)) == len(meanings)


def test_by_the_toolkit_s_own_rules_critical_and_mismatches_are_what_they_were() -> None:
    assert figure("critical").meaning(Policy()) == (
        "Closed → Active. The payer is closed while GovCloud is active: it should close within a"
        " billing cycle; whatever lasts longer is cost and data that nobody manages."
    )
    assert figure("mismatches").meaning(Policy()) == "Linked pairs whose two states disagree."


def test_by_own_rules_critical_and_mismatches_are_those_of_the_rules() -> None:
    policy = own_policy()
    assert figure("critical").meaning(policy) == (
        "Pairs that are Suspended → Suspended and Closed → Active."
    )
    assert figure("mismatches").meaning(policy) == (
        "Linked pairs whose two states disagree: two equal states match except Suspended →"
        " Suspended, and so does Active → Closed; others disagree."
    )
    judged = policy.judge(contested_snapshot())
    assert figure("critical").value(analysis.key_figures(judged.pairs)) == 1


def test_a_severity_that_no_rule_gives_is_said_to_be_none() -> None:
    rules = default_rules().assign(
        severity=lambda rules: rules["severity"].replace({"CRITICAL": "HIGH"})
    )
    assert figure("critical").meaning(Policy(rules)) == (
        "By these rules no combination of states is critical."
    )


def test_notes_relate_a_figure_to_another(pairs: pd.DataFrame, figures: KeyFigures) -> None:
    notes = {one.key: one.note(figures) for one in FIGURES if one.note(figures)}
    assert notes == {
        "linked": "of 5 standard accounts",
        "mismatches": "50.0 % of judged pairs",
        "unknown": "every account was seen",
    }
    nothing = analysis.key_figures(pairs.iloc[4:])
    assert figure("mismatches").note(nothing) == ""


def test_a_note_on_what_is_unknown_says_why() -> None:
    pairs = Policy().judge(small_snapshot(failed=["100000000002"])).pairs
    assert figure("unknown").note(analysis.key_figures(pairs)) == "not seen or not understood"


def test_fewer_is_better_where_something_is_wrong() -> None:
    assert {one.key for one in FIGURES if one.fewer_is_better} == {
        "mismatches",
        "critical",
        "high",
        "medium",
        "low",
        "left-behind",
        "unknown",
    }
