"""What WorkSpaces answers: the account links of the caller, in one Region."""

from typing import Any

from toolkit.emulator.call import Call, page
from toolkit.emulator.organization import COMMERCIAL
from toolkit.emulator.records import Link
from toolkit.emulator.refusals import Refusal, unrecognized
from toolkit.emulator.shapes import regions

_LINKS_PAGE = 25


def get_account_link(call: Call) -> dict[str, Any]:
    """Tell one link of the caller's account in this Region, by its id or its other end."""
    _require_region(call)
    own = call.caller.account.account_id
    wanted, other = call.params.get("LinkId"), call.params.get("LinkedAccountId")
    if (wanted is None and other is None) or other == own:
        raise Refusal(
            "ValidationException",
            "You either haven't provided a TargetAccountId or are using the same value for "
            "TargetAccountId and SourceAccountId.",
        )
    for link in call.organization.links_of(own, call.region):
        ends = {link.source_account_id, link.target_account_id}
        if wanted in {None, link.link_id} and (other is None or other in ends):
            return {"AccountLink": _told(link)}
    raise Refusal(
        "ResourceNotFoundException",
        "The account link could not be found.",
        members={"ResourceId": wanted or other},
    )


def list_account_links(call: Call) -> dict[str, Any]:
    """List the links of the caller's account in this Region, 25 a page."""
    _require_region(call)
    wanted = call.params.get("LinkStatusFilter")
    links = [
        link
        for link in call.organization.links_of(call.caller.account.account_id, call.region)
        if not wanted or link.link_status in wanted
    ]
    size = call.params.get("MaxResults", _LINKS_PAGE)
    invalid = Refusal("ValidationException", "The value of NextToken is not valid.")
    shown, more = page(call, links, size, invalid)
    return {"AccountLinks": [_told(link) for link in shown], **more}


def _require_region(call: Call) -> None:
    if call.organization.partition != COMMERCIAL:
        # there are no account links in other partitions
        raise Refusal("UnknownOperationException", "", 400)
    if call.region in call.switches.disabled_regions:
        # what a Region says that the account has not opted in to
        raise unrecognized(call.service)
    if call.region not in regions(call.service.name):
        message = f"Credential should be scoped to a valid region, not '{call.region}'."
        raise Refusal("InvalidSignatureException", message, 400)
    if call.region in call.switches.denied_regions:
        raise call.denied()


def _told(link: Link) -> dict[str, str]:
    return {
        "AccountLinkId": link.link_id,
        "AccountLinkStatus": link.link_status,
        "SourceAccountId": link.source_account_id,
        "TargetAccountId": link.target_account_id,
    }
