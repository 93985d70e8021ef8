"""Look through a zipped workbook before any parser sees it: sizes by counting, no declarations, no tricks.

The same pass gathers what the fast reader loses: error cells, formulas without a stored result, hidden rows.
Nothing is written to disk and nothing outside the file is followed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final
from xml.etree.ElementTree import ParseError

import msgspec
from defusedxml import ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from desktop.confined import limits
from desktop.confined.open_document import merges_and_hidden_rows
from desktop.confined.reading_problem import looks_hostile, not_a_workbook, password_needed, too_large
from domain.messages import message

CHUNK: Final = 1024 * 1024
OVERLAP: Final = 4096
ENCRYPTED_FLAG: Final = 0x1
SYMLINK_MODE: Final = 0o120000
DECLARATIONS: Final = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
CELL: Final = rb'<c\b[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*'
ERROR_CELL: Final = re.compile(
    rb'<c\b(?=[^<>]*\bt="e")' + CELL[4:] + rb">(?:(?!</c>).){0,3000}?<v>(#[^<]{1,20})</v>", re.DOTALL
)
UNSTORED: Final = re.compile(
    CELL + rb">\s*(?:<f\b[^<>]*/>|<f\b[^<>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>",
)
HIDDEN_ROW: Final = re.compile(rb'<row\b(?=[^<>]*\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
HIDDEN_COLUMNS: Final = re.compile(
    rb'<col\b(?=[^<>]*\bhidden="(?:1|true)")(?=[^<>]*\bmin="(\d{1,5})")(?=[^<>]*\bmax="(\d{1,5})")',
)


class SheetNotes(msgspec.Struct):
    """What the sheet's own part says beside its values. Places are (row, column), counted from one."""

    errors: dict[tuple[int, int], str] = {}
    unstored: set[tuple[int, int]] = set()
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    merged: list[tuple[int, int, int, int]] = []


class ArchiveNotes(msgspec.Struct):
    """The result of the pass over a whole archive."""

    kind: str
    sheets: dict[str, SheetNotes] = {}
    has_macros: bool = False
    has_links: bool = False


def inspect_archive(data: bytes) -> ArchiveNotes:
    """Count, check and take notes.

    Raises:
        ReadingProblem: not a workbook, protected, over a cap, or built to do harm.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise not_a_workbook(message("its archive is damaged")) from error
    except (ParseError, DefusedXmlException) as error:
        raise not_a_workbook(message("its table of contents is damaged")) from error


def _inspect(archive: zipfile.ZipFile) -> ArchiveNotes:
    members = archive.infolist()
    if len(members) > limits.ARCHIVE_MEMBERS:
        raise too_large(message("its archive has {count} parts", count=len(members)))
    for member in members:
        _check_name(member)
    names = {member.filename for member in members}
    notes = ArchiveNotes(kind=_kind(archive, names))
    sheet_of_part = _sheet_parts(archive, names) if notes.kind == "xlsx" else {}
    total = 0
    for member in members:
        sheet = SheetNotes()
        title = sheet_of_part.get(member.filename)
        total += _pass_over(archive, member, sheet if title is not None else None, room=limits.ARCHIVE_BYTES - total)
        if title is not None:
            notes.sheets[title] = sheet
    if notes.kind == "ods":
        for name, (merged, hidden) in merges_and_hidden_rows(archive).items():
            notes.sheets[name] = SheetNotes(merged=merged, hidden_rows=hidden)
    notes.has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    notes.has_links = any(name.startswith("xl/externalLinks/") for name in names)
    if notes.has_macros and notes.kind == "xlsx":
        notes.kind = "xlsm"
    return notes


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
        raise looks_hostile(message("a part of its archive points outside the file"))
    if member.flag_bits & ENCRYPTED_FLAG:
        raise password_needed()
    if (member.external_attr >> 16) & 0o170000 == SYMLINK_MODE:
        raise looks_hostile(message("its archive contains a link"))
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise not_a_workbook(message("its archive is packed in an unusual way"))


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.xml" in names or ("[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        with archive.open("mimetype") as part:
            mimetype = part.read(200)
        if b"opendocument.spreadsheet" not in mimetype:
            raise not_a_workbook(message("it is another kind of OpenDocument file"))
        _refuse_encrypted_document(archive, names)
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise not_a_workbook(message("it is a text document"))
    raise not_a_workbook(message("its archive holds no sheets"))


def _refuse_encrypted_document(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as part:
            if b"encryption-data" in part.read(CHUNK):
                raise password_needed()


def _pass_over(archive: zipfile.ZipFile, member: zipfile.ZipInfo, notes: SheetNotes | None, *, room: int) -> int:
    """Unpack one part piece by piece, counting. Returns its true size; the size it claims is not believed."""
    size = 0
    tail = b""
    is_text = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(member) as part:
        for piece in _pieces(part):
            size += len(piece)
            if size > min(limits.MEMBER_BYTES, room):
                raise too_large(message("its archive unpacks to more than this program takes"))
            if size > limits.RATIO_COUNTS_FROM and size > limits.MEMBER_RATIO * max(member.compress_size, 1):
                raise looks_hostile(message("a small part of its archive unpacks to something enormous"))
            if is_text:
                window = tail + piece
                if any(word in window for word in DECLARATIONS):
                    raise looks_hostile(message("one of its parts declares entities of its own"))
                if notes is not None:
                    _take_notes(window, notes)
                tail = window[-OVERLAP:]
    return size


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    while piece := part.read(CHUNK):
        yield piece


def _take_notes(window: bytes, notes: SheetNotes) -> None:
    """Cheap tests first: most pieces of most files contain none of these."""
    if b't="e"' in window:
        for match in ERROR_CELL.finditer(window):
            place = (int(match[2]), _column(match[1]))
            notes.errors[place] = match[3].decode("ascii", "replace").replace("&amp;", "&")
    if b"<f" in window:
        notes.unstored.update((int(match[2]), _column(match[1])) for match in UNSTORED.finditer(window))
    if b'hidden="' in window:
        notes.hidden_rows.update(int(match[1]) for match in HIDDEN_ROW.finditer(window))
        for match in HIDDEN_COLUMNS.finditer(window):
            notes.hidden_columns.update(range(int(match[1]), min(int(match[2]), limits.COLUMNS) + 1))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Which part holds which sheet, from the workbook's own table of contents (capped, without entities)."""
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if book not in names or relations not in names:
        return {}
    targets = {
        element.get("Id", ""): element.get("Target", "")
        for element in ElementTree.fromstring(_small(archive, relations))
    }
    parts: dict[str, str] = {}
    for element in ElementTree.fromstring(_small(archive, book)).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            target = targets.get(relation, "")
            parts[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = element.get("name", "")
    return parts


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data: bytes = part.read(4 * CHUNK + 1)
    if len(data) > 4 * CHUNK:
        raise too_large(message("its table of contents is larger than 4 MB"))
    if any(word in data for word in DECLARATIONS):
        raise looks_hostile(message("one of its parts declares entities of its own"))
    return data
