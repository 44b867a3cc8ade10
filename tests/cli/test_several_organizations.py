"""Commands on a store of several organizations: `check` looks at all, others say at whose."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from alerted import CRITICAL, FINE, HIGH, MEDIUM, an_organization, standard
from bucketed import Behind, refusal

from toolkit.schema import FINDINGS
from toolkit.store import Snapshot, Store

Run = Callable[..., tuple[int, str, str]]

NOT_ASKED = "The GovCloud organization's list was not asked: collect with --govcloud-profile."
BY = "this toolkit's own rules."


def high() -> Snapshot:
    """The oldest: one pair is high, another medium."""
    return an_organization("2026-11-20", {21: HIGH, 22: MEDIUM}, organization="o-high")


def critical() -> list[Snapshot]:
    """A day later: one pair is critical, as it was before, one is high, and one not known."""
    name = "o-critical"
    return [
        an_organization("2026-11-14", {11: CRITICAL, 12: FINE}, organization=name),
        an_organization(
            "2026-11-21", {11: CRITICAL, 12: HIGH, 13: FINE}, failed=[13], organization=name
        ),
    ]


def calm() -> Snapshot:
    """The newest of all: nothing is wrong in it."""
    return an_organization("2026-11-22", {1: FINE, 2: FINE}, organization="o-calm")


def saved(folder: Path, *snapshots: Snapshot) -> Path:
    for one in snapshots:
        Store(folder).save(one)
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three organizations, of which the one that was collected last is calm."""
    return saved(tmp_path_factory.mktemp("several"), high(), *critical(), calm())


@pytest.fixture
def ours(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder that has a policy file, which decides nothing yet."""
    monkeypatch.chdir(tmp_path)
    run("policy", "new", "ours.toml")


def test_one_that_is_not_the_newest_fails_the_check_and_stands_before_its_rows(
    run: Run, store: Path
) -> None:
    code, out, err = run("check", "--store", store)

    first, second, end = out.split("\n\n")
    assert code == 3
    assert first.splitlines()[0] == "o-critical:"
    assert [line.split()[:2] for line in first.splitlines()[2:5]] == [
        ["Critical", "Mismatch"],
        ["High", "Mismatch"],
        ["–", "Unknown"],
    ]
    assert first.splitlines()[5] == "3 rows"
    assert second.splitlines()[0] == "o-high:"
    assert standard(21) in second.splitlines()[2]
    assert second.splitlines()[3] == "1 row"
    assert "o-calm" not in out
    assert end == ""
    passed = "o-calm: Passed: nothing is high or worse."
    failed = (
        "o-critical: Failed: 2 findings are high or worse (1 critical) and 1 account could not be"
        " judged."
    )
    other = "o-high: Failed: 1 finding is high or worse. Not counted: 1 milder."
    assert err.splitlines() == [
        f"{passed} As of 22 November 2026, 03:00 UTC, of 2 standard accounts, by {BY}",
        f"o-calm: {NOT_ASKED}",
        f"{failed} As of 21 November 2026, 03:00 UTC, of 3 standard accounts, by {BY}",
        f"o-critical: {NOT_ASKED}",
        f"{other} As of 20 November 2026, 03:00 UTC, of 2 standard accounts, by {BY}",
        f"o-high: {NOT_ASKED}",
        "Failed: 2 of 3 organizations: o-critical and o-high.",
    ]


def test_programs_get_the_rows_of_all_in_one_list_worst_first(run: Run, store: Path) -> None:
    code, out, _ = run("check", "--store", store, "--format", "json", "--fail-on", "medium")

    rows = json.loads(out)
    assert code == 3
    assert [row["account_id"] for row in rows] == [standard(one) for one in (11, 12, 21, 22, 13)]
    assert all(list(row) == FINDINGS.names for row in rows)


def test_an_event_names_the_organization_that_it_is_of(run: Run, store: Path) -> None:
    code, out, _ = run("check", "--store", store, "--format", "ocsf")

    events = json.loads(out)
    assert code == 3
    assert [
        (event["cloud"]["org"]["uid"], event["cloud"]["account"]["uid"]) for event in events
    ] == [("o-critical", standard(one)) for one in (11, 12, 13)] + [("o-high", standard(21))]


@pytest.mark.parametrize(
    ("options", "code", "accounts"),
    [
        (["--fail-on", "critical"], 3, [11, 13]),
        (["--fail-on", "critical", "--allow-unknown"], 3, [11]),
        (["--new-only", "--allow-unknown"], 3, [12, 21]),
        (["--organization", "o-high"], 3, [21]),
        (["--organization", "o-high", "--fail-on", "critical"], 0, []),
        (["--organization", "o-critical", "--snapshot", "2026-11-14T03-00-00Z"], 3, [11]),
    ],
)
def test_options_hold_for_each(
    options: list[str], code: int, accounts: list[int], run: Run, store: Path
) -> None:
    ended, out, _ = run("check", "--store", store, "--format", "json", *options)

    assert ended == code
    assert [row["account_id"] for row in json.loads(out)] == [standard(one) for one in accounts]


def test_where_all_pass_it_ends_with_0_and_prints_no_row(run: Run, tmp_path: Path) -> None:
    fine = an_organization("2026-11-20", {5: FINE}, organization="o-fine")
    saved(tmp_path, calm(), fine)

    code, out, err = run("check", "--store", tmp_path)

    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "Passed: all 2 organizations."


@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--format", "ocsf"]])
def test_of_one_that_is_named_it_says_what_it_says_of_an_only_one(
    options: list[str], run: Run, store: Path, tmp_path: Path
) -> None:
    saved(tmp_path, *critical())

    named = run("check", "--store", store, "--organization", "o-critical", *options)

    assert named == run("check", "--store", tmp_path, *options)
    assert named[0] == 3


@pytest.mark.parametrize("options", [[], ["--organization", "o-critical"]])
def test_a_newer_snapshot_of_chosen_accounts_hides_nothing(
    options: list[str], run: Run, tmp_path: Path
) -> None:
    chosen = an_organization("2026-11-25", {12: FINE}, complete=False, organization="o-critical")
    saved(tmp_path, *critical(), chosen, calm())

    code, out, err = run("check", "--store", tmp_path, "--format", "json", *options)

    assert code == 3
    assert json.loads(out)[0]["account_id"] == standard(11)
    assert "not of a whole organization" not in err


def test_one_whose_snapshot_is_too_old_is_named_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    taken = pd.Timestamp(datetime.now(UTC) - timedelta(hours=2)).floor("s")
    fresh = replace(high(), manifest=replace(high().manifest, taken=taken))
    saved(tmp_path, calm(), fresh)

    code, out, err = run("check", "--store", tmp_path, "--max-age", "3h", "--format", "json")

    assert code == 1
    assert [row["account_id"] for row in json.loads(out)] == [standard(21)]
    old, last = err.splitlines()[-2:]
    assert old.startswith("o-calm: The snapshot is ")
    assert old.endswith(" old, more than 3 hours: collect again, then check.")
    assert err.count("The snapshot is ") == 1
    assert last == "Failed: 2 of 2 organizations: o-calm and o-high."


@pytest.mark.parametrize("more", [[], ["--max-age", "1h"]])
def test_one_of_which_nothing_can_be_read_ends_with_2_and_stops_no_other(
    more: list[str], run: Run, tmp_path: Path
) -> None:
    saved(tmp_path, high(), *critical(), calm())
    damaged = next(tmp_path.glob("runs/organization=o-calm/*.json"))
    damaged.write_text("{", encoding="utf-8")
    for part in tmp_path.glob("accounts/organization=o-critical/*/part.parquet"):
        part.write_bytes(b"{")

    code, out, err = run("check", "--store", tmp_path, "--format", "json", *more)

    lines = err.splitlines()
    assert code == 2
    assert [row["account_id"] for row in json.loads(out)] == [standard(21)]
    assert lines[0].startswith(f"o-calm: {damaged} is not a manifest that can be read: ")
    assert lines[1].startswith("o-critical: ")
    assert "taken=2026-11-21" in lines[1]
    assert "Collect again, or choose another snapshot." in lines[1]
    assert lines[2].startswith("o-high: Failed: ")
    assert lines[-1] == "Failed: 3 of 3 organizations: o-calm, o-critical and o-high."


def test_one_that_cannot_be_judged_ends_with_2_and_stops_no_other(run: Run, tmp_path: Path) -> None:
    accounts = calm().accounts
    twice = pd.concat([accounts, accounts.head(1)], ignore_index=True)
    wrong = replace(calm(), tables={**calm().tables, "accounts": twice})
    saved(tmp_path, high(), wrong)

    code, out, err = run("check", "--store", tmp_path, "--format", "json")

    assert code == 2
    assert [row["account_id"] for row in json.loads(out)] == [standard(21)]
    assert err.splitlines()[0].startswith("o-calm: ")
    assert standard(1) in err.splitlines()[0]


def test_where_none_can_be_read_programs_still_get_a_list(run: Run, tmp_path: Path) -> None:
    for manifest in saved(tmp_path, high(), calm()).glob("runs/*/*.json"):
        manifest.write_text("{", encoding="utf-8")

    code, out, err = run("check", "--store", tmp_path, "--format", "json")

    assert (code, json.loads(out)) == (2, [])
    assert len(err.splitlines()) == 3


def test_a_login_that_runs_out_is_said_once(run: Run, between: Behind) -> None:
    bucket, server = between()
    for one in (high(), calm()):
        bucket.save(one)
    expired = refusal("ExpiredToken", 400)
    server.rules.append(lambda asked: expired if asked.operation == "GetObject" else None)

    code, out, err = run("check", "--store", bucket)

    assert (code, out) == (2, "")
    assert "the credentials have expired" in err
    assert len(err.splitlines()) == 1


def test_an_acceptance_is_said_in_vain_only_where_it_matches_in_none(
    run: Run, store: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "ours.toml"
    entry = (
        '[[accepted]]\naccounts = ["{}"]\nstandard = "ACTIVE"\ngovcloud = "SUSPENDED"\n'
        'reason = "Known"\nowner = "ops"\nuntil = {}\n'
    )
    given = ((12, "2026-12-24"), (21, "2026-12-24"), (99, "2026-12-24"), (21, "2026-11-01"))
    policy.write_text("".join(entry.format(standard(one), day) for one, day in given))
    check = ("check", "--policy", policy, "--store")

    def said(err: str) -> list[str]:
        return [line for line in err.splitlines() if "cceptance" in line]

    nothing = "Acceptance 3 (ops) matches nothing, until 24 December 2026."
    ended = "Acceptance 4 (ops) ended on 1 November 2026, and still matches 1 account."
    code, _, err = run(*check, store)
    assert code == 3
    assert err.count("Not counted: 1 accepted") == 2
    assert said(err) == [nothing, ended]
    # What matches in another one, or in what was not looked at, is not known of this one.
    assert said(run(*check, store, "--organization", "o-high")[2]) == [ended]
    chosen = an_organization("2026-11-22", {41: FINE}, complete=False, organization="o-chosen")
    assert said(run(*check, saved(tmp_path / "store", high(), chosen))[2]) == [ended]
    # Of an only organization it is said as ever, and how old its snapshot is behind it.
    _, _, err = run(*check, saved(tmp_path / "one", chosen), "--max-age", "1h")
    *_, before, last = err.splitlines()
    assert nothing in said(err)
    assert "cceptance" in before
    assert last.startswith("The snapshot is ")


@pytest.mark.parametrize(
    "command",
    [
        ("mismatches", "--format", "csv"),
        ("reconcile", "--all", "--format", "csv"),
        ("report", "--out", "states.csv"),
        ("policy", "check", "ours.toml"),
        (
            "policy",
            "baseline",
            "ours.toml",
            "--until",
            "2026-12-24",
            "--owner",
            "o",
            "--reason",
            "r",
        ),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("ours")
def test_a_command_on_one_snapshot_says_whose_it_is_and_takes_another(
    command: tuple[str, ...], run: Run, store: Path, tmp_path: Path
) -> None:
    whose = (
        "This is o-calm, whose snapshot is the newest of 3 organizations: choose another one with"
        " --organization."
    )

    code, out, err = run(*command, "--store", store)
    calm_one = run(*command, "--store", store, "--organization", "o-calm")
    only_one = run(*command, "--store", saved(tmp_path / "one", calm()))
    high_one = run(*command, "--store", store, "--organization", "o-high")

    assert code == 0
    assert err.splitlines()[0] == whose
    assert calm_one == only_one == (0, out, "".join(err.splitlines(keepends=True)[1:]))
    assert high_one[0] == 0
    assert whose not in high_one[2]
    if command[0] in ("mismatches", "reconcile"):
        assert standard(21) in high_one[1]
        assert standard(21) not in out


@pytest.mark.parametrize("command", [("check",), ("mismatches",), ("policy", "check", "ours.toml")])
@pytest.mark.usefixtures("ours")
def test_an_organization_that_is_not_there_is_one_sentence(
    command: tuple[str, ...], run: Run, store: Path, tmp_path: Path
) -> None:
    code, _, err = run(*command, "--store", store, "--organization", "o-nobody")

    assert code == 2
    assert err == (
        f"{store} holds no snapshot of o-nobody."
        " Name an organization as python -m toolkit fleet lists them.\n"
    )
    # Where there is none at all, that is what has to be done first.
    empty = run(*command, "--store", tmp_path / "empty", "--organization", "o-nobody")
    assert "holds no snapshot yet. Make one" in empty[2]


@pytest.mark.usefixtures("ours")
def test_a_policy_is_checked_without_a_store_but_not_where_an_organization_was_named(
    run: Run,
) -> None:
    assert run("policy", "check", "ours.toml")[0] == 0
    assert run("policy", "check", "ours.toml", "--organization", "o-calm")[0] == 2
