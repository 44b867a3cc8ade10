"""`policy`: what new writes, what check says, what baseline accepts; and what judges by it says."""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from reported import make_snapshot

from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]

TODAY = datetime.now(UTC).date()
UNTIL = TODAY + timedelta(days=60)
WHY = ("--owner", "ops", "--reason", 'Known "before" us')
PAIRS = [
    ("000000000042", "one", "Workloads", "ACTIVE", "ACTIVE"),
    ("100000000002", "two\x1b]\n[[accepted]]", "Retired/Old", "CLOSED", "ACTIVE"),
    ("100000000003", "three", "Sandbox", "ACTIVE", "SUSPENDED"),
    ("100000000004", "four", "Sandbox", "CLOSED", "ACTIVE"),
    ("100000000005", "five", "Sandbox", "CLOSED", "ACTIVE"),
]
GONE = [
    ("100000000006", "six", "Sandbox", "CLOSED", "ACTIVE"),
    ("100000000007", "seven", "Sandbox", "ACTIVE", "ACTIVE"),
    ("100000000008", "eight", "Sandbox", "ACTIVE", "UNKNOWN"),
]


def words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which four pairs disagree, one was not seen, and three have left the list."""
    path = tmp_path_factory.mktemp("store")
    Store(path).save(make_snapshot([*PAIRS, *GONE], day="2026-11-15"))
    unseen = "100000000005"
    Store(path).save(make_snapshot(PAIRS, failed=[unseen]))
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return tmp_path / "ours.toml"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def accepted(of: str, until: date = UNTIL, states: tuple[str, str] = ("CLOSED", "ACTIVE")) -> str:
    return (
        f'[[accepted]]\n{of}\nstandard = "{states[0]}"\ngovcloud = "{states[1]}"\n'
        f'reason = "Known"\nowner = "ops"\nuntil = {until}\n'
    )


def test_new_writes_a_file_that_changes_nothing_and_never_over_another(
    run: Run, ours: Path
) -> None:
    assert run("policy", "new", ours) == (0, f"{ours}\n", "")
    before = ours.read_text(encoding="utf-8")
    said = f"{ours} is there already. Name another file, or change that one.\n"
    assert run("policy", "new", ours) == (2, "", said)
    assert ours.read_text(encoding="utf-8") == before
    assert run("policy", "check", ours)[1].startswith("ours.toml changes none of 80 rules.\n")


def test_check_says_what_a_file_changes(
    run: Run, ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no store
    rule = '[[rules]]\nstandard = "SUSPENDED"\ngovcloud = "CLOSED"\nseverity = "HIGH"\n'
    written(ours, 'owner_tag = "team"\n' + rule + accepted("ou = 'Retired/**'"))
    assert run("policy", "check", ours) == (
        0,
        (
            "ours.toml changes 1 of 80 rules: Suspended → Closed (high).\n"
            f"It has 1 acceptance, until {words(UNTIL)}.\n"
            "Owners are known by the tag team.\n"
        ),
        "",
    )


def test_check_says_what_each_acceptance_matches_in_the_newest_snapshot(
    run: Run, ours: Path, store: Path
) -> None:
    ended = date(2026, 11, 22)
    written(
        ours,
        accepted("ou = 'Retired/**'")
        + accepted('accounts = ["1000-0000-0002", "100000000004", "100000000006"]')
        + accepted("ou = 'Elsewhere'")
        + accepted("ou = '**'", ended)
        + accepted("ou = 'Elsewhere'", ended),
    )
    code, out, err = run("policy", "check", ours, "--store", store)
    assert (code, err) == (0, "")
    assert out.splitlines()[3:] == [
        "As of the snapshot of 22 November 2026:",
        f"The acceptance on line 1 (ops) matches 1 account, until {words(UNTIL)}.",
        f"The acceptance on line 8 (ops) matches 3 accounts, until {words(UNTIL)}.",
        f"The acceptance on line 15 (ops) matches nothing, until {words(UNTIL)}.",
        "The acceptance on line 22 (ops) ended on 22 November 2026, and still matches 3 accounts.",
        "The acceptance on line 29 (ops) ended on 22 November 2026, and matches nothing.",
    ]
    older = ("--snapshot", "o-test/2026-11-15T03-00-00Z")
    _, out, _ = run("policy", "check", ours, "--store", store, *older)
    assert out.splitlines()[5].startswith("The acceptance on line 8 (ops) matches 3 accounts")


def test_check_of_a_store_that_was_named_and_is_empty_is_a_wrong_call(
    run: Run, ours: Path, tmp_path: Path
) -> None:
    written(ours, "")
    code, _, err = run("policy", "check", ours, "--store", tmp_path / "none")
    assert (code, err.count("\n")) == (2, 1)


@pytest.mark.parametrize("command", ["check", "baseline", "mismatches"])
def test_what_is_wrong_in_a_file_is_one_line_and_a_wrong_call(
    command: str, run: Run, ours: Path, store: Path
) -> None:
    written(ours, "# ours\n\n" + accepted("account = '100000000002'"))
    arguments = {
        "check": ("policy", "check", ours),
        "baseline": ("policy", "baseline", ours, "--until", UNTIL, *WHY),
        "mismatches": ("mismatches", "--policy", ours),
    }[command]
    said = "ours.toml, line 4: accepted entry 1 has 'account', which no acceptance has."
    code, out, err = run(*arguments, "--store", store)
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_a_baseline_accepts_what_disagrees_and_what_was_left_behind(
    run: Run, ours: Path, store: Path
) -> None:
    before = '# ours\nowner_tag = "team" # theirs\n'
    written(ours, before)
    baseline = ("policy", "baseline", ours, "--store", store, "--until", UNTIL, *WHY)
    said = (
        f"{ours} accepts 5 accounts more, in 3 entries, until {UNTIL}:"
        " 3 mismatches, and 2 that were left behind.\n"
        "1 more was left behind in a state that nobody knows: that is never accepted.\n"
    )
    assert run(*baseline) == (0, said, "")
    text = ours.read_text(encoding="utf-8")
    assert text.startswith(before + "\n[[accepted]]\n")
    assert "# two\N{REPLACEMENT CHARACTER}] [[accepted]]\n" in text
    common = {"reason": 'Known "before" us', "owner": "ops", "until": UNTIL}
    closed, active = "CLOSED", "ACTIVE"
    assert tomllib.loads(text)["accepted"] == [
        {"accounts": ["100000000007"], "standard": active, "govcloud": active, **common},
        {
            "accounts": ["100000000002", "100000000004", "100000000006"],
            "standard": closed,
            "govcloud": active,
            **common,
        },
        {"accounts": ["100000000003"], "standard": active, "govcloud": "SUSPENDED", **common},
    ]
    code, out, err = run(*baseline)
    assert (code, err) == (0, "")
    assert out.startswith("There is nothing to accept: no pair disagrees that is not accepted")
    assert ours.read_text(encoding="utf-8") == text


def test_a_baseline_makes_the_file_where_there_is_none(run: Run, ours: Path, store: Path) -> None:
    code, _, _ = run("policy", "baseline", ours, "--store", store, "--until", UNTIL, *WHY)
    assert code == 0
    _, out, err = run("mismatches", "--store", store, "--policy", ours, "--format", "json")
    assert [row["accepted_by"] for row in json.loads(out)] == ["ops"] * 3
    assert err.startswith("1 linked pair agrees, and the other 3 are accepted")


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("soon", "Argument --until: soon is not a day such as 2027-03-31. Try: "),
        (TODAY, f"The acceptance would end on {TODAY}, which is not after today."),
        (TODAY + timedelta(days=367), "which is more than 365 days ahead. Write until = "),
    ],
)
def test_a_baseline_until_a_day_that_cannot_be_is_a_wrong_call(
    run: Run, ours: Path, store: Path, until: object, said: str
) -> None:
    code, out, err = run("policy", "baseline", ours, "--store", store, "--until", until, *WHY)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not ours.exists()


def test_a_baseline_in_a_folder_that_is_not_there_is_a_wrong_call(
    run: Run, tmp_path: Path, store: Path
) -> None:
    path = tmp_path / "none" / "ours.toml"
    code, _, err = run("policy", "baseline", path, "--store", store, "--until", UNTIL, *WHY)
    assert (code, err) == (2, f"There is no folder {path.parent}. Make it first.\n")


def test_mismatches_show_who_accepted_them_at_the_end_and_what_does_nothing(
    run: Run, ours: Path, store: Path
) -> None:
    written(
        ours,
        accepted('accounts = ["100000000002"]')
        + accepted("ou = 'Elsewhere'")
        + accepted('accounts = ["100000000004"]', date(2026, 11, 20)),
    )
    code, out, err = run("mismatches", "--store", store, "--policy", ours)
    assert code == 0
    head, *rows = out.splitlines()
    assert re.search("^Severity +Account .* Since +Accepted until +Accepted by$", head)
    shown = [re.split("  +", row.strip()) for row in rows if "  1000" in row]
    assert [(row[1], *row[-2:]) for row in shown] == [
        ("100000000004", "–", "ops"),
        ("100000000003", "–", "–"),
        ("100000000002", str(UNTIL), "ops"),
    ]
    assert err.splitlines() == [
        (
            "2 mismatches: 1 critical, 1 high, 1 more accepted; 3 GovCloud accounts were left"
            " behind."
        ),
        f"Acceptance 2 (ops) matches nothing, until {words(UNTIL)}.",
        "Acceptance 3 (ops) ended on 20 November 2026, and still matches 1 account.",
        "1 more could not be judged: --all shows them and why.",
    ]


def test_of_chosen_accounts_no_entry_is_said_to_match_nothing(
    run: Run, ours: Path, tmp_path: Path
) -> None:
    Store(tmp_path / "chosen").save(make_snapshot(PAIRS[:2], complete=False))
    written(ours, accepted('accounts = ["100000000004"]'))
    _, _, err = run("mismatches", "--store", tmp_path / "chosen", "--policy", ours)
    assert err == ""


def test_owners_are_a_column_where_somebody_names_them(
    run: Run, ours: Path, store: Path, tmp_path: Path
) -> None:
    units = written(tmp_path / "units.csv", "ou_path,owner\nSandbox,sand\nRetired,old\n")
    one = written(tmp_path / "one.csv", "account_id,owner\n1000-0000-0004,four's\n")
    written(ours, f'owners = "{units.name}"\n')
    assert "Owner" not in run("mismatches", "--store", store)[1].splitlines()[0]
    _, out, _ = run("mismatches", "--store", store, "--policy", ours)
    assert "Owner" in out.splitlines()[0]
    asked = ("mismatches", "--store", store, "--policy", ours, "--owners", one)
    _, out, _ = run(*asked, "--format", "json")
    assert {row["account_id"]: row["owner"] for row in json.loads(out)} == {
        "100000000002": "old",
        "100000000004": "four's",
        "100000000003": "sand",
    }
    _, out, _ = run("mismatches", "--store", store, "--owners", one)
    assert "four's" in out


def test_a_wrong_list_of_owners_is_one_line(run: Run, store: Path, tmp_path: Path) -> None:
    wrong = written(tmp_path / "wrong.csv", "account_id,owner\n1,ops\n")
    code, _, err = run("mismatches", "--store", store, "--owners", wrong)
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("wrong.csv, line 2: '1' is not an account id.")
