"""Every attempt at the vault itself: people, keys, roles, mandates, settings, clocks, versions, categories.

Asked in the vault of each shipped story's end, by everybody in it, with the facts as they are and with invented ones
(keys that were reset, sheets, a rotation, mandates). `every_answer.py` keeps the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.commands.alerts import MarkAlertSeen, RaiseAlerts
from domain.commands.categories import DecideCategory, ProposeCategory
from domain.commands.command import verdict_of as obstacles
from domain.commands.delegation import GiveMandate, RevokeMandate
from domain.commands.process_versions import DraftProcess, EditDraft
from domain.commands.settings import SetCalendar
from domain.errors import CountersignError
from domain.process.definition import ProcessVersion
from domain.records.governance import Alert, Calendar, Category, Mandate
from domain.records.people import KeyReset, RecoverySheet
from domain.rules import attempt
from domain.rules.abilities import abilities, who_may
from domain.rules.access_conflicts import access_conflicts
from domain.rules.facts import VaultFacts, gather_vault, gather_version
from domain.simulation.prove_draft import ProveDraft
from domain.simulation.stage import Stage

WORDS, NOBODY = "Because it is so.", "nobody"
AT, DAY, PAST, FAR = "2026-03-02T09:00:00.000Z", "2030-01-07", "2020-01-01", "2099-12-31"
CALENDAR = Calendar(
    id="site",
    zone="Europe/Berlin",
    offsets=[ZoneOffset("2025-10-26T01:00:00.000Z", 60), ZoneOffset("2026-03-29T01:00:00.000Z", 120)],
    weekdays=[1, 2, 3, 4, 5],
    begins=480,
    ends=1020,
    country="DE",
    subdivision="",
    free_days=[["2026-12-25", "Christmas"]],
    extra_days=[["2026-12-26", "Stock taking"]],
    set_at=AT,
    set_by="p-1",
)
WRONG_CALENDARS = (
    {"zone": "No where"},
    {"zone": "UTC"},
    {"offsets": []},
    {"offsets": [ZoneOffset("2026-03-29", 60)]},
    {"offsets": [ZoneOffset("2026-03-29T01:00:00.000Z", 841)]},
    {"offsets": [ZoneOffset("2026-03-29T01:00:00.000Z", 60), ZoneOffset("2025-03-29T01:00:00.000Z", 120)]},
    {"country": "Ünknown"},
    {"weekdays": []},
    {"weekdays": [0, 8]},
    {"weekdays": [1, 1]},
    {"begins": 1020, "ends": 480},
    {"begins": -1},
    {"ends": 2000},
    {"free_days": [["soon", "Christmas"]]},
    {"free_days": [["2026-12-25", ""]]},
    {"extra_days": [["2026-02-30", "x"]]},
    {"id": "other"},
)


def invented(facts: VaultFacts) -> Iterator[VaultFacts]:
    """The facts as they are, and as they would be with resets, sheets, mandates, a rotation, all declared."""
    yield facts
    people = sorted(facts.active)
    one, other = people[0], people[-1]

    def reset(id_: str, person: str, by: str, state: Any) -> KeyReset:
        values: dict[str, Any] = {each.name: "" for each in msgspec.structs.fields(KeyReset)}
        values |= {"id": id_, "person": person, "state": state, "reason": WORDS, "asked_by": by, "asked_at": AT}
        return msgspec.convert(values, KeyReset)

    def sheet(id_: str, person: str, state: Any) -> RecoverySheet:
        return RecoverySheet(id=id_, person=person, public="k", state=state, made_at=AT, rehearsed_at=AT, ended_at="")

    def mandate(id_: str, giver: str, deputy: str, state: Any) -> Mandate:
        return Mandate(
            id=id_,
            giver=giver,
            deputy=deputy,
            role="quality",
            process="",
            severities=[],
            first_day=PAST,
            last_day=FAR,
            reason=WORDS,
            state=state,
            given_at=AT,
            revoked_at="",
            revoked_by="",
        )

    def category(id_: str, word: str, state: Any, by: str) -> Category:
        values: dict[str, Any] = {each.name: "" for each in msgspec.structs.fields(Category)}
        values |= {"id": id_, "word": word, "state": state, "proposed_by": by, "sla_days": 3, "evidence": []}
        return msgspec.convert({**values, "process": facts.process.id if facts.process else ""}, Category)

    yield msgspec.structs.replace(
        facts,
        resets=(reset("r1", other, one, "asked"), reset("r2", one, other, "asked"), reset("r3", one, one, "given")),
        sheets=(sheet("s1", one, "in_force"), sheet("s2", other, "used")),
        mandates=(mandate("m1", one, other, "given"), mandate("m2", other, one, "revoked")),
        signed=frozenset(people),
        rotating=True,
        categories_ever=tuple(
            category(f"c{number}", word, state, by)
            for number, (word, state, by) in enumerate(
                (
                    ("leak", "proposed", one),
                    ("noise", "proposed", other),
                    ("other", "approved", one),
                    ("x", "retired", one),
                )
            )
        ),
    )


def attempts(facts: VaultFacts) -> Iterator[attempt.VaultAttempt]:
    """Attempts of every kind: complete, without words, about nobody and nothing."""
    people = (*sorted(facts.active)[:3], facts.actor.person, NOBODY)
    for fields in ({}, {"title": "A leak"}, {"title": "", "severity": "x", "due": "soon"}, {"nowhere": "x"}):
        yield attempt.CreateItem(fields=fields)
    yield attempt.ImportRegister(rows=3)
    yield from _people(facts, people)
    for person in people:
        yield from _mandates(person)
    for reason in ("", WORDS):
        yield from _with_reason(facts, people, reason)
    yield from _keys(facts)
    yield from _clocks(facts)
    yield from _versions(facts)


def _people(facts: VaultFacts, people: tuple[str, ...]) -> Iterator[attempt.VaultAttempt]:
    for name in ("", " x ", "New Person", "x" * 300, *list(facts.names.values())[:1]):
        yield attempt.EnrolPerson(name=name, roles=("quality", "nonsense"))
    yield attempt.EnrolPerson(name="New", roles=(), person=people[0], key=next(iter(facts.keys), "k"))
    for person in people:
        for role in ("quality", "administrator", "nonsense"):
            yield attempt.GrantRole(person=person, role=role)
            yield attempt.RevokeRole(person=person, role=role)
        for reason in ("", WORDS):
            yield attempt.DisablePerson(person=person, reason=reason)
            yield attempt.AskReset(person=person, reason=reason)


def _mandates(person: str) -> Iterator[attempt.VaultAttempt]:
    for role, first, last, reason in (
        ("quality", DAY, FAR, WORDS),
        ("quality", DAY, DAY, WORDS),
        ("quality", PAST, PAST, ""),
        ("nonsense", FAR, DAY, WORDS),
        ("administrator", "soon", "later", WORDS),
    ):
        for scope in ({}, {"process": "capa", "severities": ("x",)}):
            yield GiveMandate(deputy=person, role=role, first_day=first, last_day=last, reason=reason, **scope)


def _with_reason(facts: VaultFacts, people: tuple[str, ...], reason: str) -> Iterator[attempt.VaultAttempt]:
    yield attempt.BeginRotation(reason=reason)
    for reset in ("r1", "r2", "r3", NOBODY):
        yield attempt.WithdrawReset(reset=reset, reason=reason)
    for mandate in ("m1", "m2", NOBODY):
        yield RevokeMandate(mandate=mandate, reason=reason)
    yield attempt.AskKey(purpose=reason)
    for asked_by in ("", *people[:2], facts.actor.person):
        for needs_two in (True, False):
            yield attempt.RevealKey(purpose=reason, needs_two=needs_two, asked_by=asked_by)
    for in_order in (True, False):
        yield attempt.ReviewAccess(findings=reason, in_order=in_order)


def _keys(facts: VaultFacts) -> Iterator[attempt.VaultAttempt]:
    for key in (next(iter(facts.keys), ""), "fresh"):
        for reset in ("r1", "r2", "r3", NOBODY):
            yield attempt.GiveReset(reset=reset, key=key)
        for sheet in ("s1", "s2", NOBODY):
            yield attempt.RecoverKey(sheet=sheet, key=key)
    yield attempt.MakeSheet()
    yield attempt.Declare()
    yield attempt.SignAct(act="approve_item")
    for name, value in (("reveal_key_persons", "2"), ("reveal_key", "two_persons"), ("nonsense", "1")):
        yield attempt.ChangeSetting(name=name, value=value)


def _clocks(facts: VaultFacts) -> Iterator[attempt.VaultAttempt]:
    for wrong in ({}, *WRONG_CALENDARS):
        yield SetCalendar(calendar=msgspec.structs.replace(CALENDAR, **wrong))
    yield RaiseAlerts()
    alert = {each.name: "" for each in msgspec.structs.fields(Alert)} | {"late": "no", "state": "open", "text": "Late."}
    for role, person in (("quality", ""), ("", facts.actor.person), ("nonsense", NOBODY)):
        yield MarkAlertSeen(alerts=(msgspec.convert({**alert, "role": role, "person": person}, Alert),))


def _versions(facts: VaultFacts) -> Iterator[attempt.VaultAttempt]:
    for name in (facts.process.id if facts.process else "capa", "brand_new"):
        yield attempt.PublishProcess(process=name)
        yield DraftProcess(process=name)
        for word in ("", "leak", "Not A Word!", "other"):
            yield ProposeCategory(process=name, category_word=word)
    for version in (facts.version.record.id if facts.version else "capa@9", "nowhere@1"):
        yield EditDraft(version=version)
        yield ProveDraft(version=version)
    for category in (*(each.id for each in facts.categories_ever), NOBODY):
        for approve, day, reason in (
            (True, DAY, ""),
            (True, PAST, ""),
            (True, "soon", ""),
            (False, "", ""),
            (False, "", WORDS),
        ):
            yield DecideCategory(category=category, approve=approve, visible_from=day, reason=reason)


def vault_answers(stage: Stage, version: ProcessVersion) -> Iterator[tuple[str, Any]]:
    """Who asks what of the vault, and the answer; and what everybody may do, and which conflicts there are."""
    for person in sorted(stage.people):
        actor = stage.actor(person)
        gathered = [gather_vault(stage.register, actor, process=version.id)]
        try:
            gathered.append(gather_version(stage.register, actor, process=version.id))
        except CountersignError as problem:
            yield f"vault {person}", str(problem)
        for known in gathered:
            for facts in invented(known):
                for asked in attempts(facts):
                    told = obstacles(asked, facts).obstacles
                    yield (
                        f"vault {person} {msgspec.json.encode(asked).decode()}",
                        [[each.rule, each.text, each.cure, each.who, each.about] for each in told],
                    )
                yield f"vault {person} conflicts", msgspec.to_builtins(access_conflicts(facts, (version,)))
                yield f"vault {person} abilities", msgspec.to_builtins(abilities(facts, (version,), actor.person))
                yield f"vault {person} who", msgspec.to_builtins(who_may(facts, (version,)))
