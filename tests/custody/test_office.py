import io
import zipfile

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from consilience.custody import office
from consilience.custody.office import office_metadata, strip_office
from consilience.errors import FormatError

SECRET = "Visible Invented"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def png():
    target = io.BytesIO()
    notes = PngInfo()
    notes.add_text("Author", SECRET)
    Image.new("RGB", (9, 9)).save(target, "PNG", pnginfo=notes)
    return target.getvalue()


def packed(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def docx(**extra):
    return packed(
        {
            "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "_rels/.rels": (
                "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
                "<Relationship Id='r1' Type='http://x/metadata/thumbnail' Target='docProps/thumbnail.jpeg'/>"
                "<Relationship Id='r2' Type='http://x/officeDocument' Target='word/document.xml'/></Relationships>"
            ),
            "docProps/core.xml": f"<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>{SECRET}</dc:creator></c>",
            "docProps/app.xml": f"<Properties><Company>{SECRET}</Company></Properties>",
            "docProps/thumbnail.jpeg": SECRET,
            "word/document.xml": (
                f"<w:document xmlns:w='{W}'><w:ins w:author='{SECRET}'><w:t>the text stays</w:t></w:ins></w:document>"
            ),
            "word/comments.xml": f"<w:cs xmlns:w='{W}'><w:comment w:author='{SECRET}' w:initials='{SECRET}'/></w:cs>",
            "word/media/image1.png": png(),
        }
        | extra
    )


def odt():
    office_name, dc = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", "http://purl.org/dc/elements/1.1/"
    head = f"xmlns:office='{office_name}' xmlns:dc='{dc}'"
    creator = f"<dc:creator>{SECRET}</dc:creator>"
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "meta.xml": f"<office:document-meta {head}><office:meta>{creator}</office:meta></office:document-meta>",
            "content.xml": f"<office:annotation {head}>{creator}the text stays</office:annotation>",
            "Thumbnails/thumbnail.png": SECRET,
        }
    )


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {part.filename: (archive.read(part), part.date_time) for part in archive.infolist()}


@pytest.mark.parametrize("data", [docx(), odt()], ids=["docx", "odt"])
def test_properties_authors_and_thumbnails_go_and_the_text_stays(data):
    parts = unpacked(strip_office(data))
    assert not any(SECRET.encode() in content for content, _ in parts.values())
    assert any(b"the text stays" in content for content, _ in parts.values())
    assert {time for _, time in parts.values()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any("humbnail" in name for name in parts)


def test_references_to_what_is_gone_go_too():
    relations = unpacked(strip_office(docx()))["_rels/.rels"][0]
    assert b"thumbnail" not in relations
    assert b"word/document.xml" in relations


def test_the_first_part_of_an_open_document_stays_first_and_unpacked():
    with zipfile.ZipFile(io.BytesIO(strip_office(odt()))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_the_same_file_gives_the_same_copy():
    assert strip_office(docx()) == strip_office(docx())


def test_the_metadata_is_read_out_to_be_sealed():
    found = office_metadata(docx())
    assert found["properties"]["docProps/core.xml"] == {"creator": SECRET}
    assert SECRET in found["authors"]


def test_entities_are_not_resolved(tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    attack = f"<!DOCTYPE d [<!ENTITY x SYSTEM 'file://{tmp_path}/secret'>]><d>&x;</d>"
    assert not any(
        SECRET.encode() in data for data, _ in unpacked(strip_office(docx(**{"word/a.xml": attack}))).values()
    )


@pytest.mark.parametrize("data", [b"", b"not a zip", docx(**{"word/bad.xml": "<not closed"})])
def test_what_is_not_an_office_file_is_refused(data):
    with pytest.raises(FormatError, match=r"office file"):
        strip_office(data)


def test_a_part_that_cannot_be_unpacked_is_refused():
    data = bytearray(docx())
    place = data.index(b"the text stays")
    data[place] ^= 1
    with pytest.raises(FormatError, match="cannot be read"):
        strip_office(bytes(data))


def test_folders_go_and_pictures_in_jpeg_are_stripped():
    picture = b"\xff\xd8\xff\xe1\x00\x12" + SECRET.encode() + b"\xff\xda\x00\x02\xff\xd9"
    parts = unpacked(strip_office(docx(**{"word/": b"", "word/media/a.jpg": picture})))
    assert "word/" not in parts
    assert parts["word/media/a.jpg"][0] == b"\xff\xd8\xff\xda\x00\x02\xff\xd9"


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(office, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(FormatError, match="too large"):
        strip_office(docx())
