"""What the app is started with: behind the command's own arguments, or in the environment."""

import sys
from pathlib import Path

import pytest

from toolkit.app import options
from toolkit.app.options import Options
from toolkit.errors import InputError
from toolkit.store import Store

NAMED = ("ACCOUNT_PAIRS_STORE", "ACCOUNT_PAIRS_POLICY")
BUCKET = ("ACCOUNT_PAIRS_STORE_PROFILE", "ACCOUNT_PAIRS_STORE_KMS_KEY")


@pytest.fixture(autouse=True)
def started_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the app is started in, with nothing named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py"])
    for name in (*NAMED, *BUCKET):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None, str | None]]:
    """Every address that is opened as a store, with the profile and the key it is opened with."""
    known: list[tuple[str, str | None, str | None]] = []
    open_one = Store.started_here

    def note(address: str, *, profile: str | None = None, kms_key: str | None = None) -> Store:
        known.append((address, profile, kms_key))
        return open_one(address, profile=profile, kms_key=kms_key)

    monkeypatch.setattr(Store, "started_here", note)
    return known


@pytest.mark.parametrize(
    "written",
    [["--store", "mine", "--policy", "rules.toml"], ["--policy=rules.toml", "--store=mine"]],
)
def test_store_and_policy_can_be_named_where_the_app_is_started(
    written: list[str], started_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", *written])

    assert options.options() == Options(Store(started_in / "mine"), started_in / "rules.toml")


def test_the_environment_names_them_as_well_and_an_argument_weighs_more(
    started_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMED:
        monkeypatch.setenv(name, "theirs")
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--store", "mine"])

    assert options.options() == Options(Store(started_in / "mine"), started_in / "theirs")


@pytest.mark.parametrize("by", ["arguments", "environment"])
def test_a_bucket_is_opened_with_its_profile_and_its_key_and_once(
    forgotten: None,
    opened: list[tuple[str, str | None, str | None]],
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    del forgotten
    named = ("s3://ours/pairs", "shared", "alias/ours")
    if by == "arguments":
        names = ("--store", "--store-profile", "--store-kms-key")
        written = [f"{name}={value}" for name, value in zip(names, named, strict=True)]
        monkeypatch.setattr(sys, "argv", ["streamlit_app.py", *written])
    else:
        for name, value in zip((NAMED[0], *BUCKET), named, strict=True):
            monkeypatch.setenv(name, value)

    stores = [options.options().store for _ in range(2)]

    assert [str(one) for one in stores] == [named[0]] * 2
    assert opened == [named]

    options.forget()  # as one who has logged in anew wants it
    assert options.options().store == stores[0]
    assert opened == [named] * 2


def test_where_nothing_is_named_the_toolkits_own_rules_hold(forgotten: None) -> None:
    del forgotten

    assert options.options() == Options(None, None)
    assert options.policy().changed == 0


def test_a_policy_file_that_is_written_anew_is_read_anew(
    forgotten: None, policy_file: Path
) -> None:
    del forgotten
    assert options.policy().changed == 3

    policy_file.write_text(
        '[[rules]]\nstandard = "CLOSED"\ngovcloud = "ACTIVE"\nverdict = "MATCH"', encoding="utf-8"
    )

    assert options.policy().changed == 1


def test_a_policy_file_that_is_missing_says_so(forgotten: None, policy_file: Path) -> None:
    del forgotten
    policy_file.unlink()

    with pytest.raises(InputError, match=r"strict\.toml cannot be read"):
        options.policy()
