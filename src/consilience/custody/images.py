"""Images: copies without embedded metadata, thumbnails, and perceptual hashes (Pillow).

A copy is drawn anew from the pixels, turned as the camera meant it, and carries nothing else: no Exif, no XMP, no
IPTC, no comments, no colour profile (converted to sRGB first).

>>> from io import BytesIO
>>> picture = BytesIO(); Image.new("L", (64, 64), 200).save(picture, "PNG")
>>> distance(perceptual_hash(picture.getvalue()), perceptual_hash(picture.getvalue()))
0
"""

import io
from typing import Any

import numpy as np
import PIL
import scipy.fft
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from consilience.errors import FormatError

TOOL = ("Pillow", PIL.__version__)
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/tiff": "TIFF", "image/gif": "GIF"}
# Enough for any camera of today; more is taken for a decompression bomb.
MAX_PIXELS = 200_000_000
# JPEG at this quality shows no loss to the eye; the sealed original stays the evidence.
_SAVE: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}


def open_image(data: bytes) -> Image.Image:
    """Return the image in `data`, read whole.

    Raises:
        FormatError: it is not an image, is damaged, or has more than 200 million pixels.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=tuple(FORMATS.values()))
        if image.width * image.height > MAX_PIXELS:
            raise FormatError("An image is too large to be copied", expected=f"at most {MAX_PIXELS} pixels")
        image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FormatError("The content is not a readable image", expected=", ".join(FORMATS)) from error
    return image


def image_metadata(data: bytes) -> dict[str, Any]:
    """Return what is embedded beside the pixels, as JSON values, to be sealed with the original."""
    image = open_image(data)
    exif = image.getexif()
    found: dict[str, Any] = {
        "format": image.format or "",
        "size": [image.width, image.height],
        "exif": {ExifTags.TAGS.get(tag, str(tag)): str(value) for tag, value in exif.items()},
    }
    for block in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
        names: dict[int, str] = ExifTags.GPSTAGS if block is ExifTags.IFD.GPSInfo else ExifTags.TAGS
        found[block.name] = {names.get(tag, str(tag)): str(value) for tag, value in exif.get_ifd(block).items()}
    found["other"] = {str(key): str(value)[:4_000] for key, value in image.info.items() if key != "exif"}
    return found


def strip_image(data: bytes) -> bytes:
    """Return the image in its own format with the pixels and nothing else; of an animation the first frame."""
    image = open_image(data)
    form = image.format or "PNG"
    upright = _standard_colours(ImageOps.exif_transpose(image))
    if form == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    bare = Image.new(upright.mode, upright.size)
    if upright.mode == "P":
        bare.putpalette(upright.getpalette() or [])
    bare.paste(upright)
    target = io.BytesIO()
    bare.save(target, form, **_SAVE.get(form, {}))
    return target.getvalue()


def _standard_colours(image: Image.Image) -> Image.Image:
    """Return the image in sRGB where it carries another profile that can be read."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "L", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def thumbnail(data: bytes, side: int = 256) -> bytes:
    """Return a small JPEG of the image, no side longer than `side` pixels, without metadata."""
    image = ImageOps.exif_transpose(open_image(data))
    small = image.convert("RGB")
    small.thumbnail((side, side))
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=80)
    return target.getvalue()


def perceptual_hash(data: bytes) -> int:
    """Return 64 bits that change little when a picture is scaled, re-compressed or lightly retouched.

    The sign, against their median, of the 64 slowest waves (cosine transform) of a 32 x 32 grey miniature, the mean
    brightness left out (Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010).
    """
    small = ImageOps.exif_transpose(open_image(data)).convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    waves = scipy.fft.dctn(np.asarray(small, dtype=np.float64), norm="ortho")[1:9, 1:9].ravel()
    signs = waves > np.median(waves)
    return int.from_bytes(np.packbits(signs).tobytes(), "big")


def distance(first: int, second: int) -> int:
    """Return in how many of the 64 bits two perceptual hashes differ; up to 10 is a likely re-post."""
    return (first ^ second).bit_count()
