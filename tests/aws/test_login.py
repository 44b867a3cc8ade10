"""Fetching credentials: whatever goes wrong with it is one sentence and a way on."""

import getpass
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from toolkit.aws import connect
from toolkit.emulator import Emulator, make_organization
from toolkit.errors import CredentialsError

GOOD = {"Version": 1, "AccessKeyId": "management", "SecretAccessKey": "x", "SessionToken": "x"}

WITH_MFA = """
[profile base]
aws_access_key_id = management
aws_secret_access_key = x

[profile mine]
source_profile = base
region = us-east-1
role_arn = arn:aws:iam::111111111111:role/R
mfa_serial = arn:aws:iam::111111111111:mfa/me
"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(make_organization(4)) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return path


def program(config: Path, code: str) -> None:
    """Have the profile `mine` log in by a program of one line."""
    script = config.with_name("login.py")
    script.write_text(code, encoding="utf-8")
    python, path = (json.dumps(Path(one).as_posix()) for one in (sys.executable, script))
    config.write_text(f"[profile mine]\ncredential_process = {python} {path}\n", encoding="utf-8")


def printing(answer: object) -> str:
    return f"print({json.dumps(answer)!r})"


def test_a_program_that_gives_keys_is_a_login(config: Path, emulator: Emulator) -> None:
    program(config, printing(GOOD))
    aws = connect("mine", endpoint_url=emulator.url)
    assert aws.caller().kind == "management"
    aws.close()


@pytest.mark.parametrize(
    "code",
    [
        "print('Please log in first')",
        printing([1]),
        printing({**GOOD, "Expiration": "soon"}),
        "import sys; sys.stdout.buffer.write(bytes([255, 254]))",
    ],
)
def test_what_is_no_credentials_is_said_to_come_from_the_program(
    config: Path, emulator: Emulator, code: str
) -> None:
    program(config, code)
    with pytest.raises(CredentialsError) as caught:
        connect("mine", endpoint_url=emulator.url).caller()
    assert caught.value.message.startswith(
        "The credentials of profile 'mine' could not be fetched: what the program that gives them"
        " printed is no credentials ("
    )
    assert "credential_process" in caught.value.hint
    assert "http" not in str(caught.value)


@pytest.mark.parametrize("code", ["raise SystemExit('Please log in first')", None])
def test_a_program_that_fails_or_is_not_there_is_one_sentence(
    config: Path, emulator: Emulator, code: str | None
) -> None:
    program(config, code or "")
    if code is None:
        config.write_text(
            "[profile mine]\ncredential_process = /nonexistent/program\n", encoding="utf-8"
        )
    with pytest.raises(CredentialsError) as caught:
        connect("mine", endpoint_url=emulator.url).caller()
    assert caught.value.message.startswith(
        "The credentials of profile 'mine' could not be fetched: "
    )
    assert ("Please log in first" in caught.value.message) is (code is not None)


def test_a_program_that_gives_expired_keys_is_a_login_that_has_expired(
    config: Path, emulator: Emulator
) -> None:
    program(config, printing({**GOOD, "Expiration": "2020-01-01T00:00:00Z"}))
    with pytest.raises(CredentialsError) as caught:
        connect("mine", endpoint_url=emulator.url).caller()
    assert caught.value.message.startswith("The credentials of profile 'mine' have expired")
    assert "aws sso login --profile mine" in caught.value.hint


def test_a_login_that_needs_another_package_names_it(config: Path, emulator: Emulator) -> None:
    session = "arn:aws:sts::111111111111:assumed-role/Admin/me"
    config.write_text(
        f"[profile mine]\nregion = us-east-1\nlogin_session = {session}\n", encoding="utf-8"
    )
    with pytest.raises(CredentialsError) as caught:
        connect("mine", endpoint_url=emulator.url).caller()
    assert "`aws login`" in caught.value.message
    assert caught.value.hint == 'Install it: pip install "botocore[crt]"'


def test_an_mfa_code_is_asked_for_where_it_can_be_typed_in(
    config: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    # As a notebook does, which has no terminal and asks by itself.
    monkeypatch.setattr(getpass, "getpass", lambda text: asked.append(text) or "123456")
    config.write_text(WITH_MFA, encoding="utf-8")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    aws = connect("mine")
    assert aws.caller().account_id == "111111111111"
    aws.close()
    assert asked == ["Enter MFA code for arn:aws:iam::111111111111:mfa/me: "]


def test_two_profiles_side_by_side_ask_for_their_codes_one_after_the_other(
    config: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = WITH_MFA + WITH_MFA.replace("[profile ", "[profile other-")
    config.write_text(both, encoding="utf-8")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    asking, most = [0], [0]

    def answer(_: str) -> str:
        asking[0] += 1
        most[0] = max(most[0], asking[0])
        time.sleep(0.2)  # so long that another one would be asked meanwhile
        asking[0] -= 1
        return "123456"

    monkeypatch.setattr(getpass, "getpass", answer)
    ways = [connect("mine"), connect("other-mine")]
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(lambda aws: aws.caller().account_id, ways))
    for aws in ways:
        aws.close()
    assert len(told) == 2
    assert most == [1]


def test_an_mfa_code_without_a_terminal_is_one_line(config: Path, emulator: Emulator) -> None:
    config.write_text(WITH_MFA, encoding="utf-8")
    asked = subprocess.run(
        [sys.executable, "-m", "toolkit", "collect", "--profile", "mine"],
        env=os.environ | {"AWS_ENDPOINT_URL": emulator.url},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        start_new_session=True,
    )
    assert asked.returncode == 2
    assert asked.stderr.count("\n") == 1
    assert "need an MFA code, and there is no terminal to type it in" in asked.stderr


def test_a_login_made_after_a_failed_one_works_with_the_same_connection(
    config: Path, emulator: Emulator
) -> None:
    program(config, printing({**GOOD, "Expiration": "2020-01-01T00:00:00Z"}))
    aws = connect("mine", endpoint_url=emulator.url)
    with pytest.raises(CredentialsError):
        aws.caller()
    program(config, printing({**GOOD, "Expiration": "2999-01-01T00:00:00Z"}))
    assert aws.caller().kind == "management"
    aws.close()
