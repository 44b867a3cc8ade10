"""Commands on a store of which something is damaged, and commands that are told to stop."""

import json
import shutil
from pathlib import Path

import pytest
from reported import small_snapshot

from toolkit.cli import main
from toolkit.store import Store


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three snapshots."""
    path = tmp_path_factory.mktemp("store")
    for day in ("2026-11-08", "2026-11-15", "2026-11-22"):
        Store(path).save(small_snapshot(day=day))
    return path


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "store"))


def manifests(store: Path) -> list[Path]:
    return sorted(store.glob("runs/*/*.json"))


def parts(store: Path) -> list[Path]:
    return sorted(store.glob("accounts/*/*/part.parquet"))


def test_the_list_shows_the_rest_and_says_what_is_left_out(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = manifests(store)[1]
    damaged.write_text("{", encoding="utf-8")

    assert main(["snapshots", "--store", str(store)]) == 0

    out, err = capsys.readouterr()
    assert "2 rows" in out
    assert err.count("\n") == 1
    assert err.startswith(f"Left out: {damaged} is not a manifest that can be read: ")
    assert err.rstrip().endswith("use the version of the toolkit that wrote it.")


@pytest.mark.parametrize("files", [manifests, parts])
def test_without_a_name_the_newest_that_can_be_read_is_judged_and_that_is_said(
    store: Path, capsys: pytest.CaptureFixture[str], files: object
) -> None:
    damaged = files(store)[-1]
    damaged.write_bytes(b"{")

    assert main(["mismatches", "--store", str(store), "--format", "json"]) == 0

    out, err = capsys.readouterr()
    assert json.loads(out)
    assert err.count(f"Left out: {damaged}") == 1


@pytest.mark.parametrize("files", [manifests, parts])
def test_a_report_is_written_without_what_is_damaged_and_says_so_once(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], files: object
) -> None:
    damaged = files(store)[0]
    damaged.write_bytes(b"{")
    out = tmp_path / "states.csv"

    assert main(["report", "--store", str(store), "--out", str(out)]) == 0

    said = capsys.readouterr()
    assert said.out.strip() == str(out)
    assert said.err.count(f"Left out: {damaged}") == said.err.count("\n") == 1
    assert out.stat().st_size > 1_000


def test_a_damaged_snapshot_that_is_named_is_a_wrong_call(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = parts(store)[0]
    damaged.write_bytes(b"{")
    oldest = Store(store).ids()[0]

    assert main(["mismatches", "--store", str(store), "--snapshot", oldest]) == 2

    err = capsys.readouterr().err
    assert err.startswith(f"{damaged} cannot be read: ")
    assert err.count("\n") == 1
