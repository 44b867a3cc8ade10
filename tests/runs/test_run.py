"""A whole run over HTTP: every account has the outcome that is true of it."""

from pathlib import Path

import pytest
from emulated import Connect, FastClock, a_pair, an_organization

from toolkit.runs import Progress, collect
from toolkit.emulator import Emulator, Link, Organization
from toolkit.errors import (
    AccessDeniedError,
    CredentialsError,
    EndpointError,
    InputError,
    StoreBusyError,
    StoreError,
)
from toolkit.fetch.journal import Journal
from toolkit.store import Snapshot, list_snapshots, load_snapshot

PAIRS = [
    *(a_pair(number) for number in range(10, 60)),
    *(a_pair(number, govcloud=None) for number in range(60, 80)),
    a_pair(80, "SUSPENDED", "CLOSED"),
    a_pair(81, "ACTIVE", "QUARANTINED"),
]
FAST = {"rate": 5_000.0, "link_regions": "none", "progress": None}


def told(organization: Organization) -> dict[str, tuple[str, str | None]]:
    """Return the GovCloud account and state of each account, as the organization knows them."""
    return {
        pair["account_id"]: (pair["govcloud_account_id"] or "", pair["govcloud_state"] or "")
        for pair in organization.pairs()
    }


def seen(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    answers = snapshot.govcloud.fillna({"govcloud_account_id": "", "govcloud_state": ""})
    columns = ("account_id", "govcloud_account_id", "govcloud_state")
    return {row[0]: row[1:] for row in answers[list(columns)].itertuples(index=False, name=None)}


def test_a_run_with_faults_ends_with_the_true_outcome_of_each(way: Connect, tmp_path: Path) -> None:
    with Emulator(accounts=150, faults={"500": 0.04, "424": 0.02, "reset": 0.02}) as emulator:
        snapshot = collect(way(emulator), tmp_path, clock=FastClock(), progress=None)
        truth = emulator.organization
    assert seen(snapshot) == told(truth)
    assert set(snapshot.govcloud["outcome"]) == {"FOUND", "NOT_LINKED"}
    assert list(snapshot.accounts["account_id"]) == [pair["account_id"] for pair in truth.pairs()]
    assert list(snapshot.accounts["standard_state"]) == [
        pair["standard_state"] for pair in truth.pairs()
    ]
    assert list(snapshot.accounts["ou_path"]) == [pair["ou_path"] for pair in truth.pairs()]
    assert snapshot.manifest.regions["us-east-1"]["outcome"] == "FOUND"


def test_the_snapshot_is_on_disk_and_the_journal_is_gone(way: Connect, tmp_path: Path) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator), tmp_path, **FAST)
    assert load_snapshot(tmp_path).id == snapshot.id
    assert list((tmp_path / "journal").glob("*.sqlite*")) == []


def test_a_state_outside_the_vocabulary_is_kept_as_it_came(way: Connect, tmp_path: Path) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator), tmp_path, **FAST)
    assert seen(snapshot)["000000000081"][1] == "QUARANTINED"


def test_accounts_that_may_not_be_asked_about_have_that_outcome_and_end_nothing(
    way: Connect, tmp_path: Path
) -> None:
    denied = ["000000000010", "000000000070"]
    with Emulator(organization=an_organization(*PAIRS), denied_accounts=denied) as emulator:
        snapshot = collect(way(emulator), tmp_path, **FAST)
    outcomes = snapshot.govcloud.set_index("account_id")["outcome"]
    assert list(outcomes[denied]) == ["ACCESS_DENIED"] * 2
    assert snapshot.manifest.outcomes == {"FOUND": 51, "NOT_LINKED": 21, "ACCESS_DENIED": 2}


def test_a_delegated_administrator_sees_all_but_the_management_accounts_pair(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator, "delegated"), tmp_path, **FAST)
    outcomes = snapshot.govcloud.set_index("account_id")["outcome"]
    assert outcomes["000000000001"] == "NOT_QUERYABLE"
    assert snapshot.manifest.outcomes["NOT_QUERYABLE"] == 1
    assert snapshot.manifest.caller_kind == "delegated"


@pytest.mark.parametrize(
    ("caller", "account_id", "outcome"),
    [
        ("member", "000000000010", "FOUND"),
        ("standalone", "700000000007", "FOUND"),
        ("noorg", "800000000008", "NOT_LINKED"),
    ],
)
def test_who_cannot_list_gets_its_own_account_alone(
    way: Connect, tmp_path: Path, caller: str, account_id: str, outcome: str
) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator, caller), tmp_path, **FAST)
    assert list(snapshot.accounts["account_id"]) == [account_id]
    assert list(snapshot.accounts["standard_state"]) == ["ACTIVE"]
    assert list(snapshot.govcloud["outcome"]) == [outcome]
    assert snapshot.id.startswith(f"account-{account_id}/")


def test_only_the_chosen_accounts_are_asked_about(way: Connect, tmp_path: Path) -> None:
    chosen = ["000000000080", "000000000011", "000000000099"]
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator), tmp_path, accounts=chosen, **FAST)
        assert emulator.calls["GetGovCloudAccountInformation"] == 3
    answers = snapshot.govcloud.set_index("account_id")
    assert list(answers["outcome"][chosen]) == ["FOUND", "FOUND", "ACCESS_DENIED"]
    states = snapshot.accounts.set_index("account_id")["standard_state"]
    assert states["000000000080"] == "SUSPENDED"
    assert states.isna()["000000000099"]
    assert not snapshot.manifest.complete


def test_a_wrong_id_is_refused_before_anything_is_asked(way: Connect, tmp_path: Path) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        with pytest.raises(InputError):
            collect(way(emulator), tmp_path, accounts=["12"], **FAST)
        assert sum(emulator.calls.values()) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rate": 0}, "A rate of 0 calls"),
        ({"accounts": []}, "No account id was given"),
        ({"rate": float("nan")}, "A rate of nan calls"),
        ({"link_regions": ["us-east"]}, "'us-east' is not an AWS Region"),
        ({"role_name": "arn:aws:iam::1:role/x"}, "is not the name of a role"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    way: Connect, tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        with pytest.raises(InputError, match=said):
            collect(way(emulator), tmp_path, **(FAST | wrong))
        assert sum(emulator.calls.values()) == 0


def test_a_store_that_is_a_file_is_refused_before_anything_is_asked(
    way: Connect, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("")
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        with pytest.raises(StoreError, match="is a file, not a folder"):
            collect(way(emulator), tmp_path / "store", **FAST)
        assert sum(emulator.calls.values()) == 0


def test_what_cannot_be_asked_at_all_is_said_as_it_is_and_leaves_nothing(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        with pytest.raises(CredentialsError, match="have expired"):
            collect(way(emulator, "expired"), tmp_path, **FAST)
        emulator.switches.denied_operations.add("ListAccounts")
        with pytest.raises(AccessDeniedError, match="organizations:ListAccounts"):
            collect(way(emulator), tmp_path, **FAST)
        aws = way(emulator)
    with pytest.raises(EndpointError):
        collect(aws, tmp_path, **FAST)
    assert list_snapshots(tmp_path).empty
    assert list((tmp_path / "journal").glob("*.sqlite*")) == []


def test_two_collectors_on_one_store_and_organization_do_not_mix(
    way: Connect, tmp_path: Path
) -> None:
    organization = an_organization(*PAIRS)
    with Emulator(organization=organization) as emulator:
        first = Journal(tmp_path / "journal", organization.organization_id)
        with pytest.raises(StoreBusyError):
            collect(way(emulator), tmp_path, **FAST)
        assert emulator.calls["ListAccounts"] == 0
        first.close()


def test_look_ups_start_while_pages_still_arrive(way: Connect, tmp_path: Path) -> None:
    pairs = [a_pair(number) for number in range(10, 210)]
    pages_at_first_answer: list[int] = []
    with Emulator(organization=an_organization(*pairs), latency=0.01) as emulator:

        def watch(progress: Progress) -> None:
            if progress.done and not pages_at_first_answer:
                pages_at_first_answer.append(emulator.calls["ListAccounts"])

        collect(way(emulator), tmp_path, **(FAST | {"progress": watch}))
    assert pages_at_first_answer[0] < 11


def test_progress_counts_up_to_every_account(way: Connect, tmp_path: Path) -> None:
    reports: list[Progress] = []
    with Emulator(organization=an_organization(*PAIRS)) as emulator:
        collect(way(emulator), tmp_path, **(FAST | {"progress": reports.append}))
    done = [report.done for report in reports]
    assert done == sorted(done)
    assert reports[-1].phase == "done"
    assert (reports[-1].done, reports[-1].total) == (74, 74)
    assert reports[-1].outcomes == {"FOUND": 52, "NOT_LINKED": 22}


LINKS = (
    Link("link-aaaabbbbcccc", "LINKED", "000000000001", "000000000010", "us-east-1"),
    Link("link-ddddeeeeffff", "REJECTED", "000000000011", "000000000012", "us-east-1"),
    Link("link-gggghhhhiiii", "LINKED", "000000000001", "000000000013", "eu-west-1"),
)


def test_each_region_has_an_outcome_and_none_ends_the_run(way: Connect, tmp_path: Path) -> None:
    regions = ["us-east-1", "us-west-2", "af-south-1", "eu-west-1"]
    with Emulator(
        organization=an_organization(*PAIRS, links=LINKS),
        disabled_regions=["af-south-1"],
        denied_regions=["us-west-2"],
    ) as emulator:
        snapshot = collect(way(emulator), tmp_path, **(FAST | {"link_regions": regions}))
    outcomes = {name: row["outcome"] for name, row in snapshot.manifest.regions.items()}
    assert outcomes == {
        "us-east-1": "FOUND",
        "us-west-2": "ACCESS_DENIED",
        "af-south-1": "ACCESS_DENIED",
        "eu-west-1": "FOUND",
    }
    assert "not enabled" in snapshot.manifest.regions["af-south-1"]["detail"]
    assert list(snapshot.links["link_id"]) == ["link-gggghhhhiiii", "link-aaaabbbbcccc"]


def test_where_listing_links_is_denied_each_account_is_asked_about_as_it_is_found(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(
        organization=an_organization(*PAIRS, links=LINKS), denied_operations=["ListAccountLinks"]
    ) as emulator:
        snapshot = collect(
            way(emulator), tmp_path, clock=FastClock(), **(FAST | {"link_regions": ["us-east-1"]})
        )
        assert emulator.calls["GetAccountLink"] == 73
    assert list(snapshot.links["link_id"]) == ["link-aaaabbbbcccc"]
    assert snapshot.manifest.regions["us-east-1"] == {
        "outcome": "FOUND",
        "asked": "GetAccountLink",
        "detail": None,
    }


def test_a_denied_region_with_no_other_account_to_ask_about_has_its_outcome(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(
        organization=an_organization(), denied_operations=["ListAccountLinks"]
    ) as emulator:
        snapshot = collect(
            way(emulator, "standalone"), tmp_path, **(FAST | {"link_regions": ["us-east-1"]})
        )
    assert snapshot.manifest.regions["us-east-1"]["outcome"] == "ACCESS_DENIED"


def test_a_role_that_cannot_be_assumed_is_an_outcome(way: Connect, tmp_path: Path) -> None:
    organization = an_organization(*(a_pair(number) for number in range(10, 30)), links=LINKS)
    denied = ["arn:aws:iam::000000000015:role/Links"]
    with Emulator(organization=organization, denied_roles=denied) as emulator:
        snapshot = collect(
            way(emulator),
            tmp_path,
            role_name="Links",
            clock=FastClock(),
            **(FAST | {"link_regions": ["us-east-1"]}),
        )
    assert list(snapshot.links["link_id"]) == ["link-aaaabbbbcccc", "link-ddddeeeeffff"]
    assert list(snapshot.manifest.roles) == ["000000000015"]
    assert snapshot.manifest.roles["000000000015"]["outcome"] == "ACCESS_DENIED"


def test_the_rate_found_is_kept_and_the_next_run_begins_with_it(
    way: Connect, tmp_path: Path
) -> None:
    pairs = [a_pair(number) for number in range(10, 210)]
    options = {"link_regions": "none", "progress": None}
    with Emulator(organization=an_organization(*pairs), rate=60, burst=5) as emulator:
        first = collect(way(emulator), tmp_path, **options).manifest
        second = collect(way(emulator), tmp_path, **options).manifest
    assert first.rate == pytest.approx(60, rel=0.25)
    assert first.rate_clusters >= 2
    assert first.throttled > 0
    assert second.rate == pytest.approx(60, rel=0.25)


def test_a_role_that_may_not_list_links_is_an_outcome_too(way: Connect, tmp_path: Path) -> None:
    organization = an_organization(a_pair(10), a_pair(11), links=LINKS)
    with Emulator(organization=organization, disabled_regions=["af-south-1"]) as emulator:
        snapshot = collect(
            way(emulator),
            tmp_path,
            role_name="Links",
            clock=FastClock(),
            **(FAST | {"link_regions": ["us-east-1", "af-south-1"]}),
        )
    assert len(snapshot.links) == 2
    assert sorted(snapshot.manifest.roles) == ["000000000002", "000000000010", "000000000011"]
    role = snapshot.manifest.roles["000000000010"]
    assert role["outcome"] == "ACCESS_DENIED"
    assert role["detail"].startswith("af-south-1: ")
