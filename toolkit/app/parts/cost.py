"""What GovCloud cost, beside accounts in a table: a column to sort by for each unit."""

from typing import Any

import pandas as pd
import streamlit as st

from toolkit.app.data import View
from toolkit.app.parts import plain
from toolkit.text import printable
from toolkit.titles import counted


def beside(view: View, accounts: pd.Series) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return what each of these accounts cost, in their order, and the columns' settings.

    No columns where it is not known.
    """
    cost = view.spend.reindex(accounts).set_axis(accounts.index)
    cost.columns = [f"cost_{unit}" for unit in view.spend.columns]
    settings = (_column(view, unit) for unit in view.spend.columns)
    return cost, dict(zip(cost.columns, settings, strict=True))


def _column(view: View, unit: str) -> Any:
    spend = view.snapshot.spend[view.snapshot.spend["unit"] == unit]
    months, said = spend["month"], ", estimated" if spend["is_estimated"].any() else ""
    return st.column_config.NumberColumn(
        printable(f"GovCloud cost, {counted(months.nunique(), 'month')} ({unit}{said})"),
        format="localized",
        width=210,
        help=plain.markdown(
            f"Unblended, {months.min()} to {months.max()}. Other units are never added to it, and"
            " nothing stands where AWS billed nothing."
        ),
    )
