"""Where the toolkit came from, a checkout or an installed package: its version, script and data."""

import os
import platform
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from toolkit.errors import InputError

_DISTRIBUTION: Final = "account-pairs"
_PROJECT: Final = Path(__file__).resolve().parents[1]
_IS_CHECKOUT: Final = (_PROJECT / "pyproject.toml").is_file()
_SCRIPT: Final = "streamlit_app.py"
_NAMED: Final = ("boto3", "botocore", "pandas", "streamlit")


def version() -> str:
    """Return the toolkit's version; a checkout says what it is itself, installed or not."""
    if not _IS_CHECKOUT:
        return metadata.version(_DISTRIBUTION)
    project = tomllib.loads((_PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def versions() -> dict[str, str]:
    """Return the versions that a report of a fault should name, and the system's."""
    packages = {name: metadata.version(name) for name in _NAMED}
    return {
        _DISTRIBUTION: version(),
        "Python": platform.python_version(),
        **packages,
        "system": platform.platform(),
    }


def app_script() -> Path:
    """Return the script that Streamlit runs, whose settings lie beside it.

    Raises InputError where the package was unpacked without it.
    """
    if _IS_CHECKOUT:
        return _PROJECT / _SCRIPT
    for file in metadata.files(_DISTRIBUTION) or ():
        if file.name == _SCRIPT:
            return Path(str(file.locate())).resolve()
    raise InputError(f"The app's {_SCRIPT} is missing.", "Install account-pairs again, by pip.")


def data_folder() -> Path:
    """Return the folder for what the toolkit makes by itself: the checkout's, or the user's own.

    A checkout that several share, and that its user may only read, leaves them their own as well.
    """
    if _IS_CHECKOUT and os.access(_PROJECT, os.W_OK):
        return _PROJECT
    return user_data_path(_DISTRIBUTION, appauthor=False)
