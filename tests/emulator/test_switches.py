"""What an emulator can be told, and what it is told that cannot be."""

from collections.abc import Callable
from typing import Any

import pytest

from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.errors import InputError

PAIR = "/getGovCloudAccountInformation"


def test_what_is_not_changed_stays_as_it_is() -> None:
    emulator = Emulator(make_organization(4), Switches(denied_roles=["Audit"], latency=0.1))

    emulator.change(latency=0.2, expire_after=3)

    assert emulator.switches == Switches(denied_roles=["Audit"], latency=0.2, expire_after=3)


def test_another_switch_fills_no_bucket(post: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(rate=0, burst=2)) as emulator:
        before = post(emulator, PAIR, "{}").status
        emulator.change(trusted_access=False)
        after = [post(emulator, PAIR, "{}").status for _ in range(2)]

    assert [before, *after] == [200, 200, 429]


def test_rates_by_operation_hold_for_those_operations_alone(post: Callable[..., Any]) -> None:
    with Emulator(make_organization(4), Switches(rate={"ListAccounts": 0}, burst=0)) as emulator:
        target = "AWSOrganizationsV20161128.ListAccounts"
        listed = post(emulator, body="{}", service="organizations", X_Amz_Target=target)
        pair = post(emulator, PAIR, "{}")
        emulator.change(rate={"GetGovCloudAccountInformation": 0})
        listed_then = post(emulator, body="{}", service="organizations", X_Amz_Target=target)
        pair_then = post(emulator, PAIR, "{}")

    assert (listed.json["__type"], pair.status) == ("TooManyRequestsException", 200)
    assert (listed_then.status, pair_then.status) == (200, 429)


def test_an_organizations_seed_draws_its_faults(post: Callable[..., Any]) -> None:
    def drawn(seed: int) -> list[int]:
        switches = Switches(faults={"500": 0.3, "424": 0.3})
        with Emulator(make_organization(4, seed), switches) as emulator:
            return [post(emulator, PAIR, "{}").status for _ in range(30)]

    assert set(drawn(3)) == {200, 424, 500}
    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(4)


IMPOSSIBLE = [
    ({"latency": -1}, "sooner than at once"),
    ({"slow": -0.1}, "sooner than at once"),
    ({"rate": -1}, "0 or more"),
    ({"rate": {"ListAccounts": -1}}, "0 or more"),
    ({"burst": -1}, "0 or more"),
    ({"faults": 2}, "at most 1 in all"),
    ({"faults": -0.1}, "at most 1 in all"),
    ({"faults": {"503": 0.1}}, "at most 1 in all"),
]


@pytest.mark.parametrize(("switches", "sentence"), IMPOSSIBLE)
def test_an_impossible_switch_is_one_sentence(switches: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Switches(**switches)


@pytest.mark.parametrize(("switches", "sentence"), IMPOSSIBLE)
def test_an_impossible_switch_is_refused_while_running_and_changes_nothing(
    emulator: Emulator, switches: dict[str, Any], sentence: str
) -> None:
    before = emulator.switches

    with pytest.raises(InputError, match=sentence):
        emulator.change(**switches)

    assert emulator.switches == before
