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
from domain.messages import message

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
        return message("check_log.root_key", fingerprint=fingerprint(self.root))

    def size(self) -> int:
        """Entries that the checkpoint covers."""
        return self.note.checkpoint.size if self.note else 0

    def log_certificate(self) -> list[str]:
        """The root key certified the log key."""
        vault = self.proof.vault
        signature = b64decode_strict(vault.log_certificate)
        if len(self.root) != 32 or len(self.log) != 32 or signature is None:
            return [message("check_log.the_vault_s_keys")]
        covered = LOG_KEY_CERTIFICATE_PREFIX + log_key_statement(vault=vault.id, log_key=self.log)
        return [] if self.verify(self.root, signature, covered) else [message("check_log.the_root_key_did")]

    def certificates(self) -> list[str]:
        """The root key certified every person key, and each person proved to hold theirs."""
        findings = []
        for place, key in enumerate(self.proof.keys):
            where = message("check_log.the_certificate_is_about.where", place=place, key=key.id)
            try:
                stated = read_person_statement(key.statement.encode())
            except (CanonicalError, UnicodeEncodeError) as problem:
                findings.append(f"{where}: {problem}")
                continue
            public = b64decode_strict(stated.ed25519) or b""
            certificate, possession = b64decode_strict(key.certificate), b64decode_strict(key.possession)
            statement = key.statement.encode()
            if (stated.vault, stated.key, stated.person) != (self.proof.vault.id, key.id, key.person):
                findings.append(message("check_log.the_certificate_is_about", where=where))
            elif certificate is None or not self.verify(self.root, certificate, PERSON_CERTIFICATE_PREFIX + statement):
                findings.append(message("check_log.not_certified_by_the", where=where))
            elif possession is None or not self.verify(public, possession, ENROLMENT_PREFIX + statement):
                findings.append(message("check_log.no_proof_that_the", where=where))
            elif key.id in self.people:
                findings.append(message("check_log.appears_twice", where=where))
            else:
                self.people[key.id] = (stated, public)
        return findings

    def checkpoint(self) -> list[str]:
        """The checkpoint is this vault's, signed by its log key and a certified person and by nobody else."""
        if not self.proof.checkpoint:
            return [message("check_log.there_is_no_checkpoint")]
        try:
            note = open_note(self.proof.checkpoint)
        except (NoteError, ValueError) as problem:
            return [message("check_log.the_checkpoint_cannot_be", problem=problem)]
        origin = origin_of(self.proof.vault.id)
        findings = []
        if note.checkpoint.origin != origin:
            findings.append(message("check_log.the_checkpoint_is_of", origin=note.checkpoint.origin))
        if not note.signed_by(signer_name(origin), self.log, self.verify):
            findings.append(message("check_log.not_signed_by_the"))
        signers = [
            name
            for stated, public in self.people.values()
            if note.signed_by(name := signer_name(origin, stated.person), public, self.verify)
        ]
        if not signers:
            findings.append(message("check_log.not_signed_by_a"))
        known = {signer_name(origin), *signers}
        findings += [
            message("check_log.a_signature_by_unknown", line=line.name)
            for line in note.signatures
            if line.name not in known
        ]
        if len({line.name for line in note.signatures}) != len(note.signatures):
            findings.append(message("check_log.a_signer_signed_twice"))
        return findings

    def printer(self, pack: ClosurePack, signatures: PackSignatures | None) -> list[str]:
        """The whole manifest is signed by a certified person, who also signed the checkpoint, and by the log key."""
        if signatures is None:
            return [message("check_log.it_is_a_draft")]
        known = self.people.get(self.proof.printer)
        if known is None:
            return [message("check_log.signed_with_key_which", printer=self.proof.printer)]
        stated, public = known
        covered, findings = signed_message(pack, self.proof), []
        for who, key, text in (
            (stated.name, public, signatures.person),
            (message("check_log.the_log_key"), self.log, signatures.log),
        ):
            signature = b64decode_strict(text)
            if signature is None or not self.verify(key, signature, covered):
                findings.append(message("check_log.the_signature_of_over", who=who))
        name = signer_name(origin_of(self.proof.vault.id), stated.person)
        if self.note is not None and not self.note.signed_by(name, public, self.verify):
            findings.append(message("check_log.signed_the_pack_and", stated=stated.name))
        return findings

    def signatures(self, read_entries: tuple[ReadEntry, ...], keys: Mapping[str, Values]) -> list[str]:
        """Every entry is signed by the key of the person it names; `keys` are the keys that the entries bring."""
        return [
            message("check_log.entry", seq=one.entry.header.seq, wrong=wrong)
            for one in read_entries
            if (wrong := self._signature(one, keys))
        ]

    def _signature(self, one: ReadEntry, keys: Mapping[str, Values]) -> str:  # noqa: PLR0911 (a table of cases)
        header = one.entry.header
        if header.v != FORMAT_VERSION or header.vault != self.proof.vault.id:
            return message("check_log.of_another_vault_or")
        if header.key not in self.people:
            return message("check_log.signed_with_key_which_is_unknown", key=header.key)
        stated, public = self.people[header.key]
        if stated.person != header.by:
            return message("check_log.names_but_was_signed", by=header.by, stated=stated.name)
        if header.at < stated.valid_from:
            return message("check_log.made_at_before_its", at=header.at)
        recorded = keys.get(header.key)
        if recorded is None or recorded.get("person") != stated.person or recorded.get("ed25519") != stated.ed25519:
            return message("check_log.its_key_is_not")
        if recorded.get("revoked_from") and header.at > str(recorded["revoked_from"]):
            return message("check_log.made_at_after_its", at=header.at)
        if not self.verify(public, one.entry.signature, signing_input(header.data())):
            return message("check_log.the_signature_does_not")
        return ""

    def inclusion(self, read_entries: tuple[ReadEntry, ...]) -> list[str]:
        """Every entry lies under the checkpoint's root."""
        if self.note is None:
            return [message("check_log.there_is_no_checkpoint_to_hold_them")]
        root, size = self.note.checkpoint.root, self.note.checkpoint.size
        findings = []
        for one, shown in zip(read_entries, self.proof.entries, strict=True):
            if one.entry.header.seq != shown.index:
                findings.append(message("check_log.entry_is_shown_at", seq=one.entry.header.seq, index=shown.index))
            path = _steps(shown.proof)
            leaf = bytes.fromhex(one.leaf)
            if path is None or not verify_inclusion(index=shown.index, size=size, leaf=leaf, proof=path, root=root):
                findings.append(message("check_log.entry_is_not_under", index=shown.index))
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
                findings.append(message("check_log.entry_is_out_of", seq=header.seq))
            if before is not None and header.seq == before.entry.header.seq + 1 and header.prev != before.leaf:
                findings.append(message("check_log.entry_does_not_follow", seq=header.seq))
            if header.seq == 0 and header.prev != NO_PREVIOUS:
                findings.append(message("check_log.the_first_entry_names"))
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
        yield message("check_log.entry_the_root_over", seq=seq)
        return
    last = -1
    for change in shown.changes:
        leaf, path = leaf_hash(change.data.encode(errors="surrogatepass")), _steps(change.proof)
        if change.index <= last:
            yield message("check_log.entry_change_is_out", seq=seq, index=change.index)
        last = change.index
        if path is None or not verify_inclusion(index=change.index, size=tree.count, leaf=leaf, proof=path, root=root):
            yield message("check_log.entry_change_is_not", seq=seq, index=change.index)
