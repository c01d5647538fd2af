"""Every public page answers, in every language, and keeps its promises to the visitor."""

import re
from contextlib import closing

import pytest
from lxml import html

PAGES = [
    "/",
    "/releases/",
    "/releases/orvenna-1.1/",
    "/releases/orvenna-1.1/indicators/KILLINGS/",
    "/releases/orvenna-1.1/indicators/ASSEMBLY/",
    "/releases/orvenna-1.1/indicators/KILLINGS/embed",
    "/releases/orvenna-1.1/areas/XV-03/",
    "/releases/orvenna-1.1/method/",
    "/releases/orvenna-1.1/quality/",
    "/about/",
]
LANGUAGES = {"ar": "rtl", "zh": "ltr", "en": "ltr", "fr": "ltr", "ru": "ltr", "es": "ltr"}


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return html.fromstring(response.content)


def status(client, address):
    with closing(client.get(address)) as response:
        return response.status_code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_every_language(client, address, lang):
    root = page(client, address if lang == "en" else f"/{lang}{address}")
    assert (root.get("lang"), root.get("dir")) == (lang, LANGUAGES[lang])
    assert len(root.xpath("//h1")) == 1
    assert root.xpath("string(//title)").strip()
    identifiers = root.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("address", PAGES)
def test_no_page_needs_a_script_or_anything_from_elsewhere(client, address):
    root = page(client, address)
    assert root.xpath("//script | //style | //@style | //@onclick | //iframe") == []
    for resource in root.xpath("//img/@src | //link[@rel='stylesheet' or @rel='icon']/@href"):
        assert resource.startswith("/static/")
        assert status(client, resource) == 200
    assert root.xpath("//form[not(@method='get')]") == []


@pytest.mark.parametrize("address", PAGES)
def test_every_link_on_a_page_leads_somewhere(client, address):
    root = page(client, address)
    links = {link for link in root.xpath("//a/@href") if link.startswith(("/", "?"))}
    for link in sorted(links):
        target = address + link if link.startswith("?") else link
        assert status(client, target) == 200, target


@pytest.mark.parametrize("address", [*PAGES, "/nowhere", "/feed.atom", "/releases/orvenna-1.1/data/observations.csv"])
def test_every_answer_carries_strict_headers_and_no_cookie(client, address):
    with closing(client.get(address)) as response:
        headers = response.headers
    assert not response.cookies
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"]
    assert "Set-Cookie" not in headers


def test_only_the_embed_page_may_stand_in_a_frame(client):
    inside, outside = (client.get(f"/releases/orvenna-1.1/indicators/KILLINGS/{tail}") for tail in ("embed", ""))
    assert "frame-ancestors *" in inside.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in inside.headers
    assert "frame-ancestors 'none'" in outside.headers["Content-Security-Policy"]
    assert outside.headers["X-Frame-Options"] == "DENY"
    assert html.fromstring(inside.content).xpath("//nav") == []


def test_static_files_carry_the_headers_too_and_may_be_kept_for_ever(client):
    address = page(client, "/").xpath("//link[@rel='stylesheet']/@href")[0]
    assert re.search(r"\.[0-9a-f]{12}\.css$", address)
    with closing(client.get(address)) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in headers["Cache-Control"]


def test_the_language_can_be_asked_for_and_the_rest_of_the_address_is_kept(client):
    response = client.get("/releases/orvenna-1.1/indicators/KILLINGS/?area=XV-03&lang=ar")
    assert response.status_code == 302
    assert response.headers["Location"] == "/ar/releases/orvenna-1.1/indicators/KILLINGS/?area=XV-03"
    back = client.get("/ar/about/?lang=en")
    assert back.headers["Location"] == "/about/"


def test_every_page_links_to_itself_in_the_other_languages(client):
    root = page(client, "/fr/releases/orvenna-1.1/indicators/KILLINGS/?area=XV-03")
    links = root.xpath("//details//a")
    assert {link.get("hreflang") for link in links} == set(LANGUAGES)
    arabic = next(link.get("href") for link in links if link.get("hreflang") == "ar")
    assert arabic == "/ar/releases/orvenna-1.1/indicators/KILLINGS/?area=XV-03"


def test_an_unknown_page_says_so_in_the_language_of_the_address(client):
    response = client.get("/fr/nowhere/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


def test_a_fault_shows_an_incident_code_and_logs_neither_message_nor_address(client, monkeypatch, caplog):
    from consilience.node.releases import selectors

    def fail():
        raise RuntimeError("SECRET-NAME")

    monkeypatch.setattr(selectors, "shelf", fail)
    response = client.get("/releases/?q=SECRET-QUERY")
    assert response.status_code == 500
    code = html.fromstring(response.content).xpath("string(//strong[contains(@class, 'mono')])")
    assert re.fullmatch(r"[0-9a-f]{8}", code)
    assert code in caplog.text
    assert "RuntimeError at" in caplog.text
    assert "SECRET" not in caplog.text
    assert "SECRET-NAME" not in response.content.decode()


def test_the_probes_tell_a_living_process_from_a_ready_node(client, on_shelf, tmp_path):
    assert client.get("/healthz").content == b"alive\n"
    assert client.get("/readyz").json()["ready"] is True
    on_shelf(tmp_path)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert "Nothing is published here yet" in client.get("/").content.decode()


def test_versions_are_told(client):
    assert set(client.get("/-/versions.json").json()) == {"consilience", "django", "python"}
