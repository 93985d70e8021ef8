from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from outside_log import LARGEST, b64, leaf_hashes, leaves, log_verifier_key, note, person_verifier_key, root

from domain.closure.paths import Paths
from domain.log.merkle import consistency_proof
from domain.log.tlog_proof import write_proof

SOURCE = Path(__file__).with_name("go")
SIZES = (*range(41), 255, 256, 257, LARGEST)


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Go's own transparency log packages, built from the modules this computer has; nothing is fetched."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not installed: golang.org/x/mod/sumdb cannot judge our log here")
    program = tmp_path_factory.mktemp("go") / "judge"
    offline = {**os.environ, "GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GONOSUMDB": "*"}
    command = [go, "build", "-o", str(program), "."]
    built = subprocess.run(command, cwd=SOURCE, env=offline, capture_output=True, text=True, check=False)
    if built.returncode:
        pytest.skip(f"golang.org/x/mod is not among this computer's Go modules: {built.stderr.strip()[:200]}")
    return program


def judged(program: Path, **cases: list[dict[str, Any]]) -> str:
    output = subprocess.run([str(program)], input=json.dumps(cases), capture_output=True, text=True, check=False)
    assert output.returncode == 0, output.stdout
    return output.stdout


def inclusion(size: int, index: int, **changed: Any) -> dict[str, Any]:
    path = Paths(leaf_hashes()[:size]).of(index)
    case = {
        "size": size,
        "index": index,
        "root": b64(root(size)),
        "leaf": b64(leaves()[index]),
        "proof": [b64(step) for step in path],
        "holds": True,
    }
    return {**case, **changed}


def consistency(old: int, size: int, **changed: Any) -> dict[str, Any]:
    case = {
        "old_size": old,
        "old_root": b64(root(old)),
        "size": size,
        "root": b64(root(size)),
        "proof": [b64(step) for step in consistency_proof(old, leaf_hashes()[:size])],
        "holds": True,
    }
    return {**case, **changed}


def flipped(text: str) -> str:
    data = bytearray(b64decode(text))
    data[0] ^= 1
    return b64(bytes(data))


def spoilt(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The case with each step of its proof forged."""
    proof = case["proof"]
    spoils = [[*proof[:place], flipped(proof[place]), *proof[place + 1 :]] for place in range(len(proof))]
    return [{**case, "proof": each, "holds": False} for each in spoils]


def test_go_opens_our_checkpoints_with_both_signatures(judge: Path) -> None:
    keys = [log_verifier_key(), person_verifier_key()]
    notes = [{"name": f"size {size}", "keys": keys, "note": note(size), "verified": 2} for size in SIZES]
    assert f"{len(SIZES)} notes" in judged(judge, notes=notes)


def test_go_refuses_our_checkpoints_once_a_character_is_changed(judge: Path) -> None:
    text = note(40)
    signed = text.index("\n\n") + 1
    notes = []
    for place in range(signed):
        if text[place] != "\n":
            forged = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
            notes.append({"name": f"at {place}", "keys": [log_verifier_key()], "note": forged, "verified": 0})
    assert len(notes) > 100
    judged(judge, notes=notes)


def test_go_grows_the_same_trees(judge: Path) -> None:
    trees = [{"leaves": [b64(leaf) for leaf in leaves()[:size]], "root": b64(root(size))} for size in SIZES if size]
    judged(judge, trees=trees)


def test_go_follows_our_inclusion_proofs_and_refuses_forged_ones(judge: Path) -> None:
    cases = [inclusion(size, index) for size in SIZES if size <= 40 for index in range(size)]
    cases += [inclusion(size, index) for size in (255, 256, 257, LARGEST) for index in (0, 1, 127, 254, size - 1)]
    forged = []
    for case in cases:
        forged.append({**case, "leaf": flipped(case["leaf"]), "holds": False})
        forged += [
            {
                **case,
                "holds": False,
                "proof": [flipped(each) if n == place else each for n, each in enumerate(case["proof"])],
            }
            for place in range(len(case["proof"]))
        ]
    output = judged(judge, inclusion=cases + forged)
    assert f"{len(cases) + len(forged)} inclusion" in output


def test_go_follows_our_consistency_proofs_and_refuses_forged_ones(judge: Path) -> None:
    cases = [consistency(old, size) for size in SIZES if size <= 40 for old in range(1, size + 1)]
    cases += [consistency(old, size) for size in (255, 256, 257, LARGEST) for old in (1, 2, 128, 200, 255)]
    forged = [{**case, "old_root": flipped(case["old_root"]), "holds": False} for case in cases]
    for case in cases:
        forged += [
            {
                **case,
                "holds": False,
                "proof": [flipped(each) if n == place else each for n, each in enumerate(case["proof"])],
            }
            for place in range(len(case["proof"]))
        ]
    output = judged(judge, consistency=cases + forged)
    assert f"{len(cases) + len(forged)} consistency" in output


def test_go_follows_our_proof_texts(judge: Path) -> None:
    texts = [
        {
            "text": write_proof(index=index, path=Paths(leaf_hashes()[:size]).of(index), note=note(size)),
            "leaf": b64(leaves()[index]),
            "key": log_verifier_key(),
        }
        for size in (1, 2, 3, 40, 257)
        for index in {0, size // 2, size - 1}
    ]
    judged(judge, texts=texts)
