"""Account: what AWS says now beside the snapshot, and nothing shown as fine that was not seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from emulated import a_pair, an_organization
from staged import Open, demo_store, open_page, own_accounts, own_store, small_demo, words

from toolkit.app.account import account_ids
from toolkit.aws import connect_local
from toolkit.runs import collect
from toolkit.emulator import Emulator, Link
from toolkit.store import load_snapshot

__all__ = ["demo_store", "open_page", "own_accounts", "own_store", "small_demo"]


@pytest.fixture
def collected(own_accounts: Emulator, own_store: Path) -> Emulator:
    """The own accounts with a snapshot in which all of them agree."""
    aws = connect_local(own_accounts.url)
    collect(aws, own_store, link_regions=["us-east-1"], progress=None)
    aws.close()
    return own_accounts


def looked_up(open_page: Open, ids: str) -> str:
    page = open_page("account")
    page.text_area(key="accounts").set_value(ids).run()
    page.button(key="account-ask").click().run()
    assert not page.exception
    return words(page)


@pytest.mark.usefixtures("demo_store")
def test_on_the_demo_the_day_of_the_snapshot_answers(open_page: Open) -> None:
    page = open_page("account")
    page.button(key="account-suggest").click().run()
    page.button(key="account-ask").click().run()

    assert "All 5 accounts are as in the snapshot" in words(page)


@pytest.mark.usefixtures("demo_store")
def test_on_an_older_snapshot_of_the_demo_its_own_day_answers(open_page: Open) -> None:
    page = open_page("account")
    picker = page.selectbox(key="snapshot")
    picker.set_value(picker.options[-1]).run()
    page.button(key="account-suggest").click().run()
    page.button(key="account-ask").click().run()

    assert "All 5 accounts are as in the snapshot" in words(page)


def test_what_changed_since_the_snapshot_is_marked(collected: Emulator, open_page: Open) -> None:
    collected.organization = an_organization(
        a_pair(10, "SUSPENDED"),
        a_pair(11),
    )

    page = open_page("account")
    page.text_area(key="accounts").set_value("000000000010").run()
    page.button(key="account-ask").click().run()

    assert "The account is changed since the snapshot" in words(page)
    assert "Standard state Suspended Active ≠ changed" in words(page)
    assert "Verdict High mismatch Match ≠ changed" in words(page)
    assert "GovCloud state Active Active as then" in words(page)


def test_a_new_link_is_a_change_in_the_regions_that_were_asked(
    collected: Emulator, open_page: Open
) -> None:
    collected.organization = an_organization(
        a_pair(11),
        links=(Link("link-aaaaaaaa", "LINKED", "000000000001", "000000000011", "us-east-1"),),
    )
    page = open_page("account")
    page.multiselect(key="account-regions").set_value(["us-east-1"])
    page.text_area(key="accounts").set_value("000000000011").run()
    page.button(key="account-ask").click().run()

    assert "Account links Linked with 000000000001 in us-east-1 none ≠ changed" in words(page)


def test_an_account_that_was_not_seen_is_never_as_in_the_snapshot(
    collected: Emulator, open_page: Open
) -> None:
    collected.switches.denied_accounts.add("000000000010")

    said = looked_up(open_page, "000000000010")

    assert "The account is not to be compared" in said
    assert "GovCloud state not seen Active cannot be told" in said
    assert "GetGovCloudAccountInformation: AWS denied" in said


def test_an_account_that_the_snapshot_lacks_is_said_to_be_so(
    collected: Emulator, open_page: Open
) -> None:
    collected.organization = an_organization(a_pair(77))

    said = looked_up(open_page, "000000000077")

    assert "The account is not in the snapshot" in said
    assert "This snapshot does not have the account." in said


def test_a_closing_account_told_as_suspended_is_no_change(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    own_accounts.organization = an_organization(a_pair(10, "PENDING_CLOSURE"))
    aws = connect_local(own_accounts.url)
    collect(aws, own_store, link_regions=["us-east-1"], progress=None)
    aws.close()

    said = looked_up(open_page, "000000000010")

    assert "Standard state Pending closure Pending closure as then" in said


@pytest.mark.usefixtures("collected")
def test_wrong_ids_are_named_and_the_others_looked_up(open_page: Open) -> None:
    said = looked_up(open_page, "000000000010; 12 0000-0000-0011\nabc")

    assert "'12', 'abc' are not account ids of 12 digits; the others are looked up." in said
    assert "All 2 accounts" in said


def test_an_expired_login_is_one_sentence_and_works_again(
    collected: Emulator, open_page: Open
) -> None:
    collected.expire_credentials()
    page = open_page("account")
    page.text_area(key="accounts").set_value("000000000010").run()
    page.button(key="account-ask").click().run()
    assert "aws sso login --profile audit" in words(page)

    collected.renew_credentials()
    page.button(key="account-ask").click().run()

    assert "Looked up on" in words(page)
    assert "aws sso login" not in words(page)


@pytest.mark.usefixtures("collected")
def test_before_anything_is_typed_nothing_can_be_asked(open_page: Open) -> None:
    page = open_page("account")

    assert page.button(key="account-ask").disabled
    assert "No account has been looked up yet." in words(page)


@pytest.mark.usefixtures("own_store")
def test_a_store_without_a_snapshot_says_so(open_page: Open) -> None:
    assert "No snapshot here yet" in words(open_page("account"))


def test_names_are_shown_as_the_text_they_are(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    name = "<b>bold</b> :material/x: $x$"
    own_accounts.organization = an_organization(replace(a_pair(10), name=name))
    aws = connect_local(own_accounts.url)
    collect(aws, own_store, link_regions="none", progress=None)
    aws.close()
    assert load_snapshot(own_store).accounts["name"].iloc[-1] == name

    assert name in looked_up(open_page, "000000000010")


@pytest.mark.parametrize(
    "text",
    [
        "111111111111 222222222222",
        "111111111111,222222222222",
        "111111111111\n222222222222\n111111111111",
        "'111111111111';\"222222222222\"|",
        "1111-1111-1111\t2222 2222 2222",
        "[111111111111, 222222222222]",
    ],
)
def test_ids_are_read_from_any_separators(text: str) -> None:
    assert account_ids.read(text) == (["111111111111", "222222222222"], [])


def test_leading_zeros_stay_and_what_is_no_id_is_kept_to_be_named() -> None:
    assert account_ids.read("000000000042 42 １１１１１１１１１１１１") == (
        ["000000000042"],
        ["42", "１１１１１１１１１１１１"],
    )


@pytest.mark.parametrize(
    ("wrong", "good", "said"),
    [
        (["12"], 0, "'12' is not an account id of 12 digits."),
        (["12"], 1, "'12' is not an account id of 12 digits; the other is looked up."),
        (["1", "2"], 3, "'1', '2' are not account ids of 12 digits; the others are looked up."),
    ],
)
def test_a_complaint_is_one_sentence(wrong: list[str], good: int, said: str) -> None:
    assert account_ids.complaint(wrong, good) == said


def test_a_complaint_names_the_first_few_of_many() -> None:
    said = account_ids.complaint([str(number) for number in range(12)], 0)

    assert said == "'0', '1', '2', '3', '4' and 7 more are not account ids of 12 digits."
