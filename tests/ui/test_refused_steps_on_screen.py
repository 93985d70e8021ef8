"""A step that the gates refuse: said with its cure, tried anyway, and on record; every command says why it rests."""

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
    window.desk.workspace.open_item(item)
    idle()
    dialog = MoveDialog(window.desk, window, window.desk.workspace.focus)
    dialog.step.setCurrentIndex(dialog.step.findData("containment"))
    dialog.open()
    dialog.submit()
    idle()
    blocked = MoveDialog(window.desk, window, window.desk.workspace.focus)
    blocked.step.setCurrentIndex(blocked.step.findData("cause"))
    assert "has no value" in blocked.said()
    assert blocked.verb.text() == "Try anyway"
    blocked.open()
    blocked.submit()
    idle()
    assert world.register.item(item).step == "containment"
    assert "has no value" in blocked.bar.said
    last = world.register.entry(world.register.log_size() - 1).header
    assert (last.act, last.subject) == ("record_refusal", item)
    blocked.close()


def test_every_command_at_an_item_that_rests_says_what_the_judge_says(
    enter: Enter, idle: Idle, world: MemoryVault
) -> None:
    item = world.new_item()
    window = enter("Zoe")
    window.desk.workspace.open_item(item)
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
        action, obstacle = window.desk.actions[name], refused[act]
        assert not action.isEnabled()
        said = action.statusTip()
        assert obstacle.text in said
        assert obstacle.cure in said
        assert obstacle.rule in said
        assert obstacle.who in said
        assert facts.process.name in said
        assert said in action.toolTip()


def test_no_command_rests_without_a_word(enter: Enter, idle: Idle, world: MemoryVault) -> None:
    item = world.new_item()
    for person in ("Olga", "Quinn", "Zoe"):
        window = enter(person)
        window.desk.workspace.open_item(item)
        idle()
        silent = [
            spec.id for spec in ACTIONS if not (a := window.desk.actions[spec.id]).isEnabled() and not a.statusTip()
        ]
        assert silent == [], iso(window.desk.workspace.now())
