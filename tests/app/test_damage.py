"""Damage is local: every page shows what can be read, and beside it what cannot, once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from staged import Open, words

from toolkit.app import data
from toolkit.app.pages import COLLECT, LINKS, OVERVIEW, PAGES, Page
from toolkit.store import Store
from toolkit.titles import counted, day

FOREIGN = ("(1).json", "notes.json", "ours.parquet", "o-x.sqlite")
"""What the names of foreign files end with."""

Files = Callable[[Path], list[Path]]


def manifests(store: Path) -> list[Path]:
    return sorted(store.glob("runs/*/*.json"))


def parts(store: Path) -> list[Path]:
    return sorted(store.glob("accounts/*/*/part.parquet"))


def by_folder(page: Page) -> str:
    return page.folder


EVERY = pytest.mark.parametrize("which", PAGES, ids=by_folder)
READING = pytest.mark.parametrize(
    "which", [page for page in PAGES if page is not COLLECT], ids=by_folder
)


def write_foreign_files(store: Path) -> None:
    """Write what others may leave in a store: copies, notes, tables and journals of their own."""
    newest = manifests(store)[-1]
    newest.with_name(f"{newest.stem} (1).json").write_bytes(newest.read_bytes())
    (store / "runs" / "notes.json").write_text("ours", encoding="utf-8")
    (store / "accounts" / "part.parquet").write_bytes(b"ours")
    (store / "accounts" / "ours.parquet").write_bytes(b"ours")
    (store / "journal").mkdir(exist_ok=True)
    (store / "journal" / "o-x.sqlite").write_bytes(b"ours")


@pytest.fixture(scope="module")
def long_ago_damaged(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo in which all is damaged but the newest snapshot, and in which foreign files lie.

    The demo would make a lost day again; so the manifest is one that was taken beside its plan.
    """
    store = shutil.copytree(small_demo, tmp_path_factory.mktemp("long-ago") / "demo")
    beside = manifests(store)[0].with_name("taken=2020-01-01T03-00-00Z.json")
    beside.write_text('{"format": 1, "outcomes": null}', encoding="utf-8")
    parts(store)[0].write_bytes(b"not a table")
    write_foreign_files(store)
    return store


@pytest.fixture(scope="module")
def newest_damaged(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of which the newest manifest is damaged, and a table of the one before it."""
    store = shutil.copytree(small_demo, tmp_path_factory.mktemp("newest") / "own")
    manifests(store)[-1].with_name("taken=2999-01-01T03-00-00Z.json").write_bytes(b"{")
    parts(store)[-1].write_bytes(b"{")
    return store


@EVERY
@pytest.mark.usefixtures("shown_demo")
def test_old_damage_takes_down_no_page_and_is_named_once_and_foreign_files_are_nobodys_damage(
    long_ago_damaged: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch, which: Page
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO", str(long_ago_damaged))
    newest = Store(long_ago_damaged).listing().table["taken"].max()
    # Each page is to meet the damaged table itself.
    data._damaged.clear()

    opened = open_page(which)

    said = words(opened)
    assert not opened.exception
    assert "went wrong" not in said
    assert said.count("taken=2020-01-01T03-00-00Z.json is not a manifest") == 1
    tables = said.count(str(parts(long_ago_damaged)[0]))
    assert tables <= 1
    assert f"Left out, for it cannot be read: {counted(1 + tables, 'snapshot')}." in said
    assert not [name for name in FOREIGN if name in said]
    if which is not COLLECT:
        assert f"Snapshot of {day(newest)}" in said
        assert "The newest snapshot" not in said


@READING
def test_without_the_damaged_newest_ones_every_page_shows_the_one_before_and_says_so(
    newest_damaged: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch, which: Page
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(newest_damaged))
    listing = Store(newest_damaged).listing()
    taken, (newest,) = listing.table["taken"].min(), listing.left_out
    lost, table = manifests(newest_damaged)[-1], parts(newest_damaged)[-1]

    opened = open_page(which)

    assert not opened.exception
    assert f"Snapshot of {day(taken)}" in words(opened)
    assert f"The newest snapshot, {newest}, cannot be read." in words(opened)
    assert words(opened).count(f"{lost} is not a manifest that can be read") == 1
    assert words(opened).count(str(table)) == 1
    assert "Collect again, or choose another snapshot." in words(opened)


@pytest.mark.parametrize("files", [manifests, parts])
def test_one_damaged_file_of_the_newest_is_enough_to_show_the_one_before(
    demo_store: Path, own_store: Path, open_page: Open, files: Files
) -> None:
    demo_store.rename(own_store)
    newest, before = Store(own_store).snapshots()[["snapshot_id", "taken"]].to_numpy()
    damaged = files(own_store)[-1]
    damaged.write_bytes(b"{")

    opened = open_page(LINKS)

    assert not opened.exception
    assert f"Snapshot of {day(before[1])}" in words(opened)
    assert f"The newest snapshot, {newest[0]}, cannot be read." in words(opened)
    assert words(opened).count(str(damaged)) == 1


def test_a_damaged_snapshot_that_is_chosen_is_one_sentence_and_the_others_are_a_choice_away(
    demo_store: Path, open_page: Open
) -> None:
    damaged = parts(demo_store)[0]
    damaged.write_bytes(b"not a table")
    taken = Store(demo_store).snapshots()["taken"]
    page = open_page(LINKS)

    page.get_by_key("snapshot").set_value(f"{taken.min():%Y-%m-%d %H:%M}").run()
    assert not page.exception
    assert f"{damaged} cannot be read" in words(page)
    assert "Snapshot of" not in words(page)

    page.get_by_key("snapshot").set_value("Newest").run()
    assert f"Snapshot of {day(taken.max())}" in words(page)


@READING
def test_a_store_of_which_nothing_can_be_read_is_one_sentence(
    demo_store: Path, own_store: Path, open_page: Open, which: Page
) -> None:
    demo_store.rename(own_store)
    for path in manifests(own_store):
        path.write_bytes(b"{")

    opened = open_page(which)

    assert not opened.exception
    assert f"{manifests(own_store)[-1]} is not a manifest that can be read" in words(opened)


def test_collect_works_beside_a_store_of_which_nothing_can_be_read(
    shown_demo: Path, own_store: Path, open_page: Open
) -> None:
    del shown_demo
    own_store.mkdir()
    (own_store / "runs").write_text("a file where a folder should be", encoding="utf-8")

    opened = open_page(COLLECT)

    assert not opened.exception
    assert "Collect a snapshot" in words(opened)
    assert "Not a directory" in words(open_page(OVERVIEW))
