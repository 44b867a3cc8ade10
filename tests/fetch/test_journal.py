"""The journal: what was committed stays, and one run at a time holds it."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from patience import LONG

from toolkit import schema
from toolkit.errors import StoreBusyError, StoreError
from toolkit.fetch.journal import Journal, _damage

ANSWER = {
    "account_id": "000000000042",
    "govcloud_account_id": "000000000007",
    "govcloud_state": "ACTIVE",
    "outcome": "FOUND",
    "detail": None,
    "fetched_at": "2026-11-22T03:00:00+00:00",
}


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "o-x")
    journal.save(schema.GOVCLOUD, ANSWER)
    journal.commit()
    journal.save(schema.GOVCLOUD, ANSWER | {"account_id": "000000000043"})
    journal.close()

    journal = Journal(tmp_path, "o-x")
    assert journal.values(schema.GOVCLOUD, "outcome") == {"000000000042": "FOUND"}
    journal.close()


def test_what_was_saved_is_seen_before_it_is_committed() -> None:
    journal = Journal()
    journal.save(schema.ACCOUNTS, {"account_id": "000000000042", "standard_state": "ACTIVE"})
    assert journal.values(schema.ACCOUNTS, "standard_state") == {"000000000042": "ACTIVE"}
    journal.close()


def test_a_later_answer_replaces_an_earlier_one() -> None:
    journal = Journal()
    journal.save(schema.GOVCLOUD, ANSWER | {"outcome": "FAILED", "detail": "it broke"})
    journal.save(schema.GOVCLOUD, ANSWER)
    assert journal.values(schema.GOVCLOUD, "outcome") == {"000000000042": "FOUND"}
    journal.close()


def test_accounts_come_back_in_their_order_with_the_names_of_their_units() -> None:
    journal = Journal()
    rows = [
        ("000000000003", "ou-a/ou-b"),
        ("000000000001", ""),
        ("000000000002", None),
    ]
    for account_id, units in rows:
        journal.save(schema.ACCOUNTS, {"account_id": account_id, "ou_path": units})
    journal.save_unit("ou-a", "Workloads")
    frame = journal.read(schema.ACCOUNTS)
    assert list(frame["account_id"]) == ["000000000003", "000000000001", "000000000002"]
    assert frame["ou_path"].fillna("missing").tolist() == ["Workloads/ou-b", "Root", "missing"]
    journal.close()


def test_an_account_known_by_its_id_keeps_what_is_learned_of_it() -> None:
    journal = Journal()
    journal.save(schema.ACCOUNTS, {"account_id": "000000000042", "name": "Payments"})
    journal.save(schema.ACCOUNTS, {"account_id": "000000000042"})
    assert journal.read(schema.ACCOUNTS)["name"].tolist() == ["Payments"]
    journal.close()


def test_the_same_link_seen_from_both_ends_is_one_row_a_region() -> None:
    journal = Journal()
    link = {"link_id": "link-aaaabbbb", "link_status": "LINKED", "region": "us-east-1"}
    journal.save(schema.LINKS, link)
    journal.save(schema.LINKS, link)
    journal.save(schema.LINKS, link | {"region": "us-west-2"})
    assert journal.read(schema.LINKS)["region"].tolist() == ["us-east-1", "us-west-2"]
    journal.close()


def test_how_far_a_question_got_is_kept() -> None:
    journal = Journal()
    assert journal.asked("ListAccounts") == (None, None)
    journal.save_asked("ListAccounts", token="next")
    assert journal.asked("ListAccounts") == ("next", None)
    journal.save_asked("ListAccounts", outcome="DONE")
    assert journal.asked("ListAccounts") == (None, "DONE")
    journal.close()


def test_only_the_questions_that_ended_so_are_forgotten() -> None:
    journal = Journal()
    journal.save_asked("ListAccounts", token="next")
    journal.save_asked("GetAccountLink", account_id="000000000001", outcome="FOUND")
    journal.save_asked("GetAccountLink", account_id="000000000002", outcome="FAILED", detail="it")
    journal.save_asked("AssumeRole", account_id="000000000002", outcome="THROTTLED")

    journal.forget_asked(["FAILED", "THROTTLED"])

    assert journal.asked("ListAccounts") == ("next", None)
    assert [row["outcome"] for row in journal.all_asked("GetAccountLink")] == ["FOUND"]
    assert journal.all_asked("AssumeRole") == []
    journal.close()


def a_value(column: schema.Column) -> str:
    """Return a text that a column of that kind can hold."""
    if column.name == "ou_path":
        return ""
    return {
        "id": "000000000042",
        "word": str(column.vocabulary[0]) if column.vocabulary else "",
        "time": "2026-11-22T03:00:00+00:00",
        "count": "3",
        "number": "1.5",
        "flag": "True",
    }.get(column.kind, f"a {column.name}")


@pytest.mark.parametrize("table", schema.STORED.values(), ids=lambda table: table.name)
def test_every_column_that_is_declared_is_kept(table: schema.Table, tmp_path: Path) -> None:
    row = {column.name: a_value(column) for column in table.columns}
    journal = Journal(tmp_path, "o-x")
    journal.save(schema.ACCOUNTS, {"account_id": "000000000042"})
    journal.save(table, row)
    journal.commit()
    journal.close()

    journal = Journal(tmp_path, "o-x")
    kept = journal.read(table).astype("str").iloc[0].to_dict()
    journal.close()

    shown = {"": "Root", "2026-11-22T03:00:00+00:00": "2026-11-22 03:00:00+00:00"}
    assert kept == {name: shown.get(value, value) for name, value in row.items()}


def test_what_is_about_accounts_comes_in_their_order() -> None:
    journal = Journal()
    for account_id in ("000000000003", "000000000001", "000000000002"):
        journal.save(schema.ACCOUNTS, {"account_id": account_id})
    for account_id in ("000000000002", "000000000003"):
        journal.save(schema.GOVCLOUD, ANSWER | {"account_id": account_id})

    answered = journal.read(schema.GOVCLOUD)["account_id"].tolist()
    journal.close()

    assert answered == ["000000000003", "000000000002"]


def test_facts_about_the_run_are_kept_by_name() -> None:
    journal = Journal()
    assert journal.noted("learned") is None
    journal.note(learned={"rate": 9.8, "clusters": 3})
    assert journal.noted("learned") == {"rate": 9.8, "clusters": 3}
    journal.close()


def test_a_second_run_on_the_same_organization_is_refused(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", "o-x")
    with pytest.raises(StoreBusyError, match="Another collection of this organization"):
        Journal(tmp_path / "journal", "o-x")
    Journal(tmp_path / "journal", "o-y").close()
    journal.close()
    Journal(tmp_path / "journal", "o-x").close()


def test_a_second_run_in_another_thread_is_refused(tmp_path: Path) -> None:
    caught = []

    def second() -> None:
        with pytest.raises(StoreBusyError) as error:
            Journal(tmp_path, "o-x")
        caught.append(error)

    journal = Journal(tmp_path, "o-x")
    thread = threading.Thread(target=second)
    thread.start()
    thread.join()
    journal.close()
    assert len(caught) == 1


def test_a_run_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    program = f"""
import os
from pathlib import Path
from toolkit import schema
from toolkit.fetch.journal import Journal, _damage
journal = Journal(Path({str(tmp_path)!r}), "o-x")
journal.save(schema.GOVCLOUD, {ANSWER!r})
journal.commit()
journal.save(schema.GOVCLOUD, {ANSWER | {"account_id": "000000000043"}!r})
os._exit(9)  # nothing is closed or written any more
"""
    subprocess.run([sys.executable, "-c", program], check=False, timeout=LONG)
    journal = Journal(tmp_path, "o-x")
    assert journal.values(schema.GOVCLOUD, "outcome") == {"000000000042": "FOUND"}
    journal.close()


def test_a_deleted_journal_leaves_no_answers_behind(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "o-x")
    journal.save(schema.GOVCLOUD, ANSWER)
    journal.commit()
    journal.delete()
    assert [path.name for path in tmp_path.glob("*.sqlite*")] == []


def test_a_cleared_journal_begins_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "o-x")
    journal.save(schema.GOVCLOUD, ANSWER)
    journal.clear()
    assert journal.values(schema.GOVCLOUD, "outcome") == {}
    journal.close()


def test_a_damaged_journal_is_one_sentence_and_fresh_gets_over_it(tmp_path: Path) -> None:
    (tmp_path / "o-x.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=r"The journal .* cannot be used") as caught:
        Journal(tmp_path, "o-x")
    assert "--fresh" in caught.value.hint
    Journal(tmp_path, "o-x", fresh=True).close()


def of_another_version(folder: Path, *, finished: str | None) -> None:
    """Leave a journal with other columns, as an older or newer version would."""
    with sqlite3.connect(folder / "o-x.sqlite") as database:
        database.execute("CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT)")
        if finished:
            database.execute("INSERT INTO notes VALUES ('finished', ?)", (finished,))
        database.execute("PRAGMA user_version = 1")
    database.close()


@pytest.mark.parametrize("finished", ["false", None])
def test_an_unfinished_run_of_another_version_is_never_deleted_without_a_word(
    tmp_path: Path, finished: str | None
) -> None:
    of_another_version(tmp_path, finished=finished)

    with pytest.raises(StoreError, match="another version of this toolkit began") as caught:
        Journal(tmp_path, "o-x")
    assert "--fresh" in caught.value.hint
    assert (tmp_path / "o-x.sqlite").exists()

    Journal(tmp_path, "o-x", fresh=True).close()


def test_a_finished_run_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    of_another_version(tmp_path, finished="true")

    journal = Journal(tmp_path, "o-x")

    assert journal.noted("finished") is None
    assert journal.values(schema.GOVCLOUD, "outcome") == {}
    journal.close()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be written to"):
        Journal(tmp_path / "store" / "journal", "o-x")


def test_a_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "store" / "journal"
    journal = Journal(folder, "o-x")
    journal.save(schema.GOVCLOUD, ANSWER)
    journal.commit()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    journal.close()
    # Windows has no such permissions: there a folder is as private as the one that it is in.
    assert modes.pop("journal") == (0o700 if os.name == "posix" else 0o777)
    assert set(modes.values()) == {0o600 if os.name == "posix" else 0o666}
    assert len(modes) == 4


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (sqlite3.SQLITE_FULL, "Free some space"),
        (sqlite3.SQLITE_READONLY, "may read and write there"),
        (sqlite3.SQLITE_CANTOPEN, "ulimit -n"),
        (sqlite3.SQLITE_IOERR | 10 << 8, "can be reached"),
        (sqlite3.SQLITE_CORRUPT, "--fresh"),
    ],
)
def test_each_refusal_of_the_system_says_what_to_do_about_it(code: int, hint: str) -> None:
    error = sqlite3.OperationalError("refused")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError, match="cannot be used: refused") as caught, _damage(None):
        raise error
    assert hint in caught.value.hint


def test_a_note_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "o-x")
    journal.note(begun="now")
    journal.commit()
    journal.close()
    with sqlite3.connect(tmp_path / "o-x.sqlite") as database:
        database.execute("UPDATE notes SET value = 'half a'")
    database.close()
    journal = Journal(tmp_path, "o-x")
    with pytest.raises(StoreError, match="a note in it cannot be read") as caught:
        journal.noted("begun")
    assert "--fresh" in caught.value.hint
    journal.close()


def test_a_list_is_forgotten_with_the_questions_that_gave_it() -> None:
    journal = Journal()
    journal.save(schema.ACCOUNTS, {"account_id": "000000000010"})
    journal.save(schema.GOVCLOUD, ANSWER)
    journal.save_asked("List", outcome="FOUND")
    journal.save_asked("Other", outcome="FOUND")
    journal.forget_list(schema.ACCOUNTS, "List")
    assert journal.values(schema.ACCOUNTS, "name") == {}
    assert len(journal.values(schema.GOVCLOUD, "outcome")) == 1
    assert (journal.asked("List"), journal.asked("Other")) == ((None, None), (None, "FOUND"))


def test_all_but_one_table_is_forgotten_and_that_anything_was_asked() -> None:
    journal = Journal()
    journal.save(schema.ACCOUNTS, {"account_id": "000000000010"})
    journal.save(schema.GOVCLOUD, ANSWER)
    journal.save_asked("List", outcome="FOUND")
    journal.note(begun="now")
    journal.keep_only(schema.GOVCLOUD)
    assert journal.values(schema.ACCOUNTS, "name") == {}
    assert len(journal.values(schema.GOVCLOUD, "outcome")) == 1
    assert journal.asked("List") == (None, None)
    assert journal.noted("begun") == "now"
