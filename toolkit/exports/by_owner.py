"""One file for each owner: what each answers for, in the format of the whole report."""

import os
import re
import unicodedata
from pathlib import Path
from typing import Any, Final

from toolkit.errors import StoreError
from toolkit.exports.formats import format_of, save_report
from toolkit.exports.report import Report
from toolkit.text import REPLACEMENT, printable

NOBODY: Final = "no-owner"
"""What the file of those without an owner is called."""

_LONGEST: Final = 50
"""How many characters of an owner a file's name has: four bytes each still fit any disk."""

_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever its ending."""


def save_by_owner(
    report: Report,
    folder: str | os.PathLike[str],
    suffix: str,
    **options: Any,
) -> list[Path]:
    """Write a file for each owner that has a mismatch, or anything left behind; return the paths.

    Each is the report on what the owner answers for, and one, `no-owner`, on what nobody does. The
    folder is made where there is none; files of the same name are replaced. `options` are those of
    the format. Raises InputError for a suffix that no format has, StoreError where the folder
    cannot be written to.
    """
    target = Path(folder)
    format_of(f"x{suffix}", **options)
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{target} could not be made: {error.strerror or error}.",
            "Name a folder, in a folder that there is.",
        ) from error
    reports = report.by_owner()
    names = file_names([owner for owner, _ in reports])
    return [
        save_report(one, target / f"{names[owner]}{suffix}", **options) for owner, one in reports
    ]


def file_names(owners: list[str]) -> dict[str, str]:
    """Return what the file of each owner is called, without an ending; "" is for nobody.

    Owners are untrusted text: the names are printable, safe on Windows, and differ from each other
    by more than capitals.
    """
    names, taken = {"": NOBODY}, {NOBODY}
    for owner in owners:
        if owner in names:
            continue
        plain = unicodedata.normalize("NFC", printable(owner)).replace(REPLACEMENT, "-")
        stem = re.sub(r"[^\w@+. -]+", "-", plain)[:_LONGEST].strip(" .-_") or "owner"
        if _RESERVED.fullmatch(stem):
            stem = f"owner-{stem}"
        number, name = 1, stem
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names[owner] = name
    return names
