"""Packages of npm that tests need, pinned by a package-lock.json and installed below build/."""

import hashlib
import os
import shutil
from pathlib import Path

from filelock import FileLock
from processes import running

BUILD = Path(__file__).parents[1] / "build"

WITHOUT = shutil.which("node") is None or shutil.which("npm") is None
IS_LEFT_OUT = WITHOUT and not os.environ.get("CI")
"""Whether what needs npm is left out: where there is none, but in CI."""


def installed(here: Path) -> Path:
    """Give a folder with what `here` holds and pins, installing it if no earlier run did."""
    lock = (here / "package-lock.json").read_bytes()
    folder = BUILD / f"{here.name}-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "install.lock"):
        shutil.copytree(here, folder, dirs_exist_ok=True)
        if not (folder / "installed").exists():
            npm = [shutil.which("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            npm += ["--cache", str(folder / "cache")]  # the user's own may be out of reach
            with running(npm, folder / "log", cwd=folder) as program:
                assert program.ended() == 0, program.said
            (folder / "installed").touch()
    return folder
