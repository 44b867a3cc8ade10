"""The services' records and operations, held to botocore's models and to what its clients send."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError
from botocore.serialize import create_serializer

from toolkit.emulator import Emulator, Switches, make_organization
from toolkit.emulator.call import Call, page
from toolkit.emulator.operations import OPERATIONS
from toolkit.emulator.refusals import Refusal
from toolkit.emulator.services import SERVICES, Service
from toolkit.emulator.wire import route, routes

SPOKEN = [
    (service, protocol, operation)
    for service in SERVICES.values()
    for protocol in service.model.metadata["protocols"]
    for operation in OPERATIONS[service.name]
]


def test_every_service_has_operations_and_every_operation_is_in_its_services_model() -> None:
    assert OPERATIONS.keys() == SERVICES.keys()
    for name, operations in OPERATIONS.items():
        assert operations.keys() <= set(SERVICES[name].model.operation_names)


def test_the_readme_names_what_is_answered() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| service | operations |")[2].partition("\n\n")[0]

    named = Counter(re.findall(r"\b(?:Get|List|Describe|Lookup|Assume)[A-Z]\w+", table))
    assert named == Counter(name for operations in OPERATIONS.values() for name in operations)


@pytest.mark.parametrize(("service", "protocol", "operation"), SPOKEN)
def test_what_botocore_sends_in_each_protocol_reaches_the_operation(
    service: Service, protocol: str, operation: str
) -> None:
    serializer = create_serializer(protocol, include_validation=False)
    sent = serializer.serialize_to_request({}, service.model.operation_model(operation))
    headers = Message()
    for name, value in sent["headers"].items():
        headers[name] = value
    body = sent["body"] if isinstance(sent["body"], bytes) else urlencode(sent["body"]).encode()

    found, asked = route(sent["method"], sent["url_path"], headers, body)

    assert (found.service, asked) == (service, operation)
    answered = found.answer({}, operation).headers["Content-Type"]
    assert answered in {headers["Content-Type"] or "application/json", "text/xml"}


@pytest.mark.parametrize("service", SERVICES.values(), ids=list(SERVICES))
def test_a_record_does_not_contradict_its_model(service: Service) -> None:
    assert not (service.target and "targetPrefix" in service.model.metadata)
    for error in (service.throttled, service.denied, service.internal, service.unavailable):
        if error and error.status and error.code in service.model.shape_names:
            modelled = service.model.shape_for(error.code).metadata.get("error", {})
            assert modelled.get("httpStatusCode", error.status) == error.status


@pytest.fixture
def added_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Add a service by a record that says nothing but its name, and one operation."""

    def describe_cases(call: Call) -> dict[str, Any]:
        invalid = Refusal("InvalidNextTokenException", "Invalid token.")
        accounts, more = page(call, call.organization.accounts, 50, invalid, member="nextToken")
        return {"cases": [{"caseId": account.account_id} for account in accounts], **more}

    record = Service("support")
    monkeypatch.setitem(SERVICES, "support", record)
    monkeypatch.setitem(OPERATIONS, "support", {"DescribeCases": describe_cases})
    routes.cache_clear()
    yield record
    routes.cache_clear()


def test_a_service_is_added_by_a_record_and_an_operation(
    client: Callable[..., Any], added_service: Service
) -> None:
    organization = make_organization(120)
    with Emulator(organization) as emulator:
        asking = client(emulator, added_service.name, region="eu-west-1")
        pages = asking.get_paginator("describe_cases").paginate()
        told = [case["caseId"] for each in pages for case in each["cases"]]

    assert told == [account.account_id for account in organization.accounts]
    assert emulator.calls == {"DescribeCases": 3}


@pytest.mark.parametrize(
    ("switches", "params", "expected"),
    [
        ({"faults": {"500": 1}}, {}, ("InternalServerException", 500)),
        ({"rate": {"DescribeCases": 0}, "burst": 0}, {}, ("ThrottlingException", 400)),
        ({"denied_operations": ["DescribeCases"]}, {}, ("AccessDeniedException", 400)),
        ({"expire_after": 0}, {}, ("ExpiredTokenException", 400)),
        ({}, {"nextToken": "x"}, ("InvalidNextTokenException", 400)),
        ({}, {"maxResults": 101}, ("ValidationException", 400)),
    ],
)
def test_an_added_service_refuses_as_most_json_services_do(
    client: Callable[..., Any],
    added_service: Service,
    switches: dict[str, Any],
    params: dict[str, Any],
    expected: tuple[str, int],
) -> None:
    with Emulator(make_organization(4), Switches(**switches)) as emulator:
        asking = client(emulator, added_service.name)
        with pytest.raises(ClientError) as caught:
            asking.describe_cases(**params)

    response = caught.value.response
    told = (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"])
    assert told == expected
