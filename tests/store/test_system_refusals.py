"""What the system refuses: each time one sentence, and a hint that goes by the reason."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from stored import ID, a_snapshot

from toolkit.errors import StoreError
from toolkit.store import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="It takes limits that POSIX has.")

HERE = Path(__file__).parent
SAVES = """
import resource, sys
from stored import a_snapshot
from toolkit.errors import StoreError
from toolkit.store import Store
store = Store(sys.argv[1])
snapshot = a_snapshot()
store.save(snapshot, again=True)
{limit}
try:
    {then}
except StoreError as error:
    print(f"{{error.message}}|{{error.hint}}")
"""
NO_SPACE = "resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
NO_HANDLES = (
    "import os; resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16));"
    " held = [os.dup(0) for _ in range(16 - len(os.listdir('/dev/fd')) + 1)]"
)
NO_RIGHT = "import os; os.getuid() or os.setuid(65534)"
SAVE, READ = "store.save(snapshot, again=True)", "store.load()"


def said(store: Path, limit: str, then: str) -> tuple[str, str]:
    """Return the sentence and the hint with which a process under a limit ends."""
    done = subprocess.run(
        [sys.executable, "-c", SAVES.format(limit=limit, then=then), str(store)],
        env=os.environ | {"PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{HERE}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    message, hint = done.stdout.rstrip("\n").split("|")
    return message, hint


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A folder that a process without rights can reach, and not read."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path / "store"


@pytest.mark.parametrize("size", [0, 1, 100, 2_000])
def test_a_disk_that_is_full_leaves_the_snapshot_as_it_was(store: Path, size: int) -> None:
    message, hint = said(store, NO_SPACE.format(size=size), SAVE)

    assert message == f"The snapshot could not be written to {store}: File too large."
    assert hint.startswith("Free some space")
    assert Store(store).load().id == ID
    assert [path for path in store.rglob("*") if path.name.endswith(".new")] == []


@pytest.mark.parametrize("then", [SAVE, READ])
def test_too_few_file_handles_are_no_reason_to_free_space(store: Path, then: str) -> None:
    message, hint = said(store, NO_HANDLES, then)

    assert message.endswith(": Too many open files.")
    assert hint == "Close other programs, or allow more open files (ulimit -n)."


@pytest.mark.parametrize("then", [SAVE, READ])
def test_a_store_that_may_not_be_read_or_written_any_more_says_so(store: Path, then: str) -> None:
    Store(store).save(a_snapshot())
    closed = f"import os; os.chmod({str(store / 'runs')!r}, 0)"
    limit = closed if os.getuid() else NO_RIGHT
    try:
        message, hint = said(store, limit, then)
    finally:
        (store / "runs").chmod(0o700)

    assert message.endswith(": Permission denied.")
    assert hint.startswith("See to it that you may read and write there")


def test_a_file_where_a_folder_should_be_is_one_sentence(store: Path) -> None:
    store.mkdir()
    (store / "links").write_text("ours", encoding="utf-8")

    with pytest.raises(StoreError, match="could not be written to") as caught:
        Store(store).save(a_snapshot())
    assert caught.value.hint == "Move away what lies there, or name another folder."


def test_a_path_that_gets_too_long_below_the_store_is_one_sentence(tmp_path: Path) -> None:
    deep, longest = tmp_path, os.pathconf(tmp_path, "PC_PATH_MAX") - 60
    while (left := longest - len(str(deep))) > 1:
        deep /= "x" * min(left - 1, 100)
    deep.mkdir(parents=True)

    with pytest.raises(StoreError, match="File name too long") as caught:
        Store(deep).save(a_snapshot())
    assert caught.value.hint == "Name a folder with a shorter path."


def test_a_save_that_was_killed_leaves_nothing_that_readers_of_the_folder_take(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    store.save(a_snapshot())
    folder = next(tmp_path.glob("accounts/*/*"))
    whole = (folder / "part.parquet").read_bytes()
    (folder / ".0123456789abcdef.new").write_bytes(whole)
    (folder / ".fedcba9876543210.new").write_bytes(whole[: len(whole) // 2])

    assert len(pd.read_parquet(tmp_path / "accounts")) == 2
    files = f"{tmp_path.as_posix()}/accounts/**/*.parquet"
    assert len(duckdb.sql(f"FROM read_parquet('{files}')").fetchall()) == 2
    assert len(store.load().accounts) == 2


def test_the_next_save_sweeps_what_a_killed_one_left(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(a_snapshot())
    left = [
        next(tmp_path.glob(f"{table}/*/*")) / ".0123456789abcdef.new"
        for table in ("accounts", "govcloud", "links")
    ] + [next(tmp_path.glob("runs/*")) / ".0123456789abcdef.new"]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (0, 0))

    store.save(a_snapshot(name="After"), again=True)

    assert [path for path in left if path.exists()] == []
