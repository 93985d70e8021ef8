"""The judgement of a pack from its embedded data alone. The rules, each a check with a name:

* it is no larger than a pack can be, and what no entry says stands in a strict form
* the vault's root key certifies the log key and every person key; each person proved to hold theirs
* the checkpoint is this vault's and signed by its log key and a certified person, and by nobody unknown
* the whole manifest is signed by the person who printed it and by the log key
* each entry is signed by a certified key of the person it names, and lies under the checkpoint's root
* each leaf shown lies under the root that its entry signed
* entries link, records follow from one another, and each names the person who signed it and the time it was signed
* signatures were given with the passphrase; the entries shown are those that the printer listed
* every entry whose state is shown whole is decided again, those about people, keys and roles without exception
* signers held the roles they signed in
* the process definition and the vault are those in the log
* every printed fact follows from the entries

A pack with no checkpoint or an unknown key is NOT VERIFIED. There are no warnings.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from domain.closure.check_log import LogChecks, Verify
from domain.closure.compose import compose_pack, definition_of
from domain.closure.decided import Decided, decide_shown
from domain.closure.forms import form_problems, too_large
from domain.closure.manifest import PackSignatures, Proof
from domain.closure.pack import ClosurePack
from domain.closure.proof import ITEM_RECORDS, ProofError, ReadEntry, is_about, open_proof, replay
from domain.closure.standard import gate_words
from domain.identity import parse_iso
from domain.log.canonical import CanonicalError, parse_canonical
from domain.log.verdict import Check, PackVerdict
from domain.messages import message, plural_message
from domain.process.definition import RELATIONS
from domain.records.governance import Mandate
from domain.replay.key_claims import claim_problem
from domain.rules.holding_roles import held_by

Records = dict[str, dict[str, dict[str, Any]]]

_SIGNER_FIELDS: dict[str, tuple[str, ...]] = {
    "transition_record": ("by",),
    "approval": ("person",),
    "evidence": ("reviewed_by", "added_by"),
    "closure": ("closed_by",),
    "urgency": ("signed_by", "marked_by"),
    "obligation": ("ended_by", "created_by"),
    "link": ("ended_by", "created_by"),
    "question": ("answered_by", "asked_by"),
    "request": ("decided_by", "asked_by"),
    "risk_acceptance": ("ended_by", "accepted_by", "asked_by"),
    "hold_period": ("ended_by", "by"),
    "handoff": ("ended_by", "sender"),
    "revocation": ("person",),
    "resubmission": ("by",),
}
"""The fields that name who did what a record says, the latest first."""
_SIGNINGS = frozenset({"approval", "closure"})


def check_pack(
    pack: ClosurePack, proof: Proof, signatures: PackSignatures | None = None, *, verify: Verify
) -> PackVerdict:
    """Judge a pack. Whether its pages show what `pack` says is for whoever holds the pages.

    Without signatures it is a draft, which is never verified.
    """
    checks = tuple(_checks(_Judge(proof, verify), pack, signatures))
    return verdict_of(pack, checks)


def verdict_of(pack: ClosurePack, checks: tuple[Check, ...]) -> PackVerdict:
    """The verdict that follows from the checks: verified when all passed."""
    findings = tuple(f"{check.name}: {check.detail}" for check in checks if not check.passed)
    return PackVerdict(
        verified=not findings,
        item=pack.item.id,
        number=pack.item.number,
        vault=pack.vault,
        root_fingerprint=pack.root_fingerprint,
        checkpoint_size=pack.checkpoint_size,
        checks=checks,
        findings=findings,
    )


def _entries(count: int) -> str:
    return plural_message("check.entries.one", "check.entries.many", count)


def _checks(judge: _Judge, pack: ClosurePack, signatures: PackSignatures | None) -> Iterator[Check]:
    large = too_large(pack, judge.proof)
    yield _check(message("check.size"), large, _entries(len(judge.proof.entries)))
    if large:
        return
    yield _check(message("check.log_key_certified_by"), judge.log_certificate(), judge.root_words())
    yield _check(
        message("check.people_certified_by_the"),
        judge.certificates(),
        plural_message("check.keys.one", "check.keys.many", len(judge.proof.keys)),
    )
    yield _check(
        message("check.checkpoint"),
        judge.checkpoint(),
        plural_message("check.checkpoint_size.one", "check.checkpoint_size.many", judge.size()),
    )
    yield _check(
        message("check.signed_by_whoever_printed"),
        judge.printer(pack, signatures),
        message("check.by_and_the_log", printed_by=pack.printed_by),
    )
    try:
        read_entries = open_proof(judge.proof)
    except ProofError as problem:
        yield _check(message("check.entries_readable"), [str(problem)], "")
        return
    shown = _entries(len(read_entries))
    changes = sum(len(one.changes) for one in read_entries)
    records, breaks = replay(read_entries)
    newest = max((one.entry.header.at for one in read_entries), default="")
    yield _check(
        message("check.format"), form_problems(pack, judge.proof, newest), message("check.version", format=pack.format)
    )
    yield _check(
        message("check.entry_signatures"), judge.signatures(read_entries, records.get("person_key", {})), shown
    )
    yield _check(message("check.entries_under_the_checkpoint"), judge.inclusion(read_entries), shown)
    yield _check(
        message("check.changes_under_their_entries"),
        judge.change_inclusion(read_entries),
        plural_message("check.changes.one", "check.changes.many", changes),
    )
    yield _check(message("check.links_between_entries"), judge.links(read_entries), shown)
    yield _check(
        message("check.records_follow_from_one"),
        breaks,
        plural_message("check.replayed.one", "check.replayed.many", changes),
    )
    yield _check(message("check.records_name_their_signers"), list(_signers(read_entries)), shown)
    yield _check(message("check.moments_are_those_of"), list(_moments(read_entries)), shown)
    yield _check(
        message("check.no_entry_left_out"), judge.completeness(read_entries), message("check.as_signed_by_whoever")
    )
    yield _check(message("check.vault_as_recorded_in"), judge.vault_record(records), judge.proof.vault.name)
    yield _check(message("check.process_definition_as_recorded"), judge.definition(records), pack.process.sha256)
    decided = decide_shown(read_entries, judge.proof.item)
    unjudged = len(decided.unjudged)
    yield _check(
        message("check.entries_decided_again"),
        judge.decisions(decided),
        message("check.decided_not_judged", count=len(read_entries) - unjudged, unjudged=unjudged),
    )
    yield _check(
        message("check.signers_held_the_roles"),
        list(judge.roles(read_entries, decided)),
        message("check.as_granted_in_the"),
    )
    yield _check(
        message("check.every_printed_fact_follows"),
        judge.content(read_entries, pack, decided),
        message("check.all_fields_equal"),
    )


def _check(name: str, findings: list[str], detail: str) -> Check:
    return Check(name=name, passed=not findings, detail="; ".join(findings[:_MOST_STATED]) if findings else detail)


_MOST_STATED = 20
"""Findings of one check that are reported."""


class _Judge(LogChecks):
    """The checks of what the entries say, on top of those of the log."""

    def completeness(self, read_entries: tuple[ReadEntry, ...]) -> list[str]:
        shown = {one.entry.header.seq for one in read_entries}
        listed: set[int] = set()
        for one in read_entries:
            for change in one.changes:
                if change.record == "closure" and change.after.get("item") == self.proof.item:
                    entries = change.values().get("entries")
                    listed |= (
                        {each for each in entries if isinstance(each, int)} if isinstance(entries, list) else set()
                    )
        if not listed:
            return [message("check.no_closure_lists_the")]
        about = tuple(one.entry.header.seq for one in read_entries if is_about(one, self.proof.item))
        site = tuple(one.entry.header.seq for one in read_entries if one.entry.header.seq not in set(about))
        signed = {*self.proof.about, *self.proof.site}
        return [
            *(message("check.entry_is_about_this", seq=seq) for seq in sorted(listed - shown)),
            *(message("check.entry_is_on_the", seq=seq) for seq in sorted(signed - shown - listed)),
            *(message("check.entry_is_shown_and", seq=seq) for seq in sorted(shown - signed)),
            *([message("check.the_signed_list_of")] if about != self.proof.about else ()),
            *([message("check.the_signed_list_of_entries_about_the")] if site != self.proof.site else ()),
            *(wrong for one in read_entries if (wrong := self._left_out(one, listed))),
        ]

    def _left_out(self, one: ReadEntry, listed: set[int]) -> str:
        header, count = one.entry.header, one.entry.header.changes.count
        if header.subject == self.proof.item and len(one.command) + len(one.changes) != count:
            return message(
                "check.entry_has_leaves_and", seq=header.seq, leaves=count, shown=len(one.command) + len(one.changes)
            )
        if header.seq in listed and not any(change.record in ITEM_RECORDS for change in one.changes):
            return message("check.entry_is_about_this_item_and_none", seq=header.seq)
        return ""

    def vault_record(self, records: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
        recorded = records.get("vault", {}).get(self.proof.vault.id)
        if recorded is None:
            return [message("check.no_entry_shows_the")]
        stated = msgspec.to_builtins(self.proof.vault)
        return [
            message("check.differs_from_the_log", name=name)
            for name in stated
            if name != "id" and stated[name] != recorded.get(name)
        ]

    def definition(self, records: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
        item = records.get("item", {}).get(self.proof.item, {})
        recorded = records.get("process_version", {}).get(str(item.get("process_version", "")))
        if recorded is None:
            return [message("check.no_entry_shows_the_process_version_of")]
        text = self.proof.definition.encode(errors="surrogatepass")
        findings = []
        if recorded.get("sha256") != sha256(text).hexdigest() or recorded.get("definition") != self.proof.definition:
            findings.append(message("check.the_definition_is_not"))
        try:
            parse_canonical(text)
        except CanonicalError as problem:
            findings.append(str(problem))
        return findings

    def decisions(self, decided: Decided) -> list[str]:
        problems = (
            (one, claim_problem(claim, header=one.entry.header, root_key=self.root, verify=self.verify))
            for one, claims in decided.claims
            for claim in claims
        )
        wrong = [
            message("check.entry", seq=one.entry.header.seq, text=each.text)
            for one, each in problems
            if each is not None
        ]
        return [*decided.findings, *wrong]

    def roles(self, read_entries: tuple[ReadEntry, ...], decided: Decided) -> Iterator[str]:
        """A sentence for each signature in an entry that was not decided again whose signer is not shown to have held
        its role.
        """
        left = {each.seq for each in decided.unjudged}
        for one in read_entries:
            if one.entry.header.seq not in left:
                continue
            for change in one.changes:
                if change.before is None and change.after.get("item") == self.proof.item:
                    yield from self._role(change.record, change.values(), decided)

    def _role(self, record: str, values: dict[str, Any], decided: Decided) -> Iterator[str]:
        if record == "approval":
            process = definition_of(self.proof)
            gate, title = process.gate(str(values.get("gate"))), gate_words(process, str(values.get("gate")))
            level = next((each for each in (gate.approvals if gate else ()) if each.level == values.get("level")), None)
            if level is None:
                yield message("check.an_approval_at_level", title=title, level=values.get("level"))
            elif values.get("role") != level.role:
                yield message("check.an_approval_at_as", title=title, name=values.get("role"), role=level.role)
            elif not _held_or_delegated(decided, values, level.role, str(values.get("given_at"))):
                yield message(
                    "check.signed_at_without_being", person=values.get("person"), title=title, role=level.role
                )
        if record == "closure":
            role = str(values.get("role"))
            if role not in RELATIONS and role not in _roles(decided, values.get("closed_by"), values.get("closed_at")):
                yield message("check.closed_without_being_shown", closed_by=values.get("closed_by"), role=role)

    def content(self, read_entries: tuple[ReadEntry, ...], pack: ClosurePack, decided: Decided) -> list[str]:
        try:
            wanted = compose_pack(
                self.proof, read_entries, printed_at=pack.printed_at, renderer=pack.renderer, decided=decided
            )
        except ProofError as problem:
            return [str(problem)]
        return list(differences(msgspec.to_builtins(pack), msgspec.to_builtins(wanted), "pack"))


def _roles(decided: Decided, person: object, at: object) -> frozenset[str]:
    return held_by(decided.state.roles(), str(person), str(at))


def _held_or_delegated(decided: Decided, approval: dict[str, Any], role: str, at: str) -> bool:
    """Whether the signer held the role, or signed under a mandate of somebody who did."""
    if not approval.get("mandate"):
        return role in RELATIONS or role in _roles(decided, approval.get("person"), at)
    delegated = next((each for each in decided.state.all_of(Mandate) if each.id == approval["mandate"]), None)
    if delegated is None or (delegated.delegate, delegated.role) != (approval.get("person"), role):
        return False
    stood = delegated.first_day <= at[:10] <= delegated.last_day and (
        not delegated.revoked_at or at < delegated.revoked_at
    )
    return stood and role in _roles(decided, delegated.delegator, at)


def _moments(read_entries: tuple[ReadEntry, ...]) -> Iterator[str]:
    """Records of the item that name another moment than that at which their entry was signed."""
    for one in read_entries:
        at = one.entry.header.at
        try:
            parse_iso(at)
        except ValueError:
            yield message("check.entry_was_signed_at", seq=one.entry.header.seq)
        for change in one.changes:
            if change.record not in ITEM_RECORDS:
                continue
            for name, value in change.after.items():
                if value and (name == "at" or name.endswith("_at")) and value != at:
                    place = message(
                        "check.is_and_was_signed.place", seq=one.entry.header.seq, record=change.record, name=name
                    )
                    yield message("check.is_and_was_signed", place=place, short=_short(value), at=at)


def _signers(read_entries: tuple[ReadEntry, ...]) -> Iterator[str]:
    """Records that name somebody else than who signed the entry, or signings without the passphrase."""
    for one in read_entries:
        header = one.entry.header
        for change in one.changes:
            if change.record not in ITEM_RECORDS:
                continue
            named = (name for name in _SIGNER_FIELDS.get(change.record, ()) if name in change.after)
            field = next((name for name in named if change.after[name]), "")
            if field and change.after[field] != header.by:
                yield message(
                    "check.entry_names_and_was",
                    seq=header.seq,
                    record=change.record,
                    after=change.after[field],
                    by=header.by,
                )
            if change.record in _SIGNINGS and header.auth != "passphrase":
                yield message("check.entry_was_signed_without", seq=header.seq, record=change.record)


def differences(found: Any, wanted: Any, place: str) -> Iterator[str]:
    """Where two JSON values differ: one sentence for each place, deepest name first found."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in sorted({*found, *wanted}):
            yield from differences(found.get(name), wanted.get(name), f"{place}.{name}")
    elif isinstance(found, (list, tuple)) and isinstance(wanted, (list, tuple)):
        if len(found) != len(wanted):
            yield message("check.has_lines_the_entries", place=place, lines=len(found), wanted=len(wanted))
        for index, (one, other) in enumerate(zip(found, wanted, strict=False)):
            yield from differences(one, other, f"{place}[{index}]")
    elif found != wanted:
        yield message("check.says_the_entries_say", place=place, short=_short(found), wanted=_short(wanted))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
