"""Every table, column and vocabulary of the toolkit, declared once.

The declarations drive the empty frames, the coercion where a response or a file becomes a frame,
the checks where a chart or a file begins, the labels on axes and in the app, and the data
dictionary in the README.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

import pandas as pd

from toolkit.errors import SchemaError
from toolkit.text import as_text, printable


class State(StrEnum):
    """The states of an account, and the two words for a side that has none to show."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    PENDING_CLOSURE = "PENDING_CLOSURE"
    CLOSED = "CLOSED"
    NOT_LINKED = "NOT_LINKED"
    UNKNOWN = "UNKNOWN"


class Outcome(StrEnum):
    """How one look-up of a GovCloud account ended."""

    FOUND = "FOUND"
    NOT_LINKED = "NOT_LINKED"
    NOT_QUERYABLE = "NOT_QUERYABLE"
    ACCESS_DENIED = "ACCESS_DENIED"
    UNAVAILABLE = "UNAVAILABLE"
    THROTTLED = "THROTTLED"
    INVALID = "INVALID"
    FAILED = "FAILED"


class Verdict(StrEnum):
    """What a pair's two states say together."""

    MATCH = "MATCH"
    MISMATCH = "MISMATCH"
    NOT_LINKED = "NOT_LINKED"
    UNKNOWN = "UNKNOWN"


class Severity(StrEnum):
    """How much a mismatch matters, worst first."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class LinkStatus(StrEnum):
    """The states of a WorkSpaces account link."""

    LINKED = "LINKED"
    PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT = "PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT"
    LINKING_FAILED = "LINKING_FAILED"
    REJECTED = "REJECTED"
    LINK_NOT_FOUND = "LINK_NOT_FOUND"


class LinkEnds(StrEnum):
    """What the two accounts of a link are, as far as the organization's list tells."""

    BOTH_ACTIVE = "BOTH_ACTIVE"
    NOT_ACTIVE = "NOT_ACTIVE"
    OUTSIDE = "OUTSIDE"
    NOT_SEEN = "NOT_SEEN"


class Change(StrEnum):
    """What happened to an account between two snapshots."""

    APPEARED = "APPEARED"
    RESOLVED = "RESOLVED"
    CHANGED = "CHANGED"
    LOST_SIGHT = "LOST_SIGHT"
    VANISHED = "VANISHED"
    JOINED = "JOINED"


class CallerKind(StrEnum):
    """What the identity that asks is in its organization."""

    MANAGEMENT = "management"
    DELEGATED = "delegated"
    MEMBER = "member"
    STANDALONE = "standalone"


class Access(StrEnum):
    """Whether the caller may use an operation."""

    ALLOWED = "ALLOWED"
    DENIED = "DENIED"
    UNKNOWN = "UNKNOWN"


STANDARD_STATES: Final = (
    State.PENDING_ACTIVATION,
    State.ACTIVE,
    State.SUSPENDED,
    State.PENDING_CLOSURE,
    State.CLOSED,
)
"""The states Organizations knows."""

GOVCLOUD_STATES: Final = tuple(s for s in STANDARD_STATES if s is not State.PENDING_CLOSURE)
"""The states the Account API knows."""

SEEN_OUTCOMES: Final = (Outcome.FOUND, Outcome.NOT_LINKED)
"""Outcomes that tell whether there is a GovCloud account; any other saw nothing."""

MENDABLE_OUTCOMES: Final = (Outcome.UNAVAILABLE, Outcome.THROTTLED, Outcome.FAILED)
"""Outcomes that asking again may change."""

Kind = Literal["id", "text", "state", "word", "time", "count", "number"]
"""What a column holds: `id` 12 digits, `state` AWS's word kept as it came, `word` one of ours."""

_DTYPES: Final[Mapping[Kind, str]] = {
    "id": "str",
    "text": "str",
    "state": "str",
    "time": "datetime64[us, UTC]",
    "count": "int64",
    "number": "float64",
}


@dataclass(frozen=True)
class Column:
    """One column: its name in frames, its label for people, what it means and where it is from."""

    name: str
    label: str
    kind: Kind
    meaning: str
    source: str
    vocabulary: tuple[str, ...] = ()
    optional: bool = False

    @property
    def dtype(self) -> Any:
        """The pandas dtype: text, UTC time, number, or an ordered category of our own words."""
        if self.kind == "word":
            return pd.CategoricalDtype([str(word) for word in self.vocabulary], ordered=True)
        return _DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One table: what a row is, and its columns in order."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """The columns that tell one row from another, in a table that a run fills."""
    giver: str = ""
    """What gives such a table, for whoever passed something else."""

    @property
    def file(self) -> str:
        """What the table is called in a store and in a journal."""
        return self.name.lower()

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_TOOLKIT = "this toolkit"
_LIST_ACCOUNTS = "organizations ListAccounts"
_GET_GOVCLOUD = "account GetGovCloudAccountInformation"
_LIST_LINKS = "workspaces ListAccountLinks"

_SEVERITY = Column(
    "severity",
    "Severity",
    "word",
    "How much it matters; missing where there is nothing to do",
    "the rules",
    tuple(Severity),
    optional=True,
)
_MEANING = Column(
    "meaning", "What it means", "text", "One sentence on what it means", "the rules", optional=True
)
_ACTION = Column(
    "action", "What to do", "text", "One sentence on what to do", "the rules", optional=True
)

ACCOUNTS: Final = Table(
    "ACCOUNTS",
    "standard account",
    (
        Column("account_id", "Account", "id", "Id of the standard account", f"{_LIST_ACCOUNTS} Id"),
        Column("name", "Name", "text", "Its name", f"{_LIST_ACCOUNTS} Name", optional=True),
        Column(
            "email", "E-mail", "text", "Its root e-mail", f"{_LIST_ACCOUNTS} Email", optional=True
        ),
        Column(
            "standard_state",
            "Standard state",
            "state",
            "Its state, kept as AWS gave it; missing when AWS gave none",
            f"{_LIST_ACCOUNTS} State, or account GetAccountInformation AccountState",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        Column(
            "joined_method",
            "Joined by",
            "state",
            "How it came into the organization: INVITED or CREATED",
            f"{_LIST_ACCOUNTS} JoinedMethod",
            ("INVITED", "CREATED"),
            optional=True,
        ),
        Column(
            "joined_at",
            "Joined",
            "time",
            "When it came into the organization",
            f"{_LIST_ACCOUNTS} JoinedTimestamp",
            optional=True,
        ),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            "Organizational units from the root down, joined by /; ids where names may not be read",
            f"{_LIST_ACCOUNTS} Paths, organizations DescribeOrganizationalUnit Name",
            optional=True,
        ),
    ),
    key=("account_id",),
    giver="a snapshot, or its accounts",
)

GOVCLOUD: Final = Table(
    "GOVCLOUD",
    "standard account",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "the request"),
        Column(
            "govcloud_account_id",
            "GovCloud account",
            "id",
            "Id of the linked GovCloud account; missing unless the outcome is FOUND",
            f"{_GET_GOVCLOUD} GovCloudAccountId",
            optional=True,
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "Its state, kept as AWS gave it; missing unless the outcome is FOUND",
            f"{_GET_GOVCLOUD} AccountState",
            tuple(GOVCLOUD_STATES),
            optional=True,
        ),
        Column(
            "outcome", "Outcome", "word", "How the look-up ended", _GET_GOVCLOUD, tuple(Outcome)
        ),
        Column(
            "detail",
            "Detail",
            "text",
            "Why, where the outcome is not FOUND or NOT_LINKED",
            f"{_GET_GOVCLOUD} error",
            optional=True,
        ),
        Column("fetched_at", "Fetched", "time", "When the answer arrived", _TOOLKIT, optional=True),
    ),
    key=("account_id",),
    giver="the look-ups of a snapshot, which are its govcloud",
)

LINKS: Final = Table(
    "LINKS",
    "link and Region",
    (
        Column("link_id", "Link", "text", "Id of the account link", f"{_LIST_LINKS} AccountLinkId"),
        Column(
            "link_status",
            "Status",
            "state",
            "Its status, kept as AWS gave it",
            f"{_LIST_LINKS} AccountLinkStatus",
            tuple(LinkStatus),
            optional=True,
        ),
        Column(
            "source_account_id",
            "Source account",
            "id",
            "The account that shares its configuration",
            f"{_LIST_LINKS} SourceAccountId",
            optional=True,
        ),
        Column(
            "target_account_id",
            "Target account",
            "id",
            "The account that is shared with",
            f"{_LIST_LINKS} TargetAccountId",
            optional=True,
        ),
        Column("region", "Region", "text", "The Region that was asked", "the request"),
        Column("fetched_at", "Fetched", "time", "When the answer arrived", _TOOLKIT, optional=True),
    ),
    key=("region", "link_id"),
    giver="the links of a snapshot, or what judge_links gives",
)

STORED: Final[Mapping[str, Table]] = {table.file: table for table in (ACCOUNTS, GOVCLOUD, LINKS)}
"""The tables that a run fills and a store keeps, by what they are called there."""

PAIRS: Final = Table(
    "PAIRS",
    "standard account",
    (
        *ACCOUNTS.columns,
        *(column for column in GOVCLOUD.columns if column.name != "account_id"),
        Column(
            "verdict", "Verdict", "word", "What the two states say", "the rules", tuple(Verdict)
        ),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
    giver="what judge_pairs gives",
)

JUDGED_LINKS: Final = Table(
    "JUDGED_LINKS",
    "link and Region",
    (
        *LINKS.columns,
        Column(
            "source_state",
            "Source state",
            "state",
            "Standard state of the source; missing when it is not in the list",
            "ACCOUNTS",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        Column(
            "target_state",
            "Target state",
            "state",
            "Standard state of the target; missing when it is not in the list",
            "ACCOUNTS",
            tuple(STANDARD_STATES),
            optional=True,
        ),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
)

RULES: Final = Table(
    "RULES",
    "combination of a standard and a GovCloud state",
    (
        Column(
            "standard_state",
            "Standard state",
            "state",
            "State of the standard account",
            _TOOLKIT,
            tuple(STANDARD_STATES),
        ),
        Column(
            "govcloud_state",
            "GovCloud state",
            "state",
            "State of the GovCloud account",
            _TOOLKIT,
            tuple(GOVCLOUD_STATES),
        ),
        Column("verdict", "Verdict", "word", "What they say together", _TOOLKIT, tuple(Verdict)),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
)

LINK_RULES: Final = Table(
    "LINK_RULES",
    "combination of a link status and what its ends are",
    (
        Column("link_status", "Status", "state", "Status of the link", _TOOLKIT, tuple(LinkStatus)),
        Column("ends", "Ends", "word", "What the two accounts are", _TOOLKIT, tuple(LinkEnds)),
        _SEVERITY,
        _MEANING,
        _ACTION,
    ),
)

CHANGES: Final = Table(
    "CHANGES",
    "account that changed between two snapshots",
    (
        Column("account_id", "Account", "id", "Id of the standard account", "PAIRS"),
        Column("name", "Name", "text", "Its name, the newer one", "PAIRS", optional=True),
        Column(
            "ou_path",
            "Organizational unit",
            "text",
            "Its organizational unit, the newer one",
            "PAIRS",
            optional=True,
        ),
        Column("change", "Change", "word", "What happened", _TOOLKIT, tuple(Change)),
        *(
            Column(
                f"{name}_{when}",
                f"{label} {when}",
                "state",
                f"{label} in the {which} snapshot",
                "PAIRS",
                optional=True,
            )
            for name, label in (
                ("standard_state", "Standard state"),
                ("govcloud_state", "GovCloud state"),
            )
            for when, which in (("before", "older"), ("after", "newer"))
        ),
        *(
            Column(
                f"severity_{when}",
                f"Severity {when}",
                "word",
                f"Severity in the {which} snapshot; missing where the pair did not disagree",
                "PAIRS",
                tuple(Severity),
                optional=True,
            )
            for when, which in (("before", "older"), ("after", "newer"))
        ),
    ),
)

SNAPSHOTS: Final = Table(
    "SNAPSHOTS",
    "snapshot",
    (
        Column("snapshot_id", "Snapshot", "text", "What --snapshot takes", "the manifest"),
        Column(
            "organization_id", "Organization", "text", "Whose accounts they are", "the manifest"
        ),
        Column("taken", "Taken", "time", "When the run began", "the manifest"),
        Column("accounts", "Accounts", "count", "Standard accounts", "the manifest"),
        Column("linked", "Linked", "count", "Those with a GovCloud account", "the manifest"),
        Column("not_seen", "Not seen", "count", "Look-ups that gave no answer", "the manifest"),
        Column("links", "Links", "count", "WorkSpaces account links", "the manifest"),
    ),
)

ACCESS: Final = Table(
    "ACCESS",
    "AWS operation",
    (
        Column("operation", "Operation", "text", "The AWS operation", _TOOLKIT),
        Column("permission", "Permission", "text", "What a policy must allow", _TOOLKIT),
        Column("allowed", "Allowed", "word", "Whether the caller may", _TOOLKIT, tuple(Access)),
        Column("detail", "Detail", "text", "What AWS said", _TOOLKIT, optional=True),
    ),
)

_TAKEN = Column("taken", "Taken", "time", "When the snapshot was taken", "the manifest")

TREND: Final = Table(
    "TREND",
    "snapshot and severity",
    (
        _TAKEN,
        Column("severity", "Severity", "word", "How much it matters", "PAIRS", tuple(Severity)),
        Column("mismatches", "Mismatches", "count", "Pairs of that severity", "PAIRS"),
    ),
    giver="what toolkit.analysis.trend gives",
)

STATE_TREND: Final = Table(
    "STATE_TREND",
    "snapshot, side and state",
    (
        _TAKEN,
        Column("side", "Side", "text", "The standard side or GovCloud", "PAIRS"),
        Column("state", "State", "word", "The state that was counted", "PAIRS", tuple(State)),
        Column("accounts", "Accounts", "count", "Accounts in that state", "PAIRS"),
    ),
    giver="what toolkit.analysis.state_trend gives",
)

TABLES: Final = (
    ACCOUNTS,
    GOVCLOUD,
    LINKS,
    PAIRS,
    JUDGED_LINKS,
    CHANGES,
    SNAPSHOTS,
    RULES,
    LINK_RULES,
)
"""The tables an analyst meets, in the order of the data dictionary."""

_LABELS: Final[Mapping[str, str]] = {
    LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT: "Awaiting acceptance",
    LinkStatus.LINK_NOT_FOUND: "Link not found",
}

_STATE_DTYPE: Final = pd.CategoricalDtype([str(state) for state in State], ordered=True)


def label(word: str) -> str:
    """Say a vocabulary word as people write it: `PENDING_CLOSURE` is "Pending closure"."""
    return _LABELS.get(word, word.replace("_", " ").capitalize())


def states(values: pd.Series) -> pd.Series:
    """Return states as one ordered category; a missing or unheard-of one becomes UNKNOWN."""
    known = values.astype("str").where(values.isin(_STATE_DTYPE.categories), State.UNKNOWN.value)
    return known.astype(_STATE_DTYPE)


def empty(table: Table) -> pd.DataFrame:
    """Return the table with no rows and every column in its dtype."""
    return pd.DataFrame({c.name: pd.Series([], dtype=c.dtype) for c in table.columns})


def coerce(
    table: Table,
    rows: "pd.DataFrame | Iterable[Mapping[str, object]]",
    *,
    what: str = "",
    own: bool = False,
) -> pd.DataFrame:
    """Return rows as the table: its columns in order, in their dtypes, its values checked.

    Columns the table does not have are left out, or with `own` stand behind its own, as `checked`
    has them; optional ones that are absent come back missing. `what` names the rows in errors
    ("accounts.csv"). Raises SchemaError where a required column or value is missing, an id is not
    12 digits, or a word is not in its vocabulary.
    """
    if isinstance(rows, Iterable) and not isinstance(rows, (str, pd.DataFrame)):
        listed = list(rows)
        try:
            rows = pd.DataFrame(listed)
        except UnicodeEncodeError:  # half a character somewhere: `as_text` knows what to do
            rows = pd.DataFrame(listed, dtype="object")
    if isinstance(rows, pd.DataFrame) and rows.empty and not len(rows.columns):
        return empty(table)
    what = what or f"the {table.name} table"
    frame = check(table, rows, what=what)
    found = {column.name: _coerced(column, frame, what) for column in table.columns}
    return _behind(frame, found, own=own).reset_index(drop=True)


def checked(table: Table, given: object, *, what: str = "") -> pd.DataFrame:
    """Return a frame as the table, with its index: what charts, counts and files begin with.

    Columns of the user's own stand behind those of the table, their values as they are, under names
    that are text and differ from each other. Raises SchemaError for whatever else was given.
    """
    what = what or f"the {table.name} table"
    frame = check(table, given, what=what)
    found = {}
    right = list(frame.columns[: len(table.columns)]) == table.names
    for column in table.columns:
        there = column.name in frame.columns and frame[column.name].dtype == column.dtype
        found[column.name] = frame[column.name] if there else _coerced(column, frame, what)
        right = right and there
    names = own_columns(table, frame)
    if right and len(set(names)) == len(names) and all(isinstance(name, str) for name in names):
        return frame
    return _behind(frame, found)


def _behind(frame: pd.DataFrame, found: dict[str, pd.Series], *, own: bool = True) -> pd.DataFrame:
    """Return columns of a table as a frame, behind them what else there is."""
    whole = dict(found)
    for place, name in enumerate(frame.columns if own else ()):
        if name not in found:
            whole[free_name(printable(str(name)), whole)] = frame.iloc[:, place]
    return pd.DataFrame(whole, index=frame.index)


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return a column's name, with a number behind it where it is taken."""
    known, number, free = set(taken), 1, name
    while free in known:
        number += 1
        free = f"{name} ({number})"
    return free


def own_columns(table: Table, frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that the table does not have, in their order."""
    return [name for name in frame.columns if name not in table.names]


def own_column(name: str, values: pd.Series) -> Column:
    """Return the declaration of a column of the user's own: a time, a number, or else text."""
    kind: Kind = "text"
    if pd.api.types.is_datetime64_any_dtype(values):
        kind = "time"
    elif pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        kind = "number"
    return Column(name, name, kind, "A column of your own", "your own table", optional=True)


def complete(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return every column of the table in order; one that nobody has filled is missing.

    Columns that the table does not have stand behind them.
    """
    absent = {
        column.name: pd.Series(index=frame.index, dtype=column.dtype)
        for column in table.columns
        if column.name not in frame.columns
    }
    return frame.assign(**absent)[[*table.names, *own_columns(table, frame)]]


def check(table: Table, given: object, *, what: str = "") -> pd.DataFrame:
    """Return what was given; raise SchemaError unless it is a frame with the table's columns."""
    if not isinstance(given, pd.DataFrame):
        kind = type(given).__name__
        article = "An" if kind[0] in "AEIOUaeiou" else "A"
        raise SchemaError(
            f"{'Nothing' if given is None else f'{article} {kind}'} is not"
            f" {what or f'the {table.name} table'}, which is a DataFrame with one row per"
            f" {table.grain}.",
            f"Pass {table.giver}." if table.giver else f"Its columns are {', '.join(table.names)}.",
        )
    frame = given
    twice = [name for name in table.names if list(frame.columns).count(name) > 1]
    if twice:
        raise SchemaError(
            f"{_capitalized(what or f'the {table.name} table')} has two columns {twice[0]}.",
            "Rename or drop the one that is not meant.",
        )
    absent = [c.name for c in table.columns if not c.optional and c.name not in frame.columns]
    if absent:
        raise SchemaError(
            f"{_capitalized(what or f'the {table.name} table')} has no column {absent[0]}.",
            f"One row per {table.grain} needs: {', '.join(table.names)}.",
        )
    return frame


def _coerced(column: Column, frame: pd.DataFrame, what: str) -> pd.Series:
    if column.name not in frame.columns:
        return pd.Series(index=frame.index, dtype=column.dtype)
    values = frame[column.name]
    if not column.optional and values.isna().any():
        raise SchemaError(
            f"{_capitalized(what)} has no {column.name} in row {_first(values.isna())}.",
            "Every row needs one.",
        )
    if column.kind == "id":
        _check_ids(column, values, what)
    if column.kind == "word":
        _check_words(column, values, what)
    if column.kind == "time":
        # Without the format, the first text decides for all whether a second has a fraction.
        iso = None if pd.api.types.is_numeric_dtype(values) else "ISO8601"
        times = pd.to_datetime(values, utc=True, format=iso, errors="coerce")
        _refuse(column, values, times.isna() & values.notna(), what, "a time")
        return times.astype(column.dtype)
    if column.kind in ("count", "number"):
        numbers = pd.to_numeric(values, errors="coerce")
        _refuse(column, values, numbers.isna() & values.notna(), what, "a number")
        return numbers.astype(column.dtype)
    return as_text(values) if column.dtype == "str" else values.astype(column.dtype)


def _refuse(column: Column, values: pd.Series, wrong: pd.Series, what: str, wanted: str) -> None:
    if wrong.any():
        raise SchemaError(
            f"{_capitalized(what)} has {column.name} '{printable(str(values[wrong].iloc[0]))}'"
            f" in row {_first(wrong)}, which is not {wanted}.",
            f"{column.label}: {column.meaning}.",
        )


def _check_ids(column: Column, values: pd.Series, what: str) -> None:
    wrong = values.notna() & ~as_text(values).str.fullmatch("[0-9]{12}")
    if wrong.any():
        value = printable(str(values[wrong].iloc[0]))
        raise SchemaError(
            f"{_capitalized(what)} has {column.name} '{value}' in row {_first(wrong)},"
            " which is not 12 digits.",
            "Account ids are text: leading zeros belong to them.",
        )


def _check_words(column: Column, values: pd.Series, what: str) -> None:
    known = as_text(values).isin([str(word) for word in column.vocabulary])
    wrong = values.notna() & ~known
    if wrong.any():
        raise SchemaError(
            f"{_capitalized(what)} has {column.name} '{printable(str(values[wrong].iloc[0]))}'"
            f" in row {_first(wrong)}.",
            f"It is one of {', '.join(column.vocabulary)}.",
        )


def _first(mask: pd.Series) -> int:
    """Return the 1-based number of the first row that the mask marks."""
    return int(mask.to_numpy().argmax()) + 1


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("the ") else text


def data_dictionary() -> str:
    """Return every table as Markdown: one heading a table, one row a column.

    It is `docs/data-dictionary.md`: python -m toolkit.schema > docs/data-dictionary.md
    """
    kinds = {
        "id": "text, 12 digits",
        "text": "text",
        "state": "text",
        "word": "category",
        "time": "time, UTC",
        "count": "whole number",
        "number": "number",
    }
    parts = [
        "# Data dictionary\n",
        "Ids are text of 12 digits, leading zeros included. Times are UTC.\n",
        "`python -m toolkit.schema` makes this page from `toolkit/schema.py`.\n",
    ]
    for table in TABLES:
        parts.append(f"## {table.name}\n\nOne row per {table.grain}.\n")
        parts.append("| column | holds | meaning | from |\n| --- | --- | --- | --- |")
        for column in table.columns:
            words = f" ({', '.join(column.vocabulary)})" if column.kind == "word" else ""
            parts.append(
                f"| `{column.name}` | {kinds[column.kind]}{words} | {column.meaning}"
                f" | {column.source} |"
            )
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    print(data_dictionary(), end="")  # noqa: T201 - this is what running the module is for
