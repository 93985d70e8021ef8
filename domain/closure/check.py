"""The judgement of a pack from its embedded data alone. The rules, each a check with a name:

* the vault's root key certifies the log key and every person key; each person proved to hold theirs
* the checkpoint is this vault's and signed by its log key and a certified person, and by nobody unknown
* each entry is signed by a certified key of the person it names, and lies under the checkpoint's root
* each change shown lies under the root that its entry signed
* entries link, records follow from one another, and each names the person who signed it
* signatures were given with the passphrase; no earlier entry about the item is left out
* signers held the roles they signed in, as granted in the log
* the process definition and the vault are those in the log
* every printed fact follows from the entries

A pack with no checkpoint or an unknown key is NOT VERIFIED. There are no warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import msgspec

from domain.closure.compose import compose_pack, definition_of
from domain.closure.pack import PACK_FORMAT, Check, ClosurePack, PackVerdict, Proof, ProvenEntry
from domain.closure.proof import ITEM_RECORDS, ProofError, Told, open_proof, replay
from domain.closure.roles_held import roles_not_held
from domain.identity import parse_iso
from domain.log.canonical import CanonicalError, parse_canonical
from domain.log.certificates import (
    ENROLMENT_PREFIX,
    LOG_KEY_CERTIFICATE_PREFIX,
    PERSON_CERTIFICATE_PREFIX,
    PersonStatement,
    fingerprint,
    log_key_statement,
    read_person_statement,
)
from domain.log.checkpoint import NoteError, SignedCheckpoint, b64decode_strict, open_note, origin_of, signer_name
from domain.log.entry import FORMAT_VERSION, NO_PREVIOUS, signing_input
from domain.log.merkle import leaf_hash, verify_inclusion

Verify = Callable[[bytes, bytes, bytes], bool]
"""(Ed25519 public key, signature, message) -> whether it holds; false for keys of a wrong length."""

_SIGNER_FIELDS: dict[str, tuple[str, ...]] = {
    "passage": ("by",),
    "approval": ("person",),
    "evidence": ("reviewed_by", "added_by"),
    "closure": ("closed_by",),
    "urgency": ("signed_by", "marked_by"),
    "obligation": ("ended_by", "created_by"),
    "link": ("ended_by", "created_by"),
    "question": ("answered_by", "asked_by"),
    "request": ("decided_by", "asked_by"),
    "waiver": ("ended_by", "accepted_by", "asked_by"),
    "hold_period": ("ended_by", "by"),
    "handoff": ("ended_by", "sender"),
    "revocation": ("person",),
    "resubmission": ("by",),
}
"""The fields that name who did what a record says, the latest first."""
_CEREMONIES = frozenset({"approval", "closure"})


def check_pack(pack: ClosurePack, proof: Proof, *, verify: Verify) -> PackVerdict:
    """Judge a pack. Whether its pages show what `pack` says is for whoever holds the pages."""
    judge = _Judge(proof, verify)
    checks = tuple(_checks(judge, pack))
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


def _checks(judge: _Judge, pack: ClosurePack) -> Iterator[Check]:
    yield _check("Format", judge.format(pack), f"version {pack.format}")
    yield _check("Log key certified by the root key", judge.log_certificate(), judge.root_words())
    yield _check("People certified by the root key", judge.certificates(), f"{len(judge.proof.keys)} keys")
    yield _check("Checkpoint", judge.checkpoint(), f"{judge.size()} entries, signed by the log key and a person")
    try:
        told = open_proof(judge.proof)
    except ProofError as problem:
        yield _check("Entries readable", [str(problem)], "")
        return
    shown = f"{len(told)} entries"
    changes = sum(len(one.changes) for one in told)
    yield _check("Entry signatures", judge.signatures(told), shown)
    yield _check("Entries under the checkpoint", judge.inclusion(told), shown)
    yield _check("Changes under their entries", judge.change_inclusion(told), f"{changes} changes")
    yield _check("Links between entries", judge.links(told), shown)
    records, breaks = replay(told)
    yield _check("Records follow from one another", breaks, f"{changes} changes replayed")
    yield _check("Records name their signers", list(_signers(told)), shown)
    yield _check("No earlier entry left out", judge.completeness(told), "as listed by the closure")
    yield _check("Vault as recorded in the log", judge.vault_record(records), judge.proof.vault.name)
    yield _check("Process definition as recorded in the log", judge.definition(records), pack.process.sha256)
    yield _check("Signers held the roles they signed in", judge.roles(records), "as granted in the log")
    yield _check("Every printed fact follows from the entries", judge.content(told, pack), "all fields equal")


def _check(name: str, findings: list[str], detail: str) -> Check:
    return Check(name=name, passed=not findings, detail="; ".join(findings) if findings else detail)


class _Judge:
    """Holds the proof and the keys that the root certified; each method returns what it found wrong."""

    def __init__(self, proof: Proof, verify: Verify) -> None:
        self.proof = proof
        self.verify = verify
        self.root = b64decode_strict(proof.vault.root_key) or b""
        self.log = b64decode_strict(proof.vault.log_key) or b""
        self.people: dict[str, tuple[PersonStatement, bytes]] = {}
        self.note: SignedCheckpoint | None = None
        if proof.checkpoint:
            try:
                self.note = open_note(proof.checkpoint)
            except (NoteError, ValueError):  # judged in `checkpoint`, which opens it again for the reason
                self.note = None

    def root_words(self) -> str:
        return f"root key {fingerprint(self.root)}"

    def size(self) -> int:
        return self.note.checkpoint.size if self.note else 0

    def format(self, pack: ClosurePack) -> list[str]:
        findings = [
            f"{name} has version {version}, this program reads {PACK_FORMAT}"
            for name, version in (("pack", pack.format), ("proof", self.proof.format))
            if version != PACK_FORMAT
        ]
        try:
            parse_iso(pack.printed_at)
        except ValueError:
            findings.append("the moment of printing is not one")
        return findings

    def log_certificate(self) -> list[str]:
        vault = self.proof.vault
        signature = b64decode_strict(vault.log_certificate)
        if len(self.root) != 32 or len(self.log) != 32 or signature is None:
            return ["the vault's keys are not base64 of Ed25519 keys"]
        message = LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=vault.id, log_key=self.log)
        return [] if self.verify(self.root, signature, message) else ["the root key did not certify this log key"]

    def certificates(self) -> list[str]:
        findings = []
        for place, key in enumerate(self.proof.keys):
            where = f"key {place} ({key.id})"
            try:
                said = read_person_statement(key.statement.encode())
            except (CanonicalError, UnicodeEncodeError) as problem:
                findings.append(f"{where}: {problem}")
                continue
            public = b64decode_strict(said.ed25519) or b""
            certificate, possession = b64decode_strict(key.certificate), b64decode_strict(key.possession)
            statement = key.statement.encode()
            if (said.vault, said.key, said.person) != (self.proof.vault.id, key.id, key.person):
                findings.append(f"{where}: the certificate is about another vault, key or person")
            elif certificate is None or not self.verify(self.root, certificate, PERSON_CERTIFICATE_PREFIX + statement):
                findings.append(f"{where}: not certified by the root key")
            elif possession is None or not self.verify(public, possession, ENROLMENT_PREFIX + statement):
                findings.append(f"{where}: no proof that the person holds the key")
            elif key.id in self.people:
                findings.append(f"{where}: appears twice")
            else:
                self.people[key.id] = (said, public)
        return findings

    def checkpoint(self) -> list[str]:
        if not self.proof.checkpoint:
            return ["there is no checkpoint"]
        try:
            note = open_note(self.proof.checkpoint)
        except (NoteError, ValueError) as problem:
            return [f"the checkpoint cannot be read: {problem}"]
        origin = origin_of(self.proof.vault.id)
        findings = []
        if note.checkpoint.origin != origin:
            findings.append(f"the checkpoint is of another log: {note.checkpoint.origin}")
        if not note.signed_by(signer_name(origin), self.log, self.verify):
            findings.append("not signed by the vault's log key")
        signers = [
            name
            for said, public in self.people.values()
            if note.signed_by(name := signer_name(origin, said.person), public, self.verify)
        ]
        if not signers:
            findings.append("not signed by a certified person")
        known = {signer_name(origin), *signers}
        findings += [f"a signature by unknown key {line.name}" for line in note.signatures if line.name not in known]
        if len({line.name for line in note.signatures}) != len(note.signatures):
            findings.append("a signer signed twice")
        return findings

    def signatures(self, told: tuple[Told, ...]) -> list[str]:
        return [f"entry {one.entry.header.seq}: {wrong}" for one in told if (wrong := self._signature(one))]

    def _signature(self, one: Told) -> str:
        header = one.entry.header
        if header.v != FORMAT_VERSION or header.vault != self.proof.vault.id:
            return "of another vault or format version"
        if header.key not in self.people:
            return f"signed with key {header.key}, which is unknown"
        said, public = self.people[header.key]
        if said.person != header.by:
            return f"names {header.by} but was signed with the key of {said.name}"
        if header.at < said.valid_from:
            return f"made at {header.at}, before its key was certified"
        if not self.verify(public, one.entry.signature, signing_input(header.data())):
            return "the signature does not hold"
        return ""

    def inclusion(self, told: tuple[Told, ...]) -> list[str]:
        if self.note is None:
            return ["there is no checkpoint to hold them against"]
        root, size = self.note.checkpoint.root, self.note.checkpoint.size
        findings = []
        for one, shown in zip(told, self.proof.entries, strict=True):
            if one.entry.header.seq != shown.index:
                findings.append(f"entry {one.entry.header.seq} is shown at index {shown.index}")
            path = _steps(shown.proof)
            leaf = bytes.fromhex(one.leaf)
            if path is None or not verify_inclusion(index=shown.index, size=size, leaf=leaf, proof=path, root=root):
                findings.append(f"entry {shown.index} is not under the checkpoint's root")
        return findings

    def change_inclusion(self, told: tuple[Told, ...]) -> list[str]:
        return [
            finding
            for one, shown in zip(told, self.proof.entries, strict=True)
            for finding in _changes_under(one, shown)
        ]

    def links(self, told: tuple[Told, ...]) -> list[str]:
        findings = []
        for before, one in zip((None, *told), told, strict=False):
            header = one.entry.header
            if before is not None and header.seq <= before.entry.header.seq:
                findings.append(f"entry {header.seq} is out of order")
            if before is not None and header.seq == before.entry.header.seq + 1 and header.prev != before.leaf:
                findings.append(f"entry {header.seq} does not follow the entry before it")
            if header.seq == 0 and header.prev != NO_PREVIOUS:
                findings.append("the first entry names one before it")
        return findings

    def completeness(self, told: tuple[Told, ...]) -> list[str]:
        shown = {one.entry.header.seq for one in told}
        listed: set[int] = set()
        for one in told:
            for change in one.changes:
                if change.record == "closure" and change.after.get("item") == self.proof.item:
                    entries = change.values().get("entries")
                    listed |= (
                        {each for each in entries if isinstance(each, int)} if isinstance(entries, list) else set()
                    )
        if not listed:
            return ["no closure lists the entries about this item"]
        return [
            *(f"entry {seq} is about this item and is not shown" for seq in sorted(listed - shown)),
            *(wrong for one in told if (wrong := self._left_out(one, listed))),
        ]

    def _left_out(self, one: Told, listed: set[int]) -> str:
        header, count = one.entry.header, one.entry.header.changes.count
        if header.subject == self.proof.item and len(one.command) + len(one.changes) != count:
            return f"entry {header.seq} has {count} leaves and {len(one.command) + len(one.changes)} are shown"
        if header.seq in listed and not any(change.record in ITEM_RECORDS for change in one.changes):
            return f"entry {header.seq} is about this item and none of its changes are shown"
        return ""

    def vault_record(self, records: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
        recorded = records.get("vault", {}).get(self.proof.vault.id)
        if recorded is None:
            return ["no entry shows the vault's own record"]
        said = msgspec.to_builtins(self.proof.vault)
        return [f"{name} differs from the log" for name in said if name != "id" and said[name] != recorded.get(name)]

    def definition(self, records: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
        item = records.get("item", {}).get(self.proof.item, {})
        recorded = records.get("process_version", {}).get(str(item.get("process_version", "")))
        if recorded is None:
            return ["no entry shows the process version of this item"]
        text = self.proof.definition.encode(errors="surrogatepass")
        findings = []
        if recorded.get("sha256") != sha256(text).hexdigest() or recorded.get("definition") != self.proof.definition:
            findings.append("the definition is not the one that was put in force")
        try:
            parse_canonical(text)
        except CanonicalError as problem:
            findings.append(str(problem))
        return findings

    def roles(self, records: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
        try:
            return list(roles_not_held(records, definition_of(self.proof), self.proof.item))
        except ProofError as problem:
            return [str(problem)]

    def content(self, told: tuple[Told, ...], pack: ClosurePack) -> list[str]:
        try:
            wanted = compose_pack(self.proof, told, printed_at=pack.printed_at, renderer=pack.renderer)
        except ProofError as problem:
            return [str(problem)]
        return list(differences(msgspec.to_builtins(pack), msgspec.to_builtins(wanted), "pack"))


def _steps(proof: tuple[str, ...]) -> list[bytes] | None:
    """The steps of a path, or None when one is not lower-case hex (no second spelling is accepted)."""
    steps = []
    for text in proof:
        try:
            step = bytes.fromhex(text)
        except ValueError:
            return None
        if step.hex() != text:
            return None
        steps.append(step)
    return steps


def _changes_under(one: Told, shown: ProvenEntry) -> Iterator[str]:
    tree, seq = one.entry.header.changes, one.entry.header.seq
    try:
        root = bytes.fromhex(tree.root)
    except ValueError:
        yield f"entry {seq}: the root over its changes is not hex"
        return
    last = -1
    for change in shown.changes:
        leaf, path = leaf_hash(change.data.encode(errors="surrogatepass")), _steps(change.proof)
        if change.index <= last:
            yield f"entry {seq}: change {change.index} is out of order"
        last = change.index
        if path is None or not verify_inclusion(index=change.index, size=tree.count, leaf=leaf, proof=path, root=root):
            yield f"entry {seq}: change {change.index} is not under the root that was signed"


def _signers(told: tuple[Told, ...]) -> Iterator[str]:
    """Records that name somebody else than who signed the entry, or ceremonies without the passphrase."""
    for one in told:
        header = one.entry.header
        for change in one.changes:
            if change.record not in ITEM_RECORDS:
                continue
            named = (name for name in _SIGNER_FIELDS.get(change.record, ()) if name in change.after)
            field = next((name for name in named if change.after[name]), "")
            if field and change.after[field] != header.by:
                yield f"entry {header.seq}: {change.record} names {change.after[field]} and was signed by {header.by}"
            if change.record in _CEREMONIES and header.auth != "passphrase":
                yield f"entry {header.seq}: {change.record} was signed without the passphrase"


def differences(found: Any, wanted: Any, place: str) -> Iterator[str]:
    """Where two JSON values differ: one sentence for each place, deepest name first found."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in sorted({*found, *wanted}):
            yield from differences(found.get(name), wanted.get(name), f"{place}.{name}")
    elif isinstance(found, (list, tuple)) and isinstance(wanted, (list, tuple)):
        if len(found) != len(wanted):
            yield f"{place} has {len(found)} lines, the entries say {len(wanted)}"
        for index, (one, other) in enumerate(zip(found, wanted, strict=False)):
            yield from differences(one, other, f"{place}[{index}]")
    elif found != wanted:
        yield f"{place} says {_short(found)}, the entries say {_short(wanted)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
