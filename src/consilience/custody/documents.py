"""PDF: copies without document information, XMP, edit history, attachments, scripts and the metadata of pictures.

Known limits, to be said to whoever relies on a copy: text and pictures stay as they are, so a name in the text, a
black bar drawn over text, or a pattern hidden in pixels is not removed.
"""

import io
from typing import Any

import pikepdf

from consilience.errors import FormatError

TOOL = ("pikepdf", pikepdf.__version__)
_DROPPED = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF")
_ROOT_DROPPED = ("/OpenAction", "/AA", "/Names", "/Perms", "/DSS")
_NOTE_DROPPED = ("/T", "/M", "/CreationDate", "/NM", "/Popup")
_JPEG_START = b"\xff\xd8"
_START_OF_SCAN = 0xDA
# Exif and XMP (APP1), IPTC (APP13), comments. Colour marks (APP0, APP2, APP14) stay: the picture needs them.
_JPEG_DROPPED = {0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE}


def _open(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise FormatError(
            "The content is not a readable PDF", expected="a PDF that opens without a password"
        ) from error


def pdf_metadata(data: bytes) -> dict[str, Any]:
    """Return document information, XMP and the names of attachments, to be sealed with the original."""
    with _open(data) as pdf:
        xmp = pdf.Root.get("/Metadata")
        return {
            "info": {str(key): str(value) for key, value in pdf.docinfo.items()},
            "xmp": bytes(xmp.read_bytes()).decode("utf-8", "replace") if isinstance(xmp, pikepdf.Stream) else "",
            "attachments": sorted(pdf.attachments),
            "pages": len(pdf.pages),
        }


def strip_pdf(data: bytes) -> bytes:
    """Return a copy without embedded metadata; the same input gives the same bytes.

    Raises:
        FormatError: it is not a PDF, or is locked by a password.
    """
    with _open(data) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        for key in _ROOT_DROPPED:
            if key in pdf.Root:
                del pdf.Root[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for part in pdf.objects:
            if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                _strip_object(part)
        pdf.remove_unreferenced_resources()
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _strip_object(part: pikepdf.Dictionary | pikepdf.Stream) -> None:
    dropped = _DROPPED + (_NOTE_DROPPED if part.get("/Type") == "/Annot" else ())
    for key in dropped:
        if key in part:
            del part[key]
    if isinstance(part, pikepdf.Stream) and part.get("/Filter") == "/DCTDecode":
        part.write(strip_jpeg_segments(part.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def strip_jpeg_segments(data: bytes) -> bytes:
    """Return a JPEG without Exif, XMP, IPTC and comments; its pixels stay bit for bit. Others are given back as is."""
    if not data.startswith(_JPEG_START):
        return data
    kept, place = [_JPEG_START], 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != _START_OF_SCAN:
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] not in _JPEG_DROPPED:
            kept.append(data[place:end])
        place = end
    return b"".join([*kept, data[place:]])
