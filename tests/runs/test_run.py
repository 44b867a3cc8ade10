"""A whole run over HTTP: every account has the outcome that is true of it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from emulated import Connect, FastClock, a_pair, an_organization

from toolkit.emulator import Emulator, Link, Organization, Switches, make_organization
from toolkit.errors import (
    AccessDeniedError,
    CredentialsError,
    EndpointError,
    InputError,
    NotEnabledError,
    StoreBusyError,
    StoreError,
)
from toolkit.fetch.journal import Journal
from toolkit.runs import Progress, collect
from toolkit.store import Manifest, Snapshot, Store, load_snapshot

PAIRS = [
    *(a_pair(number) for number in range(10, 26)),
    *(a_pair(number, govcloud=None) for number in range(70, 74)),
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
    with Emulator(
        make_organization(60), Switches(faults={"500": 0.08, "424": 0.05, "reset": 0.05})
    ) as emulator:
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


def test_the_snapshot_is_on_disk_with_what_came_as_it_came_and_the_journal_is_gone(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator), tmp_path, **FAST)
    assert snapshot.store == Store(tmp_path)
    assert load_snapshot(tmp_path).id == snapshot.id
    assert list((tmp_path / "journal").glob("*.sqlite*")) == []
    # A state that no vocabulary has.
    assert seen(load_snapshot(tmp_path))["000000000081"][1] == "QUARANTINED"


def test_what_is_told_as_answered_is_on_disk_by_then(way: Connect, tmp_path: Path) -> None:
    told_and_kept: list[tuple[int, int]] = []

    def compare(progress: Progress) -> None:
        for file in (tmp_path / "journal").glob("*.sqlite"):
            with closing(sqlite3.connect(file)) as reader:
                ((kept,),) = reader.execute("SELECT count(*) FROM govcloud")
            told_and_kept.append((progress.done, kept))

    with Emulator(make_organization(100)) as emulator:
        collect(way(emulator), tmp_path, **FAST | {"progress": compare, "rate": 200.0})

    assert len(told_and_kept) > 2
    assert [pair for pair in told_and_kept if pair[0] > pair[1]] == []


def test_accounts_that_may_not_be_asked_about_have_that_outcome_and_end_nothing(
    way: Connect, tmp_path: Path
) -> None:
    denied = ["000000000010", "000000000070"]
    with Emulator(an_organization(*PAIRS), Switches(denied_accounts=denied)) as emulator:
        snapshot = collect(way(emulator), tmp_path, **FAST)
    outcomes = snapshot.govcloud.set_index("account_id")["outcome"]
    assert list(outcomes[denied]) == ["ACCESS_DENIED"] * 2
    assert snapshot.manifest.outcomes == {"FOUND": 17, "NOT_LINKED": 5, "ACCESS_DENIED": 2}


def test_a_delegated_administrator_sees_all_but_the_management_accounts_pair(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
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
    with Emulator(an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator, caller), tmp_path, **FAST)
    assert list(snapshot.accounts["account_id"]) == [account_id]
    assert list(snapshot.accounts["standard_state"]) == ["ACTIVE"]
    assert list(snapshot.govcloud["outcome"]) == [outcome]
    assert snapshot.id.startswith(f"account-{account_id}/")


def test_only_the_chosen_accounts_are_asked_about(way: Connect, tmp_path: Path) -> None:
    chosen = ["000000000080", "000000000011", "000000000099"]
    with Emulator(an_organization(*PAIRS)) as emulator:
        snapshot = collect(way(emulator), tmp_path, accounts=chosen, **FAST)
        assert emulator.calls["GetGovCloudAccountInformation"] == 3
    answers = snapshot.govcloud.set_index("account_id")
    assert list(answers["outcome"][chosen]) == ["FOUND", "FOUND", "ACCESS_DENIED"]
    states = snapshot.accounts.set_index("account_id")["standard_state"]
    assert states["000000000080"] == "SUSPENDED"
    assert states.isna()["000000000099"]
    assert not snapshot.manifest.complete


def test_a_wrong_id_is_refused_before_anything_is_asked(way: Connect, tmp_path: Path) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
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
    with Emulator(an_organization(*PAIRS)) as emulator:
        with pytest.raises(InputError, match=said):
            collect(way(emulator), tmp_path, **(FAST | wrong))
        assert sum(emulator.calls.values()) == 0


def test_a_store_that_is_a_file_is_refused_before_anything_is_asked(
    way: Connect, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("", encoding="utf-8")
    with Emulator(an_organization(*PAIRS)) as emulator:
        with pytest.raises(StoreError, match="is a file, not a folder"):
            collect(way(emulator), tmp_path / "store", **FAST)
        assert sum(emulator.calls.values()) == 0


def test_what_cannot_be_asked_at_all_is_said_as_it_is_and_leaves_nothing(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(an_organization(*PAIRS)) as emulator:
        with pytest.raises(CredentialsError, match="have expired"):
            collect(way(emulator, "expired"), tmp_path, **FAST)
        emulator.change(denied_operations={"ListAccounts"})
        with pytest.raises(AccessDeniedError, match="organizations:ListAccounts"):
            collect(way(emulator), tmp_path, **FAST)
        aws = way(emulator)
    with pytest.raises(EndpointError):
        collect(aws, tmp_path, **FAST)
    assert Store(tmp_path).snapshots().empty
    assert list((tmp_path / "journal").glob("*.sqlite*")) == []


def test_two_collectors_on_one_store_and_organization_do_not_mix(
    way: Connect, tmp_path: Path
) -> None:
    organization = an_organization(*PAIRS)
    with Emulator(organization) as emulator:
        first = Journal(tmp_path / "journal", organization.organization_id)
        with pytest.raises(StoreBusyError):
            collect(way(emulator), tmp_path, **FAST)
        assert emulator.calls["ListAccounts"] == 0
        first.close()


def test_look_ups_start_while_pages_still_arrive(way: Connect, tmp_path: Path) -> None:
    pairs = [a_pair(number) for number in range(10, 108)]
    pages_at_first_answer: list[int] = []
    with Emulator(an_organization(*pairs), Switches(latency=0.05)) as emulator:

        def watch(progress: Progress) -> None:
            if progress.done and not pages_at_first_answer:
                pages_at_first_answer.append(emulator.calls["ListAccounts"])

        collect(way(emulator), tmp_path, **(FAST | {"progress": watch}))
    assert pages_at_first_answer[0] < 5


def test_progress_counts_up_to_every_account(way: Connect, tmp_path: Path) -> None:
    reports: list[Progress] = []
    with Emulator(an_organization(*PAIRS)) as emulator:
        collect(way(emulator), tmp_path, **(FAST | {"progress": reports.append}))
    done = [report.done for report in reports]
    assert done == sorted(done)
    assert reports[-1].phase == "done"
    assert (reports[-1].done, reports[-1].total) == (24, 24)
    assert reports[-1].outcomes == {"FOUND": 18, "NOT_LINKED": 6}


LINKS = (
    Link("link-aaaabbbbcccc", "LINKED", "000000000001", "000000000010", "us-east-1"),
    Link("link-ddddeeeeffff", "REJECTED", "000000000011", "000000000012", "us-east-1"),
    Link("link-gggghhhhiiii", "LINKED", "000000000001", "000000000013", "eu-west-1"),
)


def test_each_region_has_an_outcome_and_none_ends_the_run(way: Connect, tmp_path: Path) -> None:
    regions = ["us-east-1", "us-west-2", "af-south-1", "eu-west-1"]
    with Emulator(
        an_organization(*PAIRS, links=LINKS),
        Switches(disabled_regions=["af-south-1"], denied_regions=["us-west-2"]),
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
        an_organization(*PAIRS, links=LINKS), Switches(denied_operations=["ListAccountLinks"])
    ) as emulator:
        snapshot = collect(
            way(emulator), tmp_path, clock=FastClock(), **(FAST | {"link_regions": ["us-east-1"]})
        )
        assert emulator.calls["GetAccountLink"] == 23
    assert list(snapshot.links["link_id"]) == ["link-aaaabbbbcccc"]
    assert snapshot.manifest.regions["us-east-1"] == {
        "outcome": "FOUND",
        "asked": "GetAccountLink",
        "detail": None,
    }


def test_a_denied_region_with_no_other_account_to_ask_about_has_its_outcome(
    way: Connect, tmp_path: Path
) -> None:
    with Emulator(an_organization(), Switches(denied_operations=["ListAccountLinks"])) as emulator:
        snapshot = collect(
            way(emulator, "standalone"), tmp_path, **(FAST | {"link_regions": ["us-east-1"]})
        )
    assert snapshot.manifest.regions["us-east-1"]["outcome"] == "ACCESS_DENIED"


def test_a_role_that_cannot_be_assumed_is_an_outcome(way: Connect, tmp_path: Path) -> None:
    organization = an_organization(*(a_pair(number) for number in range(10, 16)), links=LINKS)
    denied = ["arn:aws:iam::000000000015:role/Links"]
    with Emulator(organization, Switches(denied_roles=denied)) as emulator:
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


def test_the_rate_found_is_kept_for_the_next_run_of_who_asked_and_of_nobody_else(
    way: Connect, tmp_path: Path
) -> None:
    pairs = [a_pair(number) for number in range(10, 88)]
    options: dict[str, Any] = {"link_regions": "none", "progress": None}

    def after_it(caller: str, **more: Any) -> Manifest:
        """Ask again, after that first run alone, and where nothing is throttled."""
        store = shutil.copytree(tmp_path / "first", tmp_path / f"{caller}{len(more)}")
        asked = {"accounts": ["000000000010"]}
        return collect(way(emulator, caller), store, **asked, **options, **more).manifest

    with Emulator(an_organization(*pairs), Switches(rate=20, burst=5)) as emulator:
        first = collect(way(emulator), tmp_path / "first", **options).manifest
        emulator.change(rate=None)
        second = after_it("management")
        other = after_it("delegated")
        fresh = after_it("management", fresh=True)
    assert first.throttled > 0
    assert first.rate is not None
    assert 0 < first.rate < 25
    assert first.rate_clusters >= 2
    # Where nothing is throttled nothing is found out, and what was known stays.
    assert (second.rate, second.rate_clusters) == (first.rate, first.rate_clusters)
    assert other.rate is None
    assert fresh.rate is None


def outcomes(snapshot: Snapshot) -> dict[str, tuple[str, str | None, int]]:
    """Return how each source ended: outcome, detail and rows."""
    return {
        name: (source["outcome"], source["detail"], source["rows"])
        for name, source in snapshot.manifest.sources.items()
    }


def test_each_source_has_an_outcome_of_its_own(way: Connect, tmp_path: Path) -> None:
    regions = {"link_regions": ["us-east-1", "us-west-2"], "sources": "links"}
    denied = Switches(denied_accounts=["000000000010"], denied_regions=["us-west-2"])
    with Emulator(an_organization(*PAIRS, links=LINKS), denied) as emulator:
        snapshot = collect(way(emulator), tmp_path, **(FAST | regions))
    assert outcomes(snapshot) == {
        "accounts": ("FOUND", None, 24),
        "govcloud": ("FOUND", "1 of 24 accounts were not seen.", 24),
        "links": ("FOUND", "No answer from 1 of 2 Regions.", 1),
    }


def test_a_source_that_nobody_may_ask_is_an_outcome_and_ends_nothing(
    way: Connect, tmp_path: Path
) -> None:
    denied = Switches(
        denied_operations=["GetGovCloudAccountInformation"], denied_regions=["us-east-1"]
    )
    with Emulator(an_organization(a_pair(10)), denied) as emulator:
        asked = {"link_regions": ["us-east-1"], "sources": "links"}
        snapshot = collect(way(emulator), tmp_path, **(FAST | asked))
    why = (
        "3 of 3 accounts were not seen. AWS denied account GetGovCloudAccountInformation: User:"
        " arn:aws:iam::000000000001:user/analyst is not authorized to perform:"
        " account:GetGovCloudAccountInformation."
    )
    assert outcomes(snapshot) == {
        "accounts": ("FOUND", None, 3),
        "govcloud": ("ACCESS_DENIED", why, 3),
        "links": ("ACCESS_DENIED", "No answer from 1 of 1 Regions.", 0),
    }


def test_links_that_were_not_asked_for_are_no_source(way: Connect, tmp_path: Path) -> None:
    with Emulator(an_organization(a_pair(10))) as emulator:
        snapshot = collect(way(emulator), tmp_path, sources="none", **FAST)
    assert list(snapshot.manifest.sources) == ["accounts", "govcloud"]
    assert load_snapshot(tmp_path).links.empty


def test_who_cannot_list_and_may_not_ask_for_its_own_state_is_told_so(
    way: Connect, tmp_path: Path
) -> None:
    denied = Switches(denied_operations=["GetAccountInformation"])
    with Emulator(an_organization(a_pair(10)), denied) as emulator:
        snapshot = collect(way(emulator, "member"), tmp_path, **FAST)
    outcome, why, rows = outcomes(snapshot)["accounts"]
    assert (outcome, rows) == ("ACCESS_DENIED", 1)
    assert "GetAccountInformation" in why
    assert snapshot.accounts["standard_state"].isna().all()


def test_a_damaged_manifest_of_another_day_stops_no_new_run(way: Connect, tmp_path: Path) -> None:
    with Emulator(an_organization(a_pair(10))) as emulator:
        collect(way(emulator), tmp_path, **FAST)
        next(tmp_path.glob("runs/*/*.json")).write_text("{", encoding="utf-8")
        assert len(collect(way(emulator), tmp_path, **FAST).accounts) == 3


def test_a_role_that_may_not_list_links_is_an_outcome_too(way: Connect, tmp_path: Path) -> None:
    organization = an_organization(a_pair(10), a_pair(11), links=LINKS)
    with Emulator(organization, Switches(disabled_regions=["af-south-1"])) as emulator:
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


@pytest.mark.parametrize("denied", [(), ("ListAWSServiceAccessForOrganization",)])
def test_without_trusted_access_a_run_stops_before_it_is_one_and_leaves_nothing(
    way: Connect, tmp_path: Path, denied: tuple[str, ...]
) -> None:
    """Who may not ask whether it is on is told by the first denial that says so."""
    switches = Switches(trusted_access=False, denied_operations=denied)
    organization = an_organization(*map(a_pair, range(10, 110)))
    with Emulator(organization, switches) as emulator:
        with pytest.raises(NotEnabledError, match="no trusted access") as caught:
            collect(way(emulator), tmp_path, **FAST)
        asked = emulator.calls["GetGovCloudAccountInformation"]
    assert "enable-aws-service-access" in caught.value.hint
    assert asked <= 64 if denied else asked == 0
    assert (Store(tmp_path).ids(), Store(tmp_path).unfinished()) == ([], [])
