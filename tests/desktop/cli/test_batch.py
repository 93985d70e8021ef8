"""Many commands with one unlock: each line an act of its own, answered by itself."""

from __future__ import annotations

import json

import msgspec
import pytest
from click.testing import CliRunner
from command_line import CommandOutput, _program, command, secret_file

from desktop.cli.batch_line import BY_THE_PROGRAM, ELSEWHERE, values_in
from domain.errors import UsageProblem
from domain.registry import COMMANDS

NEW = {
    "command": "create_item",
    "process": "capa",
    "fields": {"title": "Burr", "description": "14 of 200", "severity": "major"},
}


@pytest.fixture
def me(tmp_path) -> tuple[object, ...]:
    return ("--as", "Quinn QA", "--passphrase-file", secret_file(tmp_path))


@pytest.fixture
def number(site_vault, me) -> str:
    fields = [f"{name}={value}" for name, value in NEW["fields"].items()]
    return str(command("item", "new", site_vault, "--process", "capa", *fields, *me, "--json").json()["number"])


def _file(folder, *lines: object) -> object:
    file = folder / "batch.txt"
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")
    return file


def _size(vault, me) -> int:
    return int(command("log", "checkpoint", vault, *me, "--json").json()["size"])


def test_every_line_is_an_act_with_an_answer_of_its(site_vault, tmp_path, me, number) -> None:
    before = _size(site_vault, me)
    photo = tmp_path / "photo.txt"
    photo.write_text("It was seen.", encoding="utf-8")
    file = _file(
        tmp_path,
        "# what is to be done",
        {"command": "assign_item", "item": number, "person": "Priya Process", "reason": "She knows it"},
        "",
        f'edit_item {number} title="Burr at edge C" severity=minor reason="Counted again: 3 of 200"',
        NEW,
        f"add_evidence {number} requirement=implementation_record path='{photo}'",
    )
    output = command("batch", site_vault, file, *me, "--json")
    assert output.code == 0, output
    *answers, counted = output.lines()
    assert counted == {"count": 4, "done": 4, "failed": 0, "notices": []}
    assert [(each["line"], each["command"]) for each in answers] == [
        (2, "assign_item"),
        (4, "edit_item"),
        (5, "create_item"),
        (6, "add_evidence"),
    ]
    assert [each["entry"] for each in answers] == list(range(before, before + 4))
    assert answers[2]["number"] != number
    shown = command("item", "show", site_vault, number, *me, "--json").json()
    assert (shown["title"], shown["owner"], len(shown["evidence"])) == ("Burr at edge C", "Priya Process", 1)
    assert command("log", "verify", site_vault, *me).code == 0


def test_words_for_people_name_the_line(site_vault, tmp_path, me, number) -> None:
    output = command("batch", site_vault, _file(tmp_path, f"edit_item {number} title=Burrs"), *me)
    assert output.code == 0
    assert output.out.startswith(f"Line 1: edit_item {number}: ")
    assert "1 done, 0 failed" in output.err


def test_it_stops_at_the_first_failure_and_what_was_done_stands(site_vault, tmp_path, me, number) -> None:
    lines = (
        f"edit_item {number} title=Once",
        f"close_item {number} outcome=reached",
        f"edit_item {number} title=Twice",
    )
    output = command("batch", site_vault, _file(tmp_path, *lines), *me, "--json")
    assert output.code == 1
    first, second, counted = output.lines()
    assert (counted["done"], counted["failed"]) == (1, 1)
    assert "entry" in first
    assert second["error"]["kind"] == "Refused"
    assert second["error"]["obstacles"]
    assert "Line 2, close_item: " in output.err
    assert command("item", "show", site_vault, number, *me, "--json").json()["title"] == "Once"
    last = command("item", "history", site_vault, number, *me, "--json").items()[-1]
    assert last["act"] == "record_refusal", "a refusal in a batch is on record as any other"


def test_going_on_by_choice_ends_with_the_code_for_refused_lines(site_vault, tmp_path, me, number) -> None:
    lines = (
        f"assign_item {number} person=Nobody",
        f"close_item {number} outcome=reached",
        f"edit_item {number} title=Last",
    )
    output = command("batch", site_vault, _file(tmp_path, *lines), *me, "--json", "--keep-going")
    assert output.code == 1
    assert [each["error"]["kind"] if "error" in each else "" for each in output.lines()[:-1]] == [
        "UsageProblem",
        "Refused",
        "",
    ]
    assert "1 done, 2 failed." in output.err
    assert command("item", "show", site_vault, number, *me, "--json").json()["title"] == "Last"


def test_a_signature_and_a_role_are_given_as_by_their_commands(site_vault, tmp_path) -> None:
    ada = ("--as", "Ada Admin", "--passphrase-file", secret_file(tmp_path))
    lines = (
        "grant_role person='Priya Process' role=quality reason='She stands in'",
        {"command": "review_access", "in_order": True, "findings": ""},
    )
    output = command("batch", site_vault, _file(tmp_path, *lines), *ada, "--json")
    assert output.code == 0, output
    assert command("log", "verify", site_vault, *ada).code == 0
    roles = command("people", "roles", "list", site_vault, *ada, "--json").items()
    assert {"Priya Process"} <= {each["person"] for each in roles if each["role"] == "quality"}


def test_lines_come_from_standard_input(site_vault, me, number) -> None:
    words = ["batch", str(site_vault), "-", *map(str, me), "--json"]
    result = CliRunner().invoke(_program(), words, input=f"edit_item {number} title=Piped\n", catch_exceptions=False)
    output = CommandOutput(code=result.exit_code, out=result.stdout, err=result.stderr)
    assert output.code == 0, output
    assert output.lines()[0]["number"] == number


def test_no_such_file_is_a_file_problem(site_vault, tmp_path, me) -> None:
    output = command("batch", site_vault, tmp_path / "none", *me, "--json")
    assert (output.code, output.error()["kind"]) == (8, "FileProblem")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("fly_item x", "fly_item"),
        ('{"command": "fly_item"}', "fly_item"),
        ('{"command": ["move_item"]}', "move_item"),
        ("{}", "None"),
        ('{"command": ', "JSON"),
        ("edit_item 'x", "words"),
        ("move_item CAPA-1 plan", "plan"),
        ("move_item CAPA-1 colour=red", "colour"),
        ("begin_rotation reason=x", "begin_rotation"),
        ("record_refusal", "record_refusal"),
    ],
)
def test_a_line_that_makes_no_sense_states_why(line: str, named: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        values_in(line)
    assert named in problem.value.what
    assert problem.value.remedy


def test_words_become_values_of_their_kind() -> None:
    assert values_in("decide_request CAPA-1 request=r approve=no") == {
        "command": "decide_request",
        "item": "CAPA-1",
        "request": "r",
        "approve": False,
    }
    assert values_in("mark_alert_seen alerts=a,b")["alerts"] == ["a", "b"]
    assert values_in("""edit_item CAPA-1 table='[["a","b"]]'""")["fields"]["table"] == [["a", "b"]]
    assert values_in("review_audit_trail first=0 last=12 verdict=in_order")["last"] == 12


def test_what_touches_keys_files_or_this_computer_is_not_given_in_a_batch() -> None:
    assert set(ELSEWHERE) | BY_THE_PROGRAM <= set(COMMANDS)
    more = {"slots", "key", "file", "sha256", "root", "device", "fingerprint", "checkpoint"}
    by_service = {"grant_role", "revoke_role", "add_evidence"}
    for word, kind in COMMANDS.items():
        if more & {each.name for each in msgspec.structs.fields(kind)}:
            assert word in ELSEWHERE or word in BY_THE_PROGRAM or word in by_service, word
