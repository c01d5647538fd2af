"""A plain document: sections of paragraphs, lists and tables, rendered as Markdown and as accessible HTML.

Notes are written once, as data, and appear in both forms.

>>> note = Document("Method", (Section("Counting", ("Every act once.",)),))
>>> print(markdown(note))
# Method
<BLANKLINE>
## Counting
<BLANKLINE>
Every act once.
<BLANKLINE>
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table of texts: a caption, a heading per column, rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, then points of a list, then tables."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Document:
    """A title and sections."""

    title: str
    sections: tuple[Section, ...]


def markdown(document: Document) -> str:
    """Return the document as CommonMark with pipe tables."""
    blocks = [f"# {document.title}"]
    for section in document.sections:
        blocks.append(f"## {section.heading}")
        blocks.extend(section.paragraphs)
        if section.points:
            blocks.append("\n".join(f"- {point}" for point in section.points))
        blocks.extend(_markdown_grid(grid) for grid in section.grids)
    return "\n\n".join(blocks) + "\n"


def _markdown_grid(grid: Grid) -> str:
    lines = [f"*{grid.caption}*", "", _pipe(grid.columns), _pipe(tuple("---" for _ in grid.columns))]
    return "\n".join([*lines, *(_pipe(row) for row in grid.rows)])


def _pipe(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def html(document: Document) -> str:
    """Return the sections as an HTML fragment whose headings begin at level 2; the page supplies the title."""
    return "\n".join(line for section in document.sections for line in _html_section(section)) + "\n"


def _html_section(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.heading)}</h2>"
    for paragraph in section.paragraphs:
        yield f"<p>{escape(paragraph)}</p>"
    if section.points:
        yield "<ul>" + "".join(f"<li>{escape(point)}</li>" for point in section.points) + "</ul>"
    for grid in section.grids:
        yield from _html_grid(grid)


def _html_grid(grid: Grid) -> Iterator[str]:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.columns)
    yield f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(grid.caption)}"><table>'
    yield f"<caption>{escape(grid.caption)}</caption><thead><tr>{head}</tr></thead><tbody>"
    for first, *rest in grid.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
