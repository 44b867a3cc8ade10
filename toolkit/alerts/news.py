"""News: what two times' findings say together, which is what a notice is about."""

from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from toolkit.alerts.findings import LEFT, MISMATCH, UNKNOWN, is_accepted, keys_of
from toolkit.schema import Finding, Severity
from toolkit.verdicts import Judged, seen_findings


class News(StrEnum):
    """What happened to a finding, in the order in which a notice counts it."""

    LEFT_BEHIND = "LEFT_BEHIND"
    NEW = "NEW"
    WORSE = "WORSE"
    ACCEPTANCE_ENDED = "ACCEPTANCE_ENDED"
    LOST_SIGHT = "LOST_SIGHT"
    CHANGED = "CHANGED"
    MILDER = "MILDER"
    ACCEPTED = "ACCEPTED"
    RESOLVED = "RESOLVED"


_BETTER: Final = (News.MILDER, News.ACCEPTED, News.RESOLVED)
_STATES: Final = ["standard_state", "govcloud_state"]


def news(before: pd.DataFrame, after: pd.DataFrame, judged: Judged) -> pd.DataFrame:
    """Return what is news between FINDINGS of two times: one row per finding, worst first.

    `judged` is what `after` was found in. Gives the columns of FINDINGS, `news`, and `was`, the
    severity before, missing where there was none. What is not seen any more is no improvement: a
    pair that left the list is left behind or has nothing left, a pair that could not be judged is
    out of sight, and what only the other organization's list tells stays where that was not seen.
    """
    now = _happened(before, after)
    gone = before[~keys_of(before).isin(keys_of(after)) & _is_gone(before, after, judged)]
    past = gone.assign(news=News.RESOLVED.value, was=gone["severity"])
    rows = pd.concat([now[now["news"] != ""], past], ignore_index=True)
    order = pd.DataFrame(
        {
            "better": rows["news"].isin([str(word) for word in _BETTER]),
            "severity": rows["severity"].fillna(rows["was"]).cat.codes.replace(-1, len(Severity)),
            "word": rows["news"].map({str(word): place for place, word in enumerate(News)}),
            "name": rows["name"].str.casefold(),
            "account_id": rows["account_id"],
        }
    )
    places = order.sort_values(list(order.columns), kind="stable").index
    ordered: pd.DataFrame = rows.loc[places].reset_index(drop=True)
    return ordered


def _happened(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return FINDINGS of now with what happened to each, "" where nothing did."""
    places = keys_of(before).get_indexer(keys_of(after))
    # Beside each what it was; a row of nothing where it was not there.
    then = before.reset_index(drop=True).reindex(places).set_axis(after.index)
    known, settled = pd.Series(places >= 0, index=after.index), is_accepted(after)
    were_settled, unknown = is_accepted(then), after["kind"] == UNKNOWN
    codes, were = after["severity"].cat.codes, then["severity"].cat.codes
    same = (after[_STATES].fillna("") == then[_STATES].fillna("")).all(axis="columns")
    open_ = ~settled & ~unknown
    words = {
        News.LOST_SIGHT: unknown & ~known,
        News.ACCEPTED: settled & known & ~were_settled,
        News.LEFT_BEHIND: open_ & ~known & (after["kind"] == LEFT),
        News.NEW: open_ & ~known,
        News.ACCEPTANCE_ENDED: open_ & were_settled,
        News.WORSE: open_ & (codes < were),
        News.MILDER: open_ & (codes > were),
        News.CHANGED: open_ & ~same,
    }
    word = np.select([mask.to_numpy() for mask in words.values()], [str(one) for one in words], "")
    lost = _severity_before(before).reindex(pd.Index(after["account_id"]))
    was = then["severity"].where(~unknown, pd.Series(lost.array, index=after.index))
    return after.assign(news=word, was=was)


def _severity_before(before: pd.DataFrame) -> pd.Series:
    """Return by account how grave its mismatch was."""
    pairs = before[before["kind"] == MISMATCH].drop_duplicates("account_id")
    return pairs.set_index("account_id")["severity"]


def _is_gone(before: pd.DataFrame, after: pd.DataFrame, judged: Judged) -> pd.Series:
    """Say of each finding of before whether it would show if it were there still."""
    here = after["account_id"][after["kind"].isin([LEFT, UNKNOWN])]
    is_pair = before["kind"].isin([MISMATCH, LEFT])
    reconciled = judged.reconciled
    seen = seen_findings(judged.snapshot, reconciled, compared=True)
    unclear = reconciled["govcloud_account_id"][reconciled["finding"].isna()]
    told = before["kind"].astype("str").isin(seen)
    told &= ~before["govcloud_account_id"].isin(unclear)
    # What was left behind has its own finding instead, where the other list shows it no longer.
    left = after["govcloud_account_id"][after["kind"] == LEFT]
    outlived = before["kind"] == Finding.PAIR_LEFT_LIST
    told &= ~(outlived & before["govcloud_account_id"].isin(left))
    settled = is_accepted(before)
    gone: pd.Series = ~settled & ((is_pair & ~before["account_id"].isin(here)) | (~is_pair & told))
    return gone
