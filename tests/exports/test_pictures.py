import html
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from reported import make_snapshot, small_snapshot

from toolkit import theme
from toolkit.charts import (
    chart_title,
    plot_mismatches_by_ou,
    plot_state_distribution,
    plot_state_matrix,
)
from toolkit.errors import InputError, MissingToolError, StoreError
from toolkit.exports import pictures
from toolkit.exports.pictures import missing_for_pictures, save_figure
from toolkit.verdicts import judge_pairs


@pytest.fixture(scope="module")
def figure() -> Any:
    """Draw a chart; it is only read."""
    return plot_state_matrix(judge_pairs(small_snapshot()))


def test_a_chart_as_html_stands_alone_with_its_title_and_needs_no_browser(
    figure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    page = save_figure(figure, tmp_path / "chart.html").read_text(encoding="utf-8")
    assert f"<h1>{chart_title(figure)}</h1>" in page
    assert "sendChartToCloud" in page
    head, _, rest = page.partition("<script")
    assert "src=" not in head
    assert not any(
        tag in rest for tag in ('<script src="', "<link ", '<script charset="utf-8" src')
    )


@pytest.mark.parametrize(("dark", "paper"), [(False, "#FFFFFF"), (True, theme.DARK.paper)])
def test_the_background_is_the_one_the_chart_was_made_for(
    tmp_path: Path,
    dark: bool,  # noqa: FBT001 - a parameter of the test
    paper: str,
) -> None:
    figure = plot_state_distribution(judge_pairs(small_snapshot()), dark=dark)
    page = save_figure(figure, tmp_path / "chart.html").read_text(encoding="utf-8")
    assert f"background:{paper};" in page


def test_a_hostile_name_ends_no_script_of_the_page(tmp_path: Path) -> None:
    rows = [
        (f"{i:012d}", "a", f"</script><script>alert({i})</script>", "CLOSED", "ACTIVE")
        for i in range(3)
    ]
    figure = plot_mismatches_by_ou(judge_pairs(make_snapshot(rows)))
    page = save_figure(figure, tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "<script>alert(" not in page


def test_without_a_browser_one_sentence_says_what_to_install_and_what_needs_none(
    figure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    with pytest.raises(MissingToolError) as caught:
        save_figure(figure, tmp_path / "chart.png")
    assert caught.value.message == (
        "Pictures need Chrome or Chromium, and none was found: install one, or set BROWSER_PATH"
        " to where it is."
    )
    assert "save the deck (.pptx)" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
    assert missing_for_pictures() == str(caught.value)


def test_a_browser_that_does_not_start_is_one_sentence(
    figure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", sys.executable)  # it refuses what a browser is started with
    with pytest.raises(MissingToolError, match="did not start"):
        save_figure(figure, tmp_path / "chart.png")


@pytest.mark.browser
def test_a_png_fills_the_slot_of_a_slide_twice_as_sharp(figure: Any, tmp_path: Path) -> None:
    content = save_figure(figure, tmp_path / "chart.png").read_bytes()
    assert struct.unpack(">II", content[16:24]) == (2420, 1020)


@pytest.mark.browser
@pytest.mark.parametrize(("suffix", "beginning"), [(".svg", b"<svg"), (".pdf", b"%PDF")])
def test_svg_and_pdf_are_what_they_are_called(
    figure: Any, tmp_path: Path, suffix: str, beginning: bytes
) -> None:
    assert save_figure(figure, tmp_path / f"chart{suffix}").read_bytes().startswith(beginning)


@pytest.mark.browser
def test_pictures_can_be_of_another_size(tmp_path: Path) -> None:
    figure = plot_state_distribution(judge_pairs(small_snapshot()))
    content = save_figure(figure, tmp_path / "c.png", width=300, height=200).read_bytes()
    assert struct.unpack(">II", content[16:24]) == (600, 400)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_picture_has_title_and_source_where_they_are_wanted(
    tmp_path: Path,
    dark: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    figure = plot_state_matrix(judge_pairs(small_snapshot()), dark=dark, narrow=True)
    source = "Source: here & <b>there</b>"
    path, plain = tmp_path / "titled.svg", tmp_path / "plain.svg"
    save_figure(figure, path, width=390, titled=True, source=source)
    drawn = html.unescape(path.read_text("utf-8"))
    for text in chart_title(figure).split(";")[0].split(" "):
        assert text in drawn
    assert source in drawn
    assert f"fill: {rgb(theme.palette(dark=dark).ink)}" in drawn
    assert "Source" not in save_figure(figure, plain, width=390).read_text("utf-8")


def test_a_page_says_its_source_where_it_is_wanted(figure: Any, tmp_path: Path) -> None:
    page = save_figure(figure, tmp_path / "chart.html", source="From <here>").read_text("utf-8")
    assert "<p>From &lt;here&gt;</p></body>" in page


@pytest.mark.browser
def test_a_browser_that_was_ended_is_started_again(figure: Any, tmp_path: Path) -> None:
    save_figure(figure, tmp_path / "one.png")
    for browser in pictures._started.values():
        browser.close()
    assert save_figure(figure, tmp_path / "two.png").stat().st_size > 10_000


@pytest.mark.parametrize("name", ["chart.jpg", "chart", "chart.gif"])
def test_another_suffix_is_refused(figure: Any, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="is no name for a chart"):
        save_figure(figure, tmp_path / name)


def test_a_missing_folder_is_named_before_any_browser_starts(figure: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no folder"):
        save_figure(figure, tmp_path / "none" / "chart.png")


def rgb(colour: str) -> str:
    """Return #RRGGBB as an SVG of Plotly says it."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
