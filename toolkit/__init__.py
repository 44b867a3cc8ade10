"""Analyst toolkit for AWS account pairs: standard and GovCloud states, fetched, judged, charted.

    import toolkit as tk

    aws = tk.connect(profile="audit")            # or tk.connect(endpoint_url=…)
    snap = tk.collect(aws, store="snapshots")    # progress bar; resumes; returns a Snapshot
    pairs = tk.judge_pairs(snap)                 # one row per standard account
    tk.mismatches(pairs)                         # those that disagree, worst first
    tk.plot_state_matrix(pairs)
    tk.save_deck(snap, "states.pptx")

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
    from toolkit.collect import collect
    from toolkit.deck import save_deck
    from toolkit.pictures import save_figure
    from toolkit.snapshot import load_snapshot
    from toolkit.verdicts import judge_links, judge_pairs, mismatches
    from toolkit.workbook import save_workbook

__all__ = [
    "collect",
    "connect",
    "judge_links",
    "judge_pairs",
    "load_snapshot",
    "mismatches",
    "plot_state_distribution",
    "plot_state_matrix",
    "save_deck",
    "save_figure",
    "save_workbook",
]

_HOMES = {
    "collect": "toolkit.collect",
    "connect": "toolkit.aws",
    "judge_links": "toolkit.verdicts",
    "judge_pairs": "toolkit.verdicts",
    "load_snapshot": "toolkit.snapshot",
    "mismatches": "toolkit.verdicts",
    "plot_state_distribution": "toolkit.charts",
    "plot_state_matrix": "toolkit.charts",
    "save_deck": "toolkit.deck",
    "save_figure": "toolkit.pictures",
    "save_workbook": "toolkit.workbook",
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


class _Toolkit(ModuleType):
    """This package, whose `collect` is the function also after its module was imported."""

    def __setattr__(self, name: str, value: object) -> None:
        # Importing `toolkit.collect` anywhere sets that module as the package's `collect`.
        module = _HOMES.get(name) == f"{__name__}.{name}" and isinstance(value, ModuleType)
        super().__setattr__(name, getattr(value, name) if module else value)


sys.modules[__name__].__class__ = _Toolkit
