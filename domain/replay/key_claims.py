"""What keys have to prove in an entry: the signatures inside its records, which no command can check.

A command takes a certificate, a proof of possession or a recovery sheet's proof as it is handed in, because the domain
knows no cipher. Whoever walks the log gathers the claims of each entry here and has them checked with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from domain.act import Change
from domain.log.canonical import CanonicalError
from domain.log.certificates import SHEET_PROOF_PREFIX, certificate_problem, log_key_problem, read_person_statement
from domain.log.checkpoint import b64decode_strict
from domain.log.entry import Header
from domain.messages import message
from domain.records.people import PersonKey, RecoverySheet, Vault
from domain.state import State

Kind = TypeVar("Kind", bound=msgspec.Struct)
Verify = Callable[[bytes, bytes, bytes], bool]
"""verify(public key, signature, message)"""


class KeyClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A new key of a person: the root key certified it for them under this name, and they hold it."""

    key: PersonKey
    name: str


class SheetClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A key reset by a recovery sheet: the sheet (its public key, base64; "" = there is none in force) signed the
    statement of the new key.
    """

    reset: str
    public: str
    proof: str
    statement: str


class SignerClaim(msgspec.Struct, frozen=True, kw_only=True):
    """The entry is signed with this key (its id), which it brings itself."""

    key: str


class CreationClaim(msgspec.Struct, frozen=True, kw_only=True):
    """The vault's record: it is the vault of the header, under the root key that is trusted, which certified its log
    key.
    """

    vault: Vault


Claim = KeyClaim | SheetClaim | SignerClaim | CreationClaim


class ClaimProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that does not hold: a stable rule id, the record it shows in, and a text for people."""

    rule: str
    record: str
    id: str
    text: str


def claims_of(changes: Iterable[Change], before: State) -> tuple[Claim, ...]:
    """Every claim of an entry with these changes; `before` is the state as of the entry before."""
    changes = tuple(changes)
    born = [each for each in changes if each.before is None]
    keys = tuple(_of(PersonKey, each) for each in born if each.record == "person_key")
    names = {each.id: each.name for each in before.people()}
    names |= {each.id: str(each.after["name"]) for each in born if each.record == "person"}
    vaults = [_of(Vault, each) for each in born if each.record == "vault"]
    return (
        *(CreationClaim(vault=each) for each in vaults),
        *(KeyClaim(key=each, name=names.get(each.person, "")) for each in keys),
        *(SignerClaim(key=each.id) for each in keys if vaults),
        *_of_sheets(changes, keys, before),
    )


def _of_sheets(changes: tuple[Change, ...], keys: tuple[PersonKey, ...], before: State) -> Iterator[Claim]:
    for change in changes:
        if change.record != "key_reset" or not change.after.get("sheet"):
            continue
        used, new = str(change.after["sheet"]), str(change.after.get("new_key", ""))
        statement = next((each.statement for each in keys if each.id == new), "")
        sheets = before.all_of(RecoverySheet)
        public = next((each.public for each in sheets if each.id == used and each.state == "in_force"), "")
        proof = str(change.after.get("proof", ""))
        yield SheetClaim(reset=change.id, public=public, proof=proof, statement=statement)
        yield SignerClaim(key=new)


def claim_problem(claim: Claim, *, header: Header, root_key: bytes, verify: Verify) -> ClaimProblem | None:
    """Why a claim of the entry with this header does not hold; None when it does.

    `root_key` is the vault's Ed25519 root key that is trusted (32 bytes).
    """
    rule, record, id_, text = _judged(claim, header, root_key, verify)
    return ClaimProblem(rule=rule, record=record, id=id_, text=text) if text else None


def _judged(claim: Claim, header: Header, root_key: bytes, verify: Verify) -> tuple[str, str, str, str]:
    match claim:
        case KeyClaim(key=key):
            text = certificate_problem(key, vault=header.vault, root_key=root_key, verify=verify)
            return "key.certificate", "person_key", key.id, text or _other_name(claim)
        case SheetClaim(reset=reset):
            return "sheet.proof", "key_reset", reset, _sheet_problem(claim, verify)
        case SignerClaim(key=key_id):
            text = "" if header.key == key_id else message("key_claims.the_entry_is_not", key_id=key_id)
            return "key.signer", "person_key", key_id, text
        case CreationClaim(vault=vault):
            return "vault.keys", "vault", vault.id, _creation_problem(vault, header, root_key, verify)


def _of(kind: type[Kind], change: Change) -> Kind:
    return msgspec.convert({**change.after, "id": change.id}, kind)


def _other_name(claim: KeyClaim) -> str:
    try:
        stated = read_person_statement(claim.key.statement.encode()).name
    except CanonicalError as problem:
        return str(problem)
    return (
        ""
        if stated == claim.name
        else message("key_claims.the_certificate_of_key", key=claim.key.id, stated=stated, claim=claim.name)
    )


def _sheet_problem(claim: SheetClaim, verify: Verify) -> str:
    public, proof = b64decode_strict(claim.public), b64decode_strict(claim.proof)
    if not public or proof is None or not claim.statement:
        return message("key_claims.a_new_key_names")
    if verify(public, proof, SHEET_PROOF_PREFIX + claim.statement.encode()):
        return ""
    return message("key_claims.a_new_key_was")


def _creation_problem(vault: Vault, header: Header, root_key: bytes, verify: Verify) -> str:
    log_key, certificate = b64decode_strict(vault.log_key), b64decode_strict(vault.log_certificate)
    if vault.id != header.vault:
        return message("key_claims.the_record_is_of", vault=vault.id, vault_2=header.vault)
    if b64decode_strict(vault.root_key) != root_key:
        return message("key_claims.the_vault_s_record")
    if not log_key or certificate is None:
        return message("key_claims.the_vault_s_record_holds_no_log")
    return log_key_problem(vault=vault.id, log_key=log_key, certificate=certificate, root_key=root_key, verify=verify)
