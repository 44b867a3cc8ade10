"""A run that would complete a snapshot that is removed meanwhile."""

from pathlib import Path

import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.emulator import Emulator, Switches
from toolkit.runs import Progress, collect
from toolkit.store import Store

FAST = {"rate": 5_000.0, "link_regions": "none", "sources": "none"}


@pytest.mark.parametrize("when", ["before it begins", "while it saves"])
def test_it_saves_the_snapshot_whole_whatever_was_removed(
    when: str, way: Connect, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    failing = Switches(failing={"000000000010": "424"})
    with Emulator(an_organization(*(a_pair(n) for n in range(10, 14))), failing) as emulator:
        first = collect(way(emulator), store, progress=None, **FAST)
        emulator.change(failing={})
        before = emulator.calls["GetGovCloudAccountInformation"]

        def remove(progress: Progress) -> None:
            if progress.phase == "saving":
                store.remove(first.id)

        if when == "before it begins":
            store.remove(first.id)
        second = collect(
            way(emulator), store, progress=remove if when == "while it saves" else None, **FAST
        )
        assert emulator.calls["GetGovCloudAccountInformation"] == before + 1
    assert first.manifest.not_seen == 1
    assert second.id == first.id
    assert second.manifest.completed == (when == "while it saves")
    found = store.load()
    assert (found.id, len(found.govcloud), found.manifest.not_seen) == (first.id, 6, 0)
