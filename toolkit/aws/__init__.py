"""The way to AWS: sessions, clients, the caller, typed calls; boto3 lives here alone."""

from toolkit.aws.access import check_access, check_organization, explains_every_denial
from toolkit.aws.connection import connect, link_regions, profiles
from toolkit.aws.findings import (
    SEES,
    WHY_ALONE,
    Finding,
    Findings,
    Standing,
    examine,
    examine_govcloud,
)
from toolkit.aws.local import connect_local
from toolkit.aws.operations import Aws, Caller, organization_of
from toolkit.aws.translation import Operation

__all__ = [
    "SEES",
    "WHY_ALONE",
    "Aws",
    "Caller",
    "Finding",
    "Findings",
    "Operation",
    "Standing",
    "check_access",
    "check_organization",
    "connect",
    "connect_local",
    "examine",
    "examine_govcloud",
    "explains_every_denial",
    "link_regions",
    "organization_of",
    "profiles",
]
