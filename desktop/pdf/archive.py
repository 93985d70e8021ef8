"""Turning drawn pages into an archive file: PDF/A-3b metadata, colour, labels, and the embedded manifest.

What is written here follows ISO 19005-3: XMP with the PDF/A identification, an sRGB output intent, the
manifest as an associated file with relationship Data, a file identifier, and no document information that
differs from the XMP.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from xml.sax.saxutils import escape

import msgspec
import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from desktop.pdf.colour_profile import srgb_profile
from domain.messages import message

MANIFEST_NAME = "countersign-pack.json"


class ArchiveContents(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive file says about itself. `made_at` is ISO UTC text as stored everywhere."""

    title: str
    subject: str
    producer: str
    made_at: str
    manifest: bytes
    manifest_states: str


def archive(drawn: bytes, contents: ArchiveContents) -> bytes:
    """The PDF with everything that makes it an archive file. Same input, same bytes."""
    with Pdf.open(BytesIO(drawn)) as pdf:
        _describe(pdf, contents)
        _attach(pdf, contents)
        root = pdf.Root
        root.OutputIntents = Array([pdf.make_indirect(_output_intent(pdf))])
        root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        root.PageMode = Name.UseOutlines if "/Outlines" in root else Name.UseNone
        root.Lang = String("en")
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        identity = String(sha256(drawn + contents.manifest).digest()[:16])
        pdf.trailer.ID = Array([identity, identity])
        return _saved(pdf)


def _saved(pdf: Pdf) -> bytes:
    printout = BytesIO()
    pdf.save(
        printout,
        min_version="1.7",
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return printout.getvalue()


def _output_intent(pdf: Pdf) -> Dictionary:
    profile = Stream(pdf, srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(message("sRGB IEC61966-2.1")),
        Info=String(message("sRGB IEC61966-2.1")),
        DestOutputProfile=profile,
    )


def _describe(pdf: Pdf, contents: ArchiveContents) -> None:
    seconds = f"{contents.made_at[:19]}Z"
    stamp = String(f"D:{''.join(letter for letter in seconds if letter.isdigit())}Z")
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(_clean(contents.title)),
            Subject=String(_clean(contents.subject)),
            Producer=String(_clean(contents.producer)),
            CreationDate=stamp,
            ModDate=stamp,
        )
    )
    xmp = _XMP.format(
        title=escape(_clean(contents.title)),
        subject=escape(_clean(contents.subject)),
        producer=escape(_clean(contents.producer)),
        at=seconds,
    )
    pdf.Root.Metadata = Stream(pdf, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _attach(pdf: Pdf, contents: ArchiveContents) -> None:
    stamp = String(f"D:{''.join(letter for letter in contents.made_at[:19] if letter.isdigit())}Z")
    embedded = Stream(pdf, contents.manifest, Type=Name.EmbeddedFile, Subtype=Name("/application/json"))
    embedded.Params = Dictionary(Size=len(contents.manifest), CreationDate=stamp, ModDate=stamp)
    file = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(MANIFEST_NAME),
            UF=String(MANIFEST_NAME),
            Desc=String(contents.manifest_states),
            AFRelationship=Name.Data,
            EF=Dictionary(F=embedded, UF=embedded),
        )
    )
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(MANIFEST_NAME), file])))
    pdf.Root.AF = Array([file])


def _clean(text: str) -> str:
    """Text that XML and every reader can hold: no control characters, no lone surrogates."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
   <dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <xmp:CreateDate>{at}</xmp:CreateDate>
   <xmp:ModifyDate>{at}</xmp:ModifyDate>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
