"""The lines of a policy file: each header and key is found where it stands, whatever is around."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.verdicts.policy_file.lines import line_of, lines_of, statements

FILE = '''\
# [[accepted]]
owner_tag = "owner" # [[accepted]]

[[accepted]]        # [[accepted]]
accounts = [        # ]
  "000000000001",   # "000000000002"]
  # [[accepted]]

  "]", "[[accepted]]",
]
reason = """
[[accepted]]
owner = "nobody"
"""
owner = \'\'\'
[[accepted]]\'\'\'
until = 2027-03-31

  [[ "accepted" ]]
  tags.stage = "sunset"
"tags" . "a b" = \'[[accepted]]\'
owner = "[[accepted]]"

[[rules]]
a = 1

[[accepted]]
[accepted.tags]
# stage
stage = "sunset"
b = [
]
'''
EXPECTED = [
    (2, "owner_tag", 0, ""),
    (4, "accepted", 1, ""),
    (5, "accepted", 1, "accounts"),
    (11, "accepted", 1, "reason"),
    (15, "accepted", 1, "owner"),
    (17, "accepted", 1, "until"),
    (19, "accepted", 2, ""),
    (20, "accepted", 2, "tags"),
    (21, "accepted", 2, "tags"),
    (22, "accepted", 2, "owner"),
    (24, "rules", 1, ""),
    (25, "rules", 1, "a"),
    (27, "accepted", 3, ""),
    (28, "accepted", 3, "tags"),
    (30, "accepted", 3, "tags"),
    (31, "accepted", 3, "tags"),
]


def found(text: str) -> list[tuple[int, str, int, str]]:
    return [(one.begin + 1, one.kind, one.entry, one.key) for one in statements(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_header_and_key_is_found_on_its_line(end: str) -> None:
    text = FILE.replace("\n", end)
    assert len(tomllib.loads(text)["accepted"]) == 3
    assert found(text) == EXPECTED


def test_a_statement_takes_the_lines_of_its_value_and_no_others() -> None:
    lines = lines_of(FILE)
    told = {one.key: lines[one.begin : one.end] for one in statements(FILE) if one.entry == 1}
    assert told["accounts"][0].startswith("accounts")
    assert told["accounts"][-1] == "]\n"
    assert "".join(told["reason"]) == 'reason = """\n[[accepted]]\nowner = "nobody"\n"""\n'


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (("accepted", 2, "owner"), 22),
        (("accepted", 2, "reason"), 19),  # it has none: the entry
        (("accepted", 3, "tags"), 28),
        (("owner_tag",), 2),
        (("others", 1, "a"), 1),
    ],
)
def test_what_is_not_there_is_where_it_should_be(asked: tuple[str, int, str], line: int) -> None:
    assert line_of(FILE, *asked) == line


def test_entries_of_an_inline_list_are_where_the_list_is() -> None:
    text = "# one\naccepted = [\n  {a = 1},\n  {a = 2},\n]\n[rules]\na = 1\n"
    assert found(text) == [(2, "accepted", 0, ""), (6, "rules", 0, ""), (7, "rules", 0, "a")]
    assert line_of(text, "accepted", 2, "a") == 2


@pytest.mark.parametrize(
    "text", ["", "\n", "# a", "a = 1", "a = 1\n\n", "a = '\u2028\x85'\n# \u2028"]
)
def test_lines_put_together_are_the_text(text: str) -> None:
    assert "".join(lines_of(text)) == text
    assert len(found(text)) == text.count("a =")


VALUES = st.recursive(
    st.one_of(
        st.integers(0, 9).map(str),
        st.sampled_from(['"[[a]]"', "'# \"'", '"""\n[[a]]\n"""', "'''\n]\n'''", "2027-03-31"]),
    ),
    lambda inner: st.lists(inner, max_size=3).map(
        lambda values: "[\n" + "".join(f"  {value}, # ] [[a]]\n" for value in values) + "]"
    ),
    max_leaves=5,
)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.dictionaries(st.sampled_from(["x", "y", "z"]), VALUES, max_size=3),
        st.sampled_from(["", "\n", "# [[a]]\n"]),
    ),
    max_size=5,
)


@given(ENTRIES)
def test_whatever_the_values_are_each_key_is_found_where_it_was_written(
    entries: list[tuple[str, dict[str, str], str]],
) -> None:
    text, expected, counts = "", [], {"a": 0, "b": 0}
    for kind, values, between in entries:
        counts[kind] += 1
        expected.append((text.count("\n") + 1, kind, counts[kind], ""))
        text += f"[[{kind}]]\n"
        for key, value in values.items():
            expected.append((text.count("\n") + 1, kind, counts[kind], key))
            text += f"{key} = {value} # end\n"
        text += between
    assert found(text) == expected
