"""Every error this toolkit raises, drawn as a tree; each is one plain sentence and a hint.

ToolkitError
├── InputError              what was typed or passed in is wrong
│   └── SchemaError         a table lacks a column or holds a value that cannot be right
├── CredentialsError        no credentials, or expired or refused ones
│   └── CredentialsRefusedError  AWS did not accept them for one call
├── StoreError              the store of snapshots cannot be read or written
│   ├── SnapshotNotFoundError
│   ├── SnapshotExistsError     there is one of that id, or somebody is writing it
│   ├── StoreUnreachableError   nothing of it can: no login, no network, no such bucket
│   └── StoreBusyError      another collection is writing to it
├── MissingToolError        an optional program or package is not installed
├── RunStoppedError         a collection ended in order before every account was asked
└── AwsError                AWS, or the way to it, answered one call with an error
    ├── AccessDeniedError   the permission is missing (names it)
    │   └── NotEnabledError     the organization itself has not turned on what is needed
    ├── NotFoundError       what was asked about does not exist
    ├── RequestInvalidError AWS refused the request as malformed
    ├── NoOrganizationError the caller's account is in no organization
    ├── ThrottledError      asked faster than the quota allows
    ├── UnknownOperationError    whoever answered does not know the operation
    ├── UnavailableError    AWS could not answer now; asking again may help
    └── EndpointError       no answer arrived: the connection was cut
        ├── UnreachableError    AWS was not even reached: network, address, proxy or portal
        └── TimedOutError       it was reached, and gave no whole answer in time

OSError, which is what reading and writing bytes raises
└── RefusedError            a place that is no disk refused, as the system does of one
    └── AbsentError         nothing is kept there

`retryable` tells whether the same call may succeed later without anything being changed.
"""

import errno
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import Any

_FREE: Final = "Free some space there, or name another folder."
_ALLOW: Final = "See to it that you may read and write there, or name a folder of your own."
_HANDLES: Final = "Close other programs, or allow more open files (ulimit -n)."
_SHORTEN: Final = "Name a folder with a shorter path."
_REACH: Final = "See to it that the disk or share can be reached, then try again."

_REFUSALS: Final = {
    _FREE: ("ENOSPC", "EDQUOT", "EFBIG"),
    _ALLOW: ("EACCES", "EPERM", "EROFS"),
    _HANDLES: ("EMFILE", "ENFILE"),
    _SHORTEN: ("ENAMETOOLONG",),
    _REACH: (
        *("EIO", "ENXIO", "ENODEV", "ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH"),
        *("ENETDOWN", "ENETUNREACH", "ENOTCONN", "ECONNREFUSED", "ECONNRESET"),
    ),
    "Move away what lies there, or name another folder.": ("ENOTDIR", "EISDIR", "EEXIST"),
}
"""What to do about an error of the system, by its name; not every system has every one."""

_HINTS: Final = {
    number: hint
    for hint, names in _REFUSALS.items()
    for name in names
    if (number := getattr(errno, name, None)) is not None
}

_WINDOWS_LONGEST: Final = 248
_WINDOWS_HINTS: Final = {
    32: "Close the program that holds it open, then try again.",  # ERROR_SHARING_VIOLATION
    39: _FREE,  # ERROR_HANDLE_DISK_FULL
    112: _FREE,  # ERROR_DISK_FULL
    206: _SHORTEN,  # ERROR_FILENAME_EXCED_RANGE
}


def disk_hint(error: OSError, otherwise: str = "Try again, or name another folder.") -> str:
    """Return what to do where the system refused to read or write a file.

    `otherwise` is what to do where the system's reason says nothing of that.
    """
    windows = getattr(error, "winerror", None)
    if windows in _WINDOWS_HINTS:
        return _WINDOWS_HINTS[windows]
    if windows is not None and len(str(error.filename)) >= _WINDOWS_LONGEST:
        # It says of a path that is too long no more than that there is none such.
        return _SHORTEN
    return _HINTS.get(error.errno or 0, otherwise)


class ToolkitError(Exception):
    """One sentence that says what is wrong, and a hint that says what to do about it."""

    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def _render_traceback_(self) -> list[str]:
        """Show one sentence in a notebook instead of a stack (IPython asks for this by name)."""
        return [str(self)]


class InputError(ToolkitError):
    """What was typed or passed in is wrong; nothing was asked of AWS."""


def expect(value: object, kinds: "Any", what: str, hint: str) -> None:
    """Raise InputError where a value that was passed in is of another kind than belongs there.

    `kinds` is what isinstance takes; `what` it should have been, as in "a 5 is no WHAT".
    """
    if not isinstance(value, kinds):
        name = type(value).__name__
        a = "An" if name[:1].lower() in tuple("aeiou") else "A"
        raise InputError(f"{a} {name} is no {what}.", hint)


class SchemaError(InputError):
    """A table lacks a column, or holds a value that cannot be right."""


class CredentialsError(ToolkitError):
    """There are no credentials, or they have expired, or AWS refuses them."""


class CredentialsRefusedError(CredentialsError):
    """AWS did not accept the credentials for one call; for another it may.

    `code` is AWS's own error code.
    """

    retryable = True

    def __init__(self, message: str, hint: str = "", *, code: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class RefusedError(OSError):
    """What a place that is no disk raises as the system does: `why` it refused, `hint` what to do.

    `everywhere` says that it refuses everything else as well, and `retryable` that it may not do so
    later. It is an OSError, for a place is read and written as a disk is.
    """

    retryable = False

    def __init__(
        self, why: str, hint: str = "", *, everywhere: bool = False, retryable: bool = False
    ) -> None:
        super().__init__(why)
        self.hint = hint
        self.everywhere = everywhere
        self.retryable = retryable


class AbsentError(RefusedError, FileNotFoundError):
    """Nothing is kept there."""


class StoreError(ToolkitError):
    """The store of snapshots cannot be read or written."""

    @classmethod
    def refused(cls, what: str, error: OSError, *otherwise: str) -> "StoreError":
        """Return the error that says what the system refused, why, and what to do about that.

        What to do is what `disk_hint` says, or what the error itself does.
        """
        if not isinstance(error, RefusedError):
            return cls(f"{what}: {error.strerror or error}.", disk_hint(error, *otherwise))
        kind = StoreUnreachableError if error.everywhere else cls
        refused = kind(f"{what}: {error}.", error.hint or "".join(otherwise))
        refused.retryable = error.retryable
        return refused


class SnapshotNotFoundError(StoreError):
    """The store holds no such snapshot, or none at all."""


class SnapshotExistsError(StoreError):
    """The store has a snapshot of that id already, or somebody is writing one."""


class StoreUnreachableError(StoreError):
    """Nothing of the store can be read or written: no login, no network, no such bucket."""


class StoreBusyError(StoreError):
    """Another collection of the same organization is writing to this store."""


class MissingToolError(ToolkitError):
    """An optional program or package is not installed."""


class RunStoppedError(ToolkitError):
    """A collection ended in order before every account was asked; its journal is kept."""

    retryable = True


class AwsError(ToolkitError):
    """AWS, or the way to it, answered one call with an error.

    `code` is AWS's own error code (the only thing to match on; HTTP statuses mislead), and
    `operation` the call that failed. `retry_after` are the seconds that the answer itself asked
    for before the next call, 0 where it asked for none.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        code: str = "",
        operation: str = "",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(message, hint)
        self.code = code
        self.operation = operation
        self.retry_after = retry_after


class AccessDeniedError(AwsError):
    """The caller lacks a permission; `permission` names it as a policy would."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        code: str = "",
        operation: str = "",
        permission: str = "",
    ) -> None:
        super().__init__(message, hint, code=code, operation=operation)
        self.permission = permission


class NotEnabledError(AccessDeniedError):
    """The organization has not turned on what every look-up needs."""


class NotFoundError(AwsError):
    """What was asked about does not exist (for a pair: no GovCloud account is linked)."""


class RequestInvalidError(AwsError):
    """AWS refused the request as malformed or not allowed in this form."""


class NoOrganizationError(AwsError):
    """The caller's account belongs to no organization."""


class ThrottledError(AwsError):
    """The call came faster than the quota allows."""

    retryable = True


class UnknownOperationError(AwsError):
    """Whoever answered does not know the operation: nothing can be asked of it there."""


class UnavailableError(AwsError):
    """AWS could not answer now."""

    retryable = True


class EndpointError(AwsError):
    """No answer arrived: the connection was cut, or one of those below."""

    retryable = True


class UnreachableError(EndpointError):
    """AWS was not even reached: the network, the address, or a proxy or portal in between."""


class TimedOutError(EndpointError):
    """AWS was reached, and gave no whole answer in time."""
