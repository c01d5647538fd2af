"""The public site as people meet it: without JavaScript, on a phone, from right to left, with assistive technology."""

import csv
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RELEASE = "/releases/orvenna-1.1/"
INDICATOR = f"{RELEASE}indicators/KILLINGS/"
PAGES = [
    "/", "/releases/", RELEASE, f"{INDICATOR}?area=XV-03", f"{INDICATOR}embed", f"{RELEASE}areas/XV-03/",
    f"{RELEASE}method/", f"{RELEASE}quality/", "/about/",
]  # fmt: skip
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_a_person_without_javascript_finds_an_indicator_changes_the_area_and_downloads_what_is_shown(visit, tmp_path):
    page = visit("/")
    page.get_by_role("link", name="Killings").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Killings"
    page.get_by_role("combobox", name="Area").select_option(label="Quvenmoor")
    page.get_by_role("combobox", name="From").select_option(label="January 2024")
    page.get_by_role("button", name="Show").click()
    assert "area=XV-03" in page.url
    assert "from=2024-01" in page.url
    assert "Quvenmoor" in page.title()
    table = page.locator("table").first
    shown = [row.split("\t") for row in table.locator("tbody").inner_text().splitlines()]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download these figures (CSV)").click()
    waiting.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND")
    expected = [[row[name] for name in names] if row["OBS_VALUE"] else ["suppressed"] for row in reversed(rows)]
    assert [[cell.strip() for cell in row[1:]] for row in shown] == expected
    assert len(rows) == 12
    assert ["suppressed"] in expected
    assert {row["REF_AREA"] for row in rows} == {"XV-03"}


def test_the_language_can_be_changed_from_any_page_and_the_place_is_kept(visit):
    page = visit(f"{INDICATOR}?area=XV-01")
    page.locator("details.tongues summary").click()
    page.get_by_role("link", name="العربية").click()
    assert page.url.endswith(f"/ar{INDICATOR}?area=XV-01")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.get_by_role("heading", level=1).inner_text() == "عمليات القتل"


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit(INDICATOR)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("path", [*PAGES, *(f"/ar{path}" for path in PAGES[:6] if path != "/releases/")])
def test_axe_finds_nothing_on_any_page(visit, path):
    page = visit(path, script=True, scheme="dark" if path.startswith("/ar") else "light")
    found = Axe().run(page, options=WCAG)
    faults = [f"{each['id']}: {node['html']}" for each in found.response["violations"] for node in each["nodes"]]
    assert faults == []


@pytest.mark.parametrize("lang", ["", "/ar", "/ru"])
def test_no_page_scrolls_sideways_on_the_smallest_phone(visit, lang):
    page = visit("/", script=True, width=320)
    for path in PAGES:
        page.goto(lang + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_targets_are_large_enough_to_hit(visit):
    page = visit(INDICATOR, script=True, width=390)
    for control in page.locator("select, button").all():
        assert control.bounding_box()["height"] >= 44


def test_a_chart_is_an_image_with_a_name_and_a_description(visit):
    page = visit(f"{INDICATOR}?area=XV-03", script=True)
    chart = page.get_by_role("img", name=re.compile("Killings: Quvenmoor")).first
    assert chart.is_visible()
    assert chart.locator("desc").text_content().startswith("Quvenmoor, January 2022 to December 2024: ")


def test_what_is_printed_leaves_out_what_only_a_screen_can_use(visit):
    page = visit(INDICATOR, script=True)
    page.emulate_media(media="print")
    assert not page.locator("form.controls").is_visible()
    assert not page.locator(".bar nav").is_visible()
    assert page.locator("table").first.is_visible()


def test_the_embed_page_shows_in_a_frame_on_another_site_and_other_pages_do_not(browser, node, tmp_path):
    frames = [f'<iframe src="{node}{INDICATOR}{tail}"></iframe>' for tail in ("embed", "")]
    (tmp_path / "index.html").write_text("<!doctype html>" + "".join(frames), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as elsewhere:
        Thread(target=elsewhere.serve_forever, daemon=True).start()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{elsewhere.server_port}/", wait_until="load")
        headings = [frame.locator("h1").all_inner_texts() for frame in page.frames if frame is not page.main_frame]
        context.close()
        elsewhere.shutdown()
    assert headings.count(["Killings"]) == 1


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        """Say nothing."""
