import io
import json

import pytest
from PIL import Image, ImageDraw

from consilience.custody.derivative import find_reposts, handler_for, make_derivatives
from consilience.custody.record import check_record
from consilience.errors import FormatError

SECRET = "Visible Invented"


def photo(form="JPEG", seed=0):
    exif = Image.Exif()
    exif[0x010F] = SECRET
    image = Image.new("RGB", (300, 200), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    for number in range(9):
        left, top = (number * 41 + seed * 67) % 300, (number * 29 + seed * 13) % 200
        draw.rectangle((left, top, left + 50, top + 50), fill=(number * 25, seed * 30, 99))
    target = io.BytesIO()
    image.save(target, form, exif=exif)
    return target.getvalue()


@pytest.fixture
def exhibit(register, acquisition):
    event = acquisition(register, photo())
    event["items"][0]["media_type"] = "image/jpeg"
    register.record("E-1", event)
    return register.items("E-1")[0]


def test_metadata_copy_and_thumbnail_are_sealed_and_recorded(register, exhibit, archive, tmp_path):
    links = make_derivatives(register, "E-1", exhibit, by="analyst-3")
    assert [link.event.result.role for link in links] == ["metadata", "derivative", "derivative"]
    assert all(link.event.source == exhibit.digest for link in links)
    assert {link.event.tool.name for link in links} == {"Pillow"}
    assert check_record(register.record_of("E-1"), [archive.verifier()]) == []
    texts = []
    for number, link in enumerate(links):
        register.decrypt(link.event.result, tmp_path / str(number))
        texts.append((tmp_path / str(number)).read_bytes())
    assert json.loads(texts[0])["exif"]["Make"] == SECRET
    assert SECRET.encode() not in texts[1] + texts[2]


def test_nothing_is_left_decrypted(register, exhibit):
    make_derivatives(register, "E-1", exhibit, by="analyst-3")
    held = [path.read_bytes() for path in register.root.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in data or data.startswith(b"\xff\xd8") for data in held)


def test_re_posts_are_found_across_exhibits(register, exhibit):
    make_derivatives(register, "E-1", exhibit, by="analyst-3")
    found = find_reposts(register, photo("WEBP"))
    assert [(name, digest) for name, digest, _ in found] == [("E-1", exhibit.digest)]
    assert find_reposts(register, photo(seed=4)) == []


def test_a_store_without_pictures_has_no_re_posts(register):
    assert find_reposts(register, photo()) == []


def test_a_damaged_or_unknown_file_changes_nothing(register, acquisition):
    event = acquisition(register, b"not a picture")
    event["items"][0]["media_type"] = "image/jpeg"
    register.record("E-2", event)
    for item in register.items("E-2")[:2]:
        with pytest.raises(FormatError):
            make_derivatives(register, "E-2", item, by="analyst-3")
    assert len(register.record_of("E-2")) == 1


def test_each_kind_of_file_has_its_tool():
    assert handler_for("image/png").tool[0] == "Pillow"
    assert handler_for("application/pdf").tool[0] == "pikepdf"
    for name in ("openxmlformats-officedocument.wordprocessingml.document", "oasis.opendocument.text"):
        assert handler_for(f"application/vnd.{name}").tool[0] == "lxml"
