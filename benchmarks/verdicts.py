"""Judge a million pairs, and compare with the two ways one would write first.

Run: python benchmarks/verdicts.py [PAIRS]

All are timed on the same frames in the same run: `apply` on a sample, because it takes seconds.
Only `judge_pairs` checks ids, finds accounts listed twice and covers every failed look-up.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from toolkit import schema
from toolkit.verdicts import default_rules, judge_pairs

SAMPLE = 20_000
JUDGED = ["verdict", "severity", "meaning", "action"]
STATES = ["standard_state", "govcloud_state"]


def main() -> None:
    """Print the time and the ratio of each way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    accounts, govcloud = tables(count)
    rules = default_rules()
    snapshot: Any = SimpleNamespace(accounts=accounts, govcloud=govcloud)
    judged = best(lambda: judge_pairs(accounts, govcloud))
    from_snapshot = best(lambda: judge_pairs(snapshot))
    doubles = best(lambda: accounts["account_id"].duplicated().any())
    side_by_side = best(lambda: beside(accounts, govcloud))
    joined = beside(accounts, govcloud)
    merged = best(lambda: joined.merge(rules, on=STATES, how="left"))
    cells = rules.set_index(STATES)[JUDGED].to_dict("index")
    sample = joined.head(min(SAMPLE, count))
    rows = once(
        lambda: sample.apply(
            lambda row: cells[row["standard_state"], row["govcloud_state"]], axis=1
        )
    )
    row_by_row = rows * count / len(sample)
    print(f"{count:,} pairs                                 seconds   times judge_pairs")
    for name, seconds in (
        ("judge_pairs of one's own frames", judged),
        ("judge_pairs of a snapshot", from_snapshot),
        ("of which finding ids listed twice", doubles),
        ("merge of both sides alone", side_by_side),
        ("merge of both sides, then with the rules", side_by_side + merged),
        (f"apply(axis=1), from {len(sample):,}", row_by_row),
    ):
        print(f"{name:42}{seconds:12.3f}{seconds / judged:12.1f}")


def tables(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return accounts and their look-ups, every one of them found."""
    random = np.random.default_rng(7)
    ids = [f"{number:012d}" for number in range(count)]
    standard = random.choice([str(state) for state in schema.STANDARD_STATES], count)
    govcloud = random.choice([str(state) for state in schema.GOVCLOUD_STATES], count)
    return (
        schema.coerce(
            schema.ACCOUNTS, pd.DataFrame({"account_id": ids, "standard_state": standard})
        ),
        schema.coerce(
            schema.GOVCLOUD,
            pd.DataFrame({"account_id": ids, "govcloud_state": govcloud, "outcome": "FOUND"}),
        ),
    )


def beside(accounts: pd.DataFrame, govcloud: pd.DataFrame) -> pd.DataFrame:
    """Return both frames joined by id, which any way of judging has to do first."""
    return accounts.merge(govcloud, on="account_id", how="left", validate="one_to_one")


def once(way: Callable[[], object]) -> float:
    """Return how long one call takes, in seconds."""
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def best(way: Callable[[], object]) -> float:
    """Return the best of three calls."""
    return min(once(way) for _ in range(3))


if __name__ == "__main__":
    main()
