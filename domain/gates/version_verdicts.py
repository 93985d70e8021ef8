"""The one judge's table for attempts at process versions and categories."""

from __future__ import annotations

from domain.gates.category_rules import decide_obstacles, propose_obstacles
from domain.gates.facts import VaultFacts
from domain.gates.verdict import Obstacle
from domain.gates.version_attempts import DraftProcess, EditDraft, ProposeCategory, ProveDraft, VersionAttempt
from domain.gates.version_rules import draft_obstacles, edit_draft_obstacles, prove_draft_obstacles


def version_obstacles(facts: VaultFacts, attempt: VersionAttempt) -> tuple[Obstacle, ...]:
    """May the actor do this to a version, or to a category?"""
    match attempt:
        case DraftProcess(process=process):
            return draft_obstacles(facts, process)
        case EditDraft(version=version):
            return edit_draft_obstacles(facts, version)
        case ProveDraft(version=version):
            return prove_draft_obstacles(facts, version)
        case ProposeCategory(word=word):
            return propose_obstacles(facts, word=word)
    return decide_obstacles(
        facts,
        category=attempt.category,
        approve=attempt.approve,
        visible_from=attempt.visible_from,
        reason=attempt.reason,
    )
