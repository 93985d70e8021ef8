"""The rules of this code that no other tool watches: size, secrets of a machine, locks, and single entrances.

They read the tracked files, so that a file somebody left lying about does not matter and a committed one does.
"""

from __future__ import annotations

import ast
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("domain", "ui", "desktop", "resources")
MOST_LINES = 450
ALLOWED_AT_THE_TOP = {
    *ROOMS,
    "tests",
    "installer",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "pyproject.toml",
}
NEVER_LOOKED_INTO = {".git", ".venv", "build", "dist", "demo", "mutants"}
LOCKS = ("installer/locks/run.lock", "installer/locks/test.lock")
BROAD = {"Exception", "BaseException"}
LOWEST_WORD_COUNT_OF_A_REASON = 3


def _tracked() -> list[Path]:
    if shutil.which("git") and (PROJECT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
        names = [PROJECT / name for name in listed.stdout.split("\0") if name]
        return [name for name in names if name.exists()]
    # A copy without git: everything that is neither hidden nor made.
    found = [path for path in PROJECT.rglob("*") if path.is_file() and not path.name.endswith(".pyc")]
    return [path for path in found if not NEVER_LOOKED_INTO & set(path.relative_to(PROJECT).parts)]


def _modules(*rooms: str) -> list[Path]:
    return [path for path in _tracked() if path.suffix == ".py" and path.relative_to(PROJECT).parts[0] in rooms]


def _named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def _text(path: Path) -> str | None:
    """Return a tracked file's text, or None for a picture, a font, a workbook."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def _lines_matching(pattern: re.Pattern[str]) -> list[str]:
    hits = []
    for path in _tracked():
        for number, line in enumerate((_text(path) or "").splitlines(), start=1):
            if pattern.search(line):
                hits.append(f"{_named(path)}:{number}: {line.strip()[:120]}")
    return hits


def test_no_module_is_longer_than_a_person_reads_in_one_go() -> None:
    modules = [path for path in _tracked() if path.suffix == ".py"]
    assert len(modules) > 20, "the rooms were found"
    lengths = {_named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_the_top_level_holds_only_what_the_owner_fixed() -> None:
    top = {path.relative_to(PROJECT).parts[0] for path in _tracked()}
    assert {name for name in top if not name.startswith(".")} - ALLOWED_AT_THE_TOP == set()


def test_no_tracked_file_reports_where_it_was_made() -> None:
    homes = "home|Users|root|mnt|work|farm"
    machine_path = re.compile(rf"(?<![A-Za-z0-9_.\-/}}>)])/(?:{homes})/|[A-Za-z]:\\\\?Users\\|/tmp/{'bash' + '_'}jobs")
    assert machine_path.search("see " + "/" + "work/shared"), "the pattern finds what it is for"
    assert _lines_matching(machine_path) == []


def test_no_tracked_file_names_a_package_registry() -> None:
    hosts = "|".join(("/simple", "py" + "pi", "python" + "hosted", "npm" + "js", r"deb\.debian"))
    registry = re.compile(rf"https?://[^ \"']*(?:{hosts})")
    assert registry.search("http://files.python" + "hosted.org/x"), "the pattern finds what it is for"
    assert _lines_matching(registry) == []
    assert not [path for path in _tracked() if path.name == "uv.lock"], "uv.lock records hosts"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_for_everything_and_addresses_for_nothing(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(--(extra-)?index-url|--find-links|-e |-r )", text, flags=re.MULTILINE)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(blocks) > 20
    assert [block.split()[0] for block in blocks if "==" not in block.split("\n")[0]] == [], "pinned"
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == [], "hashed"


def test_the_locks_hold_what_the_requirement_files_ask_for() -> None:
    for name, sources in zip(LOCKS, (("", "-build"), ("", "-build", "-test")), strict=True):
        locked = {_plain(line) for line in (PROJECT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for source in sources:
            asked = (PROJECT / "installer" / f"requirements{source}.in").read_text(encoding="utf-8").splitlines()
            wanted = {_plain(line) for line in asked if line.strip() and not line.startswith(("#", "-"))}
            assert wanted - locked == set(), f"{name} is older than requirements{source}.in"


def test_what_is_tested_is_what_is_run() -> None:
    run, test = (
        dict(re.findall(r"^(\S+)==(\S+)", (PROJECT / name).read_text("utf-8"), flags=re.MULTILINE)) for name in LOCKS
    )
    assert {name: (version, test.get(name)) for name, version in run.items() if test.get(name) != version} == {}


def test_every_broad_except_states_why_and_does_not_swallow() -> None:
    broken = []
    for path in _modules(*ROOMS, "installer"):
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node):
                last = node.body[0].lineno
                stated = " ".join(re.findall(r"#\s*(?:noqa: \w+)?(.*)", "\n".join(lines[node.lineno - 2 : last])))
                tidies_up_and_raises_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                swallows = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
                unexplained = len(stated.split()) < LOWEST_WORD_COUNT_OF_A_REASON and not tidies_up_and_raises_on
                if swallows or unexplained:
                    broken.append(f"{_named(path)}:{node.lineno}")
    assert broken == []


def test_nothing_is_left_for_later() -> None:
    # Spelled in pieces, so that this file does not find itself. Catching what a library has not implemented is fine.
    words = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))
    left = re.compile(rf"\b(?:{words})\b|raise\s+NotImplemented")
    modules = {_named(path) for path in _tracked() if path.suffix == ".py"}
    assert [hit for hit in _lines_matching(left) if hit.split(":")[0] in modules] == []


def test_text_enters_a_pdf_through_one_door() -> None:
    entrances = {_named(path) for path in _modules("desktop") if "Paragraph(" in path.read_text(encoding="utf-8")}
    assert len(entrances) <= 1, "a person's text reaches reportlab's markup only where it is escaped"


def test_the_program_imports_nothing_that_opens_a_socket() -> None:
    # ssl, http and urllib come with libraries; what is forbidden is that a room of ours reaches for them.
    networked = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "socketserver", "requests", "aiohttp", "httpx"}
    allowed = {"urllib.parse"}
    reached = []
    for path in _modules(*ROOMS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            wrong = [name for name in names if name not in allowed and name.split(".")[0] in networked]
            wrong += ["QtNetwork" for name in names if name.startswith("PySide6.QtNetwork")]
            reached += [f"{_named(path)}:{node.lineno}: {name}" for name in wrong]
    assert reached == []


def test_the_guard_of_this_suite_refuses_the_network() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe, pytest.raises(RuntimeError, match="network"):
        probe.connect(("127.0.0.1", 9))
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe, pytest.raises(RuntimeError, match="network"):
        probe.sendto(b"x", ("::1", 9))
    with pytest.raises(RuntimeError, match="network"):
        socket.getaddrinfo("localhost", 80)


def test_ci_runs_the_command_the_readme_gives() -> None:
    command = "python3 installer/bootstrap.py test"
    assert command in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert command in (PROJECT / "README.md").read_text(encoding="utf-8")


def _plain(requirement: str) -> str:
    """Return a distribution's name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", requirement.strip())[0]).lower()


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return caught is None or any(isinstance(kind, ast.Name) and kind.id in BROAD for kind in kinds)
