"""bpmn-moddle, the reader behind common BPMN editors, reads every shipped process as a diagram, without a warning.

It is looked for in the folder that BPMN_MODDLE names (where `npm install bpmn-moddle` was run), else the test skips.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop.bpmn.write_bpmn import write_bpmn
from desktop.documents.templates import shipped_versions
from domain.process.layout import lay_out

MODULE = Path(os.environ.get("BPMN_MODDLE", ".")) / "node_modules" / "bpmn-moddle"
pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not MODULE.is_dir(), reason="node, or bpmn-moddle below $BPMN_MODDLE, is not here"
)
SCRIPT = """
import fs from 'fs';
const {{BpmnModdle}} = await import({module});
const found = [];
for (const file of process.argv.slice(2)) {{
  const read = await new BpmnModdle().fromXML(fs.readFileSync(file, 'utf8'));
  const [process] = read.rootElement.rootElements;
  found.push([read.warnings.length, process.flowElements.length,
              read.rootElement.diagrams[0].plane.planeElement.filter(each => each.bpmnElement).length]);
}}
console.log(JSON.stringify(found));
"""


def test_every_shipped_process_is_read_without_a_warning(tmp_path: Path) -> None:
    versions = shipped_versions()
    files = []
    for version in versions:
        file = tmp_path / f"{version.id}.bpmn"
        file.write_bytes(write_bpmn(version))
        files.append(str(file))
    entry = json.loads((MODULE / "package.json").read_text(encoding="utf-8"))["exports"]["."]
    module = MODULE / (entry if isinstance(entry, str) else entry["import"])
    script = tmp_path / "read.mjs"
    script.write_text(SCRIPT.format(module=json.dumps(module.resolve().as_uri())), encoding="utf-8")
    output = subprocess.run(["node", str(script), *files], capture_output=True, text=True, check=False, timeout=60)
    assert output.returncode == 0, output.stderr
    diagrams = [lay_out(version, marks=True) for version in versions]
    drawn = [len(diagram.nodes) + len(diagram.edges) for diagram in diagrams]
    assert json.loads(output.stdout) == [[0, number, number] for number in drawn]
