"""Whom the questions are asked of: AWS with a profile that was named, else the emulator."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import hide_aws_settings
from questions import Asker

from toolkit.aws import Aws, connect, connect_local
from toolkit.emulator import Emulator, make_organization
from toolkit.schema import CallerKind

KINDS = ("management", "delegated", "member", "standalone")
_ASKED_OF_AWS = 3
_ASKED_OF_EMULATOR = 12


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask AWS once, as whom the profile is; and the emulator as each kind of caller."""
    if "asked" in metafunc.fixturenames:
        profile = metafunc.config.getoption("profile")
        metafunc.parametrize("asked", ["AWS"] if profile else KINDS, indirect=True, scope="module")


@pytest.fixture(autouse=True)
def no_aws_settings(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hide the machine's own AWS settings, unless a profile of them was named."""
    if not request.config.getoption("profile"):
        hide_aws_settings(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def reference() -> Iterator[Emulator]:
    """The emulator that answers are compared with; in CI it is also what is asked."""
    with Emulator(make_organization(120)) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest, reference: Emulator) -> Iterator[Asker]:
    """Who asks the questions: the profile of AWS, or a caller of the emulator."""
    if request.param == "AWS":
        aws = connect(request.config.getoption("profile"))
        yield _asker(aws, _ASKED_OF_AWS)
    else:
        aws = connect_local(reference.url, request.param)
        yield _asker(aws, _ASKED_OF_EMULATOR)
    aws.close()


@pytest.fixture(scope="module")
def emulated(asked: Asker, reference: Emulator) -> Iterator[Asker]:
    """The same kind of caller at the emulator."""
    aws = connect_local(reference.url, asked.caller.kind)
    yield _asker(aws, _ASKED_OF_EMULATOR)
    aws.close()


@pytest.fixture
def pause(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave AWS's quota, which is not known, to others: a second after each question."""
    yield
    if request.config.getoption("profile"):
        time.sleep(1)


def _asker(aws: Aws, most: int) -> Asker:
    caller = aws.caller()
    if caller.kind not in (CallerKind.MANAGEMENT, CallerKind.DELEGATED):
        return Asker(aws, caller, ())
    listed = [account["Id"] for account in aws.list_accounts_page()["Accounts"]]
    never = {caller.account_id, caller.management_account_id}
    return Asker(aws, caller, tuple(one for one in listed if one not in never)[:most])
