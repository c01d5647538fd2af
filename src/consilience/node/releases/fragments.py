"""Parts of pages that come out of a release as HTML: only plain text markup gets through.

>>> clean_html('<h2 onclick="x()">Method</h2><script>alert(1)</script><p>Counted <b>once</b>.</p>')
'<h2>Method</h2><p>Counted <b>once</b>.</p>'
"""

from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe
from lxml import etree, html

_PLAIN = (
    "h2 h3 h4 p ul ol li b strong em i code pre br hr blockquote dl dt dd table caption thead tbody tfoot tr section"
    " span bdi small sub sup details summary"
)
_ALLOWED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_PLAIN.split(), ()),
    "th": ("scope", "colspan", "rowspan"),
    "td": ("colspan", "rowspan"),
    "div": ("tabindex", "role", "aria-label"),
    "abbr": ("title",),
    "time": ("datetime",),
    "a": ("href",),
}
_ALWAYS = ("class", "lang", "dir", "id")
_DROPPED_WHOLE = {"script", "style", "template", "iframe", "object", "svg", "math", "noscript", "textarea", "title"}


def clean_html(text: str) -> SafeString:
    """Return `text` with every element and attribute that is not plain text markup taken out."""
    if not text.strip():
        return SafeString("")
    root = html.fragment_fromstring(text, create_parent="div")
    for element in list(root.iterdescendants()):
        _clean(element)
    inner = (root.text or "") and html.tostring(_text_only(root.text or ""), encoding="unicode")[6:-7]
    return mark_safe(inner + "".join(_written(root)))  # noqa: S308 - every element was checked above


def _text_only(text: str) -> html.HtmlElement:
    span = html.Element("span")
    span.text = text
    return span


def _written(root: html.HtmlElement) -> Iterator[str]:
    for child in root:
        yield html.tostring(child, encoding="unicode")


def _clean(element: html.HtmlElement) -> None:
    if not isinstance(element.tag, str) or element.tag in _DROPPED_WHOLE:
        element.drop_tree() if hasattr(element, "drop_tree") else _drop(element)
        return
    if element.tag not in _ALLOWED:
        element.drop_tag()
        return
    for name in set(element.attrib) - {*_ALWAYS, *_ALLOWED[element.tag]}:
        del element.attrib[name]
    if element.tag == "a" and not element.get("href", "").startswith(("https://", "http://", "#")):
        element.attrib.pop("href", None)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
