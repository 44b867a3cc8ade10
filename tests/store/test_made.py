"""What was made from snapshots is recalled as it was kept, or not at all."""

import warnings
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from toolkit import schema
from toolkit.errors import StoreError
from toolkit.schema import COUNTS
from toolkit.store import LeftOutWarning, Store
from toolkit.store.listing import gathered, warn
from toolkit.store.made import Kept

ORGANIZATION = "o-exampleorgid"


class Step(NamedTuple):
    """A step that a table was made in."""

    snapshot_id: str
    rows: int


KEPT = Kept(COUNTS, Step, version=3)
STEPS = [Step("o-exampleorgid/2026-11-22T03-00-00Z", 2)]
FILE = Path("kept", f"organization={ORGANIZATION}", f"{COUNTS.file}.parquet")


def counted() -> pd.DataFrame:
    """Return COUNTS of one snapshot, a state of which is missing."""
    rows = {
        "organization_id": ORGANIZATION,
        "taken": pd.Timestamp("2026-11-22T03:00:00Z"),
        "outcome": ["FOUND", "NOT_LINKED"],
        "standard_state": ["CLOSED", "ACTIVE"],
        "govcloud_state": ["ACTIVE", None],
        "accounts": [3, 4],
    }
    return schema.coerce(COUNTS, pd.DataFrame(rows))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which something is kept."""
    store = Store(tmp_path / "store")
    KEPT.keep(store, ORGANIZATION, counted(), STEPS)
    return store


def is_nothing(store: Store, kept: "Kept[Step]" = KEPT) -> bool:
    table, steps = kept.recalled(store, ORGANIZATION)
    return not steps and table.equals(schema.empty(COUNTS))


def test_a_table_and_its_steps_are_recalled_as_they_were_kept(store: Store) -> None:
    table, steps = KEPT.recalled(store, ORGANIZATION)

    assert_frame_equal(table, counted())
    assert steps == STEPS


def test_what_another_version_kept_is_made_again(store: Store) -> None:
    assert is_nothing(store, Kept(COUNTS, Step, version=4))


def test_nothing_is_recalled_of_another_organization(store: Store) -> None:
    assert KEPT.recalled(store, "o-another0id")[1] == []


@pytest.mark.parametrize("content", [b"", b"no table", None], ids=["empty", "other", "cut"])
def test_what_was_damaged_is_made_again(store: Store, content: bytes | None) -> None:
    file = Path(str(store)) / FILE
    file.write_bytes(file.read_bytes()[:-40] if content is None else content)

    assert is_nothing(store)


def test_a_step_that_is_none_is_trusted_no_more_than_damage(store: Store) -> None:
    KEPT.keep(store, ORGANIZATION, counted(), [Step("o-exampleorgid/2026", "2")])  # type: ignore[arg-type] - what is not right

    assert is_nothing(store)


def test_a_store_that_cannot_be_written_to_goes_without(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be", encoding="utf-8")
    store = Store(tmp_path)

    KEPT.keep(store, ORGANIZATION, counted(), STEPS)

    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
    assert is_nothing(store)


def test_what_is_left_out_is_gathered_where_it_is_asked_for_and_else_warned_of() -> None:
    error = StoreError("It cannot be read.")

    with warnings.catch_warnings(), gathered() as found:
        warnings.simplefilter("error")
        warn([error])

    assert found == [error]
    with pytest.warns(LeftOutWarning, match=r"^Left out: It cannot be read\.$"):
        warn([error])
