"""The way to AWS: sessions, clients, the caller, typed calls; boto3 lives here alone."""

from toolkit.aws.access import check_access, check_organization, explains_every_denial
from toolkit.aws.connection import connect, link_regions, profiles
from toolkit.aws.local import connect_local
from toolkit.aws.operations import Aws, Caller
from toolkit.aws.translation import UNREACHABLE_CODES, Operation

__all__ = [
    "UNREACHABLE_CODES",
    "Aws",
    "Caller",
    "Operation",
    "check_access",
    "check_organization",
    "connect",
    "connect_local",
    "explains_every_denial",
    "link_regions",
    "profiles",
]
