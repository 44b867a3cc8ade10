"""What every test stands on: no credentials but its own; a Chromium, or none of its tests."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import processes
import pytest
from browsing import chromium, running_browser
from bucketed import between, bucket, bucket_server  # noqa: F401 - fixtures of every test
from emulated import Connect, hide_aws_settings
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from toolkit.aws import Aws, connect_local
from toolkit.emulator import Emulator

# A busy machine is no fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


LONGEST = (
    "tests/story/",
    "tests/test_package.py",
    "tests/app/test_own_rules_in_app.py",
    "tests/cli/test_notify_command.py",
)
"""Files that a worker is busy with for long: none should be alone with one at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever has an account name the profile that the tests in tests/live ask AWS with."""
    parser.addoption("--profile", help="ask AWS itself, with this profile (tests/live alone)")


def pytest_configure(config: pytest.Config) -> None:
    """Let all that this run starts be known by a mark, which workers of pytest-xdist inherit."""
    if not hasattr(config, "workerinput"):
        processes.mark()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell that starts something in the background has it ignore Ctrl-C, and all it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where a test has left a process behind, once the workers have ended; and name it."""
    if hasattr(session.config, "workerinput"):
        return
    if left := processes.lost():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.getplugin("terminalreporter")
        reporter.write_sep("=", "processes that the tests have left behind", red=True)
        reporter.write("".join(f"{line}\n" for line in left))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file for the tests of the browser in which none is marked: that takes its time."""
    if config.option.markexpr != "browser" or not collection_path.match("test_*.py"):
        return None
    return None if "mark.browser" in collection_path.read_text(encoding="utf-8") else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; skip what needs a Chromium where there is none, but in CI."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if chromium() is not None or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="There is no Chromium on this machine."))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium there is; one for all tests, since Playwright allows no second at a time."""
    with running_browser() as started:
        yield started


@pytest.fixture(autouse=True)
def no_aws_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the machine's own AWS settings, so that no test ever reaches a real account."""
    hide_aws_settings(tmp_path, monkeypatch)


@pytest.fixture
def way() -> Iterator[Connect]:
    """Give ways to an emulator as a caller, closed in the end."""
    made: list[Aws] = []

    def connect(emulator: Emulator, caller: str = "management") -> Aws:
        made.append(connect_local(emulator.url, caller))
        return made[-1]

    yield connect
    for aws in made:
        aws.close()
