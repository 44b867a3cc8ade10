"""The way to AWS: sessions, clients, the caller, typed calls; boto3 lives here alone."""

from toolkit.aws.access import check_access
from toolkit.aws.connection import connect, link_regions, profiles
from toolkit.aws.local import connect_local
from toolkit.aws.operations import Aws, Caller
from toolkit.aws.translation import Operation

__all__ = [
    "Aws",
    "Caller",
    "Operation",
    "check_access",
    "connect",
    "connect_local",
    "link_regions",
    "profiles",
]
