"""What docs/scale.md tells engines to do, run as it stands there; and a store that tries them."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from copied import ROOT
from days import manifest, part, snapshot_of, standard
from fleeting import OTHER, of

from toolkit.schema import CallerKind
from toolkit.store import Store

PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
QUERY = ROOT / "toolkit" / "fleet" / "counts.sql"


def blocks(heading: str, language: str) -> list[str]:
    """Return the blocks of code of one language under a heading of the page."""
    _, found, text = PAGE.partition(f"\n{heading}\n")
    assert found, heading
    section = re.split(r"^##+ ", text, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


def a_store_to_count(folder: Path) -> Store:
    """Make a store in which an engine could go wrong.

    Of one organization there are a day whose accounts were written without a column, days on which
    either table knows an account that the other does not, and what counts nowhere: a chosen list, a
    lone account, a run that was stopped before its manifest, a copy of a manifest under another
    name. Another organization has a snapshot of the same second.
    """
    store = Store(folder)
    older = snapshot_of(0, {1: "ACTIVE/CLOSED", 2: "ACTIVE"})
    newer = snapshot_of(
        1,
        {
            1: "CLOSED/ACTIVE",
            2: "ACTIVE",
            3: "ACTIVE/?",
            4: "/CLOSED",
            5: "PAUSED/NEW",
            6: "ACTIVE",
        },
    )
    one_sided = snapshot_of(2, {1: "CLOSED/ACTIVE", 2: "CLOSED/ACTIVE", 3: "ACTIVE/ACTIVE"})
    accounts, govcloud = one_sided.tables["accounts"], one_sided.tables["govcloud"]
    one_sided = replace(
        one_sided,
        tables={**one_sided.tables, "accounts": accounts.iloc[1:], "govcloud": govcloud.iloc[:-1]},
    )
    stopped = snapshot_of(3, {1: "ACTIVE/ACTIVE"})
    for one in (
        *(older, newer, one_sided, stopped),
        snapshot_of(4, {1: "ACTIVE/ACTIVE"}, complete=False),
        snapshot_of(5, {1: "ACTIVE/ACTIVE"}, caller=CallerKind.MEMBER),
        snapshot_of(6, {}),
        of(OTHER, snapshot_of(1, {1: "SUSPENDED/ACTIVE", 7: "ACTIVE/ACTIVE"})),
    ):
        store.save(one)
    without(part(store, older.id, "accounts"), "standard_state")
    copied = manifest(store, stopped.id)
    copied.rename(copied.with_name(f"{copied.stem} (1).json"))
    return store


def without(file: Path, column: str) -> None:
    """Write a part again as a version wrote it that knew a column less."""
    pq.write_table(pq.ParquetFile(file).read().drop_columns([column]), file)


def twice(file: Path, account: int, **other: str) -> None:
    """Write a part again with an account in it a second time, with other values."""
    rows = pq.ParquetFile(file).read().to_pandas()
    again = rows[rows["account_id"] == standard(account)].assign(**other)
    pd.concat([rows, again]).to_parquet(file, index=False)


def sorted_counts(counts: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    """Return COUNTS as rows in one order, whatever missing states are kept as."""
    rows = counts.astype({"outcome": "str"}).fillna("-").itertuples(index=False, name=None)
    return sorted(tuple(row) for row in rows)


def a_store_of_two(store: Store) -> None:
    """Keep ten days of two organizations, of which one gets worse on the last day."""
    for day in range(10):
        seen = {1: "ACTIVE/ACTIVE", 2: "ACTIVE", 3: "ACTIVE/?" if day % 2 else "CLOSED/CLOSED"}
        worse = seen | {1: "CLOSED/ACTIVE"} if day == 9 else seen
        store.save(snapshot_of(day, seen))
        store.save(of(OTHER, snapshot_of(day, worse)))
