"""What a proof's entries, keys and checkpoint must show before anything they say is believed.

Each method of `LogChecks` returns what it found wrong, as sentences; nothing = it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from domain.act import Values
from domain.closure.manifest import PackSignatures, Proof, ProvenEntry, signed_message
from domain.closure.pack import ClosurePack
from domain.closure.proof import ReadEntry
from domain.log.canonical import CanonicalError
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


class LogChecks:
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
        """The root key's fingerprint, as a detail."""
        return f"root key {fingerprint(self.root)}"

    def size(self) -> int:
        """Entries that the checkpoint covers."""
        return self.note.checkpoint.size if self.note else 0

    def log_certificate(self) -> list[str]:
        """The root key certified the log key."""
        vault = self.proof.vault
        signature = b64decode_strict(vault.log_certificate)
        if len(self.root) != 32 or len(self.log) != 32 or signature is None:
            return ["the vault's keys are not base64 of Ed25519 keys"]
        message = LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=vault.id, log_key=self.log)
        return [] if self.verify(self.root, signature, message) else ["the root key did not certify this log key"]

    def certificates(self) -> list[str]:
        """The root key certified every person key, and each person proved to hold theirs."""
        findings = []
        for place, key in enumerate(self.proof.keys):
            where = f"key {place} ({key.id})"
            try:
                stated = read_person_statement(key.statement.encode())
            except (CanonicalError, UnicodeEncodeError) as problem:
                findings.append(f"{where}: {problem}")
                continue
            public = b64decode_strict(stated.ed25519) or b""
            certificate, possession = b64decode_strict(key.certificate), b64decode_strict(key.possession)
            statement = key.statement.encode()
            if (stated.vault, stated.key, stated.person) != (self.proof.vault.id, key.id, key.person):
                findings.append(f"{where}: the certificate is about another vault, key or person")
            elif certificate is None or not self.verify(self.root, certificate, PERSON_CERTIFICATE_PREFIX + statement):
                findings.append(f"{where}: not certified by the root key")
            elif possession is None or not self.verify(public, possession, ENROLMENT_PREFIX + statement):
                findings.append(f"{where}: no proof that the person holds the key")
            elif key.id in self.people:
                findings.append(f"{where}: appears twice")
            else:
                self.people[key.id] = (stated, public)
        return findings

    def checkpoint(self) -> list[str]:
        """The checkpoint is this vault's, signed by its log key and a certified person and by nobody else."""
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
            for stated, public in self.people.values()
            if note.signed_by(name := signer_name(origin, stated.person), public, self.verify)
        ]
        if not signers:
            findings.append("not signed by a certified person")
        known = {signer_name(origin), *signers}
        findings += [f"a signature by unknown key {line.name}" for line in note.signatures if line.name not in known]
        if len({line.name for line in note.signatures}) != len(note.signatures):
            findings.append("a signer signed twice")
        return findings

    def printer(self, pack: ClosurePack, signatures: PackSignatures | None) -> list[str]:
        """The whole manifest is signed by a certified person, who also signed the checkpoint, and by the log key."""
        if signatures is None:
            return ["it is a draft, which nobody signed"]
        known = self.people.get(self.proof.printer)
        if known is None:
            return [f"signed with key {self.proof.printer}, which is unknown"]
        stated, public = known
        message, findings = signed_message(pack, self.proof), []
        for who, key, text in ((stated.name, public, signatures.person), ("the log key", self.log, signatures.log)):
            signature = b64decode_strict(text)
            if signature is None or not self.verify(key, signature, message):
                findings.append(f"the signature of {who} over the whole pack does not hold")
        name = signer_name(origin_of(self.proof.vault.id), stated.person)
        if self.note is not None and not self.note.signed_by(name, public, self.verify):
            findings.append(f"{stated.name} signed the pack and not its checkpoint")
        return findings

    def signatures(self, read_entries: tuple[ReadEntry, ...], keys: Mapping[str, Values]) -> list[str]:
        """Every entry is signed by the key of the person it names; `keys` are the keys that the entries bring."""
        return [
            f"entry {one.entry.header.seq}: {wrong}" for one in read_entries if (wrong := self._signature(one, keys))
        ]

    def _signature(self, one: ReadEntry, keys: Mapping[str, Values]) -> str:  # noqa: PLR0911 (a table of cases)
        header = one.entry.header
        if header.v != FORMAT_VERSION or header.vault != self.proof.vault.id:
            return "of another vault or format version"
        if header.key not in self.people:
            return f"signed with key {header.key}, which is unknown"
        stated, public = self.people[header.key]
        if stated.person != header.by:
            return f"names {header.by} but was signed with the key of {stated.name}"
        if header.at < stated.valid_from:
            return f"made at {header.at}, before its key was certified"
        recorded = keys.get(header.key)
        if recorded is None or recorded.get("person") != stated.person or recorded.get("ed25519") != stated.ed25519:
            return "its key is not the one that the log brings"
        if recorded.get("revoked_from") and header.at > str(recorded["revoked_from"]):
            return f"made at {header.at}, after its key was revoked"
        if not self.verify(public, one.entry.signature, signing_input(header.data())):
            return "the signature does not hold"
        return ""

    def inclusion(self, read_entries: tuple[ReadEntry, ...]) -> list[str]:
        """Every entry lies under the checkpoint's root."""
        if self.note is None:
            return ["there is no checkpoint to hold them against"]
        root, size = self.note.checkpoint.root, self.note.checkpoint.size
        findings = []
        for one, shown in zip(read_entries, self.proof.entries, strict=True):
            if one.entry.header.seq != shown.index:
                findings.append(f"entry {one.entry.header.seq} is shown at index {shown.index}")
            path = _steps(shown.proof)
            leaf = bytes.fromhex(one.leaf)
            if path is None or not verify_inclusion(index=shown.index, size=size, leaf=leaf, proof=path, root=root):
                findings.append(f"entry {shown.index} is not under the checkpoint's root")
        return findings

    def change_inclusion(self, read_entries: tuple[ReadEntry, ...]) -> list[str]:
        """Every leaf shown lies under the root that its entry signed."""
        return [
            finding
            for one, shown in zip(read_entries, self.proof.entries, strict=True)
            for finding in _changes_under(one, shown)
        ]

    def links(self, read_entries: tuple[ReadEntry, ...]) -> list[str]:
        """Entries are in order and name the one before."""
        findings = []
        for before, one in zip((None, *read_entries), read_entries, strict=False):
            header = one.entry.header
            if before is not None and header.seq <= before.entry.header.seq:
                findings.append(f"entry {header.seq} is out of order")
            if before is not None and header.seq == before.entry.header.seq + 1 and header.prev != before.leaf:
                findings.append(f"entry {header.seq} does not follow the entry before it")
            if header.seq == 0 and header.prev != NO_PREVIOUS:
                findings.append("the first entry names one before it")
        return findings


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


def _changes_under(one: ReadEntry, shown: ProvenEntry) -> Iterator[str]:
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
