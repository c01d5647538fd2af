"""A first look at a text file: one pass in constant memory that finds what a reader must know before it starts.

The pass takes the digest, counts line ends of every kind, tells whether the bytes are UTF-8, and refuses at once what
is no list: nothing at all, a folder, a program, a line without an end.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from consilience.errors import FormatError

LONGEST_LINE = 2_000_000
_AROUND_FOREIGN = re.compile(rb"[^\r\n]{0,60}[\x80-\xff][^\r\n]{0,60}")
_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_MAGIC = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old Office document (xls, doc)",
    b"SQLite format 3": "an SQLite database",
}
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass found.

    Attributes:
        sha256: digest of the bytes as they are on disk.
        size: number of bytes.
        line_feeds, carriage_returns, pairs: how often LF, CR and CR LF occur (a pair counts in all three).
        utf8: whether all bytes are UTF-8.
        ascii: whether all bytes are ASCII.
        ends_open: whether the last line has no line end.
        head: the first bytes.
        foreign: bytes around those that are not ASCII, for guessing the encoding.
    """

    sha256: str
    size: int
    line_feeds: int
    carriage_returns: int
    pairs: int
    utf8: bool
    ascii: bool
    ends_open: bool
    head: bytes
    foreign: bytes

    @property
    def newline(self) -> str:
        """The kind of line end: LF, CRLF, CR, or mixed."""
        if self.carriage_returns == 0:
            return "LF"
        if self.line_feeds == 0:
            return "CR"
        if self.line_feeds == self.carriage_returns == self.pairs:
            return "CRLF"
        return "LF" if self.pairs == 0 else "mixed"

    @property
    def lines(self) -> int:
        """How many physical lines the file has, in an encoding of one byte a character."""
        ends = self.carriage_returns if self.newline == "CR" else self.line_feeds
        return ends + (1 if self.ends_open else 0)


def open_check(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises:
        FormatError: there is no such file, it is a folder, may not be read, or is empty.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except FileNotFoundError:
        raise FormatError(f"There is no file {path}", remedy="Check the path.") from None
    except IsADirectoryError:
        raise FormatError(
            f"{path} is a folder",
            expected="one file: CSV, XLSX, JSON Lines or Parquet",
            remedy="Name a file inside it.",
        ) from None
    except OSError as fault:
        raise FormatError(
            f"{path.name} cannot be read", found=fault.strerror or "", remedy="Check its rights."
        ) from None
    if not head:
        raise FormatError(
            f"{path.name} is empty", found="0 bytes", expected="a header line and rows", remedy="Export it again."
        )
    return head


def magic(head: bytes) -> str | None:
    """Return what the first bytes say a file is, where it is no text; None where they say nothing."""
    return next((kind for start, kind in _MAGIC.items() if head.startswith(start)), None)


def survey(path: Path) -> Survey:
    """Pass over a text file once.

    Raises:
        FormatError: it cannot be read, is empty, is no text, or has a line longer than `LONGEST_LINE` bytes.
    """
    head = open_check(path)
    if kind := magic(head):
        raise FormatError(
            f"{path.name} is not text", found=kind, expected="delimited text", remedy="Give it the ending of its kind."
        )
    return _Pass(path).run()


class _Pass:
    """The running totals of one pass."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._size = self._feeds = self._returns = self._pairs = self._since_end = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._utf8 = self._ascii = True
        self._last = b""
        self._head = b""
        self._foreign = bytearray()

    def run(self) -> Survey:
        for chunk in _chunks(self._path):
            self._head = self._head or chunk[:_SAMPLE]
            self._count(chunk)
            self._check_encoding(chunk)
        if self._utf8 and not self._ascii:
            self._utf8 = _decodes(self._decoder, b"", final=True)
        ends_open = self._last not in {b"\n", b"\r"}
        return Survey(
            self._digest.hexdigest(),
            self._size,
            self._feeds,
            self._returns,
            self._pairs,
            self._utf8,
            self._ascii,
            ends_open,
            self._head,
            bytes(self._foreign),
        )

    def _count(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._size += len(chunk)
        self._feeds += chunk.count(b"\n")
        returns = chunk.count(b"\r")
        if returns:
            self._returns += returns
            self._pairs += chunk.count(b"\r\n")
        if self._last == b"\r" and chunk.startswith(b"\n"):
            self._pairs += 1
        self._last = chunk[-1:]
        self._check_length(chunk)

    def _check_length(self, chunk: bytes) -> None:
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        first = min((at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0), default=len(chunk))
        if self._since_end + first > LONGEST_LINE:
            raise FormatError(
                f"{self._path.name} has a line without an end",
                found=f"more than {LONGEST_LINE:,} bytes after line {self._feeds or self._returns}",
                expected="rows, each on a line of its own",
                remedy="Export it again as a table; JSON in one piece is read as JSON when its name ends in .json.",
            )
        self._since_end = len(chunk) - end - 1 if end >= 0 else self._since_end + len(chunk)

    def _check_encoding(self, chunk: bytes) -> None:
        if self._ascii and chunk.isascii():
            return
        self._ascii = False
        if self._utf8:
            self._utf8 = _decodes(self._decoder, chunk, final=False)
        if len(self._foreign) < _SAMPLE:
            self._foreign += b"\n".join(_AROUND_FOREIGN.findall(chunk))[: _SAMPLE - len(self._foreign)]


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final=final)
    except UnicodeDecodeError:
        return False
    return True
