"""What happens around every request: strict headers, a language by `?lang=`, and faults that get an incident code."""

import logging
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import translate_url
from django.utils import translation

from consilience.node.ui.views import broken

Handler = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("consilience.node")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"


def headers(get_response: Handler) -> Handler:
    """Set the security headers on every response, those of static files included."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        embeddable = getattr(response, "embeddable", False)
        ancestors = "*" if embeddable else "'none'"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", f"{POLICY}; frame-ancestors {ancestors}")
        if embeddable:
            del response.headers["X-Frame-Options"]
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return handle


def chosen_language(get_response: Handler) -> Handler:
    """Speak the language the address begins with; lead `?lang=fr` to the French page, the rest of the query kept.

    Django's own middleware would also read a cookie and a header, and tell caches so.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        wanted = request.GET.get("lang", "")
        if request.method == "GET" and wanted in dict(settings.LANGUAGES):
            query = request.GET.copy()
            query.pop("lang")
            address = in_language(request.path, wanted)
            return HttpResponseRedirect(f"{address}?{urlencode(query, doseq=True)}" if query else address)
        prefix = request.path.removeprefix("/").partition("/")[0]
        lang = prefix if prefix in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(lang)
        response = get_response(request)
        response.headers.setdefault("Content-Language", lang)
        return response

    return handle


def in_language(path: str, lang: str) -> str:
    """Return the address of the same page in another language."""
    prefix, _, rest = path.removeprefix("/").partition("/")
    bare = f"/{rest}" if prefix in dict(settings.LANGUAGES) else path
    return translate_url(bare, lang)


def incidents(get_response: Handler) -> "Incidents":
    """Answer a fault with a page that shows an incident code, and log the code with the place of the fault."""
    return Incidents(get_response)


class Incidents:
    """Middleware as a class, because Django calls `process_exception` on nothing else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Log the type and place of `fault` under a code (never its message, which may hold input); show the code."""
        if isinstance(fault, Http404 | PermissionDenied | SuspiciousOperation):
            return None
        code = secrets.token_hex(4)
        log.error("incident %s: %s at %s", code, type(fault).__name__, _place(fault))
        return broken(request, incident=code)


def _place(fault: BaseException) -> str:
    trace, places = fault.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-4:]))
