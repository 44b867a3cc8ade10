"""A comparison counts as unchanged only what was seen on both sides."""

import pytest
from reported import make_snapshot

from toolkit.app.account.comparison import Compared, Line, compare, summary
from toolkit.fetch.live import Live
from toolkit.verdicts import Policy

SAME = Line("Standard state", "Active", "Active", differs=False)
CHANGED = Line("Standard state", "Closed", "Active", differs=True)
UNSEEN = Line("GovCloud state", "not seen", "Active", differs=None)


def one(*lines: Line, known: bool = True) -> Compared:
    return Compared("000000000001", "", known, lines, ())


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        ([one(SAME)], "The account is as in the snapshot"),
        ([one(CHANGED)], "The account is changed since the snapshot"),
        ([one(SAME, UNSEEN)], "The account is not to be compared"),
        ([one(UNSEEN, known=False)], "The account is not in the snapshot"),
        ([one(SAME), one(SAME)], "All 2 accounts are as in the snapshot"),
        (
            [one(SAME), one(CHANGED), one(UNSEEN)],
            (
                "1 of 3 accounts is changed since the snapshot, 1 as in the snapshot"
                " and 1 not to be compared"
            ),
        ),
        (
            [one(SAME), one(SAME), one(UNSEEN, known=False)],
            "2 of 3 accounts are as in the snapshot and 1 not in the snapshot",
        ),
    ],
)
def test_the_summary_counts_every_account_once(compared: list[Compared], said: str) -> None:
    assert summary(compared) == said


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        (one(SAME), "nothing"),
        (one(CHANGED, UNSEEN), "Standard state"),
        (one(SAME, UNSEEN), "cannot be told"),
        (one(UNSEEN, known=False), "not in the snapshot"),
    ],
)
def test_the_result_is_never_nothing_where_something_was_not_seen(
    compared: Compared, said: str
) -> None:
    assert compared.result == said


def test_a_pair_in_grace_that_is_as_it_was_has_not_changed() -> None:
    before, now = (
        make_snapshot([("000000000001", "Pay", "Root", state, "ACTIVE")], day=day)
        for day, state in (("2026-11-15", "ACTIVE"), ("2026-11-22", "CLOSED"))
    )
    judged = Policy().judge(now, [before])
    assert judged.grace.notna().all()
    live = Live("000000000042", now.accounts, now.govcloud, now.links, ())

    (one,) = compare(live, judged, [])

    verdict = next(line for line in one.lines if line.what == "Verdict")
    assert (verdict.now, verdict.then, verdict.differs) == ("High mismatch", "High mismatch", False)
    assert one.changed == []
