"""`app`: the address that is printed at the start, with a token that nobody else knows."""

import http.server
import os
import re
import runpy
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import patience
import pytest
from copied import ROOT

from toolkit.cli import main
from toolkit.cli.app import free_port, has_screen

Printed = Callable[..., str]

LINE = r"Open (http://127\.0\.0\.1:(\d+)/(?:\?token=([\w-]+))?) in a browser on this machine; .*\n"


def first_line(folder: Path) -> tuple[str, str]:
    """Start the app, stop it once it has said where it is; return its first line and the rest."""
    environment = {name: value for name, value in os.environ.items() if "ACCOUNT_PAIRS" not in name}
    settings = {"STREAMLIT_SERVER_HEADLESS": "true", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "toolkit", "app", "--port", str(free_port(18501))],
        cwd=folder,
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Open "):
                break
        process.terminate()
        rest = process.stdout.read()
    return lines[-1], "".join(lines[:-1]) + rest


class Healthy(http.server.BaseHTTPRequestHandler):
    """Answers as the app does once it can be opened."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Printed:
    """Run the command with a server in Streamlit's place, which costs seconds; return its line."""
    said: list[str] = []

    def serve(*_: object, **__: object) -> None:
        (port,) = (part[14:] for part in sys.argv if part.startswith("--server.port="))
        with http.server.HTTPServer(("127.0.0.1", int(port)), Healthy) as server:
            threading.Thread(target=server.serve_forever, args=(0.05,)).start()
            said.clear()
            patience.until(lambda: said.append(capsys.readouterr().out) or "\n" in "".join(said))
            server.shutdown()

    def run(*options: str) -> str:
        assert main(["app", "--port", str(free_port(18501)), *options]) == 0
        return "".join(said)

    monkeypatch.setattr(runpy, "run_module", serve)
    monkeypatch.setattr(sys, "argv", ["toolkit"])
    monkeypatch.setenv("STREAMLIT_SERVER_HEADLESS", "true")
    # Set first, so that what the command sets is taken back.
    monkeypatch.setenv("ACCOUNT_PAIRS_TOKEN", "")
    return run


def test_the_app_says_its_address_with_a_token_once_it_answers(tmp_path: Path) -> None:
    line, rest = first_line(tmp_path)

    found = re.fullmatch(LINE, line)
    assert found
    assert len(found[3]) >= 43
    assert found[3] not in rest
    assert "Traceback" not in rest
    assert "streamlit.io" not in rest.lower()


def test_the_address_has_a_token_of_its_own_at_each_start(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for _ in range(2):
        monkeypatch.delenv("ACCOUNT_PAIRS_TOKEN")
        said.append(re.fullmatch(LINE, printed()))

    tokens = [one[3] for one in said if one]
    assert [len(token) >= 43 for token in tokens] == [True, True]
    assert tokens[0] != tokens[1]


def test_without_a_token_the_address_is_plain(printed: Printed) -> None:
    found = re.fullmatch(LINE, printed("--no-token"))

    assert found
    assert found[3] is None


def test_what_is_said_of_the_store_is_passed_on_to_the_app(printed: Printed) -> None:
    named = ["--store=s3://ours/pairs", "--store-profile=shared", "--store-kms-key=alias/ours"]

    printed(*named, "--policy=ours.toml")

    assert sys.argv[sys.argv.index("--") + 1 :] == [*named, "--policy=ours.toml"]


def test_a_token_of_ones_own_comes_from_the_environment(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_TOKEN", "ours")

    assert "/?token=ours in a browser" in printed()


@pytest.mark.parametrize(
    ("platform", "environment", "opens"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ":0", "STREAMLIT_SERVER_HEADLESS": "true"}, False),
        ("win32", {}, True),
        ("darwin", {}, True),
        ("darwin", {"STREAMLIT_SERVER_HEADLESS": "1"}, False),
    ],
)
def test_a_browser_is_opened_where_there_is_a_screen(
    platform: str,
    environment: dict[str, str],
    opens: bool,  # noqa: FBT001 - pytest fills it in
) -> None:
    assert has_screen(platform, environment) is opens
