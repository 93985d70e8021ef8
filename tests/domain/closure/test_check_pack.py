"""A pack's data cannot be altered unseen: every field, one at a time, and the classic frauds."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from closed_item import ClosedItem, closed_item, strange_proof
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain.closure.check import check_pack
from domain.closure.compose import compose_pack
from domain.closure.manifest import PackSignatures, Proof
from domain.closure.pack import ClosurePack
from domain.closure.proof import ProofError, open_proof
from domain.log.checkpoint import Checkpoint, open_note, origin_of, sign_note, signer_name
from domain.log.verdict import PackVerdict

PRINTER = "countersign-pdf 1 (reportlab 4, qpdf 11)"


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.fixture(scope="module")
def closed() -> ClosedItem:
    return closed_item()


@pytest.fixture(scope="module")
def made(closed) -> tuple[ClosurePack, Proof, PackSignatures]:
    return closed.made(PRINTER)


def recomposed(proof: Proof, like: ClosurePack) -> PackVerdict:
    """What a forger with all keys would do: alter the proof, print the pack that follows from it, and sign both."""
    pack = compose_pack(proof, open_proof(proof), printed_at=like.printed_at, renderer=like.renderer)
    return check_pack(pack, proof, closed_item().sign(pack, proof), verify=verify)


def leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{place}.{name}")
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{place}.{index}")
    else:
        yield place, value


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None or value == "":
        return "x"
    middle = len(value) // 2
    return value[:middle] + ("0" if value[middle] != "0" else "1") + value[middle + 1 :]


def with_leaf(whole: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(whole))
    spot = copy
    *transition, last = place.split(".")
    for step in transition:
        spot = spot[int(step)] if isinstance(spot, list) else spot[step]
    spot[int(last) if isinstance(spot, list) else last] = value
    return copy


def test_an_honest_pack_is_verified(made):
    verdict = check_pack(*made, verify=verify)
    assert verdict.findings == ()
    assert verdict.verified
    assert all(check.passed for check in verdict.checks)
    assert verdict.number == "PN-CAPA-0004"


def test_any_single_altered_field_is_found(made):
    whole = dict(zip(("pack", "proof", "signatures"), map(msgspec.to_builtins, made), strict=True))
    fields = [found for part in whole for found in leaves(whole[part], part)]
    unseen = []
    for place, value in fields:
        changed = with_leaf(whole, place, altered(value))
        try:
            pack = msgspec.convert(changed["pack"], ClosurePack)
            proof = msgspec.convert(changed["proof"], Proof)
            signatures = msgspec.convert(changed["signatures"], PackSignatures)
        except msgspec.ValidationError:
            continue  # not even a manifest any more
        if check_pack(pack, proof, signatures, verify=verify).verified:
            unseen.append(place)
    assert len(fields) > 400
    assert unseen == []


def test_the_altered_field_is_named(made):
    pack, proof, signatures = made
    richer = msgspec.structs.replace(pack.approvals[0], name="Somebody Else")
    verdict = check_pack(msgspec.structs.replace(pack, approvals=(richer,)), proof, signatures, verify=verify)
    assert any("pack.approvals[0].name says 'Somebody Else'" in finding for finding in verdict.findings)


def test_no_checkpoint_is_not_verified(made):
    verdict = recomposed(msgspec.structs.replace(made[1], checkpoint=""), made[0])
    assert not verdict.verified
    assert "Checkpoint: there is no checkpoint" in verdict.findings


def test_another_vaults_checkpoint_is_not_verified(made):
    stranger = closed_item(seed="two")
    verdict = recomposed(msgspec.structs.replace(made[1], checkpoint=stranger.checkpoint), made[0])
    assert not verdict.verified
    assert any("not signed by the vault's log key" in finding for finding in verdict.findings)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_checkpoint_without_the_log_or_a_person_is_not_verified(made, missing):
    head, _, tail = made[1].checkpoint.rpartition("\n\n")
    lines = tail.splitlines(keepends=True)
    del lines[missing]
    verdict = recomposed(msgspec.structs.replace(made[1], checkpoint=f"{head}\n\n{''.join(lines)}"), made[0])
    assert not verdict.verified
    assert any("not signed by" in finding for finding in verdict.findings)


def test_a_checkpoint_signed_by_an_unknown_key_as_well_is_not_verified(made, closed):
    origin = origin_of(closed.log.vault)
    point = open_note(made[1].checkpoint).checkpoint
    stranger = closed_item(seed="two").lead.key
    people = [(closed.lead.id, closed.lead.key), ("p-x", stranger)]
    signers = [(signer_name(origin, who), key.public_key().public_bytes_raw(), key.sign) for who, key in people]
    log = (signer_name(origin), closed.log.log_key.public_key().public_bytes_raw(), closed.log.log_key.sign)
    text = sign_note(Checkpoint(origin=origin, size=point.size, root=point.root), (log, *signers))
    verdict = recomposed(msgspec.structs.replace(made[1], checkpoint=text), made[0])
    assert any("unknown key" in finding for finding in verdict.findings)


def test_an_entry_left_out_is_named(made):
    proof = made[1]
    kept = tuple(entry for entry in proof.entries if entry.index != 9)
    verdict = recomposed(msgspec.structs.replace(proof, entries=kept), made[0])
    assert not verdict.verified
    assert any("entry 9 is about this item and is not shown" in finding for finding in verdict.findings)


@pytest.mark.parametrize("seq", range(5, 13))
def test_a_change_left_out_is_found(made, seq):
    proof = made[1]
    entries = list(proof.entries)
    place = next(index for index, entry in enumerate(entries) if entry.index == seq)
    entries[place] = msgspec.structs.replace(entries[place], changes=entries[place].changes[1:])
    verdict = recomposed(msgspec.structs.replace(proof, entries=tuple(entries)), made[0])
    assert not verdict.verified


def test_entries_in_another_order_are_found(made):
    proof = made[1]
    swapped = (*proof.entries[:4], proof.entries[5], proof.entries[4], *proof.entries[6:])
    assert not recomposed(msgspec.structs.replace(proof, entries=swapped), made[0]).verified


def test_a_key_that_the_root_did_not_certify_signs_nothing(made):
    stranger = closed_item(seed="two")
    forged = [
        msgspec.structs.replace(key, certificate=b64encode(stranger.log.root.sign(key.statement.encode())).decode())
        for key in made[1].keys
    ]
    verdict = recomposed(msgspec.structs.replace(made[1], keys=tuple(forged)), made[0])
    assert any("not certified by the root key" in finding for finding in verdict.findings)


def test_a_whole_forged_vault_shows_another_root_fingerprint(made):
    stranger = closed_item(seed="two")
    verdict = check_pack(*stranger.made(PRINTER), verify=verify)
    assert verdict.verified  # it agrees with itself: that is all a file alone can show
    assert verdict.root_fingerprint != check_pack(*made, verify=verify).root_fingerprint


@pytest.mark.parametrize("seed", range(60))
def test_a_forger_with_all_keys_and_strange_values_gets_a_verdict(seed):
    """Whoever makes up a vault signs what they like: whatever it is, checking it ends in a verdict."""
    pack, proof, signatures = strange_proof(seed)
    assert check_pack(pack, proof, signatures, verify=verify).number == pack.item.number
    with suppress(ProofError):  # a proof that supports no pack at all
        assert recomposed(proof, pack).item == pack.item.id
