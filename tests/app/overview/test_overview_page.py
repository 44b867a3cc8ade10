"""Overview: the answer, the figures and their changes, and the way from each number to its rows."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from acting import GONE, NAME, PAYER, STUCK, acceptance, ahead
from reported import make_snapshot
from staged import Open, selected, words
from streamlit.proto.Metric_pb2 import Metric
from streamlit.testing.v1 import AppTest

from toolkit import analysis
from toolkit.app.pages import OVERVIEW
from toolkit.app.parts import plain
from toolkit.store import Store
from toolkit.titles import day, title_overview
from toolkit.verdicts import judge_pairs


@pytest.fixture
def page(shown_demo: Path, open_page: Open) -> AppTest:
    del shown_demo
    return open_page(OVERVIEW)


def test_the_answer_and_the_cards_are_what_the_snapshot_says(
    page: AppTest, small_demo_pairs: pd.DataFrame
) -> None:
    pairs = small_demo_pairs
    figures = analysis.key_figures(pairs)

    assert title_overview(pairs) in words(page)
    assert {card.label: card.value for card in page.metric} == {
        "Critical": str(figures.critical),
        "Mismatches": str(figures.mismatches),
        "Left behind": "0",
        "Linked pairs": str(figures.linked),
        "Unknown": str(figures.unknown),
        "Accounts": "120",
    }


def test_every_card_tells_the_change_since_the_snapshot_before(
    page: AppTest, shown_demo: Path
) -> None:
    newest, before = (
        analysis.key_figures(judge_pairs(Store(shown_demo).load(snapshot_id)))
        for snapshot_id in Store(shown_demo).snapshots()["snapshot_id"]
    )

    deltas = {card.label: card.delta for card in page.metric}

    assert deltas["Mismatches"] == str(newest.mismatches - before.mismatches)
    assert deltas["Linked pairs"] == str(newest.linked - before.linked)


def test_the_worst_are_named_first_with_age_owner_and_what_to_do(
    shown_weeks: Path, open_page: Open
) -> None:
    del shown_weeks
    page = open_page(OVERVIEW)

    said = " ".join(words(page).split())
    assert "One GovCloud account was left behind while active: act today" in said
    assert said.index("act today") < said.index("linked pairs by state")
    assert f"◆ Critical 7 days left the list after {day(pd.Timestamp(ahead(-7)))}" in said
    assert "▲ High 0 days since the snapshot of" in said
    assert said.count("Owner") == 3
    links = [e.proto for e in page.get("page_link") if "account=" in e.proto.query_string]
    assert [link.query_string for link in links] == [
        f"show=Left+behind&account={GONE}",
        f"show=Mismatches&account={PAYER}",
        f"show=Mismatches&account={STUCK}",
    ]
    assert links[1].label == plain.markdown(NAME)


def test_where_nothing_asks_for_anybody_no_one_is_named(own_store: Path, open_page: Open) -> None:
    Store(own_store).save(make_snapshot([("111122223333", "Good", "Root", "ACTIVE", "ACTIVE")]))

    page = open_page(OVERVIEW)

    assert "act today" not in words(page)
    assert "Owner" not in words(page)


def test_of_a_first_snapshot_no_card_tells_a_change_or_a_past(
    own_store: Path, open_page: Open
) -> None:
    Store(own_store).save(make_snapshot([("111122223333", "Bad", "Root", "CLOSED", "ACTIVE")]))

    page = open_page(OVERVIEW)

    assert {card.delta for card in page.metric} == {""}
    assert not any('class="ap-past"' in element.proto.body for element in page.get("html"))


def test_a_past_stands_on_zero_and_says_its_numbers(shown_weeks: Path, open_page: Open) -> None:
    del shown_weeks
    bodies = [element.proto.body for element in open_page(OVERVIEW).get("html")]
    pasts = [body for body in bodies if 'class="ap-past"' in body]

    # Two of four linked pairs disagreed, and as many do: one more, and one that has left the list.
    assert len(pasts) == 6
    assert re.findall("height:([0-9]+)%", pasts[1]) == ["100", "100", "100"]
    assert re.findall("height:([0-9]+)%", pasts[2]) == ["0", "0", "100"]
    assert 'aria-label="3 snapshots: from 0 to 1, at most 1"' in pasts[2]


def test_a_badge_says_that_it_is_the_demo(page: AppTest) -> None:
    assert any("demo organization" in text.value for text in page.markdown)


def test_each_chart_carries_its_numbers_and_a_text_for_screen_readers(page: AppTest) -> None:
    charts = {chart.proto.id.split("-")[-1]: chart.proto for chart in page.get("plotly_chart")}

    assert len(charts) == 3
    for chart in charts.values():
        assert json.loads(chart.spec)["data"]
        assert chart.alt


def test_a_click_on_a_cell_of_the_matrix_opens_its_accounts(page: AppTest) -> None:
    page.session_state["chart-matrix"] = selected("CLOSED", "ACTIVE")

    page.run()

    assert page.query_params["standard"] == "Closed"
    assert page.query_params["govcloud"] == "Active"
    shown = page.dataframe[0].value
    assert set(shown["standard_shown"]) == {"Closed"}
    assert set(shown["govcloud_shown"]) == {"Active"}


def test_a_click_on_a_bar_of_the_units_opens_its_mismatches(
    page: AppTest, small_demo_pairs: pd.DataFrame
) -> None:
    worst = analysis.mismatches_by_ou(small_demo_pairs).iloc[0]
    severity = next(s for s in ("CRITICAL", "HIGH", "MEDIUM", "LOW") if worst[s])
    page.session_state["chart-units"] = selected(worst["ou_path"], severity)

    page.run()

    assert len(page.dataframe[0].value) == worst[severity]


def test_units_are_ranked_by_rate_at_a_click(page: AppTest, small_demo_pairs: pd.DataFrame) -> None:
    page.get_by_key("rank-units").set_value("Highest rate").run()

    worst = analysis.mismatches_by_ou(small_demo_pairs, by="rate").iloc[0]
    units = next(c.proto for c in page.get("plotly_chart") if c.proto.id.endswith("chart-units"))
    bars = [bar for one in json.loads(units.spec)["data"] for bar in one.get("customdata", [])]
    assert worst["ou_path"] in {bar[0] for bar in bars[:1]}


def test_an_empty_store_says_so_and_offers_the_demo(
    own_store: Path, shown_demo: Path, open_page: Open
) -> None:
    del shown_demo
    page = open_page(OVERVIEW)

    assert f"The folder {own_store} holds no snapshot." in words(page)

    page.button[0].click().run()

    assert "linked pairs disagree" in words(page)


def test_a_snapshot_written_anew_is_read_anew(own_store: Path, open_page: Open) -> None:
    rows = [(f"11112222333{number}", "Pay", "Root", "CLOSED", "ACTIVE") for number in range(2)]
    Store(own_store).save(make_snapshot(rows))
    page = open_page(OVERVIEW)
    assert next(card.value for card in page.metric if card.label == "Accounts") == "2"

    Store(own_store).save(make_snapshot(rows[:1]), again=True)
    page.run()

    assert next(card.value for card in page.metric if card.label == "Accounts") == "1"


def test_what_was_left_behind_is_in_the_answer_and_a_card_with_its_past(
    shown_weeks: Path, open_page: Open
) -> None:
    del shown_weeks

    page = open_page(OVERVIEW)

    assert "; 1 GovCloud account was left behind" in words(page)
    card = next(card for card in page.metric if card.label == "Left behind")
    assert (card.value, card.delta) == ("1", "1")
    assert "1 of them critical" in words(page)
    link = next(e for e in page.get("page_link") if e.proto.label == "See what was left")
    assert (link.proto.page, link.proto.query_string) == ("mismatches", "show=Left+behind")


def test_a_mismatch_that_is_accepted_leaves_the_card_and_is_said_beside_it(
    shown_weeks: Path, open_page: Open, policy_file: Path
) -> None:
    del shown_weeks
    policy_file.write_text("", encoding="utf-8")
    page = open_page(OVERVIEW)
    cards = {card.label: card.value for card in page.metric}
    assert cards["Mismatches"] == "2"
    assert "more accepted" not in words(page)

    policy_file.write_text(acceptance(PAYER, ahead(9)), encoding="utf-8")
    page.run()

    assert {card.label: card.value for card in page.metric} == {**cards, "Mismatches": "1"}
    assert "1 of 3 linked pairs disagrees, 1 more accepted" in words(page)
    assert "\n 1 more accepted" in words(page).replace("\n1", "\n 1")


def test_of_chosen_accounts_no_card_says_that_nothing_was_left_behind(
    own_store: Path, open_page: Open
) -> None:
    pair = ("111122223333", "Payments", "Root", "CLOSED", "ACTIVE")
    Store(own_store).save(make_snapshot([pair], complete=False))

    assert "Left behind" not in [card.label for card in open_page(OVERVIEW).metric]


def test_an_acceptance_that_has_ended_is_told_on_the_overview_as_well(
    shown_weeks: Path, open_page: Open, policy_file: Path
) -> None:
    del shown_weeks
    policy_file.write_text(acceptance(PAYER, ahead(0)), encoding="utf-8")

    assert "Acceptance 1 (bob@example.com) ended on" in words(open_page(OVERVIEW))


def test_a_mismatch_that_left_the_list_is_no_good_news(own_store: Path, open_page: Open) -> None:
    stays = ("111122223333", "Good", "Root", "ACTIVE", "ACTIVE")
    for taken, rows in (
        ("2026-07-05", [stays, ("111122224444", "Bad", "Root", "CLOSED", "ACTIVE")]),
        ("2026-11-22", [stays]),
    ):
        Store(own_store).save(make_snapshot(rows, day=taken))

    cards = {card.label: card for card in open_page(OVERVIEW).metric}

    assert [cards[name].delta for name in ("Critical", "Mismatches", "Left behind")] == [
        *("-1", "-1", "1")
    ]
    colours = [cards[name].proto.color for name in ("Critical", "Mismatches", "Left behind")]
    assert colours == [Metric.MetricColor.GRAY, Metric.MetricColor.GRAY, Metric.MetricColor.RED]


def test_a_mismatch_that_agrees_now_is_good_news(own_store: Path, open_page: Open) -> None:
    for taken, state in (("2026-07-05", "CLOSED"), ("2026-11-22", "ACTIVE")):
        row = ("111122224444", "Bad", "Root", state, "ACTIVE")
        Store(own_store).save(make_snapshot([row], day=taken))

    cards = {card.label: card for card in open_page(OVERVIEW).metric}

    assert cards["Critical"].delta == "-1"
    assert cards["Critical"].proto.color == Metric.MetricColor.GREEN
