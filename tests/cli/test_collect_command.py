"""`collect` of many organizations: each ends with an outcome, and none stops another."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import patience
import pytest
from emulated import a_pair, an_organization
from reported import small_snapshot

from toolkit.cli import main
from toolkit.emulator import Account, Emulator
from toolkit.runs.stopped import failed_run, note_failed
from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]

QUICK = ("--link-regions", "none", "--sources", "none", "--rate", "5000")
LOOK_UP = "GetGovCloudAccountInformation"


class Company(NamedTuple):
    """Emulators of two organizations."""

    one: Emulator
    two: Emulator


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    members = (Account("900000000001", "main"), Account("900000000010", "ten"))
    organizations = [
        replace(
            an_organization(*(a_pair(n) for n in range(10, last)), members=members),
            organization_id=name,
            govcloud_organization_id=f"{name}gov",
        )
        for name, last in (("o-onexxxxxxx", 14), ("o-twoxxxxxxx", 13))
    ]
    with ExitStack() as stack:
        yield Company(*(stack.enter_context(Emulator(one)) for one in organizations))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with a snapshot of neither of them."""
    made = Store(tmp_path / "store")
    made.save(small_snapshot())
    return made


@pytest.fixture(autouse=True)
def profiles(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles of both organizations, one that has expired, and one that leads nowhere."""
    logins = {
        "one": (company.one.url, "management"),
        "two": (company.two.url, "management"),
        "deputy": (company.one.url, "delegated"),
        "one-gov": (company.one.url, "govcloud"),
        "two-gov": (company.two.url, "govcloud"),
        "old": (company.one.url, "expired"),
        "nowhere": ("http://127.0.0.1:1", "management"),
    }
    lines = [
        f"[profile {name}]\nendpoint_url = {url}\naws_access_key_id = {key}\n"
        f"aws_secret_access_key = x\nregion = {'us-gov-west-1' if 'gov' in name else 'us-east-1'}\n"
        for name, (url, key) in logins.items()
    ]
    (tmp_path / "config").write_text("".join(lines))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


def named(*profiles: str) -> list[str]:
    return [word for name in profiles for word in ("--profile", name)]


def collected(store: Store) -> list[str]:
    return [one for one in store.organizations() if one != "o-test"]


def test_all_went_well_and_each_has_its_summary(run: Run, store: Store) -> None:
    code, out, err = run("collect", "--store", store, *named("one", "two"), *QUICK)
    assert code == 0
    assert "one: Snapshot o-onexxxxxxx/" in out
    assert "two: Snapshot o-twoxxxxxxx/" in out
    assert err.splitlines() == sorted(err.splitlines(), key=lambda line: line[-7:])
    assert {line[:9] for line in err.splitlines()} == {"one: Done", "two: Done"}
    assert collected(store) == ["o-onexxxxxxx", "o-twoxxxxxxx"]


def test_what_is_wrong_with_one_profile_is_its_sentence_and_the_others_are_collected(
    run: Run, store: Store
) -> None:
    asked = named("missing", "one", "old", "two")
    code, out, err = run("collect", "--store", store, *asked, *QUICK, "--quiet")
    assert code == 2
    assert out == ""
    lines = err.splitlines()
    assert lines[0].startswith("missing: There is no AWS profile 'missing'.")
    assert lines[1].startswith("old: The credentials of profile 'old' have expired. Log in again")
    assert lines[2:] == ["2 of 4 collections ended well."]
    assert collected(store) == ["o-onexxxxxxx", "o-twoxxxxxxx"]
    assert failed_run(store) is not None


def test_what_another_try_could_complete_is_told_by_the_code_whatever_else_is_wrong(
    run: Run, store: Store
) -> None:
    asked = named("nowhere", "old", "two")
    code, _, err = run("collect", "--store", store, *asked, *QUICK, "--quiet")
    assert code == 1
    assert err.splitlines()[0].startswith("nowhere: ")
    assert err.splitlines()[-1] == "1 of 3 collections ended well."


def test_accounts_without_an_answer_are_named_with_their_profile(
    run: Run, store: Store, company: Company
) -> None:
    company.two.change(failing={"000000000010": "424"})
    try:
        asked = named("one", "two")
        code, _, err = run("collect", "--store", store, *asked, *QUICK, "--quiet")
    finally:
        company.two.change(failing={})
    assert code == 1
    assert err.startswith("two: 1 of 5 accounts got no answer.")
    assert err.endswith("1 of 2 collections ended well.\n")


def test_that_one_could_ask_nothing_is_known_until_all_could(run: Run, store: Store) -> None:
    asked = ("collect", "--store", store, *QUICK, "--quiet")
    run(*asked, *named("one", "old"))
    assert failed_run(store) is not None
    run(*asked, *named("one", "two"))
    assert failed_run(store) is None
    # No call of AWS's is behind a profile that there is not: that is for whoever typed it.
    run(*asked, *named("one", "missing"))
    assert failed_run(store) is None
    note_failed(store, pd.Timestamp("2026-11-22T03:00Z"))
    run(*asked, *named("missing", "absent"))
    assert failed_run(store) is not None


def test_what_several_have_in_common_is_said_once(run: Run, store: Store) -> None:
    asked = (*named("one", "two"), "--role-name", "!", "--quiet")
    code, _, err = run("collect", "--store", store, *asked, *QUICK)
    assert code == 2
    assert err.splitlines() == [
        "one, two: '!' is not the name of a role. Give the name alone, without an ARN.",
        "0 of 2 collections ended well.",
    ]


def test_two_profiles_of_one_organization_are_told_so(run: Run, store: Store) -> None:
    asked = (*named("one", "deputy"), "--quiet")
    code, _, err = run("collect", "--store", store, *asked, *QUICK)
    assert code == 2
    assert "It leads to o-onexxxxxxx, which '" in err
    assert len(store.ids("o-onexxxxxxx")) == 1


def test_json_is_a_list_with_an_entry_for_each_profile(run: Run, store: Store) -> None:
    asked = (*named("old", "one"), "--format", "json")
    code, out, err = run("collect", "--store", store, *asked, *QUICK)
    assert code == 2
    failed, well = json.loads(out)
    assert failed["profile"] == "old"
    assert failed["error"].startswith("The credentials of profile 'old' have expired.")
    assert (well["profile"], well["organization_id"]) == ("one", "o-onexxxxxxx")
    assert "1 of 2 collections ended well." in err


def test_one_profile_is_one_manifest_and_a_file_of_one_a_list_of_one(
    run: Run, store: Store, tmp_path: Path
) -> None:
    asked = ("collect", "--store", store, *QUICK, "--format", "json")
    alone = json.loads(run(*asked, "--profile", "one")[1])
    assert alone["organization_id"] == "o-onexxxxxxx"
    assert "profile" not in alone
    (tmp_path / "profiles.txt").write_text("two\n")
    (entry,) = json.loads(run(*asked, "--profiles", tmp_path / "profiles.txt")[1])
    assert (entry["profile"], entry["organization_id"]) == ("two", "o-twoxxxxxxx")


def test_a_file_gives_each_profile_a_witness_and_a_role_of_its_own(
    run: Run, store: Store, company: Company, tmp_path: Path
) -> None:
    role = "arn:aws:iam::000000000001:role/audit"
    file = tmp_path / "profiles.csv"
    file.write_text(f"profile;govcloud_profile;role_arn\none;one-gov;\ntwo;two-gov;{role}\n")
    before = company.two.calls["AssumeRole"]
    asked = ("collect", "--store", store, "--profiles", file, "--link-regions", "none")
    code, out, _ = run(*asked, "--sources", "witness", "--rate", "5000", "--format", "json")
    assert code == 0
    one, two = json.loads(out)
    assert one["govcloud_organization_id"] == "o-onexxxxxxxgov"
    assert two["govcloud_organization_id"] == "o-twoxxxxxxxgov"
    assert "role_arn" not in one
    assert two["role_arn"] == role
    assert company.two.calls["AssumeRole"] == before + 1


def test_profiles_are_named_on_the_line_and_in_a_file_together(
    run: Run, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "more.txt").write_text("# those of the subsidiary\n\ntwo  # since May\n")
    asked = ("--profile", "one", "--profiles", tmp_path / "more.txt", "--quiet")
    assert run("collect", "--store", store, *asked, *QUICK)[0] == 0
    assert collected(store) == ["o-onexxxxxxx", "o-twoxxxxxxx"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (named("one", "one"), "'one' is named twice. Each organization is collected once."),
        ([*named("one", "two"), "--govcloud-profile", "one-gov"], "in a file: --profiles FILE"),
        (["--profiles", "nowhere.txt"], "nowhere.txt cannot be read: "),
        ([*named("one", "two"), "--sources", "tags,wishes"], "'wishes' is no source."),
        ([*named("one", "two"), "--sources", "witness"], "The witness needs a login"),
    ],
)
def test_a_wrong_call_is_one_sentence_before_anybody_is_asked(
    run: Run, store: Store, company: Company, asked: list[str], said: str
) -> None:
    before = company.one.calls
    code, out, err = run("collect", "--store", store, *asked)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert company.one.calls == before


def test_the_first_ctrl_c_ends_all_in_order_and_says_so_for_each(
    store: Store, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [one.calls[LOOK_UP] for one in company]

    def interrupt() -> None:
        patience.until(
            lambda: all(one.calls[LOOK_UP] > was for one, was in zip(company, before, strict=True))
        )
        signal.raise_signal(signal.SIGINT)

    for one in company:
        one.change(latency=0.1)
    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    slow = ("--link-regions", "none", "--sources", "none", "--rate", "2", "--quiet")
    try:
        code = main(["collect", "--store", str(store), *named("one", "two"), *slow])
    finally:
        interrupting.join()
        for one in company:
            one.change(latency=0.0)
    told = capsys.readouterr().err.splitlines()
    assert code == 1
    assert [line.split(" ", 5)[:5] for line in told[:2]] == [
        [f"{name}:", "The", "collection", "was", "stopped."] for name in ("one", "two")
    ]
    assert all("Run the same again to go on: what was answered is kept." in one for one in told[:2])
    assert told[2:] == ["0 of 2 collections ended well."]
    assert store.unfinished() == ["o-onexxxxxxx", "o-twoxxxxxxx"]
    assert main(["collect", "--store", str(store), *named("one", "two"), *QUICK]) == 0
    assert collected(store) == ["o-onexxxxxxx", "o-twoxxxxxxx"]
