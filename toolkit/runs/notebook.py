"""The bar in a notebook."""

import sys
import warnings
from typing import Any, Final

from toolkit.notebook import InPlace, in_notebook

_FORMAT: Final = "{desc}{percentage:3.0f}%%|{bar:24}| {n_fmt}/{total_fmt} %s [{elapsed}{postfix}]"


def notebook_bar(total: int, unit: str, description: str = "") -> Any:
    """Return a tqdm bar: a widget where ipywidgets is installed, else text."""
    with warnings.catch_warnings():
        # It advises to install ipywidgets. Text does as well, and an exported page shows it.
        warnings.filterwarnings("ignore", "IProgress not found")
        from tqdm.auto import tqdm  # noqa: PLC0415 - only where a notebook is

    return tqdm(
        desc=description,
        total=total,
        bar_format=_FORMAT % unit,
        file=InPlace() if in_notebook() else sys.stderr,
    )
