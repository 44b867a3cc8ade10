"""When a made-up company closed accounts, as CloudTrail's event history has it."""

from collections.abc import Iterator
from datetime import timedelta

from toolkit.emulator.records import Closure
from toolkit.emulator.scripts import CLOSING, C, timeline
from toolkit.emulator.slots import Slot, Story, at_minute

_FAILS_EACH = 3
_FAILS_BEFORE = 2


def make_closures(story: Story) -> list[Closure]:
    """List the closures of all who are in the organization, tries that failed among them."""
    vanishing = (slot for slot in story.slots if slot.part.script.vanishes)
    return [closure for slot in vanishing for closure in _closures(story, slot)]


def _closures(story: Story, slot: Slot) -> Iterator[Closure]:
    """Give one closure as it is accepted, one as it is complete; some were tried in vain before."""
    script = slot.part.script
    _, within, _ = story.now(slot)
    began = story.today - within
    starts = [0, *timeline(script)[0]]
    shown = ""
    for scene, start in zip(script.scenes, starts, strict=False):
        if start - _FAILS_BEFORE > within:
            return
        if scene.standard != shown and scene.standard in {CLOSING, C}:
            account_id = story.account(slot).account_id
            at = at_minute(began + start, slot.minute) + timedelta(seconds=slot.number % 60)
            if scene.standard == CLOSING and slot.number % _FAILS_EACH == 0:
                yield Closure(account_id, at - timedelta(days=_FAILS_BEFORE), "FAILED")
            if start <= within:
                yield Closure(account_id, at)
        shown = scene.standard
