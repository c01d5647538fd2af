import hashlib
import io
import zipfile
from contextlib import closing

import pytest
from lxml import html

from consilience.publishing.verify import verify_release

RELEASE = "/releases/orvenna-1.1/"


def test_the_zip_is_a_release_that_verifies(client, tmp_path):
    with zipfile.ZipFile(io.BytesIO(client.get("/releases/orvenna-1.1.zip").content)) as packed:
        packed.extractall(tmp_path)
    assert verify_release(tmp_path / "orvenna-1.1", ()).holds


def test_every_listed_file_is_sent_as_it_was_signed(client, shelf_folder):
    root = html.fromstring(client.get(RELEASE).content)
    rows = root.xpath("//section[h2/@id='downloads']//tbody/tr")
    assert len(rows) >= 8
    for row in rows:
        link, digest = row.xpath("string(.//a/@href)"), row.xpath("string(.//span[@class='digest'])")
        with closing(client.get(link)) as answer:
            content = b"".join(answer.streaming_content)
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        if digest:
            assert hashlib.sha256(content).hexdigest() == digest


@pytest.mark.parametrize(
    "path",
    [
        "../second/release.json",
        "data/../release.json",
        "%2e%2e/first/release.json",
        "data/secret.csv",
        "data/observations.csv/x.csv",
        ".draft.txt",
        "//etc/passwd.txt",
        "data\\observations.csv",
    ],
)
def test_what_is_not_listed_is_not_sent(client, shelf_folder, path):
    (shelf_folder.parent / "secret.csv").write_text("secret")
    assert client.get(RELEASE + path).status_code == 404


def test_the_page_tells_sources_totals_signature_and_the_command(client):
    words = " ".join(html.fromstring(client.get(RELEASE).content).text_content().split())
    assert "Helpline calls" in words
    assert "4,350" in words
    assert "consilience verify orvenna-1.1 --key 'example.org/coalition+" in words


def test_changes_since_the_last_release_are_counted(client):
    root = html.fromstring(client.get(RELEASE).content)
    rows = root.xpath("//section[h2/@id='changes']//tbody/tr")
    killings = next(row for row in rows if row.xpath("string(th)") == "Killings")
    new, gone, raised, lowered, same = (int(cell.text) for cell in killings.xpath("td"))
    assert (new, gone) == (420, 0)
    assert raised + lowered + same > 0
    assert "No earlier release" in client.get("/releases/orvenna-1.0/").content.decode()


def test_the_map_shows_the_chosen_indicator_and_period_with_a_table(client):
    root = html.fromstring(client.get(f"{RELEASE}?indicator=ASSEMBLY&period=2023-10").content)
    section = root.xpath("//section[.//h2/@id='map']")[0]
    assert "Restrictions on assembly, October 2023" in section.xpath("string(.//caption)")
    assert len(section.xpath(".//tbody/tr")) == 6
    assert "Ambrivax" in section.xpath("string(.//*[local-name()='svg'])")


def test_markup_of_a_release_that_could_act_is_taken_out(client):
    page = client.get(f"{RELEASE}method/").content.decode()
    assert "<script" not in page
    assert "alert" not in page
    assert "<caption>Rows</caption>" in page


def test_the_feed_lists_the_releases_from_the_newest(client):
    feed = client.get("/feed.atom").content.decode()
    assert feed.index("orvenna-1.1") < feed.index("orvenna-1.0")
    assert "urn:sha256:" in feed


def test_an_area_page_has_every_indicator_with_figures_for_it(client):
    root = html.fromstring(client.get(f"{RELEASE}areas/XV-03/").content)
    assert root.xpath("string(//h1)") == "Quvenmoor"
    links = root.xpath("//ul[@class='many']//a/@href")
    assert len(links) == 4
    assert all("area=XV-03" in link for link in links)
    assert client.get(f"{RELEASE}areas/XX/").status_code == 404
