"""A mismatch is accepted and taken back on its page, and the policy file on disk says so."""

import tomllib
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from acting import DARK, GONE, GOOD, NAME, PAYER, TODAY, acceptance, ahead, left_table, table
from staged import Open, has, words
from streamlit.testing.v1 import AppTest

from toolkit.app import admission
from toolkit.app.pages import MISMATCHES
from toolkit.titles import day

COMMENT = "# Agreed with finance, do not touch\n"


@pytest.fixture
def policy(tmp_path: Path, shown_weeks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The policy file that the app was started with, over a store of three weeks."""
    del shown_weeks
    file = tmp_path / "policy.toml"
    file.write_text(f'{COMMENT}owner_tag = "owner"\n', encoding="utf-8")
    monkeypatch.setenv("ACCOUNT_PAIRS_POLICY", str(file))
    return file


@pytest.fixture
def show(policy: Path, open_page: Open) -> Open:
    del policy
    return partial(open_page, MISMATCHES)


def accepted(file: Path) -> list[dict[str, object]]:
    """Return what a policy file accepts, as it lies on disk."""
    listed: list[dict[str, object]] = tomllib.loads(file.read_text("utf-8")).get("accepted", [])
    return listed


def fill_in(page: AppTest, account: str, *, until: object, reason: str = "Audit") -> AppTest:
    """Fill in the form below an account, and send it."""
    page.get_by_key(f"accept-owner-{account}").set_value("bob@example.com")
    page.get_by_key(f"accept-reason-{account}").set_value(reason)
    page.get_by_key(f"accept-until-{account}").set_value(until)
    return page.get_by_key(f"accept-button-{account}").click().run()


def test_what_is_accepted_leaves_the_count_and_stays_in_sight(show: Open, policy: Path) -> None:
    page = show(find=PAYER)
    assert "1 high mismatch" in words(page)

    fill_in(page, PAYER, until=ahead(40))

    assert accepted(policy) == [
        {
            "accounts": [PAYER],
            "standard": "CLOSED",
            "govcloud": "ACTIVE",
            "reason": "Audit",
            "owner": "bob@example.com",
            "until": ahead(40),
        }
    ]
    said = words(page)
    assert f"{NAME} ({PAYER}) is accepted until" in said
    assert "No open mismatch, 1 accepted" in said
    assert "▲ High mismatch, accepted" in said
    assert f"accepted by bob@example.com until {day(table(page).loc[PAYER, 'accepted_until'])}" in (
        said
    )
    assert ": Audit" in said
    assert table(page).loc[PAYER, "accepted_by_shown"] == "bob@example.com"
    assert f"is accepted until {ahead(40).day} " not in words(page.run())


def test_what_is_taken_back_counts_again_and_the_file_is_as_it_was(
    show: Open, policy: Path
) -> None:
    before = policy.read_text("utf-8")
    policy.write_text(f"{before}\n{acceptance(PAYER, ahead(40))}", encoding="utf-8")
    page = show(find=PAYER)
    assert "No open mismatch, 1 accepted" in words(page)

    page.get_by_key(f"take-back-{PAYER}").click().run()

    assert accepted(policy) == []
    assert policy.read_text("utf-8").strip() == before.strip()
    assert f"{NAME} ({PAYER}) is accepted no longer." in words(page)
    assert "1 high mismatch" in words(page)


def test_the_form_begins_with_the_owner_that_is_known_and_a_near_day(show: Open) -> None:
    page = show(find=PAYER)

    assert page.get_by_key(f"accept-owner-{PAYER}").value == "ann@example.com"
    assert page.get_by_key(f"accept-until-{PAYER}").value == ahead(30)
    assert page.get_by_key(f"accept-until-{PAYER}").max == ahead(365)


def test_an_edit_that_was_made_meanwhile_is_not_lost(show: Open, policy: Path) -> None:
    page = show(find=PAYER)
    theirs = f"# Theirs, meanwhile\n{acceptance(GONE, ahead(9), standard='SUSPENDED')}"
    policy.write_text(policy.read_text("utf-8") + theirs, encoding="utf-8")

    fill_in(page, PAYER, until=ahead(40))

    text = policy.read_text("utf-8")
    assert COMMENT in text
    assert theirs in text
    assert [one["accounts"] for one in accepted(policy)] == [[GONE], [PAYER]]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"until": None}, "No day was chosen."),
        ({"until": ahead(9), "reason": " "}, "reason"),
    ],
)
def test_what_cannot_be_right_is_one_sentence_and_the_file_is_as_it_was(
    show: Open, policy: Path, what: dict[str, object], said: str
) -> None:
    before = policy.read_bytes()

    page = fill_in(show(find=PAYER), PAYER, **what)

    alerts = [e.proto.body for e in page.get("html") if 'role="alert"' in e.proto.body]
    assert len(alerts) == 1
    assert said in alerts[0]
    assert not page.exception
    assert policy.read_bytes() == before


def test_a_file_that_cannot_be_written_is_one_sentence(show: Open, policy: Path) -> None:
    page = show(find=PAYER)
    # A folder where its lock belongs: so it is for whoever may write as well.
    policy.with_name(f".{policy.name}.lock").mkdir()

    fill_in(page, PAYER, until=ahead(40))

    assert f"{policy} cannot be written" in words(page)
    assert not page.exception
    assert accepted(policy) == []


def test_a_file_that_became_wrong_is_one_sentence_and_nothing_is_judged_by_old_rules(
    show: Open, policy: Path
) -> None:
    page = show()
    policy.write_text("[[accepted]]\n", encoding="utf-8")

    page.run()

    assert "policy.toml, line 1" in words(page)
    assert not page.dataframe
    assert not page.exception


def test_an_edit_by_hand_is_noticed_at_the_next_look(show: Open, policy: Path) -> None:
    page = show(find=PAYER)
    assert "No open mismatch" not in words(page)

    policy.write_text(COMMENT + acceptance(PAYER, ahead(9)), encoding="utf-8")
    page.run()

    assert "No open mismatch, 1 accepted" in words(page)


def test_an_acceptance_by_its_unit_is_taken_back_in_the_file_alone(
    show: Open, policy: Path
) -> None:
    policy.write_text(
        '[[accepted]]\nou = "Root/Retired/**"\nstandard = "CLOSED"\ngovcloud = "ACTIVE"\n'
        f'reason = "All of it"\nowner = "bob"\nuntil = {ahead(9)}\n',
        encoding="utf-8",
    )
    page = show(find=PAYER)

    page.get_by_key(f"take-back-{PAYER}").click().run()

    assert "by its unit or its tags" in words(page)
    assert len(accepted(policy)) == 1


def test_what_was_left_behind_is_accepted_with_the_states_it_was_last_seen_in(
    show: Open, policy: Path
) -> None:
    page = show(show="Left behind")

    fill_in(page, GONE, until=ahead(40))

    assert [(one["standard"], one["govcloud"]) for one in accepted(policy)] == [
        ("SUSPENDED", "ACTIVE")
    ]
    assert "No GovCloud account was left behind that nobody has accepted" in words(page)
    found = left_table(page)
    assert found is not None
    assert f"{found.loc[GONE, 'accepted_until']:%Y-%m-%d}" == str(ahead(40))


@pytest.mark.parametrize(("shown", "account"), [("Matches", GOOD), ("Unknown", DARK)])
def test_nobody_answers_for_what_agrees_or_was_not_seen(
    show: Open, shown: str, account: str
) -> None:
    page = show(show=shown)

    assert list(table(page).index) == [account]
    assert not has(page, f"accept-button-{account}")
    assert "Accept it" not in words(page)
    assert not page.expander


def test_without_a_policy_file_it_says_how_to_start_with_one(
    policy: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    del policy
    monkeypatch.delenv("ACCOUNT_PAIRS_POLICY")

    page = open_page(MISMATCHES, find=PAYER)

    assert "account-pairs app --policy policy.toml" in words(page)
    assert not has(page, f"accept-button-{PAYER}")


def test_a_tab_without_the_token_may_write_nothing(
    shown_demo: Path, policy: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    del shown_demo
    monkeypatch.setenv(admission.TOKEN, "a-token-of-43-letters")

    page = open_page(MISMATCHES)

    assert "Open the address that was printed at the start to accept it." in words(page)
    assert not [button for button in page.button if str(button.key).startswith("accept")]
    assert str(policy) not in words(page)


def test_an_acceptance_that_ended_and_one_of_nothing_are_a_sentence_each(
    show: Open, policy: Path
) -> None:
    policy.write_text(
        "".join(
            acceptance(account, until, reason="Why <b>", owner="<b>@example.com")
            for account, until in ((PAYER, TODAY), ("222222220000", ahead(9)))
        ),
        encoding="utf-8",
    )

    page = show(find=PAYER)

    assert "See to these acceptances of policy.toml." in words(page)
    assert f"Acceptance 1 (<b>@example.com) ended on {day(pd.Timestamp(TODAY))}, and" in words(page)
    assert "Acceptance 2 (<b>@example.com) matches nothing, until" in words(page)
    assert "acceptance by <b>@example.com ended: Why <b>" in words(page)
    assert "1 high mismatch" in words(page)
