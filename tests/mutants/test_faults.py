"""The deliberate faults: each still has its one place in the code, and makes another program."""

import ast
from functools import cache

import pytest
from mutants import ROOT, Fault, faults


@cache
def program(text: str) -> str:
    """Return what a file says to Python; of a file with many faults, this is asked once."""
    return ast.dump(ast.parse(text))


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.breaks)
def test_every_fault_has_one_place_in_the_code(fault: Fault) -> None:
    before = (ROOT / fault.file).read_text(encoding="utf-8")
    after = fault.put_in(before)
    if fault.file.endswith(".py"):
        assert ast.dump(ast.parse(after)) != program(before)
    assert after != before
    assert all((ROOT / test).exists() for test in fault.tests)


def test_there_are_enough_to_tell_something() -> None:
    assert len(faults()) >= 40
