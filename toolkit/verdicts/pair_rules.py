"""The rules that judge a pair: one row for each combination of two states, and its days of grace.

The severities are this project's judgement, so the table is data: read it, change a copy, pass it.
What follows a closure is expected for a while, and an alarm only where it lasts: docs/decisions/08.
"""

from collections.abc import Mapping
from typing import Final

from toolkit.schema import Severity as Sev
from toolkit.schema import State, Verdict

PAIR_ROWS: Final = (
    (
        *(State.PENDING_ACTIVATION, State.PENDING_ACTIVATION, Verdict.MATCH, None),
        "Sign-up was never finished on either side.",
        "Nothing to align; finish both sign-ups if the pair is still wanted.",
    ),
    (
        *(State.PENDING_ACTIVATION, State.ACTIVE, Verdict.MISMATCH, Sev.HIGH),
        (
            "The payer is incomplete while GovCloud runs: its usage is billed to an account whose"
            " sign-up never finished."
        ),
        "Finish the sign-up of the standard account, its payment method first.",
    ),
    (
        *(State.PENDING_ACTIVATION, State.SUSPENDED, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer's sign-up never finished, and AWS has restricted the GovCloud account.",
        "Finish the sign-up of the standard account, then settle the restriction with AWS Support.",
    ),
    (
        *(State.PENDING_ACTIVATION, State.CLOSED, Verdict.MISMATCH, Sev.LOW),
        "The GovCloud account is closed; only a standard account that was never activated is left.",
        "Decide whether the standard account is still wanted: finish its sign-up or close it.",
    ),
    (
        *(State.ACTIVE, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "Onboarding is unfinished: the GovCloud account was never activated.",
        "Finish the GovCloud sign-up, or note that the pair is not needed.",
    ),
    (
        *(State.ACTIVE, State.ACTIVE, Verdict.MATCH, None),
        "Both accounts are active.",
        "Nothing to do.",
    ),
    (
        *(State.ACTIVE, State.SUSPENDED, Verdict.MISMATCH, Sev.HIGH),
        "The GovCloud workload is cut off: AWS has restricted the GovCloud account, not its payer.",
        (
            "Find the reason under Billing and Support, which a suspended account can still see,"
            " and settle it with AWS Support."
        ),
    ),
    (
        *(State.ACTIVE, State.CLOSED, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer has nothing behind it: its GovCloud account is closed.",
        (
            "Ask the owner whether that was meant. If not, ask AWS Support from the standard"
            " account to reopen it, within 90 days of its closure; if it was, retire the standard"
            " account unless it has work of its own."
        ),
    ),
    (
        *(State.SUSPENDED, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer is restricted, and the GovCloud account was never activated.",
        "Settle the restriction of the standard account before going on with the GovCloud sign-up.",
    ),
    (
        *(State.SUSPENDED, State.ACTIVE, Verdict.MISMATCH, Sev.HIGH),
        "The payer is restricted while GovCloud runs and adds to its bill.",
        "Settle the restriction of the standard account with AWS Support, unpaid bills first.",
    ),
    (
        *(State.SUSPENDED, State.SUSPENDED, Verdict.MATCH, None),
        "AWS has restricted both accounts: they agree, and still need attention.",
        "Settle the restriction with AWS Support if the pair is still wanted; otherwise close it.",
    ),
    (
        *(State.SUSPENDED, State.CLOSED, Verdict.MISMATCH, Sev.LOW),
        "The GovCloud account is closed; only a restricted payer is left.",
        "Settle what the standard account still owes, then close it unless it has work of its own.",
    ),
    (
        *(State.PENDING_CLOSURE, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer is closing while the GovCloud account still waits to be activated.",
        (
            "Make sure that nobody counts on this GovCloud account; if somebody does, stop the"
            " closure with AWS Support."
        ),
    ),
    (
        *(State.PENDING_CLOSURE, State.ACTIVE, Verdict.MISMATCH, Sev.HIGH),
        (
            "The payer is closing while GovCloud runs: the GovCloud account should close after it,"
            " but its resources are not terminated."
        ),
        (
            "Save the GovCloud data and delete its resources. If the closure was not meant, reopen"
            " the account with AWS Support within 90 days, which restores what was not terminated."
        ),
    ),
    (
        *(State.PENDING_CLOSURE, State.SUSPENDED, Verdict.MISMATCH, Sev.MEDIUM),
        "The payer is closing, and the GovCloud account behind it is restricted.",
        (
            "Ask the owner whether GovCloud data must be saved; if so, settle the restriction with"
            " AWS Support before the closure is through."
        ),
    ),
    (
        *(State.PENDING_CLOSURE, State.CLOSED, Verdict.MISMATCH, Sev.LOW),
        "The GovCloud account is closed, and the standard account is on its way.",
        "Nothing urgent: look again in the next snapshot, where both should be closed.",
    ),
    (
        *(State.CLOSED, State.PENDING_ACTIVATION, Verdict.MISMATCH, Sev.MEDIUM),
        "The closure is incomplete: the GovCloud account, never activated, is still there.",
        (
            "It should close by itself within a billing cycle; if it is still there then, ask AWS"
            " Support to close it."
        ),
    ),
    (
        *(State.CLOSED, State.ACTIVE, Verdict.MISMATCH, Sev.CRITICAL),
        (
            "The payer is closed while GovCloud is active: it should close within a billing cycle;"
            " whatever lasts longer is cost and data that nobody manages."
        ),
        (
            "Find the owner, save the GovCloud data and delete its resources; if it manages an"
            " organization, close its members first, since it stays open until then. Reopening"
            " within 90 days of the closure restores what was not terminated."
        ),
    ),
    (
        *(State.CLOSED, State.SUSPENDED, Verdict.MISMATCH, Sev.MEDIUM),
        "The closure is incomplete: the GovCloud account is suspended, not closed.",
        (
            "It should close by itself within a billing cycle; if it is still suspended then, ask"
            " AWS Support what is left in it and to close it."
        ),
    ),
    (
        *(State.CLOSED, State.CLOSED, Verdict.MATCH, None),
        "Both accounts are closed.",
        "Nothing to do; within 90 days of closure an account can still be reopened.",
    ),
)

_BILLING_CYCLE: Final = 31
_MOMENT: Final = 1
_ONBOARDING: Final = 30

GRACE: Final[Mapping[tuple[State, State], tuple[int, Sev]]] = {
    (State.CLOSED, State.ACTIVE): (_BILLING_CYCLE, Sev.HIGH),
    (State.CLOSED, State.SUSPENDED): (_BILLING_CYCLE, Sev.LOW),
    (State.CLOSED, State.PENDING_ACTIVATION): (_BILLING_CYCLE, Sev.LOW),
    (State.PENDING_CLOSURE, State.PENDING_ACTIVATION): (_MOMENT, Sev.LOW),
    (State.PENDING_CLOSURE, State.ACTIVE): (_MOMENT, Sev.MEDIUM),
    (State.PENDING_CLOSURE, State.SUSPENDED): (_MOMENT, Sev.LOW),
    (State.ACTIVE, State.PENDING_ACTIVATION): (_ONBOARDING, Sev.LOW),
}
"""For how many days each combination is milder, and how mild: any other has no grace.

What is LOW already can be no milder.
"""
