"""What a request proposes, in words: each field before and after, or what becomes of everything."""

from __future__ import annotations

from domain.rules.facts import Facts
from domain.rules.requests import request_of
from ui.request_words import readable, value_text


def proposal_lines(facts: Facts, request: str) -> list[tuple[str, str]]:
    """What a request (its id) proposes: each field before and after, or what becomes of everything when cancelled."""
    found = request_of(facts, request)
    if found is None:
        return []
    process, names = facts.process, dict(facts.names)
    if found.kind == "cancellation":
        titles = {each.id: each.title for each in process.cancel.dispositions}
        answers = [(titles.get(name, name), readable(str(answer))) for name, answer in found.proposal.items() if answer]
        return [*([(readable("kind"), readable(found.code))] if found.code else []), *answers]
    lines = []
    for name, pair in found.proposal.items():
        before, after = (value_text(process, name, each, names) or "–" for each in pair[:2])
        lines.append((process.title_of(name), f"{before}  →  {after}"))
    return lines
