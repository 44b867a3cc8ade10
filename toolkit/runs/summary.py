"""What a finished run tells about itself."""

from toolkit import schema
from toolkit.aws import WHY_ALONE
from toolkit.runs.progress import duration
from toolkit.schema import Outcome
from toolkit.store import Snapshot


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
            f" {_counted(manifest.links, 'account link')}"
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
    newest = snapshot.store.ids(manifest.organization_id)[-1] if snapshot.store else snapshot.id
    if newest > snapshot.id:
        lines.append(
            f"The store has a later snapshot, {newest}: the clock of this machine, or of the one"
            " that took it, is wrong."
        )
    return "\n".join(lines)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
