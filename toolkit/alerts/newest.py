"""Which snapshot stands for an organization where a store has several."""

from toolkit.errors import StoreError, StoreUnreachableError
from toolkit.store import Snapshot, Store
from toolkit.store.listing import warn


def newest(store: Store, organization: str) -> Snapshot:
    """Read the newest snapshot of a whole organization; where there is none, the newest.

    It is one that can be read, as `fleet` takes it; what cannot is named in a LeftOutWarning.
    Raises SnapshotNotFoundError where there is none, StoreError where none can be read.
    """
    listing = store.listing(organization)
    left_out = list(listing.left_out.values())
    for one in listing.newest_first:
        try:
            found = store.load(one.snapshot_id)
        except StoreUnreachableError:
            raise
        except StoreError as error:
            left_out.append(error)
        else:
            warn(left_out)
            return found
    return store.load(organization=organization)  # which says why there is none
