from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from small_store import SmallStore, beyond_commands, build, raw
from test_store_verification import tamper

from desktop.store.verify_since import Since
from desktop.vault.ed25519 import verify_signature
from domain.act import Act, Change, created
from domain.commands.settings import ChangeSetting
from domain.errors import Cancelled, UsageProblem
from domain.log.merkle import Frontier
from domain.records.oversight import REVEAL_NEEDS_TWO

PROVEN = 3
"""Creating, enrolment and import are proven; the life of the item is new."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallStore]:
    made = build(tmp_path / "store.db")
    yield made
    made.close()


def first_leaves(small: SmallStore, count: int) -> Frontier:
    tree = Frontier()
    for leaf in small.store.register.leaves()[:count]:
        tree.append(leaf)
    return tree


def since(small: SmallStore, first: int = PROVEN, *, proven: Frontier | None = None, **how: Any) -> Since:
    tree = proven or first_leaves(small, PROVEN)
    found = small.store.verify_since(verify_signature, root_key=raw(small.root), proven=tree, since=first, **how)
    return msgspec.structs.replace(found, verdict=beyond_commands(found.verdict))


def after_tampering(small: SmallStore, *statements: tuple[str, tuple[Any, ...]], rehash: bool = True) -> Since:
    tree = first_leaves(small, PROVEN)
    small.close()
    tamper(small.path, *statements)
    small.reopen()
    return since(small, proven=tree, rehash=rehash)


@pytest.mark.parametrize("first", range(PROVEN + 1))
@pytest.mark.parametrize("rehash", [True, False])
def test_an_untouched_log_is_intact_from_wherever_it_is_checked(small: SmallStore, first: int, *, rehash: bool) -> None:
    if not rehash and first != PROVEN:
        with pytest.raises(UsageProblem, match="not all proven"):
            since(small, first, rehash=rehash)
        return
    found = since(small, first, rehash=rehash)
    assert found.verdict.findings == ()
    assert found.complete
    assert (found.verdict.entries, found.verdict.since) == (5, first)
    assert found.verdict.root == small.verify().root


def test_nothing_new_is_quickly_stated(small: SmallStore) -> None:
    found = since(small, 5, proven=first_leaves(small, 5))
    assert found.verdict.intact
    assert found.verdict.changes == 0


def test_entries_that_were_never_proven_are_not_passed_over(small: SmallStore) -> None:
    with pytest.raises(UsageProblem, match="those before 3 are"):
        since(small, 4)


@pytest.mark.parametrize("column", ["header", "signature", "leaf"])
def test_an_altered_proven_entry_is_found_by_its_hash(small: SmallStore, column: str) -> None:
    change = f"UPDATE entry SET {column} = (SELECT {column} FROM entry WHERE seq = 0) WHERE seq = 1"
    found = after_tampering(small, (change, ())).verdict
    assert any(finding.kind == "hash" and finding.entry == 1 for finding in found.findings)
    assert found.proven <= 1


def test_other_entries_than_the_proven_ones_are_a_fork(small: SmallStore, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = build(tmp_path / "other" / "store.db")
    found = since(small, proven=first_leaves(other, PROVEN)).verdict
    other.close()
    assert "fork" in {finding.kind for finding in found.findings}
    assert found.proven == 0


@pytest.mark.parametrize("rehash", [True, False])
def test_a_forged_newer_entry_is_found_either_way(small: SmallStore, *, rehash: bool) -> None:
    copy = "UPDATE entry SET signature = (SELECT signature FROM entry WHERE seq = 3) WHERE seq = 4"
    found = after_tampering(small, (copy, ()), rehash=rehash).verdict
    assert any(finding.kind == "signature" and finding.entry == 4 for finding in found.findings)
    assert found.proven == 4


@pytest.mark.parametrize("rehash", [True, False])
def test_a_row_that_newer_entries_set_cannot_be_altered(small: SmallStore, *, rehash: bool) -> None:
    found = after_tampering(small, ("UPDATE item SET step = 'closed' WHERE id = 'item-1'", ()), rehash=rehash).verdict
    assert ("item", "item-1", "step") in {(each.table, each.row, each.field) for each in found.findings}


def test_a_row_that_newer_entries_made_cannot_be_removed(small: SmallStore) -> None:
    found = after_tampering(small, ("DELETE FROM approval", ())).verdict
    assert any(finding.table == "approval" and "missing" in finding.text for finding in found.findings)


def test_a_value_that_was_not_there_before_is_found(small: SmallStore) -> None:
    title = Change("item", "item-2", {"title": "Torn label 2"}, {"title": "Fine"})
    small.record(Act(name="edit_item", changes=(title,), role="quality", subject="item-2"), small.quinn)
    tree = first_leaves(small, 5)
    again = Change("item", "item-2", {"title": "Fine"}, {"title": "Finer"})
    small.record(Act(name="edit_item", changes=(again,), role="quality", subject="item-2"), small.quinn)
    assert since(small, 5, proven=tree).verdict.intact
    small.close()
    tamper(small.path, ("UPDATE item SET title = 'Fake' WHERE id = 'item-2'", ()))
    small.reopen()
    onto = Change("item", "item-2", {"title": "Fake"}, {"title": "Faker"})
    small.record(Act(name="edit_item", changes=(onto,), role="quality", subject="item-2"), small.quinn)
    findings = since(small, 5, proven=tree, rehash=False).verdict.findings
    assert [(each.kind, each.row, each.field, each.entry) for each in findings] == [("replay", "item-2", "title", 7)]


def test_a_role_given_before_the_proven_point_still_counts_after_it(small: SmallStore) -> None:
    small.perform(ChangeSetting(name=REVEAL_NEEDS_TWO, value="yes", meaning="I set it"))
    small.perform(ChangeSetting(name=REVEAL_NEEDS_TWO, value="no", meaning="I set it"), role="controller")
    found = small.store.verify_since(
        verify_signature, root_key=raw(small.root), proven=first_leaves(small, 5), since=5
    ).verdict.findings
    assert [(each.kind, each.field, each.entry) for each in found] == [("rules", "role", 6)]
    assert "says role 'controller'; its command gives 'administrator'" in found[0].text


def test_an_altered_grant_among_the_proven_changes_is_found(small: SmallStore) -> None:
    role = "UPDATE change SET data = CAST(replace(data, 'quality', 'manager') AS BLOB) WHERE id = 'role-2'"
    found = after_tampering(small, (role, ()), rehash=False).verdict
    assert any(finding.kind == "changes" and finding.entry == 1 for finding in found.findings)


def test_a_cut_tail_is_found_by_the_head(small: SmallStore) -> None:
    found = after_tampering(small, ("DELETE FROM entry WHERE seq = 4", ()), rehash=False).verdict
    assert "tail" in {finding.kind for finding in found.findings}


def test_a_foreign_trigger_is_found(small: SmallStore) -> None:
    trigger = "CREATE TRIGGER quiet AFTER INSERT ON item BEGIN UPDATE item SET due = '' WHERE id = new.id; END"
    found = after_tampering(small, (trigger, ()), rehash=False).verdict
    assert "quiet" in {finding.table for finding in found.findings}


def test_a_replay_that_ran_out_of_time_states_how_far_it_came(small: SmallStore) -> None:
    for _ in range(300):
        due = small.store.register.item("item-2").due
        edit = Change("item", "item-2", {"due": due}, {"due": f"{due[:8]}{(int(due[8:]) % 28) + 1:02d}"})
        small.record(Act(name="edit_item", changes=(edit,), role="quality", subject="item-2"), small.quinn)
    found = since(small, rehash=False, enough=lambda: True)
    assert not found.complete
    assert found.verdict.intact
    assert PROVEN < found.tree.size < small.store.register.log_size()
    rest = since(small, found.tree.size, proven=found.tree, rehash=False)
    assert rest.complete
    assert rest.verdict.intact


def test_a_cancelled_verification_leaves_nothing_behind(small: SmallStore) -> None:
    def stop(_phase: str, _done: int, _of: int) -> None:
        raise Cancelled("Enough.")

    for verify in (
        lambda: small.store.verify(verify_signature, root_key=raw(small.root), progress=stop),
        lambda: since(small, progress=stop),
    ):
        with pytest.raises(Cancelled):
            verify()
    assert small.verify().intact
    title = Change("item", "item-2", {"title": "Torn label 2"}, {"title": "Fine"})
    small.record(Act(name="edit_item", changes=(title,), role="quality", subject="item-2"), small.quinn)


def test_a_record_made_twice_is_found(small: SmallStore) -> None:
    grant = created(
        "transition_record",
        "transition_record-2",
        {
            "item": "item-1",
            "cycle": 1,
            "from_step": "",
            "to_step": "x",
            "at": "",
            "by": "person-quinn",
            "reason": "",
        },
    )
    small.record(Act(name="move_item", changes=(grant,), role="quality", subject="item-1"), small.quinn)
    small.close()
    twice = grant.data().replace(b"transition_record-2", b"transition_record-1")
    tamper(small.path, ("UPDATE change SET data = ? WHERE id = 'transition_record-2'", (twice,)))
    small.reopen()
    findings = small.verify().findings
    assert any(finding.kind == "replay" and finding.row == "transition_record-1" for finding in findings)
