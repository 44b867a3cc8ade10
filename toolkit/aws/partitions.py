"""The parts of AWS that know nothing of each other: commercial, GovCloud, China."""

from typing import Final

from toolkit.aws.translation import Login
from toolkit.errors import InputError

COMMERCIAL: Final = "aws"
GOVCLOUD: Final = "aws-us-gov"

PARTITIONS: Final = {
    COMMERCIAL: "commercial AWS",
    GOVCLOUD: "AWS GovCloud (US)",
    "aws-cn": "AWS China",
}
"""What each partition is called in a sentence; any other as AWS calls it."""

_REGIONS: Final = {GOVCLOUD: "us-gov-", "aws-cn": "cn-"}

_ALONE: Final = {
    COMMERCIAL: (
        "commercial AWS tells which accounts are paired",
        "Choose a profile of the commercial organization.",
    ),
    GOVCLOUD: (
        "AWS GovCloud (US) tells what is in the GovCloud organization",
        "Name a profile with keys of the GovCloud organization.",
    ),
}
"""What each partition alone can tell, and which profile to choose."""


def partition_of(arn: str) -> str:
    """Return the partition that an ARN names."""
    return arn.split(":")[1] if arn.count(":") > 1 else ""


def partition_at(region: str) -> str:
    """Return the partition that a Region is in."""
    return next(
        (name for name, starts in _REGIONS.items() if region.startswith(starts)), COMMERCIAL
    )


def refuse_partition(arn: str, login: Login, wanted: str = COMMERCIAL) -> None:
    """Raise InputError for a caller of another partition than the one that is wanted."""
    partition = partition_of(arn)
    if partition == wanted:
        return
    why, hint = _ALONE[wanted]
    raise InputError(
        f"{login.whose} are of {PARTITIONS.get(partition, partition)}, and only {why}.", hint
    )
