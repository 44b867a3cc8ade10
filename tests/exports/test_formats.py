"""The formats: what a file's ending says, and that each row writes what it names."""

import zipfile
from pathlib import Path

import pytest
from reported import agreeing_snapshot, make_snapshot, small_snapshot

from toolkit.errors import InputError
from toolkit.exports import FORMATS, Report, format_of, save_report
from toolkit.exports.deck import save_deck
from toolkit.exports.formats import Format
from toolkit.store import Snapshot, Store

EACH = pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.key)


@EACH
def test_each_format_writes_a_snapshot_and_a_report_under_each_of_its_endings(
    one: Format, tmp_path: Path
) -> None:
    snapshot = agreeing_snapshot(1)
    report = Report.of(snapshot)
    first = (snapshot, one.suffixes[0])
    for place, (content, suffix) in enumerate((first, *((report, each) for each in one.suffixes))):
        path = save_report(content, tmp_path / f"file{place}{suffix.upper()}")
        assert path.stat().st_size > 500


@EACH
def test_each_format_refuses_what_is_neither(
    one: Format, small_report: Report, tmp_path: Path
) -> None:
    pairs = small_report.pairs
    with pytest.raises(InputError, match="A DataFrame is neither a snapshot nor a report"):
        one.save(pairs, tmp_path / f"file{one.suffix}")  # type: ignore[arg-type] # as the name says
    assert list(tmp_path.iterdir()) == []


def test_no_ending_belongs_to_two_formats() -> None:
    suffixes = [suffix for one in FORMATS for suffix in one.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert [format_of(f"X{suffix}").key for suffix in suffixes] == [
        one.key for one in FORMATS for _ in one.suffixes
    ]


@pytest.mark.parametrize("name", ["report.pdf", "report", ".pptx"])
def test_an_ending_that_names_no_format_is_refused_with_those_that_do(name: str) -> None:
    with pytest.raises(InputError) as caught:
        format_of(name)
    assert caught.value.message == f"{name} does not say what to write."
    assert caught.value.hint == "End it in .pptx, .xlsx, .html, .csv."


def test_a_template_is_for_slides_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"for slides.*end --out in \.pptx"):
        save_report(small_snapshot(), tmp_path / "x.xlsx", template="mine.pptx")
    with pytest.raises(InputError, match=r"There is no template none\.pptx"):
        save_report(small_snapshot(), tmp_path / "x.pptx", template="none.pptx")


def test_what_excel_keeps_is_for_tables_alone(small_report: Report, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--excel is for tables.*end --out in \.csv"):
        format_of("x.xlsx", excel=True)
    path = save_report(small_report, tmp_path / "x.csv", excel=True, template=None)
    assert '"0000-0000-0042"' in path.read_text(encoding="utf-8-sig")
    save_report(small_report, path, excel=False)
    assert '"000000000042"' in path.read_text(encoding="utf-8-sig")


def test_python_and_command_line_give_the_same_slides_of_a_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    rows = [("000000000042", "one", "Root", "CLOSED", "ACTIVE")]
    store.save(make_snapshot(rows, day="2026-11-15"))
    snapshot = store.save(make_snapshot(rows))
    found = store.load()
    typed = slides(save_deck(found, tmp_path / "python.pptx"))
    assert typed == slides(save_report(Report.of(snapshot), tmp_path / "command.pptx"))
    assert any(b"as on 15 November" in part for part in typed.values())
    assert typed != slides(save_deck(alone(found), tmp_path / "alone.pptx"))


def alone(snapshot: Snapshot) -> Snapshot:
    return Snapshot(snapshot.tables, snapshot.manifest)


def slides(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        parts = [part for part in file.namelist() if part.startswith("ppt/slides/slide")]
        return {part: file.read(part) for part in parts}
