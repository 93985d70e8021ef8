"""The command by which a vault goes by newer rules."""

from __future__ import annotations

from typing import ClassVar

from domain.act import Act
from domain.commands.changing import new_record, record_changed
from domain.commands.command import Case, Command, VaultCommand
from domain.commands.meanings import stated_meaning
from domain.identity import iso
from domain.records.oversight import Setting
from domain.records.people import ADMINISTRATOR
from domain.rules.law_rules import adopt_law_obstacles, law_in_force
from domain.rules.passed_obstacles import verdict_on
from domain.rules.verdict import GateVerdict
from domain.state import State

_SETTING = "law"


class AdoptLaw(VaultCommand, frozen=True, kw_only=True):
    """Sign that from this entry on the vault goes by a newer law (its number). What was decided before stays judged by
    the law of its time; there is no way back.
    """

    signing: ClassVar[bool] = True
    recorded_when_refused: ClassVar[bool] = False  # a newer program would know the law that this one does not

    law: int
    reason: str = ""
    meaning: str = ""

    def judge(self, case: Case) -> GateVerdict:
        facts = self.gather(case)
        return verdict_on(facts, adopt_law_obstacles(facts, law=self.law, in_force=law_in_force(case.state)))

    def decide(self, case: Case) -> Act:
        known = next((each for each in case.state.all_of(Setting) if each.id == _SETTING), None)
        wanted = Setting(id=_SETTING, value=str(self.law), set_at=iso(case.by.at), set_by=case.by.person)
        change = (
            record_changed("setting", known, value=wanted.value, set_at=wanted.set_at, set_by=wanted.set_by)
            if known
            else new_record("setting", wanted)
        )
        return self.act(change, role=ADMINISTRATOR, subject=case.state.vault().id, meaning=stated_meaning(self.meaning))


def law_decided_under(command: Command, state: State) -> int:
    """The law that the entry of a command says: the one in force, or the one that it adopts."""
    return command.law if isinstance(command, AdoptLaw) else law_in_force(state)
