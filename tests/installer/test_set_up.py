"""The set-up as a person on a bare machine meets it: programs are stood in for, files and processes are real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

INSTALLER = Path(__file__).resolve().parents[2] / "installer"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(INSTALLER))
    import system_libraries  # noqa: PLC0415  # not a package: found only beside the script

    return system_libraries


@pytest.fixture
def bootstrap(system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script's module, set on an empty project in tmp_path."""
    import bootstrap as module  # noqa: PLC0415  # as above

    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    locks = tmp_path / "installer" / "locks"
    locks.mkdir(parents=True)
    for name in (
        "pyproject.toml",
        "installer/requirements.in",
        "installer/locks/run.lock",
        "installer/locks/test.lock",
    ):
        (tmp_path / name).write_text(f"{name} as first written", encoding="utf-8")
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PROGRAMS", programs)
    monkeypatch.setattr(module, "PYTHON", programs / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "countersign-setup.json")
    monkeypatch.setattr(module, "LOCKS", locks)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return module


@pytest.fixture
def only_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the whole PATH but for the shell's own tools."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in ("env", "sh", "cat"):
        found = next(place for place in ("/usr/bin", "/bin") if (Path(place) / tool).exists())
        (folder / tool).symlink_to(Path(found) / tool)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def test_calling_it_without_a_command_states_which_there_are() -> None:
    done = subprocess.run([sys.executable, INSTALLER / "bootstrap.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "{demo,test,app}" in done.stderr


def test_only_what_cannot_be_loaded_is_missing(system: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "QT_LIBRARIES", {"libc.so.6": "libc6", "libnowhere.so.7": "libnowhere7"})
    assert system.missing_for_qt() == ["libnowhere7"]


def test_without_apt_the_person_is_shown_what_to_look_for(system: ModuleType, only_path: Path) -> None:
    with pytest.raises(system.NotInstalledError, match="The window: missing libegl1 libgl1") as output:
        system.install(["libegl1", "libgl1"], why="The window")
    assert "no apt-get" in str(output.value)


def test_without_the_right_to_install_the_exact_command_is_given(
    system: ModuleType, only_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(only_path, "apt-get", "echo must not run; exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(system.NotInstalledError) as output:
        system.install(["libegl1"], why="The window")
    wanted = "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends libegl1'"
    assert wanted in str(output.value)


def test_a_sudo_that_would_ask_for_a_password_is_not_used(
    system: ModuleType, only_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(only_path, "apt-get", "exit 0")
    _program(only_path, "sudo", 'test "$1" = "-n" && exit 1; exit 0')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(system.NotInstalledError, match="only an administrator"):
        system.install(["libegl1"], why="The window")


def test_packages_are_installed_after_an_update_and_without_questions(
    system: ModuleType, only_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "apt.log"
    _program(only_path, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {log}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.install(["libegl1", "xvfb"], why="The window")
    update, install = log.read_text(encoding="utf-8").splitlines()
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    assert install.endswith(" install -y --no-install-recommends libegl1 xvfb")


def test_certificates_laid_down_by_hand_outlive_the_package_that_replaces_them(
    system: ModuleType, only_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle, by_hand = tmp_path / "bundle.crt", tmp_path / "ca-certificates"
    bundle.write_text("the proxy's certificate", encoding="utf-8")
    _program(only_path, "apt-get", f'echo "the package\'s certificates" > {bundle}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system, "TRUSTED", bundle)
    monkeypatch.setattr(system, "TRUSTED_BY_HAND", by_hand)
    monkeypatch.setattr(system, "CERTIFICATE_UPDATER", str(tmp_path / "not-installed-yet"))
    system.install(["python3-venv"], why="What Countersign stands on")
    assert (by_hand / "trusted-before.crt").read_text(encoding="utf-8") == "the proxy's certificate"


def test_a_failing_apt_is_quoted(system: ModuleType, only_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(only_path, "apt-get", 'echo "Temporary failure resolving the mirror" >&2; exit 100')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(system.NotInstalledError, match="Temporary failure resolving the mirror"):
        system.install(["libegl1"], why="The window")


def test_what_only_some_tests_need_does_not_stop_the_set_up(
    bootstrap: ModuleType, only_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap._install_if_possible(["qpdf"])
    assert "Going on without qpdf" in capsys.readouterr().out


def test_a_second_set_up_installs_nothing(bootstrap: ModuleType, tmp_path: Path) -> None:
    log = tmp_path / "pip.log"
    _program(bootstrap.PROGRAMS, "python", f'echo "$*" >> {log}')
    bootstrap._install_locked(lock=bootstrap.LOCKS / "test.lock")
    calls = log.read_text(encoding="utf-8").splitlines()
    assert "--require-hashes --only-binary :all: -r" in calls[0]
    assert calls[0].endswith("test.lock")
    assert calls[1].endswith("--no-deps --no-build-isolation -e .")
    bootstrap._install_locked(lock=bootstrap.LOCKS / "test.lock")
    bootstrap._install_locked(lock=bootstrap.LOCKS / "run.lock")
    assert log.read_text(encoding="utf-8").splitlines() == calls, "the test tools include everything to run"


@pytest.mark.parametrize("changed", ["installer/locks/run.lock", "pyproject.toml", "installer/requirements.in"])
def test_what_changed_since_is_installed_again(bootstrap: ModuleType, tmp_path: Path, changed: str) -> None:
    log = tmp_path / "pip.log"
    _program(bootstrap.PROGRAMS, "python", f'echo "$*" >> {log}')
    bootstrap._install_locked(lock=bootstrap.LOCKS / "run.lock")
    (tmp_path / changed).write_text("changed", encoding="utf-8")
    bootstrap._install_locked(lock=bootstrap.LOCKS / "run.lock")
    assert len(log.read_text(encoding="utf-8").splitlines()) == 4


def test_an_installation_that_stops_half_way_is_not_taken_for_done(bootstrap: ModuleType) -> None:
    bootstrap.STAMP.write_text(json.dumps({"project": "older"}), encoding="utf-8")
    _program(bootstrap.PROGRAMS, "python", 'case "$*" in *--no-deps*) exit 1;; esac')
    with pytest.raises(bootstrap.SetUpError, match="pip could not finish"):
        bootstrap._install_locked(lock=bootstrap.LOCKS / "run.lock")
    assert not bootstrap.STAMP.exists()


def _stand_in_tools(programs: Path, *, failing: str = "") -> None:
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        _program(programs, name, f'echo "{name} $1 ran on $QT_QPA_PLATFORM"; exit {1 if name == failing else 0}')


def test_every_check_runs_and_the_tests_speak_last(bootstrap: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    _stand_in_tools(bootstrap.PROGRAMS)
    assert bootstrap.run_tests() == 0
    stated = capfd.readouterr().out.splitlines()
    ran = [line.split(" ran")[0].strip() for line in stated if " ran on offscreen" in line]
    assert ran == ["ruff check", "ruff format", "mypy", "lint-imports --no-logo", "pytest -n"]
    assert stated[-1] == "pytest -n ran on offscreen"


@pytest.mark.parametrize("failing", ["ruff", "mypy", "lint-imports", "pytest"])
def test_one_failing_check_fails_the_whole_and_the_others_still_run(
    bootstrap: ModuleType, failing: str, capfd: pytest.CaptureFixture[str]
) -> None:
    _stand_in_tools(bootstrap.PROGRAMS, failing=failing)
    assert bootstrap.run_tests() == 1
    stated = capfd.readouterr().out
    assert "pytest -n ran" in stated
    assert ("checks before the tests: FAILED" in stated) is (failing != "pytest")


def test_each_demonstration_gets_a_folder_of_its(bootstrap: ModuleType, tmp_path: Path) -> None:
    _program(bootstrap.PROGRAMS, "countersign", 'mkdir "$2" && echo kept > "$2/note"')
    assert bootstrap.run_demo() == 0
    (tmp_path / "demo" / "1" / "note").write_text("somebody's work", encoding="utf-8")
    bootstrap.run_demo()
    assert (tmp_path / "demo" / "1" / "note").read_text(encoding="utf-8") == "somebody's work"
    assert (tmp_path / "demo" / "2" / "note").exists()


def test_where_there_is_a_display_the_app_opens_on_the_vault_just_made(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    _program(bootstrap.PROGRAMS, "countersign", 'mkdir -p "$2/sample.vault"')
    _program(bootstrap.PROGRAMS, "countersign-app", 'echo "window on $1"')
    assert bootstrap.run_demo() == 0
    assert "window on demo/1/sample.vault" in capfd.readouterr().out


def test_a_failed_demonstration_fails(bootstrap: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    _program(bootstrap.PROGRAMS, "countersign", "exit 6")
    assert bootstrap.run_demo() == 1
    assert "exit code 6" in capfd.readouterr().err


def test_a_python_that_is_too_old_is_named(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    assert bootstrap.main() == 1
    assert sys.executable in capsys.readouterr().err
