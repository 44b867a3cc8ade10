"""What the tagging API answers: the tags of many resources at once."""

from typing import Any

from toolkit.emulator.call import Call, page
from toolkit.emulator.organization import arn
from toolkit.emulator.records import Tag
from toolkit.emulator.refusals import Refusal

_REGION = "us-east-1"
_TYPES = {"organizations", "organizations:account"}
_USUAL_PAGE = 50
_LARGEST_PAGE = 100


def get_resources(call: Call) -> dict[str, Any]:
    """List the tagged accounts with their tags, as resources of the management account.

    Whatever else the caller's account may have tagged is not known here.
    """
    size = call.params.get("ResourcesPerPage", _USUAL_PAGE)
    if not 1 <= size <= _LARGEST_PAGE:
        raise _invalid(f"ResourcesPerPage must be a value between 1 and {_LARGEST_PAGE}.")
    if call.params.get("PaginationToken") == "":  # what the last page gave
        del call.params["PaginationToken"]
    invalid = _invalid("The pagination token is not valid.")
    shown, more = page(call, _found(call), size, invalid, member="PaginationToken")
    return {
        "ResourceTagMappingList": [
            {
                "ResourceARN": arn(call.organization, "account", account_id),
                "Tags": [{"Key": tag.key, "Value": tag.value} for tag in tags],
            }
            for account_id, tags in shown
        ],
        "PaginationToken": "",
        **more,
    }


def _found(call: Call) -> list[tuple[str, list[Tag]]]:
    wanted, organization = call.params.get("ResourceTypeFilters"), call.organization
    if call.caller.kind != "management" or call.region != _REGION:
        return []
    if wanted and not _TYPES & set(wanted):
        return []
    arns = set(call.params.get("ResourceARNList", ()))
    asked = [one for one in call.params.get("TagFilters", ()) if "Key" in one]
    return [
        (account_id, tags)
        for account_id, tags in organization.tags_of.items()
        if all(_has(tags, one["Key"], one.get("Values")) for one in asked)
        and (not arns or arn(organization, "account", account_id) in arns)
    ]


def _has(tags: list[Tag], key: str, values: list[str] | None) -> bool:
    return any(tag.key == key and (not values or tag.value in values) for tag in tags)


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterException", message)
