"""Where bytes lie: whole files or none, and of several writers one."""

import threading
from pathlib import Path

import pytest

from toolkit.store.place import Folder

CONTENTS = [bytes([number]) * 200_000 for number in range(8)]


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def all_at_once(works: list[threading.Thread]) -> None:
    for work in works:
        work.start()
    for work in works:
        work.join()


def test_what_was_written_is_read(place: Folder) -> None:
    place.write("runs/a.json", b"one")
    place.write("runs/a.json", b"two")

    assert place.read("runs/a.json") == b"two"


def test_what_is_not_there_cannot_be_read(place: Folder) -> None:
    with pytest.raises(FileNotFoundError):
        place.read("runs/a.json")


def test_what_is_there_stays_where_it_must_be_absent(place: Folder) -> None:
    assert place.write_if_absent("runs/a.json", b"one")
    assert not place.write_if_absent("runs/a.json", b"two")
    assert place.read("runs/a.json") == b"one"


def test_threads_that_write_the_same_key_never_mix_what_they_write(
    place: Folder, tmp_path: Path
) -> None:
    def write(content: bytes) -> None:
        for _ in range(20):
            place.write("part", content)
            seen.append(place.read("part"))

    seen: list[bytes] = []
    all_at_once([threading.Thread(target=write, args=(content,)) for content in CONTENTS])

    assert len(seen) == 160
    assert set(seen) <= set(CONTENTS)
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


def test_of_eight_that_create_at_once_one_succeeds_and_its_content_is_there(
    place: Folder, tmp_path: Path
) -> None:
    together = threading.Barrier(8)
    winners: list[bytes] = []

    def create(content: bytes) -> None:
        together.wait()
        if place.write_if_absent("part", content):
            winners.append(content)

    all_at_once([threading.Thread(target=create, args=(content,)) for content in CONTENTS])

    assert [place.read("part")] == winners
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


def test_a_version_changes_when_a_key_is_written_anew(place: Folder) -> None:
    place.write("runs/a.json", b"one")
    place.write("runs/b.json", b"one")
    place.write("links/a", b"one")
    before = place.versions("runs/")

    place.write("runs/a.json", b"two")
    after = place.versions("runs/")

    assert set(before) == set(after) == {"runs/a.json", "runs/b.json"}
    assert after["runs/a.json"] != before["runs/a.json"]
    assert after["runs/b.json"] == before["runs/b.json"]


def test_what_is_half_written_is_not_among_the_keys(place: Folder, tmp_path: Path) -> None:
    (tmp_path / "a.json.0123.new").write_bytes(b"half")

    assert place.versions("") == {}


def test_a_write_that_fails_leaves_nothing_beside(place: Folder, tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    with pytest.raises(OSError, match="part"):
        place.write("part", b"one")

    assert [path.name for path in tmp_path.iterdir()] == ["part"]
