"""Account: what AWS says now beside the snapshot, and nothing shown as fine that was not seen."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from emulated import a_pair, an_organization
from staged import Open, words, write_anew

from toolkit import schema
from toolkit.app.pages import ACCOUNT
from toolkit.aws import connect_local
from toolkit.emulator import Contact, Emulator, Link, Organization
from toolkit.runs import collect
from toolkit.store import Store


@pytest.fixture
def collected(own_accounts: Emulator, own_store: Path) -> Emulator:
    """The own accounts with a snapshot in which all of them agree."""
    aws = connect_local(own_accounts.url)
    collect(aws, own_store, link_regions=["us-east-1"], progress=None)
    aws.close()
    return own_accounts


def looked_up(open_page: Open, ids: str) -> str:
    page = open_page(ACCOUNT)
    page.text_area(key="accounts").set_value(ids).run()
    page.button(key="account-ask").click().run()
    assert not page.exception
    return words(page)


@pytest.mark.usefixtures("demo_store")
def test_on_the_demo_the_day_of_the_snapshot_answers(open_page: Open) -> None:
    page = open_page(ACCOUNT)
    page.button(key="account-suggest").click().run()
    page.button(key="account-ask").click().run()

    assert "All 5 accounts are as in the snapshot" in words(page)


@pytest.mark.usefixtures("demo_store")
def test_on_an_older_snapshot_of_the_demo_its_own_day_answers(open_page: Open) -> None:
    page = open_page(ACCOUNT)
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

    page = open_page(ACCOUNT)
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
    page = open_page(ACCOUNT)
    page.multiselect(key="account-regions").set_value(["us-east-1"])
    page.text_area(key="accounts").set_value("000000000011").run()
    page.button(key="account-ask").click().run()

    assert "Account links Linked with 000000000001 in us-east-1 none ≠ changed" in words(page)


def test_an_account_that_was_not_seen_is_never_as_in_the_snapshot(
    collected: Emulator, open_page: Open
) -> None:
    collected.change(denied_accounts={"000000000010"})

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
    collected.change(expire_after=0)
    page = open_page(ACCOUNT)
    page.text_area(key="accounts").set_value("000000000010").run()
    page.button(key="account-ask").click().run()
    assert "aws sso login --profile audit" in words(page)

    collected.change(expire_after=None)
    page.button(key="account-ask").click().run()

    assert "Looked up on" in words(page)
    assert "aws sso login" not in words(page)


@pytest.mark.usefixtures("collected")
def test_before_anything_is_typed_nothing_can_be_asked(open_page: Open) -> None:
    page = open_page(ACCOUNT)

    assert page.button(key="account-ask").disabled
    assert "No account has been looked up yet." in words(page)


def test_names_are_shown_as_the_text_they_are(
    own_accounts: Emulator, own_store: Path, open_page: Open
) -> None:
    name = "<b>bold</b> :material/x: $x$"
    own_accounts.organization = an_organization(replace(a_pair(10), name=name))
    aws = connect_local(own_accounts.url)
    collect(aws, own_store, link_regions="none", progress=None)
    aws.close()
    assert Store(own_store).load().accounts["name"].iloc[-1] == name

    assert name in looked_up(open_page, "000000000010")


CALLED = {"contact_type": "BILLING", "name": "Bill Payer", "phone": "+1 555 0100"}


def kept_contacts(store: Path) -> None:
    """Write whom to call about account 10 into the snapshot."""
    snapshot = Store(store).load()
    ended = {"outcome": "FOUND", "detail": None, "rows": 1}
    sources = {**snapshot.manifest.sources, "contacts": ended}
    rows = schema.coerce(schema.CONTACTS, [{"account_id": "000000000010", **CALLED}])
    write_anew(
        replace(snapshot, manifest=replace(snapshot.manifest, sources=sources)), contacts=rows
    )


def disagreeing(**records: Any) -> Organization:
    """Return the own accounts as account 10 disagrees by now."""
    return replace(an_organization(a_pair(10, "SUSPENDED"), a_pair(11)), **records)


@pytest.mark.usefixtures("collected")
def test_nobody_is_to_be_called_about_an_account_that_agrees(open_page: Open) -> None:
    page = open_page(ACCOUNT, accounts="000000000010")
    page.button(key="account-ask").click().run()

    assert "account-contacts" not in {button.key for button in page.button}


def test_whom_to_call_is_told_only_when_asked_for(
    collected: Emulator, own_store: Path, open_page: Open
) -> None:
    collected.organization = disagreeing()
    kept_contacts(own_store)
    page = open_page(ACCOUNT, accounts="000000000010")
    page.button(key="account-ask").click().run()
    assert not any("Bill" in str(element) for element in page.main)

    page.button(key="account-contacts").click().run()

    assert "Alternate contacts in the snapshot of" in words(page)
    assert "Billing Bill Payer, +1 555 0100" in words(page)


def test_whom_to_call_is_asked_now_where_the_snapshot_does_not_know(
    collected: Emulator, open_page: Open
) -> None:
    contact = Contact("000000000010", "SECURITY", "Sue", "Officer", "sue@mail.example", "+1 555")
    collected.organization = disagreeing(account_contacts=[contact])
    page = open_page(ACCOUNT, accounts="000000000010")
    page.button(key="account-ask").click().run()
    page.button(key="account-contacts").click().run()

    said = words(page)
    assert "Alternate contacts, asked on" in said
    assert "Security Sue, Officer, sue@mail.example, +1 555" in said
    assert "Billing None is set." in said


def test_contacts_that_are_denied_are_not_called_none(collected: Emulator, open_page: Open) -> None:
    collected.organization = disagreeing()
    collected.change(denied_operations={"GetAlternateContact"})
    page = open_page(ACCOUNT, accounts="000000000010")
    page.button(key="account-ask").click().run()
    page.button(key="account-contacts").click().run()

    assert "Billing AWS denied" in words(page)
    assert "None is set." not in words(page)


@pytest.mark.usefixtures("collected")
def test_an_account_shows_the_tags_of_the_snapshot(own_store: Path, open_page: Open) -> None:
    snapshot = Store(own_store).load()
    rows = [{"account_id": "000000000010", "key": "owner", "value": "ann"}]
    write_anew(snapshot, tags=schema.coerce(schema.TAGS, rows))

    assert "owner ann" in looked_up(open_page, "000000000010")
