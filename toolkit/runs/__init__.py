"""A whole run: every account asked at the quota's pace, journalled and resumable, to a snapshot."""

from toolkit.dispatch import Clock
from toolkit.runs.progress import Progress
from toolkit.runs.run import collect
from toolkit.runs.several import collect_all
from toolkit.runs.summary import summary

__all__ = ["Clock", "Progress", "collect", "collect_all", "summary"]
