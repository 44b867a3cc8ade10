"""Analyst toolkit for AWS account pairs: standard and GovCloud states, fetched, judged, charted.

    import toolkit as tk

    aws = tk.connect(profile="audit")            # or tk.connect(endpoint_url=…)
    snap = tk.collect(aws, store="snapshots")    # progress bar; resumes; returns a Snapshot
    pairs = tk.judge_pairs(snap)                 # one row per standard account
    tk.mismatches(pairs)                         # those that disagree, worst first
    tk.plot_state_matrix(pairs)
    tk.save_deck(snap, "states.pptx")
    tk.load_history("snapshots", last=12)        # (time, pairs) of each, oldest first

These are the names an analyst types. Everything else has its place in a module:
`toolkit.fetch` (single look-ups), `toolkit.verdicts` (the rules), `toolkit.analysis` (counts,
changes, trends), `toolkit.charts` (every `plot_*`), `toolkit.schema` (tables and columns).
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.aws import connect
    from toolkit.charts import plot_state_distribution, plot_state_matrix
    from toolkit.exports.deck import save_deck
    from toolkit.exports.page import save_page
    from toolkit.exports.pictures import save_figure
    from toolkit.exports.workbook import save_workbook
    from toolkit.fleet import fleet
    from toolkit.runs import collect
    from toolkit.store import Store, load_snapshot
    from toolkit.verdicts import (
        judge_links,
        judge_pairs,
        load_history,
        load_policy,
        mismatches,
        reconcile,
    )

__all__ = [
    "Store",
    "collect",
    "connect",
    "fleet",
    "judge_links",
    "judge_pairs",
    "load_history",
    "load_policy",
    "load_snapshot",
    "mismatches",
    "plot_state_distribution",
    "plot_state_matrix",
    "reconcile",
    "save_deck",
    "save_figure",
    "save_page",
    "save_workbook",
]

_HOMES = {
    "Store": "toolkit.store",
    "collect": "toolkit.runs",
    "connect": "toolkit.aws",
    "fleet": "toolkit.fleet",
    "judge_links": "toolkit.verdicts",
    "judge_pairs": "toolkit.verdicts",
    "load_history": "toolkit.verdicts",
    "load_policy": "toolkit.verdicts",
    "load_snapshot": "toolkit.store",
    "mismatches": "toolkit.verdicts",
    "plot_state_distribution": "toolkit.charts",
    "plot_state_matrix": "toolkit.charts",
    "reconcile": "toolkit.verdicts",
    "save_deck": "toolkit.exports.deck",
    "save_figure": "toolkit.exports.pictures",
    "save_page": "toolkit.exports.page",
    "save_workbook": "toolkit.exports.workbook",
}


def __getattr__(name: str) -> object:
    # Imported when first used: `import toolkit` stays instant, and the command line and the app
    # load only what they need. A name found this way is kept, so this runs once for each.
    if name not in _HOMES:
        raise AttributeError(f"module 'toolkit' has no attribute '{name}'")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Names(ModuleType):
    """This module: a name that an analyst types is never a module of that name.

    Python itself puts a module there when it is imported, as `toolkit.fleet` for what it needs.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Names
