"""Whatever a policy accepts: another state ends it, and nothing unknown ever vanishes."""

from datetime import date
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from reported import make_snapshot

from toolkit.schema import GOVCLOUD_STATES, STANDARD_STATES
from toolkit.verdicts import Policy
from toolkit.verdicts.policy_file.reading import read_policy

TODAY = date(2026, 11, 22)
STATES = [(str(one), str(other)) for one in STANDARD_STATES for other in GOVCLOUD_STATES]
OWN = Policy().rules.set_index(["standard_state", "govcloud_state"])["verdict"].to_dict()
MISMATCHES = [states for states in STATES if OWN[states] == "MISMATCH"]
ACCOUNTS = [f"{number:012}" for number in range(1, 13)]
OF = st.one_of(
    st.lists(st.sampled_from(ACCOUNTS), min_size=1, max_size=4).map(
        lambda ids: f"accounts = {ids}"
    ),
    st.sampled_from(['ou = "**"', 'ou = "Root/Sandbox/**"', 'ou = "Sandbox"']),
)
ENTRIES = st.lists(
    st.tuples(OF, st.sampled_from(MISMATCHES), st.dates(date(2026, 11, 1), date(2027, 6, 1))),
    max_size=6,
)
SEEN = st.lists(
    st.tuples(st.sampled_from([*STATES, ("ACTIVE", "UNKNOWN"), ("CLOSED", "NEW")]), st.booleans()),
    min_size=len(ACCOUNTS),
    max_size=len(ACCOUNTS),
)


def policy_of(entries: list[tuple[str, tuple[str, str], date]]) -> Policy:
    text = "".join(
        f'[[accepted]]\n{of}\nstandard = "{states[0]}"\ngovcloud = "{states[1]}"\n'
        f'reason = "Known"\nowner = "ops"\nuntil = {until}\n'
        for of, states, until in entries
    )
    return read_policy(text.encode(), Path("ours.toml"), today=TODAY)


def pairs_of(policy: Policy, seen: list[tuple[tuple[str, str], bool]]) -> pd.DataFrame:
    accounts = [f"{number:012}" for number in range(1, len(seen) + 1)]
    rows = [
        (account, account, "Sandbox", *states)
        for account, (states, _) in zip(accounts, seen, strict=True)
    ]
    failed = [account for account, (_, fails) in zip(accounts, seen, strict=True) if fails]
    return policy.judge(make_snapshot(rows, failed=failed)).pairs.set_index("account_id")


@settings(max_examples=5, deadline=None)
@given(ENTRIES, SEEN)
def test_what_is_accepted_is_a_mismatch_in_the_states_of_an_entry_and_no_row_vanishes(
    entries: list[tuple[str, tuple[str, str], date]], seen: list[tuple[tuple[str, str], bool]]
) -> None:
    pairs, plain = pairs_of(policy_of(entries), seen), pairs_of(Policy(), seen)
    marks = ["accepted_until", "accepted_by", "accepted_reason"]
    pd.testing.assert_frame_equal(pairs.drop(columns=marks), plain.drop(columns=marks))
    told = pairs[pairs["accepted_by"].notna()]
    assert set(told["verdict"]) <= {"MISMATCH"}
    named = {states for _, states, _ in entries}
    assert set(zip(told["standard_state"], told["govcloud_state"], strict=True)) <= named


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(MISMATCHES))
def test_a_change_of_either_state_ends_an_acceptance(states: tuple[str, str]) -> None:
    policy = policy_of([('ou = "**"', states, date(2027, 6, 1))])
    # Whatever it changes to: each account is in another combination of the two.
    until = pairs_of(policy, [(then, False) for then in STATES])["accepted_until"]
    assert until.notna().tolist() == [then == states for then in STATES]
