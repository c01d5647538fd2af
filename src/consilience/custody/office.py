"""Office files (OOXML and OpenDocument): copies without properties, authors, thumbnails and the metadata of pictures.

An office file is a ZIP of XML. Property parts are emptied, names of authors in comments and tracked changes are
replaced, pictures are stripped, and the ZIP is written anew with fixed times. The text itself stays.
"""

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from consilience.custody.documents import strip_jpeg_segments
from consilience.custody.images import strip_image
from consilience.errors import FormatError

TOOL = ("lxml", ".".join(str(part) for part in etree.LXML_VERSION[:3]))
MAX_UNPACKED_BYTES = 512 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_EMPTIED = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")
_DROPPED = ("docProps/thumbnail", "Thumbnails/")
_AUTHOR_ATTRIBUTES = {"author", "initials", "userId", "providerId", "lastModifiedBy", "name-of-author"}
_AUTHOR_ELEMENTS = {"creator", "initial-creator", "author", "lastModifiedBy", "sender-initials", "printed-by"}


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise FormatError("The content is not an office file", expected="a ZIP of XML parts") from error
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise FormatError("An office file is too large when unpacked", expected=f"at most {MAX_UNPACKED_BYTES} bytes")
    return archive


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise FormatError(
            "A part of an office file cannot be read", expected="an undamaged file without password"
        ) from error


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError("A part of an office file is not XML") from error


def office_metadata(data: bytes) -> dict[str, Any]:
    """Return the property parts and the authors named anywhere, to be sealed with the original."""
    with _open(data) as archive:
        held = {name: _texts(_read(archive, name)) for name in archive.namelist() if name in _EMPTIED}
        parts = [name for name in archive.namelist() if name.endswith(".xml") and name not in _EMPTIED]
        authors = {author for name in parts for author in _authors(_parse(_read(archive, name)))}
        return {"properties": held, "authors": sorted(authors), "parts": len(archive.namelist())}


def _texts(data: bytes) -> dict[str, str]:
    found = {}
    for element in _parse(data).iter(etree.Element):
        if element.text and element.text.strip():
            found[etree.QName(element).localname] = element.text
    return found


def _authors(root: etree._Element) -> set[str]:
    found: set[str] = set()
    for element in root.iter(etree.Element):
        found.update(str(element.get(key)) for key in element.attrib if _names_author(key))
        if etree.QName(element).localname in _AUTHOR_ELEMENTS and element.text:
            found.add(element.text)
    return found


def _names_author(attribute: str | bytes) -> bool:
    return etree.QName(attribute).localname in _AUTHOR_ATTRIBUTES


def strip_office(data: bytes) -> bytes:
    """Return a copy without embedded metadata; the same input gives the same bytes.

    Raises:
        FormatError: it is not an office file, is damaged, locked or too large.
    """
    target = io.BytesIO()
    with _open(data) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            if part.is_dir() or part.filename.startswith(_DROPPED):
                continue
            entry = zipfile.ZipInfo(part.filename, _EPOCH)
            # OpenDocument wants its first part, `mimetype`, uncompressed.
            entry.compress_type = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            copy.writestr(entry, _strip_part(part.filename, _read(archive, part.filename)))
    return target.getvalue()


def _strip_part(name: str, data: bytes) -> bytes:
    if name.lower().endswith((".jpg", ".jpeg")):
        return strip_jpeg_segments(data)
    if name.lower().endswith((".png", ".webp", ".gif", ".tiff")):
        return strip_image(data)
    if name.endswith(".rels"):
        return _without_thumbnails(data)
    return _strip_xml(name, data) if name.endswith(".xml") else data


def _strip_xml(name: str, data: bytes) -> bytes:
    root = _parse(data)
    if name in _EMPTIED:
        _empty(root)
    else:
        for element in root.iter(etree.Element):
            for key in [key for key in element.attrib if _names_author(key)]:
                element.set(key, "author")
            if etree.QName(element).localname in _AUTHOR_ELEMENTS:
                element.text = "author"
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _empty(root: etree._Element) -> None:
    """Take out all properties; OpenDocument's outer elements stay, so that the part remains valid."""
    inner = root[0] if len(root) and etree.QName(root[0]).localname == "meta" else root
    for child in list(inner):
        inner.remove(child)


def _without_thumbnails(data: bytes) -> bytes:
    """Take out references to the thumbnail, which is gone."""
    root = _parse(data)
    for child in list(root):
        if str(child.get("Type", "")).endswith("/thumbnail"):
            root.remove(child)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
