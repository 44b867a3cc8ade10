"""Spells: how long each account has been in what state, folded over all snapshots of a store.

A spell is a row of SPELLS: an account, and the time in which every snapshot showed it the same. All
that is known of time is in them: since when, what left the list, and every count of every day. They
are kept in the store, as what can be thrown away and made again: the next day costs one snapshot.
"""

from toolkit.spells.fold import Fold
from toolkit.spells.kept import spells_of
from toolkit.spells.spells import Spells

__all__ = ["Fold", "Spells", "spells_of"]
