"""Ctrl-C and a request to terminate: one line, the shell's exit code, nothing half written."""

import io
import signal
from pathlib import Path

import pandas as pd
import pytest
from reported import small_snapshot

from toolkit.cli import main
from toolkit.exports.files import replacing
from toolkit.store import Store

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Interrupting(io.StringIO):
    """What a command prints to; the first text to arrive finds somebody who stops it."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        signal.raise_signal(self.number)
        return len(text)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one snapshot."""
    Store(tmp_path / "store").save(small_snapshot())
    return tmp_path / "store"


@pytest.mark.parametrize(
    ("command", "number"),
    [
        (["mismatches"], signal.SIGTERM),
        (["mismatches", "--all", "--format", "csv"], signal.SIGINT),
        (["mismatches", "--format", "json"], signal.SIGTERM),
        (["snapshots"], signal.SIGINT),
        (["snapshots"], signal.SIGTERM),
        (["report", "--out", "states.csv"], signal.SIGTERM),
    ],
)
def test_a_command_that_is_stopped_says_so_in_one_line(
    command: list[str],
    number: signal.Signals,
    store: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = [signal.getsignal(one) for one in SIGNALS]
    monkeypatch.chdir(store.parent)
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", Interrupting(number))
        code = main([*command, "--store", str(store)])

    assert code == SIGNALS[number]
    assert capsys.readouterr().err == "Stopped before it was done.\n"
    assert [signal.getsignal(one) for one in SIGNALS] == before


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_file_that_was_begun_is_not_left_behind(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out" / "states.csv"
    out.parent.mkdir()
    out.write_text("the report of last week")
    Store(tmp_path / "store").save(small_snapshot())
    to_csv = pd.DataFrame.to_csv

    def half(table: pd.DataFrame, path: Path, **more: object) -> None:
        to_csv(table.head(2), path, **more)
        signal.raise_signal(number)

    monkeypatch.setattr(pd.DataFrame, "to_csv", half)
    code = main(["report", "--store", str(tmp_path / "store"), "--out", str(out)])

    assert code == SIGNALS[number]
    assert [file.name for file in out.parent.iterdir()] == ["states.csv"]
    assert out.read_text() == "the report of last week"


def test_what_is_being_written_has_a_hidden_name(tmp_path: Path) -> None:
    with replacing(tmp_path / "states.csv") as beside:
        beside.write_text("half")
        assert beside.name.startswith(".")
