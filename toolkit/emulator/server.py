"""HTTP/1.1 on 127.0.0.1 for the emulator: one thread a connection, kept alive between requests."""

import logging
import os
import socket
import socketserver
import struct
import sys
from collections.abc import Callable
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import TypeAlias

from toolkit.emulator.wire import Answer

_log = logging.getLogger(__name__)
_LARGEST_BODY = 1_000_000
_IDLE_SECONDS = 300
_RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
# socketserver serves datagrams too, so its requests are typed as either
_Request: TypeAlias = socket.socket | tuple[bytes, socket.socket]


class ResetConnection(Exception):  # noqa: N818 - it is an answer, not a failure of the emulator
    """The connection is to be cut without an answer."""


class Server(socketserver.ThreadingTCPServer):
    """A server that gives each request to `answer` (method, path, headers, body)."""

    # a stopped server starts again at once; on Windows it would mean to share a port with another
    allow_reuse_address = os.name == "posix"
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, answer: Callable[[str, str, Message, bytes], Answer]) -> None:
        self.answer = answer
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Take the port for this server alone: Windows would let another one share it."""
        if sys.platform == "win32":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        super().server_bind()

    def process_request(self, request: _Request, client_address: object) -> None:
        """Remember the connection, so that `cut` finds it."""
        if isinstance(request, socket.socket):
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        """Forget a connection that ends."""
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """Cut the connections that are still open, as a lost network would."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                continue

    def handle_error(self, request: _Request, client_address: object) -> None:  # noqa: ARG002
        """Keep serving when a client goes away in the middle; a traceback would help nobody."""
        _log.debug("a connection ended early")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Server

    def do_POST(self) -> None:
        """Read one request whole and answer it."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self._refuse(411)
        elif int(length) > _LARGEST_BODY:
            self._refuse(413)
        elif len(body := self.rfile.read(int(length))) < int(length):
            # Its client went away in the middle: half a request asks nothing.
            self.close_connection = True
        else:
            self._answer(body)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_POST  # noqa: N815 - as above

    def _answer(self, body: bytes) -> None:
        try:
            self._send(self.server.answer(self.command, self.path, self.headers, body))
        except ResetConnection:
            self.close_connection = True
            # no lingering: the client sees a reset and not an orderly end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.close()

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(Answer(status, {}, b""))

    def _send(self, answer: Answer) -> None:
        lines = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines.append(f"Date: {self.date_time_string()}")
        if self.close_connection:
            lines.append("Connection: close")
        lines.append(f"Content-Length: {len(answer.body)}\r\n\r\n")
        body = b"" if self.command == "HEAD" else answer.body
        # head and body in one piece: two would cost a packet and a wait
        self.wfile.write("\r\n".join(lines).encode("latin-1") + body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing: requests name accounts."""
