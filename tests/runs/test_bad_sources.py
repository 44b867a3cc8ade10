"""The further sources on a bad wire: what a server does, and what stands in the manifest.

Whatever one of them answers, the run ends well, and every other source has its rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

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
LISTS = ("witness", "created", "closures", "tags", "spend")

Case = TypeVar("Case")
Round = dict[str, Case]
"""What happens to sources in one run, by their names."""


def rounds(cases: Mapping[str, Sequence[Case]]) -> list[Round[Case]]:
    """Return runs in which each of these sources meets one of its own cases, till all are met.

    One source's end is no other's, so that one run tells of them all.
    """
    most = max(map(len, cases.values()))
    return [
        {name: some[number] for name, some in cases.items() if number < len(some)}
        for number in range(most)
    ]


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


def the_others_are_whole(snapshot: Snapshot, *names: str) -> bool:
    ended = snapshot.manifest.sources
    fine = {one for one in ended if ended[one]["outcome"] == "FOUND"}
    return fine == set(ended) - set(names) and snapshot.manifest.not_seen == 0


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
    front: Front, tmp_path: Path, does: Answer, says: str
) -> None:
    names = ("witness", "tags")
    snapshot = front.collected(tmp_path, *(only(name, does) for name in names))
    for name in names:
        ended = snapshot.manifest.sources[name]
        assert ended["outcome"] in ("FAILED", "INVALID", "THROTTLED", "UNAVAILABLE")
        assert says in ended["detail"]
        assert snapshot.table(name).empty
    assert the_others_are_whole(snapshot, *names)


def an_amount(amount: str, start: str = "2026-08-01") -> dict[str, Any]:
    """Make a month of ce's, in which one account cost so much."""
    cost = {"UnblendedCost": {"Amount": amount, "Unit": "USD"}}
    return {
        "TimePeriod": {"Start": start},
        "Groups": [{"Keys": ["000000000001"], "Metrics": cost}],
    }


NO_ROWS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "witness": (
        ({"Id": "12"}, "which is no account id"),
        ({"Name": "without an id"}, "which is no account id"),
    ),
    "created": (({"AccountName": "without an id"}, "a request without an id"),),
    "closures": (
        ({"EventId": "e", "CloudTrailEvent": "{"}, "a closure that cannot be read"),
        ({"EventId": "e"}, "a closure that cannot be read"),
    ),
    "tags": (
        ({"ResourceARN": "arn:aws:organizations::1:account/o-x/12"}, "no account id"),
        (
            {
                "ResourceARN": "arn:aws:organizations::1:account/o-x/000000000001",
                "Tags": [{"Value": "without a key"}],
            },
            "a tag without a key",
        ),
    ),
    "spend": (
        (
            {"TimePeriod": {"Start": "2026-08-01"}, "Groups": [{"Keys": ["000000000001"]}]},
            "an amount that cannot be read",
        ),
        (an_amount("1", "soon"), "an amount or a month that cannot be"),
        (an_amount("NaN"), "an amount or a month that cannot be"),
    ),
}


@pytest.mark.parametrize("wrong", rounds(NO_ROWS))
def test_what_cannot_be_a_row_ends_the_list_with_the_reason(
    front: Front, tmp_path: Path, wrong: Round[tuple[dict[str, Any], str]]
) -> None:
    rules = (only(name, said({MEMBER[name]: [entry]})) for name, (entry, _) in wrong.items())
    snapshot = front.collected(tmp_path, *rules)
    for name, (_, says) in wrong.items():
        ended = snapshot.manifest.sources[name]
        assert ended["outcome"] == "FAILED"
        assert says in ended["detail"]
    assert the_others_are_whole(snapshot, *wrong)


def test_a_list_that_goes_in_circles_ends(front: Front, tmp_path: Path) -> None:
    rules = []
    for name in LISTS:
        token = {"tags": "PaginationToken", "spend": "NextPageToken"}.get(name, "NextToken")
        rules.append(only(name, said({MEMBER[name]: [], token: "again"})))
    snapshot = front.collected(tmp_path, *rules)
    for name in LISTS:
        ended = snapshot.manifest.sources[name]
        assert ended["outcome"] == "FAILED"
        assert "it goes in circles" in ended["detail"]
    assert the_others_are_whole(snapshot, *LISTS)


ERRORS = {
    "witness": (
        ("AccessDeniedException", "ACCESS_DENIED"),
        ("AWSOrganizationsNotInUseException", "FAILED"),
        ("InvalidInputException", "INVALID"),
        ("ServiceException", "FAILED"),
        ("TooManyRequestsException", "THROTTLED"),
    ),
    "created": (
        ("AccessDeniedException", "ACCESS_DENIED"),
        ("AWSOrganizationsNotInUseException", "FAILED"),
        ("InvalidInputException", "INVALID"),
        ("ServiceException", "FAILED"),
        ("TooManyRequestsException", "THROTTLED"),
        ("UnsupportedAPIEndpointException", "FAILED"),
    ),
    "tags": (
        ("InvalidParameterException", "INVALID"),
        ("ThrottledException", "THROTTLED"),
        ("InternalServiceException", "FAILED"),
        ("PaginationTokenExpiredException", "INVALID"),
    ),
    "closures": (
        ("InvalidLookupAttributesException", "INVALID"),
        ("InvalidTimeRangeException", "INVALID"),
        ("InvalidMaxResultsException", "INVALID"),
        ("InvalidNextTokenException", "INVALID"),
        ("InvalidEventCategoryException", "INVALID"),
        ("OperationNotPermittedException", "ACCESS_DENIED"),
        ("UnsupportedOperationException", "FAILED"),
    ),
    "spend": (
        ("LimitExceededException", "THROTTLED"),
        ("BillExpirationException", "FAILED"),
        ("DataUnavailableException", "FAILED"),
        ("InvalidNextTokenException", "INVALID"),
        ("RequestChangedException", "FAILED"),
        ("BillingViewHealthStatusException", "FAILED"),
        ("ResourceNotFoundException", "FAILED"),
    ),
    "contacts": (
        ("AccessDeniedException", "ACCESS_DENIED"),
        ("InternalServerException", "FAILED"),
        ("TooManyRequestsException", "FAILED"),
        ("ValidationException", "FAILED"),
    ),
}


@pytest.mark.parametrize("errors", rounds(ERRORS))
def test_each_modelled_error_is_an_outcome_with_aws_own_words(
    front: Front, tmp_path: Path, errors: Round[tuple[str, str]]
) -> None:
    rules = (only(name, fault(code)) for name, (code, _) in errors.items())
    snapshot = front.collected(tmp_path, *rules)
    for name, (_, outcome) in errors.items():
        ended = snapshot.manifest.sources[name]
        assert ended["outcome"] == outcome
        assert ended["detail"]
        said_so = "Said the server" in ended["detail"]
        if name == "contacts":
            reasons = set(snapshot.contacts["detail"])
            assert len(reasons) == 1
            said_so = "Said the server" in reasons.pop()
        assert said_so or "belongs to no organization" in ended["detail"]
    assert the_others_are_whole(snapshot, *errors)


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
    tried = {(name, code) for name, tries in ERRORS.items() for code, _ in tries}
    assert modelled <= tried | {("contacts", "ResourceNotFoundException")}


def test_a_list_that_answers_at_the_third_try_is_whole(front: Front, tmp_path: Path) -> None:
    failure = fault("InternalFailure", 500)
    snapshot = front.collected(tmp_path, *(only(name, failure, 2) for name in LISTS))
    assert the_others_are_whole(snapshot)


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
