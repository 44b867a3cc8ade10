"""Damage is local: every page shows what can be read, and beside it what cannot, once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from staged import Open, words

from toolkit.app.pages import COLLECT, OVERVIEW, PAGES, Page
from toolkit.store import Store
from toolkit.titles import day

READING = [page for page in PAGES if page is not COLLECT]


def manifests(store: Path) -> list[Path]:
    return sorted(store.glob("runs/*/*.json"))


def parts(store: Path) -> list[Path]:
    return sorted(store.glob("accounts/*/*/part.parquet"))


def by_folder(page: Page) -> str:
    return page.folder


Files = Callable[[Path], list[Path]]


@pytest.mark.parametrize("which", PAGES, ids=by_folder)
def test_a_damaged_old_manifest_takes_down_no_page_and_is_named_once(
    demo_store: Path, open_page: Open, which: Page
) -> None:
    damaged = manifests(demo_store)[0]
    damaged.write_text('{"format": 1, "outcomes": null}', encoding="utf-8")
    # The demo makes its lost day again; here it is one that was taken beside its plan.
    damaged.rename(damaged.with_name("taken=2020-01-01T03-00-00Z.json"))

    opened = open_page(which)

    assert not opened.exception
    assert "went wrong" not in words(opened)
    assert words(opened).count("taken=2020-01-01T03-00-00Z.json is not a manifest") == 1
    assert "Left out, for it cannot be read: 1 snapshot." in words(opened)


@pytest.mark.parametrize("which", READING, ids=by_folder)
@pytest.mark.parametrize("files", [manifests, parts])
def test_without_the_damaged_newest_every_page_shows_the_one_before_and_says_so(
    demo_store: Path, own_store: Path, open_page: Open, which: Page, files: Files
) -> None:
    demo_store.rename(own_store)
    newest, before = Store(own_store).snapshots()[["snapshot_id", "taken"]].to_numpy()
    damaged = files(own_store)[-1]
    damaged.write_bytes(b"{")

    opened = open_page(which)

    assert not opened.exception
    assert f"Snapshot of {day(before[1])}" in words(opened)
    assert f"The newest snapshot, {newest[0]}, cannot be read." in words(opened)
    assert words(opened).count(str(damaged)) == 1


@pytest.mark.parametrize("which", READING, ids=by_folder)
def test_a_damaged_old_table_takes_down_no_page(
    demo_store: Path, open_page: Open, which: Page
) -> None:
    parts(demo_store)[0].write_bytes(b"not a table")

    opened = open_page(which)

    assert not opened.exception
    assert "Snapshot of" in words(opened)
    assert "cannot be read." not in words(opened)


def test_what_was_mended_is_read_again(demo_store: Path, open_page: Open) -> None:
    oldest = Store(demo_store).snapshots()["taken"].min()
    damaged = parts(demo_store)[0]
    content = damaged.read_bytes()
    damaged.write_bytes(b"not a table")
    page = open_page(OVERVIEW)
    assert str(damaged) in words(page)
    assert {card.proto.delta_description for card in page.metric} == {"first snapshot"}

    damaged.write_bytes(content)
    page.get_by_key("read-again").click().run()

    assert str(damaged) not in words(page)
    assert {card.proto.delta_description for card in page.metric} == {
        f"since {oldest.day} {oldest:%b}"
    }


def test_a_damaged_snapshot_that_is_chosen_is_one_sentence_and_the_others_are_a_choice_away(
    demo_store: Path, open_page: Open
) -> None:
    damaged = parts(demo_store)[0]
    damaged.write_bytes(b"not a table")
    oldest = Store(demo_store).snapshots()["taken"].min()
    page = open_page(OVERVIEW)

    page.get_by_key("snapshot").set_value(f"{oldest:%Y-%m-%d %H:%M}").run()
    assert not page.exception
    assert f"{damaged} cannot be read" in words(page)
    assert "linked pairs disagree" not in words(page)

    page.get_by_key("snapshot").set_value("Newest").run()
    assert "linked pairs disagree" in words(page)


@pytest.mark.parametrize("which", READING, ids=by_folder)
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
    demo_store: Path, own_store: Path, open_page: Open
) -> None:
    del demo_store
    own_store.mkdir()
    (own_store / "runs").write_text("a file where a folder should be", encoding="utf-8")

    opened = open_page(COLLECT)

    assert not opened.exception
    assert "Collect a snapshot" in words(opened)
    assert "Not a directory" in words(open_page(OVERVIEW))


@pytest.mark.parametrize("which", PAGES, ids=by_folder)
def test_foreign_files_in_a_store_are_nobodys_damage(
    demo_store: Path, open_page: Open, which: Page
) -> None:
    newest = manifests(demo_store)[-1]
    copy = newest.with_name(f"{newest.stem} (1).json")
    copy.write_bytes(newest.read_bytes())
    (demo_store / "runs" / "notes.json").write_text("ours", encoding="utf-8")
    (demo_store / "accounts" / "part.parquet").write_bytes(b"ours")
    (demo_store / "journal").mkdir(exist_ok=True)
    (demo_store / "journal" / "o-x.sqlite").write_bytes(b"ours")

    opened = open_page(which)

    assert not opened.exception
    assert "cannot be read" not in words(opened)
