"""What passing a transition of the process change process does to the version that the item names."""

from __future__ import annotations

from domain.act import Change, changed
from domain.calendar.working_time import WorkingCalendar
from domain.commands.changing import record_changed
from domain.identity import iso
from domain.process.decode import decode_process
from domain.process.definition import Transition
from domain.records.people import ProcessRecord, ProcessVersionRecord
from domain.rules.facts import Facts
from domain.rules.versions_carried import DAY_FIELD, CarriedVersion
from domain.state import State


def version_effects(state: State, facts: Facts, transition: Transition) -> tuple[Change, ...]:
    """The changes of a version by the transition's effect; the judge has seen that nothing stands against it."""
    there = facts.version
    if not transition.effect or there is None:
        return ()
    if transition.effect == "send_version_to_review":
        found = (_state(there, "in_review"), record_changed("version_draft", there.draft, item=facts.file.item.id))
    elif transition.effect == "take_version_back":
        mine = there.record.state == "in_review" and there.draft.item == facts.file.item.id
        found = (
            (_state(there, "draft"), record_changed("version_draft", there.draft, item="")) if mine else (None, None)
        )
    else:
        return _in_force(state, facts, there)
    return tuple(each for each in found if each is not None)


def _state(there: CarriedVersion, state: str) -> Change | None:
    return changed("process_version", there.record.id, {"state": there.record.state}, {"state": state})


def _in_force(state: State, facts: Facts, there: CarriedVersion) -> tuple[Change, ...]:
    """In force from the beginning of the day named, at the site: at once when that is today.

    Versions whose time is over are marked as retired.
    """
    now = iso(facts.actor.at)
    day = str(facts.file.item.values.get(DAY_FIELD) or "")
    begins = now if day == facts.today else iso(WorkingCalendar.of(facts.calendar).start_of(day))
    before = {"state": there.record.state, "in_force_from": there.record.in_force_from}
    versions = [each for each in state.process_versions() if each.process == there.record.process]
    found = [
        changed("process_version", there.record.id, before, {"state": "in_force", "in_force_from": begins}),
        *(_retired(each) for each in _over(versions, there.record, begins=begins, now=now)),
        _titled(state, there.record),
    ]
    return tuple(each for each in found if each is not None)


def _over(
    versions: list[ProcessVersionRecord], new: ProcessVersionRecord, *, begins: str, now: str
) -> list[ProcessVersionRecord]:
    """Versions that are followed by another one whose day has come."""
    signed = [each for each in versions if each.state == "in_force" and each.id != new.id and each.in_force_from <= now]
    if begins > now:
        # The newest of them stays until the day of the new one.
        signed.sort(key=lambda each: (each.in_force_from, each.version))
        signed = signed[:-1]
    return signed


def _retired(version: ProcessVersionRecord) -> Change | None:
    return changed("process_version", version.id, {"state": version.state}, {"state": "retired"})


def _titled(state: State, new: ProcessVersionRecord) -> Change | None:
    title = decode_process(new.definition).title
    known = next((each.title for each in state.all_of(ProcessRecord) if each.id == new.process), title)
    return changed("process", new.process, {"title": known}, {"title": title})
