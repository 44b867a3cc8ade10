"""The first collection with a real profile: what stands in its way is one sentence with a way on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from emulated import a_pair, an_organization

from toolkit.cli import main
from toolkit.emulator import Emulator, Switches
from toolkit.store import load_snapshot

ORGANIZATION = an_organization(*(a_pair(number) for number in range(10, 40)))


@pytest.fixture(autouse=True)
def management(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "management")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")


def collected(tmp_path: Path, emulator: Emulator | None = None, *more: str) -> int:
    endpoint = ["--endpoint-url", emulator.url] if emulator else []
    store = ["--store", str(tmp_path / "store")]
    return main(["collect", *store, *endpoint, "--link-regions", "none", *more])


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ({"trusted_access": False}, "enable-aws-service-access"),
        ({"all_features": False}, "enable-all-features"),
    ],
)
def test_what_would_deny_every_look_up_is_said_once_and_nothing_is_looked_up(
    switches: dict[str, bool], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator(ORGANIZATION, Switches(**switches)) as emulator:
        code = collected(tmp_path, emulator)
    assert code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error
    assert emulator.calls["GetGovCloudAccountInformation"] == 0
