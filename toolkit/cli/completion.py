"""`completion`: print what lets a shell complete commands, options and choices by the tab key."""

import argparse
import shlex
from collections.abc import Iterator
from typing import Final, NamedTuple

from toolkit.cli.arguments import OK, Commands

_PROGRAM: Final = "account-pairs"

_BASH: Final = """\
_account_pairs() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} offered=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    offered=%(commands)s
  else
    case "${COMP_WORDS[1]} $before" in
%(choices)s
    *) case "${COMP_WORDS[1]} $word" in
%(options)s
      esac ;;
    esac
  fi
  COMPREPLY=( $(compgen -W "$offered" -- "$word") )
}
complete -o default -F _account_pairs account-pairs
"""
"""Where nothing is found, the shell completes files."""

_ZSH: Final = "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n"
"""What reads completions of bash in zsh."""

_ENDS: Final = """\
to have it in every new shell:
  bash  echo 'eval "$(account-pairs completion bash)"' >> ~/.bashrc
  zsh   echo 'eval "$(account-pairs completion zsh)"' >> ~/.zshrc
  fish  account-pairs completion fish > ~/.config/fish/completions/account-pairs.fish
"""


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "completion",
        help="print what lets a shell complete the commands",
        epilog=_ENDS,
        examples=("bash", "fish"),
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="which shell reads it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the script, made from the parser itself."""
    from toolkit.cli import parser

    known = list(_known(parser()))
    if options.shell == "fish":
        print(_fish(known), end="")
    else:
        print((_ZSH if options.shell == "zsh" else "") + _bash(known), end="")
    return OK


class _Known(NamedTuple):
    """A command, what it is, and its options: each with its choices and what it does."""

    name: str
    help: str
    words: list[str]
    options: list[tuple[str, list[str], str]]


def _known(parser: argparse.ArgumentParser) -> Iterator[_Known]:
    (commands,) = _nested(parser)
    helps = {one.dest: one.help or "" for one in commands._get_subactions()}  # noqa: SLF001 - argparse tells nobody else what a command is
    for name, command in commands.choices.items():
        words, options = [], {}
        for one in [command, *(deep for way in _nested(command) for deep in way.choices.values())]:
            for action in one._actions:  # noqa: SLF001 - as above
                choices = [str(choice) for choice in action.choices or ()]
                for option in action.option_strings:
                    options[option] = (option, choices, action.help or "")
                if not action.option_strings:
                    words += choices
        yield _Known(name, helps[name], words, list(options.values()))


def _nested(parser: argparse.ArgumentParser) -> list[argparse._SubParsersAction]:  # type: ignore[type-arg] # typeshed's is generic, and Python's is not
    kind = argparse._SubParsersAction  # noqa: SLF001 - as above
    return [one for one in parser._actions if isinstance(one, kind)]  # noqa: SLF001 - as above


def _bash(known: list[_Known]) -> str:
    choices, options = [], []
    for command in known:
        after = [(option, words) for option, words, _ in command.options]
        for before, words in [*after, (command.name, command.words)]:
            if words:
                line = f'    "{command.name} {before}") offered={_quoted(words)} ;;'
                choices.append(line)
        names = [option for option, *_ in command.options]
        options.append(f'      "{command.name} -"*) offered={_quoted(names)} ;;')
    return _BASH % {
        "commands": _quoted([command.name for command in known]),
        "choices": "\n".join(choices),
        "options": "\n".join(options),
    }


def _quoted(words: list[str]) -> str:
    return shlex.quote(" ".join(words))


def _fish(known: list[_Known]) -> str:
    first = f"complete -c {_PROGRAM} -n __fish_use_subcommand -f"
    lines = [f"{first} -a {one.name} -d {shlex.quote(one.help)}" for one in known]
    for command in known:
        of = f"complete -c {_PROGRAM} -n '__fish_seen_subcommand_from {command.name}'"
        if command.words:
            lines.append(f"{of} -f -a {_quoted(command.words)}")
        for option, words, said in command.options:
            kind = "-l" if option.startswith("--") else "-s"
            line = f"{of} {kind} {option.lstrip('-')} -d {shlex.quote(said)}"
            lines.append(f"{line} -x -a {_quoted(words)}" if words else line)
    return "\n".join(lines) + "\n"
