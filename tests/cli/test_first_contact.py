"""The first collection with a real profile: what stands in its way is one sentence."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from emulated import a_pair, an_organization

from toolkit.cli import main
from toolkit.emulator import Emulator, Link, Switches
from toolkit.exports import Report
from toolkit.store import load_snapshot
from toolkit.verdicts.links import link_ends

ORGANIZATION = an_organization(*(a_pair(number) for number in range(10, 22)))


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


PROGRAM = """
import json, sys
with open(sys.argv[0] + ".left", "r+") as file:
    left = int(file.read()) - 1
    file.seek(0)
    file.truncate()
    file.write(str(left))
# Within ten minutes of their end botocore fetches keys anew for every call.
end = "2020-01-01T00:00:00Z" if left < 0 else {soon!r} if left < 100 else {late!r}
keys = {"Version": 1, "AccessKeyId": "management", "SecretAccessKey": "x", "SessionToken": "x"}
print(json.dumps(keys | {"Expiration": end}))
"""


def test_a_login_that_runs_out_in_mid_run_keeps_the_run_and_goes_on_after_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    program, left = tmp_path / "login.py", tmp_path / "login.py.left"
    text = PROGRAM
    for end, minutes in (("soon", 5), ("late", 60)):
        moment = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
        text = text.replace(f"{{{end}!r}}", repr(moment))
    program.write_text(text, encoding="utf-8")
    python, path = (json.dumps(Path(one).as_posix()) for one in (sys.executable, program))
    (tmp_path / "config").write_text(f"[profile sso]\ncredential_process = {python} -I -S {path}\n")
    with Emulator(ORGANIZATION) as emulator:
        left.write_text("16")
        assert collected(tmp_path, emulator, "--profile", "sso") == 1
        error = capsys.readouterr().err
        assert "The credentials of profile 'sso' have expired" in error
        assert "are answered and kept." in error
        assert "Run the same again to go on" in error
        answered = emulator.calls["GetGovCloudAccountInformation"]
        assert 0 < answered < 14

        left.write_text("1000")
        assert collected(tmp_path, emulator, "--profile", "sso") == 0
        assert emulator.calls["GetGovCloudAccountInformation"] == 14
    snapshot = load_snapshot(tmp_path / "store")
    assert set(snapshot.govcloud["outcome"]) <= {"FOUND", "NOT_LINKED"}
    assert len(snapshot.govcloud) == 14


@pytest.mark.parametrize("source", ["environment", "profile"])
def test_a_snapshot_keeps_the_address_that_really_answered(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Emulator(ORGANIZATION) as emulator:
        address = emulator.url.replace("//", "//me:secret@")
        if source == "environment":
            monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        else:
            (tmp_path / "config").write_text(f"[default]\nendpoint_url = {address}\n")
            monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        assert collected(tmp_path) == 0
    manifest = load_snapshot(tmp_path / "store").manifest
    assert manifest.endpoint_url == emulator.url
    assert manifest.is_local


def test_a_profile_of_govcloud_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "govcloud")
    with Emulator(ORGANIZATION) as emulator:
        assert collected(tmp_path, emulator, "--region", "us-gov-west-1") == 2
        assert emulator.calls == {"GetCallerIdentity": 1}
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "are of AWS GovCloud (US), and only commercial AWS tells" in error


@pytest.mark.parametrize("caller", ["member", "standalone"])
def test_who_sees_itself_alone_is_told_why_the_rest_is_not_seen(
    caller: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", caller)
    with Emulator(ORGANIZATION) as emulator:
        assert collected(tmp_path, emulator) == 0
    assert "This account alone can be asked" in capsys.readouterr().out
    method = dict(Report.of(load_snapshot(tmp_path / "store")).method)
    assert method["Snapshot"].endswith(": this account alone")


def test_who_sees_every_account_is_told_nothing_of_the_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator(ORGANIZATION) as emulator:
        assert collected(tmp_path, emulator) == 0
    assert "This account alone" not in capsys.readouterr().out
    method = dict(Report.of(load_snapshot(tmp_path / "store")).method)
    assert method["Snapshot"].endswith(": the whole organization")


def test_a_link_to_an_account_that_a_member_cannot_see_is_not_outside_the_organization(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = Link("link-aaaabbbbcccc", "LINKED", "000000000010", "000000000011", "us-east-1")
    organization = an_organization(a_pair(10), a_pair(11), links=(link,))
    ends = {}
    for caller in ("management", "member"):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", caller)
        with Emulator(organization) as emulator:
            store = tmp_path / caller
            asked = ["--store", str(store), "--endpoint-url", emulator.url]
            assert main(["collect", *asked, "--link-regions", "us-east-1"]) == 0
        ends[caller] = list(link_ends(load_snapshot(store)).astype(str))
    assert ends == {"management": [], "member": ["NOT_SEEN"]}
