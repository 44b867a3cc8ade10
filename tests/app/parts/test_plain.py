"""Text is shown as the text it is, whatever is in it."""

import pytest
from streamlit.testing.v1 import AppTest

from toolkit.app.parts import plain


@pytest.mark.parametrize("name", ["<b>b</b>", '" onload="x', "&lt;", "'", "a\nb\tc", "\u202eabc"])
def test_no_text_gets_out_of_the_place_it_is_shown_in(name: str) -> None:
    shown = plain.escaped(name)

    assert not set(shown) & set("<>\"'\n\t\u202e")


@pytest.mark.parametrize("text", ["**b**", ":material/home:", "$x$", "[a](http://x)", "<b>", "a_b"])
def test_in_markdown_no_sign_of_it_is_left_to_act(text: str) -> None:
    shown = plain.markdown(text)

    assert shown.replace("\\", "") == text
    signs = [at for at, sign in enumerate(shown) if sign in "*:$[]()<>_/"]
    assert signs
    assert all(shown[at - 1] == "\\" for at in signs)


def test_text_is_shown_as_it_is() -> None:
    assert plain.escaped("$x$ **b** :material/home: 東京 http://x") == (
        "$x$ **b** :material/home: 東京 http://x"
    )


def test_a_table_to_read_shows_each_cell_as_it_is() -> None:
    rows = [("Active", "$x$"), ("</td><script>", "-")]
    script = f"from toolkit.app.parts import plain; plain.table(['State', '<b>'], {rows!r})"
    shown = AppTest.from_string(script).run().get("html")[0].proto.body
    assert "<td>Active</td><td>$x$</td>" in shown
    assert '<th scope="col">&lt;b&gt;</th>' in shown
    assert "<script" not in shown
