"""Reconciling: what the standard organization and the GovCloud one say of each GovCloud account.

Only what was seen is claimed: where a side was not, there is no finding, and the meaning says why.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from toolkit import schema
from toolkit.errors import InputError
from toolkit.schema import (
    GOVCLOUD_STATES,
    STANDARD_STATES,
    Finding,
    Severity,
    State,
)
from toolkit.store import Snapshot
from toolkit.verdicts.rules import (
    RECONCILE_STATES,
    checked_reconcile_rules,
    default_reconcile_rules,
)
from toolkit.verdicts.sides import ID, Past, Sides, known_of, sides_of
from toolkit.verdicts.unseen import unseen_in_words

_COLLECT_WITNESS: Final = (
    "Collect again, with a profile that may list the accounts of the GovCloud organization."
)
_COMPARE: Final = "Compare it with AWS's documentation, and update the toolkit if the state is new."
_SEE_ALL: Final = "Collect with an identity that can look up every account of the organization."


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
    `rules` replaces `default_reconcile_rules()`. Raises InputError for what is no snapshot, no
    history or another organization's, SchemaError where a table or the rules cannot be right.
    """
    if not isinstance(snapshot, Snapshot):
        raise InputError(
            f"A {type(snapshot).__name__} is no snapshot, and reconciling needs a whole one.",
            "Pass what collect or load_snapshot gave.",
        )
    table = checked_reconcile_rules(default_reconcile_rules() if rules is None else rules)
    past = _past(snapshot, history)
    sides = sides_of(snapshot)
    known = known_of(sides, past)
    unanswered = sides.unanswered(known)
    findings = _findings(known, snapshot, unanswered)
    judged = _judged(known, findings, _reasons(known, snapshot, unanswered), table)
    meaning = judged["meaning"] + _notes(known, findings, sides)
    return _in_order(judged.assign(meaning=meaning).rename_axis(ID).reset_index())


def _past(snapshot: Snapshot, history: Sequence[Snapshot] | None) -> Past:
    """Return what gives the look-ups of the snapshots before this one, newest first."""
    manifest, store = snapshot.manifest, snapshot.store
    given = () if history is None else history
    if not isinstance(given, Sequence) or not all(isinstance(old, Snapshot) for old in given):
        raise InputError(
            f"A {type(history).__name__} is no history.", "Pass a list of earlier snapshots."
        )
    for old in given:
        if old.manifest.organization_id != manifest.organization_id:
            raise InputError(
                f"{old.id} is a snapshot of another organization than {manifest.organization_id}.",
                "Compare snapshots of one organization.",
            )
    if not manifest.is_whole_organization:
        return lambda _wanted: ()  # an account that is not here has not left
    if history is None and store is not None:
        return partial(store.rows_before, manifest, "govcloud", ID)
    earlier = [old for old in given if old.taken < snapshot.taken]
    earlier.sort(key=lambda old: old.taken, reverse=True)
    return lambda _wanted: (schema.checked(schema.GOVCLOUD, old.govcloud) for old in earlier)


def _findings(known: pd.DataFrame, snapshot: Snapshot, unanswered: int) -> pd.Series:
    """Return the finding on each account, missing where nothing can be claimed."""
    seen, whole = snapshot.was_seen("witness"), snapshot.manifest.is_whole_organization
    by_pair, by_witness = known["state_by_pair"], known["state_by_witness"]
    heard = by_pair.isin([str(state) for state in GOVCLOUD_STATES])
    both_heard = heard & by_witness.isin([str(state) for state in STANDARD_STATES])
    paired, bare = known["paired"], known["witnessed"] & ~known["paired"]
    outside = paired & ~known["witnessed"] & heard & seen
    # Whoever it is the pair of gave no answer, and may well be its pair still.
    ownerless = bare & ~known["silent"] & (whole and not unanswered)
    findings: dict[Finding, pd.Series] = {
        Finding.AGREE: (paired & both_heard & (by_pair == by_witness))
        | (outside & (by_pair == State.CLOSED)),
        Finding.STATE_DISAGREES: paired & both_heard,
        Finding.NOT_IN_GOVCLOUD_ORGANIZATION: outside,
        Finding.PAIR_LEFT_LIST: bare & known["was"].notna() & ~known["was_listed"],
        Finding.CREATED_BUT_NOT_PAIRED: ~paired & known["made_answered"],
        Finding.WITHOUT_PAIR: ownerless,
    }
    codes = np.select([*findings.values()], [list(Finding).index(word) for word in findings], -1)
    words = pd.Categorical.from_codes(codes, dtype=schema.RECONCILED["finding"].dtype)
    return pd.Series(words, index=known.index)


def _reasons(
    known: pd.DataFrame, snapshot: Snapshot, unanswered: int
) -> list[tuple[pd.Series, str, str]]:
    """Return why there may be no finding: on which accounts, meaning, action; the first holds."""
    by_pair = known["state_by_pair"].isin([str(state) for state in GOVCLOUD_STATES])
    by_witness = known["state_by_witness"].isin([str(state) for state in STANDARD_STATES])
    paired, witnessed = known["paired"], known["witnessed"]
    every = pd.Series(True, index=known.index)
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
            witnessed & known["silent"],
            "The look-up of the account that it belonged to gave no answer.",
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
    """Give each account what a rule says, or the reason why there is no finding, by one look-up."""
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
    return known.assign(**judged, finding=findings, account_id=known["account_id"].fillna(before))


def _state_places(known: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the place of each account's state in RECONCILE_STATES: the witness's, else another."""
    words = [str(state) for state in RECONCILE_STATES]
    by_witness = known["state_by_witness"]
    states = by_witness.where(by_witness.isin(words), known["state_by_pair"])
    places = pd.Index(words).get_indexer(pd.Index(states))
    return np.where(places < 0, words.index(State.UNKNOWN), places)


def _notes(known: pd.DataFrame, findings: pd.Series, sides: Sides) -> pd.Series:
    """Return what else is worth a word on each account, to stand behind what it means."""
    was, made = known["was"], known["made"]
    created = findings == Finding.CREATED_BUT_NOT_PAIRED
    remembered = was.notna() & ~created & (findings != Finding.PAIR_LEFT_LIST)
    others = pd.Series(sides.pairs.index, index=sides.pairs["account_id"])
    instead = made.where(created).map(others[~others.index.duplicated()])
    told = made.notna() & ~created & (made != known["account_id"]) & (made != was)
    listed, answered = known["made_listed"], known["made_answered"]
    notes = (
        (known["also"].notna(), " It is paired with " + known["also"] + ", too."),
        (known["times"] > 1, " The GovCloud organization's list has it more than once."),
        (remembered, " In an older snapshot it is the pair of " + was + "."),
        (instead.notna(), " That account is paired with " + instead.astype("str") + "."),
        (told & answered, " AWS created it together with " + made + "."),
        (told & ~listed, " AWS created it together with " + made + ", which is not listed."),
        (
            told & listed & ~answered & known["witnessed"],
            " AWS created it together with " + made + ", whose look-up gave no answer.",
        ),
    )
    text = pd.Series("", index=known.index, dtype="str")
    for mask, note in notes:
        if mask.any():
            text += pd.Series(note, index=known.index, dtype="str").where(mask, "")
    return text


def _in_order(reconciled: pd.DataFrame) -> pd.DataFrame:
    """Return RECONCILED worst first: by severity, finding and id, what has none at the end."""
    order = pd.DataFrame(
        {
            "severity": reconciled["severity"].cat.codes.replace(-1, len(Severity)),
            "finding": reconciled["finding"].cat.codes.replace(-1, len(Finding)),
            "id": reconciled[ID],
        }
    )
    rows = order.sort_values(list(order.columns), kind="stable").index
    return reconciled.loc[rows, schema.RECONCILED.names].reset_index(drop=True)
