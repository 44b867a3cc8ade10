"""What a finished run tells about itself."""

from typing import Final

from toolkit import schema
from toolkit.aws import WHY_ALONE
from toolkit.schema import Outcome
from toolkit.store import Manifest, Snapshot
from toolkit.text import duration

_FURTHER: Final = {
    "witness": ("GovCloud account in its organization's own list", "the GovCloud organization"),
    "created": ("creation", "creations"),
    "closures": ("closure", "closures"),
    "tags": ("tag", "tags"),
    "spend": ("monthly amount", "spend"),
    "contacts": ("contact", "contacts"),
}
"""What a row of each further source is called, and the source itself."""


def summary(snapshot: Snapshot) -> str:
    """Return a few lines on a run: its outcomes, calls, throttles, the rate found and the time."""
    manifest = snapshot.manifest
    counts = [
        f"{manifest.outcomes[outcome]:,} {schema.label(outcome).lower()}"
        for outcome in Outcome
        if manifest.outcomes.get(outcome)
    ]
    lines = [
        f"Snapshot {snapshot.id}: "
        + (
            f"completed the snapshot of {manifest.taken:%Y-%m-%d %H:%M} UTC"
            if manifest.completed
            else "took a new one"
        ),
        (
            f"{_counted(manifest.accounts, 'account')}: {', '.join(counts) or 'none'};"
            f" {_links(manifest)}"
        ),
        f"{_counted(manifest.calls, 'call')}, {manifest.throttled:,} throttled"
        + (f", {manifest.calls_saved:,} saved by earlier answers" if manifest.calls_saved else "")
        + (f", {manifest.rate:,.1f}/s is the rate found" if manifest.rate else "")
        + f", {duration(manifest.seconds)}",
    ]
    if manifest.caller_kind in WHY_ALONE:
        lines.append(" ".join(WHY_ALONE[manifest.caller_kind]))
    silent = [
        f"{region} ({schema.label(row['outcome']).lower()})"
        for region, row in manifest.regions.items()
        if row["outcome"] != Outcome.FOUND
    ]
    if silent:
        lines.append(f"No account links seen in {', '.join(silent)}")
    if manifest.roles:
        lines.append(f"{_counted(len(manifest.roles), 'account')} could not be asked by role")
    lines += _further(snapshot)
    newest = snapshot.store.ids(manifest.organization_id)[-1] if snapshot.store else snapshot.id
    if newest > snapshot.id:
        lines.append(
            f"The store has a later snapshot, {newest}: the clock of this machine, or of the one"
            " that took it, is wrong."
        )
    return "\n".join(lines)


def _further(snapshot: Snapshot) -> list[str]:
    """Say what the sources beside the pairs gave, and once why one gave nothing."""
    manifest = snapshot.manifest
    asked = {name: manifest.sources[name] for name in _FURTHER if name in manifest.sources}
    seen = [
        _counted(len(snapshot.table(name)), noun)
        for name, (noun, _) in _FURTHER.items()
        if name in asked and asked[name]["outcome"] == Outcome.FOUND
    ]
    lines = [f"Also seen: {', '.join(seen)}"] if seen else []
    lines += [
        f"Not seen: {_FURTHER[name][1]}: {ended['detail'] or schema.label(ended['outcome'])}"
        for name, ended in asked.items()
        if ended["outcome"] != Outcome.FOUND
    ]
    return lines


def _links(manifest: Manifest) -> str:
    """Say how many account links there are, or why nobody knows."""
    why = manifest.why_no_links
    return f"account links {why}" if why else _counted(manifest.links, "account link")


def _counted(number: int, noun: str) -> str:
    head, _, rest = noun.partition(" in ")
    return f"{number:,} {head}" + ("" if number == 1 else "s") + (f" in {rest}" if rest else "")
