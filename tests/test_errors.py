"""The error tree: one base, one sentence, a hint, and whether asking again may help."""

import inspect

import pytest

from toolkit import errors

ALL = [error for _, error in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_is_in_the_tree_and_drawn_at_its_top(error: type[Exception]) -> None:
    assert issubclass(error, errors.ToolkitError | errors.RefusedError)
    assert f" {error.__name__}" in f" {errors.__doc__}".replace("\n", " ")


def test_an_error_reads_as_its_sentence_and_its_hint() -> None:
    error = errors.StoreError("x is a file, not a folder.", "Name a folder with --store.")

    assert str(error) == "x is a file, not a folder. Name a folder with --store."
    assert error._render_traceback_() == [str(error)]


def test_only_what_may_succeed_unchanged_is_retryable() -> None:
    assert {error.__name__ for error in ALL if error.retryable} == {
        "CredentialsRefusedError",
        "EndpointError",
        "RunStoppedError",
        "ThrottledError",
        "TimedOutError",
        "UnavailableError",
        "UnreachableError",
    }
