"""A user's own template: a file from elsewhere, looked at before it is opened, and emptied.

What it brings into the deck is its look alone: nothing that runs, and nothing that asks elsewhere.
"""

import io
import os
import zipfile
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pptx
from lxml import etree
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation

from toolkit.errors import InputError
from toolkit.text import printable

_MOST_BYTES: Final = 200_000_000
_MOST_PARTS: Final = 5_000
_LEAST: Final = (6.0, 4.0)
_EMU: Final = 914_400
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file begins that PowerPoint has encrypted, or that is in its format of before 2007."""

_TYPES: Final = "[Content_Types].xml"
_KINDS: Final = (CONTENT_TYPE.PML_TEMPLATE_MAIN, CONTENT_TYPE.PML_SLIDESHOW_MAIN)
"""What .potx and .ppsx say they are; but for that they are presentations."""
_RUNS: Final = ("macroenabled", "vbaproject", "activex", "oleobject")
"""What the kind of a part says that holds something to run."""

_SAVE: Final = "Save it as .pptx in PowerPoint and name that file."
_MASTER: Final = "Open it in PowerPoint, and remove it under View, Slide Master."


def opened(template: str | os.PathLike[str]) -> Presentation:
    """Return the presentation of a .pptx, .potx or .ppsx without its slides; the file stays as is.

    Raises InputError in one sentence for whatever else it is, for macros and for links to outside,
    and for more than 200 MB once unpacked.
    """
    if not isinstance(template, str | os.PathLike):
        raise InputError(f"A {type(template).__name__} is no template.", "Name a .pptx file.")
    path = Path(template)
    name = printable(path.name)
    if not path.is_file():
        raise InputError(f"There is no template {printable(str(path))}.", "Name a .pptx file.")
    try:
        presentation = pptx.Presentation(_checked(path, name))
        _leave_out_slides(presentation)
        _check_look(presentation, name)
    except InputError:
        raise
    except Exception as error:
        # Whatever python-pptx stumbles over in a file from elsewhere: there is no list of it.
        raise InputError(f"{name} is not a PowerPoint file that can be opened.", _SAVE) from error
    _check_parts(presentation, name)
    return presentation


def _checked(path: Path, name: str) -> io.BytesIO:
    """Return the file's bytes, once it is known that unpacking them does no harm."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise InputError(
                f"{name} is protected by a password, or older than PowerPoint 2007.", _SAVE
            )
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
            raise InputError(
                f"{name} holds more than {_MOST_PARTS:,} parts, or {_MOST_BYTES // 10**6} MB once"
                " unpacked.",
                "Use a template without slides and large pictures.",
            )
        known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if any(part.compress_type not in known or part.flag_bits & 1 for part in parts):
            raise zipfile.BadZipFile("packed in a way that no presentation is")
        # Read piece by piece, so that a part which is larger than it says is found out here.
        if packed.testzip() is not None:
            raise zipfile.BadZipFile("a part is not what its checksum says")
        return _as_presentation(packed)


def _as_presentation(packed: zipfile.ZipFile) -> io.BytesIO:
    """Return the packed file, one that says it is a template or a show as a presentation."""
    types = packed.read(_TYPES).decode("utf-8")
    for kind in _KINDS:
        types = types.replace(f'"{escape(kind)}"', f'"{CONTENT_TYPE.PML_PRESENTATION_MAIN}"')
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as written:
        for part in packed.infolist():
            written.writestr(part.filename, types if part.filename == _TYPES else packed.read(part))
    copy.seek(0)
    return copy


def _check_look(presentation: Presentation, name: str) -> None:
    width, height = ((size or 0) / _EMU for size in _size(presentation))
    if width < _LEAST[0] or height < _LEAST[1]:
        raise InputError(
            f"The slides of {name} are {width:.1f} × {height:.1f} inches, too small for a report.",
            f"Use a template of {_LEAST[0]:.0f} × {_LEAST[1]:.0f} inches or more.",
        )
    if not len(presentation.slide_masters) or not len(presentation.slide_layouts):
        raise InputError(f"{name} has no slide layouts.", "Use a template that has some.")
    master: Any = presentation.slide_master
    themes = [
        relationship.target_part
        for relationship in master.part.rels.values()
        if relationship.reltype == RELATIONSHIP_TYPE.THEME
    ]
    if not themes or master.element.find(qn("p:clrMap")) is None:
        raise InputError(f"{name} has no theme.", _SAVE)
    parse_xml(themes[0].blob)


def _size(presentation: Presentation) -> tuple[int | None, int | None]:
    return presentation.slide_width, presentation.slide_height


def _check_parts(presentation: Presentation, name: str) -> None:
    """Refuse what the deck would take along and should not: something to run, a link to outside."""
    package: Any = presentation.part.package
    kinds = {part.content_type.lower() for part in package.iter_parts()}
    if any(word in kind for kind in kinds for word in _RUNS):
        raise InputError(
            f"{name} holds macros or embedded objects, which would get into every deck.",
            "Save it as .pptx without them, and name that file.",
        )
    outside = [rel.target_ref for rel in package.iter_rels() if rel.is_external]
    if outside:
        raise InputError(
            f"{name} links to {printable(outside[0])[:80]}, which every deck would ask for.",
            _MASTER,
        )


def _leave_out_slides(presentation: Presentation) -> None:
    root: Any = presentation.element
    slides = root.find(qn("p:sldIdLst"))
    for entry in list(slides) if slides is not None else ():
        presentation.part.drop_rel(entry.get(qn("r:id")))
        slides.remove(entry)
    # Sections and custom shows name slides by id; PowerPoint would offer to repair the file.
    shows = root.find(qn("p:custShowLst"))
    if shows is not None:
        root.remove(shows)
    for extension in root.iter(qn("p:ext")):
        for child in list(extension):
            if etree.QName(child).localname == "sectionLst":
                extension.getparent().remove(extension)
