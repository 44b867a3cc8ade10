"""The emulator as a whole: it starts, stops, limits, fails, counts, and changes while it runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from patience import LONG

from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.errors import InputError

PAIR = "/getGovCloudAccountInformation"


def test_the_rate_of_an_emulator_holds_for_account_management_only(
    post: Callable[..., Any],
) -> None:
    with Emulator(make_organization(4), Switches(rate=0, burst=2)) as emulator:
        pair = [post(emulator, PAIR, "{}").status for _ in range(3)]
        information = [post(emulator, "/getAccountInformation", "{}").status for _ in range(3)]
        target = {
            "service": "organizations",
            "X_Amz_Target": "AWSOrganizationsV20161128.ListAccounts",
        }
        listed = [post(emulator, body="{}", **target).status for _ in range(5)]

        assert pair == information == [200, 200, 429]
        assert listed == [200] * 5
        assert emulator.calls == {
            "GetGovCloudAccountInformation": 3,
            "GetAccountInformation": 3,
            "ListAccounts": 5,
        }
        assert emulator.throttled == {
            "GetGovCloudAccountInformation": 1,
            "GetAccountInformation": 1,
        }


def test_the_rate_can_change_while_it_runs(post: Callable[..., Any]) -> None:
    now = [100.0]
    with Emulator(make_organization(4), Switches(rate=1), clock=lambda: now[0]) as emulator:
        post(emulator, PAIR, "{}")
        assert post(emulator, PAIR, "{}").status == 429
        emulator.change(rate=4)
        now[0] += 1
        assert [post(emulator, PAIR, "{}").status for _ in range(5)] == [200] * 4 + [429]
        emulator.change(rate=None)
        assert post(emulator, PAIR, "{}").status == 200


def test_answered_look_ups_are_counted_for_each_account(post: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(rate=0, burst=3)) as emulator:
        for account_id in ("111111111111", "222222222222", "111111111111", "111111111111"):
            post(emulator, PAIR, f'{{"StandardAccountId":"{account_id}"}}')

        assert emulator.answered == {"111111111111": 2, "222222222222": 1}


def test_a_slow_answer_is_still_the_right_one(post: Callable[..., Any]) -> None:
    with Emulator(
        make_organization(4), Switches(faults={"slow": 1}, slow=0.01, latency=0.001)
    ) as emulator:
        reply = post(emulator, PAIR, '{"StandardAccountId":"111111111111"}')

        assert reply.json["GovCloudAccountId"] == "123456789012"
        assert emulator.faulted == {"slow": 1}


def test_sts_has_no_faults(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(faults=1.0)) as emulator:
        assert client(emulator, "sts").get_caller_identity()["Account"]


def test_a_port_in_use_is_one_sentence(emulator: Emulator) -> None:
    port = int(emulator.url.rsplit(":", 1)[1])

    with pytest.raises(InputError, match=f"cannot listen on port {port}"):
        Emulator(make_organization(1), port=port).start()
    with pytest.raises(InputError, match="cannot listen on port 70000"):
        Emulator(make_organization(1), port=70_000).start()


def test_a_cut_connection_is_seen_as_one(client: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(faults={"reset": 1.0})) as emulator:
        account = client(emulator, "account")
        with pytest.raises(ConnectionClosedError):
            account.get_gov_cloud_account_information()
        emulator.change(faults=0)
        assert account.get_gov_cloud_account_information()["AccountState"] == "ACTIVE"


def test_sixty_four_connections_at_once_are_all_answered(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    together = Barrier(64)

    def ask(_: int) -> int:
        together.wait(LONG)
        status: int = post(emulator, "/getGovCloudAccountInformation", "{}").status
        return status

    with ThreadPoolExecutor(64) as threads:
        assert list(threads.map(ask, range(64))) == [200] * 64


def test_an_emulator_starts_again_at_its_old_address(
    client: Callable[..., Any], emulator: Emulator
) -> None:
    url = emulator.url
    sts = client(emulator, "sts")
    emulator.stop()
    with pytest.raises(EndpointConnectionError):
        sts.get_caller_identity()

    emulator.start()

    assert emulator.url == url
    assert sts.get_caller_identity()["Account"] == emulator.organization.management_account_id
    assert emulator.calls["GetCallerIdentity"] == 1
