"""One answer, one row: nothing guessed, nothing lost."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from toolkit.errors import (
    AccessDeniedError,
    AwsError,
    EndpointError,
    NotFoundError,
    RequestInvalidError,
    ThrottledError,
    UnavailableError,
)
from toolkit.fetch.rows import account_row, govcloud_row, information_row, link_row

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "outcome", "detail"),
    [
        (NotFoundError("x"), "NOT_LINKED", None),
        (AccessDeniedError("AWS denied it."), "ACCESS_DENIED", "AWS denied it."),
        (RequestInvalidError("Malformed."), "INVALID", "Malformed."),
        (
            UnavailableError("Not now.", code="ResourceUnavailableException"),
            "UNAVAILABLE",
            "Not now.",
        ),
        (UnavailableError("Later.", code="ServiceUnavailable"), "UNAVAILABLE", "Later."),
        (UnavailableError("Later.", code="ServiceUnavailableException"), "UNAVAILABLE", "Later."),
        (UnavailableError("It broke.", code="InternalServerException"), "FAILED", "It broke."),
        (ThrottledError("Too fast."), "THROTTLED", "Too fast."),
        (EndpointError("No answer."), "FAILED", "No answer."),
        (AwsError("What is this?"), "FAILED", "What is this?"),
    ],
)
def test_each_error_is_an_outcome_with_its_reason(
    error: AwsError, outcome: str, detail: str | None
) -> None:
    row = govcloud_row("000000000042", error, NOW)
    assert (row["outcome"], row["detail"]) == (outcome, detail)
    assert row["govcloud_account_id"] is None


def test_a_found_account_is_kept_as_it_came_even_in_a_state_unheard_of() -> None:
    answer = {"GovCloudAccountId": "000000000007", "AccountState": "QUARANTINED"}
    assert govcloud_row("000000000042", answer, NOW) == {
        "account_id": "000000000042",
        "govcloud_account_id": "000000000007",
        "govcloud_state": "QUARANTINED",
        "outcome": "FOUND",
        "detail": None,
        "fetched_at": "2026-11-22T03:00:00+00:00",
    }


@pytest.mark.parametrize("answer", [{}, {"GovCloudAccountId": "7", "AccountState": "ACTIVE"}])
def test_an_answer_without_an_account_id_is_a_failure_and_no_pair(answer: dict[str, str]) -> None:
    row = govcloud_row("000000000042", answer, NOW)
    assert row["outcome"] == "FAILED"
    assert row["govcloud_state"] is None


def test_an_account_of_the_list_becomes_a_row_with_its_units() -> None:
    joined = datetime(2021, 3, 1, 11, tzinfo=timezone(timedelta(hours=2)))
    row = account_row(
        {
            "Id": "000000000042",
            "Name": "Payments",
            "State": "ACTIVE",
            "JoinedTimestamp": joined,
            "Paths": ["o-x/r-abcd/ou-abcd-11111111/ou-abcd-22222222/000000000042/"],
        }
    )
    assert row["joined_at"] == "2021-03-01T09:00:00+00:00"
    assert row["ou_path"] == "ou-abcd-11111111/ou-abcd-22222222"
    assert row["email"] is None


def test_an_account_right_under_the_root_has_no_units_and_one_without_paths_none_known() -> None:
    assert (
        account_row({"Id": "000000000042", "Paths": ["o-x/r-abcd/000000000042/"]})["ou_path"] == ""
    )
    assert account_row({"Id": "000000000042"})["ou_path"] is None


def test_an_account_without_a_proper_id_is_refused() -> None:
    with pytest.raises(AwsError, match="named an account '42'"):
        account_row({"Id": "42"})


def test_a_standard_state_that_could_not_be_asked_is_missing() -> None:
    row = information_row("000000000042", AccessDeniedError("denied"))
    assert row == {"account_id": "000000000042", "standard_state": None}


def test_a_links_end_that_is_no_account_id_is_missing() -> None:
    row = link_row(
        {"AccountLinkId": "link-aaaabbbb", "SourceAccountId": "x", "TargetAccountId": "0" * 12},
        "us-east-1",
        NOW,
    )
    assert row["source_account_id"] is None
    assert row["target_account_id"] == "000000000000"
