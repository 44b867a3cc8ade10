"""`reconcile`: what it prints of two organizations, and the one line that says what it comes to."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reported import older_snapshot
from witnessed import DENIED, govcloud, lone, member, pair, standard, witnessed

from toolkit import schema
from toolkit.cli import main
from toolkit.store import Store

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command, which must end well, and return what it printed and said."""

    def run_command(*arguments: object) -> tuple[str, str]:
        assert main(["reconcile", *map(str, arguments)]) == 0
        return tuple(capsys.readouterr())

    return run_command


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which account 7 has left the list, after a snapshot of chosen accounts."""
    path = tmp_path_factory.mktemp("store")
    pairs = [pair(1), pair(2), pair(3, "SUSPENDED"), lone(4)]
    members = [member(1), member(3, "PENDING_CLOSURE"), member(7), member(8, "CLOSED")]
    for snapshot in (
        witnessed([pair(7)], day="2026-11-08", complete=False),
        witnessed([pair(1)], day="2026-11-15"),
        witnessed(pairs, members, []),
    ):
        Store(path).save(snapshot)
    return path


SAID = (
    "1 GovCloud account has outlived its standard account, 1 more deserves a look; 1 of 5 agrees."
)


def rows(out: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """Return what was printed as JSON: GovCloud account, account, finding, severity."""
    names = ("govcloud_account_id", "account_id", "finding", "severity")
    return [tuple(row[name] for name in names) for row in json.loads(out)]


def test_json_has_what_is_to_be_done_worst_first_and_stderr_what_it_comes_to(
    run: Run, store: Path
) -> None:
    out, err = run("--store", store, "--format", "json")
    assert rows(out) == [
        (govcloud(7), standard(7), "PAIR_LEFT_LIST", "CRITICAL"),
        (govcloud(2), standard(2), "NOT_IN_GOVCLOUD_ORGANIZATION", "HIGH"),
    ]
    assert all(list(row) == schema.RECONCILED.names for row in json.loads(out))
    assert err == f"{SAID} 3 rows are not shown: --all shows all.\n"


def test_with_all_every_govcloud_account_is_a_row(run: Run, store: Path) -> None:
    out, err = run("--store", store, "--format", "json", "--all")
    assert rows(out)[2:] == [
        (govcloud(1), standard(1), "AGREE", None),
        (govcloud(3), standard(3), "STATE_DISAGREES", None),
        (govcloud(8), None, "WITHOUT_PAIR", None),
    ]
    assert err == f"{SAID}\n"


def test_csv_has_the_same_rows_with_ids_whole(run: Run, store: Path) -> None:
    out, _ = run("--store", store, "--format", "csv")
    found = list(csv.DictReader(io.StringIO(out)))
    assert [row["govcloud_account_id"] for row in found] == [govcloud(7), govcloud(2)]
    assert list(found[0]) == schema.RECONCILED.names


def test_the_table_names_the_columns_and_counts_the_rows(run: Run, store: Path) -> None:
    out, _ = run("--store", store)
    head, first, second, count, *meanings = out.rstrip().splitlines()
    assert head.startswith("Severity")
    assert [head.index(word) for word in ("Finding", "State by the witness")]
    assert "Pair left list" in first
    assert "Not in GovCloud organization" in second
    assert count == "2 rows"
    assert meanings[0].startswith("1 × Its standard account has left the list")


def test_own_rules_change_what_is_to_be_done(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        '[[reconcile]]\nfinding = "PAIR_LEFT_LIST"\nstate = "ACTIVE"\nseverity = "NONE"\n'
        '[[reconcile]]\nfinding = "AGREE"\nstate = "ACTIVE"\nseverity = "LOW"\n',
        encoding="utf-8",
    )
    out, _ = run("--store", store, "--format", "json", "--policy", file)
    assert [(one, severity) for one, _, _, severity in rows(out)] == [
        (govcloud(2), "HIGH"),
        (govcloud(1), "LOW"),
    ]


def test_an_older_snapshot_says_that_the_witness_is_unknown(run: Run, tmp_path: Path) -> None:
    Store(tmp_path).save(older_snapshot())
    old = tmp_path / "runs" / "organization=o-test"
    (manifest,) = old.glob("*.json")
    content: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    content = {key: content[key] for key in content if key not in ("sources", "completed")}
    del content["govcloud_organization_id"]
    manifest.write_text(json.dumps(content), encoding="utf-8")

    out, err = run("--store", tmp_path, "--format", "json", "--all")
    assert {finding for _, _, finding, _ in rows(out)} == {None}
    assert len(rows(out)) == 5
    assert err == (
        "5 GovCloud accounts are known from the pairs alone; the GovCloud organization's list was"
        " not asked: collect with --govcloud-profile. This snapshot is older than the list of"
        " created accounts, or was taken without: collect again.\n"
    )


def test_a_witness_that_was_denied_is_said_and_claims_nothing(run: Run, tmp_path: Path) -> None:
    snapshot = witnessed([pair(1)], None, [], sources={"witness": {**DENIED, "rows": 0}})
    Store(tmp_path).save(snapshot)
    out, err = run("--store", tmp_path, "--format", "json")
    assert rows(out) == []
    assert err == (
        "1 GovCloud account is known from the pairs alone; the GovCloud organization's list was"
        " denied: organizations:ListAccounts is refused. 1 row is not shown: --all shows all.\n"
    )


@pytest.mark.parametrize("part", ["runs/*/*11-15*.json", "govcloud/*/*11-15*/part.parquet"])
def test_an_older_snapshot_that_is_damaged_is_left_out_and_named(
    run: Run, tmp_path: Path, part: str
) -> None:
    for snapshot in (
        witnessed([pair(7)], day="2026-11-08"),
        witnessed([pair(6, of=7)], day="2026-11-15"),
        witnessed([pair(1)], [member(1), member(7)], []),
    ):
        Store(tmp_path).save(snapshot)
    (damaged,) = tmp_path.glob(part)
    damaged.write_bytes(b"{")

    out, err = run("--store", tmp_path, "--format", "json")
    assert rows(out) == [(govcloud(7), standard(7), "PAIR_LEFT_LIST", "CRITICAL")]
    left_out, said = err.splitlines()
    assert left_out.startswith(f"Left out: {damaged}")
    assert said.startswith("1 GovCloud account has outlived its standard account; 1 of 2 agrees.")


def test_a_snapshot_by_its_id_is_reconciled_with_what_is_older_alone(run: Run, store: Path) -> None:
    out, _ = run(
        "--store", store, "--snapshot", "2026-11-15T03-00-00Z", "--all", "--format", "json"
    )
    assert rows(out) == [(govcloud(1), standard(1), None, None)]
