"""Where bytes lie: whole files or none, of several writers one, and for their owner alone."""

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from toolkit.errors import StoreError, disk_hint
from toolkit.store.folder import Folder, private_folder, put
from toolkit.store.place import place_at

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
    (tmp_path / ".0123456789abcdef.new").write_bytes(b"half")

    assert place.versions("") == {}


def test_a_write_that_fails_leaves_nothing_beside(place: Folder, tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    with pytest.raises(OSError, match="part"):
        place.write("part", b"one")

    assert [path.name for path in tmp_path.iterdir()] == ["part"]


HALF = (".0123456789abcdef.new", f"part.parquet.{'0' * 32}.new")


@pytest.mark.parametrize("name", HALF)
def test_what_a_killed_writer_left_is_swept_once_it_is_old(
    place: Folder, tmp_path: Path, name: str
) -> None:
    old, young = (tmp_path / folder / name for folder in ("old", "young"))
    for half in (old, young):
        half.parent.mkdir()
        half.write_bytes(b"half")
    then = time.time() - 2 * 3600
    os.utime(old, (then, then))

    place.sweep("")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [young]


@pytest.mark.parametrize("name", ["notes.new", ".mine.new", "part.parquet", "a.json.0123.new"])
def test_what_is_somebody_elses_is_never_swept(place: Folder, tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.write_bytes(b"theirs")
    os.utime(theirs, (0, 0))

    place.sweep("")

    assert theirs.read_bytes() == b"theirs"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes.")
def test_what_the_store_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    place = Folder(tmp_path / "deep" / "store")

    place.write("runs/a/one.json", b"one")
    place.write_if_absent("runs/a/two.json", b"two")
    private_folder(place.journal)

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "deep").rglob("*")}
    assert modes == {
        **dict.fromkeys(("store", "runs", "a", "journal"), "0o700"),
        **dict.fromkeys(("one.json", "two.json"), "0o600"),
    }


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes.")
def test_a_folder_that_is_there_keeps_the_mode_that_somebody_chose(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)

    private_folder(tmp_path)

    assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_a_file_in_the_way_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(b"")

    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "journal")


class Held(type(Path())):
    """A file that another program holds open for a while, as Windows has it."""

    refusals = 0
    error = PermissionError(errno.EACCES, "The process cannot access the file")

    def replace(self, target: Path) -> Path:
        if self.refusals:
            self.refusals -= 1
            raise self.error
        return super().replace(target)


def test_a_file_that_is_held_open_for_a_moment_is_replaced_all_the_same(tmp_path: Path) -> None:
    beside = Held(tmp_path / "beside")
    beside.write_bytes(b"new")
    beside.refusals = 2

    put(beside, tmp_path / "part")

    assert (tmp_path / "part").read_bytes() == b"new"


def test_a_file_that_stays_held_open_is_an_error_of_the_system(tmp_path: Path) -> None:
    beside = Held(tmp_path / "beside")
    beside.write_bytes(b"new")
    beside.refusals = 1_000

    with pytest.raises(PermissionError):
        put(beside, tmp_path / "part")


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system such as FAT, which refuses every link."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("without_links")
def test_without_links_one_writer_alone_succeeds_as_well(place: Folder) -> None:
    together = threading.Barrier(8)
    winners: list[bytes] = []

    def create(content: bytes) -> None:
        together.wait()
        if place.write_if_absent("runs/part", content):
            winners.append(content)

    all_at_once([threading.Thread(target=create, args=(content,)) for content in CONTENTS])

    assert [place.read("runs/part")] == winners
    assert list(place.versions("runs/")) == ["runs/part"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ENOSPC", "Free some space"),
        ("EFBIG", "Free some space"),
        ("EACCES", "may read and write"),
        ("EROFS", "may read and write"),
        ("EMFILE", "open files (ulimit -n)"),
        ("ENAMETOOLONG", "a shorter path"),
        ("ENOTDIR", "Move away what lies there"),
        ("EIO", "can be reached"),
        ("EINVAL", "Try again"),
    ],
)
def test_what_to_do_goes_by_what_the_system_said(name: str, said: str) -> None:
    error = OSError(getattr(errno, name), "no")

    assert said in disk_hint(error)


@pytest.mark.parametrize(
    ("winerror", "path", "said"),
    [
        (32, "part", "Close the program"),
        (112, "part", "Free some space"),
        (206, "part", "a shorter path"),
        (3, "x" * 260, "a shorter path"),
        (3, "part", "Try again"),
    ],
)
def test_what_windows_says_in_its_own_numbers_is_understood(
    winerror: int, path: str, said: str
) -> None:
    error = OSError(errno.ENOENT, "no", path)
    error.winerror = winerror

    assert said in disk_hint(error)


def test_an_address_that_is_longer_than_the_system_takes_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be a store: ") as caught:
        place_at(tmp_path / ("x" * 300))
    assert caught.value.hint == "Name a folder with a shorter path."
