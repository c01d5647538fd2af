"""Pages and probes that belong to no part of the node."""

import platform

import django
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from consilience import __version__


def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process is alive, and nothing more."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


def robots(_request: HttpRequest) -> HttpResponse:
    """Let everybody read; what is published is meant to be found."""
    return HttpResponse("User-agent: *\nAllow: /\n", content_type="text/plain; charset=utf-8")


def versions(_request: HttpRequest) -> JsonResponse:
    """Say which versions answer."""
    return JsonResponse(
        {"consilience": __version__, "django": django.get_version(), "python": platform.python_version()}
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - by name
    """Show that there is no such page, and where to go from here."""
    return render(request, "ui/404.html", status=404)


def broken(request: HttpRequest, incident: str = "") -> HttpResponse:
    """Show that the node is at fault, with the code under which its log tells more."""
    return render(request, "ui/500.html", {"incident": incident}, status=500)
