import pytest

from toolkit.exports.deck.measure import (
    fitted,
    height_needed,
    line_height,
    lines_needed,
    shortened,
    shortened_apart,
    shortened_path,
    text_width,
)


def test_wide_characters_are_wider_than_narrow_ones() -> None:
    assert text_width("iiii", 10) < text_width("xxxx", 10) < text_width("東京東京", 10)


def test_twelve_digits_of_11_points_take_about_an_inch() -> None:
    assert text_width("000000000042", 11) == pytest.approx(1.02, abs=0.01)


def test_text_that_fits_is_left_alone() -> None:
    assert shortened("short", 2, 11) == "short"


def test_of_text_that_does_not_fit_the_middle_is_left_out() -> None:
    cut = shortened("begin " + "x" * 50 + " end", 1, 11)
    assert cut.startswith("begin")
    assert cut.endswith("x end")
    assert 0.9 < text_width(cut, 11) <= 1


def test_names_that_differ_in_their_middle_stay_different_in_their_width() -> None:
    names = [f"A long beginning {number:02d} and an end that is as long" for number in range(20)]
    shown = shortened_apart(names, 1.5, 10)
    assert len(set(shown)) == len(names)
    assert all(text_width(name, 10) <= 1.5 for name in shown)
    two = shortened_apart(names, 1.5, 10, lines=2)
    assert len(set(two)) == len(names)
    assert all(lines_needed(name, 1.5, 10) <= 2 for name in two)


def test_of_a_path_the_middle_is_left_out() -> None:
    path = "Workloads/a-long-organizational-unit-name-03/Production"
    cut = shortened_path(path, 2, 11)
    assert cut.startswith("Workl")
    assert cut.endswith("-03/Production")
    assert text_width(cut, 11) <= 2


def test_lines_break_between_words() -> None:
    assert lines_needed("one two three", 10, 11) == 1
    assert lines_needed("one two three", text_width("one two", 11) + 0.01, 11) == 2


def test_full_width_text_breaks_between_any_two_characters() -> None:
    """Ten and a half characters of one em are ten on a line, and not half of one more."""
    assert lines_needed("東" * 40, 10.5 * 10 / 72, 10) == 4
    assert lines_needed("one 東京東京", text_width("one 東京", 10) + 0.01, 10) == 2


def test_lines_of_other_scripts_are_higher() -> None:
    """The fonts that stand in for Arial there have higher lines: tables ran over their source."""
    assert line_height(10, "name") == pytest.approx(10 * 1.2 / 72)
    assert line_height(10, "東") == pytest.approx(10 * 1.5 / 72)
    assert height_needed("東" * 40, 10.5 * 10 / 72, 10) == pytest.approx(4 * 10 * 1.5 / 72)


def test_a_word_wider_than_the_line_takes_several() -> None:
    assert lines_needed("x" * 50, 1, 11) >= 4


def test_the_largest_size_that_fits_is_taken() -> None:
    assert fitted("A title", 5, 0.5, [26, 20]) == ("A title", 26)
    assert fitted("A title of more words than that", 3, 0.45, [26, 14]) == (
        "A title of more words than that",
        14,
    )


def test_what_fits_at_no_size_is_cut_at_the_last() -> None:
    text, size = fitted("many words " * 40, 3, 0.54, [20, 16])
    assert size == 16
    assert "…" in text
    assert text.endswith("words")
    assert lines_needed(text, 3, 16) <= 2


@pytest.mark.parametrize("width", [-1, 0, 0.05, 0.5])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 19, 20, 60])
def test_cutting_ends_however_little_room_there_is(length: int, width: float) -> None:
    """A text of 19 letters or fewer once stayed as long as it was, for ever."""
    text, size = fitted("x" * length, width, 0.2, [10])

    assert size == 10
    assert text == "x" * length or "…" in text
    assert lines_needed(text, width, size) == 1 or text == "…" or length == 1
