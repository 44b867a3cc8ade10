"""What asks for somebody first: pairs that disagree and what was left behind, in one list."""

from typing import Final

import pandas as pd

from toolkit import schema
from toolkit.analysis.counts import is_open

_SHARED: Final = (
    "account_id",
    "name",
    "ou_path",
    "govcloud_account_id",
    "standard_state",
    "govcloud_state",
    "severity",
    "meaning",
    "action",
    "owner",
)
_KINDS: Final = pd.CategoricalDtype(["pair", "left"], ordered=True)


def worst(
    pairs: pd.DataFrame, left_behind: pd.DataFrame | None = None, most: int | None = None
) -> pd.DataFrame:
    """Return what is open, worst first, and of what is equally bad what has lasted longest.

    Takes PAIRS and LEFT_BEHIND; one row per pair that disagrees ("pair") or was left behind
    ("left", both of `kind`) and that nobody has accepted, at most so many. Columns: `kind`, ids,
    name, unit and states as PAIRS has them, `severity`, `meaning`, `action`, `owner`, `since` (UTC;
    of what was left behind, when it was last listed) and `since_is`, missing for what was left.
    """
    pairs = schema.checked(schema.PAIRS, pairs)
    none = schema.empty(schema.LEFT_BEHIND)
    left = none if left_behind is None else schema.checked(schema.LEFT_BEHIND, left_behind)
    left = left[left["accepted_until"].isna()]
    disagree = pairs.loc[is_open(pairs), [*_SHARED, "since", "since_is"]]
    gone = left[[*_SHARED, "last_seen"]].rename(columns={"last_seen": "since"})
    gone["since_is"] = pd.Series(pd.NA, index=gone.index, dtype=disagree["since_is"].dtype)
    kinds = pd.Series(["pair"] * len(disagree) + ["left"] * len(gone), dtype=_KINDS)
    cases = pd.concat([disagree, gone], ignore_index=True)
    cases.insert(0, "kind", kinds)
    # Names are compared as people sort them, and ids tell those of one name apart.
    order = pd.DataFrame(
        {
            "rank": cases["severity"].cat.codes,
            "since": cases["since"],
            "name": cases["name"].str.casefold(),
            "id": cases["account_id"],
        }
    ).sort_values(["rank", "since", "name", "id"], kind="stable")
    return cases.loc[order.index[:most]].reset_index(drop=True)
