"""The three samples of the reference page of GetGovCloudAccountInformation, to the letter.

A pair is one to one, so the caller of the first sample, who names nobody and gets 123456789012, is
the account that the second sample names: 111111111111.
"""

from collections.abc import Callable
from typing import Any

import pytest

from toolkit.emulator import Emulator

TARGET = "AWSAccountV20210201.GetGovCloudAccountInformation"
BOTH_FORMS = pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/", {"X_Amz_Target": TARGET}, id="as the samples show it"),
        pytest.param("/getGovCloudAccountInformation", {}, id="as the request syntax shows it"),
    ],
)


@BOTH_FORMS
@pytest.mark.parametrize("body", [b"{}", b""])
def test_a_caller_who_names_nobody_gets_its_own_pair(
    post: Callable[..., Any], emulator: Emulator, path: str, headers: dict[str, str], body: bytes
) -> None:
    reply = post(emulator, path, body, key="member111111111111", **headers)

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json == {"GovCloudAccountId": "123456789012", "AccountState": "ACTIVE"}
    assert list(reply.json) == ["GovCloudAccountId", "AccountState"]


@BOTH_FORMS
@pytest.mark.parametrize("key", ["management", "delegated"])
def test_the_pair_of_a_named_member_account(
    post: Callable[..., Any], emulator: Emulator, path: str, headers: dict[str, str], key: str
) -> None:
    reply = post(emulator, path, '{ "StandardAccountId": "111111111111" }', key=key, **headers)

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json == {"GovCloudAccountId": "123456789012", "AccountState": "ACTIVE"}


@BOTH_FORMS
@pytest.mark.parametrize("key", ["management", "delegated"])
def test_an_account_that_is_not_linked(
    post: Callable[..., Any], emulator: Emulator, path: str, headers: dict[str, str], key: str
) -> None:
    reply = post(emulator, path, '{ "StandardAccountId": "222222222222" }', key=key, **headers)

    assert reply.status == 404
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["x-amzn-ErrorType"] == "ResourceNotFoundException"
    assert reply.body == (
        b'{"message":"GovCloud Account ID not found for Standard Account - 222222222222."}'
    )


CURL = {"Content_Type": "application/x-www-form-urlencoded", "User_Agent": "curl/8.5.0"}
"""What `curl -d` sends of itself."""


def test_curl_gets_the_sample_answered_in_json(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    body = '{ "StandardAccountId": "111111111111" }'

    signed = post(emulator, "/", body, X_Amz_Target=TARGET, **CURL)
    unsigned = post(emulator, "/", body, key=None, X_Amz_Target=TARGET, **CURL)

    assert signed.json == {"GovCloudAccountId": "123456789012", "AccountState": "ACTIVE"}
    assert signed.headers["Content-Type"] == "application/json"
    assert (unsigned.status, unsigned.json) == (403, {"message": "Missing Authentication Token"})
    assert unsigned.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_curl_without_a_target_is_told_in_json_that_there_is_no_such_operation(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    reply = post(emulator, "/", "{}", key=None, **CURL)

    assert reply.status == 404
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["x-amzn-ErrorType"] == "UnknownOperationException"
    assert reply.json == {"message": ""}
