"""What the engine cannot read by itself: each different text is read once, by the model, and becomes a recoding.

Dates in words and ages in words repeat: ten million rows hold some thousands of different texts. Only these pass
through Python, never the rows.
"""

from collections.abc import Callable

from consilience.harmonise.expression import Translator

Reader = Callable[[str], tuple[str | None, ...] | None]


def residue(of: Translator, text: str, where: str, read: Reader) -> tuple[str, ...] | None:
    """Read every different text among the rows where `where` holds.

    Args:
        of: the translator of the source.
        text: SQL of the text.
        where: SQL, true for the rows whose text is left over.
        read: gives the parts of one text, or None where it is not understood.

    Returns:
        The names of one recoding for each part (the last part is never None for a text that was understood); None
        where nothing is left over.
    """
    left = of.engine.fetch(f"SELECT DISTINCT {text} AS text FROM clean WHERE {where}")["text"].to_pylist()
    if not left:
        return None
    understood = {each: parts for each in left if (parts := read(each)) is not None}
    width = max((len(parts) for parts in understood.values()), default=len(read("unknown") or ()) or 1)
    return tuple(of.recoding({each: parts[at] for each, parts in understood.items()}) for at in range(width))
