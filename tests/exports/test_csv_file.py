"""The CSV file: what a spreadsheet and a script find in it."""

import io
from pathlib import Path

import pandas as pd
import pytest
from reported import make_snapshot, small_snapshot

from toolkit import schema
from toolkit.errors import InputError
from toolkit.exports import Report
from toolkit.exports.csv_file import save_csv, save_pairs
from toolkit.verdicts import judge_pairs


def test_csv_begins_with_the_mark_excel_asks_for_and_keeps_ids(tmp_path: Path) -> None:
    pairs = judge_pairs(small_snapshot())
    path = save_csv(pairs, tmp_path / "pairs.csv")
    assert path is not None
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b'"000000000042"' in content
    back = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert list(back.columns) == schema.PAIRS.names
    assert back["account_id"].tolist() == pairs["account_id"].tolist()
    assert back["fetched_at"].iloc[0] == "2026-11-22T03:00:00Z"


def test_csv_makes_formulas_harmless_and_leaves_other_names_alone(tmp_path: Path) -> None:
    written = {
        '=HYPERLINK("http://x")': '\'=HYPERLINK("http://x")',
        "+1": "'+1",
        "-1+1": "'-1+1",
        "@SUM(A1)": "'@SUM(A1)",
        "\t=1+1": "' =1+1",
        "\r=2": "' =2",
        " =3": "' =3",
        "＝4": "'＝4",
        "a-b": "a-b",
        "NA": "NA",
        "東京": "東京",
        'say "no", twice': 'say "no", twice',
        "x\x00y": "x\N{REPLACEMENT CHARACTER}y",
    }
    rows = [(f"{i:012d}", name, None, "ACTIVE", "ACTIVE") for i, name in enumerate(written)]
    save_csv(judge_pairs(make_snapshot(rows)), tmp_path / "pairs.csv")
    back = pd.read_csv(tmp_path / "pairs.csv", dtype="str", keep_default_na=False)
    assert back["name"].tolist() == list(written.values())


def test_csv_leaves_the_frame_it_was_given_alone(tmp_path: Path) -> None:
    pairs = judge_pairs(make_snapshot([("000000000042", "=1", None, "ACTIVE", "ACTIVE")]))
    save_csv(pairs, tmp_path / "pairs.csv")
    assert pairs["name"].tolist() == ["=1"]


def test_csv_to_a_stream_has_no_mark() -> None:
    stream = io.StringIO()
    assert save_csv(judge_pairs(small_snapshot()), stream) is None
    assert stream.getvalue().startswith('"account_id","name"')


def test_csv_under_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no name for a CSV file"):
        save_csv(judge_pairs(small_snapshot()), tmp_path / "pairs.txt")


def test_the_pairs_of_a_report_are_the_rows_of_its_file(
    small_report: Report, tmp_path: Path
) -> None:
    whole = small_report
    chosen = whole.only(whole.pairs.head(2), "Only two")
    for content, rows in ((small_snapshot(), 5), (whole, 5), (chosen, 2)):
        path = save_pairs(content, tmp_path / "pairs.csv")
        back = pd.read_csv(path, dtype="str")
        assert back["account_id"].tolist() == whole.pairs["account_id"].tolist()[:rows]
