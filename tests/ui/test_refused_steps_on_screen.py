"""A step that the gates refuse: stated with its remedy, tried anyway, and on record; every command says why it is on
hold.
"""

from __future__ import annotations

from collections.abc import Callable

from memory_register import MemoryVault

from domain.commands.available import available_commands
from domain.identity import iso
from domain.registry import COMMANDS
from domain.rules.facts import gather
from ui.actions import ACTIONS
from ui.dialogs.item_dialogs import MoveDialog
from ui.main_window import MainWindow

Enter = Callable[[str], MainWindow]
Idle = Callable[[], None]


def test_a_refused_step_can_be_tried_and_the_attempt_goes_on_record(
    enter: Enter, idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = enter("Quinn")
    window.services.workspace.open_item(item)
    idle()
    dialog = MoveDialog(window.services, window, window.services.workspace.focus)
    dialog.step.setCurrentIndex(dialog.step.findData("containment"))
    dialog.open()
    dialog.submit()
    idle()
    blocked = MoveDialog(window.services, window, window.services.workspace.focus)
    blocked.step.setCurrentIndex(blocked.step.findData("cause"))
    assert "has no value" in blocked.announced()
    assert blocked.verb.text() == "Try anyway"
    blocked.open()
    blocked.submit()
    idle()
    assert world.register.item(item).step == "containment"
    assert "has no value" in blocked.bar.announced
    last = world.register.entry(world.register.log_size() - 1).header
    assert (last.act, last.subject) == ("record_refusal", item)
    blocked.close()


def test_every_command_at_an_item_that_is_on_hold_states_what_the_judge_states(
    enter: Enter, idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = enter("Zoe")
    window.services.workspace.open_item(item)
    idle()
    facts = gather(world.register, item, world.actor("Zoe"))
    judged = available_commands(facts, COMMANDS.values())
    refused = {act: verdict.obstacles[0] for act, verdict in judged.items() if not verdict.allowed}
    assert {"edit_item", "hold_item", "request_cancellation", "link_items"} <= set(refused)
    for name, act in (
        ("item.save", "edit_item"),
        ("item.hold", "hold_item"),
        ("ask.cancel", "request_cancellation"),
        ("link.add", "link_items"),
    ):
        action, obstacle = window.services.actions[name], refused[act]
        assert not action.isEnabled()
        announced = action.statusTip()
        assert obstacle.text in announced
        assert obstacle.remedy in announced
        assert announced.splitlines()[-1] == f"Rule: {obstacle.rule}"
        assert obstacle.responsible in announced
        assert facts.process.name in announced
        assert announced in action.toolTip()


def test_no_command_is_on_hold_without_a_word(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    item = world.new_item()
    for person in ("Olga", "Quinn", "Zoe"):
        window = enter(person)
        window.services.workspace.open_item(item)
        idle()
        silent = [
            spec.id for spec in ACTIONS if not (a := window.services.actions[spec.id]).isEnabled() and not a.statusTip()
        ]
        assert silent == [], iso(window.services.workspace.now())
