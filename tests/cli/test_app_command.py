"""`app`: the address that is printed at the start, with a token that nobody else knows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from copied import ROOT

from toolkit.cli.app import free_port, has_screen

LINE = r"Open (http://127\.0\.0\.1:(\d+)/(?:\?token=([\w-]+))?) in a browser on this machine; .*\n"


def first_line(folder: Path, *options: str, **settings: str) -> tuple[str, str]:
    """Start the app, stop it once it has said where it is; return its first line and the rest."""
    environment = {name: value for name, value in os.environ.items() if "ACCOUNT_PAIRS" not in name}
    settings |= {"STREAMLIT_SERVER_HEADLESS": "true", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "toolkit", "app", "--port", str(free_port(18501)), *options],
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


def test_the_address_has_a_token_of_its_own_at_each_start(tmp_path: Path) -> None:
    said = [first_line(tmp_path) for _ in range(2)]

    found = [re.fullmatch(LINE, line) for line, _ in said]
    tokens = [one[3] for one in found if one]
    assert [len(token) >= 43 for token in tokens] == [True, True]
    assert tokens[0] != tokens[1]
    for token, (_, rest) in zip(tokens, said, strict=True):
        assert token not in rest
        assert "Traceback" not in rest
        assert "streamlit.io" not in rest.lower()


def test_without_a_token_the_address_is_plain(tmp_path: Path) -> None:
    line, _ = first_line(tmp_path, "--no-token")

    found = re.fullmatch(LINE, line)
    assert found
    assert found[3] is None


def test_a_token_of_ones_own_comes_from_the_environment(tmp_path: Path) -> None:
    line, _ = first_line(tmp_path, ACCOUNT_PAIRS_TOKEN="ours")

    assert "/?token=ours in a browser" in line


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
