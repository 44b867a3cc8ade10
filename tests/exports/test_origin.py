"""Where a report says its numbers come from: what was asked, how it ended, what was not."""

from dataclasses import replace

from reported import WITNESSES, asked, small_snapshot, witnessed_snapshot

from toolkit.exports import Report
from toolkit.store import Snapshot


def method(snapshot: Snapshot, **more: bool) -> dict[str, str]:
    return dict(Report.of(snapshot, **more).method)


def test_each_source_that_was_asked_says_what_it_told(witnessed_report: Report) -> None:
    said = dict(witnessed_report.method)
    assert {topic: said[topic] for topic in list(said)[5:10]} == {
        "GovCloud organization": "o-govcloud: 4 accounts",
        "Creations": "1 creation request",
        "Closures": "1 known",
        "Tags": "4 tags of 3 accounts",
        "GovCloud spend": "3 accounts, 2026-08 to 2026-10, unblended, some of it estimated",
    }
    assert "Not asked" not in said


def test_the_operations_are_those_of_the_sources_that_were_asked() -> None:
    tables = {name: WITNESSES[name] for name in ("witness", "tags")}
    assert method(asked(small_snapshot(), tables))["Sources"] == (
        "organizations ListAccounts, account GetGovCloudAccountInformation,"
        " workspaces ListAccountLinks, organizations ListAccounts in aws-us-gov,"
        " resourcegroupstaggingapi GetResources"
    )


def test_of_an_account_that_sees_itself_alone_no_list_is_said_to_be_asked() -> None:
    snapshot = asked(small_snapshot(), {}, {"tags": ("NOT_QUERYABLE", "It is told others.")})
    alone = replace(snapshot.manifest, caller_kind="member")
    said = method(Snapshot(snapshot.tables, alone))
    assert said["Snapshot"].endswith(": this account alone")
    assert said["Sources"] == ("account GetGovCloudAccountInformation, workspaces ListAccountLinks")


def test_a_source_that_was_not_asked_is_named_once_with_the_others() -> None:
    said = method(asked(small_snapshot(), {"tags": WITNESSES["tags"]}))
    assert said["Not asked"] == "GovCloud organization, creations, closures, GovCloud spend"
    assert said["Tags"] == "4 tags of 3 accounts"
    assert not {"GovCloud organization", "Creations", "Closures"} & set(said)


def test_a_snapshot_older_than_all_of_them_says_so_in_one_line(small_report: Report) -> None:
    said = dict(small_report.method)
    assert said["Not asked"] == "GovCloud organization, creations, closures, tags, GovCloud spend"
    assert said["Sources"] == (
        "organizations ListAccounts, account GetGovCloudAccountInformation,"
        " workspaces ListAccountLinks"
    )


def test_a_source_that_failed_says_why_in_one_line() -> None:
    ended = {
        "tags": ("ACCESS_DENIED", "tag:GetResources is not allowed"),
        "created": ("THROTTLED", None),
        "closures": ("FAILED", "x\x1b[31m" + "y" * 500),
        "spend": ("SOMETHING_NEW", None),
    }
    shown = method(asked(small_snapshot(), {}, ended))
    for topic, said in {
        "Tags": "access denied (tag:GetResources is",
        "Creations": "refused as too fast",
        "Closures": "no usable answer (x\N{REPLACEMENT CHARACTER}[31myyy",
        "GovCloud spend": "SOMETHING_NEW",
    }.items():
        assert shown[topic].startswith(said)
        assert len(shown[topic]) < 200


def test_what_an_older_snapshot_knew_of_closures_stands_beside_the_denial(
    small_report: Report,
) -> None:
    tables = {"closures": WITNESSES["closures"]}
    denied = {"closures": ("ACCESS_DENIED", "CloudTrail")}
    said = method(asked(small_snapshot(), tables, denied))
    assert said["Closures"] == "1 known; access denied (CloudTrail)"
    assert said["Time"].startswith("AWS tells when an account was closed")
    assert dict(small_report.method)["Time"].startswith("AWS gives no time of a state change")


def test_contacts_are_not_mentioned_unless_they_may_be_named(witnessed_report: Report) -> None:
    assert "Contacts" not in dict(witnessed_report.method)
    assert method(witnessed_snapshot(), contacts=True)["Contacts"] == "of 2 accounts"


def test_without_an_id_of_the_govcloud_organization_its_accounts_are_counted() -> None:
    snapshot = witnessed_snapshot()
    nameless = replace(snapshot.manifest, govcloud_organization_id=None)
    assert method(replace(snapshot, manifest=nameless))["GovCloud organization"] == "4 accounts"
