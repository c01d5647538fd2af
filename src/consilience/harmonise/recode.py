"""Recoding: the source's own words to shared codes, beside each other (requirement ST3).

The local word stays on the row. A word for which a table names no single code leaves the shared code empty; what the
table says of it (broader, partial, none, unknown) is counted in the coverage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from consilience.engine.base import quote_literal
from consilience.errors import MappingError
from consilience.harmonise.expression import NOTHING, Translator
from consilience.harmonise.mapping import Target, Value
from consilience.standards.codelist import Codelist
from consilience.standards.crosswalk import Crosswalk
from consilience.standards.registry import Registry


@dataclass(frozen=True, slots=True)
class Recoded:
    """How one coded column of a table was recoded, for the coverage.

    Attributes:
        table, column: the shared table and column.
        crosswalk: name and version of the crosswalk; empty where the mapping itself holds the table.
        targets: local word to what it corresponds to.
    """

    table: str
    column: str
    crosswalk: str
    targets: Mapping[str, Target]


@dataclass
class Recoder:
    """Translates coded fields; remembers how, for the coverage.

    Attributes:
        of: the translator of the source.
        registry: where codelists and crosswalks are found.
        recoded: one entry a coded field.
    """

    of: Translator
    registry: Registry
    recoded: list[Recoded] = field(default_factory=list)
    _known: dict[tuple[str, tuple[tuple[str, str | None], ...]], str] = field(default_factory=dict)

    def pair(
        self, value: Value | None, table: str, column: str, codelist: str, when: str, n: str = ""
    ) -> dict[str, str]:
        """Return a coded field: the shared code in `column`, the source's words in `<column>_local`."""
        if value is None:
            return {column: NOTHING, f"{column}_local": NOTHING}
        if value.constant is not None:
            return {column: self._constant(value, codelist), f"{column}_local": NOTHING}
        local = self.of.plain(value, n)
        targets, crosswalk = self._targets(value, codelist)
        self.recoded.append(Recoded(table, column, crosswalk, targets))
        self.of.require((value,), local, when, n)
        if value.unknown == "reject":
            self._reject_unknown(value, local, targets, codelist, when, n)
        return {column: self._recoded(targets, local), f"{column}_local": local}

    def code(self, value: Value | None, codelist: str, n: str = "") -> str:
        """Return a field that holds shared codes only, such as the precision of a place."""
        if value is None:
            return NOTHING
        if value.constant is not None:
            return self._constant(value, codelist)
        targets, _ = self._targets(value, codelist)
        code = self._recoded(targets, self.of.plain(value, n))
        return f"coalesce({code}, {quote_literal(value.default)})" if value.default else code

    def _recoded(self, targets: Mapping[str, Target], local: str) -> str:
        key = (local, tuple((word, target.code) for word, target in targets.items()))
        if key not in self._known:
            self._known[key] = self.of.recoded({word: target.code for word, target in targets.items()}, local)
        return self._known[key]

    def _targets(self, value: Value, codelist: str) -> tuple[dict[str, Target], str]:
        """Return local word to target, and the crosswalk's name where one was used."""
        codes = self.registry.codelist(codelist)
        if value.crosswalk is not None:
            crosswalk = self.registry.crosswalk(value.crosswalk)
            return _of_crosswalk(crosswalk, codes), f"{crosswalk.id} {crosswalk.version}"
        table = self.of.lookup(value)
        if table is None:
            return {code.id: Target(code=code.id) for code in codes}, ""
        for word, target in table.items():
            if target.code is not None and target.code not in codes:
                raise _no_such_code(target.code, codes, f"the word {word!r} is mapped to a code that {codes.id} lacks")
        return table, ""

    def _constant(self, value: Value, codelist: str) -> str:
        codes = self.registry.codelist(codelist)
        constant = value.constant or ""
        if constant not in codes:
            raise _no_such_code(constant, codes, f"a constant is no code of {codes.id}")
        return quote_literal(constant)

    def _reject_unknown(
        self, value: Value, local: str, targets: Mapping[str, Target], codelist: str, when: str, n: str
    ) -> None:
        known = self.of.recoded({word: target.relation for word, target in targets.items()}, local)
        condition = f"{when} AND {local} IS NOT NULL AND {known} IS NULL"
        self.of.refuse(condition, (value,), f"a word that is mapped to {codelist}", local, n)


def _of_crosswalk(crosswalk: Crosswalk, codes: Codelist) -> dict[str, Target]:
    if crosswalk.target.name != codes.id:
        raise MappingError(
            f"Crosswalk {crosswalk.id} does not lead where it is used",
            found=f"target {crosswalk.target.name}",
            expected=f"target {codes.id}",
            remedy="Name another crosswalk in the mapping.",
        )
    return {local: _single(crosswalk, local) for local in crosswalk.locals}


def _single(crosswalk: Crosswalk, local: str) -> Target:
    """Return the one target of a word; several targets name no code that could be taken."""
    mappings = crosswalk.of(local)
    if len(mappings) == 1:
        return Target(code=mappings[0].target, relation=mappings[0].relation.value)
    return Target.model_construct(code=None, relation="partial")


def _no_such_code(code: str, codes: Codelist, what: str) -> MappingError:
    near = get_close_matches(code.upper(), [each.id for each in codes], n=3)
    return MappingError(
        f"In the mapping, {what}",
        found=code,
        expected=f"perhaps {', '.join(near)}" if near else f"one of the {len(codes)} codes of {codes.id}",
        remedy=f"List them with: consilience standards show {codes.id}",
    )
