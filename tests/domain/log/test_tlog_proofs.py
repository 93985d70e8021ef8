from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.closure.paths import Paths
from domain.log.checkpoint import Checkpoint, NoteError, sign_note
from domain.log.merkle import leaf_hash, root_hash
from domain.log.tlog_proof import read_proof, write_proof

DATA = [f"leaf {n}".encode() for n in range(21)]
LEAVES = [leaf_hash(data) for data in DATA]
KEY = Ed25519PrivateKey.generate()


def text_of(index: int, size: int) -> str:
    point = Checkpoint(origin="example.local/log", size=size, root=root_hash(LEAVES[:size]))
    note = sign_note(point, (("example.local/log", KEY.public_key().public_bytes_raw(), KEY.sign),))
    return write_proof(index=index, path=Paths(LEAVES[:size]).of(index), note=note)


def test_what_is_written_is_read_and_proves_just_its_leaf() -> None:
    for size in range(1, 22):
        for index in range(size):
            proof = read_proof(text_of(index, size))
            assert proof.proves(DATA[index])
            assert not proof.proves(DATA[(index + 1) % 21])


def test_an_extra_line_is_passed_over() -> None:
    head, rest = text_of(3, 9).split("\n", 1)
    assert read_proof(f"{head}\nextra AAAA\n{rest}").proves(DATA[3])


def test_the_first_lines_are_those_of_the_format() -> None:
    lines = text_of(0, 1).split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "index 0", ""]
    assert lines[3] == "example.local/log"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 3", "index 03"),
        ("index 3", "index -3"),
        ("index 3", "index"),
        ("index 3", "number 3"),
        ("\n\nexample", "\nexample"),
        ("\nindex 3\n", "\nindex 3\nAAAA\n"),
        ("\n9\n", "\nnine\n"),
    ],
)
def test_what_is_not_quite_a_proof_is_refused(old: str, new: str) -> None:
    text = text_of(3, 9)
    assert old in text
    with pytest.raises(NoteError):
        read_proof(text.replace(old, new, 1))
