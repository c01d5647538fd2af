"""Files, feeds and probes of releases; they have no language.

The addresses of a release's files are its own paths, so a mirror of `/releases/ID/` is the release.
"""

from django.urls import path, re_path

from consilience.node.releases import downloads

urlpatterns = [
    path("readyz", downloads.readyz, name="readyz"),
    path("feed.atom", downloads.feed, name="feed"),
    path("releases/<code:release_id>.zip", downloads.archive, name="archive"),
    path("releases/<code:release_id>/indicators/<code:code>.csv", downloads.indicator_csv, name="indicator-csv"),
    path("releases/<code:release_id>/indicators/<code:code>.json", downloads.indicator_json, name="indicator-json"),
    path("releases/<code:release_id>/indicators/<code:code>.svg", downloads.indicator_svg, name="indicator-svg"),
    re_path(
        r"^releases/(?P<release_id>[A-Za-z0-9_][A-Za-z0-9._-]*)/(?P<path>[^?#]+\.[A-Za-z0-9-]+)$",
        downloads.file,
        name="file",
    ),
]
