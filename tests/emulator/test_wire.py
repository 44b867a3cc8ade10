"""What no client should send: the emulator answers as AWS does and goes on."""

import json
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.emulator import Emulator, make_organization
from toolkit.emulator.refusals import Refusal
from toolkit.emulator.services import SERVICES
from toolkit.emulator.shapes import has_wrong_type, operation_model
from toolkit.emulator.wire import CborProtocol

TARGET = "AWSOrganizationsV20161128.ListAccounts"
EVENTS = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
CBOR = "/service/WorkspacesService/operation/ListAccountLinks"


def still_alive(post: Callable[..., Any], emulator: Emulator) -> bool:
    return post(emulator, "/getGovCloudAccountInformation", "{}").status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[]",
        b'"text"',
        b'{"StandardAccountId": 111111111111}',
        b'{"StandardAccountId": ["111111111111"]}',
        b"[" * 100_000,
        b'{"StandardAccountId": {"a":' * 5_000,
        b"9" * 10_000,
    ],
)
def test_a_body_that_is_no_structure_of_the_model_is_a_serialization_error(
    post: Callable[..., Any], emulator: Emulator, body: bytes
) -> None:
    reply = post(emulator, "/getGovCloudAccountInformation", body)

    assert reply.status == 400
    assert reply.headers["x-amzn-ErrorType"] == "SerializationException"
    assert still_alive(post, emulator)


def test_a_malformed_json_rpc_body_names_its_error_in_the_body(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    reply = post(emulator, "/", b"{'", service="organizations", X_Amz_Target=TARGET)

    assert reply.status == 400
    assert reply.json["__type"] == "SerializationException"


@pytest.mark.parametrize(
    "body", [b"\xbf", b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", b"\x01", b"\xa1a"]
)
def test_a_malformed_cbor_body_is_a_serialization_error(
    post: Callable[..., Any], emulator: Emulator, body: bytes
) -> None:
    reply = post(emulator, CBOR, body, service="workspaces", smithy_protocol="rpc-v2-cbor")

    assert reply.status == 400
    assert reply.headers["x-amzn-ErrorType"] == "SerializationException"
    assert still_alive(post, emulator)


def test_null_counts_as_left_out_and_unknown_members_are_ignored(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    body = '{"StandardAccountId": null, "Unknown": {"x": [1]}}'

    assert post(emulator, "/getGovCloudAccountInformation", body).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"Action=%ff&x",
        b"&" * 5000 + b"Action=Nothing",
        b"\xff",
        b"Action=GetCallerIdentity",
        b"Action=GetCallerIdentity&Version=2010-05-08",
    ],
)
def test_a_form_without_a_known_action_of_a_known_version_is_an_invalid_action(
    post: Callable[..., Any], emulator: Emulator, body: bytes
) -> None:
    form = "application/x-www-form-urlencoded"
    reply = post(emulator, "/", body, service="sts", Content_Type=form)

    assert reply.status == 400
    assert b"<Code>InvalidAction</Code>" in reply.body


@pytest.mark.parametrize("number", ["long", "--5", "9" * 5000])
def test_a_form_with_a_number_that_is_none(
    post: Callable[..., Any], emulator: Emulator, number: str
) -> None:
    body = f"Action=AssumeRole&Version=2011-06-15&DurationSeconds={number}"
    form = "application/x-www-form-urlencoded"
    reply = post(emulator, "/", body, service="sts", Content_Type=form)

    assert reply.status == 400
    assert b"<Code>MalformedInput</Code>" in reply.body


def test_a_form_without_its_required_members_is_a_validation_error(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    body = "Action=AssumeRole&Version=2011-06-15"
    form = "application/x-www-form-urlencoded"
    reply = post(emulator, "/", body, service="sts", Content_Type=form)

    assert reply.status == 400
    assert b"<Code>ValidationError</Code>" in reply.body
    assert b"2 validation errors detected" in reply.body


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("PUT", "/getAccountInformation"), ("POST", "/nothing"), ("POST", "/")],
)
def test_what_is_no_operation_at_all_is_unknown(
    post: Callable[..., Any], emulator: Emulator, method: str, path: str
) -> None:
    reply = post(emulator, path, b"{}", method=method)

    assert reply.status == 404
    assert reply.headers["x-amzn-ErrorType"] == "UnknownOperationException"


@pytest.mark.parametrize("target", ["Nobody.ListAccounts", "AWSOrganizationsV20161128", "."])
def test_an_unknown_target_is_unknown(
    post: Callable[..., Any], emulator: Emulator, target: str
) -> None:
    reply = post(emulator, "/", b"{}", service="organizations", X_Amz_Target=target)

    assert reply.status in {400, 404}
    assert reply.headers["x-amzn-ErrorType"] == "UnknownOperationException"


def test_a_target_is_known_with_and_without_its_services_namespace(
    post: Callable[..., Any], emulator: Emulator
) -> None:
    for target in (EVENTS, EVENTS.removeprefix("com.amazonaws.cloudtrail.v20131101.")):
        reply = post(emulator, body=b"{}", service="cloudtrail", X_Amz_Target=target)

        assert reply.status == 200
        assert "Events" in reply.json


def test_an_unknown_cbor_operation_is_unknown(post: Callable[..., Any], emulator: Emulator) -> None:
    path = "/service/WorkspacesService/operation/Nothing"
    reply = post(emulator, path, b"\xa0", service="workspaces", smithy_protocol="rpc-v2-cbor")

    assert reply.status == 404
    assert reply.headers["x-amzn-ErrorType"] == "UnknownOperationException"


@pytest.mark.parametrize(
    ("path", "service", "headers"),
    [
        ("/getGovCloudAccountInformation", "account", {}),
        ("/", "organizations", {"X_Amz_Target": TARGET}),
        ("/", "workspaces", {"X_Amz_Target": "WorkspacesService.ListAccountLinks"}),
        (CBOR, "workspaces", {"smithy_protocol": "rpc-v2-cbor"}),
        ("/getAlternateContact", "account", {}),
        ("/", "tagging", {"X_Amz_Target": "ResourceGroupsTaggingAPI_20170126.GetResources"}),
        ("/", "cloudtrail", {"X_Amz_Target": EVENTS}),
        ("/", "ce", {"X_Amz_Target": "AWSInsightsIndexService.GetCostAndUsage"}),
    ],
)
def test_whatever_the_members_hold_is_answered_or_refused(
    post: Callable[..., Any], path: str, service: str, headers: dict[str, str]
) -> None:
    """Never an internal error: it would send a client into retries."""
    names = (
        *("StandardAccountId", "NextToken", "MaxResults", "LinkStatusFilter", "LinkId", "x"),
        *("AlternateContactType", "PaginationToken", "ResourcesPerPage", "TagFilters"),
        *("LookupAttributes", "StartTime", "EndTime", "TimePeriod", "Granularity", "Metrics"),
    )
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
    encode = cbor2.dumps if path == CBOR else json.dumps

    with Emulator(make_organization(5)) as emulator:

        @settings(max_examples=60, deadline=None, database=None, derandomize=True)
        @given(st.dictionaries(st.sampled_from(names), values, max_size=3))
        def ask(members: dict[str, object]) -> None:
            reply = post(emulator, path, encode(members), service=service, **headers)
            assert reply.status in {200, 400}
            assert b"InternalServerException" not in reply.body
            assert b"ServiceException" not in reply.body

        ask()


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=40))
def test_any_bytes_are_answered_or_refused_in_cbor_too(body: bytes) -> None:
    shape = operation_model("workspaces", "GetAccountLink").input_shape
    try:
        params = CborProtocol(SERVICES["workspaces"]).read(body, shape)
    except Refusal as refusal:
        code = refusal.code
    else:
        code = "SerializationException" if has_wrong_type(shape, params) else ""

    assert code in {"", "SerializationException"}
