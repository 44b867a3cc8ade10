"""Receivers on loopback, of webhooks and of e-mail, that answer as they are told to."""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

RESET, SILENT, ENDLESS = 0, -1, -2
"""What a hook does instead of answering: hang up, say nothing, or never come to an end."""

LONG = 30.0


@dataclass
class Hook:
    """A receiver of webhooks: what it was told, by which path, and with which headers.

    It answers with `statuses` one after the other and then with the last one for ever: one of HTTP,
    or RESET, SILENT or ENDLESS. `heard` is called before each answer.
    """

    statuses: Sequence[int] = (200,)
    heard: Callable[[], None] = lambda: None
    location: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    """Answers one call as the hook of its server says."""

    def do_POST(self) -> None:
        told: Hook = self.server.hook  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told.told.append(json.loads(body))
        told.paths.append(self.path)
        told.headers.append(dict(self.headers))
        told.heard()
        self.close_connection = True
        status = told.statuses[min(len(told.told), len(told.statuses)) - 1]
        if status > 0:
            self.send_response(status)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif status == RESET:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif status == SILENT:
            told.over.wait(LONG)
        else:
            self._drip(told)

    def _drip(self, told: Hook) -> None:
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-More: ")
            while not told.over.wait(0.05):
                self.wfile.write(b"y")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hook(*statuses: int, **more: Any) -> Iterator[Hook]:
    """Run a receiver of webhooks."""
    told = Hook(statuses or (200,), **more)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.hook = told  # type: ignore[attr-defined]
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """A receiver of e-mail: what came, whole, and how often somebody tried.

    It takes a mail where `replies` has no other word; "hang up" ends the connection, "silence"
    says nothing.
    """

    replies: Sequence[str] = ()
    mails: list[EmailMessage] = field(default_factory=list)
    tries: int = 0
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class _Mails:
    """Takes mails, or does not, as the mailbox says."""

    def __init__(self, box: Mailbox) -> None:
        self._box = box

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        box = self._box
        reply = box.replies[min(box.tries, len(box.replies) - 1)] if box.replies else ""
        box.tries += 1
        if reply == "hang up":
            server.transport.abort()
        if reply == "silence":
            await asyncio.to_thread(box.over.wait, LONG)
        if reply:
            return reply
        mail = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        box.mails.append(cast("EmailMessage", mail))
        return "250 taken"


@contextmanager
def mailbox(*replies: str) -> Iterator[Mailbox]:
    """Run a receiver of e-mail; apprise sends to it by `url`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"mailto://127.0.0.1:{port}?from=toolkit@example.com&to=analyst@example.com"
    box = Mailbox(replies, url=url)
    controller = Controller(_Mails(box), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        box.over.set()
        controller.stop()
