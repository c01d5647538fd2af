"""What the engine cannot read by itself: each different text is read once, by the model, and becomes a recoding.

Dates in words and ages in words repeat: ten million rows hold some thousands of different texts. Only these pass
through Python, never the rows.
"""

from collections.abc import Callable

from consilience.harmonise.expression import Translator

Reader = Callable[[str], tuple[str | None, ...] | None]


def residue(of: Translator, text: str, where: str, read: Reader, width: int) -> tuple[str, ...] | None:
    """Read every different text among the rows where `where` holds.

    Args:
        of: the translator of the source.
        text: SQL of the text.
        where: SQL, true for the rows whose text is left over.
        read: gives the parts of one text, or None where it is not understood.
        width: how many parts it gives.

    Returns:
        SQL of each part, NULL where nothing is left over of a row (the last part is never NULL for a text that was
        understood); None where no row is left over.
    """
    rest = of.derive(f"CASE WHEN {where} THEN {text} END")
    left = of.words(rest)
    if not left:
        return None
    parts = {each: read(each) or (None,) * width for each in left}
    return tuple(f"{of.recoding({each: found[at] for each, found in parts.items()})}({rest})" for at in range(width))
