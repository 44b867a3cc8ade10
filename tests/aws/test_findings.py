"""What stands in the way of a collection, found before one is begun."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.aws import (
    Aws,
    Findings,
    Standing,
    connect,
    connect_local,
    examine,
    examine_govcloud,
)
from toolkit.emulator import Account, Emulator, Switches
from toolkit.errors import CredentialsError, InputError

ORGANIZATION = an_organization(
    a_pair(10), a_pair(11), members=tuple(Account(f"60000000000{n}") for n in (6, 7, 8))
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    with Emulator(ORGANIZATION) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared: Emulator) -> Iterator[Emulator]:
    yield shared
    shared._switch(Switches())


@pytest.fixture(scope="module")
def way() -> Iterator[Connect]:
    """Give each caller's way to the emulator, made once: what costs is to make the clients."""
    made: dict[str, Aws] = {}

    def connected(emulator: Emulator, caller: str = "management") -> Aws:
        if caller not in made:
            made[caller] = connect_local(emulator.url, caller)
        return made[caller]

    yield connected
    for aws in made.values():
        aws.close()


def looked_at(findings: Findings) -> dict[str, Standing]:
    return {one.about: one.standing for one in findings.found}


def test_where_all_is_well_everything_is_fine(emulator: Emulator, way: Connect) -> None:
    findings = examine(way(emulator), now=lambda: datetime.now(UTC))
    assert set(looked_at(findings)) == {
        "Endpoints",
        "Clock",
        "Credentials",
        "Partition",
        "Caller",
        "Features",
        "Trusted access",
        "Permissions",
    }
    assert findings.worst is Standing.FINE
    assert findings.error is None
    assert findings.caller is not None
    assert findings.arn == findings.caller.arn == "arn:aws:iam::000000000001:user/analyst"
    assert set(findings.endpoints.values()) == {emulator.url}
    assert set(findings.access["allowed"]) == {"ALLOWED"}
    assert len(findings.access) == 13


def test_trusted_access_that_is_off_is_found_once_and_explains_the_denials(
    emulator: Emulator, way: Connect
) -> None:
    emulator.change(trusted_access=False)
    findings = examine(way(emulator))
    assert looked_at(findings)["Trusted access"] is Standing.STOPS
    assert "Permission" not in looked_at(findings)
    assert findings.worst is Standing.STOPS


def test_features_that_are_off_stop_without_a_word_on_trusted_access(
    emulator: Emulator, way: Connect
) -> None:
    emulator.change(all_features=False)
    about = looked_at(examine(way(emulator)))
    assert about["Features"] is Standing.STOPS
    assert "Trusted access" not in about


def test_what_may_not_be_asked_about_the_organization_deserves_a_look(
    emulator: Emulator, way: Connect
) -> None:
    emulator.change(denied_operations=["ListAWSServiceAccessForOrganization"])
    findings = examine(way(emulator))
    assert looked_at(findings)["Trusted access"] is Standing.LOOK
    assert looked_at(findings)["Features"] is Standing.FINE
    said = [one.message for one in findings.found if one.about == "Permission"]
    assert said == ["Missing permission: organizations:ListAWSServiceAccessForOrganization"]


@pytest.mark.parametrize(
    ("operation", "standing"),
    [("GetGovCloudAccountInformation", Standing.STOPS), ("ListAccountLinks", Standing.LOOK)],
)
def test_a_missing_permission_is_named_with_what_goes_without_it(
    emulator: Emulator, way: Connect, operation: str, standing: Standing
) -> None:
    emulator.change(denied_operations=[operation])
    found = [one for one in examine(way(emulator)).found if one.about == "Permission"]
    assert [one.standing for one in found] == [standing]
    assert found[0].message.endswith(operation)
    assert found[0].hint


@pytest.mark.parametrize("caller", ["member", "standalone"])
def test_a_caller_who_sees_itself_alone_is_told_why(
    emulator: Emulator, way: Connect, caller: str
) -> None:
    findings = examine(way(emulator, caller))
    assert looked_at(findings)["Caller"] is Standing.LOOK
    assert findings.worst is Standing.LOOK
    assert "Features" not in looked_at(findings)
    why = next(one.message for one in findings.found if one.about == "Caller")
    assert why.startswith("This account alone can be asked")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, (Standing.FINE, "agrees with AWS's")),
        (-120, (Standing.LOOK, "seconds behind AWS's.")),
        (3600, (Standing.STOPS, "seconds ahead of AWS's, which refuses")),
    ],
)
@pytest.mark.parametrize("caller", ["management", "expired"])
def test_this_machines_clock_is_compared_with_awss_answer_whatever_it_is(
    emulator: Emulator, way: Connect, caller: str, seconds: int, told: tuple[Standing, str]
) -> None:
    standing, words = told
    findings = examine(
        way(emulator, caller), now=lambda: datetime.now(UTC) + timedelta(seconds=seconds)
    )
    clock = next(one for one in findings.found if one.about == "Clock")
    assert clock.standing is standing
    assert words in clock.message
    assert findings.clock_ahead == pytest.approx(seconds, abs=40)


def test_credentials_that_do_not_work_end_the_asking(emulator: Emulator, way: Connect) -> None:
    findings = examine(way(emulator, "expired"))
    assert looked_at(findings)["Credentials"] is Standing.STOPS
    assert isinstance(findings.error, CredentialsError)
    assert (findings.caller, findings.arn) == (None, None)
    assert findings.access.empty


@pytest.fixture
def two_partitions(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    return emulator


@pytest.mark.usefixtures("two_partitions")
def test_another_partition_is_named_and_nothing_more_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "govcloud")
    findings = examine(connect(region="us-gov-west-1"))
    assert looked_at(findings)["Partition"] is Standing.STOPS
    assert isinstance(findings.error, InputError)
    assert findings.arn == "arn:aws-us-gov:iam::600000000006:user/analyst"


@pytest.mark.usefixtures("two_partitions")
@pytest.mark.parametrize(
    ("key", "region", "standing", "words"),
    [
        ("govcloud", "us-gov-west-1", Standing.FINE, "may list the GovCloud organization"),
        ("govcloud", "us-east-1", Standing.FINE, "arn:aws-us-gov:iam::"),
        ("govcloudmember", "us-gov-west-1", Standing.LOOK, "its list may not be read: AWS denied"),
        ("management", "us-east-1", Standing.STOPS, "are of commercial AWS, and only AWS GovCloud"),
        ("invalid", "us-east-1", Standing.STOPS, "InvalidClientTokenId"),
    ],
)
def test_a_second_login_is_of_govcloud_or_is_said_not_to_be(
    monkeypatch: pytest.MonkeyPatch, key: str, region: str, standing: Standing, words: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    finding = examine_govcloud(connect(region=region))
    assert finding.standing is standing
    assert words in finding.message


def test_addresses_with_fips_are_told(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "expired")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", emulator.url)
    findings = examine(connect())
    fips = next(one for one in findings.found if one.about == "FIPS")
    assert "organizations, account, workspaces" in fips.message
    assert findings.endpoints["workspaces"] == "https://workspaces-fips.us-east-1.amazonaws.com"
    assert "https://account-fips." in findings.endpoints["account"]
