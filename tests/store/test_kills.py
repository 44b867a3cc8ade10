"""A writer that is killed at any moment: the snapshot is there as a whole, or it is not there."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
from patience import LONG
from stored import a_snapshot

from toolkit.store import Store

HERE = Path(__file__).parent
MOST = 100

KILLED = f"""
import os, sys
from stored import a_snapshot
from toolkit.store import Store

EVENTS = {{"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.utime", "os.listdir"}}

def save(folder, last):
    '''Save a snapshot, and die as kill -9 lets one die, at that file event in its store.'''
    seen = 0
    def hook(event, about):
        nonlocal seen
        if event in EVENTS and str(about[0]).startswith(folder):
            seen += 1
            if seen == last:
                os._exit(9)
    sys.addaudithook(hook)
    Store(folder).save(snapshot)

snapshot = a_snapshot()
for last in range(1, {MOST}):
    child = os.fork() if hasattr(os, "fork") else None
    if child == 0:
        save(os.path.join(sys.argv[1], f"{{last:03}}"), last)
        os._exit(0)
    if child is None:  # Windows: only as far as this process itself lives
        save(os.path.join(sys.argv[1], f"{{last:03}}"), 12)
    elif os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
"""


def test_whoever_is_killed_at_any_file_event_leaves_a_whole_snapshot_or_none(
    tmp_path: Path,
) -> None:
    subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (HERE.parents[1], HERE)))},
        check=os.name == "posix",
        timeout=LONG,
    )
    snapshot = a_snapshot()
    folders = sorted(tmp_path.iterdir())
    assert len(folders) > (15 if os.name == "posix" else 0)
    for folder in folders:
        store = Store(folder)
        there = store.ids()
        assert store.listing().left_out == {}
        assert there in ([], [snapshot.id])
        store.save(snapshot, again=bool(there))  # as the run does that goes on
        pd.testing.assert_frame_equal(store.load().govcloud, snapshot.govcloud)
