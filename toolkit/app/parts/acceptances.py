"""What became of the policy's acceptances, where somebody should see to it."""

from toolkit.app.data import View
from toolkit.app.parts import plain
from toolkit.titles import stale_in_words


def tell(view: View) -> None:
    """Say which acceptances match nothing in the snapshot, and which have ended by then."""
    if stale := stale_in_words(view.judged.acceptances):
        where = view.policy.name or "the policy"
        plain.message("notice", f"See to these acceptances of {where}.", " ".join(stale))
