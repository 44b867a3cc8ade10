"""Who asks: the caller that a request's signature names, and what that caller may ask about."""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Literal, NamedTuple

from toolkit.emulator.organization import Account, Organization
from toolkit.emulator.refusals import Refusal, expired, unrecognized
from toolkit.emulator.services import Service

Kind = Literal["management", "delegated", "member", "standalone", "govcloud", "china"]

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")
_MEMBER = re.compile(r"MEMBER(\d{12})?")


class _Partition(NamedTuple):
    """A part of AWS that knows none of the commercial accounts: whom it knows, and where."""

    kind: Kind
    name: str
    regions: str
    account: Account


_PARTITIONS: dict[str, _Partition] = {
    "GOVCLOUD": _Partition("govcloud", "aws-us-gov", "us-gov-", Account("600000000006")),
    "CHINA": _Partition("china", "aws-cn", "cn-", Account("500000000005")),
}
_COMMERCIAL = "aws"


@dataclass(frozen=True, slots=True)
class Signature:
    """What the emulator reads from a request's signature; it does not verify it."""

    access_key: str
    region: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that asks, what it is in its organization, and the identity's own name."""

    account: Account
    kind: Kind
    arn: str
    user_id: str

    @property
    def in_organization(self) -> bool:
        """Tell whether the caller's account belongs to the organization."""
        return self.kind in {"management", "delegated", "member"}

    @property
    def sees_organization(self) -> bool:
        """Tell whether the caller may list and describe accounts."""
        return self.kind in {"management", "delegated"}


def read_signature(headers: Message, service: Service) -> Signature:
    """Read who signed a request, and for which service and Region."""
    authorization, status = headers.get("Authorization", ""), service.credentials_status
    if not authorization:
        raise Refusal(service.unsigned.code, service.unsigned.message, status)
    found = _CREDENTIAL.search(authorization)
    if found is None or "Signature=" not in authorization:
        message = "Authorization header requires existence of 'Credential' and 'Signature'."
        raise Refusal("IncompleteSignature", message, status)
    access_key, _, region, signed_for = found.groups()
    if signed_for != service.model.signing_name:
        message = f"Credential should be scoped to correct service: '{service.name}'."
        raise Refusal("InvalidSignatureException", message, status)
    if service.region not in {"", region}:
        message = f"Credential should be scoped to a valid region, not '{region}'."
        raise Refusal("InvalidSignatureException", message, status)
    return Signature(access_key, region, headers.get("X-Amz-Security-Token", ""))


def find_caller(organization: Organization, service: Service, signature: Signature) -> Caller:
    """Find the caller that the access key names; an unknown name is the management account."""
    key = signature.access_key.upper()
    far = next((one for name, one in _PARTITIONS.items() if name in key), None)
    if _partition_at(signature.region) != (far.name if far else _COMMERCIAL):
        # each partition knows its own keys alone
        raise unrecognized(service)
    if "EXPIRED" in key:
        raise expired(service)
    if far is not None:
        arn = f"arn:{far.name}:iam::{far.account.account_id}:user/analyst"
        return Caller(far.account, far.kind, arn, "AIDAEMULATEDANALYST00")
    account = None if "INVALID" in key else _account(organization, key)
    if account is None:
        raise unrecognized(service)
    role = signature.session.removeprefix("emulator/")
    arn, user_id = f"arn:aws:iam::{account.account_id}:user/analyst", "AIDAEMULATEDANALYST00"
    if signature.access_key.startswith("ASIA") and role != signature.session:
        arn = f"arn:aws:sts::{account.account_id}:assumed-role/{role}"
        user_id = f"AROAEMULATEDROLE00000:{role.partition('/')[2]}"
    return Caller(account, _kind(organization, account), arn, user_id)


def access_key_of(organization: Organization, account: Account) -> str:
    """Give a temporary access key that names this account as the caller."""
    if account.account_id == organization.management_account_id:
        return "ASIAMANAGEMENT000000"
    if account.account_id == organization.standalone.account_id:
        return "ASIASTANDALONE000000"
    if account.account_id == organization.lone.account_id:
        return "ASIANOORG00000000000"
    return f"ASIAMEMBER{account.account_id}"


def _partition_at(region: str) -> str:
    far = (one.name for one in _PARTITIONS.values() if region.startswith(one.regions))
    return next(far, _COMMERCIAL)


def _account(organization: Organization, key: str) -> Account | None:
    if "DELEGATED" in key:
        return organization.by_id.get(organization.delegated_account_id or "")
    if "STANDALONE" in key:
        return organization.standalone
    if "NOORG" in key or "NO-ORGANIZATION" in key:
        return organization.lone
    member = _MEMBER.search(key)
    if member is None:
        return organization.by_id[organization.management_account_id]
    if member[1]:
        return organization.by_id.get(member[1])
    above = {organization.management_account_id, organization.delegated_account_id}
    return next((a for a in organization.accounts if a.account_id not in above), None)


def _kind(organization: Organization, account: Account) -> Kind:
    if account.account_id == organization.management_account_id:
        return "management"
    if account.account_id == organization.delegated_account_id:
        return "delegated"
    return "member" if account.account_id in organization.by_id else "standalone"
