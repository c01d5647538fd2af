"""Pages of releases. Each view reads the address, asks a selector, and renders; every page works without JavaScript."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consilience.node.releases import comparisons, controls, selectors, sentences
from consilience.node.releases.changes import changes
from consilience.node.releases.downloads import beside_the_list
from consilience.node.releases.fragments import clean_html
from consilience.node.releases.head import FileHead
from consilience.node.releases.labels import label
from consilience.node.releases.observations import Shown
from consilience.node.releases.shelf import Release
from consilience.node.ui.texts import spoken
from consilience.publishing.citation import citation_line

STUDY = "method/study/"
FIRST = ("data", "charts", "method", "quality")


def front(request: HttpRequest) -> HttpResponse:
    """Show what is published here: the latest release, its indicators, and how to check them."""
    shelf = selectors.shelf()
    latest = shelf.releases[0] if shelf.releases else None
    context = {
        "shelf": shelf,
        "release": latest,
        "smalls": selectors.smalls(latest) if latest else (),
        "totals": _totals(latest) if latest else {},
        "earlier": shelf.releases[1:],
    }
    return _page(request, "releases/front.html", context)


def releases(request: HttpRequest) -> HttpResponse:
    """List every release, and what was refused."""
    return _page(request, "releases/list.html", {"shelf": selectors.shelf()})


def release(request: HttpRequest, release_id: str) -> HttpResponse:
    """Show one release: summary, map, indicators, sources, downloads, signature, changes."""
    found = selectors.release_or_404(release_id)
    before = selectors.shelf().before(found)
    context = {
        "release": found,
        "smalls": selectors.smalls(found),
        "map": comparisons.area_map(found, request.GET),
        "totals": _totals(found),
        "before": before,
        "changes": [(found.indicator(each.code), each) for each in changes(before, found)] if before else [],
        "cite": _cite(found),
        "beside": beside_the_list(found),
        "files": sorted((each for each in found.head.files if not each.path.startswith(STUDY)), key=_order),
        "study_files": [each for each in found.head.files if each.path.startswith(STUDY)],
    }
    return _page(request, "releases/release.html", context)


def method(request: HttpRequest, release_id: str) -> HttpResponse:
    """Show the methodology note."""
    return _document(request, release_id, "method")


def quality(request: HttpRequest, release_id: str) -> HttpResponse:
    """Show the quality report."""
    return _document(request, release_id, "quality")


def _document(request: HttpRequest, release_id: str, name: str) -> HttpResponse:
    found = selectors.release_or_404(release_id)
    path = f"{name}/{name}.html"
    if found.file(path) is None:
        raise Http404
    body = clean_html((found.folder / path).read_text(encoding="utf-8"))
    files = [each for each in found.head.files if each.path.startswith(f"{name}/")]
    context = {"release": found, "body": body, "kind": name, "files": files}
    return _page(request, "releases/document.html", context)


def indicator(request: HttpRequest, release_id: str, code: str) -> HttpResponse:
    """Show an indicator: sentence, chart, table, controls, breakdowns, metadata, downloads, citation."""
    context = _indicator(request, release_id, code)
    found, view = context["release"], context["view"]
    context |= {
        "choices": controls.choices(found, view.selection),
        "breakdowns": comparisons.breakdowns(found, view),
        "cite": _cite(found),
        "permalink": request.build_absolute_uri(),
        "embed_address": request.build_absolute_uri(
            reverse("embed", args=[release_id, code]) + (f"?{view.query}" if view.query else "")
        ),
        "unit_meaning": sentences.unit_meaning(view.unit),
    }
    return _page(request, "releases/indicator.html", context)


def embed(request: HttpRequest, release_id: str, code: str) -> HttpResponse:
    """Show an indicator's chart and table alone, for a frame in another site's page."""
    context = _indicator(request, release_id, code)
    query = context["view"].query
    page = reverse("indicator", args=[release_id, code]) + (f"?{query}" if query else "")
    response = _page(request, "releases/embed.html", {**context, "page_address": request.build_absolute_uri(page)})
    response.embeddable = True  # type: ignore[attr-defined]  # read by consilience.node.ui.middleware.headers
    return response


def _indicator(request: HttpRequest, release_id: str, code: str) -> dict[str, Any]:
    found = selectors.release_or_404(release_id)
    known = selectors.indicator_or_404(found, code)
    view = selectors.series_view(found, known, controls.selection_of(found, known, request.GET))
    kinds = {cell.shown for cell in view.cells}
    return {
        "release": found,
        "indicator": known,
        "view": view,
        "unit": sentences.unit_name(view.unit),
        "has": {kind.value: kind in kinds for kind in Shown},
        "has_bounds": any(cell.uncertain for cell in view.cells),
    }


def area(request: HttpRequest, release_id: str, code: str) -> HttpResponse:
    """Show an area with every indicator that has figures for it."""
    found = selectors.release_or_404(release_id)
    shown = selectors.smalls(found, code)
    if not shown:
        raise Http404
    name = label(found, "REF_AREA", code, controls.language())
    others = [(each, label(found, "REF_AREA", each, controls.language())) for each in sorted(found.head.areas)]
    context = {"release": found, "code": code, "name": name, "smalls": shown, "others": others}
    return _page(request, "releases/area.html", context)


def about(request: HttpRequest) -> HttpResponse:
    """Say what this node is, what its words mean, and how a figure can be checked."""
    shelf = selectors.shelf()
    return _page(request, "releases/about.html", {"release": shelf.releases[0] if shelf.releases else None})


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    shown: Release | None = context.get("release")
    title = settings.CONSILIENCE_TITLE or (shown.head.publisher if shown else "Consilience")
    return render(request, template, {**context, "site_title": title})


def _order(file: FileHead) -> tuple[int, str]:
    """Put what most people come for first: data, then charts, notes, and the rest."""
    top = file.path.partition("/")[0]
    return (FIRST.index(top) if top in FIRST else len(FIRST), file.path)


def _totals(release: Release) -> dict[str, int]:
    sources = release.head.sources.values()
    return {
        "rows": sum(each.rows for each in sources),
        "accepted": sum(each.accepted for each in sources),
        "rejected": sum(each.rejected for each in sources),
    }


def _cite(release: Release) -> str:
    return citation_line(
        publisher=release.head.publisher,
        title=spoken(release.head.title, "en").text,
        version=release.head.version,
        released_on=release.head.released_on.isoformat(),
        digest=release.digest,
    )
