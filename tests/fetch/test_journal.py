"""The journal: what was committed stays, and one run at a time holds it."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from toolkit.errors import StoreBusyError, StoreError
from toolkit.fetch.journal import Journal

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
    journal.save_govcloud(ANSWER)
    journal.commit()
    journal.save_govcloud(ANSWER | {"account_id": "000000000043"})
    journal.close()

    journal = Journal(tmp_path, "o-x")
    assert journal.answered() == {"000000000042": "FOUND"}
    journal.close()


def test_what_was_saved_is_seen_before_it_is_committed() -> None:
    journal = Journal()
    journal.save_account({"account_id": "000000000042", "standard_state": "ACTIVE"})
    assert journal.standard_states() == {"000000000042": "ACTIVE"}
    journal.close()


def test_a_later_answer_replaces_an_earlier_one() -> None:
    journal = Journal()
    journal.save_govcloud(ANSWER | {"outcome": "FAILED", "detail": "it broke"})
    journal.save_govcloud(ANSWER)
    assert journal.answered() == {"000000000042": "FOUND"}
    journal.close()


def test_accounts_come_back_in_their_order_with_the_names_of_their_units() -> None:
    journal = Journal()
    rows = [
        ("000000000003", "ou-a/ou-b"),
        ("000000000001", ""),
        ("000000000002", None),
    ]
    for account_id, units in rows:
        journal.save_account({"account_id": account_id, "units_above": units})
    journal.save_unit("ou-a", "Workloads")
    frame = journal.accounts()
    assert list(frame["account_id"]) == ["000000000003", "000000000001", "000000000002"]
    assert frame["ou_path"].fillna("missing").tolist() == ["Workloads/ou-b", "Root", "missing"]
    journal.close()


def test_an_account_known_by_its_id_keeps_what_is_learned_of_it() -> None:
    journal = Journal()
    journal.save_account({"account_id": "000000000042", "name": "Payments"})
    journal.save_account({"account_id": "000000000042"})
    assert journal.accounts()["name"].tolist() == ["Payments"]
    journal.close()


def test_the_same_link_seen_from_both_ends_is_one_row_a_region() -> None:
    journal = Journal()
    link = {"link_id": "link-aaaabbbb", "link_status": "LINKED", "region": "us-east-1"}
    journal.save_link(link)
    journal.save_link(link)
    journal.save_link(link | {"region": "us-west-2"})
    assert journal.links()["region"].tolist() == ["us-east-1", "us-west-2"]
    journal.close()


def test_how_far_a_question_got_is_kept() -> None:
    journal = Journal()
    assert journal.asked("ListAccounts") == (None, None)
    journal.save_asked("ListAccounts", token="next")
    assert journal.asked("ListAccounts") == ("next", None)
    journal.save_asked("ListAccounts", outcome="DONE")
    assert journal.asked("ListAccounts") == (None, "DONE")
    journal.forget_asked("ListAccounts", ["DONE"])
    assert journal.asked("ListAccounts") == (None, None)
    journal.close()


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
import os, signal
from pathlib import Path
from toolkit.fetch.journal import Journal
journal = Journal(Path({str(tmp_path)!r}), "o-x")
journal.save_govcloud({ANSWER!r})
journal.commit()
journal.save_govcloud({ANSWER | {"account_id": "000000000043"}!r})
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    journal = Journal(tmp_path, "o-x")
    assert journal.answered() == {"000000000042": "FOUND"}
    journal.close()


def test_a_deleted_journal_leaves_no_answers_behind(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "o-x")
    journal.save_govcloud(ANSWER)
    journal.commit()
    journal.delete()
    assert [path.name for path in tmp_path.glob("*.sqlite*")] == []


def test_a_cleared_journal_begins_anew(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "o-x")
    journal.save_govcloud(ANSWER)
    journal.clear()
    assert journal.answered() == {}
    journal.close()


def test_a_damaged_journal_is_one_sentence_and_fresh_gets_over_it(tmp_path: Path) -> None:
    (tmp_path / "o-x.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match=r"The journal .* cannot be used") as caught:
        Journal(tmp_path, "o-x")
    assert "--fresh" in caught.value.hint
    Journal(tmp_path, "o-x", fresh=True).close()


def test_a_journal_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "o-x.sqlite") as database:
        database.execute("CREATE TABLE govcloud (account_id TEXT)")
        database.execute("PRAGMA user_version = 999")
    database.close()
    journal = Journal(tmp_path, "o-x")
    assert journal.answered() == {}
    journal.close()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StoreError, match="cannot be written to"):
        Journal(tmp_path / "store" / "journal", "o-x")
