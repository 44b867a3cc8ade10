"""One list, one table: each further source asked alone, and what is raised where it is denied."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pandas as pd
import pytest
from emulated import Connect, FastClock, in_order, rows

from toolkit import fetch
from toolkit.emulator import Emulator, Organization, Switches, make_organization
from toolkit.errors import AccessDeniedError, AwsError, InputError

Fetch = Callable[..., pd.DataFrame]

LISTS: dict[str, tuple[Fetch, str]] = {
    "created": (fetch.fetch_created, "ListCreateAccountStatus"),
    "closures": (fetch.fetch_closures, "LookupEvents"),
    "tags": (fetch.fetch_tags, "GetResources"),
    "spend": (fetch.fetch_spend, "GetCostAndUsage"),
}


@pytest.fixture(scope="module")
def organization() -> Organization:
    return make_organization(60)


@pytest.fixture
def emulator(organization: Organization) -> Iterator[Emulator]:
    with Emulator(organization) as running:
        yield running


def clock(organization: Organization) -> FastClock:
    """Return a clock that shows noon of the organization's own day."""
    return FastClock(organization.now - timedelta(hours=12))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_alone_is_its_table(
    way: Connect, emulator: Emulator, organization: Organization, name: str
) -> None:
    table = LISTS[name][0](way(emulator), clock=clock(organization))
    assert len(table)
    assert rows(table) == in_order(getattr(organization, name)())


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_denied_is_raised_as_that(
    way: Connect, organization: Organization, name: str
) -> None:
    fetched, operation = LISTS[name]
    denied = Switches(denied_operations=[operation])
    with Emulator(organization, denied) as emulator, pytest.raises(AccessDeniedError):
        fetched(way(emulator), clock=clock(organization))


def test_who_is_told_of_no_tags_is_not_given_an_empty_table(
    way: Connect, emulator: Emulator
) -> None:
    with pytest.raises(AwsError, match="Only the management account of the organization"):
        fetch.fetch_tags(way(emulator, "delegated"))


def test_the_witness_alone_is_its_table(
    way: Connect, emulator: Emulator, organization: Organization
) -> None:
    table = fetch.fetch_witness(way(emulator, "govcloud"))
    assert rows(table) == in_order(organization.witness())


def test_a_witness_of_the_wrong_partition_is_refused(way: Connect, emulator: Emulator) -> None:
    with pytest.raises(InputError, match="are of commercial AWS"):
        fetch.fetch_witness(way(emulator))
    assert "ListAccounts" not in emulator.calls


def test_contacts_of_an_account_are_three_rows_each_told_or_said_to_be_none(
    way: Connect, emulator: Emulator, organization: Organization
) -> None:
    known = organization.contacts()
    account = known[0]["account_id"]
    table = fetch.fetch_contacts(way(emulator), [account])
    assert list(table["contact_type"]) == ["BILLING", "OPERATIONS", "SECURITY"]
    told = table[table["detail"].isna()].drop(columns="detail")
    assert rows(told) == in_order([row for row in known if row["account_id"] == account])
    assert set(table["detail"].dropna()) <= {"None is set."}


def test_an_id_that_is_none_is_refused_before_contacts_are_asked(way: Connect) -> None:
    with Emulator(make_organization(5)) as emulator:
        aws = way(emulator)
        with pytest.raises(InputError):
            fetch.fetch_contacts(aws, ["12"])
        assert not emulator.calls
