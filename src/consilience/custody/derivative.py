"""Derivatives: the stripped copy that may leave, the metadata and the thumbnail that stay sealed, and re-posts.

Each derivative is sealed like an original and recorded as a conversion: from which item, by which tool, what was
altered. Nothing of it stands decrypted in a file with a name.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consilience.custody import documents, images, office
from consilience.custody.events import Item
from consilience.custody.record import Link
from consilience.custody.register import Register, item_of
from consilience.errors import FormatError
from consilience.ledger.durable import append_file

# A derivative is made in memory; larger files are left to tools that work on files.
MAX_BYTES = 256 << 20
LIKELY_REPOST = 10

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Handler:
    """How one kind of file is read and stripped, by which tool, and what the copy lacks."""

    strip: Callable[[bytes], bytes]
    metadata: Callable[[bytes], dict[str, Any]]
    tool: tuple[str, str]
    altered: str


IMAGE = Handler(images.strip_image, images.image_metadata, images.TOOL, "drawn anew from the pixels, metadata left out")
PDF = Handler(
    documents.strip_pdf,
    documents.pdf_metadata,
    documents.TOOL,
    "document information, XMP, attachments, scripts removed",
)
OFFICE = Handler(
    office.strip_office,
    office.office_metadata,
    office.TOOL,
    "properties, authors, thumbnails and picture metadata removed",
)


def handler_for(media_type: str) -> Handler:
    """Return the handler of a media type.

    Raises:
        FormatError: no derivative can be made of it.
    """
    if media_type in images.FORMATS:
        return IMAGE
    if media_type == "application/pdf":
        return PDF
    if media_type.startswith((_OOXML, _ODF)):
        return OFFICE
    raise FormatError(
        "No stripped copy can be made of this kind of file", found=media_type, expected="image, PDF, office"
    )


def make_derivatives(register: Register, exhibit: str, item: Item, *, by: str) -> list[Link]:
    """Seal the embedded metadata, the stripped copy and, for images, a thumbnail of one item; record each.

    Returns:
        The conversions, in the order metadata, copy, thumbnail.

    Raises:
        FormatError: the file is of no known kind, damaged or too large; nothing was recorded.
    """
    handler = handler_for(item.media_type)
    if item.plain_bytes > MAX_BYTES:
        raise FormatError("The file is too large for a stripped copy", expected=f"at most {MAX_BYTES} bytes")
    with register.opened(item) as stream:
        data = stream.read()
    text = json.dumps(handler.metadata(data), ensure_ascii=False, sort_keys=True).encode()
    made = [
        ("metadata", "application/json", text, "embedded metadata written as JSON"),
        ("derivative", item.media_type, handler.strip(data), handler.altered),
    ]
    if handler is IMAGE:
        made.append(("derivative", "image/jpeg", images.thumbnail(data), "thumbnail"))
    links = [_convert(register, exhibit, item, part, handler, by) for part in made]
    if handler is IMAGE:
        remember_hash(register, exhibit, item.digest, images.perceptual_hash(data))
    return links


def _convert(
    register: Register, exhibit: str, item: Item, part: tuple[str, str, bytes, str], handler: Handler, by: str
) -> Link:
    role, media_type, data, altered = part
    sealed = register.seal(io.BytesIO(data))
    event = {
        "act": "conversion",
        "by": by,
        "source": item.digest,
        "result": item_of(sealed, role=role, media_type=media_type),
        "tool": {"name": handler.tool[0], "version": handler.tool[1]},
        "altered": altered,
    }
    return register.record(exhibit, event)


def remember_hash(register: Register, exhibit: str, digest: str, bits: int) -> None:
    """Keep a perceptual hash in the private index of the store."""
    line = json.dumps({"exhibit": exhibit, "digest": digest, "hash": f"{bits:016x}"}) + "\n"
    append_file(register.root / "private" / "perceptual.jsonl", line.encode(), mode=0o600)


def find_reposts(register: Register, data: bytes, *, limit: int = LIKELY_REPOST) -> list[tuple[str, str, int]]:
    """Return exhibit, digest and distance of the pictures in the store that resemble this one, nearest first."""
    path = register.root / "private" / "perceptual.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    bits = images.perceptual_hash(data)
    held = [json.loads(line) for line in lines]
    found = {(entry["exhibit"], entry["digest"], images.distance(int(entry["hash"], 16), bits)) for entry in held}
    return sorted((match for match in found if match[2] <= limit), key=lambda match: (match[2], match[0], match[1]))
