"""`app`: open the app in a browser, answering on this machine alone, until told to stop."""

import argparse
import os
import runpy
import secrets
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Final

from toolkit.cli.arguments import OK, Commands, add_store

_HOST: Final = "127.0.0.1"
_FIRST_PORT: Final = 8501
_TOKEN: Final = "ACCOUNT_PAIRS_TOKEN"  # noqa: S105 - the name of the variable that holds it
_NEEDED: Final = ("toolkit.charts", "toolkit.exports", "toolkit.runs")
"""What every page needs, and that asks nothing of Streamlit."""
_LOOK: Final = 0.1
_PATIENCE: Final = 120.0
"""Seconds between two looks whether the app answers, and after how many nobody looks any more."""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "app",
        help="open the app in a browser",
        description="Opens the app at an address with a token; without it, a tab shows the demo"
        f" organization only. {_TOKEN} names a token of your own.",
        examples=("", "--store s3://bucket/pairs --policy policy.toml"),
    )
    add_store(parser, default=None)
    parser.add_argument("--policy", type=Path, metavar="FILE", help="own rules (TOML)")
    parser.add_argument(
        "--port", type=int, metavar="N", help="8501 or the next that is free when not given"
    )
    parser.add_argument(
        "--no-token",
        action="store_true",
        help="show your snapshots to everybody on this machine who opens the app",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Let Streamlit run the app in this process; its settings lie beside the script."""
    from toolkit.installation import app_script

    port = options.port or free_port()
    token = "" if options.no_token else os.environ.get(_TOKEN) or secrets.token_urlsafe()
    os.environ[_TOKEN] = token
    address = f"http://{_HOST}:{port}/" + (f"?token={token}" if token else "")
    print("Starting the app …", file=sys.stderr, flush=True)
    threading.Thread(target=_announce, args=(address, port), name="opening", daemon=True).start()
    # Read before anybody waits for a page; not beside Streamlit's start, which reads the same.
    for name in _NEEDED:
        import_module(name)
    # Streamlit would open its own address, which has no token, and print it.
    settings = [f"--server.port={port}", "--server.headless=true"]
    settings.append("--logger.hideWelcomeMessage=true")
    own = ("store", "store_profile", "store_kms_key", "policy")
    named = [
        f"--{name.replace('_', '-')}={value}"
        for name in own
        if (value := getattr(options, name)) is not None
    ]
    sys.argv = ["streamlit", "run", str(app_script()), *settings, "--", *named]
    runpy.run_module("streamlit", run_name="__main__")
    return OK


def free_port(first: int = _FIRST_PORT) -> int:
    """Return the first port from there on that nobody answers on."""
    for port in range(first, first + 100):
        with socket.socket() as door:
            if door.connect_ex((_HOST, port)) != 0:
                return port
    return first


def _announce(address: str, port: int) -> None:
    """Say the address once the app answers, and open it where there is a screen."""
    end = time.monotonic() + _PATIENCE
    while not _answers(port):
        if time.monotonic() > end:
            return
        time.sleep(_LOOK)
    print(f"Open {address} in a browser on this machine; Ctrl-C stops the app.", flush=True)
    if has_screen(sys.platform, os.environ):
        import webbrowser

        webbrowser.open(address)


def _answers(port: int) -> bool:
    import http.client

    try:
        with closing(http.client.HTTPConnection(_HOST, port, timeout=5)) as way:
            way.request("GET", "/_stcore/health")
            return way.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Say whether a browser can be opened, and whether nobody has said that it should not be."""
    if environment.get("STREAMLIT_SERVER_HEADLESS", "").lower() in ("true", "1"):
        return False
    return platform in ("win32", "darwin") or bool(
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    )
