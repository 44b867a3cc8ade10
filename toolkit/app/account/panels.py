"""What the page Account shows: the question, the answers, and each account side by side."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from toolkit import demo
from toolkit.app import connections, demo_calls
from toolkit.app.account import account_ids, contacts
from toolkit.app.account.comparison import Compared, Line
from toolkit.app.connections import Login
from toolkit.app.data import View
from toolkit.app.parts import further, plain, tables
from toolkit.aws import Aws, link_regions
from toolkit.errors import ToolkitError
from toolkit.fetch.live import Live, fetch_live
from toolkit.titles import counted, day
from toolkit.verdicts import judge_pairs, mismatches

_SUGGESTED: Final = 5
_ANSWERS: Final = "account-answers"
_SAME, _CHANGED, _UNTOLD = "as then", "≠ changed", "cannot be told"


@dataclass(frozen=True)
class Question:
    """What was typed, account ids and what is none, and with whose credentials AWS is asked."""

    ids: list[str]
    wrong: list[str]
    login: Login | None


@dataclass(frozen=True)
class Answers:
    """What AWS said, when, and what was asked."""

    live: Live
    regions: tuple[str, ...]
    at: datetime


def show_question(view: View) -> Question:
    """Show what to type, who asks, and where; look up when told to."""
    text = st.text_area(
        "Account ids",
        key="accounts",
        bind="query-params",
        placeholder="111111111111, 222222222222 …",
        help="Separated by anything. Grouped ids such as 1111-2222-3333 are understood, too.",
        height=96,
    )
    ids, wrong = account_ids.read(text or "")
    login = None if view.source.is_demo else connections.pick_login("account")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        regions = tuple(_pick_regions(view))
        pressed = st.button(
            f"Look up {counted(len(ids), 'account')}" if ids else "Look up",
            type="primary",
            icon=":material/travel_explore:",
            key="account-ask",
            disabled=not ids,
        )
        st.button(
            "Use the worst mismatches",
            icon=":material/vertical_align_top:",
            key="account-suggest",
            on_click=_suggest,
            args=(view,),
        )
    if pressed:
        _look_up(view, login, ids, regions)
    return Question(ids, wrong, login)


def last_answers(view: View) -> Answers | None:
    """Return the last answers that are about the snapshot on screen."""
    mark, answers = st.session_state.get(_ANSWERS, (None, None))
    found: Answers | None = answers if mark == view.snapshot.id else None
    return found


def show_answers(
    view: View, asked: Question, answers: Answers, compared: Sequence[Compared]
) -> None:
    """Show each account beside the snapshot: a table to pick from where there are several."""
    plain.write(
        f"Looked up on {day(pd.Timestamp(answers.at))}, {answers.at:%H:%M:%S} UTC. The Account"
        " API tells a closing account as suspended, so the two are no difference here.",
        "small",
    )
    picked = 0
    if len(compared) > 1:
        event: Any = st.dataframe(
            _overview(compared),
            hide_index=True,
            placeholder="–",
            row_height=tables.ROW,
            column_config={"name": st.column_config.TextColumn("Name", pinned=True)},
            on_select="rerun",
            selection_mode="single-row-required",
            # Rows are picked by place: in other answers the same place is another account.
            key=f"account-rows-{answers.at.isoformat()}",
            alt="Accounts looked up, and what differs from the snapshot; pick one to see it below",
        )
        rows = event["selection"]["rows"]
        picked = rows[0] if rows else 0
    with st.container(border=True, key="account-one"):
        _show_one(compared[picked])
        if compared[picked].known:
            further.show(view.snapshot, compared[picked].account_id)
        if compared[picked].account_id in _disagreeing(view, answers.live):
            way = partial(_connection, view, asked.login)
            contacts.show(view, compared[picked].account_id, way)


def _disagreeing(view: View, live: Live) -> set[str]:
    """Return the accounts that disagree, in the snapshot or by what AWS says now."""
    now = judge_pairs(live.accounts, live.govcloud, rules=view.judged.policy.rules)
    return {*mismatches(view.pairs)["account_id"], *mismatches(now)["account_id"]}


def _pick_regions(view: View) -> list[str]:
    regions = view.snapshot.manifest.regions
    return st.multiselect(
        "Regions in which to look for account links",
        sorted({*link_regions(), *regions}),
        default=sorted(view.links["region"].unique()),
        key="account-regions",
        persist_state="session",
        placeholder="None",
    )


def _suggest(view: View) -> None:
    st.session_state["accounts"] = "\n".join(view.listed["account_id"].head(_SUGGESTED))


def _look_up(view: View, login: Login | None, ids: list[str], regions: tuple[str, ...]) -> None:
    bar = st.progress(0.0, text="Asking who you are")

    def tell(done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0), text=f"{done:,} of {total:,} answers")

    try:
        with _connection(view, login) as aws:
            live = fetch_live(aws, ids, regions=regions, progress=tell)
    except ToolkitError as error:
        st.session_state.pop(_ANSWERS, None)
        plain.message("error", error.message, error.hint)
    else:
        answers = Answers(live, regions, datetime.now(UTC))
        st.session_state[_ANSWERS] = (view.snapshot.id, answers)
    bar.empty()


def _connection(view: View, login: Login | None) -> AbstractContextManager[Aws]:
    if login is not None:
        return connections.asking(login)
    taken = view.snapshot.taken.to_pydatetime()
    return nullcontext(demo_calls.connection(demo.folder(), taken))


def _overview(compared: Sequence[Compared]) -> pd.DataFrame:
    rows = []
    for one in compared:
        row = {"Account": one.account_id, "name": one.name or None}
        for line in one.lines:
            row[line.what] = line.now if not line.differs else f"{line.then} → {line.now}"
        rows.append(row | {"Changed": one.result})
    return pd.DataFrame(rows)[["name", "Account", "Changed", *(_names(compared[0].lines))]]


def _names(lines: Sequence[Line]) -> list[str]:
    return [line.what for line in lines]


def _show_one(one: Compared) -> None:
    plain.write(one.name or one.account_id, "h2")
    if not one.known:
        plain.message(
            "notice",
            "This snapshot does not have the account.",
            "It joined later, vanished before, or belongs to another organization.",
        )
    rows = "".join(_row(line) for line in one.lines)
    st.html(
        f'<table class="ap-compare"><caption class="ap-small">Account'
        f" {plain.escaped(one.account_id)}</caption><thead><tr><th></th>"
        '<th scope="col">AWS now</th><th scope="col">This snapshot</th>'
        f'<th scope="col">Compared</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    for reason in one.silent:
        plain.message("notice", reason)


def _row(line: Line) -> str:
    word = _UNTOLD if line.differs is None else _CHANGED if line.differs else _SAME
    mark = ' class="ap-changed"' if line.differs else ""
    cells = "".join(f"<td>{plain.escaped(text)}</td>" for text in (line.now, line.then, word))
    return f'<tr{mark}><th scope="row">{plain.escaped(line.what)}</th>{cells}</tr>'
