"""Several organizations side by side."""

from pathlib import Path

import pytest
from emulated import Connect, a_pair, an_organization

from toolkit.aws import connect
from toolkit.emulator import Emulator
from toolkit.errors import CredentialsError
from toolkit.runs import Progress, collect_all
from toolkit.store import Store

FAST = {"rate": 5_000.0, "link_regions": "none"}
ORGANIZATION = an_organization(*(a_pair(number) for number in range(10, 40)))


def test_each_organization_gets_a_snapshot_of_its_own(way: Connect, tmp_path: Path) -> None:
    reports: list[Progress] = []
    with Emulator(ORGANIZATION) as emulator:
        snapshots = collect_all(
            [way(emulator), way(emulator, "standalone"), way(emulator, "noorg")],
            tmp_path,
            progress=reports.append,
            **FAST,
        )
    assert [snapshot.manifest.organization_id for snapshot in snapshots] == [
        ORGANIZATION.organization_id,
        "account-700000000007",
        "account-800000000008",
    ]
    assert len(Store(tmp_path).snapshots()) == 3
    assert len({report.source for report in reports}) == 3


def test_one_that_fails_names_its_profile_and_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "".join(
            f"[profile {name}]\naws_access_key_id = {key}\naws_secret_access_key = x\n"
            for name, key in (("good", "management"), ("old", "expired"))
        )
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with Emulator(ORGANIZATION) as emulator:
        ways = [connect(profile=name, endpoint_url=emulator.url) for name in ("good", "old")]
        with pytest.raises(CredentialsError) as caught:
            collect_all(ways, tmp_path / "store", progress=None, **FAST)
        for aws in ways:
            aws.close()
    assert caught.value.message == (
        "Profile 'old': The credentials of profile 'old' have expired."
        " 1 of 2 collections ended well."
    )
    assert caught.value.hint == "Log in again: aws sso login --profile old"
    assert len(Store(tmp_path / "store").snapshots()) == 1
