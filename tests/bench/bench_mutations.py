"""How many small wrong changes to the rules and the commands the tests of the domain notice.

    python tests/bench/bench_mutations.py [--count N] [--seed S] [--processes P] [--only FILE:LINE ...] [--again RESULT]
        [--out FILE] [--lines-of-tests FILE] [--seconds S]

Draws N different lines of `domain/rules` and `domain/commands`, each line as likely as another, and makes one wrong
change on each (`mutation/finer_mutants.py`). First the tests run once under coverage.py, which says which test runs
which line; `--lines-of-tests` keeps that between runs. A mutant is then met by the tests that run its line, 40 at most
at first, those of the examples before others and the quick before the slow, and if it survives them by the others, as
many as took 20 seconds (`--seconds`) without a mutant; a busy machine takes longer for each and so asks fewer. Each
mutant lives in a forked process of its own, where an import hook puts it in the place of its module; no file is written
over. A mutant that runs past the time limit counts as killed.

Prints killed, survived and not covered, the share that is killed, and every survivor. Ends with 1 below 90 %. Needs
coverage.py, which is not among the locked libraries. Runs where processes can be forked.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import random
import re
import select
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import hypothesis
import msgspec  # noqa: F401 (loaded once here, for every mutant's process)
import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "bench" / "mutation"))

from finer_mutants import Site, mutated, sites  # noqa: E402 (found by the path above)

ROOMS = ("domain/rules", "domain/commands")
TESTS = (
    *(
        f"tests/domain/{room}"
        for room in ("commands", "rules", "requests", "law", "replay", "metrics", "compliance", "process")
    ),
    "tests/domain/calendar/test_alerts_come_true.py",
)
LEFT_OUT = ("tests/domain/requests/test_random_histories.py", "tests/domain/rules/test_random_people_meet_the_gates.py")
"""Long random scenarios, which run almost every line and say little about one."""
FIRST, SECOND = 40, 20.0
"""So many tests meet a mutant at first; then, if it survives them, the others, as many as take so many seconds."""
LONG = 0.5
"""Seconds from which a test waits until the others have been asked."""
EXAMPLES_AT_ONCE = 12
"""Examples that are asked before and between one test of each other file."""
LIMIT = 120.0
"""Seconds that the tests of one mutant may take; without it they take some."""
WANTED = 0.9
SETTINGS = "[pytest]\npythonpath = {project}\nmarkers =\n    slow: takes more than ten seconds\n"


class Mutant(NamedTuple):
    """A change that can be made to a file (a path below the project)."""

    file: str
    site: Site

    def __str__(self) -> str:
        return f"{self.file}:{self.site.line}  {self.site.before}  [{self.site.what}]".replace("\n", " ")


class LinesOfTests(NamedTuple):
    """Which tests run a line of a file, and how many seconds each test takes."""

    tests: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that may notice it, those that should be asked first in front."""
        lines, site = self.tests.get(mutant.file, {}), mutant.site
        exact = set(lines.get(site.line, ()))
        near = {test for line in range(site.first, site.last + 1) for test in lines.get(line, ())}
        if site.level:
            exact |= self._of_class(site.level, mutant.file)
            near |= exact | self._of_names(site.names, mutant.file)
            near = near or {test for found in lines.values() for test in found}
        ranked = sorted(near, key=lambda test: (test not in exact, self.seconds.get(test, 1.0)))
        by_file: dict[str, list[str]] = defaultdict(list)
        for test in ranked:
            by_file[test.partition("::")[0]].append(test)
        turns = [
            (
                self.seconds.get(test, 1.0) > LONG,
                n // (EXAMPLES_AT_ONCE if "test_examples" in file else 1),
                place,
                n,
                test,
            )
            for place, file in enumerate(sorted(by_file, key=lambda file: "test_examples" not in file))
            for n, test in enumerate(by_file[file])
        ]
        return [test for *_, test in sorted(turns)]

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first of these tests, as many as take so many seconds."""
        found = []
        for test in tests:
            seconds -= self.seconds.get(test, 1.0)
            if seconds < 0:
                break
            found.append(test)
        return found

    def _of_class(self, name: str, file: str) -> set[str]:
        """The tests that run a method of a class: a field's default was given before any test began."""
        tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
        lines = {
            line
            for node in tree.body
            if isinstance(node, ast.ClassDef) and node.name == name
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        return {test for line, tests in self.tests.get(file, {}).items() if line in lines for test in tests}

    def _of_names(self, names: tuple[str, ...], file: str) -> set[str]:
        """The tests that run a line which uses a name of a module or class: it was given before any test began."""
        found: set[str] = set()
        for other, lines in self.tests.items():
            text = (PROJECT / other).read_text(encoding="utf-8").splitlines()
            for name in names:
                asked = re.compile(rf"(\b|\.){re.escape(name)}\b")
                if name.islower() and other != file and not any(Path(file).stem in line for line in text):
                    continue
                found |= {test for n, tests in lines.items() if asked.search(text[n - 1]) for test in tests}
        return found


def in_a_fork(work: Callable[[], object]) -> tuple[int, int]:
    """Do it in a process of its own, which ends with what `work` gives as JSON: its id and where that is read."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    os.setpgid(0, 0)
    os.close(reading)
    with os.fdopen(os.open(os.devnull, os.O_WRONLY), "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    try:
        answer = json.dumps(work())
    except BaseException as problem:  # noqa: BLE001 (whatever it is, the parent must hear of it)
        answer = json.dumps({"problem": repr(problem)})
    with os.fdopen(writing, "w", encoding="utf-8") as out:
        out.write(answer)
    os._exit(0)


def run_tests(tests: list[str], settings: Path, *, plugins: list[object]) -> int:
    """pytest's exit code for these tests, in this process."""
    sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(settings.parent / "bytecode")
    hypothesis.settings.register_profile("mutants", database=None, derandomize=True)
    hypothesis.settings.load_profile("mutants")
    words = ["-c", str(settings), "--rootdir", str(PROJECT), "--confcutdir", str(PROJECT / "tests" / "domain")]
    words += [
        "-q",
        "-x",
        "--tb=no",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:logging",
        "-p",
        "no:faulthandler",
    ]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main([*words, *tests], plugins=plugins))


class _Times:
    """Describes coverage which test is running, and remembers how long each takes."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self.coverage.switch_context(item.nodeid)
        began = time.monotonic()
        yield
        self.seconds[item.nodeid] = round(time.monotonic() - began, 4)
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def lines_of_tests(settings: Path) -> dict[str, Any]:
    """Run the tests once under coverage.py. Tests that fail without any mutant are named and not used."""
    from coverage import Coverage  # noqa: PLC0415 (not among the locked libraries, and only needed here)

    with tempfile.TemporaryDirectory() as folder:
        coverage = Coverage(data_file=f"{folder}/data", include=[f"{PROJECT}/{room}/*" for room in ROOMS])
        times = _Times(coverage)
        os.chdir(PROJECT)
        coverage.start()
        words = [word for test in LEFT_OUT for word in ("--deselect", test)]
        run_tests([*TESTS, "--maxfail=100000", *words], settings, plugins=[times])
        coverage.stop()
        data = coverage.get_data()
        found = {
            str(Path(file).relative_to(PROJECT)): {
                line: [test for test in contexts if test and test not in times.failed]
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
    return {"tests": found, "seconds": times.seconds, "failed": sorted(set(times.failed))}


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the mutant where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = PROJECT / mutant.file
        self.name = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        tree = mutated(self.path.read_text(encoding="utf-8"), mutant.site.number)
        self.code: CodeType = compile(tree, str(self.path), "exec")

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:  # noqa: ARG002
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def met(mutant: Mutant, tests: list[str], settings: Path) -> dict[str, Any]:
    """Whether the tests pass with the mutant in its module's place."""
    instead = _Instead(mutant)
    assert instead.name not in sys.modules, "no module of the domain is loaded before its mutant"
    sys.meta_path.insert(0, instead)
    os.chdir(PROJECT)
    code = run_tests(tests, settings, plugins=[])
    return {"killed": code != 0, "code": code}


def drawn(count: int, seed: int) -> list[Mutant]:
    """So many mutants on different lines, each line as likely as another; always the same for a seed."""
    by_line: dict[tuple[str, int], list[Mutant]] = defaultdict(list)
    for room in ROOMS:
        for path in sorted((PROJECT / room).glob("**/*.py")):
            file = str(path.relative_to(PROJECT))
            for site in sites(path.read_text(encoding="utf-8")):
                by_line[file, site.line].append(Mutant(file, site))
    chance = random.Random(seed)
    lines = sorted(by_line)
    chosen = chance.sample(lines, min(count, len(lines)))
    return sorted((chance.choice(by_line[line]) for line in chosen), key=lambda each: (each.file, each.site.line))


def on_lines(lines: list[str]) -> list[Mutant]:
    """Every mutant on these lines (FILE:LINE)."""
    found = []
    for word in lines:
        file, _, line = word.partition(":")
        text = (PROJECT / file).read_text(encoding="utf-8")
        found += [Mutant(file, site) for site in sites(text) if site.line == int(line)]
    return found


class Running(NamedTuple):
    """A mutant that is being met by tests."""

    mutant: Mutant
    left: list[str]
    process: int
    reading: int
    until: float


def meet_all(
    mutants: list[Mutant], known: LinesOfTests, settings: Path, *, processes: int, seconds: float = SECOND
) -> dict[str, list[Mutant]]:
    """Meet each with its tests, some at a time."""
    answers: dict[str, list[Mutant]] = {"killed": [], "survived": [], "not covered": []}
    waiting = [(each, tests[:FIRST], tests[FIRST:]) for each in reversed(mutants) for tests in [known.of(each)]]
    running: dict[int, Running] = {}
    while waiting or running:
        while waiting and len(running) < processes:
            mutant, now, left = waiting.pop()
            if not now:
                answers["not covered"].append(mutant)
                continue
            process, reading = in_a_fork(lambda mutant=mutant, now=now: met(mutant, now, settings))
            running[reading] = Running(mutant, left, process, reading, time.monotonic() + LIMIT)
        ready, _, _ = select.select(list(running), [], [], 1.0)
        late = [each.reading for each in running.values() if each.until < time.monotonic()]
        for reading in {*ready, *late}:
            ended = running.pop(reading)
            answer = _answer(ended, finished=reading in ready)
            if answer["killed"]:
                answers["killed"].append(ended.mutant)
            elif ended.left:
                waiting.append((ended.mutant, known.within(ended.left, seconds), []))
            else:
                answers["survived"].append(ended.mutant)
                print(f"survived: {ended.mutant}", flush=True)
    return answers


def _answer(ended: Running, *, finished: bool) -> dict[str, Any]:
    if not finished:
        os.killpg(ended.process, signal.SIGKILL)
    with os.fdopen(ended.reading, encoding="utf-8") as found:
        text = found.read()
    os.waitpid(ended.process, 0)
    answer: dict[str, Any] = json.loads(text) if text else {"killed": True, "code": "ended"}
    if "problem" in answer:
        raise RuntimeError(f"{ended.mutant}: {answer['problem']}")
    return answer


def main() -> int:
    """Run it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=300)
    asked.add_argument("--seed", type=int, default=8)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--seconds", type=float, default=SECOND, help="how many of the later tests a mutant meets")
    asked.add_argument("--only", nargs="*", default=[], metavar="FILE:LINE", help="every mutant of these lines instead")
    asked.add_argument("--again", type=Path, metavar="RESULT", help="those that a result names, of the same seed")
    asked.add_argument("--lines-of-tests", type=Path, help="keep here which test runs which line, or read it from here")
    asked.add_argument("--out", type=Path, help="also write the result here")
    options = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="countersign-mutations-") as folder:
        settings = Path(folder) / "pytest.ini"
        settings.write_text(SETTINGS.format(project=PROJECT), encoding="utf-8")
        kept = options.lines_of_tests
        if kept is not None and kept.exists():
            found = json.loads(kept.read_text(encoding="utf-8"))
        else:
            process, reading = in_a_fork(lambda: lines_of_tests(settings))
            with os.fdopen(reading, encoding="utf-8") as answer:
                found = json.loads(answer.read())
            os.waitpid(process, 0)
            if "problem" in found:
                raise RuntimeError(found["problem"])
            if kept is not None:
                kept.write_text(json.dumps(found), encoding="utf-8")
        print(f"{len(found['seconds'])} tests, {len(found['failed'])} fail without a mutant; ", end="")
        print(f"{time.monotonic() - began:.0f} s", flush=True)
        tests = {file: {int(n): each for n, each in lines.items()} for file, lines in found["tests"].items()}
        known = LinesOfTests(tests, found["seconds"])
        chosen = on_lines(options.only) if options.only else drawn(options.count, options.seed)
        if options.again is not None:
            named = options.again.read_text(encoding="utf-8")
            chosen = [each for each in chosen if str(each) in named]
        answers = meet_all(chosen, known, settings, processes=options.processes, seconds=options.seconds)
    share = len(answers["killed"]) / len(chosen)
    output = f"seed {options.seed}, {len(chosen)} mutants: {len(answers['killed'])} killed ({share:.1%}), "
    output += f"{len(answers['survived'])} survived, {len(answers['not covered'])} not covered; "
    lines = [
        output + f"{time.monotonic() - began:.0f} s",
        *(f"{what}: {each}" for what in ("survived", "not covered") for each in sorted(answers[what])),
    ]
    print("\n".join(lines))
    if options.out is not None:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
