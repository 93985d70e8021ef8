"""Holding the stored bytes of every file against the hash that names it."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, bindparam, func, select

from desktop.store.findings import Findings
from desktop.store.tables import file_chunk, record_tables
from domain.messages import message
from domain.services import Progress

_FILE = record_tables["file"]


def recorded_bytes(connection: Connection) -> int:
    """What all stored files together are said to hold, in bytes."""
    return int(connection.execute(select(func.coalesce(func.sum(_FILE.c.size), 0))).scalar_one())


def check_files(connection: Connection, findings: Findings, progress: Progress | None) -> int:
    """Every stored file must hash to its name; every chunk must belong to a file."""
    files = connection.execute(select(_FILE).order_by(_FILE.c.id)).fetchall()
    chunks = (
        select(file_chunk.c.n, file_chunk.c.data).where(file_chunk.c.file == bindparam("of")).order_by(file_chunk.c.n)
    )
    for done, file in enumerate(files):
        hasher, size, count = sha256(), 0, 0
        for chunk in connection.execute(chunks, {"of": file.id}):
            if chunk.n != count:
                findings.note(
                    "file",
                    message("Chunk {count} is missing.", count=count),
                    table="file_chunk",
                    row=str(file.id),
                    field="n",
                )
            data = chunk.data if isinstance(chunk.data, bytes) else b""  # a damaged row may hold anything
            hasher.update(data)
            size += len(data)
            count += 1
        if hasher.hexdigest() != file.id or size != file.size or count != file.chunks:
            findings.note(
                "file",
                message("The stored bytes are not the file of this hash."),
                table="file_chunk",
                row=str(file.id),
                field="data",
            )
        if progress is not None:
            progress(message("verify files"), done + 1, len(files))
    leftovers = connection.execute(
        select(file_chunk.c.file).where(file_chunk.c.file.not_in(select(_FILE.c.id))).distinct()
    )
    for leftover in leftovers:
        findings.note(
            "file",
            message("Stored bytes belong to no recorded file."),
            table="file_chunk",
            row=str(leftover[0]),
            field="file",
        )
    return len(files)
