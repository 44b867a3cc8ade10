"""`changes` and `links`: what they print, and what they compare with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from reported import make_snapshot

from toolkit import schema
from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]

GONE = ("100000000001", "billing-archive", "Root", "ACTIVE", "ACTIVE")
SAME = ("100000000002", "orders-prod", "Root", "ACTIVE", "ACTIVE")
DIFFERS = ("100000000002", "orders-prod", "Root", "CLOSED", "ACTIVE")
LINKS = [
    ("LINKED", "100000000002", "100000000009", "us-east-1"),
    ("REJECTED", "100000000002", "100000000003", "us-east-1"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three weeks: in the second a pair is gone, in the third another disagrees."""
    path = tmp_path_factory.mktemp("store")
    other = ("100000000003", "labs", "Root", "ACTIVE", None)
    for day, rows, links in (
        ("2026-11-08", [GONE, SAME, other], ()),
        ("2026-11-15", [SAME, other], ()),
        ("2026-11-22", [DIFFERS, other], LINKS),
    ):
        Store(path).save(make_snapshot(rows, links, day=day))
    return path


def happened(out: str) -> list[tuple[str, str, str | None]]:
    names = ("change", "account_id", "govcloud_account_id")
    return [tuple(row[name] for name in names) for row in json.loads(out)]


@pytest.mark.parametrize(
    ("since", "changed"),
    [
        ([], ["APPEARED"]),
        (["--since", "7d"], ["APPEARED"]),
        (["--since", "8d"], ["APPEARED", "VANISHED"]),
        (["--since", "2026-11-10"], ["APPEARED", "VANISHED"]),
        (["--since", "o-test/2026-11-08T03-00-00Z"], ["APPEARED", "VANISHED"]),
    ],
)
def test_the_snapshot_before_or_the_one_that_was_named_is_compared_with(
    run: Run, store: Path, since: list[str], changed: list[str]
) -> None:
    code, out, _ = run("changes", "--store", store, *since, "--format", "json")

    assert code == 0
    assert list(json.loads(out)[0]) == schema.CHANGES.names
    assert happened(out) == [
        one
        for one in (
            ("APPEARED", "100000000002", "900000000002"),
            ("VANISHED", "100000000001", "900000000001"),
        )
        if one[0] in changed
    ]


def test_people_see_both_states_beside_each_other_and_what_it_comes_to(
    run: Run, store: Path
) -> None:
    _, out, err = run("changes", "--store", store, "--since", "30d")

    assert "100000000002  orders-prod" in out
    assert "Active → Closed" in out
    assert "Active → –" in out
    assert err.splitlines() == [
        "None is so old: the first is of 8 November 2026.",
        "1 mismatch appeared and 1 account vanished, from 8 November 2026 to 22 November 2026.",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--snapshot", "o-test/2026-11-08T03-00-00Z"], "no earlier snapshot"),
        (["--since", "o-test/2026-11-22T03-00-00Z"], "is not earlier than"),
        (["--since", "soon"], "neither the id of a snapshot nor an age"),
    ],
)
def test_what_there_is_nothing_to_compare_with_is_one_line(
    run: Run, store: Path, options: list[str], said: str
) -> None:
    code, out, err = run("changes", "--store", store, *options)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_links_worth_a_look_are_shown_and_the_others_counted(run: Run, store: Path) -> None:
    _, out, err = run("links", "--store", store)
    _, every, _ = run("links", "--store", store, "--all", "--format", "json")

    assert "100000000009" in out.splitlines()[1]
    assert out.splitlines()[2] == "1 row"
    assert err == ("1 of 2 account links is worth a look. 1 link is not shown: --all shows all.\n")
    assert [list(row) for row in json.loads(every)] == [schema.JUDGED_LINKS.names] * 2


def test_links_that_nobody_asked_for_are_not_said_to_be_none(run: Run, tmp_path: Path) -> None:
    Store(tmp_path).save(make_snapshot([SAME]))

    _, out, err = run("links", "--store", tmp_path)

    assert out.endswith("0 rows\n")
    assert "account links was not asked" in err
