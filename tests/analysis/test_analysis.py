"""Analysis: counts of one snapshot, and what several say together."""

import pandas as pd
import pytest
from days import days_of, on, standard

from toolkit import analysis, schema
from toolkit.errors import InputError
from toolkit.spells import Spells
from toolkit.verdicts import default_rules, judge_links, judge_pairs

AUGUST = pd.Timestamp("2026-08-09T03:00Z")
NOVEMBER = pd.Timestamp("2026-11-22T03:00Z")


def pairs_of(*rows: tuple[int, str | None, str, str | None]) -> pd.DataFrame:
    """Return judged pairs, written (id, standard state, GovCloud state or outcome, unit)."""
    words = [str(outcome) for outcome in schema.Outcome]
    ids = [f"{number:012d}" for number, *_ in rows]
    accounts = pd.DataFrame(
        {
            "account_id": ids,
            "name": [f"name {number}" for number, *_ in rows],
            "standard_state": [standard for _, standard, _, _ in rows],
            "ou_path": [unit for *_, unit in rows],
        }
    )
    govcloud = pd.DataFrame(
        {
            "account_id": ids,
            "govcloud_state": [None if found in words else found for _, _, found, _ in rows],
            "outcome": [found if found in words else "FOUND" for _, _, found, _ in rows],
        }
    )
    return judge_pairs(accounts, govcloud)


PAIRS = pairs_of(
    (1, "ACTIVE", "ACTIVE", "Sandbox"),
    (2, "ACTIVE", "CLOSED", "Sandbox"),
    (3, "CLOSED", "ACTIVE", "Workloads/Test"),
    (4, "ACTIVE", "CLOSED", "Workloads/Test"),
    (5, "ACTIVE", "NOT_LINKED", "Workloads/Test"),
    (6, "ACTIVE", "ACCESS_DENIED", None),
    (7, "ACTIVE", "SOMETHING_NEW", None),
    (8, "ACTIVE", "SUSPENDED", None),
)
NONE = schema.empty(schema.PAIRS)


def test_key_figures_count_every_account_once() -> None:
    figures = analysis.key_figures(PAIRS)
    assert figures.accounts == 8
    assert (figures.matches, figures.mismatches) == (1, 4)
    assert (figures.not_linked, figures.unknown, figures.not_seen) == (1, 2, 1)
    assert (figures.linked, figures.judged) == (6, 5)
    assert figures.by_severity == {"CRITICAL": 1, "HIGH": 1, "MEDIUM": 2, "LOW": 0}
    assert figures.critical == 1
    assert figures.mismatch_rate == pytest.approx(0.8)


def test_the_mismatch_rate_is_none_where_no_pair_was_judged() -> None:
    assert analysis.key_figures(NONE).mismatch_rate is None
    assert analysis.key_figures(pairs_of((1, "ACTIVE", "NOT_LINKED", None))).mismatch_rate is None


def test_shown_states_say_why_there_is_no_state() -> None:
    shown = analysis.shown_states(PAIRS)
    assert list(shown["govcloud_state"].astype("str"))[4:7] == ["NOT_LINKED", "UNKNOWN", "UNKNOWN"]
    assert list(shown["standard_state"].astype("str"))[:3] == ["ACTIVE", "ACTIVE", "CLOSED"]


@pytest.mark.parametrize("foreign", ["NOT_LINKED", "UNKNOWN", "GONE", "", None])
def test_a_standard_state_of_no_vocabulary_is_shown_as_unknown(foreign: str | None) -> None:
    shown = analysis.shown_states(pairs_of((1, foreign, "ACTIVE", None)))
    assert shown["standard_state"].iloc[0] == "UNKNOWN"


def test_a_govcloud_account_cannot_be_pending_closure() -> None:
    shown = analysis.shown_states(pairs_of((1, "ACTIVE", "PENDING_CLOSURE", None)))
    assert shown["govcloud_state"].iloc[0] == "UNKNOWN"


def test_the_distribution_counts_both_sides_of_the_linked_pairs() -> None:
    table = analysis.state_distribution(PAIRS).set_index(["side", "state"])
    assert table.loc[("standard", "ACTIVE"), "accounts"] == 5
    assert table.loc[("govcloud", "ACTIVE"), "accounts"] == 2
    assert table.loc[("govcloud", "UNKNOWN"), "accounts"] == 1
    assert table.loc[("govcloud", "NOT_LINKED"), "accounts"] == 0
    assert table.groupby("side", observed=True)["share"].sum().tolist() == pytest.approx([1, 1])


def test_the_distribution_of_every_account_shows_what_is_not_linked_and_not_seen() -> None:
    table = analysis.state_distribution(PAIRS, linked_only=False).set_index(["side", "state"])
    assert table.loc[("govcloud", "NOT_LINKED"), "accounts"] == 1
    assert table.loc[("govcloud", "UNKNOWN"), "accounts"] == 2


def test_the_matrix_holds_every_account_in_one_cell_and_the_zeros() -> None:
    table = analysis.state_matrix(PAIRS)
    assert len(table) == 36
    assert table["accounts"].sum() == len(PAIRS)
    cell = table.set_index(["standard_state", "govcloud_state"]).loc[("CLOSED", "ACTIVE")]
    assert (cell["verdict"], cell["severity"], cell["accounts"]) == ("MISMATCH", "CRITICAL", 1)
    assert table["verdict"].isna().equals(table["accounts"] == 0)


def test_flows_are_the_mismatching_combinations_largest_first() -> None:
    table = analysis.mismatch_flows(PAIRS)
    assert table.astype({"severity": "str"}).to_numpy().tolist() == [
        ["ACTIVE", "CLOSED", "MEDIUM", 2],
        ["CLOSED", "ACTIVE", "CRITICAL", 1],
        ["ACTIVE", "SUSPENDED", "HIGH", 1],
    ]


def test_units_come_with_most_mismatches_first_and_the_worse_of_equals() -> None:
    table = analysis.mismatches_by_ou(PAIRS)
    assert table["ou_path"].fillna("?").tolist() == ["Workloads/Test", "?", "Sandbox"]
    assert table["mismatches"].tolist() == [2, 1, 1]
    assert table["CRITICAL"].tolist() == [1, 0, 0]
    assert table["linked"].tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("mismatches", ["many", "worst", "mild", "small"]),
        ("rate", ["worst", "small", "many", "mild"]),
        ("critical", ["worst", "many", "mild", "small"]),
    ],
)
def test_units_are_ranked_by_what_is_chosen(by: analysis.Ranked, order: list[str]) -> None:
    critical, high, medium = ("CLOSED", "ACTIVE"), ("ACTIVE", "SUSPENDED"), ("ACTIVE", "CLOSED")
    agreed = ("ACTIVE", "ACTIVE")
    units = {
        "many": [critical, *[medium] * 3, *[agreed] * 4],
        "worst": [critical, critical],
        "small": [medium],
        "mild": [high, *[agreed] * 8],
    }
    rows = [(*states, name) for name, those in units.items() for states in those]
    pairs = pairs_of(*((at, *row) for at, row in enumerate(rows)))
    table = analysis.mismatches_by_ou(pairs, by=by)
    assert table["ou_path"].tolist() == order
    assert list(table.columns) == list(analysis.mismatches_by_ou(pairs).columns)


def test_units_are_ranked_by_nothing_else() -> None:
    with pytest.raises(InputError, match="Units cannot be ranked by 'size'"):
        analysis.mismatches_by_ou(PAIRS, by="size")  # type: ignore[arg-type] # what is refused


def test_a_severity_that_rules_give_to_no_mismatch_is_not_counted() -> None:
    odd = PAIRS.assign(severity=PAIRS["severity"].fillna("LOW"))
    assert analysis.mismatches_by_ou(odd)["LOW"].sum() == 0
    assert analysis.key_figures(odd).by_severity["LOW"] == 0


def test_actions_are_counted_worst_first_and_unknown_pairs_last() -> None:
    table = analysis.actions(PAIRS)
    assert table["severity"].astype("str").tolist()[:3] == ["CRITICAL", "HIGH", "MEDIUM"]
    assert table["verdict"].tolist() == ["MISMATCH"] * 3 + ["UNKNOWN"] * 2
    assert table["accounts"].tolist() == [1, 1, 2, 1, 1]


LINKS = pd.DataFrame(
    {
        "link_id": [f"link-{number:08d}" for number in range(4)],
        "link_status": ["LINKED", "LINKED", "LINKING_FAILED", "NEW"],
        "source_account_id": "000000000001",
        "target_account_id": "000000000002",
        "region": ["us-west-2", "us-east-1", "us-east-1", "us-east-1"],
    }
)


def test_links_are_counted_by_region_and_status() -> None:
    judged = judge_links(LINKS, PAIRS[["account_id", "standard_state"]])
    table = analysis.link_status(judged)
    assert table.astype({"link_status": "str"}).to_numpy().tolist() == [
        ["us-east-1", "LINKED", 1, 0],
        ["us-east-1", "LINKING_FAILED", 1, 1],
        ["us-east-1", "UNKNOWN", 1, 0],
        ["us-west-2", "LINKED", 1, 0],
    ]
    assert analysis.link_status(LINKS)["flagged"].sum() == 0


def changed(before: str | None, after: str | None, *, standard: str = "ACTIVE") -> list[str]:
    """Return what happens to account 1 between two GovCloud states; None is not listed."""
    old, new = (
        pairs_of((1, standard, found, None)) if found else NONE for found in (before, after)
    )
    return [str(word) for word in analysis.changes(old, new)["change"]]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("ACTIVE", "CLOSED", "APPEARED"),
        ("NOT_LINKED", "CLOSED", "APPEARED"),
        ("FAILED", "CLOSED", "APPEARED"),
        ("CLOSED", "ACTIVE", "RESOLVED"),
        ("CLOSED", "NOT_LINKED", "RESOLVED"),
        ("CLOSED", "SUSPENDED", "CHANGED"),
        ("CLOSED", "FAILED", "LOST_SIGHT"),
        ("ACTIVE", "FAILED", "LOST_SIGHT"),
        ("NOT_LINKED", "FAILED", "LOST_SIGHT"),
        ("CLOSED", None, "VANISHED"),
        (None, "ACTIVE", "JOINED"),
    ],
)
def test_each_change_has_its_word(before: str | None, after: str | None, change: str) -> None:
    assert changed(before, after) == [change]


@pytest.mark.parametrize(
    ("before", "after"),
    [("CLOSED", "CLOSED"), ("ACTIVE", "ACTIVE"), ("FAILED", "FAILED"), ("ACTIVE", "NOT_LINKED")],
)
def test_what_is_as_it_was_or_only_agrees_is_no_change(before: str, after: str) -> None:
    assert changed(before, after) == []


def test_what_vanished_shows_what_it_left_behind() -> None:
    pairs = pairs_of((1, "CLOSED", "ACTIVE", "Sandbox")).assign(govcloud_account_id="9" * 12)
    gone = analysis.changes(pairs, NONE).iloc[0]
    assert gone["govcloud_account_id"] == "9" * 12
    assert (gone["govcloud_state_before"], gone["severity_before"]) == ("ACTIVE", "CRITICAL")
    assert (gone["name"], gone["ou_path"]) == ("name 1", "Sandbox")
    assert pd.isna(gone["govcloud_state_after"])


def test_changes_are_a_table_of_the_schema_grouped_and_worst_first() -> None:
    before = pairs_of((1, "ACTIVE", "ACTIVE", None), (2, "CLOSED", "CLOSED", None))
    after = pairs_of(
        (1, "ACTIVE", "CLOSED", None), (2, "CLOSED", "ACTIVE", None), (3, "ACTIVE", "ACTIVE", None)
    )
    table = analysis.changes(before, after)
    pd.testing.assert_frame_equal(table, schema.coerce(schema.CHANGES, table))
    assert table["account_id"].str[-1].tolist() == ["2", "1", "3"]
    assert table["change"].tolist() == ["APPEARED", "APPEARED", "JOINED"]


def test_two_empty_snapshots_have_no_changes() -> None:
    pd.testing.assert_frame_equal(analysis.changes(NONE, NONE), schema.empty(schema.CHANGES))


def test_the_trend_has_a_row_for_each_snapshot_and_severity() -> None:
    table = analysis.trend([(AUGUST, NONE), (NOVEMBER, PAIRS)])
    assert table["taken"].tolist() == [AUGUST] * 4 + [NOVEMBER] * 4
    assert table["mismatches"].tolist() == [0, 0, 0, 0, 1, 1, 2, 0]
    assert table["linked"].tolist() == [0] * 4 + [6] * 4
    assert table["unknown"].iloc[-1] == 2
    assert pd.isna(table["mismatch_rate"].iloc[0])


def test_the_state_trend_is_the_distribution_of_each_snapshot() -> None:
    table = analysis.state_trend([(AUGUST, PAIRS), (NOVEMBER, NONE)])
    assert table["taken"].tolist() == [AUGUST] * 14 + [NOVEMBER] * 14
    first = table.iloc[:14].drop(columns="taken")
    pd.testing.assert_frame_equal(first, analysis.state_distribution(PAIRS))


def test_no_history_gives_empty_tables_of_the_same_columns() -> None:
    full = [(NOVEMBER, PAIRS)]
    for function in (analysis.trend, analysis.state_trend):
        assert function([]).dtypes.equals(function(full).dtypes)
    assert analysis.first_seen(Spells.of([])).empty


def test_what_was_left_behind_stands_beside_each_snapshot_of_the_trend() -> None:
    table = analysis.trend([(AUGUST, NONE), (NOVEMBER, PAIRS)], {NOVEMBER: 3})
    assert table["left_behind"].tolist() == [0] * 4 + [3] * 4


def since(*found: str | None) -> list[pd.Timestamp]:
    """Return since when account 1 disagrees, given its GovCloud state on three days."""
    seen = {"FAILED": "ACTIVE/?", "NOT_LINKED": "ACTIVE"}
    days = [{1: seen.get(word, f"ACTIVE/{word}")} if word else {} for word in found]
    return list(analysis.first_seen(Spells.of(days_of(*days))))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (("CLOSED", "CLOSED", "CLOSED"), on(0)),
        (("CLOSED", "SUSPENDED", "CLOSED"), on(0)),
        (("CLOSED", "FAILED", "CLOSED"), on(0)),
        (("CLOSED", None, "CLOSED"), on(0)),
        (("ACTIVE", "CLOSED", "CLOSED"), on(1)),
        (("CLOSED", "ACTIVE", "CLOSED"), on(2)),
        (("CLOSED", "NOT_LINKED", "CLOSED"), on(2)),
        (("FAILED", "CLOSED", "CLOSED"), on(1)),
        (("FAILED", None, "CLOSED"), on(2)),
    ],
)
def test_a_pair_disagrees_since_it_was_last_seen_to_agree(
    found: tuple[str | None, ...], expected: pd.Timestamp
) -> None:
    assert since(*found) == [expected]


def test_what_was_last_seen_to_agree_has_no_beginning() -> None:
    assert since("CLOSED", "CLOSED", "ACTIVE") == []
    assert since("CLOSED", "ACTIVE", "FAILED") == []


def test_what_was_last_seen_to_disagree_still_has_one() -> None:
    assert since("CLOSED", "CLOSED", "FAILED") == [on(0)]


def test_what_disagrees_is_what_the_rules_say() -> None:
    spells = Spells.of(days_of({1: "ACTIVE/CLOSED", 2: "CLOSED/CLOSED"}))
    assert analysis.first_seen(spells).index.tolist() == [standard(1)]
    rules = default_rules().assign(verdict="MISMATCH", severity="LOW")
    assert analysis.first_seen(spells, rules).index.tolist() == [standard(1), standard(2)]
