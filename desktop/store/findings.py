"""Collecting what a verification finds."""

from __future__ import annotations

from domain.log.verdict import Finding

_MOST_FINDINGS = 200


class Findings(list[Finding]):
    """What was found, up to a number a person can read."""

    def note(self, kind: str, text: str, *, table: str = "", row: str = "", field: str = "", entry: int = -1) -> None:
        """Add one finding; past the limit the rest is not listed."""
        if len(self) < _MOST_FINDINGS:
            self.append(Finding(kind=kind, text=text, table=table, row=row, field=field, entry=entry))
