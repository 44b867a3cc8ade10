"""`notify`: tells real receivers, remembers it afterwards, and never loses a message."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alerted import an_organization
from copied import ROOT
from processes import Program, running
from receiving import SILENT, hook, mailbox

from toolkit.alerts import name_of
from toolkit.cli import main
from toolkit.emulator import Emulator, make_organization
from toolkit.fetch.journal import Journal
from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated")  # in apprise

FINE, CRITICAL = ("ACTIVE", "ACTIVE"), ("CLOSED", "ACTIVE")
FIRST = an_organization("2026-11-15", {1: FINE, 2: CRITICAL})
SECOND = an_organization("2026-11-22", {1: ("ACTIVE", "SUSPENDED"), 2: CRITICAL})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one snapshot."""
    made = Store(tmp_path / "store")
    made.save(FIRST)
    return made


def told(store: Store) -> dict[str, bytes]:
    """Return what is remembered of addresses, by file."""
    return {path.name: path.read_bytes() for path in Path(str(store)).rglob("told-*.json")}


def test_an_address_is_told_how_it_stands_then_what_is_new_then_nothing(
    run: Run, store: Store
) -> None:
    with hook() as receiver:
        notify = ("notify", "--store", store, "--to", f"{receiver.url}/?token=s3cret")
        first = run(*notify)
        again = run(*notify)
        store.save(SECOND)
        second = run(*notify)

    assert first == (
        0,
        "http://127.0.0.1: told of o-test: 1 of 2 linked pairs disagrees, critically.\n",
        "",
    )
    assert again == (0, "http://127.0.0.1: nothing new of o-test.\n", "")
    assert second[:2] == (
        0,
        "http://127.0.0.1: told of o-test: 1 new mismatch since 15 November 2026, 03:00 UTC.\n",
    )
    assert [one["text"].splitlines()[0] for one in receiver.told] == [
        "1 of 2 linked pairs disagrees, critically",
        "1 new mismatch since 15 November 2026, 03:00 UTC",
    ]


def test_no_address_is_kept_in_the_store_nor_in_the_name_of_a_file(run: Run, store: Store) -> None:
    with hook() as receiver:
        run("notify", "--store", store, "--to", f"{receiver.url}/s3cret")

    ((name, content),) = told(store).items()
    assert "s3cret" not in name + content.decode()
    assert receiver.url not in content.decode()


def test_each_address_is_told_what_is_new_to_it(run: Run, store: Store) -> None:
    with hook() as old, hook() as new:
        run("notify", "--store", store, "--to", old.url)
        store.save(SECOND)
        run("notify", "--store", store, "--to", old.url, new.url)

    assert old.told[-1]["text"].startswith("1 new mismatch since")
    assert [one["text"].splitlines()[0] for one in new.told] == [
        "All 2 linked pairs disagree, 1 of them critically"
    ]


def test_an_address_that_fails_is_said_and_the_others_are_told(run: Run, store: Store) -> None:
    with hook(500) as failing, hook() as fine:
        notify = ("notify", "--store", store, "--timeout", 0.2)
        code, out, err = run(*notify, "--to", f"{failing.url}/s3cret", "--to", fine.url)
        failing.statuses = [200]
        mended = run(*notify, "--to", f"{failing.url}/s3cret", fine.url)

    assert code == 1
    assert err == (
        "1. http://127.0.0.1 was not told: it answered with 500 (tried 3 times). It is told the"
        " same next time.\n"
    )
    assert out.startswith("2. http://127.0.0.1: told of o-test: ")
    assert mended[0] == 0
    assert mended[1].splitlines() == [
        "1. http://127.0.0.1: told of o-test: 1 of 2 linked pairs disagrees, critically.",
        "2. http://127.0.0.1: nothing new of o-test.",
    ]


def test_an_address_that_keeps_silent_ends_with_1_and_is_told_next_time(
    run: Run, store: Store
) -> None:
    with hook(SILENT, 200) as receiver:
        notify = ("notify", "--store", store, "--timeout", 0.3, "--to", receiver.url)
        code, _, err = run(*notify)
        assert code == 1
        assert "within 0.3 s" in err
        assert told(store) == {}
        assert run(*notify)[0] == 0
    assert len(receiver.told) == 2


def test_an_e_mail_is_sent_through_apprise(run: Run, store: Store) -> None:
    with mailbox() as box:
        code, out, err = run("notify", "--store", store, "--timeout", 2, "--to", box.url)

    assert (code, err) == (0, "")
    assert out.startswith("mailto://127.0.0.1: told of o-test: ")
    assert box.mails[0]["Subject"] == "1 of 2 linked pairs disagrees, critically"


def test_a_dry_run_prints_each_message_and_sends_and_remembers_nothing(
    run: Run, store: Store
) -> None:
    with hook() as receiver:
        code, out, _ = run(
            *("notify", "--store", store, "--dry-run"),
            *("--to", receiver.url, "slack://TokenA/TokenB/TokenC"),
        )

    assert code == 0
    first, second = out.split("\n\n")[:2]
    assert first.startswith("1. http://127.0.0.1:\n1 of 2 linked pairs disagrees, critically\n- ")
    assert second.startswith("2. slack://…:\n1 of 2 linked pairs disagrees, critically\n- ")
    assert (receiver.told, told(store)) == ([], {})


def test_a_wrong_address_ends_it_before_anybody_is_told(run: Run, store: Store) -> None:
    with hook() as receiver:
        code, out, err = run("notify", "--store", store, "--to", receiver.url, "slack://s3cret")

    assert (code, out) == (2, "")
    assert err.startswith("slack://… is not an address that apprise knows.")
    assert "s3cret" not in err
    assert receiver.told == []


def test_without_a_snapshot_it_ends_with_2(run: Run, tmp_path: Path) -> None:
    code, _, err = run("notify", "--store", tmp_path, "--to", "https://host.example")

    assert code == 2
    assert "holds no snapshot yet" in err


def test_what_could_not_be_remembered_is_told_again(run: Run, store: Store) -> None:
    with hook() as receiver:
        notify = ("notify", "--store", store, "--to", receiver.url)
        in_the_way = Path(str(store)) / "kept/organization=o-test" / name_of(receiver.url)
        in_the_way.mkdir(parents=True)
        code, out, err = run(*notify)
        assert code == 1
        assert "told of o-test" in out
        assert "http://127.0.0.1 will be told the same again: " in err

        in_the_way.rmdir()
        assert run(*notify)[0] == 0

    assert len(receiver.told) == 2
    assert receiver.told[0] == receiver.told[1]


def test_a_memory_that_is_damaged_is_said_and_all_is_told_anew(run: Run, store: Store) -> None:
    with hook() as receiver:
        notify = ("notify", "--store", store, "--to", receiver.url)
        run(*notify)
        (path,) = Path(str(store)).rglob("told-*.json")
        path.write_text("{", encoding="utf-8")
        code, _, err = run(*notify)

    assert code == 0
    assert "is told how all stands, since what it was told is not known" in err
    assert len(receiver.told) == 2


def test_one_that_is_killed_between_telling_and_remembering_tells_it_again(
    run: Run, store: Store, tmp_path: Path
) -> None:
    programs: list[Program] = []
    with hook(heard=lambda: programs and programs.pop().kill()) as receiver:
        notify = ("notify", "--store", store, "--timeout", 60, "--to", receiver.url)
        command = [sys.executable, "-m", "toolkit", *notify]
        with running(command, tmp_path / "first.log", cwd=ROOT) as first:
            programs.append(first)
            assert first.ended() != 0
        assert (len(receiver.told), told(store)) == (1, {})

        for line in ("told of o-test", "nothing new of o-test"):
            code, said, _ = run(*notify)
            assert code == 0
            assert line in said

    assert len(receiver.told) == 2
    assert receiver.told[0] == receiver.told[1]


def test_a_run_that_stopped_is_told_also_where_there_is_no_snapshot(
    run: Run, store: Store, tmp_path: Path
) -> None:
    for folder in (store, Store(tmp_path / "empty")):
        journal = Journal(folder.journal, "o-test")
        journal.note(begun="2026-11-22T03:00:00+00:00", finished=False)
        journal.commit()
        journal.close()
    stopped = "The run of 22 November 2026, 03:00 UTC stopped before its end"
    with hook() as receiver:
        assert run("notify", "--store", store, "--to", receiver.url)[0] == 0
        assert run("notify", "--store", tmp_path / "empty", "--to", receiver.url)[0] == 0
        again = run("notify", "--store", tmp_path / "empty", "--to", receiver.url)

    assert stopped in receiver.told[0]["text"].splitlines()[1]
    assert receiver.told[1]["text"].startswith(stopped)
    assert again[1].endswith("nothing new of o-test.\n")


def test_a_run_that_could_not_ask_anything_is_told_once(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hook() as receiver, Emulator(make_organization(3)) as emulator:
        notify = ("notify", "--store", store, "--to", receiver.url)
        run(*notify)
        monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
        collected = main(["collect", "--store", str(store), "--endpoint-url", emulator.url])
        run(*notify)
        again = run(*notify)

    assert collected == 2
    assert receiver.told[1]["text"].splitlines()[0].startswith("The run of ")
    assert receiver.told[1]["text"].splitlines()[0].endswith(" failed before anything was asked")
    assert again[1].endswith("nothing new of o-test.\n")


def test_every_organization_of_a_store_is_told_of(run: Run, store: Store) -> None:
    store.save(an_organization("2026-11-22", {1: FINE}, organization="o-other"))
    with hook() as receiver:
        run("notify", "--store", store, "--to", receiver.url)

    assert [one["organization"] for one in receiver.told] == ["o-other", "o-test"]


def test_a_policy_is_named_and_judges(run: Run, store: Store, tmp_path: Path) -> None:
    policy = tmp_path / "ours.toml"
    policy.write_text(
        '[[rules]]\nstandard = "CLOSED"\ngovcloud = "ACTIVE"\nverdict = "MATCH"\n', encoding="utf-8"
    )
    with hook() as receiver:
        run("notify", "--store", store, "--policy", policy, "--to", receiver.url)

    text = receiver.told[0]["text"]
    assert text.startswith("All 2 linked pairs agree\n")
    assert "by ours.toml" in text


def test_help_names_every_exit_code(run: Run) -> None:
    code, out, _ = run("notify", "--help")

    assert code == 0
    assert [line[:3] for line in out.splitlines() if line[:5].strip().isdigit()] == [
        f"  {number}" for number in range(3)
    ]
