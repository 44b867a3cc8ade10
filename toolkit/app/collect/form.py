"""What a collection is to ask: whose accounts, with whose credentials, and how much of it."""

import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from toolkit import demo
from toolkit.app import connections, demo_calls, runs
from toolkit.app.collect import sources
from toolkit.app.connections import Login
from toolkit.app.parts import plain
from toolkit.aws import SEES, Findings, Standing, link_regions
from toolkit.aws.partitions import COMMERCIAL, GOVCLOUD, PARTITIONS
from toolkit.errors import InputError, ToolkitError
from toolkit.fetch import read_account_ids
from toolkit.runs import Progress, collect
from toolkit.schema import Access
from toolkit.store import Snapshot, Store
from toolkit.text import printable
from toolkit.titles import caller_in_words, counted

_ALL, _NONE, _THESE = "All with WorkSpaces", "None", "Only these"

_MARKS: Final = {
    Access.ALLOWED: "✓ Allowed",
    Access.DENIED: "✕ Missing",
    Access.UNKNOWN: "? Unclear",
}

_KINDS: Final[Mapping[Standing, Literal["error", "notice"]]] = {
    Standing.LOOK: "notice",
    Standing.STOPS: "error",
}


@dataclass(frozen=True)
class Settings:
    """What a collection of one's own accounts is to ask, and with whose credentials."""

    login: Login
    govcloud: Login | None = None
    sources: tuple[str, ...] = sources.BY_DEFAULT
    link_regions: tuple[str, ...] | Literal["all", "none"] = "all"
    accounts: tuple[str, ...] | None = None
    rate: float | None = None
    role_name: str | None = None


def first_choice(stores: Mapping[str, Store], shown: str) -> str:
    """Return whose collection to show first: one under way, else that of the store on screen."""
    found = {name: runs.find(store) for name, store in stores.items()}
    return next((name for name, run in found.items() if run and run.is_under_way), shown)


def show_demo(folder: Path) -> None:
    """Show who asks about the demo organization, and the button that collects it."""
    plain.write(
        f"The demo organization has {demo.ACCOUNTS} accounts, as they are today, and a local"
        " stand-in for AWS answers for it. Nothing leaves this machine."
    )
    _show_checked(connections.checked(demo_calls.connection(folder, datetime.now(UTC))))
    _show_start(Store(folder), "the demo organization", demo_calls.collection(folder))


def show_own(store: Store) -> None:
    """Show the settings for one's own accounts, what the caller may ask, and then the start."""
    login = connections.pick_login("collect")
    govcloud = connections.pick_govcloud("collect")
    settings = _pick_settings(login, govcloud)
    checks: dict[object, tuple[Findings, str]] = st.session_state.setdefault("collect-checks", {})
    both = (login, govcloud)
    if st.button(
        "Check what you may ask" if both not in checks else "Check again",
        icon=":material/key:",
        key="collect-check",
        type="secondary" if both in checks else "primary",
    ):
        checks.pop(both, None)
        with st.spinner("Asking AWS who you are and what you may ask"):
            try:
                findings = connections.check(login)
                checks[both] = (findings, connections.check_govcloud(govcloud) if govcloud else "")
            except ToolkitError as error:
                plain.message("error", error.message, error.hint)
        if both in checks:
            st.rerun()
    if both not in checks:
        plain.write("Nothing is collected before you have seen this.", "small")
        return
    findings, second = checks[both]
    _show_checked(findings, second)
    if settings is not None and findings.worst is not Standing.STOPS:
        whose = f"the accounts of {login.profile or 'the default credentials'}"
        _show_start(store, whose, _collection(store, settings))


def _pick_settings(login: Login, govcloud: Login | None) -> Settings | None:
    """Show the settings and return them; None where one of them cannot be right."""
    where = st.segmented_control(
        "Regions in which to look for account links",
        [_ALL, _NONE, _THESE],
        default=_ALL,
        required=True,
        key="collect-where",
        persist_state="session",
    )
    regions: tuple[str, ...] | Literal["all", "none"] = "all" if where == _ALL else "none"
    if where == _THESE:
        regions = tuple(
            st.multiselect(
                "Regions",
                link_regions(),
                key="collect-regions",
                persist_state="session",
                placeholder="Choose at least one",
            )
        )
    chosen = sources.pick()
    with st.expander("More settings", key="collect-more"):
        accounts, understood = _pick_accounts()
        left, right = st.columns(2)
        with left:
            rate = st.number_input(
                "Known quota, in calls per second (optional)",
                min_value=0.1,
                value=None,
                key="collect-rate",
                persist_state="session",
                placeholder="Found out by itself",
            )
        with right:
            role_name = st.text_input(
                "Role in each member account (optional)",
                key="collect-role-name",
                persist_state="session",
                placeholder="Audit",
                help="Account links are then listed from each member account, too.",
            )
    if regions == ():
        plain.message("notice", "No Region is chosen.", "Choose one, or None above.")
        return None
    if not understood:
        return None
    role = (role_name or "").strip() or None
    return Settings(login, govcloud, chosen, regions, accounts, rate, role)


def _pick_accounts() -> tuple[tuple[str, ...] | None, bool]:
    """Return the accounts to ask about, None for all, and whether the file was understood."""
    file = st.file_uploader(
        "Only the accounts of a file (optional)",
        type=["txt", "csv", "tsv"],
        key="collect-file",
        help="One id a line, or a CSV with a column account_id.",
    )
    if file is not None:
        try:
            ids = tuple(_read(file))
        except InputError as error:
            plain.message("error", error.message, error.hint)
            return None, False
        st.session_state["collect-accounts"] = (printable(file.name), ids)
    name, chosen = st.session_state.get("collect-accounts", ("", None))
    if chosen is None:
        return None, True
    with st.container(horizontal=True, vertical_alignment="center"):
        plain.write(f"{counted(len(chosen), 'account')} of {name}")
        if file is None:
            # The file itself is gone once the page was left, what it said is not.
            st.button("Ask about all accounts", key="collect-all", on_click=_forget_accounts)
    return chosen, True


def _forget_accounts() -> None:
    st.session_state.pop("collect-accounts", None)


def _read(file: Any) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(printable(file.name)).name or "accounts.txt")
        path.write_bytes(file.getvalue())
        return read_account_ids(path)


def _show_checked(findings: Findings, second: str = "") -> None:
    """Show what the caller is, and each thing that a collection would go without, or stop at.

    `second` is the ARN by which the GovCloud organization is asked, if it is.
    """
    caller = findings.caller
    if caller is None:
        return
    with st.container(border=True, key="access"):
        who = caller_in_words(caller.kind)
        plain.write(f"Asked by {who}: it sees {SEES[caller.kind]}", "h2")
        facts = {"Account": caller.account_id, "Identity": caller.arn}
        if caller.organization_id:
            facts["Organization"] = caller.organization_id
        facts["Partition"] = PARTITIONS[COMMERCIAL]
        if second:
            facts["GovCloud list"] = f"asked by {second}, {PARTITIONS[GOVCLOUD]}"
        plain.facts(facts)
        for one in findings.found:
            if one.standing is not Standing.FINE:
                plain.message(_KINDS[one.standing], one.message, one.hint)
        if findings.worst is Standing.FINE:
            plain.write("No permission is missing.")
        with st.expander("Every permission", key="access-all"):
            _show_access(findings.access)


def _show_access(access: pd.DataFrame) -> None:
    st.dataframe(
        access.assign(allowed=access["allowed"].astype("str").map(_MARKS)),
        hide_index=True,
        placeholder="–",
        column_config={
            "operation": st.column_config.TextColumn("Operation"),
            "permission": st.column_config.TextColumn("Permission"),
            "allowed": st.column_config.TextColumn("Allowed"),
            "detail": st.column_config.TextColumn("What AWS said"),
        },
        alt="What the caller may ask, one row per operation",
    )


def _show_start(store: Store, whose: str, work: runs.Work) -> None:
    fresh = False
    if store.unfinished():
        plain.message(
            "notice",
            f"An unfinished collection is kept in {_journal(store)}.",
            "Starting goes on with it, if it is of the same organization.",
        )
        fresh = st.checkbox("Forget it and start over", key="collect-fresh")
    plain.write(_where(store), "small")
    st.button(
        "Start collecting",
        type="primary",
        icon=":material/cloud_download:",
        key="collect-start",
        on_click=runs.start,
        args=(store, whose, work),
        kwargs={"fresh": fresh},
    )


def _journal(store: Store) -> str:
    """Return where answers are kept before the snapshot is written, as a sentence calls it."""
    return f"{store.journal}, on this machine" if store.is_bucket else "this folder"


def _where(store: Store) -> str:
    if not store.is_bucket:
        return f"The snapshot goes to {store}"
    return f"The snapshot goes to {store}; until it is whole, answers are kept in {_journal(store)}"


def _collection(store: Store, settings: Settings) -> runs.Work:
    def work(
        progress: Callable[[Progress], None], stop: threading.Event, *, fresh: bool
    ) -> Snapshot:
        # Connections of their own: a run outlives the time that a page keeps one.
        with ExitStack() as closed:
            aws = closed.enter_context(closing(connections.opened(settings.login)))
            second = None if settings.govcloud is None else connections.opened(settings.govcloud)
            if second:
                closed.enter_context(closing(second))
            return collect(
                aws,
                store,
                govcloud=second,
                sources=_asked(settings),
                rate=settings.rate,
                accounts=settings.accounts,
                link_regions=settings.link_regions,
                role_name=settings.role_name,
                fresh=fresh,
                progress=progress,
                stop=stop,
            )

    return work


def _asked(settings: Settings) -> list[str]:
    """Return the names of the sources that a collection asks."""
    links = ["links"] if settings.link_regions != "none" else []
    witness = ["witness"] if settings.govcloud else []
    return [*links, *witness, *settings.sources]
