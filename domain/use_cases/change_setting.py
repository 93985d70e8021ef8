"""Change a setting of the vault."""

from __future__ import annotations

import msgspec

from domain.act import Act, Actor, Change, changed
from domain.gates.attempt import ChangeSetting
from domain.gates.facts import gather_vault
from domain.identity import iso
from domain.items.oversight import SETTINGS, Setting
from domain.items.people import ADMINISTRATOR
from domain.state import State
from domain.use_cases.ruling import must_be_allowed, must_be_text, new_record, something_changes


def setting_value(register: State, name: str) -> str:
    """What holds now: the recorded value, or the shipped one."""
    return next((each.value for each in register.all_of(Setting) if each.id == name), SETTINGS[name][0])


def change_setting(register: State, *, by: Actor, name: str, value: str, reason: str = "") -> Act:
    """Let the setting have this value from now on, signed.

    Raises:
        Refused: not an administrator, or no such setting or value.
        UsageProblem: it has this value already.
    """
    must_be_text(reason)
    must_be_allowed(ChangeSetting(name=name, value=value), gather_vault(register, by), f"change '{name}'")
    known = next((each for each in register.all_of(Setting) if each.id == name), None)
    wanted = Setting(id=name, value=value, set_at=iso(by.at), set_by=by.person)
    if value == setting_value(register, name):
        something_changes((), name)
    if known is None:
        change: Change | None = new_record("setting", wanted)
    else:
        after = {"value": value, "set_at": wanted.set_at, "set_by": wanted.set_by}
        change = changed("setting", name, msgspec.to_builtins(known), after)
    return Act(
        name="change_setting",
        changes=() if change is None else (change,),
        role=ADMINISTRATOR,
        subject=register.vault().id,
        reason=reason,
        meaning=f"I set {name} to {value}",
        ceremony=True,
    )
