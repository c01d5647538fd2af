"""Record-level open data: how alike are the records, and what must be blurred before they go out.

k-anonymity (Sweeney 2002), l-diversity (Machanavajjhala et al. 2007) and t-closeness (Li, Li and Venkatasubramanian
2007) are measured over the classes of records that share all quasi-identifiers. A record is made like others first by
global recoding (a code is replaced by its parent everywhere), then by local suppression (single values emptied).

>>> records = pa.table({"age": ["20", "20", "31", "45"], "area": ["N", "N", "S", "E"], "harm": list("xyxz")})
>>> risk(records, ["age", "area"], sensitive="harm").k
1
>>> safe = suppress_locally(records, ["age", "area"], k=2)
>>> safe.table.to_pydict()["age"], safe.emptied
(['20', '20', None, None], {'age': 2, 'area': 2})
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from consilience.disclosure.hierarchy import Hierarchy, Ints
from consilience.errors import DisclosureRefused, UsageError
from consilience.model.schema import Release, Table


@dataclass(frozen=True)
class RiskReport:
    """How alike the records are.

    Attributes:
        records: how many there are.
        classes: how many different combinations of quasi-identifiers.
        k: the size of the smallest class.
        unique: how many records are alone in their class.
        below: how many records are in classes smaller than the k that was asked.
        l: the fewest different sensitive values in a class; None without a sensitive column.
        t: the largest distance between a class's sensitive values and all records' (total variation).
        expected: records that a linker who knows all quasi-identifiers is expected to hit, sum of 1 / class size.
    """

    records: int
    classes: int
    k: int
    unique: int
    below: int
    l: int | None  # noqa: E741 - the name of the measure
    t: float | None
    expected: float


def _label(table: pa.Table, columns: Sequence[str]) -> Ints:
    """Number the classes: records with equal values in all columns have equal numbers; empty equals empty."""
    label = np.zeros(table.num_rows, np.int64)
    for name in columns:
        if name not in table.column_names:
            raise UsageError("The records lack a column", found=name, expected=", ".join(table.column_names))
        text = table[name].cast(pa.string()).fill_null("\x00").combine_chunks()
        codes = text.dictionary_encode().indices.to_numpy().astype(np.int64)
        _, label = np.unique(label * (codes.max(initial=0) + 1) + codes, return_inverse=True)
    return label.astype(np.int64)


def risk(table: pa.Table, quasi: Sequence[str], *, sensitive: str | None = None, k: int = 5) -> RiskReport:
    """Measure k-anonymity, l-diversity and t-closeness of records.

    Args:
        table: one row a record.
        quasi: columns that somebody outside may know.
        sensitive: the column nobody should learn.
        k: the class size that is asked.
    """
    label = _label(table, quasi)
    sizes = np.bincount(label)
    if not len(sizes):
        return RiskReport(0, 0, 0, 0, 0, None, None, 0.0)
    own = sizes[label]
    diversity, closeness = (None, None) if sensitive is None else _sensitive(label, _label(table, [sensitive]))
    return RiskReport(
        records=len(label),
        classes=len(sizes),
        k=int(sizes.min()),
        unique=int((sizes == 1).sum()),
        below=int((own < k).sum()),
        l=diversity,
        t=closeness,
        expected=float((1.0 / own).sum()),
    )


def _sensitive(label: Ints, value: Ints) -> tuple[int, float]:
    share = np.zeros((int(label.max()) + 1, int(value.max()) + 1))
    np.add.at(share, (label, value), 1.0)
    diversity = int((share > 0).sum(axis=1).min())
    everybody = share.sum(axis=0) / share.sum()
    share /= share.sum(axis=1, keepdims=True)
    return diversity, float(0.5 * np.abs(share - everybody).sum(axis=1).max())


def recode(table: pa.Table, column: str, tree: Hierarchy) -> pa.Table:
    """Replace every code of a column by its parent (global recoding).

    >>> tree = Hierarchy.over("area", [("Village", "District")])
    >>> recode(pa.table({"area": ["Village", "Town"]}), "area", tree)["area"].to_pylist()
    ['District', '_T']
    """
    codes = pc.unique(table[column].cast(pa.string()))
    above: Mapping[str, str] = {code: tree.lineage(code)[1] for code in codes.to_pylist() if code and code != "_T"}
    place = pc.index_in(table[column], pa.array(list(above), pa.string()))
    coarse = pa.array(list(above.values()), pa.string()).take(place.combine_chunks())
    return table.set_column(table.column_names.index(column), column, pc.coalesce(coarse, table[column]))


@dataclass(frozen=True)
class LocallySuppressed:
    """Records after local suppression: the table, and how many values were emptied in each column."""

    table: pa.Table
    emptied: dict[str, int]


def suppress_locally(
    table: pa.Table, quasi: Sequence[str], *, k: int, importance: Sequence[str] = ()
) -> LocallySuppressed:
    """Empty as few values as it takes until no class is smaller than k.

    Columns are emptied from the least to the most important, only in records whose class is too small. What is still
    too small then is emptied altogether, with the smallest other class where it has fewer than k records itself.

    Args:
        table: one row a record.
        quasi: the quasi-identifiers.
        k: the smallest class that may stay.
        importance: quasi-identifiers in order of importance, the most important first; the others come after.

    Raises:
        UsageError: there are fewer than k records.
    """
    if 0 < table.num_rows < k:
        raise UsageError(
            "There are fewer records than the class size asked", found=str(table.num_rows), expected=str(k)
        )
    order = [*(c for c in quasi if c not in importance)][::-1] + list(importance)[::-1]
    before = {name: table[name].null_count for name in quasi}
    for name in order:
        table = _emptied(table, name, _small(table, quasi, k))
    apart = _small(table, quasi, k)
    while 0 < apart.sum() < k:
        apart = apart | _smallest_class(table, quasi, apart)
    for name in order:
        table = _emptied(table, name, apart)
    return LocallySuppressed(table, {name: table[name].null_count - before[name] for name in quasi})


def _small(table: pa.Table, quasi: Sequence[str], k: int) -> NDArray[np.bool_]:
    label = _label(table, quasi)
    return np.asarray(np.bincount(label)[label] < k) if len(label) else np.zeros(0, bool)


def _smallest_class(table: pa.Table, quasi: Sequence[str], apart: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the records of the smallest class outside `apart`."""
    label = _label(table, quasi)
    sizes = np.bincount(label[~apart], minlength=int(label.max()) + 1)
    present = np.flatnonzero(sizes)
    return np.asarray((label == present[np.argmin(sizes[present])]) & ~apart)


def _emptied(table: pa.Table, name: str, which: NDArray[np.bool_]) -> pa.Table:
    column = pc.if_else(pa.array(which), pa.scalar(None, table[name].type), table[name])
    return table.set_column(table.column_names.index(name), name, column)


def releasable(columns: Sequence[str], table: Table, *, texts_agreed: frozenset[str] = frozenset()) -> None:
    """Refuse columns that a record-level release may not hold.

    A column without a codelist that holds words (names, narratives, the source's own words) goes out only if a person
    decided so.

    Raises:
        DisclosureRefused: the table never leaves the node, or a free text was not agreed to.
    """
    if table.release is Release.NODE:
        raise DisclosureRefused(f"The table {table.name} never leaves the node", remedy="Leave it out of the release.")
    free = [
        c.name
        for c in table.columns
        if c.name in columns
        and c.type == "VARCHAR"
        and c.codelist is None
        and not c.name.endswith(("_id", "_edtf"))
        and c.name not in texts_agreed
    ]
    if free:
        raise DisclosureRefused(
            "Free text is never released without a person's decision",
            found=", ".join(free),
            expected="columns with a codelist, or texts that a named person has read and agreed to",
        )
