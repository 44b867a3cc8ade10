"""What an analyst meets first: errors in one sentence, things that print well, help that reads."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from executed import Executed

Cells = Callable[..., Executed]


def test_an_error_is_one_sentence_with_a_hint_in_a_cell_and_in_a_script_that_one_runs(
    execute_cells: Cells, jupyter: Path
) -> None:
    (jupyter / "weekly.py").write_text(
        'import toolkit as tk\ntk.load_snapshot("nowhere")\n', encoding="utf-8"
    )

    # The script is what first imports the toolkit.
    notebook = execute_cells(
        "%run weekly.py",
        'import toolkit as tk\ntk.load_snapshot("nowhere")',
        'tk.connect(profile="nobody")',
        'tk.collect(tk.connect(endpoint_url="http://127.0.0.1:9"), "store")',
        "import pandas as pd\ntk.judge_pairs(pd.DataFrame({'id': ['1']}), pd.DataFrame())",
        "from toolkit.errors import StoreError\n"
        "try:\n"
        "    {}['x']\n"
        "except KeyError as error:\n"
        "    raise StoreError('The store is full.', 'Free some space.') from error",
    )

    nowhere = "nowhere holds no snapshot yet. Make one: python -m toolkit collect --store DIR"
    sentences = [_sentence(cell) for cell in notebook.notebook.cells]
    assert sentences[:2] == [nowhere] * 2
    # It is told alone, without what it was raised from.
    assert sentences[-1] == "The store is full. Free some space."
    for sentence in sentences:
        assert sentence.count("\n") == 0
        assert len(sentence) < 250
        assert "Error" not in sentence


def _sentence(cell: nbformat.NotebookNode) -> str:
    (error,) = (output for output in cell.outputs if output.output_type == "error")
    (sentence,) = error.traceback
    return str(sentence)
