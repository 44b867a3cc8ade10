"""A template is a file from elsewhere: it brings its look, or one sentence says why it may not."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches
from reported import agreeing_snapshot, hostile_snapshot

from toolkit.errors import InputError
from toolkit.exports.deck import save_deck, template

TYPES = "[Content_Types].xml"
MASTER = "ppt/slideMasters/slideMaster1.xml"
RELS = "ppt/slideMasters/_rels/slideMaster1.xml.rels"
LINK = f'<Relationship Id="rId99" Type="{RELATIONSHIP_TYPE.HYPERLINK}" Target="http://outside.test/'
LINK += 'a" TargetMode="External"/></Relationships>'


def plain(**more: Any) -> bytes:
    """Return python-pptx's own deck, of another size where one is given."""
    presentation: Any = pptx.Presentation()
    for name, inches in more.items():
        setattr(presentation, name, Inches(inches))
    file = io.BytesIO()
    presentation.save(file)
    return file.getvalue()


def changed(parts: Mapping[str, Callable[[bytes], bytes | None]]) -> bytes:
    """Return the deck with some of its parts written anew, or left out where that gives None."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = parts.get(name, bytes)(old.read(name))
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def without(pattern: bytes) -> Callable[[bytes], bytes]:
    return lambda content: re.sub(pattern, b"", content, flags=re.DOTALL)


def kind(content_type: str) -> bytes:
    ours, theirs = CONTENT_TYPE.PML_PRESENTATION_MAIN.encode(), content_type.encode()
    return changed({TYPES: lambda content: content.replace(ours, theirs)})


def with_part(content_type: str, name: str) -> bytes:
    presentation: Any = pptx.Presentation()
    part = Part(PackURI(name), content_type, presentation.part.package, b"MZ")
    presentation.slide_layouts[0].part.relate_to(part, "http://schemas.test/relationship")
    file = io.BytesIO()
    presentation.save(file)
    return file.getvalue()


def encrypted() -> bytes:
    content = bytearray(plain())
    for start, flag in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(start), bytes(content)):
            content[found.start() + flag] |= 1
    return bytes(content)


def bomb(megabytes: int, said: float) -> bytes:
    """Return the deck with so many megabytes of zeros, and what it says of how many they are."""
    file = io.BytesIO(plain())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("ppt/media/image9.png", bytes(megabytes * 1_000_000))
    sizes = (int(size * 1_000_000).to_bytes(4, "little") for size in (megabytes, said))
    return file.getvalue().replace(*sizes)


NOT_ONE = "is not a PowerPoint file that can be opened. Save it as .pptx in PowerPoint"
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (bytes, NOT_ONE),
    "text": (lambda: b"not a zip", NOT_ONE),
    "an empty zip": (lambda: b"PK\x05\x06" + b"\0" * 18, NOT_ONE),
    "cut off": (lambda: plain()[:20_000], NOT_ONE),
    "a Word file": (lambda: kind(CONTENT_TYPE.WML_DOCUMENT_MAIN), NOT_ONE),
    "a workbook": (lambda: kind(CONTENT_TYPE.SML_SHEET_MAIN), NOT_ONE),
    "a zip of other things": (lambda: changed({TYPES: lambda _: None}), NOT_ONE),
    "no XML": (lambda: changed({MASTER: lambda _: b"<p:sldMaster"}), NOT_ONE),
    "a master that is missing": (lambda: changed({MASTER: lambda _: None}), NOT_ONE),
    "a packed password": (encrypted, NOT_ONE),
    "a theme that is no XML": (
        lambda: changed({"ppt/theme/theme1.xml": lambda _: b"<a:"}),
        NOT_ONE,
    ),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "is protected by a password",
    ),
    "no theme": (
        lambda: changed({RELS: without(rb"<Relationship [^>]*relationships/theme[^>]*>")}),
        "has no theme",
    ),
    "no map of colours": (lambda: changed({MASTER: without(rb"<p:clrMap [^>]*>")}), "has no theme"),
    "no master": (
        lambda: changed(
            {"ppt/presentation.xml": without(rb"<p:sldMasterIdLst>.*</p:sldMasterIdLst>")}
        ),
        "has no slide layouts",
    ),
    "no layouts": (
        lambda: changed({MASTER: without(rb"<p:sldLayoutIdLst>.*</p:sldLayoutIdLst>")}),
        "has no slide layouts",
    ),
    "no size": (
        lambda: changed({"ppt/presentation.xml": without(rb"<p:sldSz [^>]*>")}),
        "are 0.0 × 0.0 inches, too small for a report",
    ),
    "a banner": (lambda: plain(slide_width=8, slide_height=1), "8.0 × 1.0 inches, too small"),
    "more than 200 MB": (lambda: bomb(1, 201), "or 200 MB once unpacked"),
    "macros": (lambda: kind(CONTENT_TYPE.PML_PRES_MACRO_MAIN), "holds macros"),
    "a macro's code": (
        lambda: with_part("application/vnd.ms-office.vbaProject", "/ppt/vbaProject.bin"),
        "holds macros",
    ),
    "an embedded object": (
        lambda: with_part(CONTENT_TYPE.OFC_OLE_OBJECT, "/ppt/embeddings/oleObject1.bin"),
        "holds macros or embedded objects",
    ),
    "a link to outside": (
        lambda: changed({RELS: lambda old: old.replace(b"</Relationships>", LINK.encode())}),
        "links to http://outside.test/a",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_template_that_may_not_be_used_is_one_sentence(what: str, tmp_path: Path) -> None:
    content, sentence = REFUSED[what]
    file = tmp_path / "theirs.pptx"
    file.write_bytes(content())

    with pytest.raises(InputError) as refused:
        save_deck(agreeing_snapshot(), tmp_path / "deck.pptx", template=file)

    assert sentence in str(refused.value)
    assert refused.value.hint
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.pptx"]


def test_a_part_larger_than_it_says_is_found_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "theirs.pptx"
    file.write_bytes(bomb(3, 0.00003))

    with pytest.raises(InputError, match="not a PowerPoint file") as refused:
        save_deck(agreeing_snapshot(), tmp_path / "deck.pptx", template=file)

    assert isinstance(refused.value.__cause__, zipfile.BadZipFile)


def test_too_many_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "_MOST_PARTS", 10)
    (tmp_path / "theirs.pptx").write_bytes(plain())

    with pytest.raises(InputError, match="holds more than 10 parts"):
        template.opened(tmp_path / "theirs.pptx")


@pytest.mark.parametrize(
    "content_type", [CONTENT_TYPE.PML_TEMPLATE_MAIN, CONTENT_TYPE.PML_SLIDESHOW_MAIN]
)
def test_what_powerpoint_saves_as_a_template_or_a_show_will_do(
    content_type: str, tmp_path: Path, make_deck: Any
) -> None:
    (tmp_path / "theirs.potx").write_bytes(kind(content_type))

    deck = make_deck(agreeing_snapshot(1), template=tmp_path / "theirs.potx")

    assert deck.presentation.part.content_type == CONTENT_TYPE.PML_PRESENTATION_MAIN
    assert "The only linked pair agrees" in deck.titles


def test_a_link_on_a_slide_of_the_template_stays_out_with_the_slide(
    tmp_path: Path, make_deck: Any
) -> None:
    presentation: Any = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "A sample"
    run = slide.shapes.title.text_frame.paragraphs[0].runs[0]
    run.hyperlink.address = "http://outside.test/"
    presentation.save(str(tmp_path / "theirs.pptx"))

    deck = make_deck(agreeing_snapshot(1), template=tmp_path / "theirs.pptx")

    with zipfile.ZipFile(deck.path) as file:
        parts = [file.read(name) for name in file.namelist()]
    assert not any(b"outside.test" in part or b'TargetMode="External"' in part for part in parts)


def test_a_template_that_was_made_wider_is_filled_to_its_new_margin(
    tmp_path: Path, make_deck: Any
) -> None:
    """Its layouts stand where they stood on the narrow slide; tables need the room beside them."""
    (tmp_path / "theirs.pptx").write_bytes(plain(slide_width=13.333, slide_height=7.5))

    deck = make_deck(hostile_snapshot(40), template=tmp_path / "theirs.pptx")

    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert len(tables) > 4
    for table in tables:
        assert abs(table.left - Inches(0.5)) < 10
        assert abs(table.left + table.width - Inches(13.333 - 0.5)) < 10
        assert min(column.width for column in table.table.columns) > Inches(0.4)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= Inches(13.333) + 10
