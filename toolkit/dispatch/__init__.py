"""Asks AWS at the pacers' pace: one thread decides and records, the others wait for answers.

The thread that calls `Dispatcher.run` owns the queues, the pacers and whatever the answers are
written to, so that nothing here needs a lock.
"""

from toolkit.dispatch.clock import Clock
from toolkit.dispatch.crew import MOST_THREADS
from toolkit.dispatch.dispatcher import Dispatcher
from toolkit.dispatch.lanes import Lane
from toolkit.dispatch.pacing import Learned, Pacer

__all__ = ["MOST_THREADS", "Clock", "Dispatcher", "Lane", "Learned", "Pacer"]
