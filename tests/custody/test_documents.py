import io
import shutil
import subprocess

import pikepdf
import pytest
from PIL import Image

from consilience.custody.documents import pdf_metadata, strip_jpeg_segments, strip_pdf
from consilience.errors import FormatError

SECRET = "Visible Invented"


def jpeg():
    exif = Image.Exif()
    exif[0x010F] = SECRET
    target = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 200)).save(target, "JPEG", exif=exif, comment=SECRET)
    return target.getvalue()


@pytest.fixture
def document():
    """A PDF with every kind of metadata that is taken out."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0]
    picture = pikepdf.Stream(pdf, jpeg())
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 40, 30, 8
    picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = pikepdf.Stream(pdf, b"q 100 0 0 80 20 20 cm /Im0 Do Q")
    page.obj.PieceInfo = pikepdf.Dictionary(Tool=pikepdf.Dictionary(Private=SECRET))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=SECRET, Contents="kept"
    )
    page.Annots = pikepdf.Array([pdf.make_indirect(note)])
    pdf.docinfo["/Author"] = SECRET
    with pdf.open_metadata() as xmp:
        xmp["dc:creator"] = [SECRET]
    pdf.attachments["notes.txt"] = f"by {SECRET}".encode()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=SECRET)
    target = io.BytesIO()
    pdf.save(target, compress_streams=False)
    return target.getvalue()


def everything(data):
    """All bytes of a PDF with its streams unpacked."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        mode = pikepdf.ObjectStreamMode.disable
        pdf.save(target, object_stream_mode=mode, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return target.getvalue()


def test_nothing_of_the_metadata_is_left_and_the_page_is(document):
    assert everything(document).count(SECRET.encode()) >= 5
    bare = strip_pdf(document)
    assert SECRET.encode() not in everything(bare)
    with pikepdf.open(io.BytesIO(bare)) as pdf:
        assert len(pdf.pages) == 1
        assert "/Info" not in pdf.trailer
        assert list(pdf.attachments) == []
        assert pdf.pages[0].Annots[0].Contents == "kept"
        assert pikepdf.PdfImage(pdf.pages[0].Resources.XObject.Im0).as_pil_image().size == (40, 30)


def test_the_same_document_gives_the_same_copy(document):
    assert strip_pdf(document) == strip_pdf(document)


def test_the_metadata_is_read_out_to_be_sealed(document):
    found = pdf_metadata(document)
    assert found["info"]["/Author"] == SECRET
    assert SECRET in found["xmp"]
    assert (found["attachments"], found["pages"]) == (["notes.txt"], 1)


def test_exiftool_finds_no_author_either(document, tmp_path):
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed: no second opinion")
    (tmp_path / "bare.pdf").write_bytes(strip_pdf(document))
    done = subprocess.run(["exiftool", "-a", "-G1", tmp_path / "bare.pdf"], capture_output=True, text=True, check=True)
    assert "Author" not in done.stdout
    assert "XMP" not in done.stdout


def test_jpeg_segments_go_and_the_pixels_stay_bit_for_bit():
    bare = strip_jpeg_segments(jpeg())
    assert SECRET.encode() not in bare
    before, after = (Image.open(io.BytesIO(data)) for data in (jpeg(), bare))
    assert before.tobytes() == after.tobytes()
    assert strip_jpeg_segments(b"not a jpeg") == b"not a jpeg"


def test_a_damaged_or_locked_pdf_is_refused(document):
    with pikepdf.open(io.BytesIO(document)) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user="u"))
    for data in (b"", b"not a pdf", target.getvalue()):
        with pytest.raises(FormatError, match="not a readable PDF"):
            strip_pdf(data)
