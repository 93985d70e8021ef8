"""Carrying out an import plan: every row accounted for, nothing overwritten that people worked on."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from memory_register import MemoryVault, a_file, rules

from domain.commands.closure import CancelItem
from domain.commands.command import ItemCommand, command_of, values_of, verdict_of
from domain.commands.imports import import_command
from domain.commands.items import EditItem, HoldItem, MoveItem, ReopenItem
from domain.errors import Refused, UsageProblem
from domain.messages import Message
from domain.trackers.plan import CellProblem, ImportPlan, PlannedRow, RefusedRow
from domain.trackers.raw_rows import RowColumn

FILE = a_file("the tracker")
COLUMNS = tuple(
    RowColumn(column=number, header=header, field=field)
    for number, (header, field) in enumerate(
        [
            ("No.", "key"), ("Finding", "title"), ("Resp.", "owner"), ("Due", "due"), ("Status", "status"),
            ("Closed on", "closed"), ("Notes", "comments"), ("Cost centre", ""), ("What", "description"),
            ("Sev.", "severity"),
        ],
        1,
    )
)  # fmt: skip

FIELDS = {column.field: column.column for column in COLUMNS if column.field}


def a_row(row: int, key: str, **stated: str | None) -> PlannedRow:
    values = {"key": key, "title": f"Finding {key}", **stated}
    texts = tuple("kept" if not column.field else values.get(column.field) or "" for column in COLUMNS)
    kinds = ("",) * len(COLUMNS)
    return PlannedRow(
        row=row, key=key, fingerprint=f"f-{key}-{values}", values=values, columns=COLUMNS, texts=texts, kinds=kinds
    )


def a_plan(**parts: Any) -> ImportPlan:
    empty: dict[str, Any] = {
        "new": (), "same": (), "changed": (), "refused": (), "skipped": (), "problems": (), "ambiguous": (),
        "unmapped": ("Cost centre",), "warnings": (),
    }  # fmt: skip
    rows = sum(len(parts.get(group, ())) for group in ("new", "same", "changed", "refused"))
    return ImportPlan(
        file_name="tracker.xlsx",
        sha256=FILE.sha256,
        sheet="CAPA",
        header_row=3,
        rows=rows,
        mapping={"title": "Finding", "owner": "Resp."},
        columns=COLUMNS,
        fields=FIELDS,
        day_first={},
        **{**empty, **parts},
    )


def take(vault: MemoryVault, plan: ImportPlan) -> None:
    vault.bring_in("Quinn", plan, process="capa", file=FILE)


def test_a_new_row_keeps_what_the_tracker_stated_with_its_cells(vault: MemoryVault) -> None:
    row = a_row(7, "K1", owner="Olga", due="2026-12-01", status="Erledigt", closed="2024-03-05", comments="see mail")
    take(vault, a_plan(new=(row,)))
    item = vault.register.item("T1-CAPA-0001")
    assert (item.title, item.owner, item.owner_name, item.due) == ("Finding K1", "p-olga", "Olga", "2026-12-01")
    assert (item.state, item.step, item.closed, item.legacy_status) == ("open", "reported", "", "Erledigt")
    assert item.values == {"comments": "see mail"}
    assert item.legacy == [["Closed on", "F7", "2024-03-05", ""], ["Cost centre", "H7", "kept", ""]]
    assert item.source is not None
    assert item.source["cells"][:2] == [["key", "A7", "K1", ""], ["title", "B7", "Finding K1", ""]]
    assert (item.source["sheet"], item.source["row"], item.source_key) == ("CAPA", 7, "K1")
    assert item.step_since == item.created_at


@pytest.mark.parametrize("owner", ["olga", "O. L.", "Oda Weiss", ""])
def test_an_owner_is_a_person_only_by_the_exact_name(vault: MemoryVault, owner: str) -> None:
    take(vault, a_plan(new=(a_row(7, "K1", owner=owner),)))
    item = vault.register.item("T1-CAPA-0001")
    assert (item.owner, item.owner_name) == ("", owner)


def test_the_batch_accounts_for_every_row(vault: MemoryVault) -> None:
    plan = a_plan(
        new=tuple(a_row(row, f"K{row}") for row in range(4, 9)),
        same=(a_row(9, "S"),),
        refused=(
            RefusedRow(sheet="CAPA", row=10, cell="B10", reason=Message("row_reading.the_row_has_neither"), raw=""),
        ),
        skipped=((12, Message("record_rows.totals")),),
        problems=(CellProblem(sheet="CAPA", row=4, cell="D4", field="due", reason="no date", raw="Q2"),),
    )
    take(vault, plan)
    (batch,) = vault.register.imports()
    assert batch.counts == {
        "rows": 7, "new": 5, "same": 1, "changed": 0, "refused": 1, "skipped": 1, "problems": 1,
    }  # fmt: skip
    assert batch.refused == [
        {"sheet": "CAPA", "row": 10, "cell": "B10", "reason": {"message": "row_reading.the_row_has_neither"}, "raw": ""}
    ]
    assert batch.skipped == [[12, {"message": "record_rows.totals"}]]
    assert [row["number"] for row in vault.register.rows("item")] == [f"T1-CAPA-000{number}" for number in range(1, 6)]
    assert vault.register.files[batch.file] == FILE.data


def again(vault: MemoryVault, item: str, **stated: str) -> ImportPlan:
    return a_plan(changed=(msgspec.structs.replace(a_row(7, "K1", **stated), item=item),))


def test_a_changed_row_updates_an_item_only_imports_have_touched(vault: MemoryVault) -> None:
    take(vault, a_plan(new=(a_row(7, "K1", owner="Olga"),)))
    item = vault.register.item("T1-CAPA-0001").id
    take(vault, again(vault, item, title="Better words", status="open"))
    take(vault, again(vault, item, title="Best words", owner="Quinn"))
    found = vault.register.item(item)
    assert (found.title, found.owner, found.legacy_status) == ("Best words", "p-quinn", "")
    assert [batch.counts["changed"] for batch in vault.register.imports()] == [0, 1, 1]
    assert found.took_part == [[1, "p-olga", "owned"]], "whoever a tracker named before counts"


def test_a_changed_row_is_refused_once_a_person_worked_on_the_item(vault: MemoryVault) -> None:
    take(vault, a_plan(new=(a_row(7, "K1", owner="Olga"),)))
    item = vault.register.item("T1-CAPA-0001").id
    vault.do(EditItem, "Olga", item=item, fields={"title": "Our words"})
    take(vault, again(vault, item, title="Their words"))
    assert vault.register.item(item).title == "Our words"
    batch = vault.register.imports()[-1]
    assert (batch.counts["changed"], batch.counts["refused"]) == (0, 1)
    assert batch.refused[0]["reason"]["message"] == "imports.was_worked_on_here"


def test_a_changed_row_never_touches_an_item_that_left_its_first_step(vault: MemoryVault) -> None:
    item = vault.new_item()
    vault.bring_to(item, "closed")
    before = vault.register.item_file(item)
    take(vault, again(vault, item, title="Their words"))
    assert vault.register.item_file(item) == before
    assert vault.register.imports()[-1].refused[0]["reason"]["message"] == "imports.has_left_the_first"


@pytest.mark.parametrize("name", ["Pat", "Nora", "Zoe"])
def test_importing_takes_quality_or_an_administrator(vault: MemoryVault, name: str) -> None:
    with pytest.raises(Refused):
        vault.bring_in(name, a_plan(), process="capa", file=FILE)


def test_another_file_than_the_planned_one_is_refused(vault: MemoryVault) -> None:
    with pytest.raises(UsageProblem, match="was not given"):
        vault.bring_in("Quinn", a_plan(), process="capa", file=a_file("other"))


def test_a_row_that_was_closed_before_is_an_item_that_takes_nothing(vault: MemoryVault) -> None:
    rows = (a_row(7, "K1", status="Erledigt", closed="2024-03-05"), a_row(8, "K2", status="Offen"))
    command = import_command(
        a_plan(new=rows), vault.register, process="capa", size=FILE.size, closed_words=("Erledigt",)
    )
    vault.perform(command, "Quinn", files=(FILE,))
    items = [vault.register.item(f"T1-CAPA-000{number}") for number in (1, 2)]
    assert [each.state for each in items] == ["closed_before", "open"]
    over, open_ = (each.id for each in items)
    asked: tuple[ItemCommand, ...] = (
        EditItem(item="", fields={"title": "x"}),
        MoveItem(item="", step="containment"),
        HoldItem(item="", reason="x", review_on="2026-12-01"),
        CancelItem(item="", reason="x", code="duplicate"),
        ReopenItem(item="", reason="x"),
    )
    for command_ in asked:
        assert rules(verdict_of(command_, vault.facts(over, "Quinn"))) == ["item.closed_before"]
        assert "item.closed_before" not in rules(verdict_of(command_, vault.facts(open_, "Quinn")))
    assert vault.register.imports()[0].counts["closed_before"] == 1


@pytest.mark.parametrize(
    "contradiction",
    [
        {"fields": {**FIELDS, "title": FIELDS["due"]}},
        {"fields": {**FIELDS, "title": 99}},
        {"columns": [*COLUMNS, COLUMNS[0]]},
        {"counts": {"rows": 2, "same": 0, "refused": 0, "skipped": 0, "problems": 0}},
        {"counts": {"rows": 1, "same": 0, "refused": 1, "skipped": 0, "problems": 0}},
        {"counts": {"rows": 1, "same": 0, "refused": 0, "skipped": 1, "problems": 0}},
    ],
    ids=["read by another column", "no such column", "a column twice", "rows", "refused", "skipped"],
)
def test_an_import_that_contradicts_itself_is_refused(vault: MemoryVault, contradiction: dict[str, Any]) -> None:
    command = import_command(a_plan(new=(a_row(7, "K1"),)), vault.register, process="capa", size=FILE.size)
    vault.decided(command, "Quinn", files=(FILE,))
    plain = {**values_of(command), **{name: msgspec.to_builtins(value) for name, value in contradiction.items()}}
    with pytest.raises(UsageProblem):
        vault.decided(command_of(plain), "Quinn", files=(FILE,))


def test_imported_items_can_be_worked_on_by_the_rules(vault: MemoryVault) -> None:
    row = a_row(7, "K1", owner="Olga", description="12 of 80 parts", severity="major")
    take(vault, a_plan(new=(row,)))
    item = vault.register.item("T1-CAPA-0001").id
    vault.bring_to(item, "plan")
    vault.make_ready(item, sign=False)
    with pytest.raises(Refused) as refusal:
        vault.sign_both(item)  # Quinn brought the tracker in
    assert "separation.creator" in [each.rule for each in refusal.value.obstacles]


def test_a_hundred_thousand_rows_do_not_take_minutes(vault: MemoryVault) -> None:
    count = 20_000
    columns = tuple(
        RowColumn(column=number, header=f"H{number}", field="title" if number == 1 else "") for number in range(1, 21)
    )
    texts = tuple(f"text {number}" for number in range(20))
    rows = tuple(
        PlannedRow(
            row=row,
            key=str(row),
            fingerprint=str(row),
            values={"title": "text 0"},
            columns=columns,
            texts=texts,
            kinds=("",) * 20,
        )
        for row in range(count)
    )
    started = time.perf_counter()
    plan = msgspec.structs.replace(a_plan(new=rows), columns=columns, fields={"title": 1})
    command = import_command(plan, vault.register, process="capa", size=FILE.size)
    act = vault.decided(command, "Quinn", files=(FILE,))
    seconds = time.perf_counter() - started
    print(f"{count / seconds:,.0f} rows of 20 columns per second")
    assert len(act.changes) == count + 2  # the batch and the file
    assert seconds < 20, "a pathological slowdown, not a tuning target"
