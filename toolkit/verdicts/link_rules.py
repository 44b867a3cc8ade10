"""The rules that judge a WorkSpaces account link: one row for each status and kind of ends.

A severity is missing where nothing has to be done, or where the ends could not be seen.
"""

from typing import Final

from toolkit.schema import LinkEnds as Ends
from toolkit.schema import LinkStatus
from toolkit.schema import Severity as Sev

_PENDING: Final = LinkStatus.PENDING_ACCEPTANCE_BY_TARGET_ACCOUNT
_SEE: Final = "Collect with an identity that can list the whole organization to see both accounts."

LINK_ROWS: Final = (
    (
        *(LinkStatus.LINKED, Ends.BOTH_ACTIVE, None),
        "The link is in place between two active accounts.",
        "Nothing to do.",
    ),
    (
        *(LinkStatus.LINKED, Ends.NOT_ACTIVE, Sev.MEDIUM),
        "The link is in place, but one of its accounts is not active.",
        (
            "Check what still runs on the shared hardware, and whether the account will be active"
            " again: an accepted link cannot be undone."
        ),
    ),
    (
        *(LinkStatus.LINKED, Ends.OUTSIDE, Sev.HIGH),
        (
            "The link shares hardware across the organization's border: one of its accounts is not"
            " in it."
        ),
        (
            "Find out whose account it is and whether it left the organization on purpose; then ask"
            " AWS Support, since an accepted link cannot be undone."
        ),
    ),
    (
        *(LinkStatus.LINKED, Ends.NOT_SEEN, None),
        "The link is in place, but one of its accounts could not be seen.",
        _SEE,
    ),
    (
        *(_PENDING, Ends.BOTH_ACTIVE, None),
        "The invitation waits for the target account to accept or reject it.",
        "Ask the owner of the target account to answer; after acceptance there is no way back.",
    ),
    (
        *(_PENDING, Ends.NOT_ACTIVE, Sev.MEDIUM),
        "The invitation waits, but one of the two accounts is not active.",
        "Reject the invitation unless the account will be active again.",
    ),
    (
        *(_PENDING, Ends.OUTSIDE, Sev.HIGH),
        "The invitation crosses the border of the organization, which no link may.",
        "Find out who invited whom, and have the invitation rejected.",
    ),
    (
        *(_PENDING, Ends.NOT_SEEN, None),
        "The invitation waits, and one of the two accounts could not be seen.",
        _SEE,
    ),
    (
        *(LinkStatus.LINKING_FAILED, Ends.BOTH_ACTIVE, Sev.MEDIUM),
        "Linking failed between two active accounts.",
        (
            "Check that the source account is enabled for bring-your-own-licence in this Region,"
            " then invite again."
        ),
    ),
    (
        *(LinkStatus.LINKING_FAILED, Ends.NOT_ACTIVE, Sev.MEDIUM),
        "Linking failed, and one of the two accounts is not active.",
        "Bring the account back to active before inviting again, or give the link up.",
    ),
    (
        *(LinkStatus.LINKING_FAILED, Ends.OUTSIDE, Sev.MEDIUM),
        "Linking failed, and one of the two accounts is outside the organization.",
        "Give the link up, or bring the account into the organization and invite again.",
    ),
    (
        *(LinkStatus.LINKING_FAILED, Ends.NOT_SEEN, Sev.MEDIUM),
        "Linking failed, and one of the two accounts could not be seen.",
        _SEE,
    ),
    (
        *(LinkStatus.REJECTED, Ends.BOTH_ACTIVE, None),
        "The target account rejected the invitation.",
        "Nothing to do; invite again if the rejection was a mistake.",
    ),
    (
        *(LinkStatus.REJECTED, Ends.NOT_ACTIVE, None),
        "The invitation was rejected, and one of the two accounts is not active.",
        "Nothing to do: nothing is shared.",
    ),
    (
        *(LinkStatus.REJECTED, Ends.OUTSIDE, Sev.LOW),
        "An invitation that crossed the border of the organization was rejected.",
        "Nothing is shared; find out why an account outside the organization was involved.",
    ),
    (
        *(LinkStatus.REJECTED, Ends.NOT_SEEN, None),
        "The invitation was rejected; one of the two accounts could not be seen.",
        "Nothing to do: nothing is shared.",
    ),
    (
        *(LinkStatus.LINK_NOT_FOUND, Ends.BOTH_ACTIVE, None),
        "AWS no longer finds the link.",
        "Nothing to do, unless the link should exist: then invite again.",
    ),
    (
        *(LinkStatus.LINK_NOT_FOUND, Ends.NOT_ACTIVE, None),
        "AWS no longer finds the link, and one of its accounts is not active.",
        "Nothing to do.",
    ),
    (
        *(LinkStatus.LINK_NOT_FOUND, Ends.OUTSIDE, Sev.LOW),
        "AWS no longer finds the link; one of its accounts is outside the organization.",
        "Find out whether the account left the organization on purpose.",
    ),
    (
        *(LinkStatus.LINK_NOT_FOUND, Ends.NOT_SEEN, None),
        "AWS no longer finds the link; one of its accounts could not be seen.",
        _SEE,
    ),
)
