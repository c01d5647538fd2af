"""Codelists as tables of the engine, so that validity is checked where the data are."""

from typing import Protocol

from consilience.engine.base import Engine
from consilience.standards.codelist import Codelist


class Codelists(Protocol):
    """Where codelists come from: `standards.registry.Registry`, or anything else that has them by name."""

    def codelist(self, id: str, /) -> Codelist:  # noqa: A002 - the field's word
        """Return the codelist of this name; StandardError where there is none."""
        ...


def register_codelist(engine: Engine, registry: Codelists, name: str) -> str:
    """Register a codelist's codes with their dates of validity; return the table's name."""
    table = f"quality_codes_{name.lower()}"
    engine.register_arrow(table, registry.codelist(name).table().select(["code", "valid_from", "valid_to"]))
    return table
