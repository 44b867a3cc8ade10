"""Account ids out of files and lists."""

from pathlib import Path

import pytest

from toolkit.errors import InputError
from toolkit.fetch import check_account_ids, read_account_ids
from toolkit.fetch.inputs import owners_in


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return tmp_path / "accounts.csv"


@pytest.mark.parametrize(
    "text",
    [
        "000000000042\n111111111111\n",
        "\ufeff000000000042\r\n\r\n111111111111\r\n",
        "# the two\n000000000042  # leading zeros\n111111111111\n000000000042\n",
        '"000000000042"\n"111111111111"',
        "account_id\n000000000042\n111111111111\n",
        'name,account_id\nPayments,000000000042\n"Data, raw",111111111111\n',
        "Account_ID;name\n000000000042;Payments\n111111111111;Data\n",
        "name\taccount_id\nPayments\t000000000042\nData\t111111111111\n",
        "0000-0000-0042\n1111-1111-1111\n",
        'account_id;name\n0000-0000-0042;"a; b"\n111111111111;c\n',
        "Payments, all;Account ID\nx;000000000042\ny;111111111111\n",
        'name,account_id\n"Team #1, new",000000000042\n#2,111111111111\n',
        '"name",account_id\n"two\nlines",000000000042\n\n"""b""",111111111111\n',
    ],
)
def test_ids_are_read_once_each_whatever_the_file_looks_like(given: Path, text: str) -> None:
    given.write_bytes(text.encode())
    assert read_account_ids(given) == ["000000000042", "111111111111"]


EXPORTED = (
    "Account ID,ARN,Email,Name,Status,Joined method,Joined timestamp\r\n"
    "000000000042,arn:aws:organizations::000000000042:account/o-a/000000000042,a@example.com,"
    '"Größe, 日本 #1",ACTIVE,CREATED,2021-03-01T09:00:00Z\r\n'
    "111111111111,arn:aws:organizations::000000000042:account/o-a/111111111111,b@example.com,"
    "Data,SUSPENDED,INVITED,2021-03-01T09:00:00Z\r\n"
)
"""The file that the console of AWS Organizations exports."""


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le with a mark", "utf-16-be with a mark"]
)
@pytest.mark.parametrize(
    "text",
    [EXPORTED, EXPORTED.replace(",", "\t"), "0000-0000-0042\r\n1111-1111-1111\r\n"],
    ids=["commas", "tabs", "one a line"],
)
def test_what_aws_exports_is_read_however_excel_or_powershell_wrote_it(
    given: Path, text: str, encoding: str
) -> None:
    name, _, marked = encoding.partition(" ")
    given.write_bytes((("\ufeff" if marked else "") + text).encode(name))

    assert read_account_ids(given) == ["000000000042", "111111111111"]


def test_a_csv_in_the_code_page_of_a_country_has_the_same_ids(given: Path) -> None:
    given.write_bytes("Name;Account ID\r\nGröße;0000-0000-0042\r\n".encode("cp1252"))

    assert read_account_ids(given) == ["000000000042"]


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("000000000042\n12\n", 2, "12"),
        ("\n\n# x\n0000000000421\n", 4, "0000000000421"),
        ("name,account_id\nPayments,42\n", 2, "42"),
        ("name,account_id\nPayments\n", 2, ""),
        ("٠٠٠٠٠٠٠٠٠٠٤٢\n", 1, "٠٠٠٠٠٠٠٠٠٠٤٢"),
        ("4.2E+11\n", 1, "4.2E+11"),
        ("Account ID,Name\r\n000000000042,a\r\n42,b\r\n", 3, "42"),
        ("Account ID,Name\n000000000042,a\n=A1,b\n", 3, "=A1"),
        ('Account ID,Name\n000000000042,"a\nb"\n\n7,c\n', 5, "7"),
        ("0000-00000042\n", 1, "0000-00000042"),
        ("000-000-000-042\n", 1, "000-000-000-042"),
        ("\x1b[31m\n", 1, "\ufffd[31m"),
    ],
)
def test_a_wrong_id_is_one_sentence_with_file_line_and_value(
    given: Path, text: str, line: int, value: str
) -> None:
    given.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_account_ids(given)
    assert caught.value.message == f"accounts.csv, line {line}: '{value}' is not an account id."
    assert "leading zeros" in caught.value.hint


def test_a_csv_without_the_column_says_what_to_call_it(given: Path) -> None:
    given.write_text("name,number\nPayments,000000000042\n", encoding="utf-8")
    with pytest.raises(InputError, match="none is called account_id or Account ID"):
        read_account_ids(given)


@pytest.mark.parametrize("text", ["", "\n  \n# nothing\n", "account_id\n"])
def test_a_file_without_an_id_is_one_sentence(given: Path, text: str) -> None:
    given.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="holds no account id"):
        read_account_ids(given)


def test_a_file_that_is_not_there_or_no_text_is_one_sentence(given: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_account_ids(given)
    for content in (b"PK\x03\x04\xff\xfe\x00", "000000000042".encode("utf-16-le")):
        given.write_bytes(content)
        with pytest.raises(InputError, match="is not a text file"):
            read_account_ids(given)


def test_a_quotation_that_never_ends_is_one_sentence(given: Path) -> None:
    given.write_text('Account ID,Name\n000000000042,"a\n' + "x" * 200_000, encoding="utf-8")
    with pytest.raises(InputError, match=r"accounts.csv, line 3: this is no CSV"):
        read_account_ids(given)


def test_ids_of_a_list_are_text_of_12_digits_and_each_counts_once() -> None:
    assert check_account_ids(["000000000042", "000000000042"]) == ["000000000042"]
    assert check_account_ids("000000000042") == ["000000000042"]
    assert check_account_ids(["0000-0000-0042", "000000000042"]) == ["000000000042"]
    with pytest.raises(InputError, match="Account id 2 of the list is 42, not text of 12 digits"):
        check_account_ids(["000000000042", 42])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "text",
    [
        "account_id,ou_path,owner\n000000000042,,ada\n\n,Prod/Web,bob\n",
        "\ufeffOwner;Account ID;OU_Path\r\nada;0000-0000-0042;\r\nbob;;Prod/Web\r\n",
        "owner\tou_path\taccount_id\nada\t\t000000000042\nbob\tProd/Web\t\n",
        'name,account_id,ou_path,owner\n"A, b",000000000042,,ada\nx,,Prod/Web, bob \n',
    ],
)
def test_owners_are_read_from_a_csv_in_its_own_way_of_writing(given: Path, text: str) -> None:
    given.write_text(text, encoding="utf-8", newline="")
    assert owners_in(given) == [
        {"account_id": "000000000042", "ou_path": None, "owner": "ada"},
        {"account_id": None, "ou_path": "Prod/Web", "owner": "bob"},
    ]


def test_a_list_of_owners_may_name_accounts_or_units_alone(given: Path) -> None:
    given.write_text("account_id,owner\n000000000042,ada\n", encoding="utf-8")
    assert owners_in(given)[0]["ou_path"] is None
    given.write_text("ou_path,owner\nProd,bob\n", encoding="utf-8")
    assert owners_in(given)[0]["account_id"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "accounts.csv has no columns of owners"),
        ("account_id,name\n000000000042,x\n", "accounts.csv has no columns of owners"),
        ("owner\nada\n", "accounts.csv has no columns of owners"),
        ("account_id,owner\n", "accounts.csv names no owner"),
        ("account_id,owner\n000000000042,\n", "accounts.csv, line 2 has no owner"),
        ("account_id,ou_path,owner\n\n000000000042,Prod,a\n", "line 3 names an account and a unit"),
        ("account_id,ou_path,owner\n,,a\n", "line 2 names neither an account nor a unit"),
        ("account_id,owner\n42,a\n", "line 2: '42' is not an account id"),
    ],
)
def test_a_list_of_owners_that_cannot_be_right_names_the_line(
    given: Path, text: str, said: str
) -> None:
    given.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        owners_in(given)
