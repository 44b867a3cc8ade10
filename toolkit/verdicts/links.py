"""Judging WorkSpaces account links: what the status says, and whether both ends are in order."""

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import InputError, expect
from toolkit.schema import STANDARD_STATES, LinkEnds, LinkStatus, State
from toolkit.store import Snapshot
from toolkit.verdicts.rules import checked_link_rules, default_link_rules

_NEW_STATUS = (
    "The status is missing, or a word this toolkit does not know.",
    "Compare it with AWS's documentation, and update the toolkit if the status is new.",
)


def judge_links(
    links: "pd.DataFrame | Snapshot",
    accounts: pd.DataFrame | None = None,
    *,
    complete: bool | None = None,
    rules: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge every link of a snapshot, or of LINKS and ACCOUNTS frames of one's own.

    Takes a Snapshot, or LINKS (one row per link and Region) and ACCOUNTS, and gives JUDGED_LINKS
    in the same order. `complete` says that the accounts are the whole organization, so that an end
    which is not among them is outside it; a snapshot's manifest knows, with one's own frames it is
    False unless given. `rules` replaces `default_link_rules()`. Raises SchemaError where a table
    or the rules cannot be right.
    """
    found, listed, whole = _tables(links, accounts, complete=complete)
    table = checked_link_rules(default_link_rules() if rules is None else rules)
    judged = _with_states(found, listed)
    ends = _ends(judged, listed, complete=whole)
    status = _places(judged["link_status"], [str(word) for word in LinkStatus])
    case = np.where(status < 0, len(table), status * len(LinkEnds) + ends.cat.codes.to_numpy())
    for name, other in zip(("severity", "meaning", "action"), (None, *_NEW_STATUS), strict=True):
        choices = pd.array(
            [*table[name].astype("object"), other], dtype=schema.JUDGED_LINKS[name].dtype
        )
        judged[name] = choices.take(case)
    return schema.complete(schema.JUDGED_LINKS, judged)


def link_ends(
    links: "pd.DataFrame | Snapshot",
    accounts: pd.DataFrame | None = None,
    *,
    complete: bool | None = None,
) -> pd.Series:
    """Return what the two accounts of each link are (a word of LinkEnds), row by row of LINKS.

    OUTSIDE weighs more than NOT_ACTIVE, and that more than NOT_SEEN. Arguments as `judge_links`.
    """
    found, listed, whole = _tables(links, accounts, complete=complete)
    return _ends(_with_states(found, listed), listed, complete=whole)


def _tables(
    links: "pd.DataFrame | Snapshot", accounts: pd.DataFrame | None, *, complete: bool | None
) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    expect(
        complete, bool | None, "answer", "Say with True or False whether all accounts are there."
    )
    if isinstance(links, Snapshot):
        whole = links.manifest.is_whole_organization if complete is None else complete
        return links.links, links.accounts, whole
    if not isinstance(links, pd.DataFrame):
        schema.check(schema.LINKS, links, what="a snapshot or the links table")
    if accounts is None:
        raise InputError(
            "Judging links needs the accounts too: only a table of links was given.",
            "Pass a snapshot, or the links and the accounts.",
        )
    return (
        schema.coerce(schema.LINKS, links, what="the links table", own=True),
        schema.coerce(schema.ACCOUNTS, accounts, what="the accounts table"),
        bool(complete),
    )


def _with_states(links: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    states = accounts.drop_duplicates("account_id").set_index("account_id")["standard_state"]
    return links.reset_index(drop=True).assign(
        source_state=links["source_account_id"].map(states).astype("str").array,
        target_state=links["target_account_id"].map(states).astype("str").array,
    )


def _ends(links: pd.DataFrame, accounts: pd.DataFrame, *, complete: bool) -> pd.Series:
    sides = [(links[f"{side}_account_id"], links[f"{side}_state"]) for side in ("source", "target")]
    listed = pd.Index(accounts["account_id"]).unique()
    # Looking places up takes a fiftieth of the time that isin() takes for this many ids.
    outside = [ids.notna() & (listed.get_indexer(pd.Index(ids)) < 0) & complete for ids, _ in sides]
    known = [states.isin([str(state) for state in STANDARD_STATES]) for _, states in sides]
    not_active = [
        seen & (states != State.ACTIVE) for seen, (_, states) in zip(known, sides, strict=True)
    ]
    words = np.select(
        [outside[0] | outside[1], not_active[0] | not_active[1], ~(known[0] & known[1])],
        [LinkEnds.OUTSIDE.value, LinkEnds.NOT_ACTIVE.value, LinkEnds.NOT_SEEN.value],
        LinkEnds.BOTH_ACTIVE.value,
    )
    return pd.Series(words).astype(schema.LINK_RULES["ends"].dtype).rename("ends")


def _places(values: pd.Series, words: list[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return pd.Index(words, dtype="str").get_indexer(pd.Index(values))
