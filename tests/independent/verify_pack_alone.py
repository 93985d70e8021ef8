"""Checks a closure pack with the standard library, openssl and qpdf only; shares no code with the project.

Usage: verify_pack_alone.py PACK.pdf. Prints VERIFIED and the root key's fingerprint, or NOT VERIFIED and why.
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
        raise SystemExit(f"NOT VERIFIED: {why}")


def jcs(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(key: bytes, signature: bytes, message: bytes, why: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for flag, data in (places := {"-inkey": SPKI + key, "-sigfile": signature, "-in": message}).items():
            Path(folder, flag).write_bytes(data)
        arguments = [part for flag in places for part in (flag, f"{folder}/{flag}")]
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", *arguments]
        need(subprocess.run(command, capture_output=True, check=False).returncode == 0, why)


def climb(leaf: bytes, index: int, size: int, *, proof: list[str], root: bytes, why: str) -> None:
    need(0 <= index < size, why)
    node, last = sha256(b"\0" + leaf).digest(), size - 1
    for step in map(bytes.fromhex, proof):  # RFC 9162, 2.1.3.2
        need(last > 0, why)
        if index % 2 or index == last:
            node = sha256(b"\1" + step + node).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = sha256(b"\1" + node + step).digest()
        index, last = index // 2, last // 2
    need(last == 0 and node == root, why)


attachment = "--show-attachment=countersign-pack.json"
attached = subprocess.run(["qpdf", attachment, sys.argv[1]], capture_output=True, check=False)
need(attached.returncode == 0, "qpdf cannot read the attachment")
manifest = json.loads(attached.stdout)
need(jcs(manifest) == attached.stdout, "the manifest is not canonical")
proof, by = manifest["proof"], manifest.pop("signatures")
vault, people, seen, listed, shown = proof["vault"], {}, set(), set(), set()
root, log = b64(vault["root_key"]), b64(vault["log_key"])
stated = {"v": 1, "kind": "log-key-certificate", "vault": vault["id"], "log_key": vault["log_key"]}
certified = b"countersign/log-key-certificate/v1\n" + jcs(stated)
signed(root, b64(vault["log_certificate"]), certified, "log key certificate")
for key in proof["keys"]:
    text, words = key["statement"].encode(), json.loads(key["statement"])
    public = b64(words["ed25519"])
    signed(root, b64(key["certificate"]), b"countersign/person-certificate/v1\n" + text, "person certificate")
    signed(public, b64(key["possession"]), b"countersign/enrolment/v1\n" + text, "proof of possession")
    stated = (words["vault"], words["key"], words["person"], sha256(public).hexdigest()[:32])
    need(stated == (vault["id"], key["id"], key["person"], key["id"]), "the certificate is about another key")
    people[key["id"]] = (key["person"], public)
need(by and proof["printer"] in people, "nobody known signed the pack")
for name, public in (("person", people[proof["printer"]][1]), ("log", log)):
    signed(public, b64(by[name]), b"countersign/pack/v1\n" + jcs(manifest), f"signature of the {name} over the pack")
body, _, lines = proof["checkpoint"].rpartition("\n\n")
origin, size, top = body.split("\n") if body else ("", "", "")
need(origin == "countersign.local/vault/" + vault["id"], "there is no checkpoint, or it is of another log")
names = {origin: log} | {f"{origin}/person/{person}": public for person, public in people.values()}
for _, name, data in (line.split(" ") for line in lines.splitlines()):
    need(name in names and not seen.add(name), f"checkpoint signed by unknown key {name}")
    need(b64(data)[:4] == sha256(name.encode() + b"\n\1" + names[name]).digest()[:4], "key id in the checkpoint")
    signed(names[name], b64(data)[4:], f"{body}\n".encode(), "checkpoint signature")
need(origin in seen and len(seen) > 1, "the checkpoint lacks the log's or a person's signature")
before, previous = -1, "0" * 64
for entry in proof["entries"]:
    leaf, value, seq = entry["leaf"].encode(), json.loads(entry["leaf"]), entry["index"]
    head = value["entry"]
    need(jcs(value) == leaf and head["seq"] == seq > before and head["vault"] == vault["id"], f"entry {seq}")
    need(head["key"] in people and people[head["key"]][0] == head["by"], f"entry {seq} is by an unknown key")
    signed(people[head["key"]][1], b64(value["sig"]), b"countersign/entry/v1\n" + jcs(head), f"entry {seq} is unsigned")
    climb(leaf, seq, int(size), proof=entry["proof"], root=b64(top), why=f"entry {seq} is not in the log")
    need(seq != before + 1 or head["prev"] == previous, f"entry {seq} does not follow")
    before, previous, tree = seq, sha256(b"\0" + leaf).hexdigest(), head["changes"]
    shown.add(seq)
    for change in entry["changes"]:
        data, why, under = change["data"].encode(), f"a change of entry {seq}", bytes.fromhex(tree["root"])
        climb(data, change["index"], tree["count"], proof=change["proof"], root=under, why=why)
        if (record := json.loads(data)).get("record") == "closure" and record["after"].get("item") == proof["item"]:
            listed |= set(record["after"].get("entries", []))
need(listed and listed <= shown == {*proof["about"], *proof["site"]}, f"entries left out: {sorted(listed - shown)}")
print("VERIFIED, root key", " ".join(sha256(root).hexdigest()[start : start + 4] for start in range(0, 40, 4)))
