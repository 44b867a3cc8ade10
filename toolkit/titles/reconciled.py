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
    head = _worst(reconciled)
    if seen:
        return _compared(reconciled, head)
    total = len(reconciled)
    known = f"{counted(total, 'GovCloud account')} {_are(total)} known from the pairs alone"
    said = why.rstrip(".") or "The GovCloud organization's list was not seen"
    return f"{head or known}; {said[0].lower()}{said[1:]}"


def _compared(reconciled: pd.DataFrame, head: str) -> str:
    """Say how many GovCloud accounts agree, and how many of the others could not be compared."""
    total = len(reconciled)
    agree = int((reconciled["finding"] == Finding.AGREE).sum())
    unclear = int(reconciled["finding"].isna().sum())
    verb = "agrees" if agree == 1 else "agree"
    if not total:
        return "Neither side knows a GovCloud account"
    if total == 1:
        way = head or ("The only GovCloud account agrees" if agree else "")
        other = "could not be compared" if unclear else "needs nothing"
        return way or f"The only GovCloud account {other}"
    if head:
        rest = f", {number(unclear)} could not be compared" if unclear else ""
        return f"{head}; {number(agree) if agree else 'none'} of {number(total)} {verb}{rest}"
    if agree == total:
        return f"All {number(total)} GovCloud accounts agree"
    if unclear == total:
        return f"None of {number(total)} GovCloud accounts could be compared"
    rest = (
        f"but {number(unclear)} could not be compared"
        if unclear
        else "and there is nothing to do about the rest"
    )
    return (
        f"{number(agree) if agree else 'None'} of {number(total)} GovCloud accounts {verb}, {rest}"
    )


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
    if len(reconciled) == 1:
        return f"The only GovCloud account {one}"
    head = f"{counted(count, 'GovCloud account')} {one if count == 1 else many}"
    others = len(flagged) - count
    if not others:
        return head
    return f"{head}, {number(others)} more {'deserves' if others == 1 else 'deserve'} a look"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
