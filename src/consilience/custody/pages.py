"""The pages of a court bundle: the index (CSV and HTML) and the one-page guide, whose commands a test runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from html import escape

STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #777;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}pre{background:#f2f2f2;padding:.7rem;white-space:pre-wrap}"
    "@media print{body{margin:0}}"
)


@dataclass(frozen=True)
class Row:
    """One line of the index."""

    exhibit: str
    role: str
    name: str
    media_type: str
    plain_bytes: int
    digest_sha256: str
    file: str
    redaction: str
    events: int
    custodian: str


def index_csv(rows: Iterable[Row]) -> str:
    """Return the index as CSV; text that a spreadsheet would run as a formula is made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in fields(Row)])
    writer.writerows([_harmless(value) for value in astuple(row)] for row in rows)
    return text.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def index_html(rows: Sequence[Row], *, made: str, by: str) -> str:
    """Return the index as one page."""
    head = "".join(f'<th scope="col">{escape(field.name.replace("_", " "))}</th>' for field in fields(Row))
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in astuple(row)) + "</tr>\n" for row in rows
    )
    text = (
        f"<h1>Index of exhibits</h1>\n<p>Made {escape(made)} by {escape(by)}. How to check everything in this folder: "
        f'<a href="GUIDE.html">guide</a>.</p>\n<table>\n<caption>Items, with the SHA-256 of their content</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
    )
    return _page("Index of exhibits", text)


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n'
        f"{body}</main>\n</body>\n</html>\n"
    )


# Each step: heading, what it shows, and the shell commands, which end with an error when something does not hold.
STEPS = (
    (
        "1. Nothing in this folder was changed, added or left out",
        "The list of files is checked, and then the signature over the list. Any program for C2SP signed notes will do "
        "(here it is called note-verify KEY-FILE NOTE-FILE). Compare the fingerprint of the key with the one you were "
        "given by another way.",
        "sha256sum --check --quiet manifest.sha256\n"
        'note-verify "{key}" manifest.note\n'
        "grep -qx \"$(sha256sum manifest.sha256 | cut -d ' ' -f 1)\" manifest.note",
    ),
    (
        "2. The items are those of the record",
        "A sealed item is named by the SHA-256 of its bytes.",
        "for file in items/*.age; do\n"
        '  [ "$(sha256sum < "$file" | cut -d \' \' -f 1)" = "$(basename "$file" .age)" ] || exit 1\n'
        "done",
    ),
    (
        "3. The content is what was collected",
        "Who holds a key opens the items with age; the digest of the content stands in index.csv and in the first note "
        "of the exhibit's record.",
        "for file in items/*.age; do\n"
        '  digest=$(age --decrypt --identity "$IDENTITY" "$file" | sha256sum | cut -d \' \' -f 1)\n'
        '  grep -q "$digest" index.csv || exit 1\n'
        "done",
    ),
    (
        "4. Each event is signed, follows the one before it, and stands in the log",
        "A note carries the SHA-256 of the note before it. Its opening is 32 random bytes and the text that was "
        "logged, which holds the SHA-256 of the note; the SHA-256 of the opening is the entry in the log. Any program "
        "for C2SP tlog-proof checks that (here: tlog-proof-verify KEY-FILE PROOF-FILE ENTRY-IN-HEX).",
        "for folder in record/*/; do\n"
        "  previous=$(printf '0%.0s' $(seq 64))\n"
        '  for note in "$folder"*.note; do\n'
        '    stem="${note%.note}"\n'
        '    [ "$(sed -n 4p "$note")" = "$previous" ] || exit 1\n'
        "    previous=$(sha256sum < \"$note\" | cut -d ' ' -f 1)\n"
        '    tail -c +33 "$stem.opening" | grep -q "\\"note\\":\\"$previous\\"" || exit 1\n'
        "    entry=$(sha256sum < \"$stem.opening\" | cut -d ' ' -f 1)\n"
        "    held=1\n"
        "    for key in keys/*.vkey; do\n"
        '      note-verify "$key" "$note" && tlog-proof-verify "$key" "$stem.tlog-proof" "$entry" && held=0\n'
        "    done\n"
        '    [ "$held" = 0 ] || exit 1\n'
        "  done\n"
        "done",
    ),
    (
        "5. The log's heads were seen by two time-stamp authorities",
        "Each head has the tokens of at least two authorities. When an authority's certificate has expired since, add "
        "-attime with the seconds of the time that openssl ts -reply -in FILE -text shows.",
        "for head in logs/*/*/checkpoint; do\n"
        '  folder="${head%/checkpoint}"; count=0\n'
        '  for token in "$folder"/*.tsr; do\n'
        '    openssl ts -verify -data "$head" -in "$token" -CAfile "${token%.tsr}.pem" || exit 1\n'
        "    count=$((count + 1))\n"
        "  done\n"
        '  [ "$count" -ge 2 ] || exit 1\n'
        "done",
    ),
)


def guide_html(*, made: str, key_file: str, fingerprint: str) -> str:
    """Return the guide."""
    steps = "".join(
        f'<h2>{escape(title)}</h2>\n<p>{escape(text)}</p>\n<pre class="check">'
        f"{escape(commands.replace('{key}', key_file))}</pre>\n"
        for title, text, commands in STEPS
    )
    text = (
        "<h1>How to check this folder</h1>\n"
        f"<p>Made {escape(made)}. The folder holds exhibits, the signed record of each, and proofs that nothing was "
        "altered since. Checking needs no account, no server and no network.</p>\n"
        f"<p>Fingerprint of the signing key: <code>{escape(fingerprint)}</code>. Compare it with the one that you "
        "received by another way; everything below rests on it.</p>\n"
        "<h2>With one command</h2>\n<pre>consilience custody verify .</pre>\n"
        "<p>Exit code 0: all holds. Exit code 3: it names what does not.</p>\n"
        f"{steps}"
        "<p>What this shows: who signed what, in which order, that it stood in the log when the authorities dated its "
        "head, and that the items are the ones recorded. What it cannot show: that what was recorded is true.</p>\n"
    )
    return _page("How to check this folder", text)
