"""A collection on screen: how far it is while it runs, and what came of it."""

from typing import Final

import streamlit as st

from toolkit.app import runs, source
from toolkit.app.pages import OVERVIEW
from toolkit.app.parts import plain
from toolkit.app.runs import Run, Status
from toolkit.errors import ToolkitError
from toolkit.runs import Progress
from toolkit.runs.progress import PHASES
from toolkit.runs.resume import GO_ON
from toolkit.schema import MENDABLE_OUTCOMES, Outcome, label
from toolkit.store import Manifest
from toolkit.text import duration
from toolkit.titles import counted

_LOOK: Final = 1.0
"""Seconds between two looks at a run that is under way."""

_STAYS: Final = "It goes on when you leave this page or close the tab."
_KEPT: Final = "Every answer so far is kept: resuming asks only for what is missing."


def show(run: Run) -> None:
    """Show the run: live while it is under way, and what can be done with it once it has ended."""
    if run.is_under_way:
        st.fragment(_show_progress, run_every=_LOOK)(run)
    elif run.status is Status.FINISHED and run.manifest:
        _show_finished(run, run.manifest)
    else:
        _show_unfinished(run)


def _show_progress(run: Run) -> None:
    if not run.is_under_way:
        st.rerun()
    stopping = run.status is Status.STOPPING
    with st.container(border=True, key="run"):
        # The button stands above what grows, so that it stays under the pointer.
        title, button = st.columns([5, 1], vertical_alignment="center")
        with title:
            plain.write(f"{'Stopping: ' if stopping else 'Collecting '}{run.whose}", "h2")
            plain.write("What is in flight is still received." if stopping else _STAYS, "small")
        button.button(
            "Stopping" if stopping else "Stop",
            icon=":material/stop_circle:",
            key="run-stop",
            disabled=stopping,
            on_click=run.stop,
            width="stretch",
        )
        _show_figures(run.progress)


def _show_figures(progress: Progress | None) -> None:
    if progress is None:
        st.progress(0.0, text="Finding out who is asking")
        return
    share = min(progress.done / progress.total, 1.0) if progress.total else 0.0
    how_many = f": {_how_many(progress)}" if progress.total else ""
    st.progress(share, text=f"{PHASES[progress.phase]}{how_many}")
    left = progress.seconds_left
    figures = {
        "Looked up": _how_many(progress),
        "Rate": f"{progress.rate:,.1f}/s",
        "Throttled": f"{progress.throttled:,}",
        "Time left": "not known yet" if left is None else duration(left),
    }
    for place, (name, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        place.metric(name, value, border=True)
    _show_outcomes(dict(progress.outcomes), "Results so far")


def _how_many(progress: Progress) -> str:
    return f"{progress.done:,} of {progress.total:,}" if progress.total else "–"


def _show_outcomes(outcomes: dict[str, int], title: str) -> None:
    there = {label(word): f"{outcomes[word]:,}" for word in Outcome if outcomes.get(word)}
    if there:
        plain.write(title, "h3")
        plain.facts(there)


def _show_finished(run: Run, manifest: Manifest) -> None:
    with st.container(border=True, key="run"):
        plain.write(
            f"Collected {counted(manifest.accounts, 'account')} in {duration(manifest.seconds)}",
            "h2",
        )
        plain.write(f"Snapshot {manifest.snapshot_id} of {run.whose}", "small")
        again = sum(manifest.outcomes.get(outcome, 0) for outcome in MENDABLE_OUTCOMES)
        if again:
            plain.message(
                "notice",
                f"{counted(again, 'account')} got no answer.",
                "Collect again: only those are asked.",
            )
        results, effort = st.columns(2)
        with results:
            _show_outcomes(dict(manifest.outcomes), "Results")
        with effort:
            plain.write("How it went", "h3")
            plain.facts(_effort(manifest))
        with st.container(horizontal=True):
            if st.button(
                "Show it",
                type="primary",
                icon=":material/visibility:",
                key="run-show",
                on_click=source.choose,
                args=(run.store, manifest.snapshot_id),
            ):
                runs.put_away(run.store)
                st.switch_page(OVERVIEW.path)
            st.button(
                "Collect again",
                icon=":material/replay:",
                key="run-again",
                on_click=runs.put_away,
                args=(run.store,),
            )


def _effort(manifest: Manifest) -> dict[str, str]:
    facts = {
        "Calls": f"{manifest.calls:,}",
        "Throttled": f"{manifest.throttled:,}",
        "Account links": manifest.why_no_links or f"{manifest.links:,}",
    }
    if manifest.rate:
        facts["Rate found"] = f"{manifest.rate:,.1f} calls per second"
    if manifest.calls_saved:
        facts["Calls saved"] = f"{manifest.calls_saved:,}, by earlier answers"
    silent = [
        f"{region} ({label(result['outcome']).lower()})"
        for region, result in manifest.regions.items()
        if result["outcome"] != Outcome.FOUND
    ]
    if silent:
        facts["No links seen in"] = ", ".join(silent)
    return facts


def _show_unfinished(run: Run) -> None:
    error = run.error
    if not isinstance(error, ToolkitError):
        # What nobody foresaw is for the error boundary; the next look is at the form again.
        runs.put_away(run.store)
        raise error or RuntimeError("A run ended without a word.")
    with st.container(border=True, key="run"):
        progress = run.progress
        if run.status is Status.STOPPED or (progress and progress.done):
            how_far = f" at {_how_many(progress)}" if progress and progress.total else ""
            plain.write(f"Stopped{how_far}: {run.whose}", "h2")
        else:
            plain.write(f"Could not collect {run.whose}", "h2")
        if run.asked_to_stop.is_set():
            plain.message("notice", "You stopped this collection.", _KEPT)
        else:
            plain.message("error", error.message, _what_to_do(error, progress))
        if progress:
            _show_outcomes(dict(progress.outcomes), "Results so far")
        with st.container(horizontal=True):
            st.button(
                "Resume" if progress else "Try again",
                type="primary",
                icon=":material/play_circle:",
                key="run-resume",
                on_click=runs.resume,
                args=(run,),
            )
            st.button(
                "Change the settings",
                icon=":material/tune:",
                key="run-away",
                on_click=runs.put_away,
                args=(run.store,),
            )


def _what_to_do(error: ToolkitError, progress: Progress | None) -> str:
    """Return the error's hint, with a button's name where it names the command line."""
    hint = error.hint.removesuffix(GO_ON).strip()
    if not progress:
        return hint
    return f"{hint}{'' if not hint or hint.endswith('.') else '.'} {_KEPT}".strip()
