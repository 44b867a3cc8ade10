"""The wire as bad as it gets: what a server does, and what the analyst gets.

The command is run as it is; only its clock passes faster, so that waiting costs no time. It asks
for accounts, pairs and links alone: what the further sources do has its own file.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from emulated import FastClock, a_pair, an_organization
from misbehaving import (
    HTML,
    Answer,
    Misbehaving,
    Rule,
    about,
    always,
    fault,
    first,
    page,
    said,
)

from toolkit.aws import connect
from toolkit.cli import main
from toolkit.emulator import Emulator
from toolkit.errors import AccessDeniedError
from toolkit.runs import collect
from toolkit.store import Store

LOOK_UP = "GetGovCloudAccountInformation"
LIST = "ListAccounts"
ORGANIZATION = "DescribeOrganization"
WHO = "GetCallerIdentity"
LINKS = "ListAccountLinks"
ONE = "000000000015"

UNREADABLE = "gave an answer that cannot be read"
PORTAL = "A proxy or portal answered instead of AWS"

DEEP = Answer(200, b'{"Accounts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")
NOT_UTF8 = Answer(200, b'{"GovCloudAccountId": "900000000015", "AccountState": "ACT\xff"}')
A_PAGE = {"Accounts": [{"Id": "000000000001", "Name": "m", "State": "ACTIVE"}]}


@dataclass(frozen=True)
class Case:
    """What a server does, and what the analyst gets.

    `exits` is the exit code and `says` what stands on the screen, once. `outcomes` counts those of
    the accounts in the snapshot, None where there is none; `regions` tells those of the Regions.
    """

    does: str
    rules: tuple[Rule, ...]
    exits: int
    says: str = ""
    outcomes: dict[str, int] | None = None
    regions: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.does


PAIRS = range(10, 20)  # more than must fail in a row before a run gives the network up
ALL_SEEN = {"FOUND": 10, "NOT_LINKED": 2}
ONE_FAILED = {"FOUND": 9, "NOT_LINKED": 2, "FAILED": 1}


def an_account(**more: Any) -> dict[str, Any]:
    """Make an entry of ListAccounts, as odd as it is told to be."""
    return {"Id": "000000000001", "Name": "m", "State": "ACTIVE", "JoinedTimestamp": 1.6e9} | more


def everything(answer: Answer) -> Rule:
    """Answer every call so."""
    return lambda _: answer


def one_page(**more: Any) -> Rule:
    """Answer the list with one page of one such account."""
    return always(LIST, said({"Accounts": [an_account(**more)]}))


FALSE_TRUTH = [
    Case(
        f"a WorkSpaces Region answers {what}",
        (always(LINKS, answer),),
        0,
        "No account links seen in us-east-1 (failed)",
        ALL_SEEN,
        {"us-east-1": "FAILED"},
    )
    for what, answer in {
        "200 with a page": page(),
        "without its member": said({}),
        "null for its links": said({"AccountLinks": None}),
        "a null link": said({"AccountLinks": [None]}),
        "links that are text": said({"AccountLinks": ["link"]}),
    }.items()
] + [
    Case(
        f"a look-up answers {what}",
        (about(ONE, answer),),
        1,
        words,
        ONE_FAILED,
    )
    for what, answer, words in [
        ("without its members", said({}), UNREADABLE),
        ("without a state", said({"GovCloudAccountId": "900000000015"}), UNREADABLE),
        ("null", said(None), UNREADABLE),
        ("a list", said([1]), UNREADABLE),
        ("text", said("ACTIVE"), UNREADABLE),
        (
            "half of it",
            said({"GovCloudAccountId": "900000000015"}, cut=9),
            UNREADABLE,
        ),
        ("half of it as the whole", Answer(200, b'{"GovCloud'), UNREADABLE),
        ("bytes that are no UTF-8", NOT_UTF8, UNREADABLE),
        ("100,000 levels of JSON", DEEP, UNREADABLE),
        ("an id that is none", said({"GovCloudAccountId": "9", "AccountState": "ACTIVE"}), "(9)"),
        ("a number past 64 bits", said({"GovCloudAccountId": 10**40, "AccountState": 1}), "(1000"),
        ("a page", page(), PORTAL),
    ]
]

NEVER_ENDS = [
    Case(
        "the list names the same next page for ever",
        (always(LIST, said(A_PAGE | {"NextToken": "again"})),),
        1,
        "it goes in circles",
    ),
    Case(
        "the list is an endless chain of empty pages",
        (
            lambda asked: (
                said({"Accounts": [], "NextToken": f"page {asked.times}"})
                if asked.operation == LIST
                else None
            ),
        ),
        2,
        "100 pages in a row with nothing new",
    ),
    Case(
        "every next page has expired",
        (
            lambda asked: (
                (
                    fault("InvalidInputException")
                    if asked.content.get("NextToken")
                    else said(A_PAGE | {"NextToken": f"page {asked.times}"})
                )
                if asked.operation == LIST
                else None
            ),
        ),
        1,
        "does not know its own next page",
    ),
    Case(
        "a Region names the same next page for ever",
        (always(LINKS, said({"AccountLinks": [], "NextToken": "again"})),),
        0,
        "No account links seen in us-east-1 (failed)",
        ALL_SEEN,
        {"us-east-1": "FAILED"},
    ),
    Case(
        "a Region throttles for ever",
        (always(LINKS, fault("ThrottlingException")),),
        0,
        "No account links seen in us-east-1 (throttled)",
        ALL_SEEN,
        {"us-east-1": "THROTTLED"},
    ),
    Case(
        "the list throttles for ever once the run has begun",
        (lambda a: fault("TooManyRequestsException") if a.operation == LIST else None,),
        1,
        "Nothing got through for 5 minutes.",
    ),
    Case(
        "one account never answers",
        (about(ONE, Answer(is_silent=True)),),
        1,
        "no whole answer in 25 seconds",
        ONE_FAILED,
    ),
    Case(
        "one account drips a byte at a time",
        (about(ONE, said({"GovCloudAccountId": "900000000015"}, drip=0.4)),),
        1,
        "no whole answer in 25 seconds",
        ONE_FAILED,
    ),
    Case(
        "ten accounts never answer and two did",
        (lambda a: Answer(is_silent=True) if a.account_id > "000000000002" else None,),
        1,
        "10 of 12 accounts got no answer",
        {"NOT_LINKED": 2, "FAILED": 10},
    ),
    Case(
        "one account cuts every connection",
        (about(ONE, Answer(is_reset=True)),),
        1,
        "the connection was cut",
        ONE_FAILED,
    ),
]

NEVER_ENDS += [
    Case(
        f"the list of trusted services {what}",
        (always("ListAWSServiceAccessForOrganization", answer),),
        0,
        "10 found",
        ALL_SEEN,
    )
    for what, answer in {
        "names the same next page for ever": said(
            {"EnabledServicePrincipals": [], "NextToken": "again"}
        ),
        "never answers": Answer(is_silent=True),
        "is a page": page(),
    }.items()
]

TRACEBACKS = [
    Case(f"{operation} answers {what}", (always(operation, answer),), exits, words)
    for operation in (WHO, LIST)
    for what, answer, exits, words in [
        ("a page", page(), 2, PORTAL),
        ("half an answer", Answer(200, b"<Get"), 2, UNREADABLE),
        ("an empty answer", Answer(200, b""), 2, UNREADABLE),
        ("without its members", said({"a": 1}), 2, UNREADABLE),
        ("null", said(None), 2, UNREADABLE),
        ("a list", said([]), 2, UNREADABLE),
        ("text", said("x"), 2, UNREADABLE),
        ("100,000 levels of JSON", DEEP, 2, UNREADABLE),
    ]
] + [
    # It is read as the list is; whether its end is the run's is a question of its own.
    Case("the organization answers with a page", (always(ORGANIZATION, page()),), 2, PORTAL),
    Case("the organization is null", (always(ORGANIZATION, said(None)),), 2, UNREADABLE),
    Case("the organization has no members", (always(ORGANIZATION, said({})),), 2, UNREADABLE),
    Case(
        "the organization is called ../../../x",
        (
            always(
                ORGANIZATION,
                said({"Organization": {"Id": "../../../x", "MasterAccountId": "000000000001"}}),
            ),
        ),
        2,
        UNREADABLE,
    ),
    Case(
        "an account of the list is called by a text",
        (one_page(Id="../x"),),
        2,
        "which is no account id",
    ),
    Case(
        "the token of the list is a number",
        (always(LIST, said(A_PAGE | {"NextToken": 7})),),
        2,
        UNREADABLE,
    ),
]

ODDITIES: tuple[dict[str, Any], ...] = (
    {"Name": "a\ud800b"},  # half a surrogate pair
    {"Name": {"a": [1]}},
    {"State": {"a": 1}},
    {"Name": 10**30},
    {"JoinedTimestamp": "yesterday"},
    {"JoinedTimestamp": 1e300},  # past the end of the calendar
    {"Paths": [{}]},
    {"Name": "\x00\x01\u202e"},
)
ODD_ROWS = [
    Case(
        "no account of the list is as it should be",
        (
            always(
                LIST,
                said(
                    {
                        "Accounts": [
                            an_account(Id=f"{number:012}", **odd)
                            for number, odd in zip((1, 2, *PAIRS[:6]), ODDITIES, strict=True)
                        ]
                    }
                ),
            ),
        ),
        0,
        "8 accounts: 6 found, 2 not linked",
        {"FOUND": 6, "NOT_LINKED": 2},
    ),
    Case(
        "an account of the list joined before the calendar begins",
        (one_page(JoinedTimestamp=-6.3e10),),
        0,
        "1 account: 1 not linked",
        {"NOT_LINKED": 1},
    ),
]

WRONG_WORDS = [
    Case(
        f"a proxy answers everything with {status}",
        (everything(page(status)),),
        2,
        f"{PORTAL} (status {status})",
    )
    for status in (200, 301, 302, 307, 403, 407)
] + [
    Case(
        "a portal comes up in mid-run",
        (lambda a: page(302) if a.operation == LOOK_UP else None,),
        1,
        PORTAL,
    ),
    Case(
        "whoever answers does not know the look-up",
        (always(LOOK_UP, said({"message": "no such path"}, status=404)),),
        2,
        "does not know account GetGovCloudAccountInformation (404)",
        {"INVALID": 12},
    ),
    Case(
        "a page says 404 to the look-up",
        (always(LOOK_UP, page(404)),),
        2,
        "does not know account GetGovCloudAccountInformation (404)",
        {"INVALID": 12},
    ),
    Case(
        "a page says 501 to the look-up",
        (always(LOOK_UP, page(501)),),
        2,
        "does not know account GetGovCloudAccountInformation (501)",
        {"INVALID": 12},
    ),
    Case(
        "the look-up is an unknown operation",
        (always(LOOK_UP, fault("UnknownOperationException", 404)),),
        2,
        "does not know account GetGovCloudAccountInformation (UnknownOperationException)",
        {"INVALID": 12},
    ),
    Case(
        "a page says 500 to every look-up",
        (always(LOOK_UP, page(500)),),
        1,
        "account GetGovCloudAccountInformation answered 500.",
        {"FAILED": 12},
    ),
    Case(
        "a Region does not know its operation",
        (always(LINKS, page(404)),),
        0,
        "No account links seen in us-east-1 (invalid)",
        ALL_SEEN,
        {"us-east-1": "INVALID"},
    ),
]

TOO_SOON = (
    [
        Case(f"{what} once", (first(1, operation, answer),), 0, "10 found", ALL_SEEN)
        for what, operation, answer in [
            (
                "the look-up meets ConcurrentModificationException",
                LOOK_UP,
                fault("ConcurrentModificationException"),
            ),
            ("the look-up meets RequestTimeTooSkewed", LOOK_UP, fault("RequestTimeTooSkewed", 403)),
            (
                "the look-up meets UnrecognizedClientException",
                LOOK_UP,
                fault("UnrecognizedClientException", 403),
            ),
            ("the look-up meets a bad gateway", LOOK_UP, page(502)),
            (
                "the list meets ConcurrentModificationException",
                LIST,
                fault("ConcurrentModificationException"),
            ),
            ("429 of an unheard-of code", LOOK_UP, fault("Novelty", 429)),
            ("429 with a page", LOOK_UP, page(429)),
            ("LimitExceededException", LOOK_UP, fault("LimitExceededException")),
        ]
    ]
    + [
        Case(
            f"{operation} throttles eight times at the start",
            (first(8, operation, fault("TooManyRequestsException", 429)),),
            0,
            "10 found",
            ALL_SEEN,
        )
        for operation in (ORGANIZATION, LIST)
    ]
    + [
        Case(
            "one account alone is refused for ever",
            (about(ONE, fault("UnrecognizedClientException", 403)),),
            1,
            "AWS does not accept the credentials (UnrecognizedClientException)",
            ONE_FAILED,
        ),
        Case(
            "every look-up is refused",
            (always(LOOK_UP, fault("UnrecognizedClientException", 403)),),
            1,
            "AWS does not accept the credentials (UnrecognizedClientException)",
        ),
    ]
)

HELD = [
    Case(f"the server gives {what}", rules, 0, words, outcomes)
    for what, rules, words, outcomes in [
        (
            "no content type",
            (about(ONE, said({"GovCloudAccountId": "9" * 12, "AccountState": "ACTIVE"}, kind="")),),
            "10 found",
            ALL_SEEN,
        ),
        (
            "another content type and members of its own",
            (
                about(
                    ONE,
                    said(
                        {"GovCloudAccountId": "9" * 12, "AccountState": "ACTIVE", "More": [{}]},
                        kind="text/plain",
                    ),
                ),
            ),
            "10 found",
            ALL_SEEN,
        ),
        (
            "a state that nobody has heard of",
            (about(ONE, said({"GovCloudAccountId": "9" * 12, "AccountState": "ASLEEP"})),),
            "10 found",
            ALL_SEEN,
        ),
        (
            "an account without a state or a name",
            (always(LIST, said({"Accounts": [{"Id": "000000000001"}]})),),
            "1 account: 1 not linked",
            {"NOT_LINKED": 1},
        ),
        (
            "throttles of the list for a while",
            (first(6, LIST, fault("TooManyRequestsException")),),
            "10 found",
            ALL_SEEN,
        ),
        (
            "throttles of a Region for a while",
            (first(6, LINKS, fault("ThrottlingException")),),
            "10 found",
            ALL_SEEN,
        ),
        (
            "a cut connection once",
            (first(1, LOOK_UP, Answer(is_reset=True)),),
            "10 found",
            ALL_SEEN,
        ),
        (
            "a token of the list that expires once",
            (
                lambda asked: (
                    {
                        1: said(A_PAGE | {"NextToken": "soon over"}),
                        2: fault("InvalidInputException"),
                    }.get(asked.times)
                    if asked.operation == LIST
                    else None
                ),
            ),
            "10 found",
            ALL_SEEN,
        ),
    ]
] + [
    Case(
        "sts answers with entities that would read a file",
        (
            always(
                WHO,
                Answer(
                    200,
                    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                    b"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>&x;</Arn>"
                    b"<Account>000000000001</Account></GetCallerIdentityResult>"
                    b"</GetCallerIdentityResponse>",
                    kind="text/xml",
                ),
            ),
        ),
        2,
        UNREADABLE,
    ),
]

CASES = [*FALSE_TRUTH, *NEVER_ENDS, *TRACEBACKS, *ODD_ROWS, *WRONG_WORDS, *TOO_SOON, *HELD]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(an_organization(*map(a_pair, PAIRS))) as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command's clock pass fast, and give it the emulator's key."""
    monkeypatch.setattr("toolkit.runs.run.Clock", FastClock)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "management")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "no-secret")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whatever_the_server_does_the_run_ends_in_order(
    case: Case, emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Misbehaving(emulator.url, *case.rules) as server:
        exits = main(
            [
                *("collect", "--store", str(tmp_path), "--endpoint-url", server.url),
                *("--link-regions", "us-east-1", "--sources", "links"),
            ]
        )
    out, err = capsys.readouterr()
    assert exits == case.exits, err
    assert (out + err).count(case.says) >= 1, out + err
    assert HTML.decode() not in out + err
    assert len(err.splitlines()) <= 3, err
    store = Store(tmp_path)
    if case.outcomes is None:
        assert store.ids() == []
        return
    snapshot = store.load()
    assert snapshot.manifest.outcomes == case.outcomes
    if "INVALID" in case.outcomes:
        assert server.asked[LOOK_UP] < len(snapshot.govcloud)  # what nobody knows is asked no more
    assert len(snapshot.govcloud) == len(snapshot.accounts)
    for region, outcome in case.regions.items():
        assert snapshot.manifest.regions[region]["outcome"] == outcome


def test_a_pause_that_a_throttle_asks_for_is_kept(emulator: Emulator, tmp_path: Path) -> None:
    clock = FastClock()
    began = clock.monotonic()
    throttle = fault("TooManyRequestsException", 429, **{"retry-after": "40"})
    with Misbehaving(emulator.url, first(1, LOOK_UP, throttle)) as server:
        collect(
            connect(endpoint_url=server.url),
            tmp_path,
            clock=clock,
            link_regions="none",
            progress=None,
        )
    assert 40 <= clock.monotonic() - began < 60


def test_a_denial_with_a_page_of_its_own_is_shown_without_it(emulator: Emulator) -> None:
    """What is JSON and says no more than a page is cut to what is worth reading."""
    long = json.dumps({"__type": "AccessDeniedException", "message": "x" * 5_000}).encode()
    with Misbehaving(emulator.url, always(LOOK_UP, Answer(403, long))) as server:
        aws = connect(endpoint_url=server.url)
        with pytest.raises(AccessDeniedError) as caught:
            aws.get_govcloud(ONE)
    assert len(caught.value.message) < 400
