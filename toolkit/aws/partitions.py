"""The parts of AWS that know nothing of each other: commercial, GovCloud, China."""

from typing import Final

from toolkit.aws.translation import Login
from toolkit.errors import InputError

COMMERCIAL: Final = "aws"

PARTITIONS: Final = {
    COMMERCIAL: "commercial AWS",
    "aws-us-gov": "AWS GovCloud (US)",
    "aws-cn": "AWS China",
}
"""What each partition is called in a sentence; any other as AWS calls it."""


def partition_of(arn: str) -> str:
    """Return the partition that an ARN names."""
    return arn.split(":")[1] if arn.count(":") > 1 else ""


def refuse_partition(arn: str, login: Login) -> None:
    """Raise InputError for a caller of another partition than the commercial one."""
    partition = partition_of(arn)
    if partition == COMMERCIAL:
        return
    raise InputError(
        f"{login.whose} are of {PARTITIONS.get(partition, partition)}, and only commercial AWS"
        " tells which accounts are paired.",
        "Choose a profile of the commercial organization.",
    )
