"""A clock that went back signs nothing until it is set right, or acknowledged."""

from __future__ import annotations

from domain.commands.command import Case, Command
from domain.log.clock import ACKNOWLEDGE, high_water, is_behind, jump_in_words
from domain.messages import message
from domain.obstacle import Obstacle


def backward_clock(command: Command, case: Case) -> tuple[Obstacle, ...]:
    """The obstacle of a signature at a moment that the log is ahead of; () for any other command.

    The acknowledgement passes, and so does the declaration: who signs the acknowledgement declares first.
    """
    size = case.state.log_size()
    if not size or not command.signing or command.declares or command.word == ACKNOWLEDGE:
        return ()
    newest = case.state.header(size - 1)
    latest = high_water(newest.at, newest.behind)
    if not is_behind(case.by.at, latest):
        return ()
    text = jump_in_words(at=case.by.at, latest=latest)
    remedy = message("clock.backwards.remedy")
    return (
        Obstacle(rule="clock.backwards", text=text, remedy=remedy, responsible=message("clock.backwards.responsible")),
    )
