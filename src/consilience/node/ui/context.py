"""What every template can see: the language, its direction, and the same page in the other languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_bidi

from consilience import __version__


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a page."""
    lang = get_language() or settings.LANGUAGE_CODE
    query = request.META.get("QUERY_STRING", "")
    rest = f"?{query}" if query else ""
    known = dict(settings.LANGUAGES)
    return {
        "lang": lang,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "lang_name": known.get(lang, lang),
        "section": _section(request),
        "site_title": settings.CONSILIENCE_TITLE,
        "languages": [(code, name, translate_url(request.path, code) + rest) for code, name in known.items()],
        "version": __version__,
    }


def _section(request: HttpRequest) -> str:
    name = request.resolver_match.url_name if request.resolver_match else ""
    return name if name in {"front", "about"} else "releases" if name else ""
