"""FIPS: addresses that AWS's tools make up by rule, and that are not everywhere."""

from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from botocore.loaders import Loader

from toolkit.errors import AwsError, UnreachableError

if TYPE_CHECKING:
    from toolkit.aws.translation import Operation

_MARK: Final = "-fips."


def is_fips(address: str) -> bool:
    """Say whether a URL is one of AWS's FIPS addresses."""
    host = urlsplit(address).hostname or ""
    return _MARK in host and host.endswith((".amazonaws.com", ".api.aws"))


def unreachable(address: str, reason: str, operation: "Operation", code: str) -> AwsError | None:
    """Return the error for a FIPS address that gave no answer; None where it is no such address.

    Where AWS is not known to have that address in a Region, asking again would not help: the error
    is then none of the network.
    """
    if not is_fips(address):
        return None
    if not operation.regional:
        variable = f"AWS_ENDPOINT_URL_{operation.service.upper()}"
        return UnreachableError(
            f"No answer from {address}: {reason}. Your settings ask for FIPS, which AWS may not"
            f" have for this service.",
            f"If you may go without it there: {variable}="
            f"https://{operation.service}.us-east-1.amazonaws.com",
            code=code,
            operation=str(operation),
        )
    region = (urlsplit(address).hostname or "").split(_MARK)[1].split(".")[0]
    if region in _regions(operation.service):
        return None
    return AwsError(
        f"{operation.service} has no known FIPS address in {region}, and {address} gave no answer"
        f" ({reason}).",
        "Leave the Region out, or ask without FIPS.",
        code=code,
        operation=str(operation),
    )


@cache
def _regions(service: str) -> frozenset[str]:
    """Return the Regions in which botocore knows a FIPS address of a service."""
    known = Loader().load_data("endpoints")["partitions"]
    return frozenset(
        region
        for partition in known
        for region, endpoint in partition["services"].get(service, {}).get("endpoints", {}).items()
        if any("fips" in variant["tags"] for variant in endpoint.get("variants", ()))
    )
