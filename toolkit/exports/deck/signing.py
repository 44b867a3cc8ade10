"""What a deck's file says of itself: its subject and its snapshot's time, nobody's tool or name."""

from typing import Any, Final

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation

from toolkit.exports.report import Report

_LEFT_OUT: Final = (
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
)
"""What a template brings that is another file's: its program, its picture, somebody's printer."""


def sign(presentation: Presentation, report: Report) -> None:
    """Say in the file's properties what it is; nobody's name, and no time but the snapshot's.

    What a template's file says of itself is left out.
    """
    package: Any = presentation.part.package
    for relationships in (package._rels, presentation.part.rels):  # noqa: SLF001 - no public way to those of the package
        for key, relationship in list(relationships.items()):
            if relationship.reltype in _LEFT_OUT:
                relationships.pop(key)
    properties = presentation.core_properties
    for said in list(properties._element):  # noqa: SLF001 - no public way to what all is said
        properties._element.remove(said)  # noqa: SLF001 - as above
    properties.title = "Account states: Standard and GovCloud"
    properties.subject = report.note or report.source
    taken = report.snapshot.taken.tz_localize(None).to_pydatetime(warn=False)
    properties.created = properties.modified = taken
    properties.revision = 1
