"""Titles about one snapshot."""

from typing import Final

import pandas as pd

from toolkit import analysis
from toolkit.analysis import KeyFigures, Ranked
from toolkit.schema import SEEN_OUTCOMES, LinkStatus, Outcome, Severity, State, Verdict, label
from toolkit.text import shorten_middle
from toolkit.titles.units import UNITS_BY
from toolkit.titles.words import counted, number

_FEW: Final = 2


def title_overview(pairs: pd.DataFrame, left_behind: pd.DataFrame | None = None) -> str:
    """Answer the first question: how many linked pairs disagree, and how many critically.

    Takes PAIRS and LEFT_BEHIND; what was accepted, and what was left behind, is said beside.
    """
    figures = analysis.key_figures(pairs, left_behind)
    if not figures.mismatches:
        return _agreement(figures) + left_in_words(figures)
    said = _disagreement(figures) + _critically(figures)
    return said + accepted_in_words(figures) + left_in_words(figures)


def title_state_distribution(
    pairs: pd.DataFrame, *, linked_only: bool = True, selected: bool = False
) -> str:
    """Compare the number of active accounts on the two sides, of the linked pairs or of all.

    Numbers that are the same say nothing of the pairs: how many disagree is said then, too.
    """
    figures = analysis.key_figures(pairs)
    if not linked_only and figures.accounts:
        active = (analysis.shown_states(pairs) == State.ACTIVE).sum()
        standard, govcloud = int(active["standard_state"]), int(active["govcloud_state"])
        who = f"{number(standard)} of {counted(figures.accounts, 'account')} {_are(standard)}"
        return f"{who} active on the standard side, {number(govcloud)} in GovCloud"
    if not figures.linked:
        return _agreement(figures, selected=selected)
    table = analysis.state_distribution(pairs).set_index(["side", "state"])["accounts"]
    standard, govcloud = (int(table[side, State.ACTIVE]) for side in ("standard", "govcloud"))
    word = "active"
    if table["standard", State.UNKNOWN] or table["govcloud", State.UNKNOWN]:
        word = "known active"
    if standard == govcloud:
        equal = counted(standard, f"{word} account")
        said = f"Both sides of the {_which(selected=selected)} pairs have {equal}"
        disagree = figures.mismatches + figures.accepted
        if not disagree:
            return said
        verb = "disagrees" if disagree == 1 else "disagree"
        return f"{said}, but {number(disagree)} of {counted(figures.linked, 'pair')} {verb}"
    fewer = "fewer" if govcloud < standard else "more"
    difference = abs(govcloud - standard)
    noun = "account" if difference == 1 else "accounts"
    return f"GovCloud has {number(difference)} {fewer} {word} {noun} than the standard side"


def title_state_matrix(pairs: pd.DataFrame, *, selected: bool = False) -> str:
    """Say how many linked pairs disagree, and which combination of states is the largest."""
    figures = analysis.key_figures(pairs)
    if not figures.mismatches:
        return _agreement(figures, selected=selected)
    flows = analysis.mismatch_flows(pairs)
    head = _disagreement(figures, selected=selected) + accepted_in_words(figures)
    top = flows[flows["accounts"] == flows["accounts"].iloc[0]]
    names = [_flow(row) for row in top.itertuples(index=False)]
    size = int(top["accounts"].iloc[0])
    if len(flows) == 1:
        return f"{head}: {'all of them ' if figures.mismatches > 1 else ''}{names[0]}"
    if len(top) == 1:
        return f"{head}; {names[0]} is the largest group ({number(size)})"
    if len(top) == _FEW:
        return f"{head}; {names[0]} and {names[1]} are the largest groups ({number(size)} each)"
    return f"{head}, in {number(len(flows))} ways of at most {counted(size, 'pair')} each"


def title_mismatches_by_ou(
    pairs: pd.DataFrame, *, by: Ranked = "mismatches", selected: bool = False
) -> str:
    """Say which organizational unit is the worst, ranked `by` as `analysis.mismatches_by_ou` does.

    That is how much of the mismatches, or of the critical ones, it holds, or how many of its own
    pairs disagree.
    """
    units = analysis.mismatches_by_ou(pairs, by=by)
    if units.empty:
        return _agreement(analysis.key_figures(pairs), selected=selected)
    return UNITS_BY[by](units, selected=selected)


def title_mismatches_by_owner(pairs: pd.DataFrame, *, selected: bool = False) -> str:
    """Say who answers for how much of the mismatches, and how many have nobody."""
    owners = analysis.mismatches_by_owner(pairs)
    total = int(owners["mismatches"].sum())
    if not total:
        return _agreement(analysis.key_figures(pairs), selected=selected)
    nobody = int(owners["mismatches"][owners["owner"].isna()].sum())
    named = owners[owners["owner"].notna()]
    if named.empty:
        return f"No owner is known of {counted(total, 'mismatch', 'mismatches')}"
    of = f" of {counted(total, 'mismatch', 'mismatches')}"
    most = int(named["mismatches"].iloc[0])
    top = named["owner"][named["mismatches"] == most]
    if len(top) == 1:
        said = f"{shorten_middle(top.iloc[0])} answers for {number(most)}{of}"
    else:
        said = f"{counted(len(named), 'owner')} answer for at most {number(most)}{of} each"
    return (
        f"{said}; {number(nobody)} {'has' if nobody == 1 else 'have'} no owner" if nobody else said
    )


def title_mismatch_flows(pairs: pd.DataFrame, *, selected: bool = False) -> str:
    """Say which way of disagreeing is the most frequent."""
    figures = analysis.key_figures(pairs)
    flows = analysis.mismatch_flows(pairs)
    if not figures.mismatches:
        return _agreement(figures, selected=selected)
    top = flows[flows["accounts"] == flows["accounts"].iloc[0]]
    names = [_flow(row) for row in top.itertuples(index=False)]
    size, total = int(top["accounts"].iloc[0]), figures.mismatches
    if len(flows) == 1:
        only = "The only mismatch is" if total == 1 else f"All {number(total)} mismatches are"
        return f"{only} {names[0]}"
    if len(top) == 1:
        return f"{number(size)} of {number(total)} mismatches {_are(size)} {names[0]}"
    if len(top) == _FEW:
        return (
            f"{names[0]} and {names[1]} lead with {number(size)} of {number(total)} mismatches each"
        )
    return f"{number(total)} mismatches run {number(len(flows))} ways, at most {number(size)} alike"


def title_mismatches(pairs: pd.DataFrame, left_behind: pd.DataFrame | None = None) -> str:
    """Count the mismatches by severity, worst first; beside them what was accepted or left behind.

    Takes PAIRS and LEFT_BEHIND.
    """
    figures = analysis.key_figures(pairs, left_behind)
    if not figures.mismatches:
        return _agreement(figures) + left_in_words(figures)
    parts = [
        f"{number(figures.by_severity[severity])} {label(severity).lower()}"
        for severity in Severity
        if figures.by_severity[severity]
    ]
    total = counted(figures.mismatches, "mismatch", "mismatches")
    beside = accepted_in_words(figures) + left_in_words(figures)
    if len(parts) == 1:
        kind = parts[0].split()[-1]
        return f"{number(figures.mismatches)} {kind} {total.split()[-1]}{beside}"
    return f"{total}: {', '.join(parts)}{beside}"


def title_actions(pairs: pd.DataFrame) -> str:
    """Say how many different things there are to do for how many pairs."""
    figures = analysis.key_figures(pairs)
    table = analysis.actions(pairs)
    ways = int((table["verdict"] == Verdict.MISMATCH).sum())
    if not ways:
        return title_unknown(pairs) if figures.unknown else "Nothing to do"
    pairs_ = counted(figures.mismatches, "mismatch", "mismatches") + accepted_in_words(figures)
    return f"{pairs_}, {counted(ways, 'thing to do', 'different things to do')}"


def accepted_in_words(figures: KeyFigures) -> str:
    """Say how many more mismatches somebody has accepted, as a clause; "" where there are none."""
    return f", {number(figures.accepted)} more accepted" if figures.accepted else ""


def left_in_words(figures: KeyFigures) -> str:
    """Say how many GovCloud accounts were left behind, as a clause; "" where there are none."""
    if not figures.left_behind:
        return ""
    verb = "was" if figures.left_behind == 1 else "were"
    return f"; {counted(figures.left_behind, 'GovCloud account')} {verb} left behind"


def title_left_behind(left_behind: pd.DataFrame) -> str:
    """Count what was left behind by severity, worst first; beside it what was accepted of it.

    Takes LEFT_BEHIND.
    """
    open_ = left_behind[left_behind["accepted_until"].isna()]
    accepted = len(left_behind) - len(open_)
    beside = f", {number(accepted)} more accepted" if accepted else ""
    if open_.empty:
        none = "No GovCloud account was left behind"
        return f"{none} that nobody has accepted{beside}" if accepted else none
    counts = open_["severity"].value_counts()
    parts = [
        f"{number(int(counts[severity]))} {label(severity).lower()}"
        for severity in Severity
        if counts.get(severity, 0)
    ]
    verb = "was" if len(open_) == 1 else "were"
    said = f"{counted(len(open_), 'GovCloud account')} {verb} left behind"
    if len(parts) == 1:
        all_ = "all of them " if len(open_) > 1 else ""
        return f"{said}, {all_}{parts[0].split()[-1]}{beside}"
    return f"{said}: {', '.join(parts)}{beside}"


def title_unknown(pairs: pd.DataFrame) -> str:
    """Say how many accounts could not be seen, and how many could not be judged."""
    figures = analysis.key_figures(pairs)
    unjudged = figures.unknown - figures.not_seen
    if not figures.unknown:
        return "Every account was looked up" if figures.accounts else "There are no accounts"
    parts = []
    if figures.not_seen:
        failed = pairs["outcome"][~pairs["outcome"].isin(SEEN_OUTCOMES)]
        why = ": access was denied" if (failed == Outcome.ACCESS_DENIED).all() else ""
        parts.append(f"{counted(figures.not_seen, 'account')} could not be looked up{why}")
    if unjudged:
        has = "has" if unjudged == 1 else "have"
        noun = counted(unjudged, "account") if not parts else number(unjudged)
        parts.append(f"{noun} {has} a state that is missing or not known")
    return "; ".join(parts)


def title_link_status(links: pd.DataFrame) -> str:
    """Say how many account links are worth a look, or how many are in place.

    Takes JUDGED_LINKS, or LINKS where nothing was judged.
    """
    total = len(links)
    if not total:
        return "No account links were found"
    placed = int((links["link_status"] == LinkStatus.LINKED).sum())
    flagged = int(links["severity"].notna().sum()) if "severity" in links else 0
    of = f"of {counted(total, 'account link')}"
    if flagged:
        if total == 1:
            return "The only account link is worth a look"
        who = "All" if flagged == total else f"{number(flagged)} of"
        return f"{who} {counted(total, 'account link')} {_are(flagged)} worth a look"
    if placed == total:
        return (
            "The only account link is in place"
            if total == 1
            else (f"All {counted(total, 'account link')} are in place")
        )
    return f"{number(placed) if placed else 'None'} {of} {_are(max(placed, 1))} in place"


def _agreement(figures: KeyFigures, *, selected: bool = False) -> str:
    """Say what there is to say when no pair disagrees, without claiming what was not seen."""
    linked, unjudged = figures.linked, figures.linked - figures.judged
    if not figures.accounts:
        return "There are no accounts"
    if not linked:
        return _no_pair(figures)
    if not figures.judged:
        return (
            "The only linked pair could not be judged"
            if linked == 1
            else f"None of {number(linked)} linked pairs could be judged"
        )
    if unjudged:
        missing = counted(unjudged, "linked pair")
        return f"No judged pair disagrees, but {missing} could not be judged"
    if figures.accepted:
        return _agreement_but_accepted(figures) + _unseen(figures)
    all_ = f"All {number(linked)} {_which(selected=selected)} pairs agree"
    who = "The only linked pair agrees" if linked == 1 else all_
    return who + _unseen(figures)


def _agreement_but_accepted(figures: KeyFigures) -> str:
    accepted = number(figures.accepted)
    if not figures.matches:
        all_ = f"All {accepted} linked pairs disagree, and are accepted"
        return "The only linked pair disagrees, and is accepted" if figures.linked == 1 else all_
    agree = counted(figures.matches, "linked pair")
    agreeing = f"{agree} {'agrees' if figures.matches == 1 else 'agree'}"
    others = "one" if figures.accepted == 1 else accepted
    return f"{agreeing}, and the other {others} {_are(figures.accepted)} accepted"


def _no_pair(figures: KeyFigures) -> str:
    """Say that no linked pair was found, and whether that is because none was seen."""
    one, everyone = figures.accounts == 1, number(figures.accounts)
    if not figures.not_seen:
        return (
            "The only account has no GovCloud account"
            if one
            else f"None of {everyone} accounts has a GovCloud account"
        )
    if figures.not_seen == figures.accounts:
        return (
            "The only account could not be looked up"
            if one
            else f"None of {everyone} accounts could be looked up"
        )
    return f"No GovCloud account was found{_unseen(figures)}"


def _unseen(figures: KeyFigures) -> str:
    if not figures.not_seen:
        return ""
    return f", but {counted(figures.not_seen, 'account')} could not be looked up"


def _disagreement(figures: KeyFigures, *, selected: bool = False) -> str:
    wrong, linked, which = figures.mismatches, figures.linked, _which(selected=selected)
    if linked == 1:
        return f"The only {which} pair disagrees"
    if wrong == linked:
        return f"All {number(linked)} {which} pairs disagree"
    verb = "disagrees" if wrong == 1 else "disagree"
    return f"{number(wrong)} of {number(linked)} {which} pairs {verb}"


def _which(*, selected: bool) -> str:
    """Say of which pairs a sentence is: of a selection's, the others would be denied."""
    return "selected" if selected else "linked"


def _critically(figures: KeyFigures) -> str:
    if figures.mismatches == 1:
        return ", critically" if figures.critical else ", not critically"
    if not figures.critical:
        return ", none of them critically"
    if figures.critical == figures.mismatches:
        return ", all of them critically"
    return f", {number(figures.critical)} of them critically"


def _flow(row: object) -> str:
    standard, govcloud = row.standard_state, row.govcloud_state  # type: ignore[attr-defined]
    return f"{label(str(standard))} → {label(str(govcloud))}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
