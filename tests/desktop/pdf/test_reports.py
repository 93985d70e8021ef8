"""Reports on paper: all that was judged can be read from the pages, and they say what they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from command_line import PASSPHRASE, command, secret_file

from desktop.application.application import CountersignApplication
from desktop.pdf.report import ReportHead
from desktop.pdf.self_check_report import print_self_check
from domain.compliance.judge import ClauseResult, SelfCheck
from domain.records.oversight import Export

HEAD = ReportHead(
    vault="01a20597-5836-7000-b451-1f28f68139d3",
    vault_name="Site A",
    root_fingerprint="cd5d e708 98b6 635b",
    printed_by="Quinn QA",
    printed_at="2026-11-22T08:00:00.000Z",
    program="Countersign 1",
    checkpoint="countersign.local/vault/x\n182\nKb3RiWF9XGLDYh80xjb70wvMhL2D3DI6chzJxWQa1jQ=\n\n— x sig\n",
)


def clause(number: int, result: str = "holds", **other) -> ClauseResult:
    values = {
        "rule": "Rule One" if number < 3 else "Rule Two",
        "clause": f"{number}.1",
        "demand": f"Demand {number}.",
        "checked": f"Looked {number}.",
        "found": f"Found {number}.",
        "entries": (number,),
        "organisation": f"Yours {number}.",
    }
    return ClauseResult(**{**values, "result": result, **other})


CHECK = SelfCheck(
    vault=HEAD.vault,
    name=HEAD.vault_name,
    at=HEAD.printed_at,
    program=HEAD.program,
    entries=182,
    root="ab" * 32,
    clauses=(
        clause(1),
        clause(2, "attention"),
        clause(3, "organisation", entries=()),
        clause(4, entries=range(40)),
        clause(5, "unshown", entries=()),
    ),
)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def test_every_clause_of_the_self_check_stands_on_paper_with_what_shows_it() -> None:
    text = words(print_self_check(CHECK, HEAD))
    for each in CHECK.clauses:
        for part in (each.demand, each.checked, each.found, each.organisation):
            assert part in text
    assert "To be done Rule One 2.1: Found 2." in text
    assert "[entry 1]" in text
    assert "and 28 more]" in text
    assert "5.1 Not shown yet" in text
    assert "It certifies nothing about the organisation" in text


def test_every_page_of_a_report_states_that_it_is_an_uncontrolled_copy_and_the_last_one_carries_the_checkpoint() -> (
    None
):
    many = msgspec.structs.replace(CHECK, clauses=tuple(clause(3, clause=f"{n}.1") for n in range(90)))
    document = pypdfium2.PdfDocument(print_self_check(many, HEAD))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "Uncontrolled copy" in page
        assert f"page {number} of {len(pages)}" in page
    assert HEAD.checkpoint.splitlines()[2] in pages[-1]


def test_the_same_check_prints_the_same_bytes() -> None:
    assert print_self_check(CHECK, HEAD) == print_self_check(CHECK, HEAD)


def exports(vault: Path) -> tuple[Export, ...]:
    opened = CountersignApplication().unlock(vault, person="Quinn Quality", passphrase=PASSPHRASE)
    try:
        return opened.register.all_of(Export)
    finally:
        opened.lock()


@pytest.fixture
def who(tmp_path: Path) -> tuple[object, ...]:
    return ("--as", "Quinn Quality", "--passphrase-file", secret_file(tmp_path), "--json")


def test_a_self_check_written_by_command_is_on_record_by_its_hash(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...]
) -> None:
    pdf = tmp_path / "check.pdf"
    output = command("self", "check", sample_vault, "--pdf", pdf, "--purpose", "the auditor", *who)
    assert output.code == 1
    text = words(pdf.read_bytes())
    for each in output.json()["clauses"]:
        assert each["clause"] in text
    (exported,) = exports(sample_vault)
    assert exported.sha256 == hashlib.sha256(pdf.read_bytes()).hexdigest()
    assert (exported.kind, exported.name, exported.purpose) == ("self_check", "check.pdf", "the auditor")


def test_a_self_check_that_cannot_be_written_is_stated_first_and_nothing_is_recorded(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...]
) -> None:
    entries = command("vault", "info", sample_vault, *who).json()["entries"]
    output = command("self", "check", sample_vault, "--pdf", tmp_path / "nowhere" / "check.pdf", *who)
    assert output.code == 8
    assert command("vault", "info", sample_vault, *who).json()["entries"] == entries


def test_the_checkpoint_on_a_report_can_be_held_against_the_log(
    sample_vault: Path, tmp_path: Path, who: tuple[object, ...]
) -> None:
    pdf = tmp_path / "check.pdf"
    command("self", "check", sample_vault, "--pdf", pdf, *who)
    after = words(pdf.read_bytes()).split("check-anchor). ")[-1].split()
    typed = tmp_path / "typed.txt"
    typed.write_text(f"{after[1]} {after[2]}", encoding="utf-8")
    assert command("log", "check-anchor", sample_vault, typed, *who).code == 0
