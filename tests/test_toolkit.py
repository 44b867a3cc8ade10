"""The names an analyst types."""

import inspect
import pkgutil
import subprocess
import sys

import pytest

import toolkit as tk


def test_the_public_names_are_these_and_fewer_than_twelve() -> None:
    assert tk.__all__ == [
        "collect",
        "connect",
        "judge_links",
        "judge_pairs",
        "load_snapshot",
        "mismatches",
        "plot_state_distribution",
        "plot_state_matrix",
        "save_deck",
        "save_figure",
        "save_workbook",
    ]
    assert dir(tk) == tk.__all__


@pytest.mark.parametrize("name", tk.__all__)
def test_each_public_name_is_a_function_that_help_explains(name: str) -> None:
    function = getattr(tk, name)

    assert inspect.isfunction(function)
    first_line = inspect.getdoc(function).splitlines()[0]
    assert first_line.endswith(".")


def test_a_name_it_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'colect'"):
        _ = tk.colect


def test_importing_it_loads_no_library_until_one_is_needed() -> None:
    code = "import sys, toolkit; print(sorted({'boto3', 'pandas', 'plotly'} & set(sys.modules)))"

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert printed.strip() == "[]"


def test_no_public_name_is_also_a_module_that_an_import_would_put_in_its_place() -> None:
    modules = {module.name for module in pkgutil.iter_modules(tk.__path__)}

    assert modules & set(tk.__all__) == set()
