"""Organizational units as a policy names them: by their path, with * and ** for what is below."""

import re

import pandas as pd

_ROOT = "Root/"


def within(paths: pd.Series, pattern: str) -> pd.Series:
    """Say of each path whether a pattern names it.

    `*` stands for any one level, and `**` at the end for the unit before it and all that is below.
    A path begins below the root, which may be named in front: Root/Retired/** is Retired/**.
    """
    plain = pattern.strip("/")
    plain = plain.removeprefix(_ROOT) if plain != "Root" else ""
    parts = ["(?:[^/]+/)*[^/]+" if part == "**" else _level(part) for part in plain.split("/")]
    if len(parts) > 1 and plain.endswith("/**"):
        expression = "/".join(parts[:-1]) + "(?:/.+)?"
    else:
        expression = "/".join(parts)
    if plain == "**":
        expression = ".*"
    return paths.fillna("").str.removeprefix(_ROOT).str.fullmatch(expression).astype("bool")


def _level(part: str) -> str:
    return "[^/]*".join(re.escape(piece) for piece in part.split("*"))
