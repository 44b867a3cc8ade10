"""A local AWS endpoint over a synthetic organization: for the demo, the tests and the notebooks.

It speaks AWS's wire and nothing else, binds to 127.0.0.1 only, and is no part of the library.
"""

from toolkit.emulator.endpoint import Emulator
from toolkit.emulator.organization import Account, Link, Organization
from toolkit.emulator.story import REFERENCE_DAY, make_organization
from toolkit.emulator.switches import Switches

__all__ = [
    "REFERENCE_DAY",
    "Account",
    "Emulator",
    "Link",
    "Organization",
    "Switches",
    "make_organization",
]
