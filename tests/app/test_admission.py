"""A tab that came without the token of the start sees the demo organization, and nothing else."""

from pathlib import Path

import pytest
from reported import small_snapshot
from staged import Open, words

from toolkit.app import admission
from toolkit.app.pages import ACCOUNT, COLLECT, LINKS
from toolkit.app.source import DEMO
from toolkit.emulator import Emulator
from toolkit.store import Store

TOKEN = "a-token-of-43-letters"


@pytest.fixture
def own_snapshot(
    shown_demo: Path, own_store: Path, policy_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An app that was started with a token, own rules and a store of one's own with a snapshot."""
    del shown_demo, policy_file
    Store(own_store).save(small_snapshot())
    monkeypatch.setenv(admission.TOKEN, TOKEN)
    return own_store


def test_with_the_token_the_own_store_is_there_and_the_token_leaves_the_address(
    own_snapshot: Path, open_page: Open
) -> None:
    page = open_page(LINKS, token=TOKEN)

    assert page.selectbox[0].options == [own_snapshot.name, DEMO]
    assert admission.PARAMETER not in page.query_params
    assert admission.UNKNOWN not in words(page)
    # It is kept for this tab, whatever is clicked next.
    assert page.run().selectbox[0].options == [own_snapshot.name, DEMO]


@pytest.mark.parametrize("address", [{}, {"token": ""}, {"token": "another"}, {"token": "ä"}])
def test_without_it_the_demo_is_all_there_is(
    address: dict[str, str], own_snapshot: Path, open_page: Open
) -> None:
    page = open_page(LINKS, **address, store=own_snapshot.name)

    assert not page.exception
    assert page.selectbox[0].options == [DEMO]
    assert page.selectbox[0].value == DEMO
    assert admission.UNKNOWN in words(page)
    assert "o-test" not in words(page)
    assert "strict.toml" not in words(page)
    assert admission.PARAMETER not in page.query_params


def test_without_it_no_own_profile_asks(
    own_snapshot: Path, own_accounts: Emulator, open_page: Open
) -> None:
    del own_snapshot, own_accounts
    offered = [open_page(page) for page in (COLLECT, ACCOUNT)]

    assert offered[0].get("button_group")[0].options == [DEMO]
    for page in offered:
        assert not page.exception
        assert "AWS profile" not in [box.label for box in page.selectbox]


def test_without_a_token_at_the_start_everybody_sees_everything(
    own_snapshot: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(admission.TOKEN)

    assert open_page(LINKS).selectbox[0].options == [own_snapshot.name, DEMO]


def test_the_command_line_and_the_app_mean_the_same_variable() -> None:
    assert admission.TOKEN == "ACCOUNT_PAIRS_TOKEN"


def test_the_token_is_in_nothing_that_a_tab_is_sent(
    own_snapshot: Path, open_page: Open, capfd: pytest.CaptureFixture[str]
) -> None:
    page = open_page(LINKS, token=TOKEN)

    assert own_snapshot.name in str(page)
    assert TOKEN not in str(page)
    assert TOKEN not in "".join(capfd.readouterr())
