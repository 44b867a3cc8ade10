"""Accepting and taking back in a policy file: nothing else in it changes, and no edit is lost."""

import os
import re
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import patience
import pytest
from copied import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import running

from toolkit.errors import InputError, StoreError
from toolkit.verdicts.policy import Policy
from toolkit.verdicts.policy_file import edit as policy_edit
from toolkit.verdicts.policy_file.edit import accept, take_back
from toolkit.verdicts.policy_file.reading import load_policy, read_policy

TODAY = date(2026, 11, 26)
UNTIL = date(2027, 3, 31)
ONE, TWO, THREE = "000000000001", "000000000002", "000000000003"

OURS = """\
# What finance and we agreed on.
owner_tag = "owner"   # set by finance

[[rules]]   # stricter
standard = "SUSPENDED"
govcloud = "CLOSED"
severity = "HIGH"

# The audit of 2026
[[accepted]]
accounts = [
  "0000-0000-0001",  # the first
  # not the second
  "000000000003",  # the third
]
standard = "CLOSED"
govcloud = "ACTIVE"
reason = '[[accepted]] is no header here'
owner = "finops"
until = 2027-01-31

[[link_rules]]
status = "LINKED"
ends = "OUTSIDE"
severity = "CRITICAL"
# the end
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.toml"
    path.write_bytes(OURS.encode())
    return path


def accepted(path: Path, *accounts: str, owner: str = "ops") -> Policy:
    states = ("CLOSED", "ACTIVE")
    return accept(path, accounts or (TWO,), *states, "Known", owner, UNTIL, today=TODAY)


def taken_back(path: Path, account: str) -> Policy:
    return take_back(path, account, "CLOSED", "ACTIVE", today=TODAY)


def text(path: Path) -> str:
    return path.read_bytes().decode()


def test_accepting_appends_one_entry_and_changes_nothing_else(ours: Path) -> None:
    policy = accepted(ours, TWO, "0000-0000-0004")
    assert text(ours) == OURS + (
        "\n[[accepted]]\n"
        'accounts = ["000000000002", "000000000004"]\n'
        'standard = "CLOSED"\n'
        'govcloud = "ACTIVE"\n'
        'reason = "Known"\n'
        'owner = "ops"\n'
        "until = 2027-03-31\n"
    )
    assert policy.acceptances["account_id"].tolist() == [ONE, THREE, TWO, "000000000004"]
    assert policy.mark == load_policy(ours, today=TODAY).mark


def test_what_is_typed_stays_what_it_was(ours: Path) -> None:
    said = 'Held "for now" \\ until\nthe audit #2 \x7f 東京 \U0001f680'
    policy = accept(
        ours, [TWO], "CLOSED", "ACTIVE", f" {said} ", "[[accepted]]", UNTIL, today=TODAY
    )
    assert policy.acceptances.iloc[-1][["reason", "owner"]].tolist() == [said, "[[accepted]]"]


def test_taking_back_takes_the_account_and_its_comment_out_of_the_list(ours: Path) -> None:
    policy = taken_back(ours, ONE)
    assert text(ours) == OURS.replace('  "0000-0000-0001",  # the first\n', "")
    assert policy.acceptances["account_id"].tolist() == [THREE]


def test_an_entry_goes_with_its_last_account_and_comments_around_it_stay(ours: Path) -> None:
    taken_back(ours, ONE)
    policy = taken_back(ours, "0000-0000-0003")
    begin, end = OURS.index("[[accepted]]"), OURS.index("\n[[link_rules]]")
    assert text(ours) == OURS[:begin] + OURS[end:]
    assert policy.acceptances.empty
    assert policy.changed == 2


def test_taking_back_what_was_accepted_leaves_the_file_as_it_was(ours: Path) -> None:
    accepted(ours)
    accepted(ours, owner="others")
    taken_back(ours, TWO)
    assert text(ours) == OURS


def test_line_ends_and_the_byte_order_mark_stay(ours: Path) -> None:
    windows = "\ufeff" + OURS.replace("\n", "\r\n")
    ours.write_bytes(windows.encode())
    accepted(ours)
    assert re.findall(r"(?<!\r)\n", text(ours)) == []
    taken_back(ours, ONE)
    taken_back(ours, TWO)
    assert text(ours) == windows.replace('  "0000-0000-0001",  # the first\r\n', "")


def test_a_last_line_without_an_end_is_ended(ours: Path) -> None:
    ours.write_text("# nothing yet", encoding="utf-8")
    accepted(ours)
    assert text(ours).startswith("# nothing yet\n\n[[accepted]]\n")


def test_only_entries_of_the_same_two_states_are_taken_back(ours: Path) -> None:
    accept(ours, [ONE], "CLOSED", "SUSPENDED", "Known", "ops", UNTIL, today=TODAY)
    policy = taken_back(ours, ONE)
    rows = policy.acceptances[["account_id", "govcloud_state"]]
    assert rows.to_numpy().tolist() == [[THREE, "ACTIVE"], [ONE, "SUSPENDED"]]


BY_UNIT = """\
[[accepted]]
ou = "Root/Retired/**"
tags.stage = "sunset"
standard = "CLOSED"
govcloud = "ACTIVE"
reason = "Retired"
owner = "ops"
until = 2027-01-31
"""


@pytest.mark.parametrize(
    ("content", "account", "said", "hint"),
    [
        (OURS, TWO, "ours.toml accepts 000000000002 as CLOSED with ACTIVE by no list", "look into"),
        (BY_UNIT, TWO, "may by its unit or its tags on line 1", "Edit the file."),
        (OURS, "2", "'2', not text of 12 digits", "leading zeros"),
        ("accepted = 1", TWO, "ours.toml, line 1: accepted is no list of acceptances", "[[accep"),
    ],
)
def test_what_cannot_be_taken_back_is_one_sentence(
    ours: Path, content: str, account: str, said: str, hint: str
) -> None:
    ours.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        taken_back(ours, account)
    assert said in caught.value.message
    assert hint in caught.value.hint
    assert text(ours) == content


def test_an_account_is_taken_back_where_a_unit_would_accept_it_too(ours: Path) -> None:
    ours.write_text(OURS + BY_UNIT, encoding="utf-8")
    assert taken_back(ours, ONE).acceptances["account_id"].fillna("").tolist() == [THREE, ""]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"owner": "  "}, "The acceptance has no text as its owner."),
        ({"reason": ""}, "The acceptance has no text as its reason."),
        ({"accounts": []}, "The acceptance has accounts = []."),
        ({"accounts": ["1"]}, "The acceptance has '1' among its accounts."),
        ({"govcloud": "UNKNOWN"}, "The acceptance has govcloud = 'UNKNOWN'."),
        ({"standard": "CLOSED", "govcloud": "CLOSED"}, "which is no mismatch by these rules."),
        ({"until": date(2027, 11, 27)}, "until = 2027-11-27, which is more than 365 days ahead."),
    ],
)
def test_what_cannot_be_accepted_is_one_sentence_and_leaves_the_file(
    ours: Path, change: dict[str, object], said: str
) -> None:
    given_ = {
        "accounts": [TWO],
        "standard": "CLOSED",
        "govcloud": "ACTIVE",
        "reason": "Known",
        "owner": "ops",
        "until": UNTIL,
    }
    with pytest.raises(InputError) as caught:
        accept(ours, **{**given_, **change}, today=TODAY)
    assert said in caught.value.message
    assert text(ours) == OURS


def test_a_file_that_is_wrong_already_is_named_with_its_line_and_stays(ours: Path) -> None:
    ours.write_text(wrong := OURS.replace('severity = "HIGH"', 'severity = "high"'), "utf-8")
    for change in (lambda: accepted(ours), lambda: taken_back(ours, ONE)):
        with pytest.raises(InputError, match=r"^ours\.toml, line 7: rules entry 1 has severity"):
            change()
    assert text(ours) == wrong


def test_acceptances_in_one_list_are_left_to_an_editor(ours: Path) -> None:
    one = '{accounts = ["000000000001"], standard = "CLOSED", govcloud = "ACTIVE", '
    ours.write_text(
        f'\naccepted = [{one}reason = "r", owner = "o", until = 2027-01-01}}]\n', "utf-8"
    )
    with pytest.raises(InputError, match=r"^ours\.toml, line 2 has all acceptances in one list"):
        accepted(ours)
    with pytest.raises(InputError, match="by no list of accounts"):
        taken_back(ours, ONE)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path / "none" / "none.toml", tmp_path):
        with pytest.raises(InputError, match="cannot be read: "):
            accepted(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_permissions_stay_and_a_link_stays_a_link(ours: Path, tmp_path: Path) -> None:
    ours.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(ours.name)
    assert accepted(link).name == "link.toml"
    assert link.is_symlink()
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640
    assert text(ours).startswith(OURS)


def test_a_file_that_cannot_be_written_is_one_sentence(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"ours\.toml cannot be written: No space left") as caught:
        accepted(ours)
    assert caught.value.hint == "Free some space there, or name another folder."
    assert text(ours) == OURS
    assert [path.name for path in ours.parent.glob(".*.new")] == []


def test_what_an_editor_saved_meanwhile_is_kept(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves = iter(["# saved meanwhile\n" + OURS, "# and again\n" + OURS])

    def read_while_edited(content: bytes, file: Path, *, today: date | None) -> Policy:
        if b'owner = "ops"' in content and (saved := next(saves, None)):
            ours.write_bytes(saved.encode())
        return read_policy(content, file, today=today)

    monkeypatch.setattr(policy_edit, "read_policy", read_while_edited)
    accepted(ours)
    assert text(ours).startswith("# and again\n" + OURS)
    assert text(ours).count("[[accepted]]\n") == 2


def test_a_file_that_somebody_changes_all_the_time_is_given_up(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = load_policy(ours, today=TODAY)

    def read_while_edited(*_: object, **__: object) -> Policy:
        with ours.open("ab") as more:
            more.write(b"# more\n")
        return policy

    monkeypatch.setattr(policy_edit, "read_policy", read_while_edited)
    with pytest.raises(StoreError, match="is changed all the time"):
        accepted(ours)
    assert text(ours).startswith(OURS + "# more\n")
    assert text(ours).count("[[accepted]]") == OURS.count("[[accepted]]")


ALONE = """
import sys
from datetime import date
from toolkit.verdicts.policy_file.edit import accept
for number in range(5):
    account = sys.argv[2] + str(number)
    accept(sys.argv[1], [account], "CLOSED", "ACTIVE", "Known", "ops", date(2027, 3, 31),
           today=date(2026, 11, 26))
"""


def test_of_many_threads_at_once_no_entry_is_lost(ours: Path) -> None:
    accounts = [f"{number:012}" for number in range(100, 104)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda account: accepted(ours, account, owner=f"team {account}"), accounts))
    found = load_policy(ours, today=TODAY).acceptances.iloc[2:].sort_values("account_id")
    assert found["account_id"].tolist() == accounts
    assert found["owner"].tolist() == [f"team {account}" for account in accounts]
    assert text(ours).startswith(OURS)


def test_of_two_programs_at_once_no_entry_is_lost(ours: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", ALONE, ours, "00000000010"]
    with running(command, tmp_path / "other.log", PYTHONPATH=str(ROOT)) as other:
        # Once the other one has begun, this one does the same.
        patience.until(lambda: text(ours) != OURS, lambda: other.said)
        for number in range(5):
            accepted(ours, f"00000000011{number}")
        assert (other.ended(), other.said) == (0, "")
    found = load_policy(ours, today=TODAY).acceptances["account_id"].iloc[2:]
    assert sorted(found) == [f"0000000001{one}{number}" for one in (0, 1) for number in range(5)]
    assert text(ours).startswith(OURS)


ACCOUNTS = [f"{number:012}" for number in range(10, 15)]
STATES = [("CLOSED", "ACTIVE"), ("CLOSED", "SUSPENDED")]


@settings(max_examples=4, deadline=None)
@given(
    ops=st.lists(
        st.tuples(st.booleans(), st.sampled_from(ACCOUNTS), st.sampled_from(STATES)), max_size=8
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_accepting_and_taking_back_in_any_order_loses_nothing(
    ops: list[tuple[bool, str, tuple[str, str]]],
    end: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("any") / "ours.toml"
    path.write_bytes(OURS.replace("\n", end).encode())
    expected: list[tuple[str, str, str]] = []
    for is_more, account, states in ops:
        if is_more:
            accept(path, [account], *states, "Known", "ops", UNTIL, today=TODAY)
            expected.append((account, *states))
        elif (account, *states) in expected:
            take_back(path, account, *states, today=TODAY)
            expected = [one for one in expected if one != (account, *states)]
    rows = load_policy(path, today=TODAY).acceptances.iloc[2:]
    keys = ["account_id", "standard_state", "govcloud_state"]
    assert list(rows[keys].astype("str").itertuples(index=False, name=None)) == expected
    assert text(path).startswith(OURS.replace("\n", end))
    assert expected or text(path) == OURS.replace("\n", end)
