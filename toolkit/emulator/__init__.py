"""A local AWS endpoint over a synthetic organization: for the demo, the tests and the notebooks.

It speaks AWS's wire and nothing else, binds to 127.0.0.1 only, and is no part of the library.
"""

from toolkit.emulator.endpoint import Emulator
from toolkit.emulator.moved import told_on
from toolkit.emulator.organization import REFERENCE_DAY, Organization
from toolkit.emulator.records import Account, Closure, Contact, Creation, Link, Spend, Tag
from toolkit.emulator.story import make_organization
from toolkit.emulator.switches import Switches

__all__ = [
    "REFERENCE_DAY",
    "Account",
    "Closure",
    "Contact",
    "Creation",
    "Emulator",
    "Link",
    "Organization",
    "Spend",
    "Switches",
    "Tag",
    "make_organization",
    "told_on",
]
