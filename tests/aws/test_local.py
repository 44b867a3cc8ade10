"""A stand-in for AWS on this machine is reached whatever the machine's own settings are."""

from collections.abc import Iterator

import pytest

from toolkit.aws import connect, connect_local
from toolkit.emulator import Emulator, make_organization
from toolkit.errors import InputError


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(make_organization(4)) as running:
        yield running


def test_it_needs_no_credentials_and_no_profile(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    assert connect_local(emulator.url).caller().kind == "management"
    assert connect_local(emulator.url, "delegated").caller().kind == "delegated"


@pytest.mark.parametrize("url", ["https://example.com", "http://127.0.0.1.example.com", "nothing"])
def test_no_other_machine_is_asked_without_credentials(url: str) -> None:
    with pytest.raises(InputError, match="is not on this machine"):
        connect_local(url)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(InputError, match="has no user name, password or query") as caught:
        connect_local("http://me:secret@127.0.0.1:9")
    assert "secret" not in str(caught.value)


def test_no_proxy_stands_between(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "management")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "no-secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)

    assert connect_local(emulator.url).caller().kind == "management"
    assert connect(endpoint_url=emulator.url).caller().kind == "management"
    assert connect().caller().kind == "management"


def test_it_prints_as_where_it_leads() -> None:
    assert repr(connect_local("http://127.0.0.1:9")) == (
        "Aws(partition='aws', endpoint_url='http://127.0.0.1:9')"
    )
    assert repr(connect()) == "Aws(partition='aws')"
