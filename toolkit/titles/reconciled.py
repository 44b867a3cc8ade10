"""The title about what two organizations say of GovCloud accounts."""

from typing import Final

import pandas as pd

from toolkit import analysis
from toolkit.schema import Finding
from toolkit.titles.words import counted, number

_FOUND: Final = {
    Finding.AGREE: ("agrees but needs a look", "agree but need a look"),
    Finding.STATE_DISAGREES: (
        "is in another state than its pair says",
        "are in another state than their pairs say",
    ),
    Finding.NOT_IN_GOVCLOUD_ORGANIZATION: (
        "is outside the GovCloud organization",
        "are outside the GovCloud organization",
    ),
    Finding.WITHOUT_PAIR: (
        "belongs to no listed standard account",
        "belong to no listed standard account",
    ),
    Finding.PAIR_LEFT_LIST: (
        "has outlived its standard account",
        "have outlived their standard accounts",
    ),
    Finding.CREATED_BUT_NOT_PAIRED: (
        "is not paired with the account that it was created with",
        "are not paired with the accounts that they were created with",
    ),
}
"""What a finding says of one GovCloud account, and of several."""


def title_reconciled(reconciled: pd.DataFrame, *, seen: bool, why: str = "") -> str:
    """Say what is worst of RECONCILED, and how many GovCloud accounts agree.

    `seen` says whether the GovCloud organization's list was; where not, `why` is the sentence that
    `unseen_in_words` has for it.
    """
    total = len(reconciled)
    head = _worst(reconciled)
    if not seen:
        known = f"{counted(total, 'GovCloud account')} {_are(total)} known from the pairs alone"
        said = why.rstrip(".") or "The GovCloud organization's list was not seen"
        return f"{head or known}; {said[0].lower()}{said[1:]}"
    if not total:
        return "Neither side knows a GovCloud account"
    agree = int((reconciled["finding"] == Finding.AGREE).sum())
    unclear = int(reconciled["finding"].isna().sum())
    if agree == total and not head:
        one = "The only GovCloud account agrees"
        return one if total == 1 else f"All {number(total)} GovCloud accounts agree"
    verb = "agrees" if agree == 1 else "agree"
    if head:
        rest = f", {number(unclear)} could not be compared" if unclear else ""
        return f"{head}; {number(agree)} of {number(total)} {verb}{rest}"
    some = f"{number(agree)} of {counted(total, 'GovCloud account')} {verb}"
    if unclear:
        return f"{some}, but {number(unclear)} could not be compared"
    return f"{some}, and there is nothing to do about the rest"


def _worst(reconciled: pd.DataFrame) -> str:
    """Say how many have the worst finding, and how many others deserve a look; "" for none."""
    flagged = reconciled[reconciled["severity"].notna()]
    if flagged.empty:
        return ""
    worst = (
        analysis.findings(flagged)
        .dropna(subset=["finding"])
        .sort_values(["severity", "accounts"], ascending=[True, False], kind="stable")
    )
    finding, count = Finding(worst["finding"].iloc[0]), int(worst["accounts"].iloc[0])
    one, many = _FOUND[finding]
    head = f"{counted(count, 'GovCloud account')} {one if count == 1 else many}"
    others = len(flagged) - count
    if not others:
        return head
    return f"{head}, {number(others)} more {'deserves' if others == 1 else 'deserve'} a look"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
