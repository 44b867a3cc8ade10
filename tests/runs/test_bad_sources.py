"""The further sources on a bad wire: what a server does, and what stands in the manifest.

Whatever one of them answers, the run ends well, and every other source has its rows.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from emulated import FastClock, a_pair, an_organization
from misbehaving import Answer, Asked, Misbehaving, Rule, fault, page, said

from toolkit.aws import connect_local
from toolkit.emulator import Account, Emulator
from toolkit.emulator.shapes import operation_model
from toolkit.runs import collect
from toolkit.store import Snapshot

OPERATIONS = {
    "witness": "ListAccounts",
    "created": "ListCreateAccountStatus",
    "closures": "LookupEvents",
    "tags": "GetResources",
    "spend": "GetCostAndUsage",
    "contacts": "GetAlternateContact",
}
MEMBER = {
    "witness": "Accounts",
    "created": "CreateAccountStatuses",
    "closures": "Events",
    "tags": "ResourceTagMappingList",
    "spend": "ResultsByTime",
    "contacts": "AlternateContact",
}
UNREADABLE = "gave an answer that cannot be read"


class Front:
    """A server before an emulator, and one login for each partition that all tests share."""

    def __init__(self, server: Misbehaving) -> None:
        self.server = server
        self.aws = connect_local(server.url)
        self.govcloud = connect_local(server.url, "govcloud", region="us-gov-west-1")

    def collected(self, store: Path, *rules: Rule) -> Snapshot:
        """Collect everything from a server that does so, and from the emulator for the rest."""
        self.server.rules[:] = rules
        self.server.asked.clear()
        return collect(
            self.aws,
            store,
            govcloud=self.govcloud,
            sources="all",
            link_regions="none",
            rate=5_000.0,
            progress=None,
            clock=FastClock(),
        )


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    members = (Account("900000000010"), Account("900000000011"))
    whole = an_organization(a_pair(10), a_pair(11, standard="CLOSED"), members=members)
    with Emulator(whole) as emulator, Misbehaving(emulator.url) as server:
        front = Front(server)
        yield front
        front.aws.close()
        front.govcloud.close()


def only(name: str, answer: Answer, times: int | None = None) -> Rule:
    """Answer one source alone so, the first so many times or always."""

    def rule(asked: Asked) -> Answer | None:
        is_govcloud = asked.region.startswith("us-gov-")
        if asked.operation != OPERATIONS[name] or is_govcloud != (name == "witness"):
            return None
        return answer if times is None or asked.times <= times else None

    return rule


def the_others_are_whole(snapshot: Snapshot, name: str) -> bool:
    ended = snapshot.manifest.sources
    fine = {one for one in ended if ended[one]["outcome"] == "FOUND"}
    return fine == set(ended) - {name} and snapshot.manifest.not_seen == 0


@pytest.mark.parametrize("name", ["witness", "tags"])
@pytest.mark.parametrize(
    ("does", "says"),
    [
        (page(), "A proxy or portal answered instead of AWS"),
        (page(302), "A proxy or portal answered instead of AWS"),
        (said({}), UNREADABLE),
        (said([1]), UNREADABLE),
        (said({}, cut=1), UNREADABLE),
        (fault("UnknownOperationException", 404), "does not know"),
        (fault("InternalFailure", 500), "InternalFailure"),
        (fault("ThrottlingException"), "ThrottlingException"),
        (Answer(is_reset=True), "No answer from"),
    ],
    ids=["page", "redirect", "empty", "list", "cut", "unknown", "500", "throttle", "reset"],
)
def test_a_list_that_gives_no_answer_is_an_outcome_of_its_own(
    front: Front, tmp_path: Path, name: str, does: Answer, says: str
) -> None:
    snapshot = front.collected(tmp_path, only(name, does))
    ended = snapshot.manifest.sources[name]
    assert ended["outcome"] in ("FAILED", "INVALID", "THROTTLED", "UNAVAILABLE")
    assert says in ended["detail"]
    assert snapshot.table(name).empty
    assert the_others_are_whole(snapshot, name)


@pytest.mark.parametrize(
    ("name", "entry", "says"),
    [
        ("witness", {"Id": "12"}, "which is no account id"),
        ("witness", {"Name": "without an id"}, "which is no account id"),
        ("created", {"AccountName": "without an id"}, "a request without an id"),
        ("closures", {"EventId": "e", "CloudTrailEvent": "{"}, "a closure that cannot be read"),
        ("closures", {"EventId": "e"}, "a closure that cannot be read"),
        ("tags", {"ResourceARN": "arn:aws:organizations::1:account/o-x/12"}, "no account id"),
        (
            "tags",
            {
                "ResourceARN": "arn:aws:organizations::1:account/o-x/000000000001",
                "Tags": [{"Value": "without a key"}],
            },
            "a tag without a key",
        ),
        (
            "spend",
            {"TimePeriod": {"Start": "2026-08-01"}, "Groups": [{"Keys": ["000000000001"]}]},
            "an amount that cannot be read",
        ),
        (
            "spend",
            {
                "TimePeriod": {"Start": "soon"},
                "Groups": [
                    {
                        "Keys": ["000000000001"],
                        "Metrics": {"UnblendedCost": {"Amount": "1", "Unit": "USD"}},
                    }
                ],
            },
            "an amount or a month that cannot be",
        ),
        (
            "spend",
            {
                "TimePeriod": {"Start": "2026-08-01"},
                "Groups": [
                    {
                        "Keys": ["000000000001"],
                        "Metrics": {"UnblendedCost": {"Amount": "NaN", "Unit": "USD"}},
                    }
                ],
            },
            "an amount or a month that cannot be",
        ),
    ],
)
def test_what_cannot_be_a_row_ends_the_list_with_the_reason(
    front: Front, tmp_path: Path, name: str, entry: dict[str, Any], says: str
) -> None:
    snapshot = front.collected(tmp_path, only(name, said({MEMBER[name]: [entry]})))
    ended = snapshot.manifest.sources[name]
    assert ended["outcome"] == "FAILED"
    assert says in ended["detail"]
    assert the_others_are_whole(snapshot, name)


@pytest.mark.parametrize("name", ["witness", "created", "closures", "tags", "spend"])
def test_a_list_that_goes_in_circles_ends(front: Front, tmp_path: Path, name: str) -> None:
    token = {"tags": "PaginationToken", "spend": "NextPageToken"}.get(name, "NextToken")
    snapshot = front.collected(tmp_path, only(name, said({MEMBER[name]: [], token: "again"})))
    ended = snapshot.manifest.sources[name]
    assert ended["outcome"] == "FAILED"
    assert "it goes in circles" in ended["detail"]
    assert the_others_are_whole(snapshot, name)


ERRORS = [
    ("witness", "AccessDeniedException", "ACCESS_DENIED"),
    ("witness", "AWSOrganizationsNotInUseException", "FAILED"),
    ("witness", "InvalidInputException", "INVALID"),
    ("witness", "ServiceException", "FAILED"),
    ("witness", "TooManyRequestsException", "THROTTLED"),
    ("created", "AccessDeniedException", "ACCESS_DENIED"),
    ("created", "AWSOrganizationsNotInUseException", "FAILED"),
    ("created", "InvalidInputException", "INVALID"),
    ("created", "ServiceException", "FAILED"),
    ("created", "TooManyRequestsException", "THROTTLED"),
    ("created", "UnsupportedAPIEndpointException", "FAILED"),
    ("tags", "InvalidParameterException", "INVALID"),
    ("tags", "ThrottledException", "THROTTLED"),
    ("tags", "InternalServiceException", "FAILED"),
    ("tags", "PaginationTokenExpiredException", "INVALID"),
    ("closures", "InvalidLookupAttributesException", "INVALID"),
    ("closures", "InvalidTimeRangeException", "INVALID"),
    ("closures", "InvalidMaxResultsException", "INVALID"),
    ("closures", "InvalidNextTokenException", "INVALID"),
    ("closures", "InvalidEventCategoryException", "INVALID"),
    ("closures", "OperationNotPermittedException", "ACCESS_DENIED"),
    ("closures", "UnsupportedOperationException", "FAILED"),
    ("spend", "LimitExceededException", "THROTTLED"),
    ("spend", "BillExpirationException", "FAILED"),
    ("spend", "DataUnavailableException", "FAILED"),
    ("spend", "InvalidNextTokenException", "INVALID"),
    ("spend", "RequestChangedException", "FAILED"),
    ("spend", "BillingViewHealthStatusException", "FAILED"),
    ("spend", "ResourceNotFoundException", "FAILED"),
    ("contacts", "AccessDeniedException", "ACCESS_DENIED"),
    ("contacts", "InternalServerException", "FAILED"),
    ("contacts", "TooManyRequestsException", "FAILED"),
    ("contacts", "ValidationException", "FAILED"),
]


@pytest.mark.parametrize(("name", "code", "outcome"), ERRORS)
def test_each_modelled_error_is_an_outcome_with_aws_own_words(
    front: Front, tmp_path: Path, name: str, code: str, outcome: str
) -> None:
    snapshot = front.collected(tmp_path, only(name, fault(code)))
    ended = snapshot.manifest.sources[name]
    assert ended["outcome"] == outcome
    assert ended["detail"]
    if name == "contacts":
        reasons = set(snapshot.contacts["detail"])
        assert len(reasons) == 1
        assert "Said the server" in reasons.pop()
    else:
        assert (
            "Said the server" in ended["detail"] or "belongs to no organization" in ended["detail"]
        )
    assert the_others_are_whole(snapshot, name)


def test_every_error_that_the_models_have_is_tried() -> None:
    services = {
        "witness": "organizations",
        "created": "organizations",
        "closures": "cloudtrail",
        "tags": "resourcegroupstaggingapi",
        "spend": "ce",
        "contacts": "account",
    }
    modelled = {
        (name, shape.name)
        for name, service in services.items()
        for shape in operation_model(service, OPERATIONS[name]).error_shapes
    }
    # A contact that is not set is no error; the emulator answers so of itself.
    tried = {(name, code) for name, code, _ in ERRORS} | {("contacts", "ResourceNotFoundException")}
    assert modelled <= tried


@pytest.mark.parametrize("name", ["witness", "created", "closures", "tags", "spend"])
def test_a_list_that_answers_at_the_third_try_is_whole(
    front: Front, tmp_path: Path, name: str
) -> None:
    snapshot = front.collected(tmp_path, only(name, fault("InternalFailure", 500), 2))
    assert snapshot.manifest.sources[name]["outcome"] == "FOUND"
    assert the_others_are_whole(snapshot, "nothing")


def test_a_token_that_is_never_known_ends_the_list_after_some_tries(
    front: Front, tmp_path: Path
) -> None:
    def forgetful(asked: Asked) -> Answer | None:
        if asked.operation != "GetResources":
            return None
        if asked.content.get("PaginationToken"):
            return fault("PaginationTokenExpiredException")
        return said({"ResourceTagMappingList": [], "PaginationToken": f"t{asked.times}"})

    snapshot = front.collected(tmp_path, forgetful)
    ended = snapshot.manifest.sources["tags"]
    assert ended["outcome"] == "FAILED"
    assert "does not know its own next page" in ended["detail"]
    assert front.server.asked["GetResources"] == 8


def test_a_login_of_the_witness_that_runs_out_in_mid_run_ends_the_witness_alone(
    front: Front, tmp_path: Path
) -> None:
    snapshot = front.collected(tmp_path, only("witness", fault("ExpiredTokenException")))
    ended = snapshot.manifest.sources["witness"]
    assert ended["outcome"] == "FAILED"
    assert ended["detail"] == "The credentials have expired."
    assert the_others_are_whole(snapshot, "witness")
