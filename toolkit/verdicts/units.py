"""Organizational units as a policy names them: by their path, with * and ** for what is below."""

import re

import pandas as pd

_ROOT = "Root"


def within(paths: pd.Series, pattern: str) -> pd.Series:
    """Say of each path whether a pattern names it.

    `*` stands for any one level, and `**` at the end for the unit before it and all that is below.
    A path begins below the root, which may be named in front: Root/Retired/** is Retired/**, and
    Root the accounts that are in no unit. Everything is below the root; any other pattern names
    nothing of which the unit is not known.
    """
    parts = pattern.strip("/").split("/")
    if len(parts) > 1 and parts[0] == _ROOT:
        parts = parts[1:]
    if parts == ["**"]:
        return pd.Series(data=True, index=paths.index)
    levels = ["[^/]+(?:/[^/]+)*" if part == "**" else _level(part) for part in parts]
    expression = "/".join(levels)
    if parts[-1] == "**":
        expression = "/".join(levels[:-1]) + "(?:/.+)?"
    return (
        paths.str.removeprefix(f"{_ROOT}/").str.fullmatch(expression).fillna(False).astype("bool")
    )


def _level(part: str) -> str:
    """Return the expression for one level, in which a * is any text; alone, it is not empty."""
    return "[^/]+" if part == "*" else "[^/]*".join(re.escape(piece) for piece in part.split("*"))
