"""Examples of every command, in files a person can read: what was asked, by whom, in which state, and what came of it.

    .venv/bin/python tests/domain/commands/examples.py --write

carries every example of `examples/` out again and writes what comes of it anew. Read the difference before you keep it:
a changed value is a changed promise. To add an example, write its `about`, `state`, `by` and `command`, and run this.

In a command, "@item" is the item of the state, "@other" another one, "@evidence" the newest record of that kind, and
"@text:work" the definition of the process `work` with its next number.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
from example_states import Prepared, prepared, process_text
from memory_register import CAPA, MemoryRegister, a_key

from domain.act import Actor
from domain.commands.alerts import RaiseAlerts
from domain.commands.command import NONCE_SIZE, Command, command_of
from domain.commands.deciding import decide, judge
from domain.errors import UsageProblem
from domain.obstacle import Obstacle
from domain.rules.alert_scan import Scan
from resources.texts.declarations import DECLARATION

EXAMPLES = Path(__file__).resolve().parent / "examples"
NONCE = bytes(range(NONCE_SIZE))
TEXTS = {
    "text:work": process_text(version=2),
    "text:capa": CAPA.read_text(encoding="utf-8"),
    "declaration": DECLARATION,
}


class Asked(NamedTuple):
    """A command, the state it is given in, and who gives it."""

    command: Command
    state: MemoryRegister
    by: Actor


def asked_in(example: dict[str, Any]) -> Asked:
    """What an example asks; the state is not to be changed."""
    if example["state"] == "nothing":
        at = prepared("asked").now
        by = Actor(person="p-ada", name=example["by"], roles=frozenset(), at=at)
        return Asked(command_of(_meant(example["command"], None)), MemoryRegister(), by)
    vault = prepared(example["state"])
    return Asked(command_of(_meant(example["command"], vault)), vault.register, vault.actor(example["by"]))


def carried_out(example: dict[str, Any]) -> dict[str, Any]:
    """The example with what comes of it: rules that refuse it, what is senseless in it, or changes and header."""
    found = asked_in(example)
    command, state, by = found.command, found.state, found.by
    asked = {name: example[name] for name in ("about", "state", "by", "command")}
    try:
        verdict = judge(command, state, by)
    except UsageProblem as problem:
        return {**asked, "verdict": [], "senseless": problem.what}
    if not verdict.allowed:
        return {**asked, **_refused(verdict.obstacles)}
    try:
        act = decide(command, state, by, nonce=NONCE)
    except UsageProblem as problem:
        return {**asked, "verdict": [], "senseless": problem.what}
    header = {"subject": act.subject, "role": act.role, "mandate": act.mandate, "process_version": act.process_version}
    header |= {"reason": act.reason, "meaning": act.meaning, "auth": "passphrase" if act.signing else "session"}
    changes = [json.loads(each.data()) for each in act.changes]
    return {**asked, "verdict": [], "changes": changes, "header": header}


def _refused(obstacles: tuple[Obstacle, ...]) -> dict[str, Any]:
    """The rules that refuse it, and one under the other what each concerns and who can help, where they say so."""
    output: dict[str, Any] = {"verdict": [each.rule for each in obstacles]}
    if any(each.about for each in obstacles):
        output["concerns"] = [each.about for each in obstacles]
    return {**output, "who": [each.responsible for each in obstacles]}


def _meant(value: Any, vault: Prepared | None) -> Any:
    """The values with references put in."""
    if isinstance(value, dict):
        return {name: _meant(each, vault) for name, each in value.items()}
    if isinstance(value, list):
        return [_meant(each, vault) for each in value]
    if isinstance(value, str) and value.startswith("@"):
        return _named(value[1:], vault)
    return value


def _named(name: str, vault: Prepared | None) -> Any:
    """What a reference stands for."""
    kind, _, id_ = name.partition(":")
    if kind == "key":
        return {**a_key("new"), "id": id_}
    if name in TEXTS:
        return TEXTS[name]
    if vault is None:
        raise LookupError(name)
    if name == "alerts":
        found = RaiseAlerts.of(Scan(vault.register, vault.actor("Olga")).alerts(), running_since="")
        return msgspec.to_builtins(found)["alerts"]
    if name in ("item", "other", "third"):
        return str(getattr(vault, name))
    return vault.ids[name] if name in vault.ids else str(list(vault.register.rows(name))[-1]["id"])


def examples_of(word: str) -> list[dict[str, Any]]:
    """The examples of a command; none where it has no file."""
    path = EXAMPLES / f"{word}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def write(word: str, examples: list[dict[str, Any]]) -> None:
    """Write the examples of a command."""
    EXAMPLES.mkdir(exist_ok=True)
    text = json.dumps(examples, indent=1, ensure_ascii=False)
    (EXAMPLES / f"{word}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("To write what comes of every example anew: examples.py --write")
    for path in sorted(EXAMPLES.glob("*.json")):
        write(path.stem, [carried_out(each) for each in examples_of(path.stem)])
