"""The bar in a notebook."""

import sys
import warnings
from typing import Any


def notebook_bar(description: str, total: int, unit: str) -> Any:  # noqa: ANN401 - tqdm has no types
    """Return a tqdm bar: a widget where ipywidgets is installed, else text."""
    with warnings.catch_warnings():
        # It advises to install ipywidgets. Text does as well, and an exported page shows it.
        warnings.filterwarnings("ignore", "IProgress not found")
        from tqdm.auto import tqdm  # noqa: PLC0415 - only where a notebook is

    # Notebooks paint what comes on stderr as if something were wrong.
    return tqdm(desc=description, total=total, unit=f" {unit}", file=sys.stdout)
