"""OCSF: the events are what the schema says, and a finding stays the same one."""

import json
from typing import Any

import pandas as pd
import pytest
from alerted import accepting, an_organization, govcloud, judged, standard
from py_ocsf_models.events.findings.detection_finding import DetectionFinding
from reported import HOSTILE

from toolkit.alerts import events, findings, uid_of
from toolkit.verdicts import Judged


def made(now: Judged, *, new: bool = True) -> list[dict[str, Any]]:
    """Return the findings of a judged snapshot as events, read back from JSON."""
    found = findings(now)
    return json.loads(json.dumps(events(found, pd.Series(new, index=found.index), now.snapshot)))


@pytest.fixture(scope="module")
def everything() -> Judged:
    """Every kind of finding, with names that try to be something else."""
    names = dict(enumerate(HOSTILE))
    closed = ("CLOSED", "ACTIVE")
    before = an_organization("2026-11-15", {1: closed, 9: closed}, names=names)
    now = an_organization(
        "2026-11-22",
        {
            1: closed,
            2: ("ACTIVE", "SUSPENDED"),
            3: ("ACTIVE", "CLOSED"),
            4: ("ACTIVE", "PENDING_ACTIVATION"),
            5: ("ACTIVE", "ACTIVE"),
            6: ("ACTIVE", "ACTIVE"),
        },
        names=names,
        members={6: "SUSPENDED", 7: "ACTIVE", 9: "ACTIVE"},
        failed=[5],
    )
    return judged(before, now, policy=accepting(1))


@pytest.fixture(scope="module")
def organization(everything: Judged) -> list[dict[str, Any]]:
    """The events of all that."""
    return made(everything)


def test_every_event_is_a_detection_finding_of_the_published_schema(
    organization: list[dict[str, Any]],
) -> None:
    assert len(organization) >= 8
    for event in organization:
        read = DetectionFinding.model_validate(event)
        # A field that the schema does not have, at any depth, would be lost.
        assert read.model_dump(mode="json", exclude_none=True) == event


def test_severity_status_and_time_are_the_schemas_numbers(
    organization: list[dict[str, Any]],
) -> None:
    by_account = {
        (event["resources"][0]["uid"], event["finding_info"]["types"][0]): event
        for event in organization
    }
    numbers = {
        key: (event["severity_id"], event["severity"], event["status_id"], event["status"])
        for key, event in by_account.items()
    }

    assert numbers[standard(9), "Left behind"] == (5, "Critical", 1, "New")
    assert numbers[standard(1), "Mismatch"] == (5, "Critical", 3, "Suppressed")
    assert numbers[standard(2), "Mismatch"] == (4, "High", 1, "New")
    assert numbers[standard(3), "Mismatch"] == (3, "Medium", 1, "New")
    assert numbers[standard(4), "Mismatch"] == (2, "Low", 1, "New")
    assert numbers[standard(5), "Unknown"] == (0, "Unknown", 1, "New")
    accepted = by_account[standard(1), "Mismatch"]
    assert accepted["comment"] == (
        "accepted by finops@example.com until 31 March 2027: Held for the audit"
    )
    # 22 November 2026, 03:00 UTC, in milliseconds.
    assert {event["time"] for event in by_account.values()} == {1795316400000}


def test_an_event_names_both_accounts_each_in_its_partition(
    organization: list[dict[str, Any]],
) -> None:
    found = [one for one in organization if one["resources"][0]["uid"] == standard(2)]
    (event,) = [one for one in found if one["finding_info"]["types"] == ["Mismatch"]]

    assert event["cloud"]["provider"] == "AWS"
    assert event["cloud"]["org"] == {"uid": "o-test"}
    assert [
        (one["uid"], one["cloud_partition"], one["data"]["state"]) for one in event["resources"]
    ] == [(standard(2), "aws", "ACTIVE"), (govcloud(2), "aws-us-gov", "SUSPENDED")]
    assert event["remediation"]["desc"].startswith("Find the reason")


def test_what_was_there_before_updates_a_finding_and_what_is_new_creates_one(
    everything: Judged, organization: list[dict[str, Any]]
) -> None:
    kinds = ("activity_id", "type_uid", "type_name")

    created, updated = (
        {tuple(event[name] for name in kinds) for event in events}
        for events in (organization, made(everything, new=False))
    )
    assert created == {(1, 200401, "Detection Finding: Create")}
    assert updated == {(2, 200402, "Detection Finding: Update")}


def test_a_uid_stays_while_states_severity_owner_and_acceptance_change() -> None:
    days = [
        judged(an_organization("2026-11-22", {1: ("CLOSED", "ACTIVE")}), policy=accepting(1)),
        judged(an_organization("2026-11-29", {1: ("ACTIVE", "SUSPENDED")}, names={1: "renamed"})),
    ]

    uids = {made(day)[0]["finding_info"]["uid"] for day in days}
    assert len(uids) == 1
    assert len(uids.pop()) == 32


def test_another_organization_kind_or_account_is_another_finding() -> None:
    row = {"kind": "MISMATCH", "account_id": standard(1), "govcloud_account_id": govcloud(1)}
    others = [
        uid_of("o-test", row),
        uid_of("o-other", row),
        uid_of("o-test", row | {"kind": "LEFT_BEHIND"}),
        uid_of("o-test", row | {"account_id": standard(2)}),
        uid_of("o-test", row | {"govcloud_account_id": govcloud(2)}),
        uid_of("o-test", row | {"govcloud_account_id": None}),
    ]

    assert len(set(others)) == 6
    assert uid_of("o-test", dict(row)) == others[0]


def test_first_seen_is_told_only_where_it_is_known() -> None:
    days = [
        an_organization(day, {1: ("CLOSED", "ACTIVE"), 2: ("ACTIVE", "ACTIVE")}, failed=[2])
        for day in ("2026-11-15", "2026-11-22")
    ]

    seen = {event["severity_id"]: event["finding_info"] for event in made(judged(*days))}

    assert seen[5]["first_seen_time"] == 1794711600000
    assert "first_seen_time" not in seen[0]
