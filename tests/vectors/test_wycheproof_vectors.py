"""C2SP Wycheproof, the attacks that broke other people's libraries, through the vault's own wrappers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from desktop.vault.primitives import (
    NONCE_SIZE,
    TAG_SIZE,
    Secret,
    ed25519_verify,
    hkdf,
    open_sealed,
    p256_verify,
    x25519_shared,
)
from domain.errors import Damaged

Wycheproof = Callable[[str], list[tuple[dict[str, Any], dict[str, Any]]]]


def _label(test: dict[str, Any]) -> str:
    return f"tcId {test['tcId']} {test['flags']} {test['comment']}"


def _opened(key: Secret, sealed: bytes, aad: bytes) -> bytes | None:
    try:
        return bytes(open_sealed(key, sealed, aad=aad).expose())
    except Damaged:
        return None


def test_sealed_values_open_only_when_nothing_was_altered(wycheproof: Wycheproof) -> None:
    verdicts = Counter[str]()
    for group, test in wycheproof("aes_gcm_test.json"):
        if group["ivSize"] != NONCE_SIZE * 8 or group["tagSize"] != TAG_SIZE * 8:
            verdicts["another nonce size, which our sealed form cannot express"] += 1
            continue
        raw = {name: bytes.fromhex(test[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")}
        opened = _opened(Secret(raw["key"]), raw["iv"] + raw["ct"] + raw["tag"], raw["aad"])
        assert opened == (raw["msg"] if test["result"] == "valid" else None), _label(test)
        verdicts[test["result"]] += 1
    assert verdicts["valid"] >= 100, verdicts
    assert verdicts["invalid"] >= 50, verdicts


def test_sub_keys_are_derived_as_published(wycheproof: Wycheproof) -> None:
    for _, test in wycheproof("hkdf_sha256_test.json"):
        key, info, salt = (bytes.fromhex(test[name]) for name in ("ikm", "info", "salt"))
        if test["result"] == "invalid":
            with pytest.raises(ValueError, match=r"(?i)length|large|derive"):
                hkdf(Secret(key), info=info, length=test["size"], salt=salt)
        else:
            derived = hkdf(Secret(key), info=info, length=test["size"], salt=salt)
            assert derived.expose().hex() == test["okm"], _label(test)


def test_shared_secrets_are_as_published_and_never_zero(wycheproof: Wycheproof) -> None:
    refused = 0
    for _, test in wycheproof("x25519_test.json"):
        private, public = Secret(bytes.fromhex(test["private"])), bytes.fromhex(test["public"])
        if not any(bytes.fromhex(test["shared"])):
            with pytest.raises(Damaged):
                x25519_shared(private, public)
            refused += 1
        else:
            assert x25519_shared(private, public).expose().hex() == test["shared"], _label(test)
    assert refused >= 10, "the set holds points of low order"


def test_log_signatures_are_judged_as_published(wycheproof: Wycheproof) -> None:
    for group, test in wycheproof("ed25519_test.json"):
        public = bytes.fromhex(group["publicKey"]["pk"])
        holds = ed25519_verify(public, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
        assert holds is (test["result"] == "valid"), _label(test)


def test_pdf_signatures_are_judged_as_published(wycheproof: Wycheproof) -> None:
    for group, test in wycheproof("ecdsa_secp256r1_sha256_test.json"):
        public = bytes.fromhex(group["publicKey"]["uncompressed"])
        holds = p256_verify(public, bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
        assert holds is (test["result"] == "valid"), _label(test)
