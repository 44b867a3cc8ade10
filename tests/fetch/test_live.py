"""A handful of accounts asked live: an answer or a reason for every question."""

import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.emulator import Emulator, Link, Switches
from toolkit.errors import CredentialsError, InputError
from toolkit.fetch.live import fetch_live

LINK = Link("link-aaaaaaaa", "LINKED", "000000000001", "000000000010", "us-east-1")


def test_both_states_and_links_of_each_account_are_asked(way: Connect) -> None:
    accounts = an_organization(a_pair(10, "SUSPENDED"), a_pair(11, govcloud=None), links=(LINK,))
    with Emulator(accounts) as emulator:
        live = fetch_live(way(emulator), ["000000000010", "000000000011"], regions=["us-east-1"])

    assert live.accounts["account_id"].tolist() == ["000000000010", "000000000011"]
    assert live.accounts["standard_state"].tolist() == ["SUSPENDED", "ACTIVE"]
    assert live.govcloud["outcome"].tolist() == ["FOUND", "NOT_LINKED"]
    assert live.links["link_id"].tolist() == ["link-aaaaaaaa"]
    assert live.silences == ()


def test_the_caller_itself_is_asked_without_its_name_and_for_all_its_links(way: Connect) -> None:
    accounts = an_organization(a_pair(10), links=(LINK,))
    with Emulator(accounts) as emulator:
        live = fetch_live(way(emulator), ["000000000001"], regions=["us-east-1"])

    assert live.caller_account_id == "000000000001"
    assert live.accounts["standard_state"].tolist() == ["ACTIVE"]
    assert live.links["target_account_id"].tolist() == ["000000000010"]
    assert live.silences == ()


def test_all_its_own_links_come_from_every_page_and_each_page_is_counted(way: Connect) -> None:
    links = tuple(
        Link(f"link-{n:012}", "LINKED", "000000000001", f"{n:012}", "us-east-1")
        for n in range(10, 70)
    )
    told: list[tuple[int, int]] = []
    with Emulator(an_organization(links=links)) as emulator:
        live = fetch_live(
            way(emulator),
            ["000000000001"],
            regions=["us-east-1"],
            progress=lambda done, total: told.append((done, total)),
        )
        assert emulator.calls["ListAccountLinks"] == 3

    assert len(live.links) == 60
    assert told[-1] == (5, 5)


def test_pages_of_its_own_links_keep_to_the_quota(way: Connect) -> None:
    links = tuple(
        Link(f"link-{n:012}", "LINKED", "000000000001", f"{n:012}", "us-east-1")
        for n in range(10, 70)
    )
    with Emulator(an_organization(links=links)) as emulator:
        emulator.change(rate={"ListAccountLinks": 20}, burst=1)
        live = fetch_live(way(emulator), ["000000000001"], regions=["us-east-1"])

    assert len(live.links) == 60
    assert live.silences == ()


def test_what_got_no_answer_has_its_reason(way: Connect) -> None:
    with Emulator(
        an_organization(a_pair(10)),
        Switches(denied_operations=["GetAccountInformation"], denied_regions=["us-west-2"]),
    ) as emulator:
        live = fetch_live(way(emulator), ["000000000010"], regions=["us-east-1", "us-west-2"])

    assert live.accounts["standard_state"].isna().all()
    assert live.govcloud["outcome"].tolist() == ["FOUND"]
    assert {(one.operation, one.region) for one in live.silences} == {
        ("GetAccountInformation", ""),
        ("GetAccountLink", "us-west-2"),
    }
    assert all("AWS denied" in one.why for one in live.silences)


def test_progress_ends_with_every_question_answered(way: Connect) -> None:
    told: list[tuple[int, int]] = []
    with Emulator(an_organization(a_pair(10))) as emulator:
        fetch_live(
            way(emulator),
            ["000000000010"],
            regions=["us-east-1"],
            progress=lambda done, total: told.append((done, total)),
        )

    assert told[-1] == (3, 3)
    assert told == sorted(told)


def test_a_wrong_id_is_refused_before_anything_is_asked(way: Connect) -> None:
    with Emulator(an_organization()) as emulator:
        with pytest.raises(InputError, match="'12'"):
            fetch_live(way(emulator), ["12"])
        assert emulator.calls.total() == 0


def test_expired_credentials_end_it(way: Connect) -> None:
    with (
        Emulator(an_organization(), Switches(expire_after=0)) as emulator,
        pytest.raises(CredentialsError),
    ):
        fetch_live(way(emulator), ["000000000010"])
