"""Fetching credentials: whatever goes wrong with it is one sentence about the login.

botocore fetches them when a client is made and again, in mid-run, when they run out. Programs that
the profile names take part in it, so anything may be raised there.
"""

import getpass
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, MissingDependencyException

from toolkit.aws.translation import Login, unfetched
from toolkit.aws.wire import NoAnswer
from toolkit.errors import CredentialsError, ToolkitError

_ONE_QUESTION: Final = threading.Lock()


class Guarded:
    """Credentials that botocore takes for its own, and whose failures are CredentialsErrors."""

    def __init__(self, inner: Any, login: Login) -> None:
        self._inner = inner
        self._login = login

    def __getattr__(self, name: str) -> Any:
        """Give everything else as the credentials themselves do."""
        return getattr(self._inner, name)

    def get_frozen_credentials(self) -> Any:
        """Return the keys to sign with, fetched anew where they are about to run out."""
        with fetching(self._login):
            return self._inner.get_frozen_credentials()


@contextmanager
def fetching(login: Login) -> Iterator[None]:
    """Turn what is raised while credentials are fetched into a CredentialsError.

    What AWS or the network answered meanwhile stays as it is: that is translated with the call.
    """
    try:
        yield
    except MissingDependencyException as error:
        raise CredentialsError(
            f"{login.whose} come from `aws login`, which needs a package that is not installed.",
            'Install it: pip install "botocore[crt]"',
        ) from error
    except (ToolkitError, BotoCoreError, ClientError, NoAnswer):
        raise
    except EOFError as error:
        raise CredentialsError(
            f"{login.whose} need an MFA code, and there is no terminal to type it in.",
            "Run it in a terminal, or name a profile that asks for no code, such as one of"
            " aws configure sso.",
        ) from error
    except RuntimeError as error:
        if "expired" not in str(error):
            raise unfetched(error, login) from error
        # botocore fetched new ones, and these were over, too.
        raise CredentialsError(
            f"{login.whose} have expired, and the program that gives them gave expired ones again.",
            f"Log in again as that program wants it, or: {login.command}",
        ) from error
    except OSError as error:
        raise unfetched(error, login) from error
    except Exception as error:  # a program's answer, wrong in whatever way
        raise CredentialsError(
            f"{login.whose} could not be fetched: what the program that gives them printed is no"
            f" credentials ({error}).",
            "See credential_process in ~/.aws/config, and run that program by hand.",
        ) from error


def ask_for_codes(session: Any) -> None:
    """Have a botocore session ask for MFA codes only where somebody can type them in."""
    provider = session.get_component("credential_provider").get_provider("assume-role")
    provider._prompter = _code  # noqa: SLF001 - botocore lets one set it in no other way


def _code(question: str) -> str:
    # A notebook puts its own in the place of Python's, and has no terminal.
    is_pythons = getpass.getpass.__module__ == "getpass"
    if is_pythons and not (sys.stdin and sys.stdin.isatty()):
        raise EOFError
    with _ONE_QUESTION:  # of several logins at the same time
        return getpass.getpass(question)
