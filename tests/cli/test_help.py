"""Help: every command is explained, its defaults are named, and its examples can be typed."""

import argparse
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator

import pytest
from reported import make_snapshot

from toolkit import cli
from toolkit.store import Store

Run = Callable[..., tuple[int, str, str]]


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    nested = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not nested:
        yield parser
    for one in nested:
        for command in one.choices.values():
            yield from _commands(command)


PARSERS = list(_commands(cli.parser()))


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog.split("toolkit ")[-1])
def test_every_option_is_explained_with_its_default_and_every_example_can_be_typed(
    parser: argparse.ArgumentParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = parser.format_help()
    examples = re.findall(rf"^  {re.escape(parser.prog)}(.*)$", said, re.MULTILINE)

    assert [one.dest for one in parser._actions if not one.help] == []
    for action in parser._actions:
        if action.default not in (None, False, "", (), argparse.SUPPRESS):
            named = str(action.default).removesuffix(".0")
            assert f"{named} when not given" in re.sub(r"\s+", " ", said)
    assert examples
    for example in examples:
        assert parser.parse_args(shlex.split(example))


def test_the_help_of_all_names_each_command_with_what_it_does() -> None:
    said = cli.parser().format_help()

    for command in cli.COMMANDS:
        name = command.__name__.rpartition(".")[2]
        assert re.search(rf"^    {name}\s+[a-z]", said, re.MULTILINE), name


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("", ["app", "changes", "check", "collect"]),
        ("mis", ["mismatches"]),
        ("mismatches --sev", ["--severity"]),
        ("mismatches --format ", ["csv", "json", "table"]),
        ("policy ", ["baseline", "check", "new"]),
        ("policy baseline --unt", ["--until"]),
        ("report --out sta", []),
    ],
)
def test_bash_completes_commands_options_and_choices(
    run: Run, typed: str, completed: list[str]
) -> None:
    _, script, _ = run("completion", "bash")
    words = ["account-pairs", *typed.split(" ")]
    line = " ".join(map(shlex.quote, words))
    asked = f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _account_pairs"

    found = subprocess.run(
        ["bash", "-c", f'{script}\n{asked}; printf "%s\\n" "${{COMPREPLY[@]}}"'],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert sorted(found)[: len(completed) or None] == completed


def test_zsh_and_fish_have_each_command(run: Run) -> None:
    _, zsh, _ = run("completion", "zsh")
    _, fish, _ = run("completion", "fish")

    assert zsh.startswith("autoload -U +X compinit")
    assert "complete -c account-pairs -n __fish_use_subcommand -f -a changes -d 'show" in fish
    assert "'__fish_seen_subcommand_from links' -l format" in fish


def test_quiet_leaves_out_remarks_but_not_what_ends_it(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("store")
    Store(path).save(make_snapshot([("100000000001", "a", "Root", "CLOSED", "ACTIVE")]))

    _, out, err = run("links", "--store", path, "--quiet")
    code, _, ended = run("changes", "--store", path, "--quiet")

    assert (out.splitlines()[-1], err) == ("0 rows", "")
    assert (code, ended.count("\n")) == (2, 1)
