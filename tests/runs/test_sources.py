"""The sources beside the pairs: each with its table and its outcome, and never in the way."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from emulated import Connect, FastClock, in_order, rows

from toolkit.aws import Aws
from toolkit.dispatch import Clock
from toolkit.emulator import Emulator, Organization, Switches, make_organization
from toolkit.errors import CredentialsError, InputError
from toolkit.fetch import FURTHER
from toolkit.runs import collect
from toolkit.runs.settings import chosen_sources
from toolkit.store import Snapshot, load_snapshot

FAST: dict[str, Any] = {"rate": 5_000.0, "link_regions": "none", "progress": None}
ALL = [name for name in FURTHER if name != "links"]
TABLES = ("witness", "created", "closures", "tags", "spend", "contacts")


@pytest.fixture(scope="module")
def organization() -> Organization:
    return make_organization(40)


@pytest.fixture(scope="module")
def larger() -> Organization:
    """One whose every list has more than a page."""
    return make_organization(120)


def second(way: Connect, emulator: Emulator) -> Aws:
    """Return the way to the GovCloud organization of the emulator."""
    return way(emulator, "govcloud").in_govcloud()


def everything(way: Connect, emulator: Emulator, store: Path, **options: Any) -> Snapshot:
    """Collect with every source there is."""
    usual = {"sources": ALL, "clock": FastClock(noon(emulator)), **FAST}
    return collect(way(emulator), store, **(usual | {"govcloud": second(way, emulator)} | options))


def noon(emulator: Emulator) -> Any:
    """Return noon of the organization's own day."""
    return pd.Timestamp(emulator.organization.day, tz="UTC").to_pydatetime() + pd.Timedelta("12h")


def truth(organization: Organization, name: str) -> list[dict[str, Any]]:
    return in_order(getattr(organization, name)())


def test_every_table_is_what_the_organization_knows(
    way: Connect, tmp_path: Path, larger: Organization
) -> None:
    with Emulator(larger, Switches(empty_pages=True)) as emulator:
        snapshot = everything(way, emulator, tmp_path)
    for name in TABLES[:5]:
        assert rows(snapshot.table(name)) == truth(larger, name), name
        assert snapshot.manifest.sources[name]["outcome"] == "FOUND"
        assert len(snapshot.table(name)), name
    manifest = load_snapshot(tmp_path).manifest
    assert manifest.govcloud_organization_id == larger.govcloud_organization_id
    assert rows(load_snapshot(tmp_path).tags) == rows(snapshot.tags)


def test_contacts_are_those_of_accounts_whose_states_differ_and_of_no_other(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization) as emulator:
        contacts = everything(way, emulator, tmp_path, sources="contacts").contacts
    differ = {
        row["account_id"]
        for row in organization.pairs()
        if row["govcloud_state"] not in (None, row["standard_state"])
    }
    assert set(contacts["account_id"]) == differ
    assert len(contacts) == 3 * len(differ)
    known = [row for row in organization.contacts() if row["account_id"] in differ]
    set_ones = contacts[contacts["detail"].isna()]
    assert rows(set_ones, "detail") == in_order(known)
    assert set(contacts["detail"].dropna()) == {"None is set."}


def test_the_default_leaves_out_what_costs_money_and_whom_to_call(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization) as emulator:
        govcloud = second(way, emulator)
        snapshot = collect(way(emulator), tmp_path, govcloud=govcloud, **FAST)
        assert "GetCostAndUsage" not in emulator.calls
        assert "GetAlternateContact" not in emulator.calls
    asked = ["accounts", "govcloud", "witness", "created", "closures", "tags"]
    assert list(snapshot.manifest.sources) == asked


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("none", []),
        ("all", ["links", "created", "closures", "tags", "spend", "contacts"]),
        ("default,spend", ["links", "created", "closures", "tags", "spend"]),
        ([], []),
        (["tags", "closures"], ["closures", "tags"]),
    ],
)
def test_sources_are_named_as_one_likes(given: str | list[str], asked: list[str]) -> None:
    assert list(chosen_sources(given, with_witness=False)) == asked


def test_the_sources_that_are_named_are_those_that_are_asked(way: Connect, tmp_path: Path) -> None:
    with Emulator(make_organization(5)) as emulator:
        snapshot = collect(way(emulator), tmp_path, sources=["tags", "closures"], **FAST)
    assert list(snapshot.manifest.sources) == ["accounts", "govcloud", "closures", "tags"]


def test_a_name_that_is_no_source_is_refused_before_anything_is_asked(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(make_organization(5)) as emulator:
        with pytest.raises(InputError, match="'tag' is no source"):
            collect(way(emulator), tmp_path, sources="tag", **FAST)
        with pytest.raises(InputError, match="needs a login of the GovCloud organization"):
            collect(way(emulator), tmp_path, sources="witness", **FAST)
        assert not emulator.calls


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("created", "ListCreateAccountStatus"),
        ("closures", "LookupEvents"),
        ("tags", "GetResources"),
        ("spend", "GetCostAndUsage"),
        ("contacts", "GetAlternateContact"),
    ],
)
def test_a_source_that_is_denied_is_said_once_and_costs_the_run_nothing(
    way: Connect, tmp_path: Path, organization: Organization, name: str, operation: str
) -> None:
    with Emulator(organization, Switches(denied_operations=[operation])) as emulator:
        snapshot = everything(way, emulator, tmp_path)
        if name != "contacts":  # those in flight with the first are denied, too
            assert emulator.calls[operation] == 1
    ended = snapshot.manifest.sources[name]
    assert ended["outcome"] == "ACCESS_DENIED"
    assert f"AWS denied {'account ' if name == 'contacts' else ''}" in ended["detail"]
    assert not snapshot.was_seen(name)
    assert snapshot.table(name)["account_id"].notna().sum() == 0 or name == "contacts"
    others = set(TABLES) - {name}
    assert {snapshot.manifest.sources[one]["outcome"] for one in others} == {"FOUND"}
    assert snapshot.manifest.not_seen == 0


def test_a_witness_that_is_denied_ends_nothing(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization) as emulator:
        member = way(emulator, "govcloudmember").in_govcloud()
        snapshot = everything(way, emulator, tmp_path, govcloud=member)
    ended = snapshot.manifest.sources["witness"]
    assert ended["outcome"] == "ACCESS_DENIED"
    assert snapshot.witness.empty
    assert snapshot.manifest.govcloud_organization_id is None
    assert snapshot.manifest.accounts == len(organization.accounts)


def test_a_login_of_the_wrong_partition_is_named_before_anything_is_listed(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(make_organization(5)) as emulator:
        with pytest.raises(InputError, match="are of commercial AWS, and only AWS GovCloud"):
            collect(way(emulator), tmp_path, govcloud=way(emulator), **FAST)
        govcloud = second(way, emulator)
        with pytest.raises(InputError, match=r"are of AWS GovCloud \(US\), and only commercial"):
            collect(govcloud, tmp_path, govcloud=govcloud, **FAST)
        assert set(emulator.calls) == {"GetCallerIdentity"}


def test_expired_credentials_of_the_witness_are_said_before_the_run(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(make_organization(5)) as emulator:
        expired = way(emulator, "govcloud-expired").in_govcloud()
        with pytest.raises(CredentialsError, match="have expired"):
            collect(way(emulator), tmp_path, govcloud=expired, **FAST)
        assert "ListAccounts" not in emulator.calls


def test_throttles_faults_and_expired_tokens_change_nothing_of_the_truth(
    way: Connect, tmp_path: Path, larger: Organization
) -> None:
    switches = Switches(
        rate={"ListCreateAccountStatus": 20.0, "GetResources": 5.0, "GetCostAndUsage": 2.0},
        burst=1.0,
        faults={"500": 0.1, "reset": 0.05},
        empty_pages=True,
        expired_tokens=2,
    )
    with Emulator(larger, switches) as emulator:
        # A quota fills in real time alone.
        snapshot = everything(way, emulator, tmp_path, clock=Clock(noon(emulator)))
    for name in TABLES[:5]:
        assert snapshot.manifest.sources[name]["outcome"] == "FOUND", snapshot.manifest.sources
        assert rows(snapshot.table(name)) == truth(larger, name), name


def test_only_the_management_account_is_told_of_closures_tags_and_spend(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization) as emulator:
        snapshot = collect(way(emulator, "delegated"), tmp_path, sources="all", **FAST)
        asked = {"LookupEvents", "GetResources", "GetCostAndUsage"} & set(emulator.calls)
    assert asked == set()
    outcomes = {name: snapshot.manifest.sources[name]["outcome"] for name in TABLES[1:5]}
    assert outcomes == {
        "created": "FOUND",
        "closures": "NOT_QUERYABLE",
        "tags": "NOT_QUERYABLE",
        "spend": "NOT_QUERYABLE",
    }
    why = "Only the management account of the organization is told this."
    assert snapshot.manifest.sources["tags"]["detail"] == why


def test_a_closure_is_known_for_longer_than_cloudtrail_keeps_it(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization) as emulator:
        first = everything(way, emulator, tmp_path, sources="closures")
        none = everything(way, emulator, tmp_path, sources="none", clock=later(emulator, days=1))
        emulator.change(denied_operations=["LookupEvents"])
        denied = everything(
            way, emulator, tmp_path, sources="closures", clock=later(emulator, days=2)
        )
        emulator.change(denied_operations=[])
        last = everything(
            way, emulator, tmp_path, sources="closures", clock=later(emulator, days=400)
        )
    assert len(first.closures)
    assert none.closures.empty
    assert rows(denied.closures) == rows(first.closures)
    assert not denied.was_seen("closures")
    assert rows(last.closures) == rows(first.closures)
    assert last.was_seen("closures")


def later(emulator: Emulator, *, days: int) -> FastClock:
    return FastClock(noon(emulator) + pd.Timedelta(days=days))


def test_what_a_request_costs_is_told_with_how_it_ended(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization) as emulator:
        snapshot = everything(way, emulator, tmp_path, sources="spend")
        requests = emulator.calls["GetCostAndUsage"]
    assert requests == 1
    assert snapshot.manifest.sources["spend"]["detail"] == "1 request, $0.01."


def test_a_run_that_stops_goes_on_with_every_source_where_it_was(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization, Switches(expire_after=25)) as emulator:
        with pytest.raises(Exception, match="are answered and kept"):
            everything(way, emulator, tmp_path)
        emulator.change(expire_after=None)
        snapshot = everything(way, emulator, tmp_path)
    for name in TABLES[:5]:
        assert rows(snapshot.table(name)) == truth(organization, name), name


def test_other_sources_than_an_unfinished_run_had_are_refused(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    with Emulator(organization, Switches(expire_after=25)) as emulator:
        with pytest.raises(Exception, match="are answered and kept"):
            everything(way, emulator, tmp_path)
        emulator.change(expire_after=None)
        with pytest.raises(InputError, match="was begun with other sources"):
            everything(way, emulator, tmp_path, sources="tags")


def test_chosen_accounts_have_their_own_tags_and_no_others(
    way: Connect, tmp_path: Path, organization: Organization
) -> None:
    chosen = [row["account_id"] for row in organization.tags()[:1]]
    with Emulator(organization) as emulator:
        snapshot = everything(way, emulator, tmp_path, accounts=chosen)
    assert set(snapshot.tags["account_id"]) == set(chosen)
    assert set(snapshot.closures["account_id"]) <= set(chosen)
    assert set(snapshot.spend["account_id"]) <= set(chosen)
