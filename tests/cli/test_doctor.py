"""`doctor` as others script against it: what it tells, and its exit codes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from emulated import a_pair, an_organization

from toolkit.cli import main
from toolkit.emulator import Account, Emulator, Switches

SECRETS = r"\d{12}|o-emulator|arn:|analyst|audit|@"


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    members = (Account("600000000006"), Account("600000000007"))
    with Emulator(an_organization(a_pair(10), members=members)) as emulator:
        yield emulator


@pytest.fixture
def emulator(
    shared: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Emulator]:
    """An organization behind profiles that are called as their callers are."""
    (tmp_path / "config").write_text(
        "".join(
            f"[profile {name}]\nregion = us-east-1\nendpoint_url = {shared.url}\n"
            f"aws_access_key_id = {name}\naws_secret_access_key = any\n"
            for name in ("audit", "member", "expired", "govcloud")
        )
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    yield shared
    shared._switch(Switches())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--profile", "audit"], 0),
        (["--profile", "audit", "--govcloud-profile", "govcloud"], 0),
        (["--profile", "member"], 1),
        (["--profile", "expired"], 2),
        (["--profile", "govcloud"], 2),
        (["--profile", "nobody"], 2),
        (["--profile", "audit", "--govcloud-profile", "member"], 2),
    ],
)
@pytest.mark.usefixtures("emulator")
def test_its_code_says_whether_a_collection_would_work(arguments: list[str], code: int) -> None:
    assert main(["doctor", *arguments]) == code


def test_it_tells_the_versions_the_addresses_and_each_permission(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.change(denied_operations=["GetAccountLink"])
    assert main(["doctor", "--profile", "audit"]) == 1
    out = capsys.readouterr().out
    for word in ("account-pairs ", "Python ", "boto3 ", "botocore ", "pandas ", "streamlit "):
        assert word in out.splitlines()[0]
    assert f"asks account        at {emulator.url}" in out
    assert "fine   Trusted access: It is on." in out
    assert "look   Permission: Missing permission: workspaces:GetAccountLink" in out
    assert "denied   workspaces:GetAccountLink" in out
    assert "allowed  account:GetGovCloudAccountInformation" in out


@pytest.mark.parametrize(("profile", "form"), [("audit", "text"), ("expired", "json")])
def test_redacted_it_names_nobody(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], form: str, profile: str
) -> None:
    emulator.change(denied_operations=["ListAccountLinks"])
    asked = ["doctor", "--profile", profile, "--govcloud-profile", "govcloud", "--format", form]
    main(asked)
    assert re.search(SECRETS, capsys.readouterr().out)
    main([*asked, "--redact"])
    out = capsys.readouterr().out
    assert not re.search(SECRETS, out)
    assert f"'{profile}'" not in out
    assert "<arn>" in out


@pytest.mark.usefixtures("emulator")
def test_json_holds_what_the_text_tells(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--profile", "audit", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert list(told) == [
        "versions",
        "caller",
        "arn",
        "endpoints",
        "clock_ahead",
        "findings",
        "access",
    ]
    assert told["caller"]["kind"] == "management"
    assert {one["standing"] for one in told["findings"]} == {"FINE"}
    assert {row["allowed"] for row in told["access"]} == {"ALLOWED"}
