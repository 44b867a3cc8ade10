"""The emulator itself: an endpoint that starts, answers, counts, and fails on request."""

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.message import Message
from types import TracebackType
from typing import Any, Self

from toolkit.emulator.call import Call
from toolkit.emulator.callers import find_caller, read_signature
from toolkit.emulator.limits import Dice, Quotas, fault_shares
from toolkit.emulator.operations import OPERATIONS
from toolkit.emulator.organization import Organization
from toolkit.emulator.refusals import Refusal, expired, invalid, malformed
from toolkit.emulator.server import ResetConnection, Server
from toolkit.emulator.services import SERVICES, Service
from toolkit.emulator.shapes import has_wrong_type, operation_model, violations
from toolkit.emulator.story import make_organization
from toolkit.emulator.switches import Switches
from toolkit.emulator.wire import Answer, Protocol, route, routes
from toolkit.errors import InputError

_log = logging.getLogger(__name__)
_PAIR_LOOK_UP = "GetGovCloudAccountInformation"
_LIMITED = [name for each in SERVICES.values() if each.is_limited for name in OPERATIONS[each.name]]
# The members in which calls name the account that they ask about.
_TARGETS = ("StandardAccountId", "AccountId", "LinkedAccountId")


class Emulator:
    """A local AWS endpoint over a synthetic organization.

    It answers the operations that this toolkit asks as AWS would, on 127.0.0.1, while it is used
    as a context manager or between `start()` and `stop()`. The access key names the caller:
    "delegated", "member" (also with an account id), "standalone", "noorg", "expired", "invalid";
    any other is the management account. With "govcloud" in it, it is that account of the company's
    organization in the GovCloud partition, and known in its Regions alone; with "china" a stranger.

    `switches` says what it limits, fails and refuses, and `change` changes that while it runs;
    `organization` may be replaced then too. Raises InputError for a port that cannot be.
    """

    def __init__(
        self,
        organization: Organization | None = None,
        switches: Switches | None = None,
        *,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.organization = make_organization() if organization is None else organization
        self._dice = Dice(self.organization.seed)
        self._quotas = Quotas(clock)
        self._switch(Switches() if switches is None else switches)
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._throttled: Counter[str] = Counter()
        self._faulted: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._port = port
        self._server: Server | None = None

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
        routes()  # now, so that the first requests do not wait for all models
        try:
            self._server = Server(self._port, self._answer)
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
        """Faults so far by their kind."""
        return self._copy(self._faulted)

    @property
    def answered(self) -> Counter[str]:
        """How often the look-up of each standard account's pair was answered, 404s included."""
        return self._copy(self._answered)

    @property
    def switches(self) -> Switches:
        """What it limits, fails and refuses now."""
        return self._switches

    def change(self, **switches: Any) -> None:
        """Set these switches, also while it runs; the others stay as they are."""
        with self._lock:
            self._switch(replace(self._switches, **switches))

    def _switch(self, switches: Switches) -> None:
        rate = switches.rate
        if not isinstance(rate, Mapping):
            rate = {} if rate is None else dict.fromkeys(_LIMITED, rate)
        self._quotas.set_rates(rate, switches.burst)
        self._dice.shares = fault_shares(switches.faults)
        self._switches = switches

    def _answer(self, method: str, path: str, headers: Message, body: bytes) -> Answer:
        protocol, operation = route(method, path, headers, body)
        service = protocol.service
        try:
            if operation is None or operation not in OPERATIONS[service.name]:
                return protocol.refuse(protocol.unknown_operation())
            call = self._admit(protocol, operation, headers, body)
            return protocol.answer(OPERATIONS[service.name][operation](call), operation)
        except Refusal as refusal:
            return protocol.refuse(refusal)
        except ResetConnection:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary that keeps the server alive
            last = traceback.extract_tb(error.__traceback__)[-1]
            # no message: it may hold a name or an id
            _log.error("%s in %s line %s", type(error).__name__, last.name, last.lineno)
            return protocol.refuse(Refusal(*service.internal))

    def _admit(self, protocol: Protocol, operation: str, headers: Message, body: bytes) -> Call:
        """Let a call through to its operation: signature, quota, faults, permission, parameters."""
        service, switches = protocol.service, self._switches
        signature = read_signature(headers, service)
        caller = find_caller(self.organization, service, signature)
        with self._lock:
            self._calls[operation] += 1
            received = self._calls.total()
        if switches.latency:
            time.sleep(switches.latency)
        if switches.expire_after is not None and received > switches.expire_after:
            raise expired(service)
        if not self._quotas.grant(operation, caller.account.account_id):
            self._count(self._throttled, operation)
            raise Refusal(*service.throttled)
        if service.can_fail:
            self._fail(self._dice.draw(), service)
        params = _read_params(protocol, operation, body)
        region = signature.region
        call = Call(switches, service, caller, region, operation, params)
        if operation in switches.denied_operations:
            raise call.denied()
        if service.stale and params.get("PaginationToken") and self._is_token_stale():
            raise Refusal(*service.stale)
        target = next((params[name] for name in _TARGETS if name in params), None)
        self._fail(switches.failing.get(target or ""), service)
        if operation == _PAIR_LOOK_UP:
            self._count(self._answered, target or caller.account.account_id)
        return call

    def _is_token_stale(self) -> bool:
        with self._lock:
            stale = self._faulted["token"] < self._switches.expired_tokens
            if stale:
                self._faulted["token"] += 1
            return stale

    def _fail(self, fault: str | None, service: Service) -> None:
        if fault is None:
            return
        self._count(self._faulted, fault)
        if fault == "reset":
            raise ResetConnection
        if fault == "500":
            raise Refusal(*service.internal)
        if fault == "424":
            raise Refusal(*(service.unavailable or service.internal))
        time.sleep(self._switches.slow)

    def _count(self, counter: Counter[str], key: str) -> None:
        with self._lock:
            counter[key] += 1

    def _copy(self, counter: Counter[str]) -> Counter[str]:
        with self._lock:
            return Counter(counter)


def _read_params(protocol: Protocol, operation: str, body: bytes) -> dict[str, Any]:
    shape = operation_model(protocol.service.name, operation).input_shape
    if shape is None:
        return {}
    params = protocol.read(body, shape)
    if params and has_wrong_type(shape, params):
        raise malformed("A member of the request is of the wrong type.")
    found = list(violations(shape, params))
    if found:
        raise invalid(protocol.service, found)
    return params
