"""`check`: its exit codes, what it prints, and what it says beside."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alerted import CRITICAL, FINE, HIGH, MEDIUM, an_organization, govcloud, standard
from py_ocsf_models.events.findings.detection_finding import DetectionFinding

from toolkit.schema import FINDINGS
from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which account 1 was critical before, 2 is new, and 4 has left the list."""
    path = tmp_path_factory.mktemp("checked")
    before = {1: CRITICAL, 2: FINE, 3: MEDIUM, 4: CRITICAL}
    members = dict.fromkeys(before, "ACTIVE") | {3: "CLOSED"}
    Store(path).save(an_organization("2026-11-15", before, members=members))
    now = {1: CRITICAL, 2: HIGH, 3: MEDIUM}
    Store(path).save(an_organization("2026-11-22", now, members=members | {2: "SUSPENDED"}))
    return path


def test_it_ends_with_3_where_something_is_as_grave_and_prints_it_worst_first(
    run: Run, store: Path
) -> None:
    code, out, err = run("check", "--store", store)

    lines = out.splitlines()
    assert code == 3
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["Critical", "Left"],
        ["Critical", "Mismatch"],
        ["High", "Mismatch"],
    ]
    assert [one for one in (4, 1, 2) if standard(one) not in lines[{4: 1, 1: 2, 2: 3}[one]]] == []
    assert govcloud(4) in lines[1]
    assert lines[4] == "3 rows"
    assert lines[5].startswith("1 × The standard account has left the list while its GovCloud")
    assert "Ask AWS Support, with the GovCloud account's id" in lines[5]
    assert err == (
        "Failed: 3 findings are high or worse (2 critical). Not counted: 1 milder. As of"
        " 22 November 2026, 03:00 UTC, of 3 standard accounts, by this toolkit's own rules.\n"
    )


@pytest.mark.parametrize(
    ("options", "code", "accounts"),
    [
        (["--fail-on", "critical"], 3, [4, 1]),
        (["--fail-on", "LOW"], 3, [4, 1, 2, 3]),
        (["--new-only"], 3, [4, 2]),
        (["--new-only", "--fail-on", "medium", "--snapshot", "2026-11-15T03-00-00Z"], 3, [1, 4, 3]),
    ],
)
def test_options_say_what_counts(
    options: list[str], code: int, accounts: list[int], run: Run, store: Path
) -> None:
    ended, out, _ = run("check", "--store", store, "--format", "json", *options)

    rows = json.loads(out)
    assert ended == code
    assert [row["account_id"] for row in rows] == [standard(one) for one in accounts]
    assert all(list(row) == FINDINGS.names for row in rows)


def test_it_ends_with_0_where_nothing_counts(run: Run, tmp_path: Path) -> None:
    Store(tmp_path).save(an_organization("2026-11-22", {1: MEDIUM}, members={1: "CLOSED"}))

    code, out, err = run("check", "--store", tmp_path, "--format", "json")

    assert (code, json.loads(out)) == (0, [])
    assert err.startswith("Passed: nothing is high or worse. Not counted: 1 milder.")


def test_what_could_not_be_judged_fails_unless_it_is_allowed(run: Run, tmp_path: Path) -> None:
    Store(tmp_path).save(an_organization("2026-11-22", {1: FINE, 2: FINE}, failed=[2]))

    code, out, _ = run("check", "--store", tmp_path)
    assert code == 3
    assert out.splitlines()[1].startswith("–         Unknown")
    assert run("check", "--store", tmp_path, "--allow-unknown")[0] == 0


def test_a_finding_by_reconciling_fails_and_a_rule_of_the_policy_lets_it_pass(
    run: Run, tmp_path: Path
) -> None:
    Store(tmp_path / "store").save(an_organization("2026-11-22", {1: FINE}, members={}))
    policy = tmp_path / "ours.toml"
    policy.write_text(
        '[[reconcile]]\nfinding = "NOT_IN_GOVCLOUD_ORGANIZATION"\nstate = "ACTIVE"\n'
        'severity = "NONE"\n',
        encoding="utf-8",
    )
    check = ("check", "--store", tmp_path / "store")

    code, out, _ = run(*check)
    assert code == 3
    assert out.splitlines()[1].startswith("High      Not in GovCloud organization")
    code, _, err = run(*check, "--policy", policy)
    assert code == 0
    assert err.rstrip().endswith("of 1 standard account, by ours.toml.")


def test_what_the_policy_file_accepts_passes_and_what_it_says_in_vain_is_named(
    run: Run, tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()
    until, taken = today + timedelta(days=30), today - timedelta(days=1)
    Store(tmp_path / "store").save(an_organization(f"{taken}", {1: HIGH}, members={1: "SUSPENDED"}))
    policy = tmp_path / "ours.toml"
    entry = (
        '[[accepted]]\naccounts = ["{}"]\nstandard = "ACTIVE"\ngovcloud = "SUSPENDED"\n'
        'reason = "Known"\nowner = "ops"\nuntil = {}\n'
    )
    policy.write_text(
        entry.format(standard(1), until) + entry.format(standard(9), until), encoding="utf-8"
    )
    check = ("check", "--store", tmp_path / "store", "--policy", policy)

    code, out, err = run(*check, "--format", "ocsf")

    (event,) = json.loads(out)
    assert (code, event["status"]) == (0, "Suppressed")
    assert event["comment"].startswith("accepted by ops until ")
    assert "Not counted: 1 accepted." in err
    assert "Acceptance 2 (ops) matches nothing" in err
    assert run("check", "--store", tmp_path / "store")[0] == 3


def test_a_snapshot_that_is_too_old_ends_with_1_and_says_what_was_found_as_well(
    run: Run, store: Path
) -> None:
    code, out, err = run("check", "--store", store, "--max-age", "1h", "--format", "json")

    assert code == 1
    assert len(json.loads(out)) == 3
    found, old = err.splitlines()
    assert found.startswith("Failed: 3 findings are high or worse")
    assert old.startswith("The snapshot is ")
    assert old.endswith("old, more than 1 hour: collect again, then check.")
    assert run("check", "--store", store, "--max-age", "999999h")[0] == 3


def test_ocsf_is_an_array_of_events_of_the_published_schema(run: Run, store: Path) -> None:
    code, out, _ = run("check", "--store", store, "--format", "ocsf", "--fail-on", "medium")

    events = json.loads(out)
    for event in events:
        read = DetectionFinding.model_validate(event)
        assert read.model_dump(mode="json", exclude_none=True) == event
    assert code == 3
    assert [(event["severity"], event["activity_name"]) for event in events] == [
        ("Critical", "Create"),
        ("Critical", "Update"),
        ("High", "Create"),
        ("Medium", "Update"),
    ]
    assert json.loads(run("check", "--store", store, "--format", "ocsf")[1]) == events[:3]


def test_it_says_what_was_not_looked_at(run: Run, tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(an_organization("2026-11-22", {1: CRITICAL}))
    store.save(an_organization("2026-11-23", {1: FINE}, complete=False))

    code, _, err = run("check", "--store", tmp_path)

    assert code == 0
    assert err.splitlines()[1:] == [
        "It is not of a whole organization: what was left behind is not in it.",
        "The GovCloud organization's list was not asked: collect with --govcloud-profile.",
    ]


def test_a_wrong_call_ends_with_2(run: Run, tmp_path: Path) -> None:
    assert run("check", "--store", tmp_path)[0] == 2
    assert run("check", "--fail-on", "awful")[0] == 2
    assert run("check", "--max-age", "soon")[0] == 2


def test_help_names_every_exit_code(run: Run) -> None:
    code, out, _ = run("check", "--help")

    assert code == 0
    assert [line[:3] for line in out.splitlines() if line[:5].strip().isdigit()] == [
        f"  {number}" for number in range(4)
    ]
