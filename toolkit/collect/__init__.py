"""A whole run: every account asked at the quota's pace, journalled and resumable, to a snapshot."""

from toolkit.collect.progress import Progress
from toolkit.collect.run import collect
from toolkit.collect.several import collect_all
from toolkit.collect.summary import summary
from toolkit.dispatch import Clock

__all__ = ["Clock", "Progress", "collect", "collect_all", "summary"]
