"""What the system refuses: each time one sentence, and a hint that goes by the reason."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from stored import ID, TAKEN, a_snapshot

from toolkit.errors import StoreError
from toolkit.store import Store, keys

pytestmark = pytest.mark.skipif(os.name != "posix", reason="It takes limits that POSIX has.")

HERE = Path(__file__).parent
NO_SPACE = "resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
NO_HANDLES = (
    "resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16));"
    " held = [os.dup(0) for _ in range(16 - len(os.listdir('/dev/fd')) + 1)]"
)
NO_RIGHT = "os.setuid(65534) if os.getuid() == 0 else os.chmod(os.path.join(folder, 'runs'), 0)"
SAVE, READ = "store.save(snapshot, again=True)", "store.load()"
SIZES = (0, 1, 100, 2_000)

Refused = Mapping[tuple[str, str], tuple[Path, str, str]]
"""The store, the sentence and the hint, by the limit and what was to be done under it."""

LIMITED = """
import json, os, resource, sys
from stored import a_snapshot
from toolkit.errors import StoreError
from toolkit.store import Store, keys

# Each limit holds for one fork alone: to start Python anew costs more than all of them.
for folder, limit, then in json.load(sys.stdin):
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    store, snapshot = Store(folder), a_snapshot()
    store.save(snapshot, again=True)
    exec(limit)
    try:
        exec(then)
    except StoreError as error:
        print(json.dumps([folder, error.message, error.hint]), flush=True)
    os._exit(0)
"""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Refused:
    """What is said where a store is used under each limit, each store being one of its own."""
    above = tmp_path_factory.mktemp("refused")
    for folder in (above, *above.parents[:2]):  # a process without rights can reach it
        folder.chmod(0o755)
    asked = [(NO_SPACE.format(size=size), SAVE) for size in SIZES]
    asked += [(limit, then) for limit in (NO_HANDLES, NO_RIGHT) for then in (SAVE, READ)]
    stores = {str(above / f"store{number}"): one for number, one in enumerate(asked)}
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        input=json.dumps([[folder, *one] for folder, one in stores.items()]),
        env=os.environ | {"PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{HERE}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    for folder in stores:
        Path(folder, "runs").chmod(0o700)
    lines = map(json.loads, done.stdout.splitlines())
    return {stores[folder]: (Path(folder), message, hint) for folder, message, hint in lines}


@pytest.mark.parametrize("size", SIZES)
def test_a_disk_that_is_full_leaves_the_snapshot_as_it_was(refused: Refused, size: int) -> None:
    store, message, hint = refused[NO_SPACE.format(size=size), SAVE]

    assert message == f"The snapshot could not be written to {store}: File too large."
    assert hint.startswith("Free some space")
    assert Store(store).load().id == ID
    assert [path for path in store.rglob("*") if path.name.endswith(".new")] == []


@pytest.mark.parametrize("then", [SAVE, READ])
def test_too_few_file_handles_are_no_reason_to_free_space(refused: Refused, then: str) -> None:
    _, message, hint = refused[NO_HANDLES, then]

    assert message.endswith(": Too many open files.")
    assert hint == "Close other programs, or allow more open files (ulimit -n)."


@pytest.mark.parametrize("then", [SAVE, READ])
def test_a_store_that_may_not_be_read_or_written_any_more_says_so(
    refused: Refused, then: str
) -> None:
    _, message, hint = refused[NO_RIGHT, then]

    assert message.endswith(": Permission denied.")
    assert hint.startswith("See to it that you may read and write there")


def test_a_file_where_a_folder_should_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "links").write_text("ours", encoding="utf-8")

    with pytest.raises(StoreError, match="could not be written to") as caught:
        Store(tmp_path).save(a_snapshot())
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
    claim = tmp_path / keys.claim_key(ID)
    claim.parent.mkdir(parents=True)
    claim.write_bytes(b"a writer that was killed")
    os.utime(claim, (0, 0))
    left = [
        next(tmp_path.glob(f"{table}/*/*")) / ".0123456789abcdef.new"
        for table in ("accounts", "govcloud", "links")
    ] + [next(tmp_path.glob("runs/*")) / ".0123456789abcdef.new"]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (0, 0))

    store.save(a_snapshot(TAKEN + pd.Timedelta(days=7)))

    assert [path for path in (*left, claim) if path.exists()] == []
