"""What runs unattended: each schedule starts the same three commands, and a kill costs little."""

import configparser
import http.server
import json
import os
import re
import shlex
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import patience
import pytest
import unattended
import yaml
from copied import IN_UTF_8, ROOT
from emulated import a_pair, an_organization
from processes import Program, running

from toolkit import cli
from toolkit.emulator import Emulator, Switches
from toolkit.store import Store

DEPLOY = ROOT / "deploy"
SETTINGS = tomllib.loads((DEPLOY / "unattended.toml").read_text(encoding="utf-8"))
COMMANDS = ("collect", "check", "notify")
LOOK_UP = "GetGovCloudAccountInformation"


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def unit(name: str) -> configparser.ConfigParser:
    """Read a unit of systemd, whose keys have capitals."""
    parsed = configparser.ConfigParser(interpolation=None, delimiters="=", comment_prefixes="#")
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(read(name))
    return parsed


def workflow(name: str) -> dict[str, Any]:
    text = (ROOT / name).read_text(encoding="utf-8")
    # YAML takes the key of what starts it for a truth.
    return {"on" if key is True else key: value for key, value in yaml.safe_load(text).items()}


def instructions() -> list[tuple[str, str]]:
    """Give the Dockerfile's instructions: each with what stands behind it, on one line."""
    lines = re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (word, rest.strip())
        for word, _, rest in (li.partition(" ") for li in lines.split("\n") if li)
    ]


def scheduled() -> tuple[list[str], str]:
    """Return the five fields of the crontab's one line, and its command."""
    (line,) = re.findall(r"^[0-9*].*", read("crontab"), re.MULTILINE)
    *fields, command = line.split(maxsplit=5)
    return fields, command


def windows_task() -> dict[str, str]:
    root = ET.fromstring(read("windows-task.xml"))  # noqa: S314 - it is the project's own
    return {found.tag.partition("}")[2]: found.text or "" for found in root.iter()}


def started_by_windows() -> list[str]:
    task = windows_task()
    return [part.replace("\\", "/") for part in (task["Command"], *task["Arguments"].split())]


def started_by_github() -> list[str]:
    (job,) = workflow("deploy/github-workflow.yml")["jobs"].values()
    (step,) = (one for one in job["steps"] if "unattended.py" in one.get("run", ""))
    return shlex.split(step["run"])


STARTED: dict[str, Callable[[], list[str]]] = {
    "cron": lambda: shlex.split(scheduled()[1]),
    "systemd": lambda: shlex.split(unit("account-pairs.service")["Service"]["ExecStart"]),
    "windows": started_by_windows,
    "github": started_by_github,
    "container": lambda: json.loads(dict(instructions())["CMD"]),
}


@pytest.mark.parametrize("schedule", STARTED)
def test_each_schedule_starts_the_one_program_with_its_settings(schedule: str) -> None:
    names = [Path(part).name for part in STARTED[schedule]()]
    at = names.index("unattended.py")

    assert re.fullmatch(r"python(\.exe)?", names[at - 1])
    assert names[at + 1] == "unattended.toml"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_called_as_the_command_line_has_it(command: str) -> None:
    settings = SETTINGS | {"policy": "mine.toml"}

    options = cli.parser().parse_args(unattended.arguments_of(command, settings))

    assert options.run.__module__ == f"toolkit.cli.{command}"
    assert options.store == "snapshots"
    assert command == "collect" or options.policy == Path("mine.toml")


def test_the_policy_that_is_commented_out_is_a_setting_that_is_read() -> None:
    settings = tomllib.loads(read("unattended.toml").replace("# policy", "policy"))

    assert unattended.arguments_of("check", settings)[:5] == [
        *("check", "--store", "snapshots", "--policy", "policy.toml"),
    ]
    assert "--policy" not in unattended.arguments_of("collect", settings)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_bucket_is_named_to_each_command_with_who_reads_it_and_its_key(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUCKET", "s3://ours/account pairs; $(x) `y` 'z'")
    text = re.sub(r"^# (store_\w+)", r"\1", read("unattended.toml"), flags=re.MULTILINE)
    settings = tomllib.loads(text) | {"store": "$BUCKET"}

    options = cli.parser().parse_args(unattended.arguments_of(command, settings))

    assert options.store == os.environ["BUCKET"]
    assert (options.store_profile, options.store_kms_key) == ("team", "alias/ours")


def test_a_secret_is_filled_in_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCOUNT_PAIRS_NOTIFY", "https://hooks.example.com/s3cret")

    assert unattended.arguments_of("notify", SETTINGS)[-1] == "https://hooks.example.com/s3cret"


@pytest.mark.parametrize(
    ("codes", "ran", "ends"),
    [
        ({}, "collect check notify", 0),
        ({"check": [3]}, "collect check notify", 3),
        ({"check": [1]}, "collect check notify", 1),
        ({"check": [2]}, "collect check notify", 2),
        ({"collect": [1, 0]}, "collect collect check notify", 0),
        ({"collect": [1, 1, 1]}, "collect collect collect check notify", 1),
        ({"collect": [1, 1, 1], "check": [3]}, "collect collect collect check notify", 1),
        ({"collect": [2]}, "collect check notify", 2),
        ({"collect": [1, 2], "check": [3]}, "collect collect check notify", 2),
        ({"notify": [1], "check": [3]}, "collect check notify", 1),
        ({"notify": [2]}, "collect check notify", 2),
    ],
)
def test_each_exit_code_leads_on_as_the_page_says(
    codes: dict[str, list[int]], ran: str, ends: int
) -> None:
    left = {command: list(each) for command, each in codes.items()}
    called: list[str] = []
    waited: list[float] = []

    def run(command: str, arguments: list[str]) -> int:
        called.append(command)
        assert arguments[0] == command
        return left[command].pop(0) if left.get(command) else 0

    code = unattended.main([str(DEPLOY / "unattended.toml")], run, waited.append)

    assert (" ".join(called), code) == (ran, ends)
    assert waited == [600] * (called.count("collect") - 1)


def test_settings_that_cannot_be_read_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.toml").write_text("store = ", encoding="utf-8")

    for named in ([], [str(tmp_path / "none.toml")], [str(tmp_path / "broken.toml")]):
        assert unattended.main(named) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_day_has_one_run_and_no_second_one_beside_it() -> None:
    fields, command = scheduled()
    timer = unit("account-pairs.timer")["Timer"]
    on_github = workflow("deploy/github-workflow.yml")
    task = windows_task()

    assert fields == ["15", "6", "*", "*", "*"]
    assert "flock --nonblock" in command
    assert timer["OnCalendar"] == "*-*-* 06:15:00 UTC"
    assert timer["Persistent"] == "true"
    assert unit("account-pairs.service")["Service"]["Type"] == "oneshot"
    assert on_github["on"]["schedule"] == [{"cron": "15 6 * * *"}]
    assert on_github["concurrency"]["cancel-in-progress"] is False
    assert task["StartBoundary"].endswith("T06:15:00")
    assert (task["DaysInterval"], task["MultipleInstancesPolicy"]) == ("1", "IgnoreNew")


def test_what_check_finds_is_no_failure_of_the_unit() -> None:
    service = unit("account-pairs.service")["Service"]

    assert service["SuccessExitStatus"] == "3"
    assert service["User"] == service["StateDirectory"] == "account-pairs"
    assert service["WorkingDirectory"] == "/var/lib/account-pairs"
    assert service["ProtectSystem"] == "strict"


def test_github_is_given_a_role_and_no_key_and_keeps_the_journal_of_a_run() -> None:
    text = read("github-workflow.yml")
    on_github = workflow("deploy/github-workflow.yml")
    (job,) = on_github["jobs"].values()
    *_, before, run, last = job["steps"]
    (kept,) = [line for line in last["run"].splitlines() if "sync" in line]

    assert on_github["permissions"] == {"contents": "read", "id-token": "write"}
    assert re.findall(r"role-to-assume: (.+)", text) == ["${{ env.ROLE }}"]
    assert "access-key" not in text
    assert last["if"] == f"always() && steps.{before['id']}.outcome == 'success'"
    assert before["run"] == 'aws s3 sync --no-progress "$BUCKET/journal" state'
    assert kept.endswith('--delete state "$BUCKET/journal"')
    assert run["env"]["XDG_STATE_HOME"] == "${{ github.workspace }}/state"
    assert '# In unattended.toml stands: store = "$BUCKET"' in text
    # What comes from a secret is never part of a script's text.
    assert not any("secrets." in step.get("run", "") for step in job["steps"])
    assert all(re.search(r"@v\d+$", step["uses"]) for step in job["steps"] if "uses" in step)


def test_the_image_is_lean_and_its_program_is_nobody_of_consequence() -> None:
    written = instructions()
    bases = [rest.split()[0] for word, rest in written if word == "FROM"]
    last = dict(written[max(i for i, (word, _) in enumerate(written) if word == "FROM") :])

    assert {re.sub(r":\d+\.\d+-", ":N-", base) for base in bases} == {"python:N-slim-bookworm"}
    assert not {word for word, _ in written} & {"ADD", "MAINTAINER"}
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last["USER"])
    assert "sudo" not in read("Dockerfile")
    assert last["VOLUME"] == last["WORKDIR"] == "/data"
    assert {"HOME=/data", "TMPDIR=/data"} < set(last["ENV"].split())
    assert (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()[1] == "*"


def test_the_health_check_is_a_command_that_reads_the_store() -> None:
    check = dict(instructions())["HEALTHCHECK"].split("CMD ", 1)[1]
    program, *arguments = json.loads(check)

    options = cli.parser().parse_args(arguments)

    assert program == "account-pairs"
    assert options.store == f"/data/{SETTINGS['store']}"


def test_all_that_the_image_is_built_from_is_there_and_let_in() -> None:
    let_in = {line[1:] for line in read("Dockerfile.dockerignore").splitlines() if line[:1] == "!"}
    copied = [
        part
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for part in rest.split()[:-1]
    ]

    assert all((ROOT / part).exists() for part in {*let_in, *copied})
    assert set(copied) - {"."} <= let_in


@pytest.mark.parametrize("file", sorted(path.name for path in DEPLOY.iterdir() if path.is_file()))
def test_the_page_links_to_each_file(file: str) -> None:
    page = (ROOT / "docs" / "unattended.md").read_text(encoding="utf-8")

    assert f"](../deploy/{file})" in page or file == "Dockerfile.dockerignore"


@contextmanager
def receiver() -> Iterator[tuple[str, list[str]]]:
    """Give the address of what takes notices, and the notices that it has got."""
    got: list[str] = []

    class Taking(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/s3cret", got
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def started(folder: Path, address: str) -> Iterator[Program]:
    """Start a run as a schedule does: from a folder of its own, by the name of its settings."""
    environment = os.environ | {"AWS_ACCESS_KEY_ID": "management", "AWS_SECRET_ACCESS_KEY": "any"}
    environment |= IN_UTF_8 | {"PYTHONPATH": str(ROOT), "ACCOUNT_PAIRS_NOTIFY": address}
    command = [sys.executable, DEPLOY / "unattended.py", "unattended.toml"]
    with running(command, folder / "log", cwd=folder, environment=environment) as program:
        yield program


def test_a_run_into_a_bucket_that_was_killed_is_taken_up_by_the_next_which_checks_and_tells(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a kill at any moment loses nothing is in tests/runs/test_resume.py."""
    monkeypatch.setenv("BUCKET", bucket)
    pairs = [a_pair(number) for number in range(10, 210)]
    critical = a_pair(210, standard="CLOSED")
    organization = an_organization(*pairs, critical)
    with Emulator(organization, Switches(latency=0.02)) as emulator, receiver() as (address, got):
        collect = ["--endpoint-url", emulator.url, "--sources", "none", "--rate", "300"]
        settings = f"store = '$BUCKET'\ncollect = {collect}\n"
        settings += "notify = ['--to', '$ACCOUNT_PAIRS_NOTIFY']\n"
        (tmp_path / "unattended.toml").write_text(settings, encoding="utf-8")
        with started(tmp_path, address) as killed:
            patience.until(lambda: emulator.calls[LOOK_UP] >= 60 or not killed.runs)
            killed.kill()
        assert Store(bucket).ids() == []
        assert got == []

        with started(tmp_path, address) as next_one:
            code = next_one.ended()
            said = next_one.said

    assert re.findall(r"(\w+) ended with (\d+)", said) == [
        ("collect", "0"),
        ("check", "3"),
        ("notify", "0"),
    ]
    assert code == 3
    assert len(Store(bucket).ids()) == 1
    assert max(emulator.answered.values()) <= 2
    # What was in flight when the kill came is asked again, and nothing else.
    assert emulator.calls[LOOK_UP] <= len(organization.accounts) + 48
    (notice,) = got
    assert critical.account_id in notice
    assert address not in said


def test_a_run_that_is_told_to_stop_stops_its_command_in_order(tmp_path: Path) -> None:
    organization = an_organization(*[a_pair(number) for number in range(10, 210)])
    with Emulator(organization, Switches(latency=0.02)) as emulator:
        collect = ["--endpoint-url", emulator.url, "--sources", "none", "--rate", "100"]
        (tmp_path / "unattended.toml").write_text(f"collect = {collect}\n", encoding="utf-8")
        with started(tmp_path, "") as program:
            patience.until(lambda: emulator.calls[LOOK_UP] >= 20 or not program.runs)
            program.terminate()
            code = program.ended()
            said = program.said
        asked = emulator.calls[LOOK_UP]

    if os.name != "nt":  # where a program that is ended says nothing
        assert code == 143
        assert "The collection was stopped." in said
        assert "notify" not in said
    assert asked < len(organization.accounts)
