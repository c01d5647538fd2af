"""Every text of the interface stands in all six languages, and what is compiled is what is written."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import consilience.node

NODE = Path(consilience.node.__file__).parent
LANGUAGES = ["ar", "zh", "fr", "ru", "es"]
KEYWORDS = {"gettext": None, "_": None, "ngettext": (1, 2)}


def catalogue(lang: str, kind: str):
    with (NODE / "locale" / lang / "LC_MESSAGES" / f"django.{kind}").open("rb") as file:
        return read_po(file, locale=lang) if kind == "po" else read_mo(file)


def hashable(text):
    return tuple(text) if isinstance(text, list) else text


@pytest.fixture(scope="session")
def texts(django_ready) -> set:
    from django.utils.translation.template import templatize

    found = set()
    for path in [*NODE.rglob("*.html"), *NODE.rglob("*.py")]:
        source = path.read_text(encoding="utf-8")
        source = templatize(source) if path.suffix == ".html" else source
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else tuple(message[:2]))
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_translated_and_none_is_left_over(texts, lang):
    assert len(texts) > 150
    assert {message.id for message in catalogue(lang, "po") if message.id} == texts
    for message in catalogue(lang, "po"):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_compiled_is_what_is_written(lang):
    written = {hashable(message.id): hashable(message.string) for message in catalogue(lang, "po") if message.id}
    compiled = {hashable(m.id): hashable(m.string) for m in catalogue(lang, "mo") if m.id}
    assert compiled == written


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_translation_names_the_same_values_as_the_text(lang):
    for message in catalogue(lang, "po"):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"%\(\w+\)s", texts[-1]))
        for string in strings if message.id else ():
            assert set(re.findall(r"%\(\w+\)s", string)) <= wanted
            assert wanted - {"%(more)s"} <= set(re.findall(r"%\(\w+\)s", string))


@pytest.mark.parametrize(
    ("lang", "count", "said"),
    [
        ("en", 1, "1 victim"),
        ("ar", 2, "ضحيتين (2)"),
        ("ar", 5, "5 ضحايا"),
        ("ru", 21, "21 жертва"),
        ("zh", 3, "3 名受害者"),
    ],
)
def test_units_of_count_take_the_right_plural(django_ready, lang, count, said):
    from django.utils import translation

    from consilience.node.releases.sentences import counted

    with translation.override(lang):
        assert counted(count, "VICTIMS") == said
