"""Sending a message to an address: a webhook by itself, and any other way through apprise.

Nothing that is said of an address names what may be secret in it.
"""

import base64
import http.client
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit

from toolkit.alerts.message import Message
from toolkit.errors import InputError, MissingToolError, ToolkitError
from toolkit.installation import version
from toolkit.text import is_local, printable

_WEBHOOKS: Final = ("http", "https")
_HOSTED: Final = (*_WEBHOOKS, "mailto", "mailtos", "json", "jsons")
"""The schemes behind which a host stands; behind others it may be a token."""

_BUSY: Final = (408, 425, 429)
"""What an address answers, beside errors of its own, that may take the message a little later."""


class NotToldError(ToolkitError):
    """An address did not take a message; it is told the same next time."""

    retryable = True


@dataclass(frozen=True)
class Patience:
    """How long an answer is waited for, in seconds, and how often a message is tried.

    Between two tries lie a tenth of that time, then twice as much, and so on.
    """

    timeout: float = 10.0
    tries: int = 3

    def pause(self, tried: int) -> float:
        """Return for how long to wait after that many tries."""
        return float(self.timeout / 10 * 2 ** (tried - 1))


class Way(Protocol):
    """A way to an address: `send` gives why it was not taken, "" where it was.

    `again` says whether another try could help.
    """

    def send(self, message: Message) -> tuple[str, bool]:
        """Send a message once."""


def shown(address: str) -> str:
    """Return an address without what may be secret in it: its scheme, and its host if it is one."""
    scheme, separator, _ = address.partition("://")
    if not separator or not scheme.isalnum():
        return "the address"
    host = ""
    if scheme.lower() in _HOSTED:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            host = ""
    return printable(f"{scheme.lower()}://{host}{'' if host else '…'}")


def way_to(address: str, patience: Patience) -> Way:
    """Return the way to an address; nothing is sent.

    Raises InputError where it is none, MissingToolError where apprise is needed and not installed.
    """
    if address.partition("://")[0].lower() in _WEBHOOKS:
        return _Webhook(address, patience.timeout)
    return _Apprise(address, patience.timeout)


def send(way: Way, called: str, message: Message, patience: Patience) -> None:
    """Send a message; raises NotToldError where the address, which is called so, did not take it.

    What fails for the moment is tried again. After an answer that did not come in time it is not:
    the message may have arrived. Apprise does not tell the one from the other.
    """
    for tried in range(1, patience.tries + 1):
        why, again = way.send(message)
        if not why:
            return
        if not again or tried == patience.tries:
            times = f" (tried {tried} times)" if tried > 1 else ""
            raise NotToldError(
                f"{called} was not told: {why}{times}.", "It is told the same next time."
            )
        time.sleep(patience.pause(tried))


class _NoRedirect(request.HTTPRedirectHandler):
    """Follows nothing: what is sent was meant for the address that was named."""

    def redirect_request(self, *_: Any) -> None:
        return None


class _Webhook:
    """An address that takes JSON by POST."""

    def __init__(self, address: str, timeout: float) -> None:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or any(not one.isprintable() or one.isspace() for one in address):
            raise InputError(
                f"{shown(address)} is not an address of a webhook.",
                "Write it as https://host/path.",
            )
        at = f"[{host}]" if ":" in host else host
        bare = parts._replace(netloc=f"{at}:{port}" if port else at, fragment="")
        self._url = urlunsplit(bare)
        self._headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"account-pairs/{version()}",
        }
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(login).decode()}"
        self._timeout = timeout
        # What is on this machine is not behind a proxy.
        proxies = [request.ProxyHandler({})] if is_local(address) else []
        self._opener = request.build_opener(_NoRedirect, *proxies)

    def send(self, message: Message) -> tuple[str, bool]:
        """Post the message as JSON."""
        body = json.dumps(message.content).encode()
        posted = request.Request(self._url, body, self._headers, method="POST")  # noqa: S310 - http or https alone
        return _in_time(lambda: self._answer(posted), self._timeout)

    def _answer(self, posted: request.Request) -> tuple[str, bool]:
        try:
            with self._opener.open(posted, timeout=self._timeout):
                return "", False
        except HTTPError as error:
            error.close()
            if error.code // 100 == 3:  # noqa: PLR2004 - a redirect
                return f"it answered with a redirect ({error.code}), which is not followed", False
            busy = error.code // 100 == 5 or error.code in _BUSY  # noqa: PLR2004 - an error of its own
            return f"it answered with {error.code}", busy
        except (OSError, http.client.HTTPException) as error:
            return _why(error, self._timeout)


class _Apprise:
    """An address that apprise knows."""

    def __init__(self, address: str, timeout: float) -> None:
        try:
            import apprise  # noqa: PLC0415 - it is not needed for a webhook
        except ImportError:
            raise MissingToolError(
                f"{shown(address)} is told through the package apprise, which is not installed.",
                "Install it: pip install 'account-pairs[notify]'.",
            ) from None
        # What it writes to its log may hold the whole address.
        logging.getLogger("apprise").addHandler(logging.NullHandler())
        asset = apprise.AppriseAsset(app_id="account-pairs", storage_mode="memory")
        self._servers = apprise.Apprise(asset=asset)
        if "://" not in address or not self._servers.add(address):
            raise InputError(
                f"{shown(address)} is not an address that apprise knows.",
                "Its pages list them: https://appriseit.com.",
            )
        for server in self._servers:
            server.socket_connect_timeout = server.socket_read_timeout = timeout
            # How long it lets lie between two requests is waited for, too.
            server.request_rate_per_sec = min(server.request_rate_per_sec, timeout / 10)
        self._text = apprise.NotifyFormat.TEXT
        self._timeout = timeout

    def send(self, message: Message) -> tuple[str, bool]:
        """Send the message as text."""
        # An e-mail takes several answers, each of them in time.
        return _in_time(lambda: self._sent(message), 4 * self._timeout)

    def _sent(self, message: Message) -> tuple[str, bool]:
        taken = self._servers.notify(
            body=message.below, title=message.headline, body_format=self._text
        )
        return ("", False) if taken else ("apprise could not deliver the message", True)


def _in_time(send: Callable[[], tuple[str, bool]], limit: float) -> tuple[str, bool]:
    """Return what sending gave, or that it took too long: no receiver holds a run for ever."""
    ended: list[tuple[str, bool]] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            ended.append(send())
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits
            failed.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(limit)
    if failed:
        raise failed[0]
    return ended[0] if ended else (f"it gave no whole answer within {limit:g} s", False)


def _why(error: Exception, timeout: float) -> tuple[str, bool]:
    """Say why there was no answer, and whether another try could help; it quotes nothing."""
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return f"it gave no answer within {timeout:g} s", False
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "its certificate is not one that can be trusted", False
    if isinstance(reason, (ConnectionResetError, BrokenPipeError, http.client.HTTPException)):
        return "it hung up", True
    return "it cannot be reached", True
