"""The names an analyst types."""

import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reported import make_snapshot, small_snapshot

import toolkit as tk
from toolkit import analysis, charts
from toolkit.aws import connect_local
from toolkit.errors import SchemaError, ToolkitError


def test_the_public_names_are_these_seventeen() -> None:
    assert tk.__all__ == [
        "Store",
        "collect",
        "connect",
        "fleet",
        "judge_links",
        "judge_pairs",
        "load_history",
        "load_policy",
        "load_snapshot",
        "mismatches",
        "plot_state_distribution",
        "plot_state_matrix",
        "reconcile",
        "save_deck",
        "save_figure",
        "save_page",
        "save_workbook",
    ]
    assert dir(tk) == tk.__all__


@pytest.mark.parametrize("name", tk.__all__)
def test_each_public_name_is_a_function_or_class_that_help_explains(name: str) -> None:
    named = getattr(tk, name)

    assert inspect.isfunction(named) or inspect.isclass(named)
    first_line = inspect.getdoc(named).splitlines()[0]
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


def test_no_import_puts_a_module_in_the_place_of_a_public_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(tk.__path__)}
    both = sorted(modules & set(tk.__all__))
    assert both == ["fleet"]
    code = "".join(
        f"import toolkit.{name}, toolkit as tk; print(callable(tk.{name}))\n" for name in both
    )
    printed = subprocess.run(
        [sys.executable, "-c", f"{code}from toolkit.fleet import counts"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.split() == ["True"]


@cache
def a_figure() -> Any:
    return tk.plot_state_matrix(tk.judge_pairs(small_snapshot()))


def _any(value: Any) -> Any:
    """Return a value as one of which no type is known."""
    return value


def _kept() -> Path:
    """Return a store of one snapshot, in the folder that the test runs in."""
    if not Path("kept").exists():
        tk.Store("kept").save(small_snapshot())
    return Path("kept")


def _collected(**settings: Any) -> None:
    """Collect from nobody: what is wrong is to be said before anything is asked."""
    with closing(connect_local("http://127.0.0.1:9")) as aws:
        tk.collect(aws, "collected", progress=None, **settings)


_SETTINGS = ("accounts", "link regions", "max age", "rate", "role", "sources")

WRONG = {
    "nothing": None,
    "a snapshot": small_snapshot(),
    "a list": [1],
    "a dict": {"a": 1},
    "an empty frame": pd.DataFrame(),
    "another frame": pd.DataFrame({"a": [1]}),
    "a number": 5,
    "a text": "no-such-thing",
}
CALLS: dict[str, Callable[[Any], object]] = {
    "Store": lambda wrong: tk.Store(wrong).load(),
    "collect": tk.collect,
    "connect": lambda wrong: tk.connect(profile=wrong),
    "fleet": tk.fleet,
    "judge_links": tk.judge_links,
    "judge_links, accounts": lambda wrong: tk.judge_links(small_snapshot().links, wrong),
    "judge_links, rules": lambda wrong: tk.judge_links(small_snapshot(), rules=wrong),
    "judge_pairs": tk.judge_pairs,
    "judge_pairs, GovCloud": lambda wrong: tk.judge_pairs(small_snapshot().accounts, wrong),
    "judge_pairs, rules": lambda wrong: tk.judge_pairs(small_snapshot(), rules=wrong),
    "judge_pairs, policy": lambda wrong: tk.judge_pairs(small_snapshot(), policy=_any(wrong)),
    "judge_links, complete": lambda wrong: tk.judge_links(small_snapshot(), complete=_any(wrong)),
    "collect, accounts": lambda wrong: _collected(accounts=wrong),
    "collect, link regions": lambda wrong: _collected(link_regions=wrong),
    "collect, max age": lambda wrong: _collected(max_age=wrong),
    "collect, rate": lambda wrong: _collected(rate=wrong),
    "collect, role": lambda wrong: _collected(role_name=wrong),
    "collect, sources": lambda wrong: _collected(sources=wrong),
    "connect, Region": lambda wrong: tk.connect(region=_any(wrong)),
    "connect, role": lambda wrong: tk.connect(role_arn=_any(wrong)),
    "connect, URL": lambda wrong: tk.connect(endpoint_url=wrong),
    "fleet, executor": lambda wrong: tk.fleet(_kept(), executor=_any(wrong)),
    "fleet, policy": lambda wrong: tk.fleet(_kept(), _any(wrong)),
    "load_history": tk.load_history,
    "load_history, policy": lambda wrong: tk.load_history(_kept(), _any(wrong)),
    "load_history, last": lambda wrong: tk.load_history(_kept(), last=_any(wrong)),
    "load_snapshot": tk.load_snapshot,
    "load_snapshot, id": lambda wrong: tk.load_snapshot(_kept(), wrong),
    "load_snapshot, organization": lambda wrong: tk.load_snapshot(_kept(), organization=wrong),
    "load_policy": tk.load_policy,
    "mismatches": tk.mismatches,
    "plot_state_distribution": tk.plot_state_distribution,
    "plot_state_matrix": tk.plot_state_matrix,
    "reconcile": tk.reconcile,
    "reconcile, history": lambda wrong: tk.reconcile(small_snapshot(), wrong),
    "reconcile, rules": lambda wrong: tk.reconcile(small_snapshot(), rules=wrong),
    "save_deck": lambda wrong: tk.save_deck(wrong, "states.pptx"),
    "save_deck, path": lambda wrong: tk.save_deck(small_snapshot(), wrong),
    "save_deck, template": lambda wrong: tk.save_deck(
        small_snapshot(), "states.pptx", template=wrong
    ),
    "save_figure": lambda wrong: tk.save_figure(wrong, "states.html"),
    "save_figure, path": lambda wrong: tk.save_figure(a_figure(), wrong),
    "save_page": lambda wrong: tk.save_page(wrong, "states.html"),
    "save_page, path": lambda wrong: tk.save_page(small_snapshot(), wrong),
    "save_workbook": lambda wrong: tk.save_workbook(wrong, "states.xlsx"),
    "save_workbook, path": lambda wrong: tk.save_workbook(small_snapshot(), wrong),
}
RIGHT = {
    *((call, "a snapshot") for call in ("judge_links", "judge_pairs", "save_deck")),
    *((call, "a snapshot") for call in ("reconcile", "save_page", "save_workbook")),
    *((call, "nothing") for call in ("connect, Region", "connect, role", "connect, URL")),
    *((call, "nothing") for call in ("judge_pairs, policy", "judge_links, complete")),
    *((call, "nothing") for call in ("fleet, executor", "fleet, policy", "load_history, policy")),
    *((call, "nothing") for call in ("load_snapshot, id", "load_snapshot, organization")),
    ("load_history, last", "a number"),
    *((f"collect, {name}", "nothing") for name in _SETTINGS),
    *((call, "a text") for call in ("connect, Region", "connect, role")),
    ("collect, rate", "a number"),
    ("collect, role", "a text"),
    *((call, "an empty frame") for call in ("collect, link regions", "collect, sources")),
    *((call, "nothing") for call in ("reconcile, history", "reconcile, rules")),
    *((call, "nothing") for call in ("connect", "judge_links, rules", "judge_pairs, rules")),
    ("save_deck, template", "nothing"),
    # A table without rows and columns is one that is empty.
    *((call, "an empty frame") for call in ("judge_links, accounts", "judge_pairs, GovCloud")),
}
"""What may be passed after all."""


def test_every_public_name_is_tried_with_what_is_wrong() -> None:
    assert {call.split(",")[0] for call in CALLS} == set(tk.__all__)


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_argument_is_one_sentence(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for what, wrong in WRONG.items():
        if (call, what) in RIGHT:
            continue
        with pytest.raises(ToolkitError) as refused:
            CALLS[call](wrong)
        assert refused.value.message.endswith("."), what
        assert refused.value.hint, what
        assert "\n" not in str(refused.value), what


@pytest.mark.parametrize("plot", [name for name in dir(charts) if name.startswith("plot_")])
def test_a_chart_of_something_else_names_what_belongs_there(plot: str) -> None:
    for wrong in WRONG.values():
        with pytest.raises(SchemaError):
            getattr(charts, plot)(wrong)


def test_a_snapshot_where_pairs_belong_is_told_what_to_pass() -> None:
    with pytest.raises(SchemaError) as refused:
        tk.mismatches(small_snapshot())  # type: ignore[arg-type] # as an analyst might

    assert str(refused.value) == (
        "A Snapshot is not the PAIRS table, which is a DataFrame with one row per standard account."
        " Pass what judge_pairs gives."
    )


def test_a_history_is_the_pairs_of_the_last_snapshots_oldest_first(tmp_path: Path) -> None:
    row = ("100000000001", "orders", "Root", "ACTIVE", "ACTIVE")
    days = ["2026-11-01", "2026-11-08", "2026-11-15"]
    for day in days:
        states = "CLOSED" if day == days[-1] else "ACTIVE"
        tk.Store(tmp_path).save(make_snapshot([(*row[:4], states)], day=day))

    history = tk.load_history(tmp_path, last=2)

    assert [f"{taken:%Y-%m-%d}" for taken, _ in history] == days[1:]
    assert [pairs["verdict"].tolist() for _, pairs in history] == [["MATCH"], ["MISMATCH"]]
    changes = analysis.changes(*(pairs for _, pairs in history))
    assert changes["change"].tolist() == ["APPEARED"]
    assert len(tk.load_history(tmp_path)) == 3


def test_pairs_that_came_back_from_a_file_are_pairs() -> None:
    """A CSV knows neither categories nor times."""
    pairs = tk.judge_pairs(small_snapshot())
    read = pairs.astype("str").where(pairs.notna(), None).drop(columns=["email", "joined_at"])

    assert tk.mismatches(read)["account_id"].tolist() == ["100000000002", "100000000003"]
    assert tk.plot_state_matrix(read).to_json() == tk.plot_state_matrix(pairs).to_json()
