import doctest
import io

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageEnhance, PngImagePlugin

from consilience.custody import images
from consilience.custody.images import distance, image_metadata, open_image, perceptual_hash, strip_image, thumbnail
from consilience.errors import FormatError

SECRET = "Visible Invented"


def picture(size=(320, 200), seed=0):
    """A drawing with some structure."""
    image = Image.new("RGB", size, (200, 220, 240))
    draw = ImageDraw.Draw(image)
    for number in range(12):
        left, top = (number * 37 + seed * 53) % size[0], (number * 23 + seed * 31) % size[1]
        draw.ellipse((left, top, left + 60, top + 40), fill=(number * 20, 255 - number * 20, (seed * 40) % 255))
    return image


def saved(image, form, **options):
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def with_exif(form="JPEG", orientation=1):
    exif = Image.Exif()
    exif[0x010F] = SECRET
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[2] = (9.0, 30.0, 0.0)
    exif.get_ifd(0x8769)[0x9286] = SECRET
    return saved(picture(), form, exif=exif)


def test_the_example_in_the_docstring_runs():
    assert doctest.testmod(images).failed == 0


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_stripped_copy_has_the_pixels_and_nothing_else(form):
    data = with_exif(form)
    assert SECRET.encode() in data
    bare = strip_image(data)
    assert SECRET.encode() not in bare
    assert not image_metadata(bare)["exif"].keys() & {"Make", "GPSInfo", "ExifOffset"}
    assert image_metadata(bare)["GPSInfo"] == {}
    assert (open_image(bare).format, open_image(bare).size) == (form, (320, 200))
    assert distance(perceptual_hash(bare), perceptual_hash(data)) <= 4


def test_lossless_copies_have_the_same_pixels():
    assert open_image(strip_image(with_exif("PNG"))).tobytes() == picture().tobytes()


def test_comments_and_text_chunks_go():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET)
    assert SECRET.encode() not in strip_image(saved(picture(), "PNG", pnginfo=notes))
    assert SECRET.encode() not in strip_image(saved(picture(), "JPEG", comment=SECRET))


def test_a_picture_taken_sideways_is_turned_upright():
    assert open_image(strip_image(with_exif(orientation=6))).size == (200, 320)


def test_the_metadata_is_read_out_to_be_sealed():
    found = image_metadata(with_exif())
    assert found["exif"]["Make"] == SECRET
    assert found["GPSInfo"]["GPSLatitude"] == "(9.0, 30.0, 0.0)"
    assert found["size"] == [320, 200]


def test_palettes_and_transparency_survive():
    for mode, form in (("P", "PNG"), ("RGBA", "PNG"), ("P", "GIF"), ("L", "JPEG"), ("CMYK", "JPEG")):
        data = saved(picture().convert(mode), form)
        bare = open_image(strip_image(data))
        assert bare.size == (320, 200)
        assert distance(perceptual_hash(strip_image(data)), perceptual_hash(data)) <= 4


def test_a_colour_profile_is_applied_and_left_out():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mode, data in (("RGB", profile), ("RGB", b"not a profile")):
        bare = open_image(strip_image(saved(picture().convert(mode), "PNG", icc_profile=data)))
        assert "icc_profile" not in bare.info
        assert bare.getpixel((0, 0)) == pytest.approx(picture().getpixel((0, 0)), abs=1)


def test_a_thumbnail_is_small_and_bare():
    small = thumbnail(with_exif(), 64)
    assert max(open_image(small).size) == 64
    assert SECRET.encode() not in small


def test_re_posts_are_near_and_other_pictures_far():
    original = picture((640, 400))
    first = perceptual_hash(saved(original, "PNG"))
    reposts = [
        saved(original, "JPEG", quality=30),
        saved(original.resize((200, 125)), "JPEG"),
        saved(ImageEnhance.Brightness(original).enhance(1.1), "WEBP"),
    ]
    assert all(distance(first, perceptual_hash(data)) <= 10 for data in reposts)
    others = [perceptual_hash(saved(picture((640, 400), seed), "PNG")) for seed in range(1, 6)]
    assert all(distance(first, other) > 10 for other in others)


@pytest.mark.parametrize("data", [b"", b"not an image", with_exif()[:300], b"\x89PNG\r\n\x1a\n" + bytes(20)])
def test_what_is_not_an_image_is_refused(data):
    with pytest.raises(FormatError, match="not a readable image"):
        strip_image(data)


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 1_000)
    with pytest.raises(FormatError, match="too large"):
        strip_image(with_exif())
