"""The vectors that the standards themselves print, through the vault's own wrappers.

Typed in from the documents named at each one, so that a machine without the published collections still checks
every primitive once.
"""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from desktop.vault.primitives import (
    Secret,
    argon2id,
    ed25519_public,
    ed25519_sign,
    ed25519_verify,
    hkdf,
    hmac_sha256,
    open_sealed,
    x25519_public,
    x25519_shared,
)
from domain.errors import Damaged


def _secret(text: str) -> Secret:
    return Secret(bytes.fromhex(text))


def test_argon2id_of_the_library_is_that_of_rfc_9106() -> None:
    # RFC 9106 section 5.3. It has a secret and associated data, which a passphrase slot has not, so it goes to
    # the library that the wrapper stands on.
    kdf = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8
    )
    tag = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert kdf.derive(b"\x01" * 32).hex() == tag


@pytest.mark.parametrize(
    ("memory_kib", "lanes", "tag"),
    [
        # Version 0x13 of the reference implementation's test list (phc-winner-argon2, src/test.c), t = 2.
        (256, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        (256, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        (65536, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
    ],
)
def test_our_argon2id_is_that_of_the_reference_implementation(memory_kib: int, lanes: int, tag: str) -> None:
    derived = argon2id(b"password", salt=b"somesalt", memory_kib=memory_kib, iterations=2, lanes=lanes)
    assert derived.expose().hex() == tag


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        # RFC 8032 section 7.1, TEST 1 and TEST 2.
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
    ],
)
def test_our_ed25519_is_that_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    stated = bytes.fromhex(message)
    assert ed25519_public(_secret(seed)).hex() == public
    assert ed25519_sign(_secret(seed), stated).hex() == signature
    assert ed25519_verify(bytes.fromhex(public), stated, bytes.fromhex(signature))
    assert not ed25519_verify(bytes.fromhex(public), stated + b"\x00", bytes.fromhex(signature))


def test_our_hkdf_is_that_of_rfc_5869() -> None:
    # RFC 5869 appendix A.1 and, with no salt and no info, A.3.
    key = _secret("0b" * 22)
    with_salt = hkdf(
        key, info=bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), length=42, salt=bytes.fromhex("000102030405060708090a0b0c")
    )
    assert with_salt.expose().hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )
    without = hkdf(key, info=b"", length=42)
    assert without.expose().hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


@pytest.mark.parametrize(
    ("key", "data", "tag"),
    [
        # RFC 4231 sections 4.2, 4.3 and 4.7 (a key longer than the block).
        ("0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            b"Jefe".hex(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            "aa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
)
def test_our_hmac_is_that_of_rfc_4231(key: str, data: bytes, tag: str) -> None:
    assert hmac_sha256(_secret(key), data).hex() == tag


def test_our_x25519_is_that_of_rfc_7748() -> None:
    # RFC 7748 section 6.1.
    alice = _secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = _secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    assert x25519_public(alice).hex() == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    assert x25519_public(bob).hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    assert x25519_shared(alice, x25519_public(bob)).expose().hex() == shared
    assert x25519_shared(bob, x25519_public(alice)).expose().hex() == shared


def test_our_aes_256_gcm_opens_the_case_of_its_specification_and_nothing_near_it() -> None:
    # McGrew and Viega, The Galois/Counter Mode of Operation (revised), appendix B, test case 16.
    key = _secret("feffe9928665731c6d6a8f9467308308" * 2)
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = (
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    sealed = bytes.fromhex(
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    assert open_sealed(key, sealed, aad=aad).expose().hex() == plain
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(Damaged):
            open_sealed(key, bytes(altered), aad=aad)
    with pytest.raises(Damaged):
        open_sealed(key, sealed, aad=aad + b"\x00")
