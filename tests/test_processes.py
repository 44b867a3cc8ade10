"""What tests start: it is known afterwards what was left behind, and what it said."""

import sys
from pathlib import Path

import pytest
from copied import ROOT
from processes import running

LEAVES_ONE = """
import subprocess, sys, processes
processes.mark()
wait = "import time; time.sleep(600)"
parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {wait!r}])"
subprocess.run([sys.executable, "-c", parent])
print(len(processes.lost(0.1)), processes.lost(0.1))
"""


def test_a_process_that_nobody_waits_for_is_found_and_ended_though_its_parent_has_gone(
    tmp_path: Path,
) -> None:
    python = [sys.executable, "-c", LEAVES_ONE]
    with running(python, tmp_path / "log", PYTHONPATH=str(ROOT / "tests")) as program:
        assert program.ended() == 0

    assert program.said == "1 []\n"


def test_a_program_that_ends_too_soon_fails_with_what_it_said(tmp_path: Path) -> None:
    python = [sys.executable, "-c", "print('no room'); raise SystemExit(4)"]
    with (
        running(python, tmp_path / "log") as program,
        pytest.raises(AssertionError, match=r"ended with 4, and said last:\nno room"),
    ):
        program.says("ready")
