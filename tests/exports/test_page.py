import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from reported import HOSTILE, agreeing_snapshot, make_snapshot, small_snapshot

from toolkit import analysis, charts, titles
from toolkit.charts.figure import new_figure
from toolkit.errors import InputError
from toolkit.exports import Report
from toolkit.exports.page import save_page
from toolkit.store import Snapshot
from toolkit.text import printable


class Page(HTMLParser):
    """A saved page: its elements, its visible texts, and what its scripts hold."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.source = path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - HTMLParser's signature
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside != "style" and data.strip():
            self.texts.append(data.strip())

    @property
    def figures(self) -> dict[str, Any]:
        return json.loads(self.scripts[0])


def open_page(content: Snapshot | Report, folder: Path) -> Page:
    return Page(save_page(content, folder / "page.html"))


@pytest.fixture(scope="module")
def dated_page(dated_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of five pairs and what they were before; it is only read."""
    return open_page(dated_report, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def hostile_page(hostile_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A page whose every name is one to beware of; it is only read."""
    return open_page(hostile_report, tmp_path_factory.mktemp("hostile"))


def test_nothing_is_asked_of_any_host(hostile_page: Page) -> None:
    addresses = [
        value
        for _, attributes in hostile_page.elements
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "action", "data", "poster", "formaction")
    ]
    assert addresses == []
    styles = re.findall(r"<style>(.*?)</style>", hostile_page.source, re.DOTALL)
    assert not any("url(" in style or "@import" in style for style in styles)


def test_the_page_forbids_itself_to_load_anything(dated_page: Page) -> None:
    policies = [
        a["content"] or "" for t, a in dated_page.elements if t == "meta" and "http-equiv" in a
    ]
    assert [policy.split(";")[0] for policy in policies] == ["default-src 'none'"]


def test_plotly_is_inside_once(dated_page: Page) -> None:
    assert sum(len(script) > 1_000_000 for script in dated_page.scripts) == 1


def test_the_answer_is_the_heading(dated_page: Page) -> None:
    answer = (
        "2 of 4 linked pairs disagree, none of them critically; 1 GovCloud account was left behind"
    )
    assert dated_page.texts.count(answer) == 2


def test_sections_are_the_sentences_of_the_data(dated_report: Report, dated_page: Page) -> None:
    report, pairs = dated_report, dated_report.pairs
    for title in (
        titles.title_state_distribution(pairs),
        titles.title_state_matrix(pairs),
        titles.title_mismatches_by_ou(pairs),
        titles.title_mismatch_flows(pairs),
        titles.title_mismatches(pairs, report.left_behind),
        titles.title_left_behind(report.left_behind),
        titles.title_actions(pairs),
        "1 mismatch appeared, 1 was resolved, 1 account vanished and 1 joined",
    ):
        assert title in dated_page.texts


def test_each_chart_comes_for_light_and_for_dark_with_alt_text(dated_page: Page) -> None:
    places = [a for _, a in dated_page.elements if "data-chart" in a]
    names = [place["data-chart"] for place in places]
    assert names == ["distribution", "units", "flows", "mismatch-trend", "links"]
    assert all(place["role"] == "img" and place["aria-label"] for place in places)
    assert all(set(dated_page.figures[name]) == {"light", "dark"} for name in names if name)


def test_a_new_chart_appears_by_its_row_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace(charts.chart("distribution"), key="new", draw=plot_new)
    monkeypatch.setattr(charts, "CHARTS", (*charts.CHARTS, new))
    page = open_page(agreeing_snapshot(1), tmp_path)
    assert [a["data-chart"] for _, a in page.elements if "data-chart" in a] == [
        "distribution",
        "new",
    ]
    assert "Something new" in page.texts


def plot_new(_pairs: Any, *, dark: bool) -> Any:
    return new_figure([], title="Something new", subtitle="Is drawn", alt="New.", dark=dark)


def test_the_matrix_holds_the_counts(hostile_report: Report, hostile_page: Page) -> None:
    cells = analysis.state_matrix(hostile_report.pairs)
    counts = [titles.number(n) for n in cells["accounts"] if n]
    matrix = hostile_page.source.split('<table class="matrix">')[1].split("</table>")[0]
    assert re.findall(r"<b>([0-9,]+)</b>", matrix) == counts


def test_without_mismatches_nothing_is_said_of_them(tmp_path: Path) -> None:
    page = open_page(agreeing_snapshot(1), tmp_path)
    assert [a["data-chart"] for _, a in page.elements if "data-chart" in a] == ["distribution"]


def test_no_account_at_all_is_a_page(tmp_path: Path) -> None:
    assert "There are no accounts" in open_page(make_snapshot([]), tmp_path).texts


def test_a_hostile_name_is_shown_as_the_text_it_is(dated_page: Page, tmp_path: Path) -> None:
    names = [name for name in HOSTILE if name]
    rows = [
        (f"{number:012d}", name, f"{name}/unit", "CLOSED", "ACTIVE")
        for number, name in enumerate(names)
    ]
    named = open_page(make_snapshot(rows), tmp_path)
    assert [name for name in names if printable(name).strip() not in named.texts] == []
    # What is harmless is made of the same elements.
    assert {tag for tag, _ in named.elements} == {tag for tag, _ in dated_page.elements}
    assert len(named.scripts) == 3


def test_no_email_address_is_in_the_page(hostile_page: Page) -> None:
    assert "mail.example" not in hostile_page.source


def test_long_tables_stop_and_say_where_the_rest_is(tmp_path: Path) -> None:
    rows = [(f"{i:012d}", "a", "u", "CLOSED", "ACTIVE") for i in range(203)]
    page = open_page(make_snapshot(rows), tmp_path)
    assert "3 more: the workbook has all of them." in page.texts
    assert page.source.count('class="pill CRITICAL"') == 201


def test_a_selection_is_named(small_report: Report, tmp_path: Path) -> None:
    whole = small_report
    page = open_page(whole.only(whole.pairs.head(1), "Only <one>"), tmp_path)
    assert "Only <one>" in page.texts


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no name for a page"):
        save_page(small_snapshot(), tmp_path / "page.pdf")
