"""A server that answers as it is told to, and lets an emulator answer the rest.

Each rule is asked about each call: it gives what to answer, or None for what AWS would say.
"""

import json
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

JSON = "application/x-amz-json-1.1"
HTML = b"<html><head><title>Sign in</title></head><body>Welcome to the hotel</body></html>"


@dataclass(frozen=True)
class Asked:
    """One call: the operation, the Region it is signed for, what it says, and which time it is.

    `account_id` is the account that it names, or "".
    """

    operation: str
    region: str
    content: Mapping[str, Any]
    times: int
    account_id: str = ""


@dataclass(frozen=True)
class Answer:
    """What to answer; `drip` seconds lie between the bytes, and `cut` ends the body so early.

    One that `is_lost` does not arrive, though the server did what it was asked.
    """

    status: int = 200
    body: bytes = b""
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0
    cut: int | None = None
    is_silent: bool = False
    is_reset: bool = False
    is_lost: bool = False


Rule = Callable[[Asked], Answer | None]


def said(value: object, status: int = 200, **more: Any) -> Answer:
    """Answer with this value as JSON."""
    return Answer(status, json.dumps(value).encode(), **more)


def fault(code: str, status: int = 400, **headers: str) -> Answer:
    """Answer with an error of AWS."""
    body = json.dumps({"__type": code, "message": "Said the server."}).encode()
    return Answer(status, body, headers={"x-amzn-errortype": code, **headers})


def page(status: int = 200) -> Answer:
    """Answer with a page for people."""
    return Answer(status, HTML, kind="text/html")


def always(operation: str, answer: Answer) -> Rule:
    """Answer every call of an operation so."""
    return lambda asked: answer if asked.operation == operation else None


def first(times: int, operation: str, answer: Answer) -> Rule:
    """Answer the first calls of an operation so."""
    return lambda asked: answer if asked.operation == operation and asked.times <= times else None


def about(account_id: str, answer: Answer) -> Rule:
    """Answer every look-up of one account so."""
    return lambda asked: answer if asked.account_id == account_id else None


class Misbehaving:
    """The server, on a free port of this machine; `asked` counts the calls of each operation."""

    def __init__(self, emulator_url: str, *rules: Rule) -> None:
        self.rules = list(rules)
        self.asked: Counter[str] = Counter()
        self.ended = threading.Event()
        self._emulator = urlsplit(emulator_url)
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer._answer(self)

            do_GET = do_PUT = do_DELETE = do_HEAD = do_POST  # noqa: N815 - so http.server asks

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        asked = self._read(handler, body)
        answer = next(filter(None, (rule(asked) for rule in self.rules)), None)
        if answer is None or answer.is_lost:
            forwarded = self._forward(handler, body)
            answer = Answer(is_reset=True) if answer else forwarded
        # Whoever asked may have gone: that is what some of these tests are about.
        with suppress(OSError):
            self._send(handler, answer)

    def _read(self, handler: BaseHTTPRequestHandler, body: bytes) -> Asked:
        target = handler.headers.get("x-amz-target", "").rpartition(".")[2]
        in_form = re.search(rb"Action=(\w+)", body)
        name = target or (in_form[1].decode() if in_form else handler.path.strip("/"))
        name = name[:1].upper() + name[1:]
        content = json.loads(body) if body.startswith(b"{") else {}
        region = re.search(
            r"Credential=[^/]*/\d+/([^/]+)/", handler.headers.get("authorization", "")
        )
        account_id = content.get("StandardAccountId") or content.get("LinkedAccountId") or ""
        with self._lock:
            self.asked[name] += 1
            times = self.asked[name]
        return Asked(name, region[1] if region else "", content, times, account_id)

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> Answer:
        connection = HTTPConnection(self._emulator.hostname or "", self._emulator.port, timeout=60)
        try:
            names = ("authorization", "content-type", "x-amz-target", "x-amz-date")
            headers = {n: handler.headers[n] for n in names if handler.headers.get(n)}
            connection.request("POST", handler.path, body, headers)
            response = connection.getresponse()
            kept = {k: v for k, v in response.getheaders() if k.lower().startswith("x-amzn")}
            kind = response.getheader("content-type") or ""
            return Answer(response.status, response.read(), kind, kept)
        finally:
            connection.close()

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.is_silent:
            self.ended.wait()
            return
        if answer.is_reset:
            linger = struct.pack("hh" if socket.SO_LINGER > 100 else "ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.close_connection = True
            handler.connection.close()
            return
        handler.send_response(answer.status)
        headers = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body))}
        for name, value in (headers | dict(answer.headers)).items():
            handler.send_header(name, value)
        handler.end_headers()
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        body = b"" if handler.command == "HEAD" else body
        if answer.drip:
            for place in range(len(body)):
                handler.wfile.write(body[place : place + 1])
                handler.wfile.flush()
                if self.ended.wait(answer.drip):
                    return
        else:
            handler.wfile.write(body)
        if answer.cut is not None:
            handler.close_connection = True
