"""The shelf: which releases this node shows. A release that does not verify is refused whole, with the reason.

Verification is repeated only when a file changed (by name, size or time), so that a page does not pay for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from consilience.errors import ConsilienceError
from consilience.node.releases.head import FileHead, IndicatorHead, ReleaseHead
from consilience.publishing.release import HEAD
from consilience.publishing.verify import read_head, verify_release

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """A release that verified: folder, what it says of itself, SHA-256 of its release.json, what was checked."""

    folder: Path
    head: ReleaseHead
    digest: str
    checks: tuple[str, ...]

    def indicator(self, code: str) -> IndicatorHead | None:
        """Return the indicator called `code`."""
        return next((each for each in self.head.indicators if each.id == code), None)

    def file(self, path: str) -> FileHead | None:
        """Return the listed file at `path`."""
        return next((each for each in self.head.files if each.path == path), None)


@dataclass(frozen=True, slots=True)
class Refused:
    """A folder that is not shown, and the sentences that say why."""

    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything found: releases from the newest to the oldest, and what was refused."""

    releases: tuple[Release, ...]
    refused: tuple[Refused, ...]

    def release(self, release_id: str) -> Release | None:
        """Return the release called `release_id`."""
        return next((each for each in self.releases if each.head.id == release_id), None)

    def before(self, release: Release) -> Release | None:
        """Return the release of the same study and publisher that came before, if it stands here."""
        same = [each for each in self.releases if _line(each) == _line(release) and _age(each) < _age(release)]
        return max(same, key=_age, default=None)


def open_shelf(folders: Sequence[Path]) -> Shelf:
    """Look at every folder: a release itself, or a folder of releases."""
    opened = [_open(folder, _signature(folder)) for place in folders for folder in _release_folders(place)]
    releases = sorted((each for each in opened if isinstance(each, Release)), key=_age, reverse=True)
    refused = [each for each in opened if isinstance(each, Refused)]
    first: dict[str, Release] = {}
    refused += [
        Refused(release.folder.name, (f"Another release here is called {release.head.id} too.",))
        for release in releases
        if first.setdefault(release.head.id, release) is not release
    ]
    return Shelf(tuple(first.values()), tuple(refused))


def _line(release: Release) -> tuple[str, str]:
    return release.head.publisher, str(release.head.study.get("id", ""))


def _age(release: Release) -> tuple[str, tuple[int, ...], str]:
    parts = tuple(int(part) for part in release.head.version.split(".") if part.isdigit())
    return release.head.released_on.isoformat(), parts, release.head.id


def _release_folders(place: Path) -> list[Path]:
    if (place / HEAD).is_file() or not place.is_dir():
        return [place]
    return sorted(path.parent for path in place.glob(f"*/{HEAD}") if not path.parent.name.startswith("."))


def _signature(folder: Path) -> Signature:
    """Return what changes when a file changes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path), (state := path.stat()).st_size, state.st_mtime_ns) for path in files)


@lru_cache(maxsize=64)
def _open(folder: Path, _signature: Signature) -> Release | Refused:
    try:
        report = verify_release(folder, ())
        head = ReleaseHead.model_validate(read_head(folder)[1])
    except ConsilienceError as fault:
        return Refused(folder.name, (str(fault),))
    except ValidationError as fault:
        where = ", ".join(sorted({".".join(map(str, each["loc"])) for each in fault.errors()}))
        return Refused(folder.name, (f"release.json is not complete or not well formed at: {where}.",))
    if not report.holds:
        faults = [
            f"{check.file}: {check.detail}" if check.file else check.detail
            for check in report.checks
            if not check.holds
        ]
        return Refused(folder.name, tuple(faults))
    return Release(folder, head, report.digest, tuple(check.detail for check in report.checks))
