"""What a made-up company calls its accounts and organizational units."""

from typing import Literal

NameStyle = Literal["company", "hostile"]

_TEAMS = (
    "claims", "billing", "payments", "orders", "fleet", "grants", "permits", "benefits",
    "records", "identity", "intake", "dispatch", "mapping", "weather", "imagery", "logistics",
    "training", "payroll", "casework", "library", "survey", "inspection", "licensing", "transit",
    "research",
)  # fmt: skip
_WORKLOADS = (
    "portal", "api", "data", "events", "search", "reports", "analytics", "archive", "gateway",
    "batch", "mobile", "forms", "ledger", "models", "edge", "backup",
)  # fmt: skip

# Each unit: its names from the root down, how many of 100 quiet accounts and how many of 100
# troubled ones are in it, and how its accounts' names end.
_UNITS: tuple[tuple[tuple[str, ...], int, int, str], ...] = (
    (("Workloads", "Production"), 22, 9, "prod"),
    (("Workloads", "Staging"), 10, 4, "stage"),
    (("Workloads", "Development"), 11, 7, "dev"),
    (("Federal Programs", "Civilian"), 12, 15, "civ"),
    (("Federal Programs", "Defense"), 9, 10, "def"),
    (("Federal Programs", "Health"), 7, 5, "health"),
    (("Data and Analytics", "Platform"), 6, 3, "plat"),
    (("Data and Analytics", "Research"), 4, 6, "lab"),
    (("Infrastructure", "Networking"), 3, 1, "net"),
    (("Infrastructure", "Shared Services"), 4, 1, "shared"),
    (("Security", "Audit"), 2, 1, "audit"),
    (("Security", "Log Archive"), 2, 1, "logs"),
    (("Acquisitions", "Northwind"), 3, 18, "nw"),
    (("Acquisitions", "Contoso"), 2, 8, "cts"),
    (("Sandbox",), 3, 11, "sbx"),
)
UNITS = tuple(names for names, _, _, _ in _UNITS)
QUIET_WEIGHTS = tuple(quiet for _, quiet, _, _ in _UNITS)
TROUBLED_WEIGHTS = tuple(troubled for _, _, troubled, _ in _UNITS)
_SUFFIX = {names: suffix for names, _, _, suffix in _UNITS}

# Names as an attacker, a joker or another script would choose them.
HOSTILE = (
    '=HYPERLINK("http://x")',
    "<b>bold</b>",
    "x" * 50,
    "東京",
    "a\ttab",
    "+cmd|' /C calc'!A0",
    "[a](http://x)",
    "$x^2$",
    ":material/bolt:",
    "@SUM(1+1)",
    "-2+3",
    "<script>alert(1)</script>",
    "NA",
    "`code` **bold** _it_",
    "two\nlines",
    '"quoted", with; commas',
    "<br>${name}{{name}}%s",
)


def account_name(slot: int, unit: tuple[str, ...], joined: str, style: NameStyle) -> str:
    """Give the name of a slot's account; `joined` tells a later account of the slot apart."""
    turn = slot // (len(_TEAMS) * len(_WORKLOADS))
    if style == "hostile":
        again = "" if slot < len(HOSTILE) else f" {slot}{joined}"
        return HOSTILE[slot % len(HOSTILE)] + again
    # 7 and the number of combinations have no common factor: neighbours get unlike names
    mixed = slot * 7 % (len(_TEAMS) * len(_WORKLOADS))
    team, workload = divmod(mixed, len(_WORKLOADS))
    ends = [_TEAMS[team], _WORKLOADS[workload], _SUFFIX[unit]]
    return "-".join([*ends, *([str(turn + 1)] if turn else []), *([joined] if joined else [])])


def unit_names(unit: tuple[str, ...], style: NameStyle) -> tuple[str, ...]:
    """Give the names of a unit and of those above it in the chosen style."""
    if style == "company":
        return unit
    top = [names[0] for names in UNITS].index(unit[0]) if unit else 0
    return tuple(
        HOSTILE[(top + 5 * depth * (UNITS.index(unit) + 1)) % len(HOSTILE)]
        for depth in range(len(unit))
    )
