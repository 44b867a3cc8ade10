"""`app`: open the app in a browser, answering on this machine alone, until told to stop."""

import argparse
import runpy
import sys
from pathlib import Path

from toolkit.cli.arguments import OK, Commands


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser("app", help="open the app in a browser")
    parser.add_argument("--store", metavar="DIR", help="your snapshots, else snapshots/")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="own rules (TOML)")
    parser.add_argument("--port", type=int, metavar="N", help="8501 or the next that is free")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Let Streamlit run the app in this process; its settings lie beside the script."""
    from toolkit.installation import app_script

    settings = [] if options.port is None else [f"--server.port={options.port}"]
    own = {"--store": options.store, "--policy": options.policy}
    named = [f"{name}={value}" for name, value in own.items() if value is not None]
    sys.argv = ["streamlit", "run", str(app_script()), *settings, "--", *named]
    runpy.run_module("streamlit", run_name="__main__")
    return OK
