"""The charts of a page: a sentence above each, its text for screen readers, its table, its clicks.

A page shows every row of CHARTS that names it. How one of them stands there, where it differs from
the others, the page says by its key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit.analysis import Ranked
from toolkit.app import data, look
from toolkit.app.address import Address
from toolkit.app.data import View
from toolkit.app.pages import MISMATCHES, Page
from toolkit.app.parts import plain
from toolkit.charts import CHARTS, Chart, chart_alt, chart_subtitle, chart_title

Clicked = Sequence[Any]
"""The customdata of what was clicked."""


@dataclass(frozen=True)
class Panel:
    """How a chart stands on its page.

    `title` stands in for the figure's own where the page has said that already, `rest` takes out of
    the figure's own what the page has said, and `height` stands in for its own in pixels. `opens`
    turns what is clicked into the address at which Mismatches then opens; `narrows` turns it into
    the values of this page's own filters, and so it does None, when the click is taken back.
    """

    title: str = ""
    rest: Callable[[str], str] = str
    height: int = 0
    opens: Callable[[Clicked], Address] | None = None
    narrows: Callable[[Clicked | None], dict[str, Any]] | None = None


_PLAIN: Final = Panel()

_RANKS: Final[Mapping[str, Ranked]] = {
    "Most": "mismatches",
    "Highest rate": "rate",
    "Most critical": "critical",
}
"""What units can be ranked by, as the choice is called."""


def charts_of(page: Page) -> list[Chart]:
    """Return the charts that stand on a page, in their order."""
    return [chart for chart in CHARTS if chart.on == page.folder]


def show(view: View, chart: Chart, panels: Mapping[str, Panel]) -> None:
    """Show a chart in a frame, and the table behind it for whoever cannot use the chart.

    `panels` says by chart key how some of them stand on the page.
    """
    panel = panels.get(chart.key, _PLAIN)
    key = f"chart-{chart.key}"
    with st.container(border=True, key=f"panel-{chart.key}", height="stretch"):
        ranked = _pick_rank(chart)
        figure = data.drawn(view, chart.key, dark=look.is_dark(), height=panel.height, **ranked)
        with st.container(horizontal=True, vertical_alignment="top", wrap=False):
            with st.container(gap="xxsmall"):
                plain.write(panel.title or panel.rest(chart_title(figure)), "h2")
                plain.write(chart_subtitle(figure), "small")
            picked = _show_table(view, chart, panel, chart_title(figure), ranked)
        if chart.narrows:
            # Where there is too little room for it, the style sheet shows this in its stead.
            _show_list(data.told(view, chart.key, **ranked))
        event: Any = st.plotly_chart(
            figure,
            theme=None,
            key=key,
            on_select=_on_select(key, panel),
            selection_mode="points",
            config={"displayModeBar": False},
            alt=chart_alt(figure),
        )
    clicked = picked or (_clicked(event) if panel.opens else None)
    if panel.opens and clicked:
        st.switch_page(MISMATCHES.path, query_params=panel.opens(clicked))


def _show_table(
    view: View, chart: Chart, panel: Panel, title: str, ranked: Mapping[str, Ranked]
) -> Clicked | None:
    """Show the table behind a chart, and return what a row that is picked in it stands for.

    It opens what a click on the chart does, for whoever uses no mouse.
    """
    told = data.told(view, chart.key, **ranked)
    opens = panel.opens is not None and told.index.nlevels > 1
    with st.popover("Table", icon=":material/table_rows:", type="tertiary"):
        event: Any = st.dataframe(
            told.reset_index(drop=True),
            hide_index=True,
            placeholder="–",
            alt=title,
            key=f"table-{chart.key}",
            on_select="rerun" if opens else "ignore",
            selection_mode="single-row",
        )
        if opens:
            plain.write("Pick a row to see its accounts.", "small")
    rows = event["selection"]["rows"] if opens else []
    return [None if pd.isna(one) else one for one in told.index[rows[0]]] if rows else None


def _show_list(told: pd.DataFrame) -> None:
    """Show a table as a list, a line for each row."""
    lines = "".join(
        f"<li>{' · '.join(plain.escaped(str(cell)) for cell in row if pd.notna(cell))}</li>"
        for row in told.itertuples(index=False)
    )
    st.html(f'<ul class="ap-list">{lines}</ul>')


def _pick_rank(chart: Chart) -> dict[str, Ranked]:
    """Show what a chart may be ranked by, where it can be, and return what is chosen."""
    if not chart.ranks:
        return {}
    chosen = st.segmented_control(
        "Rank by",
        list(_RANKS),
        required=True,
        default=next(iter(_RANKS)),
        key=f"rank-{chart.key}",
        persist_state="session",
        label_visibility="collapsed",
    )
    return {"by": _RANKS[str(chosen)]}


def _on_select(key: str, panel: Panel) -> Any:
    narrows = panel.narrows
    if narrows is None:
        return "rerun" if panel.opens else "ignore"
    return lambda: st.session_state.update(narrows(_clicked(st.session_state[key])))


def _clicked(event: Any) -> Clicked | None:
    points = event["selection"]["points"]
    found: Clicked | None = points[0].get("customdata") if points else None
    return found
