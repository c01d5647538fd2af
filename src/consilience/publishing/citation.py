"""How a release is cited: `CITATION.cff` (Citation File Format 1.2.0), written by hand, and one line of text."""

import json
from collections.abc import Sequence


def citation_line(*, publisher: str, title: str, version: str, released_on: str, digest: str) -> str:
    """Return one line to cite the release by; `digest` names its exact content."""
    return f"{publisher} ({released_on[:4]}). {title}, version {version}. Release sha256:{digest[:16]}."


def citation_cff(
    *, publisher: str, title: str, version: str, released_on: str, licence: str, lists: Sequence[str]
) -> str:
    """Return the text of CITATION.cff; `lists` are the citations of the sources."""
    quoted = json.dumps  # a JSON string is a YAML string
    lines = [
        "cff-version: 1.2.0",
        "message: Please cite this release, and the lists it was made from.",
        "type: dataset",
        f"title: {quoted(title, ensure_ascii=False)}",
        f"version: {quoted(version)}",
        f"date-released: {released_on}",
        f"license: {licence}",
        "authors:",
        f"  - name: {quoted(publisher, ensure_ascii=False)}",
        "references:",
    ]
    for entry in lists:
        lines += ["  - type: dataset", f"    title: {quoted(entry, ensure_ascii=False)}", "    authors:"]
        lines += [f"      - name: {quoted(entry, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"
