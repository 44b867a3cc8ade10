"""A report on some of the pairs: by severity and unit, with its denominator everywhere."""

import pytest
from reported import small_snapshot

from toolkit.charts import chart
from toolkit.charts.figure import chart_alt, chart_title
from toolkit.errors import InputError
from toolkit.exports import Report
from toolkit.exports.deck.slides import spoken


def test_a_severity_in_a_unit_is_said_of_all_the_pairs_of_that_unit(
    dated_report: Report,
) -> None:
    chosen = dated_report.narrowed(["HIGH", "CRITICAL"], "Workloads")
    assert chosen.pairs["name"].tolist() == ["two"]
    assert chosen.note == "1 of Workloads' 2 pairs is critical or high"
    assert chosen.name == "account-states-2026-11-22-1-of-workloads-2-pairs-is-critical-or-high"
    assert (chosen.is_narrowed, chosen.headline) == (True, chosen.note)
    assert ("Selection", f"{chosen.note} (1 account in all)") in chosen.method


def test_a_whole_unit_is_not_narrowed_and_its_share_is_its_own(dated_report: Report) -> None:
    chosen = dated_report.narrowed(unit="Workloads/Production/")
    assert chosen.note == "2 of the organization's 4 pairs are in Production"
    assert not chosen.is_narrowed
    assert chosen.headline.startswith("1 of 2 linked pairs disagrees")


def test_charts_of_a_narrowed_report_speak_of_the_selected_pairs(dated_report: Report) -> None:
    chosen = dated_report.narrowed(["HIGH", "CRITICAL"])
    matrix = chart("matrix")
    assert matrix.title_of(chosen).startswith("All 2 selected pairs disagree")
    assert matrix.title_of(dated_report).startswith("2 of 4 linked pairs disagree")
    figure = matrix.figure(chosen)
    assert chart_title(figure) == matrix.title_of(chosen)
    assert chart_alt(figure).startswith(matrix.title_of(chosen))


def test_of_a_narrowed_report_no_speaker_says_how_many_pairs_a_unit_has(
    dated_report: Report,
) -> None:
    chosen = dated_report.narrowed(["HIGH", "CRITICAL"])
    assert "linked pair" in spoken.units(dated_report)
    assert "linked pair" not in spoken.units(chosen)


def test_nothing_asked_for_is_the_report_itself(dated_report: Report) -> None:
    assert dated_report.narrowed() is dated_report
    assert dated_report.headline.startswith("2 of 4 linked pairs disagree")


def test_a_unit_that_nobody_is_in_is_refused_with_the_one_that_may_be_meant() -> None:
    report = Report.of(small_snapshot())
    with pytest.raises(InputError, match="No account is in an organizational unit 'production'"):
        report.narrowed(unit="production")
    with pytest.raises(InputError, match="such as 'Workloads/Production'"):
        report.narrowed(unit="production")


def test_what_its_maker_has_to_say_stands_in_the_method(dated_report: Report) -> None:
    said = dated_report.commented("  For the board \x1b[31m ")
    assert said.method[0][0] == "Note"
    assert said.method[0][1].startswith("For the board")
    assert "\x1b" not in said.method[0][1]
