"""A policy file: only what differs stands in it, and what cannot be right is one sentence."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from toolkit.errors import InputError
from toolkit.verdicts import Policy, load_policy


def policy_of(text: str, folder: Path) -> Policy:
    path = folder / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path, today=date(2026, 11, 26))


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
        "grace_days": "0",
        "grace_severity": "",
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


def left_rule(more: str, govcloud: str = "SUSPENDED") -> str:
    return f'[[left_behind]]\ngovcloud = "{govcloud}"\n{more}\n'


def acceptance(**changes: str) -> str:
    """Write an acceptance in the order of a file; a change is TOML, and "" leaves a key out."""
    keys = {
        "accounts": '["000000000001"]',
        "standard": '"CLOSED"',
        "govcloud": '"ACTIVE"',
        "reason": '"Data held until the audit"',
        "owner": '"finops@example.com"',
        "until": "2027-03-31",
    }
    lines = [f"{key} = {value}" for key, value in (keys | changes).items() if value]
    return "\n".join(["[[accepted]]", *lines, ""])


def test_grace_is_what_the_file_says(tmp_path: Path) -> None:
    more = 'severity = "HIGH"\ngrace_days = 14\ngrace_severity = "LOW"'
    found = rule(policy_of(pair_rule(more), tmp_path), "SUSPENDED", "CLOSED")
    assert (found["grace_days"], found["grace_severity"]) == ("14", "LOW")


def test_no_days_of_grace_take_this_toolkit_s_own_away(tmp_path: Path) -> None:
    policy = policy_of(pair_rule("grace_days = 0", "CLOSED", "ACTIVE"), tmp_path)
    found = rule(policy, "CLOSED", "ACTIVE")
    assert (found["grace_days"], found["grace_severity"], policy.changed) == ("0", "", 1)


def test_a_rule_that_becomes_a_match_has_no_grace(tmp_path: Path) -> None:
    found = rule(
        policy_of(pair_rule('verdict = "MATCH"', "CLOSED", "ACTIVE"), tmp_path), "CLOSED", "ACTIVE"
    )
    assert (found["grace_days"], found["grace_severity"]) == ("0", "")


def test_a_rule_on_what_was_left_behind_differs_where_the_file_names_it(tmp_path: Path) -> None:
    policy = policy_of(
        left_rule('severity = "LOW"') + left_rule('action = "Ask."', "UNKNOWN"), tmp_path
    )
    rules = policy.left_behind_rules.set_index("govcloud_state")
    assert policy.changed == 2
    assert (rules.loc["SUSPENDED", "severity"], rules.loc["ACTIVE", "severity"]) == (
        "LOW",
        "CRITICAL",
    )
    assert (rules.loc["UNKNOWN", "severity"], rules.loc["UNKNOWN", "action"]) == ("HIGH", "Ask.")


def test_an_acceptance_is_a_row_for_each_account_that_it_names(tmp_path: Path) -> None:
    text = acceptance(accounts='["0000-0000-0001", "000000000002"]') + acceptance(
        accounts="", ou='"Root/Retired/**"', tags='{stage = "sunset"}', until='"2026-12-01"'
    )
    rows = policy_of(text, tmp_path).acceptances.astype("object")
    rows = rows.where(rows.notna(), None).to_numpy().tolist()
    why = ["CLOSED", "ACTIVE", "Data held until the audit", "finops@example.com"]
    march, december = pd.Timestamp("2027-03-31T00:00Z"), pd.Timestamp("2026-12-01T00:00Z")
    assert rows == [
        [1, "000000000001", None, None, *why, march],
        [1, "000000000002", None, None, *why, march],
        [2, None, "Root/Retired/**", '{"stage": "sunset"}', *why, december],
    ]


def test_all_that_an_acceptance_names_stands_in_each_of_its_rows(tmp_path: Path) -> None:
    text = acceptance(ou='"Retired"') + '[accepted.tags]\nstage = "sunset"\n'
    [row] = policy_of(text, tmp_path).acceptances.to_dict("records")
    assert (row["account_id"], row["ou"]) == ("000000000001", "Retired")
    assert row["tags"] == '{"stage": "sunset"}'


def test_acceptances_may_stand_in_one_list(tmp_path: Path) -> None:
    entry = ", ".join(acceptance().splitlines()[1:])
    policy = policy_of(f"accepted = [\n  {{{entry}}},\n  {{{entry}}},\n]\n", tmp_path)
    assert policy.acceptances["entry"].tolist() == [1, 2]


def test_an_acceptance_may_last_for_365_days_and_have_ended(tmp_path: Path) -> None:
    for until in ("2027-11-26", "2020-02-29", "0001-01-01"):
        [row] = policy_of(acceptance(until=until), tmp_path).acceptances.to_dict("records")
        assert f"{row['until']:%Y-%m-%d}".rjust(10, "0") == until


def test_what_was_left_behind_is_accepted_in_two_equal_states(tmp_path: Path) -> None:
    text = acceptance(standard='"ACTIVE"') + acceptance(
        standard='"SUSPENDED"', govcloud='"SUSPENDED"'
    )
    assert len(policy_of(text, tmp_path).acceptances) == 2


def test_owners_are_read_from_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    owners = "ou_path;owner;account_id\nRetired;ops;\n;finance;0000-0000-0001\n"
    (tmp_path / "lists" / "owners.csv").write_text(owners, encoding="utf-8")
    policy = policy_of('owner_tag = "team"\nowners = "lists/owners.csv"\n', tmp_path)
    assert (policy.owner_tag, policy.changed) == ("team", 0)
    assert policy.owners["owner"].tolist() == ["ops", "finance"]
    assert policy.owners["account_id"].fillna("").tolist() == ["", "000000000001"]


def test_no_tag_says_who_answers_where_the_file_says_so(tmp_path: Path) -> None:
    assert policy_of("", tmp_path).owner_tag == "owner"
    assert policy_of('owner_tag = ""', tmp_path).owner_tag == ""


def test_what_is_wrong_in_the_list_of_owners_is_said_of_that_list(tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("account_id,owner\n1,ops\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^owners\.csv, line 2: '1' is not an account id\."):
        policy_of('owners = "owners.csv"', tmp_path)


WRONG = [
    ("x = 1", 1, " has 'x', which no policy has.", "[[left_behind]], [[accepted]], or at the top"),
    ("# a\n\n[others]\na = 1\n", 3, " has 'others', which no policy has.", "owner_tag or owners"),
    ("rules = 1", 1, ": rules is no list of rules.", "Write [[rules]]."),
    ("rules = [1]", 1, ": rules entry 1 is no rule.", "Write [[rules]]."),
    ("[rules]\nstandard = 'ACTIVE'", 1, ": rules is no list of rules.", "[[rules]]"),
    ("# a\n[[rules]", 2, " is not TOML: ", "policy new writes an example"),
    ('[[rules]]\nstandard = "A"\nstandard = "A"', 3, " is not TOML: ", "policy new"),
    ('a = """\nb\nc\n', 3, " is not TOML: ", "policy new"),
    (
        '[[rules]]\nstandard = "ACTIVE"\nseverity = "LOW"',
        *(1, ": rules entry 1 has no govcloud."),
        "standard and govcloud",
    ),
    (
        link_rule('severity = "LOW"') + '[[link_rules]]\nends = "OUTSIDE"',
        *(5, ": link_rules entry 2 has no status."),
        "status and ends",
    ),
    (
        pair_rule('severity = "HIGH"', "GONE"),
        *(2, ": rules entry 1 has standard = 'GONE'."),
        "PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE, CLOSED",
    ),
    (
        pair_rule('severity = "HIGH"', "ACTIVE", "PENDING_CLOSURE"),
        *(3, ": rules entry 1 has govcloud = 'PENDING_CLOSURE'."),
        "PENDING_ACTIVATION, ACTIVE, SUSPENDED, CLOSED",
    ),
    (
        pair_rule('severity = "high"'),
        *(4, ": rules entry 1 has severity = 'high'."),
        "CRITICAL, HIGH, MEDIUM, LOW, NONE",
    ),
    (
        pair_rule('verdict = "UNKNOWN"'),
        *(4, ": rules entry 1 has verdict = 'UNKNOWN'."),
        "MATCH, MISMATCH",
    ),
    (pair_rule("severity = 3"), 4, ": rules entry 1 has severity = 3.", "CRITICAL"),
    (pair_rule("severity = ['LOW']"), 4, ": rules entry 1 has severity = ['LOW'].", "CRITICAL"),
    (
        pair_rule('colour = "red"'),
        *(4, ": rules entry 1 has 'colour', which no rule has."),
        "standard, govcloud, verdict, severity, grace_days, grace_severity, meaning, action",
    ),
    (
        link_rule('verdict = "MATCH"'),
        *(4, ": link_rules entry 1 has 'verdict', which no rule has."),
        "status, ends, severity, meaning, action",
    ),
    (link_rule("grace_days = 1"), 4, ": link_rules entry 1 has 'grace_days', which no", "status"),
    (
        pair_rule('severity = "HIGH"\nowner_tag = "owner"'),
        *(5, ": rules entry 1 has 'owner_tag', which no rule has."),
        "at the top of the file, before the first [[...]].",
    ),
    (pair_rule('meaning = " "'), 4, ": rules entry 1 has no text as its meaning.", "one sentence"),
    (pair_rule("action = 7"), 4, ": rules entry 1 has no text as its action.", ""),
    (pair_rule(""), 1, ": rules entry 1 changes nothing.", "verdict, severity, grace_days"),
    (
        pair_rule('verdict = "MISMATCH"', "ACTIVE", "ACTIVE"),
        *(1, ": rules entry 1 is a mismatch without a severity."),
        'verdict = "MATCH"',
    ),
    (
        pair_rule('severity = "NONE"'),
        *(1, ": rules entry 1 is a mismatch without a severity."),
        "CRITICAL, HIGH, MEDIUM, LOW",
    ),
    (
        pair_rule('severity = "LOW"') + pair_rule('severity = "HIGH"'),
        *(5, ": rules entry 2 is for SUSPENDED and CLOSED, and so is entry 1."),
        "Keep one.",
    ),
    *(
        (
            pair_rule(f"grace_days = {days}\ngrace_severity = 'LOW'"),
            *(4, f": rules entry 1 has grace_days = {said}."),
            "It is a whole number of days, from 0 to 3650.",
        )
        for days, said in (
            *(("-1", "-1"), ("3651", "3651"), ("1.5", "1.5"), ("'3'", "'3'")),
            *(("true", "True"), ("[\n  1,\n]", "[1]")),
        )
    ),
    (
        pair_rule("grace_days = 3"),
        *(4, ": rules entry 1 has days of grace, and no severity for them."),
        "Add grace_severity, one of CRITICAL, HIGH, MEDIUM, LOW.",
    ),
    (
        pair_rule('grace_severity = "LOW"'),
        *(4, ": rules entry 1 has a severity in grace, and no days of grace."),
        "Add grace_days",
    ),
    (
        pair_rule('grace_days = 3\ngrace_severity = "NONE"'),
        *(5, ": rules entry 1 has grace_severity = 'NONE'."),
        "CRITICAL, HIGH, MEDIUM, LOW.",
    ),
    (
        pair_rule('grace_days = 3\ngrace_severity = "HIGH"'),
        *(5, ": rules entry 1 is HIGH in grace, and only LOW after it."),
        "as grave as after it, or milder",
    ),
    (
        pair_rule('grace_days = 3\ngrace_severity = "LOW"', "ACTIVE", "ACTIVE"),
        *(4, ": rules entry 1 is a match, which has no grace."),
        "Leave grace_days out.",
    ),
    (
        reconcile_rule('severity = "LOW"', "GONE"),
        *(2, ": reconcile entry 1 has finding = 'GONE'."),
        "AGREE, STATE_DISAGREES, NOT_IN_GOVCLOUD_ORGANIZATION",
    ),
    (
        reconcile_rule('severity = "LOW"', state="NOT_LINKED"),
        *(3, ": reconcile entry 1 has state = 'NOT_LINKED'."),
        "PENDING_CLOSURE, CLOSED, UNKNOWN",
    ),
    (
        reconcile_rule('verdict = "MATCH"'),
        *(4, ": reconcile entry 1 has 'verdict', which no rule has."),
        "finding, state, severity, meaning, action",
    ),
    (
        '[[reconcile]]\nfinding = "AGREE"\nseverity = "LOW"',
        *(1, ": reconcile entry 1 has no state."),
        "finding and state",
    ),
    (
        reconcile_rule('severity = "LOW"') * 2,
        *(5, ": reconcile entry 2 is for WITHOUT_PAIR and ACTIVE, and so is entry 1."),
        "Keep one.",
    ),
    (
        left_rule('severity = "NONE"'),
        *(3, ": left_behind entry 1 has severity = 'NONE'."),
        "one of CRITICAL, HIGH, MEDIUM, LOW.",
    ),
    (
        left_rule('severity = "LOW"', "CLOSED"),
        *(2, ": left_behind entry 1 has govcloud = 'CLOSED'."),
        "PENDING_ACTIVATION, ACTIVE, SUSPENDED, UNKNOWN.",
    ),
    (
        left_rule('severity = "LOW"') * 2,
        *(4, ": left_behind entry 2 is for SUSPENDED, and so is entry 1."),
        "Keep one.",
    ),
    (
        "owner_tag = 3",
        1,
        " has no text as its owner_tag.",
        'owner_tag = "owner", or "" for no tag.',
    ),
    ("\n[owner_tag]", 2, " has no text as its owner_tag.", 'owner_tag = "owner"'),
    ("[owners]\na = 'b'", 1, " has no text as its owners.", 'Write owners = "owners.csv".'),
    (
        'owner_tag = "o"\nowners = "none.csv"',
        *(2, " names none.csv, and there is no such file."),
        "seen from the policy file",
    ),
    ("accepted = {a = 1}", 1, ": accepted is no list of acceptances.", "Write [[accepted]]."),
    ("accepted = ['a']", 1, ": accepted entry 1 is no acceptance.", "Write [[accepted]]."),
    *(
        (
            acceptance() + acceptance(**{key: ""}),
            *(8, f": accepted entry 2 has no {key}."),
            "standard, govcloud, reason, owner and until",
        )
        for key in ("standard", "govcloud", "reason", "owner", "until")
    ),
    (
        acceptance(accounts=""),
        *(1, ": accepted entry 1 names no account, no unit and no tag."),
        'Add accounts = ["123456789012"], ou = "Root/Retired/**" or tags = {stage = "sunset"}.',
    ),
    (
        acceptance(account='"000000000001"'),
        *(8, ": accepted entry 1 has 'account', which no acceptance has."),
        "standard, govcloud, reason, owner, until, accounts, ou, tags",
    ),
    (acceptance(accounts="[]"), 2, ": accepted entry 1 has accounts = [].", "Write a list of ids"),
    (
        acceptance(accounts='"000000000001"'),
        *(2, ": accepted entry 1 has accounts = '000000000001'."),
        'accounts = ["123456789012"]',
    ),
    *(
        (
            acceptance(accounts=f"[\n  {value},\n]"),
            *(2, f": accepted entry 1 has {said} among its accounts."),
            "text of 12 digits, in quotes",
        )
        for value, said in (
            *(("123456789012", "123456789012"), ("'1'", "'1'"), ("true", "True")),
            *(('"1234-56789012"', "'1234-56789012'"), ("'1', '000000000001'", "'1'")),
        )
    ),
    (acceptance(ou='" "'), 8, ": accepted entry 1 has no text as its ou.", "Root/Retired/**"),
    (acceptance(ou='["a"]'), 8, ": accepted entry 1 has no text as its ou.", "Root/Retired/**"),
    (acceptance(tags='"a"'), 8, ": accepted entry 1 has tags = 'a'.", 'tags = {stage = "sunset"}'),
    (acceptance(tags="{}"), 8, ": accepted entry 1 has tags = {}.", 'tags = {stage = "sunset"}'),
    (acceptance(tags="{a = 1}"), 8, ": accepted entry 1 has tags = {'a': 1}.", "sunset"),
    *(
        (
            acceptance(**{key: f'"{state}"'}),
            line,
            f": accepted entry 1 has {key} = '{state}'.",
            "CLOS",
        )
        for key, line, state in (
            *(
                ("standard", 3, "UNKNOWN"),
                ("govcloud", 4, "UNKNOWN"),
                ("govcloud", 4, "NOT_LINKED"),
            ),
            *(("standard", 3, "closed"), ("govcloud", 4, "PENDING_CLOSURE")),
        )
    ),
    (acceptance(reason='""'), 5, ": accepted entry 1 has no text as its reason.", "why"),
    (acceptance(owner="7"), 6, ": accepted entry 1 has no text as its owner.", "who answers"),
    *(
        (
            acceptance(until=value),
            *(7, f": accepted entry 1 has until = {said}."),
            "Write a day, such as until = 2027-11-26.",
        )
        for value, said in (
            *(('"soon"', "'soon'"), ("7", "7"), ('"2027-02-30"', "'2027-02-30'")),
            (
                "2027-03-31T00:00:00Z",
                "datetime.datetime(2027, 3, 31, 0, 0, tzinfo=datetime.timezon…",
            ),
        )
    ),
    (
        acceptance(until="2027-11-27"),
        *(7, ": accepted entry 1 has until = 2027-11-27, which is more than 365 days ahead."),
        "Write until = 2027-11-26, or an earlier day.",
    ),
    (
        acceptance(standard='"CLOSED"', govcloud='"CLOSED"'),
        *(4, ": accepted entry 1 accepts CLOSED with CLOSED, which is no mismatch by these rules."),
        "the two states that disagree",
    ),
    (
        pair_rule('verdict = "MATCH"') + acceptance(standard='"SUSPENDED"', govcloud='"CLOSED"'),
        *(8, ": accepted entry 1 accepts SUSPENDED with CLOSED, which is no mismatch by these"),
        "the two states that disagree",
    ),
]
"""A file, the line on which it is wrong, what is said of it, and what to write."""


@pytest.mark.parametrize(("text", "line", "said", "hint"), WRONG)
def test_what_cannot_be_right_names_the_file_the_line_and_what_to_write(
    text: str, line: int, said: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        policy_of(text, tmp_path)
    assert caught.value.message.startswith(f"ours.toml, line {line}{said}")
    assert hint in caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml cannot be read: No such file or directory"):
        load_policy(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        load_policy(tmp_path)


def test_what_is_no_text_is_one_sentence_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_bytes(b"# fine\n# \xff\xfe\x00")
    with pytest.raises(InputError, match=r"ours\.toml, line 2 is not TOML: it is not in UTF-8"):
        load_policy(tmp_path / "ours.toml")


def test_a_day_too_far_is_counted_from_today_when_no_day_is_given(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    today = datetime.now(UTC).date()
    path.write_text(acceptance(until=str(today + timedelta(days=364))), encoding="utf-8")
    assert len(load_policy(path).acceptances) == 1
    path.write_text(acceptance(until=str(today + timedelta(days=367))), encoding="utf-8")
    with pytest.raises(InputError, match="more than 365 days ahead"):
        load_policy(path)


def test_notices_name_owners_only_where_the_file_says_so(tmp_path: Path) -> None:
    assert policy_of("notify_owners = true\n", tmp_path).names_owners_in_notices is True
    assert policy_of("notify_owners = false\n", tmp_path).names_owners_in_notices is False
    assert policy_of("", tmp_path).names_owners_in_notices is False
    with pytest.raises(InputError, match="line 1 has notify_owners that is neither true nor false"):
        policy_of('notify_owners = "yes"\n', tmp_path)
