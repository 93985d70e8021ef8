"""Give every shipped process the scenario that shows all it demands: `python tests/domain/simulation/show_demands.py`.

Run it after a change to a template; then read what differs. Without `--write` it says which demands nothing shows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec

import domain.registry  # noqa: F401 (by it every command is known)
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.simulation.demanded import demand_scenario
from domain.simulation.weakened import vacuous

TEMPLATES = Path(__file__).resolve().parents[3] / "resources" / "processes"
FILES = {path.stem: path for path in sorted(TEMPLATES.glob("*.json")) if path.name not in ("schema.json", "sets.json")}


def shipped() -> dict[str, ProcessVersion]:
    """Every shipped process, by its id."""
    return {name: decode_process(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def show(name: str) -> None:
    """Write the scenario into a template, in the place of the one that was there."""
    others = shipped()
    version = others[name]
    scenario = demand_scenario(version, others)
    document = json.loads(FILES[name].read_text(encoding="utf-8"))
    kept = [each for each in document["scenarios"] if each["id"] != scenario.id]
    document["scenarios"] = [*kept, msgspec.to_builtins(scenario)]
    FILES[name].write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    chosen = [each for each in sys.argv[1:] if each in FILES] or list(FILES)
    if "--write" in sys.argv:
        for each in chosen:
            show(each)
    known = shipped()
    for each in chosen:
        for unshown in vacuous(known[each], known):
            sys.stdout.write(f"{each}: {unshown.place} ({unshown.what})\n")
