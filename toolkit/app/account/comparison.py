"""What AWS says now about some accounts beside what the snapshot says, and where the two differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from toolkit.fetch.live import STATE, Live, Silence
from toolkit.schema import SEEN_OUTCOMES, Outcome, State, Verdict, label
from toolkit.titles import counted
from toolkit.titles.words import joined
from toolkit.verdicts import Judged, judge_pairs

_NOTHING: Final = "–"
_NOT_SEEN: Final = "not seen"
_LINKS: Final = "Account links"


@dataclass(frozen=True)
class Line:
    """One thing that is compared, in words; `differs` is None where it cannot be told."""

    what: str
    now: str
    then: str
    differs: bool | None


@dataclass(frozen=True)
class Compared:
    """One account: what is compared, line by line, and which questions got no answer."""

    account_id: str
    name: str
    known: bool
    """Whether the snapshot has the account."""
    lines: tuple[Line, ...]
    silent: tuple[str, ...]

    @property
    def changed(self) -> list[str]:
        """What differs from the snapshot."""
        return [line.what for line in self.lines if line.differs]

    @property
    def untold(self) -> list[str]:
        """What could not be compared: one of the two sides was not seen."""
        return [line.what for line in self.lines if line.differs is None]

    @property
    def result(self) -> str:
        """Say in a few words what came of the comparison; never "nothing" where it was not seen."""
        if not self.known:
            return "not in the snapshot"
        if self.changed:
            return ", ".join(self.changed)
        return "cannot be told" if self.untold else "nothing"


def compare(live: Live, judged: Judged, regions: Iterable[str]) -> list[Compared]:
    """Compare answers with a judged snapshot, by its own rules; one result per account asked for.

    Links are compared in the Regions that were asked and gave an answer about the account.
    """
    then = judged.pairs.set_index("account_id")
    accounts = _told_as_before(live.accounts, then)
    now = judge_pairs(accounts, live.govcloud, rules=judged.policy.rules).set_index("account_id")
    now = _as_mild(now, then)
    links, asked = judged.snapshot.links, list(regions)
    return [_compared(str(one), row, then, live, links, asked=asked) for one, row in now.iterrows()]


def _as_mild(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return what is as it was with the severity that it had: answers alone know of no grace."""
    was = then.reindex(now.index)
    same = pd.Series(data=True, index=now.index)
    for name in ("standard_state", "govcloud_state", "verdict"):
        same &= (now[name].astype("str") == was[name].astype("str")).fillna(False)
    return now.assign(severity=now["severity"].where(~same, was["severity"]))


def summary(compared: Sequence[Compared]) -> str:
    """Say in one sentence how many accounts differ from the snapshot, and how many cannot be told.

    An account of which something was not seen is never counted as being as before.
    """
    total = len(compared)
    changed = sum(bool(one.changed) for one in compared)
    strange = sum(not one.known for one in compared)
    untold = sum(one.known and not one.changed and bool(one.untold) for one in compared)
    same = total - changed - strange - untold
    parts = [
        (changed, "changed since the snapshot"),
        (same, "as in the snapshot"),
        (untold, "not to be compared"),
        (strange, "not in the snapshot"),
    ]
    (first, words), *rest = [(count, text) for count, text in parts if count]
    return joined([_subject(first, total) + words, *(f"{count:,} {text}" for count, text in rest)])


def _subject(count: int, total: int) -> str:
    verb = "is " if count == 1 else "are "
    if count < total:
        return f"{count:,} of {counted(total, 'account')} {verb}"
    return f"The account {verb}" if total == 1 else f"All {total:,} accounts {verb}"


def _told_as_before(accounts: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts, a closing one as closing.

    The Account API has no PENDING_CLOSURE and tells it as SUSPENDED, so the two are no difference.
    """
    before = accounts["account_id"].map(then["standard_state"])
    closing = (before == State.PENDING_CLOSURE) & (accounts["standard_state"] == State.SUSPENDED)
    states = accounts["standard_state"].mask(closing, State.PENDING_CLOSURE.value)
    return accounts.assign(standard_state=states)


def _compared(
    account_id: str,
    now: pd.Series,
    then: pd.DataFrame,
    live: Live,
    links: pd.DataFrame,
    *,
    asked: Sequence[str],
) -> Compared:
    before = _row(then, account_id)
    silences = [one for one in live.silences if one.account_id == account_id]
    silent = {one.region for one in silences if one.operation != STATE}
    lines = [_line(what, words(now), before, words) for what, words in _WORDS.items()]
    regions = [region for region in asked if region not in silent]
    now_linked, then_linked = (
        _link_words(frame[frame["region"].isin(regions)], account_id, live.caller_account_id)
        if regions
        else None
        for frame in (live.links, links)
    )
    lines.append(_line(_LINKS, now_linked, before, lambda _: then_linked))
    names = (now["name"], None if before is None else before["name"])
    return Compared(
        account_id,
        next((name for name in names if isinstance(name, str) and name), ""),
        before is not None,
        tuple(lines),
        tuple(_reasons(silences, now)),
    )


def _row(pairs: pd.DataFrame, account_id: str) -> pd.Series | None:
    return next((row for _, row in pairs.loc[pairs.index == account_id].iterrows()), None)


def _line(
    what: str, now: str | None, before: pd.Series | None, words: Callable[[pd.Series], str | None]
) -> Line:
    if before is None:
        return Line(what, now or _NOT_SEEN, _NOTHING, None)
    then = words(before)
    differs = None if now is None or then is None else now != then
    return Line(what, now or _NOT_SEEN, then or _NOT_SEEN, differs)


def _standard(row: pd.Series) -> str | None:
    state = row["standard_state"]
    return label(state) if isinstance(state, str) else None


def _govcloud_account(row: pd.Series) -> str | None:
    if row["outcome"] == Outcome.NOT_LINKED:
        return "none is linked"
    return str(row["govcloud_account_id"]) if row["outcome"] == Outcome.FOUND else None


def _govcloud(row: pd.Series) -> str | None:
    if row["outcome"] == Outcome.NOT_LINKED:
        return _NOTHING
    state = row["govcloud_state"]
    return label(state) if isinstance(state, str) else None


def _verdict(row: pd.Series) -> str | None:
    if row["verdict"] == Verdict.UNKNOWN:
        return None
    if row["verdict"] == Verdict.MISMATCH:
        return f"{label(row['severity'])} mismatch"
    return label(row["verdict"])


_WORDS: Final[Mapping[str, Callable[[pd.Series], str | None]]] = {
    "Standard state": _standard,
    "GovCloud account": _govcloud_account,
    "GovCloud state": _govcloud,
    "Verdict": _verdict,
}
"""What is compared, and the words for it in a row of PAIRS; None where it was not seen."""


def _link_words(links: pd.DataFrame, account_id: str, caller: str) -> str:
    """Return the account's links in words: with the caller, or all where it is the caller."""
    found = []
    for link in links.itertuples():
        ends = [link.source_account_id, link.target_account_id]
        if account_id in ends and caller in ends:
            other = ends[1] if ends[0] == account_id else ends[0]
            found.append(f"{label(str(link.link_status))} with {other!s} in {link.region}")
    return "; ".join(sorted(set(found))) or "none"


def _reasons(silences: Sequence[Silence], now: pd.Series) -> list[str]:
    said = [
        f"{one.operation}{f' in {one.region}' if one.region else ''}: {one.why}" for one in silences
    ]
    if now["outcome"] not in SEEN_OUTCOMES:
        said.insert(0, f"GetGovCloudAccountInformation: {now['detail']}")
    return said
