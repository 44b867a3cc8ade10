"""The manifest: every field of every type is checked once, and what a newer version adds is not."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from stored import ID, MANIFEST, a_snapshot

from toolkit.errors import StoreError
from toolkit.store import Manifest, Store

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one snapshot, which nobody changes."""
    folder = tmp_path_factory.mktemp("whole")
    Store(folder).save(a_snapshot())
    return folder


@pytest.fixture
def store(tmp_path: Path, whole: Path) -> Store:
    """A copy of it."""
    return Store(shutil.copytree(whole, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def changed(store: Store, tmp_path: Path) -> Callable[[Change], Store]:
    """Change the manifest that lies in the store."""

    def change_it(change: Change) -> Store:
        path = tmp_path / MANIFEST
        values = json.loads(path.read_text(encoding="utf-8"))
        change(values)
        path.write_text(json.dumps(values), encoding="utf-8")
        return store

    return change_it


@pytest.mark.parametrize(
    ("links", "regions", "sources", "why"),
    [
        (0, {}, {}, "not asked for"),
        (0, {}, {"links": {"outcome": "ACCESS_DENIED"}}, "not seen"),
        (0, {"us-east-1": {"outcome": "ACCESS_DENIED"}}, {}, "not seen"),
        (0, {"us-east-1": {"outcome": "FOUND"}}, {}, ""),
        (0, {}, {"links": {"outcome": "FOUND"}}, ""),
        (2, {}, {}, ""),
    ],
)
def test_no_account_links_is_told_from_links_that_nobody_saw(
    links: int, regions: dict[str, Any], sources: dict[str, Any], why: str
) -> None:
    manifest = a_snapshot().manifest

    changed = replace(manifest, links=links, regions=regions, sources=sources)

    assert changed.why_no_links == why


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v.update(outcomes=None), "outcomes cannot be null"),
        (lambda v: v.update(outcomes={"FOUND": "many"}), 'outcomes.FOUND cannot be "many"'),
        (lambda v: v.update(outcomes={"FOUND": -1}), "outcomes.FOUND cannot be -1"),
        (lambda v: v.update(regions=[]), "regions cannot be a list or an object"),
        (lambda v: v.update(regions={"us-east-1": 1}), "regions.us-east-1 cannot be 1"),
        (lambda v: v.update(roles={"1": {}}), "roles.1.outcome cannot be null"),
        (lambda v: v.update(sources={"links": {"outcome": 7}}), "sources.links.outcome cannot be"),
        (lambda v: v.update(endpoint_url=80), "endpoint_url cannot be 80"),
        (lambda v: v.update(accounts=10**400), "accounts cannot be 1000"),
        (lambda v: v.update(accounts=True), "accounts cannot be true"),
        (lambda v: v.update(accounts=1.5), "accounts cannot be 1.5"),
        (lambda v: v.update(seconds=float("nan")), "seconds cannot be NaN"),
        (lambda v: v.update(rate="fast"), 'rate cannot be "fast"'),
        (lambda v: v.update(complete="yes"), 'complete cannot be "yes"'),
        (lambda v: v.update(taken="now"), 'taken cannot be "now"'),
        (lambda v: v.update(taken="2026-11-22T03:00:00"), "taken cannot be"),
        (lambda v: v.update(finished=1), "finished cannot be 1"),
        (lambda v: v.update(format=2), "it has format 2, newer than 1"),
        (lambda v: v.update(format="1"), 'format cannot be "1"'),
        (lambda v: v.pop("format"), "format cannot be null"),
        (lambda v: v.pop("caller_kind"), "caller_kind cannot be null"),
    ],
)
def test_a_field_that_cannot_be_right_is_one_sentence_with_the_name_of_the_file(
    changed: Callable[[Change], Store], tmp_path: Path, change: Change, said: str
) -> None:
    with pytest.raises(StoreError, match=re.escape(said)) as caught:
        changed(change).manifest(ID)

    assert caught.value.message.startswith(f"{tmp_path / MANIFEST} is not a manifest that can be")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1, "sources": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
        b'{"format": ' + b"9" * 5_000 + b"}",
    ],
    ids=["empty", "list", "null", "bytes", "deep lists", "deep objects", "digits"],
)
def test_what_is_no_manifest_at_all_is_one_sentence(
    store: Store, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / MANIFEST).write_bytes(content)

    with pytest.raises(StoreError, match="is not a manifest that can be read") as caught:
        store.manifest(ID)
    assert len(str(caught.value)) < 500


def test_what_only_a_newer_version_knows_is_left_out_wherever_it_stands(
    changed: Callable[[Change], Store],
) -> None:
    def as_a_newer_one(values: dict[str, Any]) -> None:
        values["moon"] = {"phase": "full"}
        values["sources"]["accounts"]["tide"] = ["high"]
        values["sources"]["comets"] = {"outcome": "FOUND", "rows": 3, "speed": 1e9}
        values["regions"]["us-east-1"]["weather"] = {"wind": 3}
        values["outcomes"]["SHRUGGED"] = 1
        values["caller_kind"] = "visitor"

    loaded = changed(as_a_newer_one).load()

    assert loaded.manifest.sources == {"accounts": {"outcome": "FOUND", "detail": None, "rows": 2}}
    assert loaded.manifest.regions == {"us-east-1": {"outcome": "FOUND", "links": 0}}
    assert loaded.manifest.not_seen == 2
    assert loaded.manifest.caller_kind == "visitor"


def test_a_manifest_is_read_as_it_was_written() -> None:
    manifest = a_snapshot().manifest

    assert Manifest.from_json(manifest.to_json()) == manifest


def test_times_are_read_as_utc_and_text_as_it_can_be_shown(
    changed: Callable[[Change], Store],
) -> None:
    manifest = changed(
        lambda v: v.update(
            taken="2026-11-22T04:00:00+01:00", caller_kind="a\nb\ud800", endpoint_url="http://[",
        )
    ).manifest(ID)  # fmt: skip

    assert manifest.taken == pd.Timestamp("2026-11-22T03:00:00Z")
    assert manifest.snapshot_id == ID
    assert manifest.caller_kind == "a b\N{REPLACEMENT CHARACTER}"
    assert not manifest.is_local


def test_a_manifest_under_the_name_of_another_is_damage(store: Store, tmp_path: Path) -> None:
    path = tmp_path / MANIFEST
    other = path.with_name("taken=2026-11-29T03-00-00Z.json")
    other.write_bytes(path.read_bytes())

    with pytest.raises(StoreError, match=f"it is that of {ID}"):
        store.manifest("o-exampleorgid/2026-11-29T03-00-00Z")


@pytest.mark.parametrize(
    "name",
    [
        "taken=2026-11-22T03-00-00Z (1).json",
        "taken=2026-11-22T03-00-00Z - Copy.json",
        "taken=2026-11-22T03-00-00Z copy.json",
        "Copy of taken=2026-11-22T03-00-00Z.json",
        "taken=2026-99-99T03-00-00Z.json",
        "taken=२०२६-11-22T03-00-00Z.json",
        "._taken=2026-11-22T03-00-00Z.json",
    ],
)
def test_a_copy_beside_a_manifest_is_no_snapshot(store: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / MANIFEST
    path.with_name(name).write_bytes(path.read_bytes())

    assert store.ids() == [ID]
    assert store.load().id == ID
    assert len(store.snapshots()) == 1
