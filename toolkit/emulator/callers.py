"""Who asks: the caller that a request's signature names, and what that caller may ask about."""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Literal, NamedTuple

from toolkit.emulator.organization import COMMERCIAL, GOVCLOUD, Organization
from toolkit.emulator.records import Account
from toolkit.emulator.refusals import Refusal, expired, unrecognized
from toolkit.emulator.services import Service

Kind = Literal["management", "delegated", "member", "standalone"]

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/,\s]+)/([^/,\s]+)/aws4_request")
_MEMBER = re.compile(r"MEMBER(\d{12})?")


class _Partition(NamedTuple):
    """A part of AWS that knows none of the commercial accounts, and by what one knows it.

    `stranger` is who asks there for a company that has no organization in it.
    """

    name: str
    key: str
    regions: str
    stranger: Account


_PARTITIONS = (
    _Partition(GOVCLOUD, "GOVCLOUD", "us-gov-", Account("600000000006")),
    _Partition("aws-cn", "CHINA", "cn-", Account("500000000005")),
)
_NOBODY = Account("000000000000")


@dataclass(frozen=True, slots=True)
class Signature:
    """What the emulator reads from a request's signature; it does not verify it."""

    access_key: str
    region: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that asks, what it is in its organization, and the identity's own name."""

    organization: Organization
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
    if service.regions and region != service.regions.get(_partition_at(region)):
        message = f"Credential should be scoped to a valid region, not '{region}'."
        raise Refusal("InvalidSignatureException", message, status)
    return Signature(access_key, region, headers.get("X-Amz-Security-Token", ""))


def find_caller(organization: Organization, service: Service, signature: Signature) -> Caller:
    """Find the caller that the access key names; an unknown name is the management account."""
    key = signature.access_key.upper()
    far = next((one for one in _PARTITIONS if one.key in key), None)
    if _partition_at(signature.region) != (far.name if far else COMMERCIAL):
        # each partition knows its own keys alone
        raise unrecognized(service)
    if "EXPIRED" in key:
        raise expired(service)
    home = organization if far is None else _organization_in(far, organization)
    account = None if "INVALID" in key else _account(home, key)
    if account is None:
        raise unrecognized(service)
    role = signature.session.removeprefix("emulator/")
    owner = f"arn:{home.partition}:%s::{account.account_id}"
    arn, user_id = f"{owner % 'iam'}:user/analyst", "AIDAEMULATEDANALYST00"
    if signature.access_key.startswith("ASIA") and role != signature.session:
        arn = f"{owner % 'sts'}:assumed-role/{role}"
        user_id = f"AROAEMULATEDROLE00000:{role.partition('/')[2]}"
    return Caller(home, account, _kind(home, account), arn, user_id)


def access_key_of(organization: Organization, account: Account) -> str:
    """Give a temporary access key that names this account as the caller."""
    names = (one.key for one in _PARTITIONS if one.name == organization.partition)
    far = f"ASIA{next(names, '')}"
    if account.account_id == organization.management_account_id:
        return f"{far}MANAGEMENT000000"
    if account.account_id == organization.standalone.account_id:
        return f"{far}STANDALONE000000"
    if account.account_id == organization.lone.account_id:
        return f"{far}NOORG00000000000"
    return f"{far}MEMBER{account.account_id}"


def _partition_at(region: str) -> str:
    far = (one.name for one in _PARTITIONS if region.startswith(one.regions))
    return next(far, COMMERCIAL)


def _organization_in(far: _Partition, organization: Organization) -> Organization:
    """Give the company's organization in another partition, or one to which its caller is alien."""
    if far.name == GOVCLOUD and organization.govcloud:
        return organization.govcloud
    return Organization([_NOBODY], standalone=far.stranger, lone=far.stranger, partition=far.name)


def _account(organization: Organization, key: str) -> Account | None:
    if "DELEGATED" in key:
        return organization.by_id.get(organization.delegated_account_id or "")
    if "STANDALONE" in key:
        return organization.standalone
    if "NOORG" in key or "NO-ORGANIZATION" in key:
        return organization.lone
    member = _MEMBER.search(key)
    if member is None:
        manager = organization.by_id[organization.management_account_id]
        return organization.standalone if manager == _NOBODY else manager
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
