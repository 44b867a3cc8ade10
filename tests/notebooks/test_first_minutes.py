"""What an analyst meets first: errors in one sentence, things that print well, help that reads."""

from collections.abc import Callable
from pathlib import Path

from executed import Executed

Cells = Callable[..., Executed]


def _error(notebook: Executed, number: int = -1) -> list[str]:
    errors = [output for output in notebook.outputs if output.output_type == "error"]
    return list(errors[number].traceback)


def test_an_error_in_a_cell_is_one_sentence_with_a_hint(execute_cells: Cells) -> None:
    notebook = execute_cells(
        'import toolkit as tk\ntk.load_snapshot("nowhere")',
        'tk.connect(profile="nobody")',
        'tk.collect(tk.connect(endpoint_url="http://127.0.0.1:9"), "store")',
        "import pandas as pd\ntk.judge_pairs(pd.DataFrame({'id': ['1']}), pd.DataFrame())",
    )

    assert _error(notebook, 0) == [
        "nowhere holds no snapshot yet. Make one: python -m toolkit collect --store DIR"
    ]
    for number in range(4):
        (sentence,) = _error(notebook, number)
        assert sentence.count("\n") == 0
        assert len(sentence) < 250
        assert "Error" not in sentence


def test_an_error_in_a_script_that_a_cell_runs_is_one_sentence(
    execute_cells: Cells, jupyter: Path
) -> None:
    (jupyter / "weekly.py").write_text(
        'import toolkit as tk\ntk.load_snapshot("nowhere")\n', encoding="utf-8"
    )

    notebook = execute_cells("%run weekly.py")

    assert len(_error(notebook)) == 1
    assert _error(notebook)[0].startswith("nowhere holds no snapshot yet.")


def test_an_error_behind_a_chain_of_others_is_one_sentence(execute_cells: Cells) -> None:
    notebook = execute_cells(
        "from toolkit.errors import StoreError\n"
        "try:\n"
        "    {}['x']\n"
        "except KeyError as error:\n"
        "    raise StoreError('The store is full.', 'Free some space.') from error"
    )

    assert _error(notebook) == ["The store is full. Free some space."]
