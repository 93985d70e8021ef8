"""The one judge's table for attempts at process versions and categories."""

from __future__ import annotations

from domain.gates.category_rules import category_obstacles
from domain.gates.facts import VaultFacts
from domain.gates.verdict import Obstacle
from domain.gates.version_attempts import DraftProcess, EditDraft, ProveDraft, VersionAttempt
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
    return category_obstacles(facts, attempt, facts.categories_ever)
