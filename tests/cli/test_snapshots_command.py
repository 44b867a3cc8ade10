"""`snapshots`: what a store holds, and pruning it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from bucketed import Behind, contents, refusal
from misbehaving import Answer, Asked
from reported import make_snapshot

from toolkit.analysis import trend_of
from toolkit.fleet import counts, overview
from toolkit.spells import spells_of
from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]

OLD, WEEKLY, NEW = "2026-01-14", "2026-01-15", "2026-11-22"


def a_day(day: str, state: str = "ACTIVE", **facts: object) -> object:
    """Make a snapshot of one pair, whose GovCloud account was in that state."""
    row = ("100000000001", "one", None, "CLOSED", state)
    return make_snapshot([row], day=day, **facts)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with three snapshots, two of them of one week."""
    made = Store(tmp_path / "store")
    for day, state in ((OLD, "CLOSED"), (WEEKLY, "ACTIVE"), (NEW, "ACTIVE")):
        made.save(a_day(day, state))
    return made


def id_of(day: str, organization: str = "o-test") -> str:
    return f"{organization}/{day}T03-00-00Z"


def files(store: Store) -> list[str]:
    root = Path(str(store))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


GOING = f"{id_of(OLD)}  of that week, {WEEKLY} 03:00 UTC stays\n"


def test_what_a_rule_does_not_keep_is_shown_and_nothing_is_removed_without_the_word(
    run: Run, store: Store
) -> None:
    before = files(store)
    code, out, err = run("snapshots", "--store", store, "--prune", "default")

    assert code == 0
    assert out == (
        GOING
        + "1 of 3 snapshots would go, 2 stay.\n"
        + "Nothing was removed. To remove them, say the same with --yes.\n"
    )
    assert err == ""
    assert run("snapshots", "--store", store, "--prune", "default", "--dry-run") == (
        0,
        GOING + "1 of 3 snapshots would go, 2 stay.\n",
        "",
    )
    assert files(store) == before


def test_with_the_word_it_is_removed_and_then_nothing_is_left_to_remove(
    run: Run, store: Store
) -> None:
    asked = ("snapshots", "--store", store, "--prune", "default", "--yes")
    assert run(*asked) == (0, "1 snapshot was removed, 2 stay.\n", "")
    assert store.ids() == [id_of(WEEKLY), id_of(NEW)]
    assert not [name for name in files(store) if OLD in name]
    assert run(*asked) == (0, "0 snapshots were removed, 2 stay.\n", "")


def test_what_is_known_then_is_what_the_remaining_snapshots_tell(
    run: Run, store: Store, tmp_path: Path
) -> None:
    fresh = Store(tmp_path / "fresh")
    for day in (WEEKLY, NEW):
        fresh.save(a_day(day))
    # What is kept of the snapshots is kept before, and must not outlive them.
    assert f"{spells_of(store, 'o-test').times[0]:%Y-%m-%d}" == OLD
    assert counts(store)["taken"].nunique() == overview(store).table["snapshots"].item() == 3
    run("snapshots", "--store", store, "--prune", "default", "--yes")

    after, wanted = spells_of(store, "o-test"), spells_of(fresh, "o-test")
    pd.testing.assert_index_equal(after.times, wanted.times)
    pd.testing.assert_frame_equal(after.accounts, wanted.accounts)
    pd.testing.assert_frame_equal(trend_of(after), trend_of(wanted))
    pd.testing.assert_frame_equal(overview(store).table, overview(fresh).table)
    pd.testing.assert_frame_equal(counts(store), counts(fresh))
    assert [f"{began:%Y-%m-%d}" for began in after.accounts["began"]] == [WEEKLY]


def test_snapshots_of_one_organization_alone_are_listed_and_pruned(run: Run, store: Store) -> None:
    for day in (OLD, WEEKLY):
        store.save(a_day(day, organization="o-other"))
    named = ("snapshots", "--store", store, "--organization", "o-other")

    assert "2 rows" in run(*named)[1]
    assert run(*named, "--prune", "monthly", "--yes")[1] == "1 snapshot was removed, 1 stays.\n"
    assert store.ids() == [
        id_of(OLD),
        id_of(WEEKLY, "o-other"),
        id_of(WEEKLY),
        id_of(NEW),
    ]


def test_what_cannot_be_read_is_named_and_left_alone(run: Run, store: Store) -> None:
    manifest = Path(str(store)) / f"runs/organization=o-test/taken={OLD}T03-00-00Z.json"
    manifest.write_text("{", encoding="utf-8")
    code, out, err = run("snapshots", "--store", store, "--prune", "all:1d", "--yes")

    assert code == 0
    assert out == "1 snapshot was removed, 2 stay, of which 1 cannot be read.\n"
    assert err.startswith("Left out: ")
    assert store.ids() == [id_of(OLD), id_of(NEW)]


def test_an_error_in_the_middle_says_what_was_removed_and_what_was_not(
    run: Run, store: Store
) -> None:
    for day in ("2026-01-16", "2026-01-17"):
        store.save(a_day(day))
    # A folder where a file should be: nobody may remove that, root neither.
    part = Path(str(store)) / f"accounts/organization=o-test/taken={WEEKLY}T03-00-00Z/part.parquet"
    part.unlink()
    (part / "in").mkdir(parents=True)
    code, out, err = run("snapshots", "--store", store, "--prune", "monthly", "--yes")

    assert (code, out) == (1, "")
    assert err.startswith(
        f"1 of 3 snapshots was removed. {id_of(WEEKLY)} was not, or not wholly, and neither was"
        f" 1 more: {id_of(WEEKLY)} cannot be removed: "
    )
    assert store.ids() == [id_of("2026-01-16"), id_of("2026-01-17"), id_of(NEW)]


def test_a_bucket_is_pruned_as_a_folder_is_and_it_says_which_permission_that_needs(
    run: Run, between: Behind
) -> None:
    denials = [2]  # the first removes a manifest, and the second would a table

    def deny(asked: Asked) -> Answer | None:
        if asked.operation == "DeleteObject" and asked.times in denials:
            return refusal("AccessDenied")
        return None

    store, server = between(deny)
    for day in (OLD, WEEKLY, "2026-01-16", NEW):
        store.save(a_day(day))
    # The keys that the fixture of commands has are taken by this server as well.
    asked = ("snapshots", "--store", store, "--prune", "default", "--yes")
    code, out, err = run(*asked)
    assert (code, out) == (1, "")
    assert err.startswith(
        f"0 of 2 snapshots were removed. {id_of(OLD)} was not, or not wholly, and neither was"
        " 1 more: "
    )
    assert err.endswith(" It needs the permission s3:DeleteObject.\n")
    assert err.count("\n") == 1
    # The manifest went first: nobody meets half a snapshot.
    assert next(one.key for one in server.requests if one.operation == "DeleteObject").endswith(
        f"runs/organization=o-test/taken={OLD}T03-00-00Z.json"
    )
    assert store.ids() == [id_of(WEEKLY), id_of("2026-01-16"), id_of(NEW)]

    assert run(*asked) == (0, "1 snapshot was removed, 2 stay.\n", "")
    assert not [key for key in contents(store) if WEEKLY in key]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--prune", "30d"], "'30d' is no rule of what to keep"),
        (["--yes"], "Nothing says what is to be kept. Name a rule: --prune default"),
        (["--dry-run"], "Nothing says what is to be kept."),
        (["--prune", "default", "--dry-run", "--yes"], "not allowed with argument"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_removes_nothing(
    run: Run, store: Store, asked: list[str], said: str
) -> None:
    code, out, err = run("snapshots", "--store", store, *asked)

    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert len(store.ids()) == 3
