"""Files of releases, exactly as they were signed, and exactly what a page shows; a feed; a probe.

Open data may be read from other sites' pages, so these answers carry `Access-Control-Allow-Origin: *`. No answer sets
or reads a cookie.
"""

import io
import zipfile
from pathlib import PurePosixPath
from typing import TypeVar

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from consilience.errors import ReleaseError
from consilience.formats.digest import sha256_file
from consilience.node.releases import controls, selectors
from consilience.node.releases.exports import as_csv, as_json
from consilience.node.releases.observations import selected
from consilience.node.releases.shelf import Release
from consilience.node.ui.texts import spoken
from consilience.publishing.charts import Head, LineChart, Series, line_chart
from consilience.publishing.release import HEAD, OUTSIDE_THE_LIST

_Answer = TypeVar("_Answer", bound=HttpResponseBase)
_TEXT = ("text/", "application/json", "image/svg+xml")


def _open_data(response: _Answer, name: str) -> _Answer:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


def file(_request: HttpRequest, release_id: str, path: str) -> HttpResponseBase:
    """Send a file that release.json lists (or release.json and its note), after looking at its digest again."""
    release = selectors.release_or_404(release_id)
    listed = release.file(path)
    if path in beside_the_list(release):
        media_type = "application/json" if path == HEAD else "text/plain; charset=utf-8"
    elif listed is None:
        raise Http404
    else:
        media_type = listed.media_type
        _check(release, path, listed.sha256)
    charset = "; charset=utf-8" if media_type.startswith(_TEXT) and "charset" not in media_type else ""
    content = (release.folder / path).open("rb")
    response = FileResponse(content, content_type=media_type + charset)
    return _open_data(response, f"{release.head.id}-{PurePosixPath(path).name}")


def beside_the_list(release: Release) -> list[str]:
    """Return the files that make the list itself checkable: release.json, its note, its place in the ledger."""
    return sorted(path for path in OUTSIDE_THE_LIST if (release.folder / path).is_file())


def _check(release: Release, path: str, digest: str) -> None:
    if sha256_file(release.folder / path) != digest:
        raise ReleaseError(
            f"A file of {release.head.id} changed while it was shown", expected="the file that was signed"
        )


def archive(_request: HttpRequest, release_id: str) -> HttpResponse:
    """Send the whole release as one ZIP file, so that a stranger can verify it."""
    release = selectors.release_or_404(release_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted([*beside_the_list(release), *(each.path for each in release.head.files)]):
            entry = zipfile.ZipInfo(f"{release.head.id}/{path}")
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, (release.folder / path).read_bytes(), zipfile.ZIP_DEFLATED)
    return _open_data(HttpResponse(out.getvalue(), content_type="application/zip"), f"{release.head.id}.zip")


def indicator_csv(request: HttpRequest, release_id: str, code: str) -> HttpResponse:
    """Send exactly the cells that the indicator's page shows for the same query."""
    release = selectors.release_or_404(release_id)
    indicator = selectors.indicator_or_404(release, code)
    table = selected(release, controls.selection_of(release, indicator, request.GET))
    return _open_data(HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8"), f"{release_id}-{code}.csv")


def indicator_json(request: HttpRequest, release_id: str, code: str) -> HttpResponse:
    """Send the same cells as JSON, with what has to be known about them."""
    release = selectors.release_or_404(release_id)
    indicator = selectors.indicator_or_404(release, code)
    selection = controls.selection_of(release, indicator, request.GET)
    about = {
        "release": release.head.id,
        "release_sha256": release.digest,
        "publisher": release.head.publisher,
        "licence": release.head.licence,
        "indicator": {"id": indicator.id, "names": dict(indicator.names), "definition": dict(indicator.definition)},
        "selection": {**selection.fixed(), "from": selection.start, "to": selection.end},
        "page": _page(request, release_id, code, controls.query_of(release, selection)),
    }
    text = as_json(selected(release, selection), about)
    return _open_data(HttpResponse(text, content_type="application/json; charset=utf-8"), f"{release_id}-{code}.json")


def _page(request: HttpRequest, release_id: str, code: str, query: str) -> str:
    address = request.build_absolute_uri(reverse("indicator", args=[release_id, code]))
    return f"{address}?{query}" if query else address


def indicator_svg(request: HttpRequest, release_id: str, code: str) -> HttpResponse:
    """Send the chart of the indicator's page as a file that looks right alone."""
    release = selectors.release_or_404(release_id)
    indicator = selectors.indicator_or_404(release, code)
    view = selectors.series_view(release, indicator, controls.selection_of(release, indicator, request.GET))
    head = Head(code, f"{spoken(view.indicator.names, 'en')}: {view.area}", view.headline, "en", standalone=True)
    one = Series(str(view.area), *(tuple(getattr(c, n) for c in view.cells) for n in ("value", "lower", "upper")))
    svg = line_chart(LineChart(head, tuple(cell.code for cell in view.cells), (one,), view.unit.capitalize()))
    return _open_data(HttpResponse(svg, content_type="image/svg+xml; charset=utf-8"), f"{release_id}-{code}.svg")


def feed(request: HttpRequest) -> HttpResponse:
    """Send the releases as an Atom feed."""
    shelf = selectors.shelf()
    newest = shelf.releases[0] if shelf.releases else None
    home = request.build_absolute_uri("/")
    atom = Atom1Feed(
        title=newest.head.publisher if newest else "Consilience",
        link=home,
        description="Releases",
        feed_url=request.build_absolute_uri(request.path),
    )
    for release in shelf.releases:
        moment = selectors.midnight(release.head.released_on)
        atom.add_item(
            title=f"{spoken(release.head.title, 'en')}, {release.head.version}",
            link=request.build_absolute_uri(reverse("release", args=[release.head.id])),
            description=spoken(release.head.summary, "en").text,
            unique_id=f"urn:sha256:{release.digest}",
            pubdate=moment,
            updateddate=moment,
            author_name=release.head.publisher,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether every release on the shelf loads and verifies: 200, or 503 with what was refused."""
    shelf = selectors.shelf()
    ready = bool(shelf.releases) and not shelf.refused
    body = {
        "ready": ready,
        "releases": [release.head.id for release in shelf.releases],
        "refused": {each.name: list(each.reasons) for each in shelf.refused},
    }
    return JsonResponse(body, status=200 if ready else 503)
