"""Checks an exported log with the standard library and openssl only; shares no code with the project.

Usage: check_log_export.py EXPORT.jsonl. Prints VERIFIED and the root key's fingerprint, or NOT VERIFIED and why.
What it shows: every entry of the file is in the log of the checkpoint, signed with a key that the vault's root
certified, with just the changes it signed; entries that follow each other are chained. Whether the root key is the
right one shows only its fingerprint, compared with one on paper.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from base64 import b64decode as b64
from hashlib import sha256
from pathlib import Path

SPKI = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: SubjectPublicKeyInfo of an Ed25519 key follows


def need(holds: object, why: str) -> None:
    if not holds:
        print(f"NOT VERIFIED: {why}")
        raise SystemExit(1)


def jcs(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(key: bytes, signature: bytes, message: bytes, why: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
        for flag, data in {"-inkey": SPKI + key, "-sigfile": signature, "-in": message}.items():
            Path(folder, flag).write_bytes(data)
            command += [flag, f"{folder}/{flag}"]
        need(subprocess.run(command, capture_output=True, check=False).returncode == 0, why)


def leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def tree(leaves: list[bytes]) -> bytes:  # RFC 9162, 2.1.1
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def climb(node: bytes, index: int, size: int, proof: list[str]) -> bytes:  # RFC 9162, 2.1.3.2
    last = size - 1
    for step in map(bytes.fromhex, proof):
        need(last > 0, "an inclusion proof is too long")
        if index % 2 or index == last:
            node = sha256(b"\1" + step + node).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = sha256(b"\1" + node + step).digest()
        index, last = index // 2, last // 2
    need(last == 0, "an inclusion proof is too short")
    return node


lines = Path(sys.argv[1]).read_bytes().splitlines()
first, *rest = [json.loads(line) for line in lines]
need(first["kind"] == "checkpoint" and first["format"] == "countersign-log-export/v1", "not an export of a log")
need(rest and rest[-1]["kind"] == "end", "the file is cut: its last line is missing")
vault, keys, leaves, changes = first["vault"], {}, [], 0
root, log = b64(vault["root_key"]), b64(vault["log_key"])
stated = {"v": 1, "kind": "log-key-certificate", "vault": vault["id"], "log_key": vault["log_key"]}
signed(
    root, b64(vault["log_certificate"]), b"countersign/log-key-certificate/v1\n" + jcs(stated), "log key certificate"
)
for line in (line for line in rest if line["kind"] == "key"):
    text, words = line["statement"].encode(), json.loads(line["statement"])
    public = b64(words["ed25519"])
    signed(root, b64(line["certificate"]), b"countersign/person-certificate/v1\n" + text, "person certificate")
    signed(public, b64(line["possession"]), b"countersign/enrolment/v1\n" + text, "proof of possession")
    need((words["vault"], words["key"], words["person"]) == (vault["id"], line["id"], line["person"]), "certificate")
    need(sha256(public).hexdigest()[:32] == line["id"], "a certificate is about another key")
    keys[line["id"]] = (line["person"], public)
body, _, notes = first["note"].rpartition("\n\n")
origin, size, top = body.split("\n")
need(origin == "countersign.local/vault/" + vault["id"], "the checkpoint is of another log")
by_log = [note.split(" ") for note in notes.splitlines() if note.split(" ")[1] == origin]
need(by_log, "the checkpoint is not signed by the log key")
need(b64(by_log[0][2])[:4] == sha256(origin.encode() + b"\n\1" + log).digest()[:4], "key id in the checkpoint")
signed(log, b64(by_log[0][2])[4:], f"{body}\n".encode(), "checkpoint signature")
previous = None if first["first"] else "0" * 64
for line in (line for line in rest if line["kind"] == "entry"):
    what, data = f"entry {line['seq']}", line["leaf"].encode()
    value = json.loads(data)
    need(jcs(value) == data, f"{what} is not canonical")
    header, seq = value["entry"], first["first"] + len(leaves)
    need(seq == line["seq"] == header["seq"] and header["vault"] == vault["id"], f"{what} is out of place")
    need(previous in (None, header["prev"]), f"{what} does not follow the entry before it")
    need(climb(leaf(data), seq, int(size), line["proof"]) == b64(top), f"{what} is not in the log")
    need(header["key"] in keys and keys[header["key"]][0] == header["by"], f"{what} is signed with an unknown key")
    message = b"countersign/entry/v1\n" + jcs(header)
    signed(keys[header["key"]][1], b64(value["sig"]), message, f"{what}: signature")
    hashes = [leaf(change.encode()) for change in line["changes"]]
    need(len(hashes) == header["changes"]["count"], f"{what}: number of changes")
    need(tree(hashes).hex() == header["changes"]["root"], f"{what}: its changes are not those that were signed")
    command = [json.loads(part) for part in line["changes"][: header["commands"]]]  # it comes first in the tree
    need(command and command[0]["command"] == header["act"], f"{what} is of another command")
    need(
        all("record" in json.loads(part) for part in line["changes"][len(command) :]), f"{what}: no change of a record"
    )
    previous, changes = leaf(data).hex(), changes + len(hashes)
    leaves.append(leaf(data))
need(first["last"] - first["first"] + 1 == len(leaves) == rest[-1]["entries"], "entries are missing")
need(changes == rest[-1]["changes"] and len(lines) == 2 + len(keys) + len(leaves), "lines are missing or added")
need(len(leaves) < int(size) or tree(leaves) == b64(top), "the entries are not the whole log of the checkpoint")
print(f"VERIFIED {len(leaves)} entries of {origin}; root key {sha256(root).hexdigest()[:40]}")
