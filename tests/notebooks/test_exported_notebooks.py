"""A page exported from a notebook shows its charts without a network."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import nbformat
import pytest
from browsing import new_tab
from executed import FOLDER, Executed
from nbconvert.nbconvertapp import NbConvertApp
from playwright.sync_api import Browser

_LOADS: Final = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)""")


def _export(executed: Executed, folder: Path) -> Path:
    """Make the page as `nbconvert --execute --to html` does, which executes as the tests do."""
    path = folder / "exported.ipynb"
    nbformat.write(executed.notebook, path)
    program = NbConvertApp()
    program.initialize(["--to", "html", str(path)])
    program.start()
    return path.with_suffix(".html")


def _loaded(page: Path) -> list[str]:
    urls = _LOADS.findall(page.read_text(encoding="utf-8"))
    return [url for url in urls if not url.startswith("data:")]


@pytest.mark.browser
def test_a_plain_export_shows_charts_and_bar_to_a_browser_without_network(
    execute_in_a_row: Callable[..., list[Executed]], jupyter: Path, browser: Browser
) -> None:
    exported = _export(execute_in_a_row("01", "01")[0], jupyter)

    page = new_tab(browser, offline=True)
    page.goto(exported.as_uri())
    chart = page.get_by_role("img", name="linked pairs disagree").locator(".main-svg").first
    chart.wait_for()
    size = chart.bounding_box()
    text = page.inner_text("body")
    page.close()

    # nbconvert's own page would have these two; nothing here needs them.
    assert [url.split("/")[5] for url in _loaded(exported)] == ["require.js", "mathjax"]
    assert size is not None
    assert size["width"] > 500
    assert size["height"] > 300
    assert len(re.findall(r"300/300 accounts", text)) == 1


def test_with_the_notebooks_own_settings_an_exported_page_asks_nothing_of_anybody(
    execute: Callable[[str], Executed], jupyter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(FOLDER / ".jupyter"))

    exported = _export(execute("02"), jupyter)

    assert exported.read_text(encoding="utf-8").count("Plotly.newPlot(") >= 2
    assert _loaded(exported) == []


def test_a_foreign_figure_is_shown_as_it_is_and_a_name_in_a_title_is_text(
    execute_cells: Callable[..., Executed],
) -> None:
    shown = execute_cells(
        "import plotly.graph_objects as go, toolkit.charts\nfigure = go.Figure(go.Bar(y=[1, 2]))",
        "figure",
        "go.Figure(layout={'meta': {'title': '<b>bold</b> & co', 'subtitle': '', 'alt': '\"x\"'}})",
    )

    foreign, _titled = shown.figures
    assert "paper_bgcolor" not in foreign["layout"]
    pages = (output.data.get("text/html", "") for output in shown.notebook.cells[-1].outputs)
    page = "".join(pages)
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; co" in page
    assert 'aria-label="&quot;x&quot;"' in page
