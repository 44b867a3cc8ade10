"""Where one is: old, overtaken, being collected, and a link to exactly this."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from patience import LONG
from reported import make_snapshot
from staged import Open, has, words
from streamlit.testing.v1 import AppTest

from toolkit.app import runs, standing
from toolkit.app.pages import LINKS, MISMATCHES, PAGES
from toolkit.errors import RunStoppedError
from toolkit.runs import Progress
from toolkit.store import Store

ROWS = [("100000000001", "one", "Root", "CLOSED", "ACTIVE")]
TAKEN = datetime(2026, 11, 15, 3, tzinfo=UTC)


@pytest.fixture
def two_days(own_store: Path) -> Store:
    """The app's own store, with the snapshots of two days."""
    store = Store(own_store)
    for day in ("2026-11-15", "2026-11-22"):
        store.save(make_snapshot(ROWS, day=day))
    return store


def links(page: AppTest) -> list[str]:
    """Return the buttons that copy a link."""
    bodies = [element.proto.body for element in page.get("html")]
    return [body for body in bodies if body.startswith("<button")]


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(minutes=-5), "less than an hour old"),
        (timedelta(minutes=59), "less than an hour old"),
        (timedelta(hours=1), "1 hour old"),
        (timedelta(hours=23, minutes=59), "23 hours old"),
        (timedelta(hours=24), "1 day old"),
        (timedelta(days=12, hours=23), "12 days old"),
    ],
)
def test_the_age_of_a_snapshot_is_said_in_whole_days_or_hours(later: timedelta, said: str) -> None:
    assert standing.age(pd.Timestamp(TAKEN), TAKEN + later) == said


@pytest.mark.usefixtures("two_days")
def test_an_old_snapshot_says_so_and_a_press_shows_the_newest(open_page: Open) -> None:
    page = open_page(MISMATCHES, snapshot="2026-11-15 03:00")
    assert "This is an old snapshot, of 15 November 2026." in words(page)
    assert "The newest is of 22 November 2026." in words(page)

    page.button(key="back-to-newest").click().run()

    assert "Snapshot of 22 November 2026" in words(page)
    assert "old snapshot" not in words(page)
    assert not has(page, "back-to-newest")
    assert "snapshot" not in page.query_params


def test_a_snapshot_that_arrives_meanwhile_is_told_and_shown_when_it_is_wanted(
    two_days: Store,
) -> None:
    # A page that runs whole shows the newest anyway: this is what looks again without the page.
    told = AppTest.from_function(_of_newer, args=(str(two_days), two_days.find())).run()
    assert not has(told, "show-newer")

    two_days.save(make_snapshot(ROWS, day="2026-11-24"))
    told.run()
    assert "A new snapshot is there. It is of 24 November 2026." in words(told)

    told.button(key="show-newer").click().run()

    assert told.session_state["snapshot"] == "Newest"


def _of_newer(address: str, known: str) -> None:
    from toolkit.app import standing as looked  # noqa: PLC0415 - it runs as a script of its own
    from toolkit.store import Store as At  # noqa: PLC0415

    looked._tell_of_newer(At(address), "o-test", known)


@pytest.mark.usefixtures("two_days", "forgotten")
def test_a_collection_under_way_is_told_on_every_page_until_it_ends(
    own_store: Path, open_page: Open
) -> None:
    told = threading.Event()

    def waits(progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool) -> Any:
        del fresh
        progress(Progress("looking up", 1_000, 4_000))
        told.set()
        stop.wait(LONG)
        raise RunStoppedError("The collection was stopped.")

    runs.start(Store(own_store), "ours", waits)
    run = runs.find(Store(own_store))
    assert run
    assert told.wait(LONG)
    page = open_page(LINKS)
    (bar,) = page.get("progress")
    run.stop()
    assert run.ended.wait(LONG)

    assert bar.proto.text == "A collection is under way: 1,000 of 4,000"
    assert bar.proto.value == 25
    assert not page.run().get("progress")


@pytest.mark.usefixtures("two_days")
def test_the_link_to_copy_names_the_snapshot_on_screen_though_the_address_does_not(
    open_page: Open,
) -> None:
    (button,) = links(open_page(MISMATCHES))

    assert re.findall(' data-(.*?)="(.*?)"', button) == [("snapshot", "2026-11-22 03:00")]


@pytest.mark.usefixtures("shown_three")
def test_the_link_to_copy_names_the_organization_where_there_are_several(open_page: Open) -> None:
    page = open_page(MISMATCHES)

    (button,) = links(page)

    assert dict(re.findall(' data-(.*?)="(.*?)"', button)) == {
        "organization": page.selectbox(key="organization").value,
        "snapshot": page.selectbox(key="snapshot").options[1],
    }


@pytest.mark.parametrize("shown", [PAGES[0], LINKS])
@pytest.mark.usefixtures("two_days")
def test_the_tab_is_called_as_its_page(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, shown: Any
) -> None:
    called: list[str] = []
    monkeypatch.setattr(
        "streamlit.set_page_config", lambda **settings: called.append(settings["page_title"])
    )

    open_page(shown)

    assert called[-1] == f"{shown.title} · Account pairs"
