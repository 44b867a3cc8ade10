"""Account: what AWS says now beside the snapshot, and nothing shown as fine that was not seen."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from emulated import a_pair, an_organization
from staged import Open, folded, only_read, words, write_anew

from toolkit import schema
from toolkit.app.pages import ACCOUNT
from toolkit.aws import connect_local
from toolkit.emulator import Contact, Emulator, Link, Organization
from toolkit.runs import collect
from toolkit.store import Store

HOSTILE = "<b>bold</b> :material/x: $x$"
CALLED = {"contact_type": "BILLING", "name": "Bill Payer", "phone": "+1 555 0100"}

AS_COLLECTED = an_organization(
    *(a_pair(number) for number in (10, 11)),
    a_pair(12, "PENDING_CLOSURE"),
    replace(a_pair(13), name=HOSTILE),
)


@pytest.fixture(scope="module")
def snapshot_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with a snapshot of the own accounts, collected once and to read alone."""
    folder = tmp_path_factory.mktemp("collected")
    with Emulator(AS_COLLECTED) as emulator, closing(connect_local(emulator.url)) as aws:
        collect(aws, folder, link_regions=["us-east-1"], progress=None)
    with only_read(folded(folder)):
        yield folder


@pytest.fixture(scope="module")
def knowing_store(snapshot_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same store, of which the snapshot knows the tags of account 10, and whom to call."""
    folder = tmp_path_factory.mktemp("knowing") / "store"
    shutil.copytree(snapshot_store, folder)
    snapshot = Store(folder).load()
    ended = {"outcome": "FOUND", "detail": None, "rows": 1}
    sources = {**snapshot.manifest.sources, "contacts": ended}
    write_anew(
        replace(snapshot, manifest=replace(snapshot.manifest, sources=sources)),
        contacts=schema.coerce(schema.CONTACTS, [{"account_id": "000000000010", **CALLED}]),
        tags=schema.coerce(
            schema.TAGS, [{"account_id": "000000000010", "key": "owner", "value": "ann"}]
        ),
    )
    with only_read(folded(folder)):
        yield folder


@pytest.fixture
def collected(
    own_accounts: Emulator, snapshot_store: Path, monkeypatch: pytest.MonkeyPatch
) -> Emulator:
    """The own accounts as they were when the snapshot of them was collected."""
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(snapshot_store))
    own_accounts.organization = AS_COLLECTED
    return own_accounts


@pytest.fixture
def known(collected: Emulator, knowing_store: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The same, where the snapshot knows tags and contacts."""
    monkeypatch.setenv("ACCOUNT_PAIRS_STORE", str(knowing_store))
    return collected


def looked_up(open_page: Open, ids: str) -> str:
    page = open_page(ACCOUNT)
    page.text_area(key="accounts").set_value(ids).run()
    page.button(key="account-ask").click().run()
    assert not page.exception
    return words(page)


@pytest.mark.usefixtures("shown_demo")
def test_on_the_demo_the_day_of_the_snapshot_answers(open_page: Open) -> None:
    page = open_page(ACCOUNT)
    page.button(key="account-suggest").click().run()
    page.button(key="account-ask").click().run()

    assert "All 5 accounts are as in the snapshot" in words(page)


@pytest.mark.usefixtures("shown_demo")
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


@pytest.mark.usefixtures("collected")
def test_a_closing_account_told_as_suspended_is_no_change(open_page: Open) -> None:
    said = looked_up(open_page, "000000000012")

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


@pytest.mark.usefixtures("collected")
def test_names_are_shown_as_the_text_they_are(open_page: Open, snapshot_store: Path) -> None:
    assert Store(snapshot_store).load().accounts["name"].iloc[-1] == HOSTILE

    assert HOSTILE in looked_up(open_page, "000000000013")


def disagreeing(**records: Any) -> Organization:
    """Return the own accounts as account 10 disagrees by now."""
    return replace(an_organization(a_pair(10, "SUSPENDED"), a_pair(11)), **records)


@pytest.mark.usefixtures("collected")
def test_nobody_is_to_be_called_about_an_account_that_agrees(open_page: Open) -> None:
    page = open_page(ACCOUNT, accounts="000000000010")
    page.button(key="account-ask").click().run()

    assert "account-contacts" not in {button.key for button in page.button}


def test_whom_to_call_is_told_only_when_asked_for(known: Emulator, open_page: Open) -> None:
    known.organization = disagreeing()
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


@pytest.mark.usefixtures("known")
def test_an_account_shows_the_tags_of_the_snapshot(open_page: Open) -> None:
    assert "owner ann" in looked_up(open_page, "000000000010")
