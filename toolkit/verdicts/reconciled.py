"""Reconciling: what the standard organization and the GovCloud one say of each GovCloud account.

Only what was seen is claimed: where a side was not, there is no finding, and the meaning says why.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.schema import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    CreationState,
    Finding,
    Outcome,
    Severity,
    State,
)
from toolkit.store import Snapshot
from toolkit.verdicts.rules import (
    RECONCILE_STATES,
    checked_reconcile_rules,
    default_reconcile_rules,
)
from toolkit.verdicts.unseen import unseen_in_words

_ID: Final = "govcloud_account_id"
_LOOKED_UP: Final = ("account_id", _ID, "outcome")
_COLLECT_WITNESS: Final = (
    "Collect again, with a profile that may list the accounts of the GovCloud organization."
)
_COMPARE: Final = "Compare it with AWS's documentation, and update the toolkit if the state is new."
_SEE_ALL: Final = "Collect with an identity that can look up every account of the organization."


class _Sides(NamedTuple):
    """What a snapshot knows of GovCloud accounts; each series and frame by their id, once each."""

    pairs: pd.DataFrame
    """By the look-ups: account_id, govcloud_state, and `also`, others that are paired with it."""
    witness: pd.DataFrame
    """In the GovCloud organization's list: state, and `times`, how often it is there."""
    created: pd.Series
    """The standard account that each was created with."""
    listed: "pd.Index[str]"
    """The standard accounts of the snapshot."""
    answered: "pd.Index[str]"
    """Those of which it is known whether they have a GovCloud account, and which."""


def reconcile(
    snapshot: Snapshot,
    history: Sequence[Snapshot] | None = None,
    *,
    rules: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Reconcile what both organizations say of each GovCloud account known to either.

    Takes a snapshot and gives RECONCILED: one row per GovCloud account, worst first. Which account
    had it before that left the list is looked for in `history`, earlier snapshots of the same
    organization: all of the snapshot's store when not given; any that is not earlier is left out.
    `rules` replaces `default_reconcile_rules()`. Raises InputError for what is no snapshot and for
    another organization's history, SchemaError where a table or the rules cannot be right.
    """
    if not isinstance(snapshot, Snapshot):
        raise InputError(
            f"A {type(snapshot).__name__} is no snapshot, and reconciling needs a whole one.",
            "Pass what collect or load_snapshot gave.",
        )
    table = checked_reconcile_rules(default_reconcile_rules() if rules is None else rules)
    past = _past(snapshot, history)
    sides = _sides(snapshot)
    known = _known(sides, past if snapshot.manifest.is_whole_organization else ())
    findings = _findings(known, sides, snapshot)
    return _in_order(_judged(known, findings, _reasons(known, sides, snapshot), table))


def _past(snapshot: Snapshot, history: Sequence[Snapshot] | None) -> Iterable[pd.DataFrame]:
    """Return the look-ups of the snapshots before this one, newest first."""
    manifest = snapshot.manifest
    if history is None:
        store = snapshot.store
        return () if store is None else store.columns_before(manifest, "govcloud", _LOOKED_UP)
    for old in history:
        if old.manifest.organization_id != manifest.organization_id:
            raise InputError(
                f"{old.id} is a snapshot of another organization than {manifest.organization_id}.",
                "Compare snapshots of one organization.",
            )
    earlier = [old for old in history if old.taken < snapshot.taken]
    return [old.govcloud for old in sorted(earlier, key=lambda old: old.taken, reverse=True)]


def _sides(snapshot: Snapshot) -> _Sides:
    looked_up = schema.checked(schema.GOVCLOUD, snapshot.govcloud)
    accounts = schema.checked(schema.ACCOUNTS, snapshot.accounts)
    found = (looked_up["outcome"] == Outcome.FOUND) & looked_up[_ID].notna()
    answered = found | (looked_up["outcome"] == Outcome.NOT_LINKED)
    listed = pd.Index(pd.concat([accounts["account_id"], looked_up["account_id"]])).unique()
    witness = snapshot.witness if snapshot.was_seen("witness") else schema.empty(schema.WITNESS)
    witness = schema.checked(schema.WITNESS, witness)
    times = witness[_ID].value_counts()
    created = snapshot.created if snapshot.was_seen("created") else schema.empty(schema.CREATED)
    created = schema.checked(schema.CREATED, created)
    made = created[(created["state"] == CreationState.SUCCEEDED) & created["account_id"].notna()]
    made = made[made[_ID].notna()].drop_duplicates(_ID)
    return _Sides(
        pairs=_once(looked_up[found]),
        witness=witness.drop_duplicates(_ID).set_index(_ID).assign(times=times),
        created=made.set_index(_ID)["account_id"],
        listed=listed,
        answered=pd.Index(looked_up["account_id"][answered]).unique(),
    )


def _once(found: pd.DataFrame) -> pd.DataFrame:
    """Return the first look-up of each GovCloud account, `also` naming whoever else has it."""
    first = found.drop_duplicates(_ID).set_index(_ID)[["account_id", "govcloud_state"]]
    again = found[found[_ID].duplicated()]
    again = again[again["account_id"] != again[_ID].map(first["account_id"])]
    also = again.drop_duplicates([_ID, "account_id"]).groupby(_ID)["account_id"].agg(" and ".join)
    return first.assign(also=also.reindex(first.index).astype("str").array)


def _known(sides: _Sides, past: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return what is known of each GovCloud account, one row each, by its id.

    `was` is the standard account that it was last paired with, looked for where none is now, and
    `made` the one that it was created with.
    """
    pairs, witness, created = sides.pairs, sides.witness, sides.created
    # Of what was created with an account that is not listed, only the witness knows more.
    created_here = created.index[_among(created, sides.listed)]
    ids = pairs.index.append([witness.index, created_here]).unique()
    witnessed, paired = witness.index.get_indexer(ids) >= 0, pairs.index.get_indexer(ids) >= 0
    return pd.DataFrame(
        {
            "account_id": pairs["account_id"].reindex(ids),
            "state_by_pair": pairs["govcloud_state"].reindex(ids),
            "state_by_witness": witness["state"].reindex(ids),
            "also": pairs["also"].reindex(ids),
            "twice": witness["times"].reindex(ids) > 1,
            "paired": paired,
            "witnessed": witnessed,
            "was": _last_paired_with(ids[witnessed & ~paired], past).reindex(ids),
            "made": created.reindex(ids).where(~paired),
        },
        index=ids,
    )


def _last_paired_with(wanted: "pd.Index[str]", past: Iterable[pd.DataFrame]) -> pd.Series:
    """Return the standard account of each GovCloud account that an older snapshot has paired."""
    parts = [pd.Series([], index=pd.Index([], dtype="str"), dtype="str")]
    older = iter(past)
    while len(wanted) and (looked_up := next(older, None)) is not None:
        found = looked_up[(looked_up["outcome"] == Outcome.FOUND) & _among(looked_up[_ID], wanted)]
        parts.append(found.drop_duplicates(_ID).set_index(_ID)["account_id"])
        wanted = wanted.difference(parts[-1].index)
    return pd.concat(parts)


def _among(values: pd.Series, ids: "pd.Index[str]") -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say of each id whether it is one of these; isin() takes fifty times as long for so many."""
    return ids.get_indexer(pd.Index(values)) >= 0


def _findings(known: pd.DataFrame, sides: _Sides, snapshot: Snapshot) -> pd.Series:
    """Return the finding on each account, missing where nothing can be claimed."""
    seen, whole = snapshot.was_seen("witness"), snapshot.manifest.is_whole_organization
    by_pair, by_witness = known["state_by_pair"], known["state_by_witness"]
    heard = by_pair.isin([str(state) for state in GOVCLOUD_STATES])
    both_heard = heard & by_witness.isin([str(state) for state in STANDARD_STATES])
    paired, bare = known["paired"], known["witnessed"] & ~known["paired"]
    outside = paired & ~known["witnessed"] & heard & seen
    all_answered = whole and len(sides.answered) == len(sides.listed)
    findings: dict[Finding, pd.Series] = {
        Finding.AGREE: (paired & both_heard & (by_pair == by_witness))
        | (outside & (by_pair == State.CLOSED)),
        Finding.STATE_DISAGREES: paired & both_heard,
        Finding.NOT_IN_GOVCLOUD_ORGANIZATION: outside,
        Finding.PAIR_LEFT_LIST: bare & known["was"].notna() & ~_among(known["was"], sides.listed),
        Finding.CREATED_BUT_NOT_PAIRED: ~paired & _among(known["made"], sides.answered),
        Finding.WITHOUT_PAIR: bare & all_answered,
    }
    codes = np.select([*findings.values()], [list(Finding).index(word) for word in findings], -1)
    words = pd.Categorical.from_codes(codes, dtype=schema.RECONCILED["finding"].dtype)
    return pd.Series(words, index=known.index)


def _reasons(
    known: pd.DataFrame, sides: _Sides, snapshot: Snapshot
) -> list[tuple[pd.Series, str, str]]:
    """Return why there may be no finding: on which accounts, meaning, action; the first holds."""
    by_pair = known["state_by_pair"].isin([str(state) for state in GOVCLOUD_STATES])
    by_witness = known["state_by_witness"].isin([str(state) for state in STANDARD_STATES])
    paired, witnessed = known["paired"], known["witnessed"]
    every = pd.Series(True, index=known.index)
    unanswered = len(sides.listed) - len(sides.answered)
    why = unseen_in_words(snapshot, "witness")
    return [
        (paired & bool(why), why, _COLLECT_WITNESS),
        (
            paired & witnessed & ~by_pair & ~by_witness,
            "Neither state can be compared: each is missing, or a word this toolkit does not know.",
            _COMPARE,
        ),
        (
            paired & witnessed & by_pair,
            (
                "Its state in the GovCloud organization's list is missing, or a word this toolkit"
                " does not know."
            ),
            _COMPARE,
        ),
        (
            paired & witnessed,
            "Its state by the pair is missing, or a word this toolkit does not know.",
            _COMPARE,
        ),
        (
            paired,
            (
                "It is not in the GovCloud organization's list, which closed accounts leave, and"
                " its state by the pair is missing, or a word this toolkit does not know."
            ),
            _COMPARE,
        ),
        (
            witnessed & (not snapshot.manifest.is_whole_organization),
            (
                "No account of this snapshot is paired with it, but the snapshot does not have the"
                " whole organization."
            ),
            _SEE_ALL,
        ),
        (
            witnessed,
            (
                f"No account is known to be paired with it, but {unanswered:,}"
                f" {'look-up' if unanswered == 1 else 'look-ups'} gave no answer, and it may be the"
                " pair of one of those accounts."
            ),
            _SEE_ALL,
        ),
        (
            every,
            "AWS created it together with a standard account whose look-up gave no answer.",
            _SEE_ALL,
        ),
    ]


def _judged(
    known: pd.DataFrame,
    findings: pd.Series,
    reasons: Sequence[tuple[pd.Series, str, str]],
    rules: pd.DataFrame,
) -> pd.DataFrame:
    """Return RECONCILED by one look-up: of a rule, or of the reason why there is no finding."""
    reason = np.select([mask for mask, *_ in reasons], range(len(reasons)), -1)
    rule = findings.cat.codes.to_numpy() * len(RECONCILE_STATES) + _state_places(known)
    case = np.where(findings.isna(), len(rules) + reason, rule)
    others: dict[str, list[str | None]] = {
        "severity": [None for _ in reasons],
        "meaning": [meaning for _, meaning, _ in reasons],
        "action": [action for *_, action in reasons],
    }
    judged = {}
    for name, more in others.items():
        choices = rules[name].tolist() + more
        judged[name] = pd.array(choices, dtype=schema.RECONCILED[name].dtype).take(case)
    created = findings == Finding.CREATED_BUT_NOT_PAIRED
    before = known["made"].where(created | known["was"].isna(), known["was"])
    frame = known.assign(
        finding=findings, **judged, account_id=known["account_id"].fillna(before)
    ).rename_axis(_ID)
    return frame.assign(meaning=frame["meaning"] + _notes(known, findings)).reset_index()


def _state_places(known: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the place of each account's state in RECONCILE_STATES: the witness's, else another."""
    words = [str(state) for state in RECONCILE_STATES]
    by_witness = known["state_by_witness"]
    states = by_witness.where(by_witness.isin(words), known["state_by_pair"])
    places = pd.Index(words).get_indexer(pd.Index(states))
    return np.where(places < 0, words.index(State.UNKNOWN), places)


def _notes(known: pd.DataFrame, findings: pd.Series) -> pd.Series:
    """Return what else is worth a word on each account, to stand behind what it means."""
    bare = ~known["paired"] & (findings != Finding.PAIR_LEFT_LIST)
    earlier = bare & (findings != Finding.CREATED_BUT_NOT_PAIRED) & known["was"].notna()
    made = bare & known["witnessed"] & known["made"].notna() & ~earlier
    made &= findings != Finding.CREATED_BUT_NOT_PAIRED
    notes = (
        (known["also"].notna(), " It is paired with " + known["also"] + ", too."),
        (known["twice"], " The GovCloud organization's list has it more than once."),
        (earlier, " In an older snapshot it is the pair of " + known["was"] + "."),
        (made, " AWS created it together with " + known["made"] + "."),
    )
    text = pd.Series("", index=known.index, dtype="str")
    for mask, note in notes:
        text += pd.Series(note, index=known.index, dtype="str").where(mask, "")
    return text


def _in_order(reconciled: pd.DataFrame) -> pd.DataFrame:
    """Return RECONCILED worst first: by severity, finding and id, what has none at the end."""
    order = pd.DataFrame(
        {
            "severity": reconciled["severity"].cat.codes.replace(-1, len(Severity)),
            "finding": reconciled["finding"].cat.codes.replace(-1, len(Finding)),
            "id": reconciled[_ID],
        }
    )
    rows = order.sort_values(list(order.columns), kind="stable").index
    return schema.complete(schema.RECONCILED, reconciled.loc[rows]).reset_index(drop=True)[
        schema.RECONCILED.names
    ]
