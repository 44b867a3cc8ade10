"""`fleet`: every organization of a store in a row."""

import io
import json
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from days import snapshot_of, standard, store_of

from toolkit.cli import main
from toolkit.schema import FLEET
from toolkit.store import Snapshot, Store


def of(organization: str, snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, manifest=replace(snapshot.manifest, organization_id=organization))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two organizations, of which the second in the alphabet is the worse one."""
    found = tmp_path_factory.mktemp("fleet") / "store"
    store_of(
        found,
        [
            of("o-calm", snapshot_of(0, {1: "ACTIVE/ACTIVE", 2: "ACTIVE"})),
            of("o-worse", snapshot_of(0, {1: "CLOSED/ACTIVE", 2: "ACTIVE/?", 3: "ACTIVE/ACTIVE"})),
            of("o-worse", snapshot_of(1, {1: "CLOSED/ACTIVE", 2: "ACTIVE/?"})),
        ],
    )
    return found


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "store"))


NUMBERS = [2, 1, 1, 1, 0, 0, 0, 0, 1, 1, 2]


def test_people_see_a_table_worst_first_and_what_it_comes_to(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fleet", "--store", str(store)]) == 0
    out, err = capsys.readouterr()
    heads, worse, calm, count, totals = out.splitlines()
    assert heads.split()[:3] == ["Organization", "Taken", "Accounts"]
    assert worse.split() == ["o-worse", "2026-03-02", "03:00", "UTC", *map(str, NUMBERS)]
    assert calm.split()[0] == "o-calm"
    assert count == "2 rows"
    assert totals == (
        "2 organizations: 4 accounts, 2 paired, 1 mismatch (1 critical, 0 high, 0 medium, 0 low),"
        " 0 accepted, 1 left behind, 1 unknown."
    )
    assert not err


def test_of_one_organization_there_is_nothing_to_sum_up(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(store / "runs" / "organization=o-calm")
    assert main(["fleet", "--store", str(store)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 row"


def test_programs_get_the_columns_of_the_table_and_no_other_line(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fleet", "--store", str(store), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [list(row) for row in rows] == [FLEET.names] * 2
    assert list(rows[0].values()) == ["o-worse", "2026-03-02T03:00:00+00:00", *NUMBERS]
    assert main(["fleet", "--store", str(store), "--format", "csv", "--engine", "local"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(table.columns) == FLEET.names
    assert table.iloc[0].tolist() == ["o-worse", "2026-03-02T03:00:00Z", *NUMBERS]


def test_the_policy_that_is_named_judges(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        f'[[accepted]]\naccounts = ["{standard(1)}"]\nstandard = "CLOSED"\n'
        'govcloud = "ACTIVE"\nreason = "Held"\nowner = "me"\nuntil = 2026-05-01\n'
    )
    arguments = ["--store", str(store), "--policy", str(policy), "--format", "json"]
    assert main(["fleet", *arguments]) == 0
    worse = json.loads(capsys.readouterr().out)[0]
    assert (worse["mismatches"], worse["accepted"], worse["left_behind"]) == (0, 1, 1)


def test_an_organization_of_which_nothing_can_be_read_is_named_and_ends_with_1(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = next(store.glob("runs/organization=o-calm/*.json"))
    damaged.write_text("{", encoding="utf-8")
    assert main(["fleet", "--store", str(store), "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert [row["organization_id"] for row in json.loads(out)] == ["o-worse"]
    left_out, named = err.splitlines()
    assert left_out.startswith(f"Left out: {damaged} is not a manifest")
    assert named == "o-calm is not in it: nothing of it can be read."


def test_a_damaged_snapshot_of_one_that_can_be_read_is_said_and_ends_with_0(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next(store.glob("accounts/organization=o-worse/taken=2026-03-02*/*")).write_bytes(b"{")
    assert main(["fleet", "--store", str(store), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)[0]["taken"] == "2026-03-01T03:00:00+00:00"
    assert err.count("\n") == 1
    assert err.startswith("Left out: ")


def test_an_empty_store_is_said_as_every_command_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Store(tmp_path)
    assert main(["fleet", "--store", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path} holds no snapshot yet. Make one: ")


@pytest.mark.parametrize("engine", ["spark", "dask", "dask:", ""])
def test_an_engine_that_nobody_knows_is_a_wrong_call(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fleet", "--engine", engine])
    assert ended.value.code == 2
    assert "is neither local nor dask:ADDRESS. Try: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "address", ["nowhere", "http://127.0.0.1:8786", "tcp://127.0.0.1", "127.0.0.1:x", "tcp://h:1/p"]
)
def test_what_is_no_address_of_a_scheduler_is_one_sentence(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fleet", "--engine", f"dask:{address}"]) == 2
    assert capsys.readouterr().err == (
        f"'{address}' is no address of a Dask scheduler."
        " Name it as the scheduler prints it: --engine dask:tcp://HOST:8786.\n"
    )


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of what closes each connection at once, as no scheduler does."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        listening = threading.Thread(target=_close_each, args=(server,))
        listening.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        listening.join()


def _close_each(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.close()


def test_where_nobody_answers_there_is_no_scheduler(
    silent: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as closed:
        port = closed.getsockname()[1]
    for one in (port, silent):
        assert main(["fleet", "--engine", f"dask:127.0.0.1:{one}"]) == 2
        assert capsys.readouterr().err == (
            f"No Dask scheduler answers at 127.0.0.1:{one}."
            " Start one with dask scheduler, and name the address that it prints.\n"
        )


def test_without_dask_it_says_what_to_install(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["fleet", "--store", str(store), "--engine", "dask:tcp://127.0.0.1:8786"]) == 2
    assert capsys.readouterr().err == (
        "Dask is not installed. Install it: pip install 'account-pairs[dask]'\n"
    )
