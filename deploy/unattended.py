"""One unattended run: collect, check and notify, in this order; whatever starts it, starts this.

    python deploy/unattended.py deploy/unattended.toml

It ends with 2 where somebody must act before the next run, else with 1 where the next run may mend
what is incomplete, else with 3 where `check` found something, else with 0; told to stop, with 128
and the number of the signal. docs/unattended.md says what to do about each.
"""

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

INCOMPLETE: Final = 1
WRONG: Final = 2
FOUND: Final = 3
STOPPED: Final = (128 + signal.SIGINT, 128 + signal.SIGTERM)

SHARED: Final = ("store", "store_profile", "store_kms_key", "policy")
"""The settings that are options of every command; `collect` judges nothing and takes no policy."""

CALL: Final = (
    "import sys; from toolkit.cli import main; sys.exit(main(sys.stdin.read().split('\\0')))"
)
"""What each command is started with: its arguments, of which one may be a secret address, are not
those of a process, which every user of a machine may read."""


def main(
    arguments: Sequence[str],
    run: "Callable[[str, list[str]], int] | None" = None,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Run what the settings file says, and return the exit code that is worth most attention."""
    run = run or _run
    if len(arguments) != 1:
        print("Name one settings file: python unattended.py unattended.toml", file=sys.stderr)
        return WRONG
    try:
        settings = tomllib.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"The settings cannot be read: {arguments[0]}: {error}", file=sys.stderr)
        return WRONG
    for attempt in range(settings.get("tries", 3)):
        if attempt:
            wait(60 * settings.get("pause_minutes", 10))
        codes = [run("collect", arguments_of("collect", settings))]
        if codes != [INCOMPLETE]:
            break
    # Also where nothing could be asked: how old the newest snapshot is, `check` says.
    codes += [run(command, arguments_of(command, settings)) for command in ("check", "notify")]
    return next((code for code in (WRONG, INCOMPLETE, FOUND) if code in codes), 0)


def arguments_of(command: str, settings: dict[str, Any]) -> list[str]:
    """Return a command with its arguments: the shared ones, then its own; $NAMES are filled in."""
    shared = {"store": "snapshots"} | {name: settings[name] for name in SHARED if name in settings}
    if command == "collect":
        shared.pop("policy", None)
    named = [part for name in shared for part in (f"--{name.replace('_', '-')}", shared[name])]
    return [command, *map(os.path.expandvars, [*named, *settings.get(command, [])])]


def _run(command: str, arguments: list[str]) -> int:
    """Run one command to its end, a crash included; what ends this one ends it first, in order."""
    with subprocess.Popen([sys.executable, "-c", CALL], stdin=subprocess.PIPE) as process:
        try:
            process.communicate("\0".join(arguments).encode())
        except BaseException:
            process.terminate()
            process.wait()
            raise
    code = process.returncode
    print(f"{command} ended with {code}.", file=sys.stderr, flush=True)
    if code in STOPPED:
        raise SystemExit(code)
    # What was killed, for want of memory perhaps, left its journal; it may go on.
    return code if code in (0, INCOMPLETE, WRONG, FOUND) else INCOMPLETE


def _stop(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main(sys.argv[1:]))
