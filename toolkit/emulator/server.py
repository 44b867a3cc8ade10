"""The emulator's server: HTTP on 127.0.0.1, one thread a connection, faults on request."""

import logging
import socket
import socketserver
import struct
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from toolkit.emulator.callers import expired, find_caller, read_signature
from toolkit.emulator.limits import Dice, Quotas, fault_shares
from toolkit.emulator.names import NameStyle
from toolkit.emulator.operations import OPERATIONS, Asked, Switches
from toolkit.emulator.organization import Organization
from toolkit.emulator.refusals import Refusal, internal, invalid, malformed, throttled, unavailable
from toolkit.emulator.shapes import has_wrong_type, operation_model, violations
from toolkit.emulator.story import REFERENCE_DAY, make_organization
from toolkit.emulator.wire import Answer, Protocol, route
from toolkit.errors import InputError

_log = logging.getLogger(__name__)
_LIMITED = ("GetGovCloudAccountInformation", "GetAccountInformation")
_LARGEST_BODY = 1_000_000
_IDLE_SECONDS = 300
_RESET = struct.pack("ii", 1, 0)


class ResetConnection(Exception):  # noqa: N818 - it is an answer, not a failure of the emulator
    """The connection is to be cut without an answer."""


class Emulator:
    """A local AWS endpoint over a synthetic organization.

    It answers the operations that this toolkit asks as AWS would, on 127.0.0.1, while it is used
    as a context manager or between `start()` and `stop()`. The access key names the caller:
    "delegated", "member" (also with an account id), "standalone", "noorg", "expired", "invalid";
    any other is the management account.

    `rate` and `burst` (calls a second) hold for each operation of Account Management and each
    calling account. `faults` is a share of all calls, or shares by kind: "500", "424", "reset",
    "slow" (`slow` seconds). `failing` names accounts that always answer with such a fault.
    `latency` is seconds added to each answer. `expire_after` is the number of calls after which
    every credential has expired. Raises InputError where an option or the port cannot be had.
    """

    def __init__(
        self,
        accounts: int = 300,
        seed: int = 7,
        day: date = REFERENCE_DAY,
        *,
        organization: Organization | None = None,
        names: NameStyle = "company",
        port: int = 0,
        rate: float | None = None,
        burst: float | None = None,
        latency: float = 0.0,
        faults: float | Mapping[str, float] = 0.0,
        slow: float = 1.0,
        denied_accounts: Iterable[str] = (),
        denied_operations: Iterable[str] = (),
        denied_regions: Iterable[str] = (),
        disabled_regions: Iterable[str] = (),
        denied_roles: Iterable[str] = (),
        failing: Mapping[str, str] | None = None,
        empty_pages: bool = False,
        trusted_access: bool = True,
        expire_after: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            self.organization = organization or make_organization(accounts, seed, day, names=names)
            self._dice = Dice(faults, seed)
        except ValueError as error:
            raise InputError(str(error)) from error
        self.latency = latency
        self.slow = slow
        self.switches = Switches(
            denied_accounts=set(denied_accounts),
            denied_operations=set(denied_operations),
            denied_regions=set(denied_regions),
            disabled_regions=set(disabled_regions),
            denied_roles=set(denied_roles),
            failing=dict(failing or {}),
            empty_pages=empty_pages,
            trusted_access=trusted_access,
        )
        self.expire_after = expire_after
        self._port = port
        self._quotas = Quotas(clock)
        self.set_rate(rate, burst)
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._throttled: Counter[str] = Counter()
        self._faulted: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        """Start to answer."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to answer."""
        self.stop()

    def start(self) -> Self:
        """Start to answer; a stopped emulator starts again at its old address."""
        if self._server is not None:
            return self
        try:
            self._server = _Server(("127.0.0.1", self._port), self)
        except (OSError, OverflowError) as error:
            message = f"The emulator cannot listen on port {self._port}."
            raise InputError(message, "Choose another with --port, or 0 for a free one.") from error
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop to answer and cut every connection, as a lost network would."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.cut()
            self._server = None

    @property
    def url(self) -> str:
        """The endpoint to give to a client."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def calls(self) -> Counter[str]:
        """Calls received so far by operation, throttled and failed ones included."""
        return self._copy(self._calls)

    @property
    def throttled(self) -> Counter[str]:
        """Calls throttled so far by operation."""
        return self._copy(self._throttled)

    @property
    def faulted(self) -> Counter[str]:
        """Calls that met a fault so far by its kind."""
        return self._copy(self._faulted)

    @property
    def answered(self) -> Counter[str]:
        """How often a look-up of each standard account's pair came to its end, 404s included."""
        return self._copy(self._answered)

    def set_rate(
        self, rate: float | None, burst: float | None = None, *, operation: str | None = None
    ) -> None:
        """Set the rate in calls a second, also while running; None lifts it.

        Without an operation the rate is that of each operation of Account Management; the burst
        is the rate unless it is given.
        """
        if (rate is not None and rate < 0) or (burst is not None and burst < 0):
            raise InputError("A rate is a number of calls a second, 0 or more.")
        for name in _LIMITED if operation is None else (operation,):
            self._quotas.set_rate(name, rate, burst)

    def set_faults(self, faults: float | Mapping[str, float]) -> None:
        """Change the share of calls that go wrong, also while running."""
        try:
            self._dice.shares = fault_shares(faults)
        except ValueError as error:
            raise InputError(str(error)) from error

    def expire_credentials(self) -> None:
        """Let every credential expire now."""
        self.expire_after = 0

    def renew_credentials(self) -> None:
        """Accept every credential again, as after a new login."""
        self.expire_after = None

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request; raises ResetConnection where no answer is to come."""
        protocol, operation = route(method, path, headers, body)
        try:
            output, operation = self._perform(protocol, operation, headers, body)
            return protocol.answer(output, operation)
        except Refusal as refusal:
            return protocol.refuse(refusal)
        except ResetConnection:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary that keeps the server alive
            last = traceback.extract_tb(error.__traceback__)[-1]
            # no message: it may hold a name or an id
            _log.error("%s in %s line %s", type(error).__name__, last.name, last.lineno)  # noqa: TRY400
            return protocol.refuse(internal(protocol.service))

    def _perform(
        self, protocol: Protocol, operation: str | None, headers: Mapping[str, str], body: bytes
    ) -> tuple[dict[str, Any], str]:
        service = protocol.service
        if operation is None or operation not in OPERATIONS[service]:
            raise protocol.unknown_operation()
        signature = read_signature(headers, service)
        caller = find_caller(self.organization, signature)
        with self._lock:
            self._calls[operation] += 1
            received = self._calls.total()
        if self.latency:
            time.sleep(self.latency)
        if self.expire_after is not None and received > self.expire_after:
            raise expired(service)
        if not self._quotas.grant(operation, caller.account.account_id):
            self._count(self._throttled, operation)
            raise throttled(service)
        if service != "sts":
            self._fail(self._dice.draw(), service)
        if operation in self.switches.denied_operations:
            raise Asked(
                self.organization, self.switches, caller, signature.region, operation, {}
            ).denied(service)
        shape = operation_model(service, operation).input_shape
        params = protocol.read(body, shape)
        if shape is not None and params:
            if has_wrong_type(shape, params):
                raise malformed("A member of the request is of the wrong type.")
        if shape is not None:
            found = list(violations(shape, params))
            if found:
                raise invalid(service, found)
        target = params.get("StandardAccountId") or params.get("AccountId")
        if target is not None and target in self.switches.failing:
            self._fail(self.switches.failing[target], service)
        if operation == _LIMITED[0]:
            self._count(self._answered, target or caller.account.account_id)
        asked = Asked(
            self.organization, self.switches, caller, signature.region, operation, params
        )
        return OPERATIONS[service][operation](asked), operation

    def _fail(self, fault: str | None, service: str) -> None:
        if fault is None:
            return
        self._count(self._faulted, fault)
        if fault == "reset":
            raise ResetConnection
        if fault == "500":
            raise internal(service)
        if fault == "424":
            raise unavailable(service)
        time.sleep(self.slow)

    def _count(self, counter: Counter[str], key: str) -> None:
        with self._lock:
            counter[key] += 1

    def _copy(self, counter: Counter[str]) -> Counter[str]:
        with self._lock:
            return Counter(counter)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], emulator: Emulator) -> None:
        self.emulator = emulator
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        """Cut the connections that are still open."""
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _respond(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            self._send(Answer(411, {}, b""))
            return
        if int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(Answer(413, {}, b""))
            return
        body = self.rfile.read(int(length))
        try:
            self._send(self.server.emulator.answer(self.command, self.path, self.headers, body))
        except ResetConnection:
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.close()

    def _send(self, answer: Answer) -> None:
        lines = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines.append(f"Date: {self.date_time_string()}")
        if self.close_connection:
            lines.append("Connection: close")
        lines.append(f"Content-Length: {len(answer.body)}\r\n\r\n")
        body = b"" if self.command == "HEAD" else answer.body
        self.wfile.write("\r\n".join(lines).encode("latin-1") + body)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _respond

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Log nothing: requests name accounts."""
