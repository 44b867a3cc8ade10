"""What a kernel and its client need not do: jsonschema compiles 38 grammars as it is imported.

They tell addresses in any script, of which no notebook has one. They come with JupyterLab, cost
three seconds in every process that reads or draws for a notebook, and jsonschema goes without them
where they are not installed. So they are taken to be missing here.
"""

import sys
from pathlib import Path

_PACKAGE = "rfc3987_syntax"

sys.modules.setdefault(_PACKAGE, None)  # type: ignore[arg-type] # None: it cannot be imported


def leave_out(ipython: Path) -> None:
    """Let kernels whose IPYTHONDIR is this folder take them to be missing, too."""
    startup = ipython / "profile_default" / "startup"
    startup.mkdir(parents=True)
    # It leaves no name behind that a notebook could have forgotten to import.
    line = f'__import__("sys").modules["{_PACKAGE}"] = None\n'
    (startup / "00-grammars.py").write_text(line, encoding="utf-8")
