"""The emulator itself: an endpoint that starts, answers, counts, and fails on request."""

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from email.message import Message
from types import TracebackType
from typing import Any, Self

from toolkit.emulator.call import Call, Switches
from toolkit.emulator.callers import expired, find_caller, read_signature
from toolkit.emulator.limits import Dice, Quotas, fault_shares
from toolkit.emulator.names import NameStyle
from toolkit.emulator.operations import OPERATIONS
from toolkit.emulator.organization import Organization
from toolkit.emulator.refusals import Refusal, internal, invalid, malformed, throttled, unavailable
from toolkit.emulator.server import ResetConnection, Server
from toolkit.emulator.shapes import has_wrong_type, load_models, operation_model, violations
from toolkit.emulator.story import REFERENCE_DAY, make_organization
from toolkit.emulator.wire import Answer, Protocol, route
from toolkit.errors import InputError

_log = logging.getLogger(__name__)
_PAIR_LOOK_UP = "GetGovCloudAccountInformation"
_LIMITED = (_PAIR_LOOK_UP, "GetAccountInformation")
# The members in which calls name the account that they ask about.
_TARGETS = ("StandardAccountId", "AccountId", "LinkedAccountId")


class Emulator:
    """A local AWS endpoint over a synthetic organization.

    It answers the operations that this toolkit asks as AWS would, on 127.0.0.1, while it is used
    as a context manager or between `start()` and `stop()`. The access key names the caller:
    "delegated", "member" (also with an account id), "standalone", "noorg", "expired", "invalid";
    any other is the management account.

    `rate` and `burst` (calls a second) hold for each operation of Account Management and each
    calling account. `faults` is a share of all calls, or shares by kind: "500", "424", "reset",
    "slow" (`slow` seconds). `failing` gives accounts such a fault for good, by their id.
    `latency` is seconds added to each answer. After `expire_after` calls every credential has
    expired. `switches` holds what is refused and may be changed while it runs, as may
    `organization`, `latency` and `slow`. Raises InputError for an option or a port that cannot be.
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
        if latency < 0 or slow < 0:
            raise InputError("An emulator cannot answer sooner than at once.", "Use 0 or more.")
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
        self._quotas = Quotas(clock)
        self.set_rate(rate, burst)
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
        load_models()
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

    def set_rate(
        self, rate: float | None, burst: float | None = None, *, operation: str | None = None
    ) -> None:
        """Set the rate in calls a second, also while running; None lifts it.

        Without an operation it is the rate of each operation of Account Management; without a
        burst that is the rate, and at least 1. What a bucket holds stays in it, up to the burst.
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

    def _answer(self, method: str, path: str, headers: Message, body: bytes) -> Answer:
        protocol, operation = route(method, path, headers, body)
        try:
            if operation is None or operation not in OPERATIONS[protocol.service]:
                return protocol.refuse(protocol.unknown_operation())
            call = self._admit(protocol, operation, headers, body)
            return protocol.answer(OPERATIONS[protocol.service][operation](call), operation)
        except Refusal as refusal:
            return protocol.refuse(refusal)
        except ResetConnection:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary that keeps the server alive
            last = traceback.extract_tb(error.__traceback__)[-1]
            # no message: it may hold a name or an id
            _log.error("%s in %s line %s", type(error).__name__, last.name, last.lineno)
            return protocol.refuse(internal(protocol.service))

    def _admit(self, protocol: Protocol, operation: str, headers: Message, body: bytes) -> Call:
        """Let a call through to its operation: signature, quota, faults, permission, parameters."""
        service = protocol.service
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
        params = _read_params(protocol, operation, body)
        call = Call(self.organization, self.switches, caller, signature.region, operation, params)
        if operation in self.switches.denied_operations:
            raise call.denied(service)
        target = next((params[name] for name in _TARGETS if name in params), None)
        self._fail(self.switches.failing.get(target or ""), service)
        if operation == _PAIR_LOOK_UP:
            self._count(self._answered, target or caller.account.account_id)
        return call

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


def _read_params(protocol: Protocol, operation: str, body: bytes) -> dict[str, Any]:
    shape = operation_model(protocol.service, operation).input_shape
    if shape is None:
        return {}
    params = protocol.read(body, shape)
    if params and has_wrong_type(shape, params):
        raise malformed("A member of the request is of the wrong type.")
    found = list(violations(shape, params))
    if found:
        raise invalid(protocol.service, found)
    return params
