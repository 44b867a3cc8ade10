"""Logging in: what is wrong is one sentence, before anything is asked."""

from pathlib import Path

import pytest

from toolkit.aws import Aws, connect, link_regions, profiles
from toolkit.aws import operations as ops
from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.errors import CredentialsError, EndpointError, InputError
from toolkit.schema import CallerKind

CONFIG = """
[profile audit]
region = eu-central-1
aws_access_key_id = management
aws_secret_access_key = x

[profile expired]
region = us-east-1
aws_access_key_id = expired
aws_secret_access_key = x

[profile sso]
sso_session = corporate
sso_account_id = 111111111111
sso_role_name = Analyst

[sso-session corporate]
sso_region = us-east-1
sso_start_url = https://example.awsapps.com/start
sso_registration_scopes = sso:account:access

[profile program]
credential_process = /nonexistent/program
"""

KEYS = "region = us-east-1\naws_access_key_id = management\naws_secret_access_key = x\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    path.write_text(CONFIG, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return path


@pytest.fixture
def management(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "management")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")


def caller_kind(aws: Aws) -> CallerKind:
    try:
        return aws.caller().kind
    finally:
        aws.close()


@pytest.mark.usefixtures("config")
def test_profiles_are_those_of_the_config_file() -> None:
    assert profiles() == ["audit", "expired", "sso", "program"]


@pytest.mark.usefixtures("config")
def test_an_unknown_profile_is_one_sentence_with_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        connect(profile="adit")
    assert caught.value.message == "There is no AWS profile 'adit'."
    assert caught.value.hint == "Choose one of those there are (audit, expired, sso, program)"


def test_a_config_file_that_cannot_be_read_is_one_sentence(config: Path) -> None:
    config.write_text("[profile\n", encoding="utf-8")
    with pytest.raises(InputError, match="The AWS settings are wrong: Unable to parse config file"):
        connect(profile="audit")


@pytest.mark.usefixtures("config")
def test_a_profile_and_an_endpoint_lead_to_the_caller() -> None:
    with Emulator(make_organization(20)) as emulator:
        aws = connect(profile="audit", endpoint_url=emulator.url)
        assert caller_kind(aws) is CallerKind.MANAGEMENT
        assert aws.profile == "audit"
        assert aws.endpoint_url == emulator.url


@pytest.mark.usefixtures("management")
def test_the_endpoint_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(make_organization(20)) as emulator:
        monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
        assert caller_kind(connect()) is CallerKind.MANAGEMENT


@pytest.mark.parametrize("url", ["foo", "localhost:5000", "http://", "ftp://x", "http://[::1"])
def test_a_malformed_endpoint_is_refused_at_once(url: str) -> None:
    with pytest.raises(InputError, match="is not the URL of an endpoint") as caught:
        connect(endpoint_url=url)
    assert url in caught.value.message


@pytest.mark.usefixtures("management")
def test_a_malformed_endpoint_in_the_environment_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "foo")
    with pytest.raises(InputError, match="Invalid endpoint: foo"):
        connect().caller()


def test_no_credentials_is_one_sentence_that_says_how_to_get_some() -> None:
    with pytest.raises(CredentialsError) as caught:
        connect(endpoint_url="http://127.0.0.1:9").caller()
    assert caught.value.message == "There are no AWS credentials."
    assert "aws sso login" in caught.value.hint


@pytest.mark.usefixtures("config")
def test_an_sso_login_never_made_says_how_to_make_it() -> None:
    with pytest.raises(CredentialsError) as caught:
        connect(profile="sso", endpoint_url="http://127.0.0.1:9").caller()
    assert caught.value.message == "The credentials of profile 'sso' have expired."
    assert caught.value.hint == "Log in again: aws sso login --profile sso"


@pytest.mark.usefixtures("config")
def test_expired_keys_name_the_profile_and_the_login() -> None:
    with Emulator(make_organization(20)) as emulator:
        aws = connect(profile="expired", endpoint_url=emulator.url)
        with pytest.raises(CredentialsError) as caught:
            caller_kind(aws)
    assert caught.value.message == "The credentials of profile 'expired' have expired."
    assert caught.value.hint == "Log in again: aws sso login --profile expired"


@pytest.mark.usefixtures("config")
def test_a_credential_program_that_fails_is_one_sentence() -> None:
    aws = connect(profile="program", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(CredentialsError, match="could not be fetched") as caught:
        aws.caller()
    assert "program" in str(caught.value)


def test_refused_keys_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invalid")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with Emulator(make_organization(20)) as emulator, pytest.raises(CredentialsError) as caught:
        caller_kind(connect(endpoint_url=emulator.url))
    assert caught.value.message == "AWS does not accept the credentials (InvalidClientTokenId)."


@pytest.mark.usefixtures("management")
def test_an_unreachable_endpoint_names_its_address() -> None:
    with Emulator(make_organization(20)) as emulator:
        url = emulator.url
    with pytest.raises(EndpointError) as caught:
        caller_kind(connect(endpoint_url=url))
    assert caught.value.message == f"No answer from {url}: it could not be reached."
    assert caught.value.retryable


@pytest.mark.usefixtures("management")
def test_a_role_is_assumed_first() -> None:
    with Emulator(make_organization(20)) as emulator:
        member = emulator.organization.accounts[5].account_id
        aws = connect(endpoint_url=emulator.url, role_arn=f"arn:aws:iam::{member}:role/Audit")
        caller = aws.caller()
        aws.close()
    assert (caller.account_id, caller.kind) == (member, CallerKind.MEMBER)


@pytest.mark.usefixtures("management")
def test_a_role_that_cannot_be_assumed_is_one_sentence_about_the_role() -> None:
    with Emulator(make_organization(20), Switches(denied_roles=["Audit"])) as emulator:
        member = emulator.organization.accounts[5].account_id
        aws = connect(endpoint_url=emulator.url, role_arn=f"arn:aws:iam::{member}:role/Audit")
        with pytest.raises(CredentialsError, match="The role to work with could not be assumed"):
            aws.caller()
        aws.close()


@pytest.mark.parametrize("role_arn", [None, "arn:aws:iam::111111111111:role/Audit"])
def test_a_profiles_own_settings_hold_with_a_role_too(config: Path, role_arn: str | None) -> None:
    settings = f"use_fips_endpoint = true\nca_bundle = {config}\nservices = own\n"
    with Emulator(make_organization(20)) as emulator:
        addresses = "".join(
            f"{name} =\n  endpoint_url = {emulator.url}\n" for name in ("account", "sts")
        )
        config.write_text(
            f"{CONFIG}\n[profile fips]\n{KEYS}{settings}[services own]\n{addresses}",
            encoding="utf-8",
        )
        aws = connect(profile="fips", role_arn=role_arn)
        assert aws.identity()["Account"] == (
            "111111111111" if role_arn else emulator.organization.management_account_id
        )
        assert aws.get_govcloud(None if role_arn else "111111111111")["AccountState"] == "ACTIVE"
        assert aws.address(ops.GET_GOVCLOUD) == emulator.url
        assert aws.address(ops.GET_LINK, "us-west-2") == (
            "https://workspaces-fips.us-west-2.amazonaws.com"
        )
        client = aws._clients.get("workspaces", "us-west-2")
        assert client._endpoint.http_session._verify == str(config)
        aws.close()


@pytest.mark.usefixtures("config", "management")
def test_the_endpoint_that_answers_is_known_whoever_named_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connect().endpoint_url is None
    config.write_text(
        f"[profile mine]\n{KEYS}endpoint_url = http://127.0.0.1:9/mine\n", encoding="utf-8"
    )
    assert connect("mine").endpoint_url == "http://127.0.0.1:9/mine"
    assert connect("mine", endpoint_url="http://127.0.0.1:8").endpoint_url == "http://127.0.0.1:8"
    monkeypatch.setenv("AWS_ENDPOINT_URL_ORGANIZATIONS", "http://127.0.0.1:7")
    assert connect().endpoint_url == "http://127.0.0.1:7"
    monkeypatch.setenv("AWS_ENDPOINT_URL_ACCOUNT", "http://me:secret@127.0.0.1:6/x?key=1#part")
    assert connect().endpoint_url == "http://127.0.0.1:6/x"
    monkeypatch.setenv("AWS_ENDPOINT_URL_ACCOUNT", "https://account.s3.amazonaws.com")
    assert connect().endpoint_url == "https://account.s3.amazonaws.com"


@pytest.mark.usefixtures("management")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
        ("AWS_ENDPOINT_URL_ACCOUNT", "https://account.us-east-1.amazonaws.com"),
    ],
)
def test_an_address_of_awss_own_is_none_that_stands_in_for_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert connect().endpoint_url is None


@pytest.mark.parametrize(
    "url", ["http://me:secret@127.0.0.1:9", "http://x/?key=secret", "http://secret@[::1"]
)
def test_a_secret_in_an_endpoint_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InputError, match="has no user name, password or query") as caught:
        connect(endpoint_url=url)
    assert "secret" not in str(caught.value)


@pytest.mark.usefixtures("management")
def test_a_secret_in_an_endpoint_of_the_settings_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for url in ("http://me:secret@127.0.0.1:9", "http://me:secret@not valid"):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        with pytest.raises((EndpointError, InputError)) as caught:
            caller_kind(connect())
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "region", "words"),
    [
        ("govcloud", "us-gov-west-1", "AWS GovCloud"),
        ("china", "cn-north-1", "AWS China"),
    ],
)
def test_a_profile_of_another_partition_is_named_before_anything_else_is_asked(
    config: Path, key: str, region: str, words: str
) -> None:
    with Emulator(make_organization(20)) as emulator:
        config.write_text(
            f"[profile far]\nregion = {region}\naws_access_key_id = {key}\n"
            f"aws_secret_access_key = x\nendpoint_url = {emulator.url}\n",
            encoding="utf-8",
        )
        aws = connect("far")
        with pytest.raises(InputError) as caught:
            caller_kind(aws)
        assert emulator.calls == {"GetCallerIdentity": 1}
    assert caught.value.message.startswith("The credentials of profile 'far' are of " + words)


@pytest.mark.usefixtures("management")
def test_a_key_of_govcloud_is_named_though_its_profile_has_no_region(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "govcloud")
    with Emulator(make_organization(20)) as emulator, pytest.raises(InputError) as caught:
        caller_kind(connect(endpoint_url=emulator.url))
    assert "are of AWS GovCloud (US)" in caught.value.message
    assert set(emulator.calls) == {"GetCallerIdentity"}


@pytest.mark.usefixtures("management")
def test_a_key_that_nobody_knows_says_where_else_it_may_be_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invalid")
    with Emulator(make_organization(20)) as emulator, pytest.raises(CredentialsError) as caught:
        caller_kind(connect(endpoint_url=emulator.url))
    assert "(InvalidClientTokenId)" in caught.value.message
    assert "region = us-gov-west-1" in caught.value.hint


@pytest.mark.usefixtures("management")
def test_a_commercial_key_is_named_where_one_of_govcloud_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "management")
    with Emulator(make_organization(20)) as emulator, pytest.raises(InputError) as caught:
        connect(endpoint_url=emulator.url).in_govcloud().witness()
    assert "are of commercial AWS" in caught.value.message
    assert set(emulator.calls) == {"GetCallerIdentity"}


def test_a_connection_names_its_partition() -> None:
    assert connect(region="us-gov-east-1").partition == "aws-us-gov"
    assert connect(region="eu-west-1").in_govcloud().partition == "aws-us-gov"
    assert "partition='aws'" in repr(connect(region="eu-west-1"))


def test_workspaces_regions_are_commercial_ones() -> None:
    regions = link_regions()
    assert "us-east-1" in regions
    assert "eu-central-1" in regions
    assert not [region for region in regions if region.startswith(("us-gov", "cn-"))]
