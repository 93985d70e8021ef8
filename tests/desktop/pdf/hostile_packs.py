"""Small files that are meant to cost whoever verifies them much time or memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import msgspec
import pikepdf
from closed_item import ClosedItem, closed_item, definition

from desktop.pdf.print_pack import RENDERER, print_pack
from domain.closure.manifest import pack_bytes

_put = msgspec.structs.replace


def _pdf(*objects: bytes, trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    """A file of these objects, numbered from 1, with a table of where they are."""
    printout, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(printout))
        printout += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(printout)
    printout += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    printout += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(printout + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))


def _stream(data: bytes, **entries: str) -> bytes:
    stated = " ".join(f"/{name} {value}" for name, value in {**entries, "Length": str(len(data))}.items())
    return b"<< %s >>\nstream\n%s\nendstream" % (stated.encode(), data)


def _manifest(data: bytes, **entries: str) -> bytes:
    """A file that carries these bytes as its manifest."""
    catalogue = (
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [ (countersign-pack.json) "
        b"<< /Type /Filespec /EF << /F 3 0 R >> >> ] >> >> >>"
    )
    pages = b"<< /Type /Pages /Kids [] /Count 0 >>"
    return _pdf(catalogue, pages, _stream(data, Type="/EmbeddedFile", **entries))


def _bomb(size: int, times: int = 1) -> bytes:
    data = bytes(size)
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def _xref_bomb() -> bytes:
    stream = _stream(
        _bomb(400_000_000 // 10, 1), Type="/XRef", Filter="/FlateDecode", W="[1 4 2]", Size="5000000", Root="1 0 R"
    )
    data = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return data + b"2 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream, len(data))


def _object_stream_bomb() -> bytes:
    packed = _stream(_bomb(50_000_000), Type="/ObjStm", N="1000000", First="10", Filter="/FlateDecode")
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", packed)


def _twice_packed() -> bytes:
    return _manifest(_bomb(400_000_000 // 4, 2), Filter="[/FlateDecode /FlateDecode]")


def _many_pages() -> bytes:
    kids = b" ".join([b"3 0 R"] * 2_000)
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 2000000000 /Kids [%s] >>" % kids,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents [%s] >>" % b" ".join([b"4 0 R"] * 300),
        _stream(b"0 0 9 9 re f\n" * 200),
    )


def _resaved(closed: ClosedItem, change: Callable[[Any], None], **how: Any) -> bytes:
    with pikepdf.open(BytesIO(print_pack(*closed.made(RENDERER)))) as pdf:
        change(pdf)
        printout = BytesIO()
        pdf.save(printout, stream_decode_level=pikepdf.StreamDecodeLevel.none, **how)
    return printout.getvalue()


def _packed_page(pdf: Any) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(_bomb(200_000_000), Filter=pikepdf.Name.FlateDecode)


def _page_repeated(pdf: Any) -> None:
    kids = pdf.Root.Pages.Kids
    first = kids[0]
    for _ in range(8_000):
        kids.append(first)


def _contents_repeated(pdf: Any) -> None:
    content = pdf.pages[0].obj.Contents
    pdf.pages[0].obj.Contents = pikepdf.Array([content] * 8_000)


def _signed(change: Callable[[Any, Any], tuple[Any, Any]]) -> bytes:
    closed = closed_item()
    pack, proof, _ = closed.made(RENDERER)
    pack, proof = change(pack, proof)
    return _manifest(pack_bytes(pack, proof, closed.sign(pack, proof)))


def _long_days() -> bytes:
    """A process whose steps may take as many days as a process may give them; the pack itself is honest."""
    slow = definition()
    for step in slow["steps"]:
        step["sla_days"] = _DAYS
    slow["transitions"][1].pop("gate")
    slow["closure"]["gate"] |= {"still_approved": []}
    return print_pack(*closed_item(process=slow).made(RENDERER))


_DAYS = 36_524


HOSTILE: dict[str, Callable[[], bytes]] = {
    "a table of objects that unpacks": _xref_bomb,
    "objects that unpack": _object_stream_bomb,
    "a manifest that unpacks twice": _twice_packed,
    "two thousand million pages": _many_pages,
    "brackets": lambda: b"%PDF-1.7\n" + b"[" * 13_000,
    "dictionaries": lambda: b"%PDF-1.7\n" + b"<</A" * 4_000,
    "headers of streams": lambda: b"%PDF-1.7\n" + b"\n1 0 obj\n<<" + (b"\n1 0 obj\n<<" + b"/A" * 290) * 400,
    "brackets as the manifest": lambda: _manifest(b"[" * 13_000),
    "objects as the manifest": lambda: _manifest(b'{"pack":' * 2_000),
    "a number without end": lambda: _manifest(b'{"pack":{"format":' + b"9" * 13_000 + b"}}"),
    "a manifest shorter than it says": lambda: _manifest(b"{}").replace(b"/Length 2", b"/Length 9"),
    "a name of 20,000 letters": lambda: _signed(
        lambda pack, proof: (
            _put(pack, vault_name="N" * 20_000),
            _put(proof, vault=_put(proof.vault, name="N" * 20_000)),
        )
    ),
    "a list of a hundred thousand numbers": lambda: _signed(
        lambda pack, proof: (_put(pack, listed=(1,) * 100_000), _put(proof, about=(1,) * 100_000))
    ),
    "paths of a thousand steps": lambda: _signed(
        lambda pack, proof: (
            pack,
            _put(proof, entries=tuple(_put(each, proof=("0" * 64,) * 1_000) for each in proof.entries)),
        )
    ),
    "a checkpoint of a thousand signatures": lambda: _signed(
        lambda pack, proof: (pack, _put(proof, checkpoint=proof.checkpoint + proof.checkpoint.splitlines()[-1] * 1_000))
    ),
    "one entry a thousand times": lambda: _signed(
        lambda pack, proof: (pack, _put(proof, entries=(*proof.entries, *[proof.entries[-1]] * 1_000)))
    ),
    "days without end": _long_days,
    "a page that unpacks": lambda: _resaved(closed_item(), _packed_page),
    "a page eight thousand times": lambda: _resaved(closed_item(), _page_repeated, compress_streams=False),
    "a page's content eight thousand times": lambda: _resaved(
        closed_item(), _contents_repeated, compress_streams=False
    ),
    "packed objects around a genuine manifest": lambda: _resaved(
        closed_item(), lambda _pdf: None, object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
}
