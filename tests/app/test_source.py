"""The pickers of store and snapshot: which stores there are, and what a link to one shows."""

import sys
from pathlib import Path

import pytest
from reported import make_snapshot
from staged import Open, words

from toolkit.app import source
from toolkit.app.pages import LINKS
from toolkit.store import Store
from toolkit.titles import day
from toolkit.verdicts import Policy


def test_a_store_that_is_named_at_the_start_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--store", "mine"])

    assert source.own_store() == Store(tmp_path / "mine")
    assert next(iter(source.stores())) == "mine"


def test_the_demo_comes_first_until_there_is_a_store_of_ones_own(
    demo_store: Path, own_store: Path
) -> None:
    assert source.stores() == {own_store.name: Store(own_store), source.DEMO: Store(demo_store)}


def test_another_store_is_one_choice_away(
    shown_demo: Path, own_store: Path, open_page: Open
) -> None:
    page = open_page(LINKS)
    assert f"The folder {own_store} holds no snapshot." in words(page)

    page.get_by_key("store").set_value(source.DEMO).run()

    assert f"Snapshot of {day(Store(shown_demo).snapshots()['taken'].max())}" in words(page)
    assert page.query_params["store"] == source.DEMO


def test_an_earlier_snapshot_is_one_choice_away(shown_demo: Path, open_page: Open) -> None:
    taken = Store(shown_demo).snapshots()["taken"].min()
    page = open_page(LINKS)

    page.get_by_key("snapshot").set_value(f"{taken:%Y-%m-%d %H:%M}").run()

    assert f"Snapshot of {day(taken)}" in words(page)


def test_a_snapshot_is_called_by_its_minute_whatever_another_organization_has(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    one, other = (
        store.save(make_snapshot([], organization=organization)) for organization in ("o-1", "o-2")
    )
    taken = one.manifest.taken

    shown = [source.Source("mine", store, by.id, "", Policy()) for by in (one, other)]

    assert [by.label_of(taken) for by in shown] == [f"{taken:%Y-%m-%d %H:%M}"] * 2


@pytest.mark.usefixtures("shown_demo")
def test_a_snapshot_that_the_address_names_and_the_store_lacks_is_said_once(
    open_page: Open,
) -> None:
    page = open_page(LINKS)
    page.query_params["snapshot"] = "2020-01-01 00:00"

    page.run()
    assert "This store holds no snapshot '2020-01-01 00:00'." in words(page)

    page.run()
    assert "This store holds no snapshot" not in words(page)
