"""The command line as others script against it: what it prints, and its exit codes."""

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from emulated import a_pair, an_organization
from processes import running

from toolkit import schema
from toolkit.aws import connect_local
from toolkit.cli import main
from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.runs import collect

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(make_organization(120, seed=3)) as running:
        yield running


@pytest.fixture(scope="module")
def store(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one snapshot of the emulator's organization."""
    path = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", "management")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "any")
        assert main(["collect", "--store", str(path), "--endpoint-url", emulator.url]) == 0
    return path


WORLDLY = "日本 → Größe 😀"
ESCAPED = "\\u65e5\\u672c \\u2192 Gr"
"""How people see its begin where the encoding lacks its letters."""


@pytest.fixture(scope="module")
def worldly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose one account has a name that no code page has."""
    store = tmp_path_factory.mktemp("worldly")
    account = replace(a_pair(10), name=WORLDLY)
    with Emulator(an_organization(account)) as emulator:
        aws = connect_local(emulator.url)
        collect(aws, store, link_regions="none", progress=None)
        aws.close()
    return store


_FRESH = ("PATH", "SYSTEMROOT", "TEMP", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")


def shown(store: Path) -> list[str]:
    return ["mismatches", "--store", str(store), "--all"]


def test_every_pair_in_json_is_what_the_emulator_knows(
    run: Run, store: Path, emulator: Emulator
) -> None:
    code, out, _ = run("mismatches", "--store", store, "--format", "json", "--all")

    rows = {row["account_id"]: row for row in json.loads(out)}
    assert code == 0
    assert len(rows) == 120
    assert all(list(row) == schema.PAIRS.names for row in rows.values())
    for truth in emulator.organization.pairs():
        row = rows[truth["account_id"]]
        assert row["standard_state"] == truth["standard_state"]
        assert row["govcloud_account_id"] == truth["govcloud_account_id"]
        assert row["govcloud_state"] == truth["govcloud_state"]
        assert row["ou_path"] == truth["ou_path"]
        assert row["name"] == truth["name"]


def test_mismatches_are_the_pairs_whose_states_differ_worst_first(run: Run, store: Path) -> None:
    _, out, _ = run("mismatches", "--store", store, "--format", "json")

    rows = json.loads(out)
    order = [str(severity) for severity in schema.Severity]
    ranks = [order.index(row["severity"]) for row in rows]
    assert rows
    assert all(row["standard_state"] != row["govcloud_state"] for row in rows)
    assert ranks == sorted(ranks)


def test_csv_has_the_same_rows_with_ids_whole(run: Run, store: Path) -> None:
    _, out, _ = run("mismatches", "--store", store, "--format", "csv", "--all")

    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert len(rows) == 120
    assert all(len(row["account_id"]) == 12 for row in rows)


def test_the_table_names_the_columns_and_counts_the_rows(run: Run, store: Path) -> None:
    _, as_json, _ = run("mismatches", "--store", store, "--format", "json")
    code, out, _ = run("mismatches", "--store", store)

    assert code == 0
    assert "GovCloud state" in out
    assert f"\n{len(json.loads(as_json))} rows\n" in out


def test_snapshots_are_listed_with_what_snapshot_takes(run: Run, store: Path) -> None:
    code, out, _ = run("snapshots", "--store", store)
    snapshot_id = next(word for word in out.split() if word.startswith("o-"))

    assert code == 0
    assert run("mismatches", "--store", store, "--snapshot", snapshot_id)[0] == 0


def test_with_five_percent_faults_every_account_ends_with_its_true_outcome(
    run: Run, tmp_path: Path
) -> None:
    with Emulator(make_organization(100, seed=5), Switches(faults=0.05)) as faulty:
        code, _, err = run("collect", "--store", tmp_path, "--endpoint-url", faulty.url)
        assert code == 0, err
        _, out, _ = run("mismatches", "--store", tmp_path, "--format", "json", "--all")
        truth = {row["account_id"]: row for row in faulty.organization.pairs()}

    rows = {row["account_id"]: row for row in json.loads(out)}
    assert set(rows) == set(truth)
    for account_id, row in rows.items():
        assert row["govcloud_state"] == truth[account_id]["govcloud_state"]
        assert row["outcome"] == ("FOUND" if row["govcloud_account_id"] else "NOT_LINKED")


def one_line(err: str) -> str:
    lines = [line for line in err.splitlines() if line.strip()]
    assert len(lines) == 1, err
    return lines[0]


def test_no_credentials_is_one_line_and_two(
    run: Run, tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    code, _, err = run("collect", "--store", tmp_path, "--endpoint-url", emulator.url)

    assert code == 2
    assert "credentials" in one_line(err)


def test_an_expired_token_is_one_line_and_two(
    run: Run, tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "expired")

    code, _, err = run("collect", "--store", tmp_path, "--endpoint-url", emulator.url)

    assert code == 2
    assert "expired" in one_line(err)


def test_an_unreachable_endpoint_is_one_line_and_two(run: Run, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    code, _, err = run("collect", "--store", tmp_path, "--endpoint-url", f"http://127.0.0.1:{port}")

    assert code == 2
    assert f"127.0.0.1:{port}" in one_line(err)


def test_an_accounts_file_with_a_wrong_id_is_one_line_and_two(
    run: Run, tmp_path: Path, emulator: Emulator
) -> None:
    file = tmp_path / "accounts.txt"
    file.write_text("111111111111\n12\n", encoding="utf-8")

    code, _, err = run(
        "collect", "--store", tmp_path, "--endpoint-url", emulator.url, "--accounts", file
    )

    assert code == 2
    assert "'12'" in one_line(err)
    assert "accounts.txt" in err


def test_an_accounts_file_that_is_not_there_is_one_line_and_two(
    run: Run, tmp_path: Path, emulator: Emulator
) -> None:
    code, _, err = run(
        "collect",
        "--store",
        tmp_path,
        "--endpoint-url",
        emulator.url,
        "--accounts",
        tmp_path / "nothing.txt",
    )

    assert code == 2
    assert "nothing.txt" in one_line(err)


@pytest.mark.parametrize("command", ["collect", "mismatches", "snapshots"])
def test_a_store_that_is_a_file_is_one_line_and_two(
    run: Run, tmp_path: Path, emulator: Emulator, command: str
) -> None:
    file = tmp_path / "store"
    file.write_text("", encoding="utf-8")
    more = ["--endpoint-url", emulator.url] if command == "collect" else []

    code, _, err = run(command, "--store", file, *more)

    assert code == 2
    assert "is a file, not a folder" in one_line(err)


def test_an_unknown_snapshot_is_one_line_and_two(run: Run, store: Path) -> None:
    code, _, err = run("mismatches", "--store", store, "--snapshot", "yesterday")

    assert code == 2
    assert "no snapshot 'yesterday'" in one_line(err)


def test_an_empty_store_says_how_to_make_a_snapshot(run: Run, tmp_path: Path) -> None:
    code, _, err = run("mismatches", "--store", tmp_path)

    assert code == 2
    assert "python -m toolkit collect" in one_line(err)


@pytest.mark.parametrize(
    "arguments",
    [
        ["collect", "--rate", "0"],
        ["collect", "--rate", "fast"],
        ["collect", "--max-age", "a while"],
        ["mismatches", "--format", "xml"],
        ["report", "--out", "states.docx"],
        ["report", "--out", "states.csv", "--template", "ours.pptx"],
        ["report"],
        ["fetch"],
        [],
    ],
)
def test_a_wrong_call_is_one_line_and_two(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)

    assert code == 2
    assert one_line(err)
    assert out == ""


# Windows has no signal of its own for the second: it ends a program that is told to end.
@pytest.mark.parametrize("way", ["interrupt", "terminate"] if os.name == "posix" else ["interrupt"])
def test_the_emulator_prints_its_address_when_ready_and_stops_when_told(
    way: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "toolkit", "emulator", "--accounts", "20"]
    with running(command, tmp_path / "log") as program:
        address = program.says("and then: ").said.splitlines()[0]
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))):
            getattr(program, way)()
            code = program.ended()

    assert host == "127.0.0.1"
    assert code == 0


def test_the_three_lines_that_the_emulator_prints_let_collect_ask_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "toolkit", "emulator", "--accounts", "20"]
    with running(command, tmp_path / "log") as program:
        said = program.says("and then: ").said
        settings = dict(re.findall(r"^  export (\w+)=(\S+)$", said, re.MULTILINE))
        # What a fresh shell has, and nothing that leads to AWS.
        kept = {name: os.environ[name] for name in _FRESH if name in os.environ}
        collected = subprocess.run(
            [sys.executable, "-m", "toolkit", "collect", "--store", tmp_path / "store"],
            env=kept | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        program.interrupt()

    assert dict(re.findall(r'^  \$env:(\w+) = "(\S+)"$', said, re.MULTILINE)) == settings
    assert len(settings) == 3
    assert (collected.returncode, collected.stderr) == (0, "")
    assert "20 accounts: " in collected.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "utf-8"])
def test_a_name_that_a_pipe_cannot_carry_ends_no_command_and_is_not_lost(
    worldly: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {}
    for form in ("table", "csv", "json"):
        pipe = io.BytesIO()
        with monkeypatch.context() as patched:
            patched.setattr("sys.stdout", io.TextIOWrapper(pipe, encoding=encoding))
            assert main([*shown(worldly), "--format", form]) == 0
            said[form] = pipe.getvalue()

    names = [row["name"] for row in json.loads(said["json"].decode())]
    rows = csv.DictReader(io.StringIO(said["csv"].decode(), newline=""))
    assert WORLDLY in names
    assert WORLDLY in [row["name"] for row in rows]
    assert (WORLDLY if encoding == "utf-8" else ESCAPED).encode() in said["table"]


def test_a_program_whose_output_has_another_encoding_carries_every_name(worldly: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "toolkit", *shown(worldly)],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
    ).stdout

    assert ESCAPED.encode() in said


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe that nobody reads any more."""
    reads, writes = os.pipe()
    os.close(reads)
    yield writes
    os.close(writes)


def test_a_reader_that_has_gone_is_no_error_of_the_program(worldly: Path, unread: int) -> None:
    command = [sys.executable, "-m", "toolkit", *shown(worldly)]

    ended = subprocess.run(command, stdout=unread, stderr=subprocess.PIPE, check=False)

    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_has_gone_is_no_error(
    run: Run, worldly: Path, unread: int, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To close it is to write what is left, as Python does at its end.
    with monkeypatch.context() as patched, os.fdopen(os.dup(unread), "w") as pipe:
        patched.setattr("sys.stdout", pipe)
        code, _, err = run(*shown(worldly), "--format", form)

    assert (code, err) == (0, "")


def test_help_is_given_without_what_a_command_needs() -> None:
    look = "import sys, toolkit.cli as c; c.parser(); print('pandas' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True).stdout

    assert said.split() == [b"False"]


def test_names_cannot_command_the_terminal(run: Run, tmp_path: Path) -> None:
    with Emulator(make_organization(100, seed=1, names="hostile")) as hostile:
        run("collect", "--store", tmp_path, "--endpoint-url", hostile.url)
    _, out, _ = run("mismatches", "--store", tmp_path, "--all")

    assert all(character.isprintable() or character == "\n" for character in out)
    assert "<b>bold</b>" in out
