"""A new policy file: it changes nothing as it is, nor with all of its rules taken in."""

import re
import tomllib
from pathlib import Path

import pytest

from toolkit.errors import InputError, StoreError
from toolkit.verdicts import Policy
from toolkit.verdicts.policy_file import load_policy
from toolkit.verdicts.policy_file.new import new_policy, policy_template


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return new_policy(tmp_path / "ours.toml")


def test_as_it_was_written_it_changes_nothing(ours: Path) -> None:
    policy = load_policy(ours)
    assert (policy.mark, policy.changed, policy.name) == (Policy().mark, 0, "ours.toml")
    assert tomllib.loads(policy_template()) == {}


def test_with_every_rule_taken_in_it_changes_nothing_either(ours: Path) -> None:
    text = re.sub(r"^#(?=\S)", "", policy_template(), flags=re.MULTILINE)
    ours.write_text(text, encoding="utf-8")
    policy = load_policy(ours)
    assert policy.mark == Policy().mark
    assert {name: len(rules) for name, rules in tomllib.loads(text).items()} == {
        "rules": len(policy.rules),
        "link_rules": len(policy.link_rules),
        "reconcile": len(policy.reconcile_rules),
        "left_behind": len(policy.left_behind_rules),
    }


def test_each_rule_says_all_that_it_does(ours: Path) -> None:
    text = re.sub(r"^#(?=\S)", "", ours.read_text(encoding="utf-8"), flags=re.MULTILINE)
    rules = {(one["standard"], one["govcloud"]): one for one in tomllib.loads(text)["rules"]}
    closed = rules["CLOSED", "ACTIVE"]
    assert (closed["severity"], closed["grace_days"], closed["grace_severity"]) == (
        *("CRITICAL", 31, "HIGH"),
    )
    assert [*rules["ACTIVE", "ACTIVE"]] == ["standard", "govcloud", "verdict", "meaning", "action"]
    assert closed["action"].startswith("Find the owner, save the GovCloud data")


def test_its_examples_are_what_a_policy_may_say(ours: Path) -> None:
    examples = "\n".join(re.findall(r"^#   (.+)$", policy_template(), flags=re.MULTILINE))
    ours.write_text(examples, encoding="utf-8")
    (ours.parent / "owners.csv").write_text("ou_path,owner\nRetired,ops\n", encoding="utf-8")
    policy = load_policy(ours, today=tomllib.loads(examples)["accepted"][0]["until"])
    assert (policy.owner_tag, policy.owners["owner"].tolist()) == ("team", ["ops"])
    assert policy.acceptances["account_id"].tolist() == ["123456789012"]


def test_one_that_is_there_is_never_written_over(ours: Path) -> None:
    ours.write_text("# ours", encoding="utf-8")
    with pytest.raises(InputError, match=r"ours\.toml is there already\. Name another file"):
        new_policy(ours)
    assert ours.read_text(encoding="utf-8") == "# ours"


def test_one_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"ours\.toml cannot be written: No such file or dir"):
        new_policy(tmp_path / "none" / "ours.toml")
