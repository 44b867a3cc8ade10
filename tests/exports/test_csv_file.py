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


class TestForExcel:
    """What a spreadsheet would take for a number or a formula is written so that it does not."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        names = ["=1+1", "123456789012", "-0000-0000-0042", "12345678901234"]
        rows = [(f"{n:012d}", name, None, "ACTIVE", "ACTIVE") for n, name in enumerate(names)]
        pairs = judge_pairs(make_snapshot(rows)).assign(mine=["000000000042", "=2", None, "7"])
        written = save_csv(pairs, tmp_path / "x.csv", excel=True)
        assert written is not None
        return written

    def test_ids_are_grouped_as_the_console_shows_them_wherever_they_stand(
        self, path: Path
    ) -> None:
        back = pd.read_csv(path, dtype="str", keep_default_na=False)
        assert list(back.columns) == [*schema.PAIRS.names, "mine"]
        assert back["account_id"].tolist() == [f"0000-0000-000{n}" for n in range(4)]
        assert back["govcloud_account_id"].iloc[3] == "9000-0000-0003"
        assert back["name"].iloc[1] == "1234-5678-9012"
        assert back["mine"].tolist() == ["0000-0000-0042", "'=2", "", "7"]

    def test_other_texts_are_as_they_are_in_any_csv(self, path: Path) -> None:
        names = pd.read_csv(path, dtype="str", keep_default_na=False)["name"].tolist()
        assert names[0] == "'=1+1"
        assert names[2:] == ["'-0000-0000-0042", "12345678901234"]

    def test_times_are_those_a_spreadsheet_knows_and_nothing_is_a_formula(self, path: Path) -> None:
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert b'"2026-11-22 03:00:00"' in content
        assert b'"=' not in content
