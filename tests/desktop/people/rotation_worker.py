"""Removes a person from copies of a vault and is killed at each operation on its files; judges what is left.

Run with the crash shim loaded: rotation_worker.py BASE WORK EVERY OFFSET. Prints one JSON line with the figures.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "durability"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from crash_acts import remember_stretching
from crash_shim import Shim
from people_cast import PASSPHRASES

from desktop.application.application import CountersignApplication
from desktop.vault.passphrases import MINIMUM_COST
from domain.errors import CountersignError

MOST = 2000


def fresh(base: Path, work: Path) -> Path:
    if work.exists():
        shutil.rmtree(work)
    shutil.copytree(base, work)
    os.environ["COUNTERSIGN_HOME"] = str(work / "home")
    return work / "P.vault"


def unlock(vault: Path, name: str):
    return CountersignApplication(cost=MINIMUM_COST).unlock(vault, person=name, passphrase=PASSPHRASES[name])


def remove_bob(vault: Path, n: int, shim: Shim) -> int:
    """In a child, killed at operation n; how many operations there were if it lived to the end, else -1."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        open_vault = unlock(vault, "Ada")
        bob = next(each.id for each in open_vault.register.people() if each.name == "Bob")
        shim.arm(vault, n=n, mode="kill" if n else "")
        open_vault.people_service.remove(person=bob, reason="Left")
        os.write(writer, str(shim.counted).encode())
        os._exit(0)
    os.close(writer)
    output = os.read(reader, 64)
    os.close(reader)
    os.waitpid(child, 0)
    return int(output) if output else -1


def judged(vault: Path) -> list[str]:
    """What is wrong with the vault after the kill."""
    wrong: list[str] = []
    states = set()
    for name in ("Quinn", "Ada", "Carl"):
        try:
            open_vault = unlock(vault, name)
        except CountersignError as problem:
            wrong.append(f"{name} cannot enter: {problem}")
            continue
        people = {each.name: each.state for each in open_vault.register.people()}
        states.add(people["Bob"])
        wrong += [finding.text for finding in open_vault.verify().findings]
        if open_vault._keys.is_rotating:
            wrong.append("the rotation was not finished")
        open_vault.lock()
    try:
        unlock(vault, "Bob").lock()
        bob_enters = True
    except CountersignError:
        bob_enters = False
    if states == {"disabled"} and bob_enters:
        wrong.append("Bob is disabled and enters")
    if len(states) != 1:
        wrong.append(f"people disagree on Bob: {states}")
    return wrong


def main() -> None:
    base, work, every, offset = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    remember_stretching()
    shim = Shim()
    for name in PASSPHRASES:  # stretched once here, remembered by every child
        unlock(fresh(base, work), name).lock()
    total = remove_bob(fresh(base, work), 0, shim)
    wrong: dict[str, list[str]] = {}
    points = range(1 + offset, min(total, MOST) + 1, every)
    for n in points:
        vault = fresh(base, work)
        remove_bob(vault, n, shim)
        found = judged(vault)
        if found:
            wrong[str(n)] = found
    print(json.dumps({"operations": total, "kills": len(points), "wrong": wrong}))


if __name__ == "__main__":
    main()
