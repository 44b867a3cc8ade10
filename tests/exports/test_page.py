import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from reported import HOSTILE, agreeing_snapshot, make_snapshot, small_snapshot

from toolkit import analysis, charts, titles
from toolkit.charts.figure import new_figure
from toolkit.errors import InputError
from toolkit.exports import Report
from toolkit.exports.page import cases, save_page
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
    def drawn(self) -> dict[str | None, str | None]:
        """The charts that are drawn, by key, and what is read of each."""
        return {a["data-chart"]: a["aria-label"] for _, a in self.elements if "data-chart" in a}

    def section(self, key: str) -> str:
        """Return one section as it is written."""
        return self.source.split(f'<section id="{key}"')[1].split("</section>")[0]


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
    # Every link leads to a place of the page itself.
    places = {f"#{attributes.get('id')}" for _, attributes in hostile_page.elements}
    assert set(addresses) <= places
    styles = re.findall(r"<style>(.*?)</style>", hostile_page.source, re.DOTALL)
    assert not any("url(" in style or "@import" in style for style in styles)


def test_the_page_forbids_itself_to_load_anything_and_to_run_any_script_but_its_own(
    dated_page: Page,
) -> None:
    (policy,) = (a["content"] or "" for t, a in dated_page.elements if "http-equiv" in a)
    (script,) = dated_page.scripts
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert policy.split("; ")[:2] == ["default-src 'none'", f"script-src 'sha256-{digest}'"]


def test_what_to_do_is_the_heading_and_the_worst_cases_stand_below_it(dated_page: Page) -> None:
    answer = "2 of 4 linked pairs disagree, none of them critically"
    assert dated_page.texts.count(f"{answer}; 1 GovCloud account was left behind") == 2
    heading = dated_page.source.split("<h1>")[1].split("</h1>")[0]
    assert heading == "One GovCloud account was left behind while active: act today"
    first = dated_page.section("first")
    assert "<h2>Everything that asks for somebody</h2>" in first
    assert [*re.findall(r">((?:[0-9]{12})|Nobody known|≥? ?[0-9]+ days?)<", first)] == [
        *("100000000006", "900000000006", "7 days", "Nobody known"),
        *("100000000003", "900000000003", "≥ 7 days", "Nobody known"),
        *("100000000002", "900000000002", "0 days", "Nobody known"),
    ]


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


def test_every_chart_is_drawn_with_a_text_to_be_read_and_its_whole_table_behind_it(
    governed: Report, tmp_path: Path
) -> None:
    page = open_page(governed, tmp_path)
    rows = [one for one in charts.CHARTS if one.in_page and one.key != "matrix"]
    assert page.drawn == {
        one.key: printable(charts.chart_alt(one.figure(governed))) for one in rows
    }
    for one in rows:
        section = page.section(one.key)
        assert section.count("<tr><td") == len(one.table(governed)), one.key
        assert "<details>" in section


def test_pieces_of_a_bar_are_as_long_as_their_counts(dated_page: Page) -> None:
    units = dated_page.section("units")
    assert re.findall(r'class="name">([^<]*)<', units) == ["Sandbox", "Workloads/Production"]
    assert re.findall(r"--w:([0-9.]+);", units) == ["1.0000", "1.0000"]
    assert re.findall(r'class="total">([^<]*)<', units) == ["1", "1"]
    assert 'title="Sandbox\n1 high, 1 of 2 linked pairs disagree"' in units
    assert "light-dark(" in units


def test_a_trend_has_its_days_its_values_and_a_grid_from_zero(dated_page: Page) -> None:
    trend = dated_page.section("mismatch-trend")
    texts = re.findall(r'<span style="[^"]*">([^<]*)</span>', trend)
    ends = ["2 mismatches", "0 critical", "1 left behind"]
    assert texts == [*"0123", *ends, "3", "15 Nov", "22 Nov"]
    assert trend.count("<path") == 4  # of the whole, the area below its line, too


def test_ribbons_run_from_every_state_to_every_other(dated_page: Page) -> None:
    flows = dated_page.section("flows")
    texts = re.findall(r'<span style="[^"]*">([^<]*)</span>', flows)
    assert texts == ["Active  1", "Closed  1", "1", "1", "Active  1", "Suspended  1"]
    assert flows.count("<title>1 pair (50 % of the mismatches)") == 2


def test_a_new_chart_appears_by_its_row_alone_drawn_or_as_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = charts.chart("distribution")
    new = (replace(old, key="new", draw=plot_new), replace(old, key="drawn"))
    monkeypatch.setattr(charts, "CHARTS", (*charts.CHARTS, *new))
    page = open_page(agreeing_snapshot(1), tmp_path)
    assert list(page.drawn) == ["distribution", "drawn"]
    assert "Something new" in page.texts
    assert "<details>" not in page.section("new")
    assert page.section("new").count("<tr><td") == len(old.table(Report.of(agreeing_snapshot(1))))


def plot_new(_pairs: Any, *, dark: bool) -> Any:
    return new_figure([], title="Something new", subtitle="Is drawn", alt="New.", dark=dark)


def test_the_matrix_holds_the_counts(hostile_report: Report, hostile_page: Page) -> None:
    cells = analysis.state_matrix(hostile_report.pairs)
    counts = [titles.number(n) for n in cells["accounts"] if n]
    matrix = hostile_page.source.split('<table class="matrix">')[1].split("</table>")[0]
    assert re.findall(r"<b>([0-9,]+)</b>", matrix) == counts


def test_without_mismatches_nothing_is_said_of_them(tmp_path: Path) -> None:
    page = open_page(agreeing_snapshot(1), tmp_path)
    assert list(page.drawn) == ["distribution"]


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
    assert {tag for tag, _ in named.elements} <= {tag for tag, _ in dated_page.elements}
    assert named.scripts == dated_page.scripts


def test_no_email_address_is_in_the_page(hostile_page: Page) -> None:
    assert "mail.example" not in hostile_page.source


def test_long_tables_stop_and_say_where_the_rest_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "ROWS", 3)
    monkeypatch.setattr(cases, "ACCOUNTS", 4)
    rows = [(f"{i:012d}", "a", "u", "CLOSED", "ACTIVE" if i else "CLOSED") for i in range(7)]
    page = open_page(make_snapshot(rows), tmp_path)
    assert page.section("mismatches").count('class="pill CRITICAL"') == 3
    assert "3 more: the workbook has all of them." in page.section("mismatches")
    assert page.section("accounts").count("<tr><td") == 4
    assert "3 more: the workbook has all of them." in page.section("accounts")
    (told,) = (a["data-nothing"] for _, a in page.elements if "data-nothing" in a)
    assert told == (
        "Nothing here matches: the page has 4 of 7 accounts and the worst 3 mismatches; the"
        " workbook has all of them."
    )


def test_a_selection_is_named_in_every_section(small_report: Report, tmp_path: Path) -> None:
    whole = small_report
    page = open_page(whole.only(whole.pairs.head(2), "Only <one>").commented("Ask <Ada>"), tmp_path)
    sections = page.source.split("<section")[1:]
    assert len(sections) > 5
    assert [s for s in sections if '<p class="note">Only &lt;one&gt;</p>' not in s] == []
    assert "Ask <Ada>" in page.texts


def test_a_path_is_broken_between_its_units_and_a_severity_sorts_by_its_rank(
    dated_page: Page,
) -> None:
    section = dated_page.section("mismatches")
    assert "Workloads/<wbr>Production</td>" in section
    ranks = re.findall(r'data-v="([0-9])"><span class="pill ([A-Z]+)"', section)
    assert ranks == [("1", "HIGH"), ("1", "HIGH")]
    assert 'data-v="0"><span class="pill CRITICAL"' in dated_page.section("left-behind")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no name for a page"):
        save_page(small_snapshot(), tmp_path / "page.pdf")
