"""What people of a made-up company write on its accounts: tags, and whom AWS should call."""

import zlib
from collections.abc import Iterator, Sequence

from toolkit.emulator.names import HOSTILE, NameStyle
from toolkit.emulator.records import Account, Contact, Tag

_PEOPLE = (
    "Ana Ruiz", "Ben Okafor", "Chloe Martin", "Dev Patel", "Elif Kaya", "Farah Aziz",
    "Goran Novak", "Hana Sato", "Ines Costa", "Jonas Weber", "Kai Nakoa", "Lena Olsen",
)  # fmt: skip
_STAGES = {"Production": "prod", "Staging": "stage", "Development": "dev", "Sandbox": "sandbox"}
# Each kind of contact: how many of 100 accounts have it, and what the person is.
_CONTACTS = (
    ("BILLING", 85, "Financial controller"),
    ("OPERATIONS", 45, "Operations lead"),
    ("SECURITY", 35, "Security officer"),
)


def make_tags(people: Sequence[Account], names: NameStyle) -> list[Tag]:
    """Tag most accounts by owner, stage and cost center; a few by other hands than the others."""
    return [tag for account in people for tag in _tags(account, names)]


def _tags(account: Account, names: NameStyle) -> Iterator[Tag]:
    account_id, number = account.account_id, _number(account, "tags")
    if number % 100 < 8:  # noqa: PLR2004 - of a hundred accounts, so many have none
        return
    odd = number // 100 % 100
    owner = _PEOPLE[number % len(_PEOPLE)].lower().replace(" ", ".")
    stage = _STAGES.get(account.unit[-1] if account.unit else "", ("prod", "test")[number % 2])
    if names == "hostile":
        owner, stage = HOSTILE[number % len(HOSTILE)], "=1+1"
    # how it comes when nobody checks: another case, a blank, nothing at all
    yield Tag(account_id, "Owner" if odd < 3 else "owner", " " if odd in {3, 4} else owner)  # noqa: PLR2004
    if number % 7:
        yield Tag(account_id, "stage", "" if odd == 5 else stage)  # noqa: PLR2004
    if number % 4:
        yield Tag(account_id, "cost-center", f"CC-{1000 + 25 * (number % 40)}")


def make_contacts(people: Sequence[Account], names: NameStyle) -> list[Contact]:
    """Name whom to call: for bills mostly, for the rest more rarely, for some accounts nobody."""
    found = []
    for account in people:
        for kind, share, title in _CONTACTS:
            number = _number(account, kind)
            if number % 100 >= share:
                continue
            name = _PEOPLE[number // 100 % len(_PEOPLE)]
            mailbox = name.lower().replace(" ", ".")
            if names == "hostile":
                name = HOSTILE[number % len(HOSTILE)]
            phone = f"+1 202 555 {number % 10_000:04}"
            contact = Contact(
                account.account_id, kind, name, title, f"{mailbox}@example.com", phone
            )
            found.append(contact)
    return found


def _number(account: Account, about: str) -> int:
    """Give a number that looks random and is the same on every day."""
    return zlib.crc32(f"{about}/{account.account_id}".encode())
