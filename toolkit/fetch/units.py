"""The names of organizational units, asked for once each."""

from functools import partial
from typing import Any

from toolkit.aws import Aws
from toolkit.errors import AwsError
from toolkit.fetch.desk import Desk, Probe
from toolkit.fetch.rows import text


class Units:
    """Asks for the names of the units that accounts are in, where they may be read."""

    def __init__(self, desk: Desk, aws: Aws, lane: str) -> None:
        self._journal = desk.journal
        self._named = set(desk.journal.unit_names())
        self._probe = Probe(
            desk,
            lane,
            call=lambda unit_id: partial(aws.describe_unit, unit_id),
            receive=self._answered,
            # Where names may not be read, the ids stand for them.
            denied=lambda _error: None,
        )

    def name(self, path: str | None) -> None:
        """Ask for the names in a path of units that are not known yet."""
        new = [unit_id for unit_id in (path or "").split("/") if unit_id not in self._named]
        self._named.update(new)
        self._probe.add(filter(None, new))

    def _answered(self, unit_id: str, answer: dict[str, Any] | AwsError) -> None:
        name = None if isinstance(answer, AwsError) else text(answer.get("Name"))
        if name:
            self._journal.save_unit(unit_id, name)
