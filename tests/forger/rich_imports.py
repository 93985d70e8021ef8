"""A tracker whose rows the scenario brings in."""

from __future__ import annotations

from rich_world import a_file

from domain.commands.imports import ImportRegister
from domain.trackers.raw_rows import RawRow, RowColumn

COLUMNS = (
    RowColumn(column=1, header="No.", field="key"),
    RowColumn(column=2, header="Finding", field="title"),
    RowColumn(column=3, header="Resp.", field="owner"),
    RowColumn(column=4, header="Due", field="due"),
    RowColumn(column=5, header="Status", field="status"),
    RowColumn(column=6, header="Place"),
)
ROWS = (
    RawRow(row=2, texts=("1", "Torn", "Olga", "2026-12-03", "offen", "Hall 3"), kinds=("n", "", "", "d", "", "")),
    RawRow(row=3, texts=("2", "Wet", "Somebody", "", "", "Hall 4"), kinds=("n", "", "", "", "", "")),
    RawRow(row=4, texts=("3", "Old", "Bo", "", "erledigt", ""), kinds=("n", "", "", "", "", "")),
)


def importing(rows: tuple[RawRow, ...], text: str) -> ImportRegister:
    file = a_file(text)
    fields = {each.field: each.column for each in COLUMNS if each.field}
    return ImportRegister(
        process="work",
        file=file.sha256,
        size=file.size,
        file_name="tracker.xlsx",
        sheet="List",
        header_row=1,
        mapping={each.field: each.header for each in COLUMNS if each.field},
        columns=COLUMNS,
        fields=fields,
        day_first={"due": None},
        counts={"rows": len(rows) + 1, "same": 0, "refused": 1, "skipped": 1, "problems": 0},
        refused=(
            {
                "sheet": "List",
                "row": 9,
                "cell": "",
                "reason": {"message": "row_reading.the_row_has_neither"},
                "raw": "",
            },
        ),
        skipped=((10, {"message": "record_rows.totals"}),),
        closed_words=("erledigt",),
        rows=rows,
    )
