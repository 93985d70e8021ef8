"""What a signature covers: which fields, and which evidence."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from governed_capa import at_plan, governed, judged
from memory_register import MemoryVault, a_file

from domain.commands.deciding import decide
from domain.commands.evidence import AddEvidence, GetEvidence, ReviewEvidence
from domain.errors import UsageProblem
from domain.identity import iso
from domain.process.decode import decode_process
from domain.process.definition import ProcessVersion
from domain.rules.content import signed_content, signed_fields
from domain.rules.deadlines import levels_asked


def test_rejected_evidence_is_not_covered_and_unreviewed_evidence_is(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "verification")
    requirement = "effectiveness_record"
    for text, verdict in (("first", False), ("second", True), ("third", None)):
        vault.do(AddEvidence, "Olga", item=item, requirement=requirement, file=a_file(text), file_name="r.txt")
        evidence = vault.register.item_file(item).evidence[-1].id
        if verdict is not None:
            vault.do(ReviewEvidence, "Quinn", item=item, evidence=evidence, accept=verdict, note="Looked at it")
    (gate,) = (transition.id for transition in vault.facts(item).process.transitions if transition.target == "closed")
    covered = signed_content(vault.facts(item), gate)["evidence"]
    assert [state for _, named, _, state in covered if named == requirement] == ["accepted", "submitted"]


def _demanded_at(process: ProcessVersion, gate: str, field: str) -> ProcessVersion:
    """The process with a signed field that this gate alone demands."""
    fields = tuple(
        msgspec.structs.replace(each, signed=True, required_at=()) if each.id == field else each
        for each in process.fields
    )
    transitions = tuple(
        msgspec.structs.replace(
            transition,
            gate=msgspec.structs.replace(transition.gate, fields=(field,) if transition.id == gate else (), signs=()),
        )
        for transition in process.transitions
    )
    closing = msgspec.structs.replace(process.closure.gate, fields=(), signs=())
    closure = msgspec.structs.replace(process.closure, gate=closing)
    return msgspec.structs.replace(process, fields=fields, transitions=transitions, closure=closure)


def test_a_signed_field_that_one_gate_demands_is_covered_there_and_nowhere_else(vault: MemoryVault) -> None:
    capa = decode_process(vault.register.in_force("capa").definition)
    field = capa.fields[0].id
    first, second = capa.transitions[0].id, capa.transitions[1].id
    process = _demanded_at(capa, first, field)
    assert field in signed_fields(process, first)
    assert field not in signed_fields(process, second)


def test_a_signed_field_that_no_gate_demands_is_covered_at_every_gate(vault: MemoryVault) -> None:
    capa = decode_process(vault.register.in_force("capa").definition)
    field = capa.fields[0].id
    process = _demanded_at(capa, "none", field)
    assert all(field in signed_fields(process, transition.id) for transition in process.transitions)


def test_a_signature_is_asked_since_the_evidence_of_its_gate_was_accepted_not_since_any_other(
    vault: MemoryVault,
) -> None:
    item = vault.new_item()
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    vault.add_accepted(item, "implementation_record")
    (asked,) = levels_asked(vault.facts(item))
    assert (asked.gate, iso(asked.since)) == ("plan->implementation", vault.register.item(item).step_since)
    vault.bring_to(item, "verification")
    vault.make_ready(item, sign=False)
    accepted = vault.register.item_file(item).evidence[-1]
    (asked,) = levels_asked(vault.facts(item))
    assert (asked.gate, iso(asked.since)) == ("verification->closed", accepted.reviewed_at)


def test_a_field_that_only_one_gate_names_for_signing_is_covered_there(vault: MemoryVault) -> None:
    capa = decode_process(vault.register.in_force("capa").definition)
    first, second = capa.transitions[0], capa.transitions[1]
    gate = msgspec.structs.replace(first.gate, signs=("comments",))
    process = msgspec.structs.replace(
        capa, transitions=(msgspec.structs.replace(first, gate=gate), *capa.transitions[1:])
    )
    assert ("comments" in signed_fields(process, first.id), "comments" in signed_fields(process, second.id)) == (
        True,
        False,
    )


@pytest.mark.parametrize(("different_person", "rules_against"), [(True, ["separation.evidence"]), (False, [])])
def test_who_added_a_file_reviews_it_only_where_its_requirement_lets_them(
    different_person: bool,  # noqa: FBT001 (a parameter of pytest)
    rules_against: list[str],
) -> None:
    def change(document: dict[str, Any]) -> None:
        for each in document["evidence"]:
            each["different_person"] = different_person

    vault = governed(change)
    item = at_plan(vault)
    vault.do(
        AddEvidence, "Quinn", item=item, requirement="implementation_record", file=a_file("x"), file_name="a file.txt"
    )
    review = ReviewEvidence(item="", evidence=vault.register.item_file(item).evidence[-1].id, accept=True)
    assert judged(vault, item, review, "Quinn") == rules_against


@pytest.mark.parametrize(
    "name", ["a/b.txt", "a\\b.txt", "a\nb", "\x7f", "\x80", "\u202etxt.exe", "\u2066x", "\ufeffx", "", "x" * 256]
)
def test_a_name_that_is_no_plain_file_name_is_refused(vault: MemoryVault, name: str) -> None:
    item = at_plan(vault)
    with pytest.raises(UsageProblem):
        vault.act(AddEvidence, "Olga", item=item, requirement="implementation_record", file=a_file("x"), file_name=name)


@pytest.mark.parametrize("file", [{"file": "AB" * 32}, {"file": "ab" * 31}, {"file": ""}, {"size": 0}, {"size": -1}])
def test_a_file_is_named_by_its_digest_and_holds_something(vault: MemoryVault, file: dict[str, Any]) -> None:
    item = at_plan(vault)
    good = AddEvidence(
        item=item, requirement="implementation_record", file="ab" * 32, size=1, file_name="Prüfung 1.txt"
    )
    assert decide(good, vault.register, vault.actor("Olga"), nonce=b"n" * 16).changes
    with pytest.raises(UsageProblem):
        decide(msgspec.structs.replace(good, **file), vault.register, vault.actor("Olga"), nonce=b"n" * 16)


def test_a_copy_leaves_the_vault_for_a_purpose(vault: MemoryVault) -> None:
    item = at_plan(vault)
    evidence = vault.add_accepted(item, "implementation_record")
    with pytest.raises(UsageProblem) as refused:
        vault.act(GetEvidence, "Nora", item=item, evidence=evidence, purpose=" ")
    assert refused.value.where == "purpose"
    assert vault.act(GetEvidence, "Nora", item=item, evidence=evidence, purpose="Audit").reason == "Audit"


def test_the_same_file_is_not_on_record_with_two_sizes(vault: MemoryVault) -> None:
    item = at_plan(vault)
    vault.add_accepted(item, "implementation_record")
    stored = vault.register.item_file(item).evidence[-1]
    again = AddEvidence(
        item=item, requirement="implementation_record", file=stored.file, size=stored.size, file_name="again.txt"
    )
    act = decide(again, vault.register, vault.actor("Olga"), nonce=b"n" * 16)
    assert [each.record for each in act.changes] == ["evidence"], "its bytes are kept once"
    with pytest.raises(UsageProblem):
        decide(
            msgspec.structs.replace(again, size=stored.size + 1), vault.register, vault.actor("Olga"), nonce=b"n" * 16
        )
