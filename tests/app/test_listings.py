"""What stores hold: a folder is never stale, and a bucket is asked again after a while."""

from collections.abc import Callable
from pathlib import Path

import pytest
from staged import write_anew
from three_organizations import CALM, WORST, a_day

from toolkit.app import listings
from toolkit.errors import StoreError
from toolkit.store import Store

ASKING: list[Callable[[Store], object]] = [
    listings.organizations,
    lambda store: listings.versions(store, CALM),
]


def test_a_folder_is_looked_at_anew_each_time(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert listings.organizations(store) == []
    snapshot = store.save(a_day(CALM, 1))
    assert listings.organizations(store) == [CALM]
    before = listings.versions(store, CALM)
    assert len(listings.listing(store, CALM).manifests) == 1

    write_anew(snapshot)
    store.save(a_day(CALM, 0))
    store.save(a_day(WORST, 0))

    assert listings.organizations(store) == [CALM, WORST]
    assert listings.versions(store, CALM)[snapshot.id] != before[snapshot.id]
    assert len(listings.listing(store, CALM).manifests) == 2
    assert len(listings.versions(store)) == 3


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no second pass."""
    monkeypatch.setattr(listings, "monotonic", lambda: 0.0)


@pytest.mark.usefixtures("stopped")
def test_what_a_bucket_told_is_so_until_it_is_asked_anew(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(bucket)
    assert listings.organizations(store) == []
    store.save(a_day(CALM, 1))
    assert listings.organizations(store) == []

    listings.forget()

    assert listings.organizations(store) == [CALM]
    assert list(listings.versions(store, CALM)) == store.ids(CALM)

    store.save(a_day(WORST, 1))
    monkeypatch.setattr(listings, "monotonic", lambda: 60.0)
    assert listings.organizations(store) == [CALM, WORST]


@pytest.mark.usefixtures("bucket", "stopped")
def test_what_a_bucket_refused_is_not_asked_again_at_once() -> None:
    store = Store("s3://no-such-bucket-of-ours/pairs")
    for ask in ASKING:
        with pytest.raises(StoreError, match="no bucket") as first:
            ask(store)
        with pytest.raises(StoreError) as second:
            ask(store)
        assert second.value is first.value


@pytest.mark.parametrize(
    "changed",
    [{"o-a/1": "x", "o-a/2": "z"}, {"o-a/1": "x"}, {"o-a/1": "y", "o-a/2": "y"}, {}],
    ids=["written anew", "removed", "the first one", "none left"],
)
def test_the_mark_of_all_differs_where_any_differs(changed: dict[str, str]) -> None:
    known = {"o-a/1": "x", "o-a/2": "y"}

    assert listings.mark(known) == listings.mark(dict(known)) != listings.mark(changed)
