"""A policy file: only what differs stands in it, and what cannot be right is one sentence."""

from pathlib import Path

import pandas as pd
import pytest

from toolkit.errors import InputError
from toolkit.verdicts import Policy, load_policy


def policy_of(text: str, folder: Path) -> Policy:
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


def rule(policy: Policy, standard: str, govcloud: str) -> dict[str, str]:
    rules = policy.rules.set_index(["standard_state", "govcloud_state"]).astype("str").fillna("")
    return rules.loc[(standard, govcloud)].to_dict()


def link_severity(policy: Policy, status: str, ends: str) -> str:
    rules = policy.link_rules.set_index(["link_status", "ends"])["severity"].astype("str")
    return str(rules.fillna("").loc[(status, ends)])


def pair_rule(more: str, standard: str = "SUSPENDED", govcloud: str = "CLOSED") -> str:
    return f'[[rules]]\nstandard = "{standard}"\ngovcloud = "{govcloud}"\n{more}\n'


def link_rule(more: str, status: str = "LINKED", ends: str = "OUTSIDE") -> str:
    return f'[[link_rules]]\nstatus = "{status}"\nends = "{ends}"\n{more}\n'


def reconcile_rule(more: str, finding: str = "WITHOUT_PAIR", state: str = "ACTIVE") -> str:
    return f'[[reconcile]]\nfinding = "{finding}"\nstate = "{state}"\n{more}\n'


def test_an_empty_file_is_the_toolkit_s_own_policy_under_its_name(tmp_path: Path) -> None:
    policy = policy_of("", tmp_path)
    assert (policy.changed, policy.name) == (0, "ours.toml")
    assert policy.mark == Policy().mark


def test_only_the_rules_that_are_named_differ(tmp_path: Path) -> None:
    text = pair_rule('severity = "HIGH"\naction = "Ask finance."') + link_rule(
        'severity = "CRITICAL"'
    )
    policy = policy_of(text, tmp_path)
    assert policy.changed == 2
    assert rule(policy, "SUSPENDED", "CLOSED") == {
        "verdict": "MISMATCH",
        "severity": "HIGH",
        "meaning": "The GovCloud account is closed; only a restricted payer is left.",
        "action": "Ask finance.",
    }
    assert link_severity(policy, "LINKED", "OUTSIDE") == "CRITICAL"


def test_a_match_drops_the_severity(tmp_path: Path) -> None:
    for more in ('verdict = "MATCH"', 'verdict = "MATCH"\nseverity = "HIGH"'):
        found = rule(policy_of(pair_rule(more), tmp_path), "SUSPENDED", "CLOSED")
        assert (found["verdict"], found["severity"]) == ("MATCH", "")


def test_a_severity_alone_makes_a_mismatch(tmp_path: Path) -> None:
    text = pair_rule('severity = "LOW"', "SUSPENDED", "SUSPENDED")
    found = rule(policy_of(text, tmp_path), "SUSPENDED", "SUSPENDED")
    assert (found["verdict"], found["severity"]) == ("MISMATCH", "LOW")


def test_none_takes_the_severity_from_a_link(tmp_path: Path) -> None:
    policy = policy_of(link_rule('severity = "NONE"'), tmp_path)
    assert link_severity(policy, "LINKED", "OUTSIDE") == ""
    assert policy.changed == 1


def test_a_rule_on_a_finding_differs_where_the_file_names_it(tmp_path: Path) -> None:
    text = reconcile_rule('severity = "CRITICAL"\nmeaning = "Ours."') + reconcile_rule(
        'severity = "NONE"', "NOT_IN_GOVCLOUD_ORGANIZATION", "UNKNOWN"
    )
    policy = policy_of(text, tmp_path)
    rules = policy.reconcile_rules.set_index(["finding", "state"])
    own = rules.loc[("WITHOUT_PAIR", "ACTIVE")]
    assert (policy.changed, own["severity"], own["meaning"]) == (2, "CRITICAL", "Ours.")
    assert own["action"].startswith("Ask the owner of the GovCloud organization")
    assert pd.isna(rules.loc[("NOT_IN_GOVCLOUD_ORGANIZATION", "UNKNOWN"), "severity"])


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert policy_of("\ufeff" + pair_rule('severity = "HIGH"'), tmp_path).changed == 1


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("x = 1", "ours.toml has 'x', which no policy has.", "[[link_rules]] or [[reconcile]]"),
        ("rules = 1", "ours.toml: rules is no list of rules.", "Write [[rules]]."),
        ("rules = [1]", "ours.toml, rules entry 1 is no rule.", "standard, govcloud and a change"),
        ("[rules]\nstandard = 'ACTIVE'", "ours.toml: rules is no list of rules.", "[[rules]]"),
        ("[[rules]", "ours.toml is not TOML: ", "See the README"),
        (
            '[[rules]]\nstandard = "ACTIVE"\nseverity = "LOW"',
            "ours.toml, rules entry 1 has no govcloud.",
            "standard and govcloud",
        ),
        (
            link_rule('severity = "LOW"') + '[[link_rules]]\nends = "OUTSIDE"',
            "ours.toml, link_rules entry 2 has no status.",
            "status and ends",
        ),
        (
            pair_rule('severity = "HIGH"', "GONE"),
            "ours.toml, rules entry 1 has standard = 'GONE'.",
            "PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED",
        ),
        (
            pair_rule('severity = "HIGH"', "ACTIVE", "PENDING_CLOSURE"),
            "ours.toml, rules entry 1 has govcloud = 'PENDING_CLOSURE'.",
            "PENDING_ACTIVATION, ACTIVE, SUSPENDED, CLOSED",
        ),
        (
            pair_rule('severity = "high"'),
            "ours.toml, rules entry 1 has severity = 'high'.",
            "CRITICAL, HIGH, MEDIUM, LOW, NONE",
        ),
        (
            pair_rule('verdict = "UNKNOWN"'),
            "ours.toml, rules entry 1 has verdict = 'UNKNOWN'.",
            "MATCH, MISMATCH",
        ),
        (pair_rule("severity = 3"), "ours.toml, rules entry 1 has severity = 3.", "CRITICAL"),
        (
            pair_rule('colour = "red"'),
            "ours.toml, rules entry 1 has 'colour', which no rule has.",
            "standard, govcloud, verdict, severity, meaning, action",
        ),
        (
            link_rule('verdict = "MATCH"'),
            "ours.toml, link_rules entry 1 has 'verdict', which no rule has.",
            "status, ends, severity, meaning, action",
        ),
        (
            pair_rule('meaning = " "'),
            "ours.toml, rules entry 1 has no text as its meaning.",
            "one sentence",
        ),
        (pair_rule("action = 7"), "ours.toml, rules entry 1 has no text as its action.", ""),
        (pair_rule(""), "ours.toml, rules entry 1 changes nothing.", "verdict, severity, meaning"),
        (
            pair_rule('verdict = "MISMATCH"', "ACTIVE", "ACTIVE"),
            "ours.toml, rules entry 1 is a mismatch without a severity.",
            'verdict = "MATCH"',
        ),
        (
            pair_rule('severity = "NONE"'),
            "ours.toml, rules entry 1 is a mismatch without a severity.",
            "CRITICAL, HIGH, MEDIUM, LOW",
        ),
        (
            pair_rule('severity = "LOW"') + pair_rule('severity = "HIGH"'),
            "ours.toml, rules entry 2 is for SUSPENDED and CLOSED, and so is entry 1.",
            "Keep one.",
        ),
        (
            reconcile_rule('severity = "LOW"', "GONE"),
            "ours.toml, reconcile entry 1 has finding = 'GONE'.",
            "AGREE, STATE_DISAGREES, NOT_IN_GOVCLOUD_ORGANIZATION",
        ),
        (
            reconcile_rule('severity = "LOW"', state="NOT_LINKED"),
            "ours.toml, reconcile entry 1 has state = 'NOT_LINKED'.",
            "PENDING_CLOSURE, CLOSED, UNKNOWN",
        ),
        (
            reconcile_rule('verdict = "MATCH"'),
            "ours.toml, reconcile entry 1 has 'verdict', which no rule has.",
            "finding, state, severity, meaning, action",
        ),
        (
            '[[reconcile]]\nfinding = "AGREE"\nseverity = "LOW"',
            "ours.toml, reconcile entry 1 has no state.",
            "finding and state",
        ),
        (
            reconcile_rule('severity = "LOW"') * 2,
            "ours.toml, reconcile entry 2 is for WITHOUT_PAIR and ACTIVE, and so is entry 1.",
            "Keep one.",
        ),
    ],
)
def test_what_cannot_be_right_names_the_file_and_the_entry(
    text: str, said: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        policy_of(text, tmp_path)
    assert caught.value.message.startswith(said)
    assert hint in caught.value.hint


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml cannot be read: No such file or directory"):
        load_policy(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        load_policy(tmp_path)


def test_what_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"ours\.toml is not TOML"):
        load_policy(tmp_path / "ours.toml")
