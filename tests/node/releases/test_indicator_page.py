"""An indicator's page: what it says, shows and hands out is one and the same thing."""

import csv
import io
import json

import pytest
from lxml import etree, html

PAGE = "/releases/orvenna-1.1/indicators/KILLINGS/"
CSV = "/releases/orvenna-1.1/indicators/KILLINGS.csv"


def shown(client, query="", lang=""):
    return html.fromstring(client.get(f"{lang}{PAGE}{query}").content)


def first_table(root):
    rows = root.xpath("(//table)[1]/tbody/tr")
    return [[cell.text_content().strip() for cell in row.xpath("th|td")] for row in rows]


def downloaded(client, query=""):
    return list(csv.DictReader(io.StringIO(client.get(CSV + query).content.decode())))


@pytest.mark.parametrize("query", ["", "?area=XV-01", "?area=XV-05&sex=F", "?age=Y0T17&from=2023-04&to=2023-09"])
def test_the_file_holds_exactly_the_figures_of_the_table(client, query):
    table = first_table(shown(client, query))
    rows = downloaded(client, query)
    figures = [row[1:] for row in table if len(row) == 4]
    assert figures == [
        [f"{int(row[name]):,}" for name in ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND")]
        for row in reversed(rows)
        if row["OBS_VALUE"]
    ]
    assert figures


def test_the_file_is_part_of_the_release_word_for_word(client, shelf_folder):
    with (shelf_folder / "second" / "data" / "observations.csv").open(encoding="utf-8") as file:
        whole = [tuple(row.values()) for row in csv.DictReader(file)]
    part = [tuple(row.values()) for row in downloaded(client, "?area=XV-02")]
    assert part
    assert set(part) <= set(whole)


def test_suppressed_missing_and_zero_are_three_different_things(client):
    suppressed = {row[0]: row[1:] for row in first_table(shown(client, "?area=XV-03"))}
    assert suppressed["February 2024"] == ["suppressed"]
    missing = {row[0]: row[1:] for row in first_table(shown(client, "?area=XV-02"))}
    assert missing["May 2023"] == ["no record"]
    zero = {row[0]: row[1:] for row in first_table(shown(client, "?area=XV-01"))}
    assert zero["November 2024"][0] == "0"
    for query, word in (("?area=XV-03", "suppressed:"), ("?area=XV-02", "gap:"), ("?area=XV-01", "zero:")):
        assert word in shown(client, query).xpath("string(//ul[@class='legend'])")


def test_the_chart_says_the_same_sentence_as_the_page(client):
    root = shown(client, "?area=XV-03")
    sentence = root.xpath("string(//p[@class='lede']/strong)")
    assert sentence.startswith("Quvenmoor, January 2022 to December 2024: the highest figure is ")
    drawings = root.xpath("(//figure)[1]//*[local-name()='desc']/text()")
    assert drawings == [sentence, sentence]


def test_the_address_is_the_state_of_the_page(client):
    root = shown(client, "?area=XV-05&sex=F&from=2023-04")
    chosen = {select.get("name"): select.xpath("option[@selected]/@value") for select in root.xpath("//select")}
    assert chosen == {"area": ["XV-05"], "sex": ["F"], "age": ["_T"], "from": ["2023-04"], "to": ["2024-12"]}
    assert "?area=XV-05&sex=F&from=2023-04" in root.text_content()
    assert root.xpath("//a[contains(@href, '.csv?area=XV-05&sex=F&from=2023-04')]")


def test_a_reversed_period_is_turned_round(client):
    assert first_table(shown(client, "?from=2023-09&to=2023-04")) == first_table(
        shown(client, "?from=2023-04&to=2023-09")
    )


@pytest.mark.parametrize("query", ["?area=XX", "?sex=<script>", "?from=1066", "?age=%00"])
def test_a_code_that_does_not_occur_is_not_found(client, query):
    assert client.get(PAGE + query).status_code == 404
    assert client.get(CSV + query).status_code == 404


def test_method_limits_and_unit_of_count_stand_on_the_page(client):
    words = shown(client).text_content()
    for part in (
        "What is counted",
        "A victim is counted once in a cell",
        "Limitations",
        "What no organisation recorded",
    ):
        assert part in words
    assert shown(client).xpath("//a[@href='/releases/orvenna-1.1/method/']")


def test_breakdowns_compare_areas_without_the_whole_country(client):
    table = shown(client).xpath("//section[.//h2/@id='by-REF_AREA']//tbody//th")
    assert sorted(cell.text_content() for cell in table)[:2] == ["Ambrivax", "Dloskerra"]
    assert "Orvenna" not in [cell.text_content() for cell in table]


def test_a_break_in_the_series_is_named_in_table_and_chart(client):
    root = html.fromstring(client.get("/releases/orvenna-1.1/indicators/DETENTIONS/").content)
    row = next(row for row in first_table(root) if row[0].startswith("January 2023"))
    assert row[0] == "January 2023 (break in series)"
    assert "break in series" in root.xpath("string((//figure)[1]//*[local-name()='svg'])")


def test_a_name_without_a_translation_is_marked_with_its_own_language(client):
    root = html.fromstring(client.get("/ar/releases/orvenna-1.1/indicators/TORTURE/").content)
    name = root.xpath("//h1/bdi")[0]
    assert (name.get("lang"), name.get("dir")) == ("en", "ltr")


def test_the_json_names_release_licence_and_selection(client):
    answer = client.get("/releases/orvenna-1.1/indicators/KILLINGS.json?area=XV-01")
    body = json.loads(answer.content)
    assert body["licence"] == "CC-BY-4.0"
    assert body["selection"]["REF_AREA"] == "XV-01"
    assert body["page"].endswith("/releases/orvenna-1.1/indicators/KILLINGS/?area=XV-01")
    assert len(body["observations"]) == 36
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_chart_can_be_had_as_a_file_that_stands_alone(client):
    answer = client.get("/releases/orvenna-1.1/indicators/KILLINGS.svg")
    root = etree.fromstring(answer.content)
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert root.find("{*}style") is not None
