"""Areas: the cells an area code counts in for sure (itself and what it lies in) or perhaps (what lies in it).

An act in a known district counts in the district, its country and the country's regions. An act of which only the
country is known counts in the country; which district it belongs to is open, so it enters the upper bound of every
district of that country that occurs in the study.

>>> tree = {"XA": "150", "XA-N": "XA", "XA-S": "XA", "150": None}
>>> areas = AreaLevels.of(tree, {"XA": "country", "XA-N": "subdivision", "XA-S": "subdivision", "150": "region"},
...                       finest="subdivision", rolled_up=("country",))
>>> areas.sure_cells("XA-N"), areas.sure_cells("XA")
(('XA-N', 'XA'), ('XA',))
>>> areas.possible_cells("XA", occurring={"XA-N", "XA"})
('XA-N',)
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from consilience.errors import UsageError
from consilience.standards.codelist import Codelist

KINDS = ("subdivision", "country", "region")


@dataclass(frozen=True, slots=True)
class AreaLevels:
    """An area hierarchy, with the kinds of area that get rows.

    Attributes:
        parents: for each area code, the area it lies in; None at the top.
        cells: the codes that get rows, of every level asked for.
        finest: those of them at the finest level, which share no point: counts over them add up.
    """

    parents: Mapping[str, str | None]
    cells: frozenset[str]
    finest: frozenset[str]

    @classmethod
    def of(
        cls,
        parents: Mapping[str, str | None],
        kinds: Mapping[str, str],
        *,
        finest: str,
        rolled_up: Collection[str] = (),
    ) -> "AreaLevels":
        """Choose the levels.

        Args:
            parents: for each area code, the area it lies in.
            kinds: for each area code, one of `KINDS`.
            finest: the kind at which counts add up.
            rolled_up: wider kinds that get rows too.

        Raises:
            UsageError: a kind is not known, or no area is of the finest kind.
        """
        for kind in (finest, *rolled_up):
            if kind not in KINDS:
                raise UsageError("A level of area is not known", found=kind, expected=", ".join(KINDS))
        finest_cells = frozenset(code for code in kinds if kinds[code] == finest and _topmost(code, parents, kinds))
        if not finest_cells:
            raise UsageError("The list of areas has no area of the level asked for", found=finest)
        wider = frozenset(code for code in kinds if kinds[code] in rolled_up)
        return cls(parents, finest_cells | wider, finest_cells)

    @classmethod
    def from_codelist(cls, codelist: Codelist, level: str, *, regions: bool = False) -> "AreaLevels":
        """Choose the levels of the codelist AREA: countries, or first subdivisions with their countries.

        Args:
            codelist: codes as in ISO 3166-1 (AB), ISO 3166-2 and finer (AB-...), and M49 regions (M49_...).
            level: "country" or "subdivision": the finest level, at which counts add up.
            regions: whether regions of the world get rows too.
        """
        parents = {code.id: code.parent for code in codelist}
        kinds = {code: _kind(code) for code in parents}
        rolled_up = {"country"} if level == "subdivision" else set()
        return cls.of(parents, kinds, finest=level, rolled_up=rolled_up | ({"region"} if regions else set()))

    def __contains__(self, area: str) -> bool:
        return area in self.parents

    def sure_cells(self, area: str) -> tuple[str, ...]:
        """Return the cells that hold the whole of `area`, the narrowest first."""
        return tuple(code for code in self._upward(area) if code in self.cells)

    def possible_cells(self, area: str, occurring: Collection[str]) -> tuple[str, ...]:
        """Return the cells among `occurring` that lie inside `area`, sorted."""
        inside = (code for code in occurring if code != area and code in self.cells)
        return tuple(sorted(code for code in inside if area in self._upward(code)))

    def _upward(self, area: str) -> Iterator[str]:
        code: str | None = area
        while code is not None:
            yield code
            code = self.parents.get(code)


def _kind(code: str) -> str:
    if code.startswith("M49_"):
        return "region"
    return "subdivision" if "-" in code else "country"


def _topmost(code: str, parents: Mapping[str, str | None], kinds: Mapping[str, str]) -> bool:
    """Whether no area of the same kind holds this one, as where a province is a subdivision of a subdivision.

    Regions are nested by nature, and are never the finest level.
    """
    parent = parents.get(code)
    return parent is None or kinds.get(parent) != kinds[code]
