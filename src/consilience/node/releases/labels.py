"""Names of codes in the reader's language: from the release itself, then from the interface, then the bare code."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from consilience.node.releases.observations import TOTAL
from consilience.node.releases.shelf import Release
from consilience.node.ui.texts import Said, spoken

_TOTALS = {"SEX": _("All sexes"), "AGE": _("All ages"), "REF_AREA": _("All areas")}
_COMMON = {
    ("SEX", "F"): _("Female"),
    ("SEX", "M"): _("Male"),
    ("SEX", "_O"): _("Other"),
    ("SEX", "_U"): _("Sex not known"),
    ("AGE", "_U"): _("Age not known"),
    ("AGE", "_O"): _("Other ages"),
    ("REF_AREA", "_U"): _("Area not known"),
}


def label(release: Release, column: str, code: str, lang: str) -> Said:
    """Return what the code `code` of `column` is called."""
    if code == TOTAL and column in _TOTALS:
        return Said(gettext(_TOTALS[column]), lang)
    texts = release.head.areas.get(code) if column == "REF_AREA" else release.head.codes.get(column, {}).get(code)
    common = _COMMON.get((column, code))
    if common and not (texts and texts.get(lang)):
        return Said(gettext(common), lang)
    return spoken(texts, lang) if texts else Said(code, lang)
