"""The manifests of a place, those of a far one kept together, so that a list of them is one object.

A list of a bucket's snapshots costs a request a manifest. What was read is kept beside them, by
snapshot and version; whatever in it is damaged, foreign or old is read anew.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from toolkit.store import keys
from toolkit.store.place import Place

_NAME: Final = "manifests.json"
_FORMAT: Final = 1


def read_manifests(place: Place, versions: Mapping[str, str]) -> dict[str, bytes | OSError]:
    """Return what the manifest of each snapshot holds, or why it cannot be read, in their order.

    Raises OSError where nothing there can be read.
    """
    if not place.is_far:
        return _read(place, versions)
    organizations = dict.fromkeys(map(keys.organization, versions))
    key_of = {one: keys.kept_key(one, _NAME) for one in organizations}
    found = place.read_many(key_of.values())
    contents: dict[str, bytes | OSError] = {}
    kept = {one: _kept(found[key]) for one, key in key_of.items()}
    for snapshot_id, version in versions.items():
        known = kept[keys.organization(snapshot_id)].get(snapshot_id)
        if known is not None and known[0] == version:
            contents[snapshot_id] = known[1].encode()
    contents |= _read(place, [one for one in versions if one not in contents])
    for organization, key in key_of.items():
        new = {
            one: (version, text)
            for one, version in versions.items()
            if keys.organization(one) == organization and (text := _text(contents[one])) is not None
        }
        if new != kept[organization]:
            # Who may only read, reads as well without it.
            with suppress(OSError):
                place.write(key, _written(new))
    return {one: contents[one] for one in versions}


def _read(place: Place, ids: Any) -> dict[str, bytes | OSError]:
    key_of = {one: keys.manifest_key(one) for one in ids}
    found = place.read_many(key_of.values())
    return {one: found[key] for one, key in key_of.items()}


def _text(content: bytes | OSError) -> str | None:
    with suppress(UnicodeDecodeError):
        return None if isinstance(content, OSError) else content.decode()
    return None


def _written(manifests: Mapping[str, tuple[str, str]]) -> bytes:
    values = {"format": _FORMAT, "manifests": manifests}
    return json.dumps(values, ensure_ascii=False).encode()


def _kept(content: bytes | OSError) -> dict[str, tuple[str, str]]:
    """Return what is kept, version and text by snapshot; nothing where that cannot be."""
    if isinstance(content, OSError):
        return {}
    with suppress(ValueError, RecursionError):
        values = json.loads(content)
        if isinstance(values, dict) and values.get("format") == _FORMAT:
            manifests = values.get("manifests")
            if isinstance(manifests, dict):
                return {
                    one: (known[0], known[1])
                    for one, known in manifests.items()
                    if isinstance(known, list) and list(map(type, known)) == [str, str]
                }
    return {}
