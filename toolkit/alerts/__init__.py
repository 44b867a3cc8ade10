"""Alerts: what somebody has to act on, for a pipeline, for security tools, and as a message.

`findings` and all that is made of them is pure; `sending` alone reaches the network.
"""

from toolkit.alerts.checked import Checked, acceptances_of_all, title_all, title_checked
from toolkit.alerts.findings import findings, in_order
from toolkit.alerts.message import Message, first_message, news_message, trouble_message
from toolkit.alerts.newest import newest
from toolkit.alerts.news import News, news
from toolkit.alerts.notices import Notice, Standing
from toolkit.alerts.ocsf import events, uid_of
from toolkit.alerts.sending import NotToldError, Patience, send, shown, way_to
from toolkit.alerts.told import Told, name_of

__all__ = [
    "Checked",
    "Message",
    "News",
    "NotToldError",
    "Notice",
    "Patience",
    "Standing",
    "Told",
    "acceptances_of_all",
    "events",
    "findings",
    "first_message",
    "in_order",
    "name_of",
    "newest",
    "news",
    "news_message",
    "send",
    "shown",
    "title_all",
    "title_checked",
    "trouble_message",
    "uid_of",
    "way_to",
]
