"""What whoever shows a slide says: a few sentences each, with the numbers of the report."""

from typing import Final

from toolkit import analysis, titles
from toolkit.exports.report import Report
from toolkit.schema import Severity

JUDGED: Final = (
    "AWS Organizations (states of standard accounts) and Account Management"
    " (GetGovCloudAccountInformation), judged pair by pair by the rules that the last slide names"
)
HISTORY: Final = "the earlier snapshots of the same organization, judged by the same rules"
LINKS: Final = "Amazon WorkSpaces (ListAccountLinks) in the Regions that the last slide names"
WITNESS: Final = "the GovCloud organization's own list of accounts, beside the pairs"
CONTACTS: Final = "Account Management (GetAlternateContact)"
FLEET: Final = "the newest snapshot of each organization in the store, judged by the same rules"

_MOST: Final = 3


def opening(report: Report) -> str:
    """Say what the deck is about, and of whose accounts."""
    accounts = titles.counted(report.figures.accounts, "account")
    linked = titles.number(report.figures.linked)
    whose = "chosen from" if report.note else "of"
    return (
        f"A standard account may be paired with a GovCloud account, which it pays for. This is on"
        f" {accounts} {whose} one organization, {linked} with a GovCloud account, as they were on"
        f" {titles.day(report.snapshot.taken)}. {report.headline}."
    )


def summary(report: Report) -> str:
    """Say the ask, and name the first cases."""
    cases = report.worst.head(_MOST)
    said = [f"{titles.ask(report.pairs, report.left_behind)}."]
    for row in cases.to_dict("records"):
        name = row["name"] if isinstance(row["name"], str) else row["account_id"]
        since = titles.case_since(row)
        owner = f", {row['owner']} answers" if isinstance(row["owner"], str) else ", owner unknown"
        said.append(f"{name}: {since or 'since nobody knows when'}{owner}.")
    if report.figures.unknown:
        said.append(f"Not seen is not fine: {titles.title_unknown(report.pairs)}.")
    return " ".join(said)


def critical(report: Report) -> str:
    """Say why the critical ones are so."""
    cases = report.worst
    found = cases[(cases["kind"] == "pair") & (cases["severity"] == Severity.CRITICAL)]
    return f"{found['meaning'].iloc[0]} Ask each owner for a day by which it is done."


def left_behind(report: Report) -> str:
    """Say what left the list, and who can tell more of it."""
    return (
        f"{titles.title_left_behind(report.left_behind)}. No list of this organization shows them"
        " any longer: AWS Support can say who is billed for them."
    )


def actions(report: Report) -> str:
    """Say what there is to do first."""
    first = report.actions.iloc[0]
    return (
        f"{titles.title_actions(report.pairs)}. First, for"
        f" {titles.counted(int(first['accounts']), 'account')}: {first['action']}"
    )


def trend(report: Report) -> str:
    """Say how it moved, and what moved it."""
    table = analysis.trend(report.history, report.left_behind_counts)
    return (
        f"{titles.title_mismatch_trend(table)}. A mismatch that left the list is none the less"
        " there: it is counted as left behind."
    )


def units(report: Report) -> str:
    """Say where most of it is, and that a large unit has more of everything."""
    said = titles.title_mismatches_by_ou(report.pairs, selected=report.is_narrowed)
    if report.is_narrowed:  # how many pairs each unit has besides is not known of a selection
        return f"{said}."
    table = analysis.mismatches_by_ou(report.pairs)
    first = table.iloc[0]
    return (
        f"{said}. Of its {titles.counted(int(first['linked']), 'linked pair')},"
        f" {titles.number(int(first['mismatches']))} disagree: a large unit has more of everything."
    )


def owners(report: Report) -> str:
    """Say who answers for most of it."""
    said = titles.title_mismatches_by_owner(report.pairs, selected=report.is_narrowed)
    return f"{said}. What nobody answers for stays as it is: name owners first."


def changes(report: Report) -> str:
    """Say what is new since the snapshot before."""
    return f"Since {titles.day(report.before)}: {titles.title_changes(report.changes)}."


def fleet(report: Report) -> str:
    """Say how this organization stands among the others."""
    fleet = report.fleet
    said = f"{titles.title_fleet(fleet.table, len(fleet.left_out))}. " if fleet else ""
    return f"{said}This deck is on the one that is marked."


def distribution(report: Report) -> str:
    """Say that equal counts hide pairs that disagree."""
    said = titles.title_state_distribution(report.pairs, selected=report.is_narrowed)
    return f"{said}. Two sides with equal counts can still disagree pair by pair."


def matrix(report: Report) -> str:
    """Say how to read it."""
    said = titles.title_state_matrix(report.pairs, selected=report.is_narrowed)
    return f"{said}. On the diagonal both sides say the same; the colour is how grave it is."


def flows(report: Report) -> str:
    """Say how to read it."""
    said = titles.title_mismatch_flows(report.pairs, selected=report.is_narrowed)
    return f"{said}. Each ribbon is one way of disagreeing, as wide as it is frequent."


def links(report: Report) -> str:
    """Say what links are, and how many deserve a look."""
    return (
        f"{titles.title_link_status(report.links)}. A link joins two accounts for Amazon"
        " WorkSpaces in one Region; it says nothing of the pair."
    )


def reconciled(report: Report) -> str:
    """Say what the second witness says."""
    return f"{report.reconciled_in_words}. Two lists that agree are worth more than one."


def worst(report: Report) -> str:
    """Say that it is to look up."""
    return f"{titles.title_mismatches(report.pairs)}. To look up; the workbook has every column."


def accepted(_report: Report) -> str:
    """Say what an acceptance is."""
    return "Somebody answers for each of these until its day; then it counts again by itself."


def contacts(_report: Report) -> str:
    """Say whom the contacts are for."""
    return "Whom to call for the accounts that disagree. Personal data: not for everybody."


def method(report: Report) -> str:
    """Say what the numbers leave out."""
    said = titles.title_unknown(report.pairs) if report.figures.unknown else "Nothing was guessed"
    return f"How the numbers came about, and what they cannot show. {said}."
