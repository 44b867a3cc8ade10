"""The GovCloud organization's own list: what it shows of the pairs, and of whom nobody pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from toolkit.emulator.names import HOSTILE, unit_names
from toolkit.emulator.records import Account, email
from toolkit.emulator.scripts import FAR_SCRIPTS, Role, days_in_state, scene_at
from toolkit.emulator.slots import STRANGERS, Slot, Story, at_minute, serial_of

FORGOTTEN_DAYS = 63
"""So long an account stays a member after its standard account has left the organization."""

_CLOSED_DAYS = 90
_INVITED_AFTER = timedelta(minutes=45)
# Members that nobody here pays for: a bought company's, a vendor's, a pilot that someone forgot.
_STRANGERS = (
    ("northwind-imagery-gov", ("Acquisitions", "Northwind"), "ACTIVE"),
    ("northwind-casework-gov", ("Acquisitions", "Northwind"), "ACTIVE"),
    ("contoso-telemetry-gov", ("Acquisitions", "Contoso"), "ACTIVE"),
    ("atlas-support-vendor", ("Infrastructure", "Shared Services"), "ACTIVE"),
    ("helios-pilot", ("Sandbox",), "SUSPENDED"),
)
_STRANGERS_EACH = 300


def make_members(story: Story, people: Sequence[Account]) -> list[Account]:
    """List the members, the management account's GovCloud account first, strangers last."""
    members = []
    for slot, account in zip(story.slots, people, strict=True):
        members += [*_present(story, slot, account), *_left(story, slot)]
    return [*members, *_strangers(story)]


def _present(story: Story, slot: Slot, account: Account) -> Iterator[Account]:
    """Show the GovCloud account of whoever is in the slot, unless it is no member."""
    part, state = slot.part, account.govcloud_state
    if part.role is Role.HALF_MADE and slot.number % 2:
        turn, _, _ = story.now(slot)
        yield _member(account, story.govcloud_ids[serial_of(slot, turn)], "ACTIVE")
    if account.govcloud_account_id is None or state is None or part.role is Role.UNINVITED:
        return
    if part.role in FAR_SCRIPTS:
        state = scene_at(FAR_SCRIPTS[part.role], story.today + part.phase)[2].govcloud or state
    if state == "CLOSED":
        closed = days_in_state(part.script, story.today + part.phase, "govcloud")
        if closed is None or closed >= _CLOSED_DAYS:
            return
    yield _member(account, account.govcloud_account_id, state)


def _left(story: Story, slot: Slot) -> Iterator[Account]:
    """Show the GovCloud account of who was in the slot before and is not in the list any more."""
    _, within, _ = story.now(slot)
    if not slot.part.script.vanishes or within >= FORGOTTEN_DAYS:
        return
    gone = story.account(slot, later=-1)
    if gone.govcloud_account_id and gone.govcloud_state and gone.govcloud_state != "CLOSED":
        is_restricted = slot.part.role is Role.LEAVES and slot.number % 5 == 0
        yield _member(
            gone, gone.govcloud_account_id, "SUSPENDED" if is_restricted else gone.govcloud_state
        )


def _strangers(story: Story) -> Iterator[Account]:
    for number in range(len(story.slots) // _STRANGERS_EACH * len(_STRANGERS)):
        again, which = divmod(number, len(_STRANGERS))
        name, unit, state = _STRANGERS[which]
        name += f"-{again + 1}" if again else ""
        yield Account(
            account_id=story.govcloud_ids[STRANGERS + number],
            name=HOSTILE[number % len(HOSTILE)] if story.names == "hostile" else name,
            standard_state=state,
            unit=unit_names(unit, story.names),
            email=f"{name}@example.com",
            joined_method="INVITED",
            joined_at=at_minute(-100 - 7 * number, 600 + number),
        )


def _member(account: Account, govcloud_id: str, state: str) -> Account:
    """Show an account as GovCloud has it: the two of a pair are created with one name and address.

    None is created in the GovCloud partition, so that each was invited.
    """
    return replace(
        account,
        account_id=govcloud_id,
        standard_state=state,
        govcloud_account_id=None,
        govcloud_state=None,
        email=email(account),
        joined_method="INVITED",
        joined_at=account.joined_at + _INVITED_AFTER,
    )
