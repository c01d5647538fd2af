"""Addresses of the node. Pages stand under a language (`/fr/...`), English without one; files and probes under none."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, register_converter

from consilience.node.releases.converters import CodeConverter
from consilience.node.ui import views as ui

register_converter(CodeConverter, "code")

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", ui.healthz, name="healthz"),
    path("robots.txt", ui.robots, name="robots"),
    path("-/versions.json", ui.versions, name="versions"),
    path("", include("consilience.node.releases.urls_files")),
    *i18n_patterns(path("", include("consilience.node.releases.urls")), prefix_default_language=False),
]

handler404 = "consilience.node.ui.views.not_found"
handler500 = "consilience.node.ui.views.broken"
