"""What a store remembers beside its snapshots, and columns read in a hurry."""

from pathlib import Path

import pandas as pd
import pytest
from stored import a_snapshot

from toolkit.errors import StoreError
from toolkit.store import Store, keys

ONE = "o-exampleorgid"


def test_what_was_remembered_is_recalled_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.recall(ONE, "notices.json") is None
    store.remember(ONE, "notices.json", b"one")
    store.remember(ONE, "notices.json", b"two")
    assert store.recall(ONE, "notices.json") == b"two"
    assert store.recall(ONE, "spells.parquet") is None
    assert store.recall("o-another", "notices.json") is None


def test_it_lies_under_its_organization_and_is_no_snapshot(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember(ONE, "notices.json", b"one")
    assert keys.kept_key(ONE, "notices.json") == f"kept/organization={ONE}/notices.json"
    assert (tmp_path / keys.kept_key(ONE, "notices.json")).read_bytes() == b"one"
    assert store.ids() == []


@pytest.mark.parametrize("organization", ["", "..", "o/../..", "o organization"])
def test_no_organization_leads_out_of_the_store(tmp_path: Path, organization: str) -> None:
    with pytest.raises(StoreError, match="cannot name an organization"):
        Store(tmp_path).remember(organization, "notices.json", b"one")


def test_a_store_that_cannot_be_written_to_or_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    with pytest.raises(StoreError, match="cannot be kept"):
        Store(tmp_path).remember(ONE, "notices.json", b"one")
    other = tmp_path / "other"
    (other / keys.kept_key(ONE, "notices.json")).mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be read"):
        Store(other).recall(ONE, "notices.json")


def test_columns_in_a_hurry_are_those_of_the_table_as_text(tmp_path: Path) -> None:
    store = Store(tmp_path)
    manifest = store.save(a_snapshot()).manifest
    whole = store.part(manifest, "govcloud")
    found = store.texts(manifest, "govcloud", ["outcome", "account_id"])
    expected = whole[["outcome", "account_id"]].astype("str")
    pd.testing.assert_frame_equal(found, expected)
    none = store.texts(manifest, "witness", ["govcloud_account_id"])
    assert (list(none.columns), len(none)) == (["govcloud_account_id"], 0)


def test_an_optional_column_that_an_older_file_lacks_is_missing_a_needed_one_is_damage(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    manifest = store.save(a_snapshot()).manifest
    file = tmp_path / keys.part_key("accounts", manifest.snapshot_id)
    table = pd.read_parquet(file)
    table.drop(columns="ou_path").to_parquet(file)
    assert store.texts(manifest, "accounts", ["account_id", "ou_path"])["ou_path"].isna().all()
    table.drop(columns="account_id").to_parquet(file)
    with pytest.raises(StoreError, match="it has no column account_id"):
        store.texts(manifest, "accounts", ["account_id"])


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_file_is_one_in_a_hurry_too(tmp_path: Path, damage: bytes | None) -> None:
    store = Store(tmp_path)
    manifest = store.save(a_snapshot()).manifest
    file = tmp_path / keys.part_key("accounts", manifest.snapshot_id)
    if damage is None:
        pd.read_parquet(file).iloc[1:].to_parquet(file)
    else:
        file.write_bytes(damage)
    with pytest.raises(StoreError, match=r"cannot be read|its manifest says 2"):
        store.texts(manifest, "accounts", ["account_id"])
