"""Whole answers changed at random: every run ends in order, with an outcome for each account."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from emulated import FastClock, a_pair, an_organization
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving import Answer, Asked, Misbehaving

from toolkit.aws import Aws, connect_local
from toolkit.emulator import Emulator, Link
from toolkit.errors import ToolkitError
from toolkit.runs import collect
from toolkit.schema import Outcome

OPERATIONS = (
    *("GetCallerIdentity", "DescribeOrganization", "ListAccounts", "DescribeOrganizationalUnit"),
    *("GetGovCloudAccountInformation", "ListAccountLinks"),
)

text = st.text(st.characters(exclude_categories=()), max_size=30)
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), text, st.just("000000000010")
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=8,
)
bodies = st.one_of(
    st.binary(max_size=60),
    values.map(lambda value: json.dumps(value).encode()),
    st.sampled_from([b"", b"null", b"<html>", b"<a><b/></a>", b"[" * 5_000]),
)
whole = st.builds(
    Answer,
    status=st.sampled_from([200, 200, 200, 204, 301, 400, 403, 404, 407, 413, 429, 500, 501, 503]),
    body=bodies,
    kind=st.sampled_from(["", "application/json", "text/html", "application/x-amz-json-1.1"]),
    headers=st.sampled_from([{}, {"x-amzn-errortype": "Novelty"}, {"retry-after": "soon"}]),
)
MEMBERS = {
    "ListAccounts": ["Accounts", "NextToken"],
    "DescribeOrganization": ["Organization"],
    "DescribeOrganizationalUnit": ["OrganizationalUnit"],
    "GetGovCloudAccountInformation": ["GovCloudAccountId", "AccountState"],
    "ListAccountLinks": ["AccountLinks", "NextToken"],
}
ENTRIES = ("Id", "Name", "Email", "State", "JoinedMethod", "JoinedTimestamp", "Paths", "Arn")


@st.composite
def built(draw: st.DrawFn, operation: str) -> Answer:
    """Build an answer that has the service's members, with anything in them."""
    names = MEMBERS.get(operation, [])
    answer: dict[str, Any] = {name: draw(values) for name in names if draw(st.booleans())}
    if operation == "ListAccounts":
        entry = {name: draw(values) for name in ENTRIES if draw(st.booleans())}
        answer["Accounts"] = [entry | {"Id": draw(st.sampled_from(["000000000010", "1", None]))}]
        answer["NextToken"] = draw(st.one_of(st.none(), text))
    return Answer(200, json.dumps(answer).encode())


@st.composite
def changes(draw: st.DrawFn) -> dict[str, list[Answer]]:
    """Choose some operations, and what their first answers are in place of the true ones."""
    chosen = draw(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=3, unique=True))
    return {
        name: draw(st.lists(st.one_of(whole, built(name)), min_size=1, max_size=4))
        for name in chosen
    }


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    links = (Link("link-000000000011", "LINKED", "000000000001", "000000000011", "us-east-1"),)
    whole = an_organization(*map(a_pair, range(10, 14)), links=links)
    with Emulator(whole) as emulator, Misbehaving(emulator.url) as server:
        yield server


@pytest.fixture(scope="module")
def aws(server: Misbehaving) -> Iterator[Aws]:
    with closing(connect_local(server.url)) as aws:
        yield aws


@settings(max_examples=20, deadline=None)
@given(answers=changes())
def test_however_answers_are_changed_a_run_ends_with_an_outcome_for_each_account(
    aws: Aws, server: Misbehaving, answers: dict[str, list[Answer]]
) -> None:
    def changed(asked: Asked) -> Answer | None:
        given = answers.get(asked.operation, [])
        return given[asked.times - 1] if asked.times <= len(given) else None

    server.rules[:] = [changed]
    server.asked.clear()
    with (
        tempfile.TemporaryDirectory() as folder,
        suppress(ToolkitError),  # one sentence, and none of the errors that would be a bug
    ):
        snapshot = collect(
            aws,
            Path(folder),
            clock=FastClock(),
            sources="links",
            link_regions=["us-east-1"],
            progress=None,
        )
        asked = list(snapshot.accounts["account_id"])
        assert list(snapshot.govcloud["account_id"]) == asked
        assert set(snapshot.govcloud["outcome"]) <= {outcome.value for outcome in Outcome}
        assert "us-east-1" in snapshot.manifest.regions
