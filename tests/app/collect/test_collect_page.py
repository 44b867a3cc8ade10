"""Collect: who asks is shown first; a run goes on without its page, and is stopped and resumed."""

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import patience
import pytest
from emulated import a_pair, an_organization
from patience import LONG
from staged import Open, has, words
from streamlit.testing.v1 import AppTest

from toolkit.app import runs
from toolkit.app.pages import COLLECT
from toolkit.app.runs import Run
from toolkit.emulator import Account, Emulator
from toolkit.fetch.journal import Journal
from toolkit.runs import Progress
from toolkit.store import Snapshot, Store
from toolkit.titles import day

OWN = "Your own accounts"


def checked(open_page: Open, profile: str = "audit", *, where: str = "None") -> AppTest:
    """Check what a profile may ask; unless told where, links are looked for in no Region."""
    page = open_page(COLLECT)
    page.selectbox(key="collect-profile").set_value(profile)
    page.segmented_control(key="collect-where").set_value(where)
    return page.button(key="collect-check").click().run()


def has_begun(store: Path, *, answers: int = 1) -> Run:
    """Wait until the store's run has so many answers, and return it."""
    run = runs.find(Store(store))
    assert run
    patience.until(lambda: run.progress and run.progress.done >= answers)
    return run


def ended(page: AppTest, store: Path) -> Run:
    """Wait for the end of the store's run; only then look at the page again."""
    run = runs.find(Store(store))
    assert run
    assert run.ended.wait(LONG)
    page.run()
    return run


def test_the_demo_shows_who_asks_before_anything_is_collected(
    shown_demo: Path, open_page: Open
) -> None:
    page = open_page(COLLECT)

    assert "Asked by the management account" in words(page)
    assert "No permission is missing." in words(page)
    assert has(page, "collect-start")
    assert len(Store(shown_demo).snapshots()) == 2


def test_a_run_is_the_same_in_every_tab_goes_on_without_one_and_asks_for_the_witness_too(
    demo_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO_RATE", "60")
    first = open_page(COLLECT)
    first.button(key="collect-start").click().run()

    second = open_page(COLLECT)

    assert "Collecting the demo organization" in words(first)
    assert "Collecting the demo organization" in words(second)
    assert not has(second, "collect-start")
    ended(second, demo_store)
    assert has(second, "run-show")
    assert "Collected 120 accounts" in words(second)
    assert "Collected 120 accounts" in words(first.run())
    snapshot = Store(demo_store).load()
    assert len(Store(demo_store).snapshots()) == 3
    assert snapshot.was_seen("witness")
    assert len(snapshot.witness) > 0


def test_a_stopped_run_keeps_its_answers_and_resumes_to_a_whole_snapshot(
    demo_store: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO_RATE", "40")
    page = open_page(COLLECT)
    page.button(key="collect-start").click().run()
    run = has_begun(demo_store, answers=11)
    page.run()
    assert "Looked up" in [figure.label for figure in page.metric]
    page.button(key="run-stop").click().run()
    ended(page, demo_store)

    assert "You stopped this collection." in words(page)
    assert "Every answer so far is kept" in words(page)
    assert run.progress
    assert 10 < run.progress.done < 120

    monkeypatch.setenv("ACCOUNT_PAIRS_DEMO_RATE", "2000")
    page.button(key="run-resume").click().run()
    resumed = ended(page, demo_store).manifest
    assert has(page, "run-show")
    assert resumed
    assert resumed.accounts == sum(resumed.outcomes.values()) == 120
    assert resumed.calls < 2 * 120


@pytest.mark.usefixtures("own_accounts")
def test_show_it_selects_the_snapshot_that_was_collected(own_store: Path, open_page: Open) -> None:
    page = checked(open_page, where="All with WorkSpaces")
    page.button(key="collect-start").click().run()
    manifest = ended(page, own_store).manifest
    assert manifest
    assert len(manifest.regions) > 1
    taken = manifest.taken
    page.button(key="run-show").click().run()

    assert page.session_state["snapshot"] == f"{taken:%Y-%m-%d %H:%M}"
    assert f"Snapshot of {day(taken)}, {taken:%H:%M} UTC" in words(page)
    assert runs.find(Store(own_store)) is None


def test_own_accounts_are_not_collected_before_the_check(
    own_accounts: Emulator, open_page: Open
) -> None:
    page = open_page(COLLECT)

    assert not has(page, "collect-start")
    assert own_accounts.calls.total() == 0
    page.button(key="collect-check").click().run()
    assert has(page, "collect-start")
    assert "000000000001" in words(page)


def test_a_missing_permission_is_named_with_what_goes_without_it(
    own_accounts: Emulator, open_page: Open
) -> None:
    own_accounts.change(denied_operations={"DescribeOrganizationalUnit"})

    page = checked(open_page)

    assert "Missing permission: organizations:DescribeOrganizationalUnit" in words(page)
    assert "Organizational units are shown by their ids." in words(page)


@pytest.mark.usefixtures("own_accounts")
def test_a_member_account_is_told_that_it_sees_its_own_pair_only_and_why(open_page: Open) -> None:
    page = checked(open_page, "member")

    assert "a member account: it sees its own pair only" in words(page)
    assert "This account alone can be asked: it is a member account" in words(page)
    assert "Missing permission: organizations:ListAccounts" in words(page)
    assert "DescribeOrganizationalUnit" not in words(page)
    assert has(page, "collect-start")


def test_what_would_deny_every_look_up_is_shown_and_nothing_can_be_started(
    own_accounts: Emulator, open_page: Open
) -> None:
    command = "aws organizations enable-aws-service-access"
    own_accounts.change(trusted_access=False)
    page = checked(open_page)

    assert command in words(page)
    assert "Missing permission" not in words(page)
    assert not has(page, "collect-start")

    own_accounts.change(trusted_access=True)
    page.button(key="collect-check").click().run()

    assert command not in words(page)
    assert has(page, "collect-start")


def test_an_expired_login_names_the_command_and_works_again_without_a_restart(
    own_accounts: Emulator, open_page: Open
) -> None:
    own_accounts.change(expire_after=0)
    page = checked(open_page)
    assert "aws sso login --profile audit" in words(page)
    assert not has(page, "collect-start")

    own_accounts.change(expire_after=None)
    page.button(key="collect-check").click().run()

    assert has(page, "collect-start")
    assert "aws sso login" not in words(page)


def test_a_login_that_expires_in_mid_run_is_resumed_after_a_new_one(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    page = checked(open_page)
    own_accounts.change(rate=5, burst=1)
    page.button(key="collect-start").click().run()
    has_begun(own_store)
    own_accounts.change(expire_after=0)
    ended(page, own_store)
    assert "aws sso login --profile audit" in words(page)

    own_accounts.change(expire_after=None, rate=None)
    page.button(key="run-resume").click().run()

    ended(page, own_store)
    assert has(page, "run-show")
    assert Store(own_store).load().govcloud["outcome"].eq("FOUND").sum() == 10


def test_a_refused_start_can_be_tried_again(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    page = checked(open_page)
    own_accounts.change(expire_after=0)
    page.button(key="collect-start").click().run()
    ended(page, own_store)

    assert has(page, "run-resume")
    assert "Could not collect the accounts of audit" in words(page)
    page.button(key="run-away").click().run()
    assert has(page, "collect-check")


def test_another_process_that_collects_into_the_store_is_said_to(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    page = checked(open_page)
    with closing(Journal(own_store / "journal", own_accounts.organization.organization_id)):
        page.button(key="collect-start").click().run()
        ended(page, own_store)
        assert "Another collection of this organization is writing" in words(page)

    page.button(key="run-resume").click().run()
    ended(page, own_store)
    assert has(page, "run-show")


def test_a_run_that_broke_is_told_by_the_error_boundary_and_leaves_the_page_usable(
    own_store: Path, open_page: Open
) -> None:
    def slip(
        progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool
    ) -> Snapshot:
        raise ZeroDivisionError(f"{progress} {stop} {fresh}")

    page = open_page(COLLECT)
    runs.start(Store(own_store), "ours", slip)
    assert runs.find(Store(own_store)).ended.wait(LONG)
    page.run()
    assert "Something in the app itself went wrong" in words(page)

    page.run()
    assert has(page, "collect-check")


@pytest.mark.usefixtures("own_accounts")
def test_a_wrong_id_in_a_file_is_named_and_only_the_accounts_of_a_right_one_are_asked_about(
    own_store: Path, open_page: Open
) -> None:
    page = checked(open_page)
    page.file_uploader(key="collect-file").set_value(("mine.txt", b"12\n", "text/plain")).run()
    assert "mine.txt, line 1: '12' is not an account id." in words(page)
    assert not has(page, "collect-start")

    page.file_uploader(key="collect-file").set_value(
        ("mine.txt", b"000000000010\n000000000012\n", "text/plain")
    ).run()
    assert "2 accounts of mine.txt" in words(page)
    page.button(key="collect-start").click().run()
    ended(page, own_store)

    assert Store(own_store).load().govcloud["account_id"].tolist() == [
        "000000000010",
        "000000000012",
    ]


@pytest.mark.usefixtures("own_accounts")
def test_choosing_no_region_is_said_before_the_start(open_page: Open) -> None:
    page = checked(open_page, where="Only these")

    assert "No Region is chosen." in words(page)
    assert not has(page, "collect-start")


@pytest.mark.usefixtures("own_store")
def test_without_credentials_one_sentence_says_so(open_page: Open) -> None:
    page = open_page(COLLECT)
    page.button(key="collect-check").click().run()

    assert "There are no AWS credentials." in words(page)


def test_an_unfinished_run_is_offered_to_go_on_with_or_to_forget(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    page = checked(open_page)
    own_accounts.change(rate=5, burst=1)
    page.button(key="collect-start").click().run()
    has_begun(own_store).stop()
    ended(page, own_store)
    page.button(key="run-away").click().run()
    assert "An unfinished collection is kept in this folder." in words(page)

    own_accounts.change(rate=None)
    page.checkbox(key="collect-fresh").check().run()
    page.button(key="collect-start").click().run()

    manifest = ended(page, own_store).manifest
    assert manifest
    assert manifest.accounts == 12


def with_govcloud(page: AppTest, profile: str, *, first: str = "audit") -> AppTest:
    """Choose both profiles, and check what they may ask."""
    page.selectbox(key="collect-profile").set_value(first)
    page.selectbox(key="collect-govcloud").set_value(profile)
    page.segmented_control(key="collect-where").set_value("None")
    return page.button(key="collect-check").click().run()


def test_a_second_profile_is_checked_and_the_list_that_it_gives_is_collected(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    members = (Account("600000000001", "gov management"), Account("900000000010", "gov 10"))
    own_accounts.organization = replace(an_organization(a_pair(10)), govcloud_accounts=members)
    page = with_govcloud(open_page(COLLECT), "govcloud")

    assert "arn:aws-us-gov:iam::600000000001:user/analyst, AWS GovCloud (US)" in words(page)
    assert "Partition commercial AWS" in words(page)

    page.button(key="collect-start").click().run()
    ended(page, own_store)
    snapshot = Store(own_store).load()
    assert set(snapshot.witness["govcloud_account_id"]) == {"600000000001", "900000000010"}
    assert {"created", "closures", "tags"} < set(snapshot.manifest.sources)
    assert not {"spend", "contacts"} & set(snapshot.manifest.sources)


@pytest.mark.usefixtures("own_accounts")
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("audit", "member", "only AWS GovCloud (US) tells what is in the GovCloud organization"),
        ("govcloud", "audit", "only commercial AWS tells which accounts are paired"),
    ],
)
def test_profiles_the_wrong_way_round_are_one_sentence_and_nothing_can_start(
    open_page: Open, first: str, second: str, said: str
) -> None:
    page = with_govcloud(open_page(COLLECT), second, first=first)

    assert said in words(page)
    assert not has(page, "collect-start")
    assert not page.exception


@pytest.mark.usefixtures("own_accounts")
def test_what_the_cost_costs_is_said_before_it_is_asked(own_store: Path, open_page: Open) -> None:
    page = checked(open_page)
    assert page.multiselect(key="collect-sources").value == ["created", "closures", "tags"]
    assert "AWS charges" not in words(page)

    page.multiselect(key="collect-sources").set_value(["spend"]).run()
    assert "AWS charges $0.01 for each request to Cost Explorer" in words(page)

    page.button(key="collect-start").click().run()
    ended(page, own_store)
    sources = Store(own_store).load().manifest.sources
    assert "spend" in sources
    assert not {"tags", "created", "witness"} & set(sources)
