"""The rules on what two organizations say of a GovCloud account: for each finding, by its state.

A severity is missing where nothing has to be done. Some combinations never come up, such as an
account that agrees in a state that nobody knows; they are here so that every one has its rule.
"""

from typing import Final

from toolkit.schema import Finding, State
from toolkit.schema import Severity as Sev

_NOTHING: Final = "Nothing to do."
_DIFFER: Final = (
    "Collect again, since a state can move between two answers; if they still differ, ask AWS"
    " Support which one is right."
)
_ASK_WHO_PAYS: Final = (
    "Ask the owner of the GovCloud organization which standard account pays for it: it may belong"
    " to another organization."
)
_ASK_SUPPORT: Final = (
    "Ask AWS Support, from the standard account, which GovCloud account belongs to it and who is"
    " billed for this one."
)

_RULES: Final = (
    (
        Finding.AGREE,
        {
            State.PENDING_ACTIVATION: None,
            State.ACTIVE: None,
            State.SUSPENDED: None,
            State.PENDING_CLOSURE: None,
            State.UNKNOWN: None,
        },
        "Both sides give the same state.",
        _NOTHING,
    ),
    (
        Finding.AGREE,
        {State.CLOSED: None},
        "It is closed; closed accounts leave the GovCloud organization's list after a while.",
        _NOTHING,
    ),
    (
        Finding.STATE_DISAGREES,
        {State.ACTIVE: Sev.MEDIUM},
        "The GovCloud organization's list has it active, and the look-up of its pair has not.",
        _DIFFER,
    ),
    (
        Finding.STATE_DISAGREES,
        {State.SUSPENDED: Sev.MEDIUM},
        "The GovCloud organization's list has it suspended, and the look-up of its pair has not.",
        _DIFFER,
    ),
    (
        Finding.STATE_DISAGREES,
        {State.CLOSED: Sev.MEDIUM},
        "The GovCloud organization's list has it closed, and the look-up of its pair has not.",
        _DIFFER,
    ),
    (
        Finding.STATE_DISAGREES,
        {State.PENDING_ACTIVATION: Sev.LOW, State.UNKNOWN: Sev.LOW},
        "The GovCloud organization's list gives another state than the look-up of its pair.",
        _DIFFER,
    ),
    (
        Finding.STATE_DISAGREES,
        {State.PENDING_CLOSURE: None},
        (
            "The GovCloud organization's list says that it is closing, for which the look-up of its"
            " pair has no word."
        ),
        "Nothing to do: look again in the next snapshot, where it should be closed.",
    ),
    (
        Finding.NOT_IN_GOVCLOUD_ORGANIZATION,
        {State.ACTIVE: Sev.HIGH},
        (
            "It is active and no member of the GovCloud organization, so the guardrails there do"
            " not hold for it."
        ),
        (
            "Invite it into the GovCloud organization, from the management account there, or close"
            " it if nobody needs it."
        ),
    ),
    (
        Finding.NOT_IN_GOVCLOUD_ORGANIZATION,
        {State.SUSPENDED: Sev.MEDIUM, State.UNKNOWN: Sev.MEDIUM},
        "It is no member of the GovCloud organization, and AWS has restricted it.",
        (
            "Settle the restriction with AWS Support, then invite it into the GovCloud"
            " organization, or close it if nobody needs it."
        ),
    ),
    (
        Finding.NOT_IN_GOVCLOUD_ORGANIZATION,
        {State.PENDING_ACTIVATION: Sev.LOW},
        "It was never activated and is no member of the GovCloud organization.",
        (
            "Finish its sign-up and invite it into the GovCloud organization, or note that the pair"
            " is not needed."
        ),
    ),
    (
        Finding.NOT_IN_GOVCLOUD_ORGANIZATION,
        {State.PENDING_CLOSURE: None, State.CLOSED: None},
        "It is on its way out and is no member of the GovCloud organization.",
        _NOTHING,
    ),
    (
        Finding.WITHOUT_PAIR,
        {State.ACTIVE: Sev.HIGH},
        (
            "It is active in the GovCloud organization, and no listed standard account is paired"
            " with it: who pays for it is not known."
        ),
        _ASK_WHO_PAYS,
    ),
    (
        Finding.WITHOUT_PAIR,
        {
            State.PENDING_ACTIVATION: Sev.MEDIUM,
            State.SUSPENDED: Sev.MEDIUM,
            State.UNKNOWN: Sev.MEDIUM,
        },
        (
            "It is in the GovCloud organization, though not active, and no listed standard account"
            " is paired with it."
        ),
        _ASK_WHO_PAYS,
    ),
    (
        Finding.WITHOUT_PAIR,
        {State.PENDING_CLOSURE: Sev.LOW},
        "It is closing, and no listed standard account is paired with it.",
        (
            "Ask the owner of the GovCloud organization whether anything in it is still needed,"
            " while it can be saved."
        ),
    ),
    (
        Finding.WITHOUT_PAIR,
        {State.CLOSED: None},
        "It is closed, and no listed standard account is paired with it.",
        _NOTHING,
    ),
    (
        Finding.PAIR_LEFT_LIST,
        {State.ACTIVE: Sev.CRITICAL},
        (
            "Its standard account has left the list, and it is still active in the GovCloud"
            " organization: cost and data that nobody manages."
        ),
        (
            "Act today: ask the owner whether the standard account was closed or moved; if it was"
            " closed, save the GovCloud data, delete its resources and have AWS Support close it."
        ),
    ),
    (
        Finding.PAIR_LEFT_LIST,
        {
            State.PENDING_ACTIVATION: Sev.HIGH,
            State.SUSPENDED: Sev.HIGH,
            State.UNKNOWN: Sev.HIGH,
        },
        (
            "Its standard account has left the list, and it is still in the GovCloud organization,"
            " though not active."
        ),
        (
            "Ask the owner whether the standard account was closed or moved; if it was closed, ask"
            " AWS Support what is left in GovCloud and to close it."
        ),
    ),
    (
        Finding.PAIR_LEFT_LIST,
        {State.PENDING_CLOSURE: Sev.LOW},
        "Its standard account has left the list, and it is closing.",
        "Save what is still needed of it now; in the next snapshot it should be closed.",
    ),
    (
        Finding.PAIR_LEFT_LIST,
        {State.CLOSED: None},
        "Its standard account has left the list, and it is closed.",
        _NOTHING,
    ),
    (
        Finding.CREATED_BUT_NOT_PAIRED,
        {State.ACTIVE: Sev.HIGH},
        (
            "AWS created it together with a standard account that is not paired with it, and it is"
            " active."
        ),
        _ASK_SUPPORT,
    ),
    (
        Finding.CREATED_BUT_NOT_PAIRED,
        {
            State.PENDING_ACTIVATION: Sev.MEDIUM,
            State.SUSPENDED: Sev.MEDIUM,
            State.UNKNOWN: Sev.MEDIUM,
        },
        "AWS created it together with a standard account that is not paired with it.",
        _ASK_SUPPORT,
    ),
    (
        Finding.CREATED_BUT_NOT_PAIRED,
        {State.PENDING_CLOSURE: Sev.LOW},
        (
            "AWS created it together with a standard account that is not paired with it, and it is"
            " closing."
        ),
        _ASK_SUPPORT,
    ),
    (
        Finding.CREATED_BUT_NOT_PAIRED,
        {State.CLOSED: None},
        (
            "AWS created it together with a standard account that is not paired with it, and it is"
            " closed."
        ),
        _NOTHING,
    ),
)
"""Finding, the severity in each state of the GovCloud account, meaning, action."""

RECONCILE_ROWS: Final = tuple(
    (finding, state, severity, meaning, action)
    for finding, severities, meaning, action in _RULES
    for state, severity in severities.items()
)
