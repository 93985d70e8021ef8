"""Every deed to people, keys, roles, sheets, resets and mandates that an entry can do, and what replay says of each.

`python tests/domain/rules/every_deed.py` writes the answers beside this file. Read what changed before you keep it.
"""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.replay.people import PeopleThen

from domain.act import Change
from domain.log.certificates import SHEET_PROOF_PREFIX
from domain.log.entry import ChangeTree, Header

DEEDS = Path(__file__).with_name("every_deed.json")
FOUNDED, BEFORE, NOW, LATER = (f"2026-0{month}-01T08:00:00.000Z" for month in (1, 2, 5, 9))
ADA, BEA, QUINN, CARL, DORA, NOBODY = "p-ada", "p-bea", "p-quinn", "p-carl", "p-dora", "p-nobody"
"""Two administrators, a quality approver, an owner, and Dora, who was disabled."""
PEOPLE = (ADA, BEA, QUINN, CARL, DORA)
SHEET_PUBLIC = b64encode(b"sheet of carl").decode()
BY_SHEET = b64encode(b"proof").decode()


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """The sheet's proof holds for its own public key and the statement of the new key, and for nothing else."""
    return (public, signature, message) == (b"sheet of carl", b"proof", SHEET_PROOF_PREFIX + b"statement of k-new")


def header(by: str = ADA, *, key: str = "", **other: Any) -> Header:
    """What signs an entry of today."""
    values: dict[str, Any] = {
        "v": 1,
        "vault": "v",
        "seq": 9,
        "prev": "",
        "at": NOW,
        "zone": "UTC",
        "by": by,
        "role": "",
        "mandate": "",
        "key": key or by.replace("p-", "k-"),
        "device": "d",
        "act": "crafted",
        "subject": "",
        "process_version": "",
        "reason": "",
        "meaning": "",
        "auth": "session",
        "schema": 1,
        "changes": ChangeTree(count=0, root=""),
    }
    return Header(**{**values, **other})


def new(record: str, id_: str, **values: Any) -> Change:
    return created(record, id_, values)


def old(record: str, id_: str, **values: Any) -> Change:
    return Change(record, id_, {}, values)


def person(id_: str, name: str, **other: str) -> Change:
    return new("person", id_, **{"name": name, "state": "active", "enrolled_at": NOW, "enrolled_by": ADA, **other})


def key(id_: str, whose: str, **other: str) -> Change:
    parts = dict.fromkeys(("ed25519", "p256", "x25519", "certificate", "possession"), "")
    rest = {"statement": f"statement of {id_}", "valid_from": NOW, "revoked_from": ""}
    return new("person_key", id_, person=whose, **{**parts, **rest, **other})


def role(id_: str, whose: str, name: str, **other: str) -> Change:
    values = {"role": name, "scope": "", "valid_from": NOW, "valid_until": "", "granted_by": ADA}
    return new("person_role", id_, person=whose, **{**values, **other})


def reset(id_: str, whose: str, **other: str) -> Change:
    empty = dict.fromkeys(("given_by", "given_at", "new_key", "sheet", "proof"), "")
    return new(
        "key_reset",
        id_,
        **{
            "person": whose,
            "state": "asked",
            "reason": "lost",
            "asked_by": QUINN,
            "asked_at": BEFORE,
            **empty,
            **other,
        },
    )


def sheet(id_: str, whose: str, **other: str) -> Change:
    values = {"person": whose, "state": "in_force", "public": SHEET_PUBLIC, "made_at": BEFORE, "ended_at": ""}
    return new("recovery_sheet", id_, rehearsed_at="", **{**values, **other})


def mandate(id_: str, **other: Any) -> Change:
    who = {"giver": QUINN, "deputy": CARL, "role": "quality_approver", "process": "", "severities": []}
    when = {"first_day": "2026-05-01", "last_day": "2026-06-30", "reason": "leave", "given_at": NOW}
    return new("mandate", id_, **{**who, **when, "state": "given", "revoked_at": "", "revoked_by": "", **other})


def world() -> PeopleThen:
    """People as they stand before the entry that is judged."""
    made = PeopleThen()
    made.begin()
    for id_ in PEOPLE:
        name = id_.removeprefix("p-").title()
        made.take(person(id_, name, enrolled_at=FOUNDED, state="disabled" if id_ == DORA else "active"))
        made.take(key(id_.replace("p-", "k-"), id_, valid_from=FOUNDED))
    for id_, name in ((ADA, "administrator"), (BEA, "administrator"), (QUINN, "quality_approver"), (CARL, "owner")):
        made.take(role(f"r-{id_}", id_, name, valid_from=FOUNDED))
    made.take(role("r-over", CARL, "quality_approver", valid_from=FOUNDED, valid_until=BEFORE))
    made.take(role("r-admin-over", QUINN, "administrator", valid_from=FOUNDED, valid_until=NOW))
    made.take(role("r-admin-later", CARL, "administrator", valid_from=LATER))
    made.take(key("k-gone", QUINN, revoked_from=BEFORE))
    made.take(sheet("s-carl", CARL))
    made.take(sheet("s-used", ADA, state="used", ended_at=BEFORE))
    made.take(reset("z-asked", CARL))
    made.take(reset("z-given", QUINN, state="given", given_by=ADA, new_key="k-quinn"))
    made.take(reset("z-withdrawn", QUINN, state="withdrawn"))
    made.take(mandate("m-given", given_at=BEFORE))
    made.take(mandate("m-over", state="revoked", revoked_at=BEFORE, revoked_by=QUINN))
    made.take(mandate("m-narrow", process="capa", severities=["major"], given_at=BEFORE))
    made.take(new("declaration", "d-quinn", person=QUINN, key="k-quinn", text="binds", signed_at=FOUNDED))
    made.misdeeds(header(seq=0, at=FOUNDED), verify=verify)
    return made


def _alone() -> Iterator[tuple[str, Change]]:
    """Single changes, each tried by everybody."""
    yield "enrols somebody", person("p-new", "Newcomer")
    yield "enrols a second Carl", person("p-new", "CARL")
    yield "renames", old("person", CARL, name="Karl")
    yield "moves the day of enrolment", old("person", CARL, enrolled_at=LATER, enrolled_by=BEA)
    yield "disables", old("person", CARL, state="disabled")
    yield "brings back", old("person", DORA, state="active")
    for granted_by in (ADA, BEA, QUINN):
        yield f"grants a role as {granted_by}", role("r-new", CARL, "reviewer", granted_by=granted_by)
    yield "grants a role back in time", role("r-new", CARL, "reviewer", valid_from=BEFORE, granted_by=BEA)
    yield "grants a role back in time in its own name", role("r-new", CARL, "reviewer", valid_from=BEFORE)
    yield "ends a role", old("person_role", f"r-{CARL}", valid_until=NOW)
    yield "gives back a role", old("person_role", "r-over", valid_until="")
    yield "turns a role into another", old("person_role", f"r-{CARL}", role="administrator", person=BEA)
    yield "one more key", key("k-new", CARL)
    yield "a key for nobody", key("k-new", NOBODY)
    yield "swaps a key", old("person_key", "k-carl", ed25519="other", certificate="other")
    yield "revokes a key", old("person_key", "k-carl", revoked_from=NOW)
    yield "moves a revocation", old("person_key", "k-gone", revoked_from=LATER)
    yield "lifts a revocation", old("person_key", "k-gone", revoked_from="")
    yield "says a revocation again", old("person_key", "k-gone", revoked_from=BEFORE)
    for whose in (ADA, CARL):
        yield f"prints a sheet for {whose}", sheet("s-new", whose)
    yield "prints an ended sheet", sheet("s-new", ADA, state="used")
    yield "ends a sheet", old("recovery_sheet", "s-carl", state="replaced", ended_at=NOW)
    yield "uses a sheet", old("recovery_sheet", "s-carl", state="used", ended_at=NOW)
    yield "revives a sheet", old("recovery_sheet", "s-used", state="in_force", ended_at="")
    yield "swaps a sheet", old("recovery_sheet", "s-carl", public="other")
    for whose in (ADA, CARL):
        for asked_by in (ADA, QUINN):
            yield f"asks for a key for {whose} as {asked_by}", reset("z-new", whose, asked_by=asked_by)
            yield f"gives a key to {whose} as {asked_by}", reset("z-new", whose, asked_by=asked_by, state="given")
    yield "makes a withdrawn request", reset("z-new", CARL, state="withdrawn")
    for part in ("given_by", "new_key", "sheet", "proof"):
        yield f"withdraws with {part}", old("key_reset", "z-asked", state="withdrawn", **{part: "x"})
    yield "withdraws", old("key_reset", "z-asked", state="withdrawn")
    yield "asks again what was given", old("key_reset", "z-given", state="asked")
    yield "gives again what was given", old("key_reset", "z-given", state="given", given_by=BEA)
    yield "asks again what was withdrawn", old("key_reset", "z-withdrawn", state="asked")
    yield "turns a request to somebody else", old("key_reset", "z-asked", person=BEA, reason="other")
    for whose in (ADA, CARL, QUINN):
        for with_key in ("k-ada", "k-carl"):
            declared = {"person": whose, "key": with_key, "text": "binds", "signed_at": NOW}
            yield f"declares for {whose} with {with_key}", new("declaration", "d-new", **declared)
    yield "alters a declaration", old("declaration", "d-quinn", text="binds nobody")
    yield "ends a mandate", old("mandate", "m-given", state="revoked", revoked_at=NOW, revoked_by=QUINN)
    yield "ends a mandate as Ada", old("mandate", "m-given", state="revoked", revoked_at=NOW, revoked_by=ADA)
    yield "ends a mandate before", old("mandate", "m-given", state="revoked", revoked_at=BEFORE, revoked_by=QUINN)
    yield "ends a mandate twice", old("mandate", "m-over", state="revoked", revoked_at=NOW, revoked_by=QUINN)
    yield "revives a mandate", old("mandate", "m-over", state="given")
    yield "says a mandate again", old("mandate", "m-given", state="given")
    yield "widens a mandate", old("mandate", "m-narrow", process="", severities=[])
    for mandated in ("", "m-given", "m-none"):
        for of in (QUINN, CARL):
            yield (
                f"approves for {of} under {mandated or 'none'}",
                new("approval", "a-new", person=of, role="x", mandate=mandated),
            )


_MANDATES: tuple[dict[str, Any], ...] = (
    {},
    {"deputy": QUINN},
    {"giver": CARL, "deputy": QUINN},
    {"giver": CARL, "role": "owner", "deputy": BEA},
    {"role": "owner"},
    {"first_day": "2026-04-30"},
    {"last_day": "2026-04-30"},
    {"last_day": "2026-05-01"},
    {"first_day": "2026-07-01"},
    {"state": "revoked", "revoked_by": QUINN, "revoked_at": NOW},
)


def _given(**other: str) -> Change:
    values = {"state": "given", "given_by": ADA, "given_at": NOW, "new_key": "k-new"}
    return old("key_reset", "z-asked", **{**values, **other})


def _together() -> Iterator[tuple[str, tuple[Change, ...], Header]]:
    """Several changes that only together are a deed: enrolments and resets."""
    fresh, gone = key("k-new", CARL), old("person_key", "k-carl", revoked_from=NOW)
    used = old("recovery_sheet", "s-carl", state="used", ended_at=NOW)
    for by in (ADA, QUINN, CARL):
        yield "enrols with a key", (person("p-new", "Newcomer"), key("k-new", "p-new")), header(by)
        two = (person("p-new", "Newcomer"), key("k-new", "p-new"), key("k-two", "p-new"))
        yield "enrols with two keys", two, header(by)
        yield "enrols with somebody's key", (person("p-new", "Newcomer"), key("k-new", CARL)), header(by)
        yield "disables and adds a key", (old("person", CARL, state="disabled"), fresh), header(by)
        yield "gives a key", (_given(given_by=by), fresh, gone), header(by)
        yield "gives a key as Ada", (_given(), fresh, gone), header(by)
        yield "gives a key and leaves the old", (_given(given_by=by), fresh), header(by)
        yield "gives a key that is not made", (_given(given_by=by), gone), header(by)
        yield "gives a key to somebody else", (_given(given_by=by), key("k-new", BEA), gone), header(by)
        yield "gives a key asked for by oneself", (_given(given_by=by, asked_by=by), fresh, gone), header(by)
        yield "gives a key asked for by its owner", (_given(given_by=by, asked_by=CARL), fresh, gone), header(by)
        at_once = reset("z-new", CARL, state="given", given_by=by, new_key="k-new")
        yield "asks and gives at once", (at_once, fresh, gone), header(by)
        yield "revokes beside a request", (reset("z-new", CARL, asked_by=by), gone), header(by)
        yield "revokes beside somebody else's request", (reset("z-new", QUINN, asked_by=by), gone), header(by)
        yield "founds", (person("p-new", "Newcomer"), role("r-new", "p-new", "owner", granted_by=by)), header(by, seq=0)
        old_role = role("r-new", CARL, "owner", valid_from=BEFORE, granted_by=by)
        yield "founds with an older role", (old_role,), header(by, seq=0)
        rise = role("r-new", by, "administrator", granted_by=by, valid_from=BEFORE)
        yield "makes itself an administrator", (rise, person("p-new", "Newcomer")), header(by)
        for with_key in ("k-carl", "k-new"):
            own = _given(given_by=by, sheet="s-carl", proof=BY_SHEET)
            with_sheet = header(by, key=with_key)
            yield f"recovers with {with_key}", (own, fresh, gone, used), with_sheet
            yield f"recovers and prints with {with_key}", (own, fresh, gone, used, sheet("s-new", by)), with_sheet
            yield f"recovers, sheet kept, with {with_key}", (own, fresh, gone), with_sheet
            wrong = _given(given_by=by, sheet="s-carl", proof=b64encode(b"other").decode())
            yield f"recovers with a wrong proof with {with_key}", (wrong, fresh, gone, used), with_sheet
            none = _given(given_by=by, sheet="s-carl", proof="%%")
            yield f"recovers with no proof with {with_key}", (none, fresh, gone, used), with_sheet
            other = _given(given_by=by, sheet="s-other", proof=BY_SHEET)
            yield f"recovers with another sheet with {with_key}", (other, fresh, gone, used), with_sheet
            unmade = _given(given_by=by, sheet="s-carl", proof=BY_SHEET, new_key="k-none")
            yield f"recovers with a key not made with {with_key}", (unmade, fresh, gone, used), with_sheet
            alone = reset("z-new", CARL, state="given", given_by=by, new_key="k-new", sheet="s-carl", proof=BY_SHEET)
            yield f"recovers unasked with {with_key}", (alone, fresh, gone, used), with_sheet
            rest = tuple(old("person", each, state="disabled") for each in PEOPLE if each != CARL)
            yield f"recovers, the last one, with {with_key}", (alone, fresh, gone, used, *rest), with_sheet
            fake = (alone, fresh, gone, sheet("s-carl", BEA, state="used"))
            yield f"recovers with a sheet of another with {with_key}", fake, with_sheet


def deeds() -> Iterator[tuple[str, tuple[Change, ...], Header]]:
    """Every deed with its name and the header that signs it."""
    for name, change in _alone():
        for by in (ADA, BEA, QUINN, CARL, NOBODY):
            yield name, (change,), header(by)
    signed = {"auth": "passphrase", "meaning": "given"}
    for other in _MANDATES:
        for by, how in (
            (QUINN, signed),
            (CARL, signed),
            (QUINN, {}),
            (QUINN, {**signed, "auth": "session"}),
            (QUINN, {**signed, "meaning": ""}),
        ):
            yield f"gives a mandate {other} {how}", (mandate("m-new", **other),), header(by, **how)
    for at in (BEFORE, "2026-06-30T23:00:00.000Z", "2026-07-01T08:00:00.000Z"):
        yield f"gives a mandate at {at}", (mandate("m-new"),), header(QUINN, at=at, **signed)
    for role_, mandated in (("x", ""), ("y", ""), ("x", "m-given")):
        approval = new("approval", "a-new", person=CARL, role="x", mandate=mandated)
        for header_mandate in ("", "m-given"):
            yield (
                f"signs as {role_} {mandated}",
                (approval,),
                header(CARL, role=role_, mandate=header_mandate, **signed),
            )
    yield from _together()


def answers() -> dict[str, list[list[str]]]:
    """For every deed, who did it and how: each misdeed as [record, id, field, text]."""
    base, found = world(), {}
    for name, changes, head in deeds():
        then = copy.deepcopy(base)
        then.begin()
        for change in changes:
            then.take(change)
        told = [[each.record, each.id, each.field, each.text] for each in then.misdeeds(head, verify=verify)]
        found[f"{head.by}, entry {head.seq}, {head.key}, under {head.mandate or 'no mandate'}: {name}"] = told
    return found


def carried() -> dict[str, bool]:
    """Whether each mandate carries an entry: by everybody, in each role and scope, on each of its days."""
    then, found = world(), {}
    then.begin()
    then.take(old("mandate", "m-over", state="revoked", revoked_at=LATER, revoked_by=QUINN))
    days = (BEFORE, "2026-05-01T00:00:00.000Z", NOW, "2026-06-30T23:59:59.999Z", "2026-07-01T00:00:00.000Z", LATER)
    for named in ("m-given", "m-narrow", "m-none"):
        for by in (CARL, QUINN):
            for as_role in ("quality_approver", "owner"):
                for version in ("capa@2", "deviation@1"):
                    for severity in ("major", "minor"):
                        for at in days:
                            head = header(by, role=as_role, mandate=named, process_version=version, at=at)
                            held = then.acts_under_mandate(head, severity=severity)
                            found[f"{named} {by} {as_role} {version} {severity} {at}"] = held
    for who in PEOPLE:
        for name in ("administrator", "quality_approver", "owner"):
            for at in (FOUNDED, BEFORE, NOW, LATER):
                found[f"{who} {name} {at}"] = then.holds(who, name, at)
    return found


def kept() -> dict[str, Any]:
    """What is written beside this file."""
    return {"deeds": answers(), "carried": sorted(case for case, held in carried().items() if held)}


if __name__ == "__main__":
    DEEDS.write_text(json.dumps(kept(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
