"""The one exception tree, grouped by what the caller can do about it.

    ConsilienceError
    ├── InputError          mend the input and try again                     (exit code 1)
    │   ├── FormatError         a file cannot be read as what it claims to be
    │   ├── ValueFormError      a date, place, age or number cannot be understood
    │   ├── StandardError       a codelist, indicator or crosswalk is at fault
    │   ├── MappingError        a mapping file is at fault, or does not fit its source
    │   └── StudyError          a study file is at fault, or does not fit its sources
    ├── UsageError          the call itself is wrong                         (exit code 2)
    ├── IntegrityError      something is not what it was signed to be        (exit code 3)
    │   ├── SnapshotError       a snapshot's files do not agree with its digests
    │   ├── ReleaseError        a release's files, signature or numbers do not hold
    │   ├── LedgerError         a note, proof, tile or checkpoint does not verify
    │   └── CustodyError        an exhibit, custody record or token does not verify
    ├── RefusalError        the data cannot carry what was asked, or a rule forbids it (exit code 3)
    │   ├── EstimationRefused   no number can honestly be given
    │   └── DisclosureRefused   a release would give somebody away
    └── StateError          somebody else is writing, or a store is damaged  (exit code 1)

A message is a full sentence for people: what was found, what was expected, what to do. It never contains a
name, a narrative or a rejected value of a protected field.

>>> print(FormatError("people.csv is empty", found="0 bytes", expected="a header line", remedy="Export it again."))
people.csv is empty. Found: 0 bytes. Expected: a header line. Export it again.
"""

from typing import ClassVar


class ConsilienceError(Exception):
    """Base of every error this package raises on purpose.

    Args:
        what: what is wrong and where (file, line, key), without the closing full stop.
        found: what was got; never a protected value.
        expected: what would have been right.
        remedy: what to do next, a full sentence.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, found: str = "", expected: str = "", remedy: str = "") -> None:
        self.what = what
        self.found = found
        self.expected = expected
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.found:
            parts.append(f"Found: {self.found}")
        if self.expected:
            parts.append(f"Expected: {self.expected}")
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)


class InputError(ConsilienceError):
    """Mend the input and try again."""


class FormatError(InputError):
    """A file cannot be read as what it claims to be."""


class ValueFormError(InputError, ValueError):
    """A date, place, age or number cannot be understood."""


class StandardError(InputError):
    """A codelist, indicator or crosswalk is at fault."""


class MappingError(InputError):
    """A mapping file is at fault, or does not fit its source."""


class StudyError(InputError):
    """A study file is at fault, or does not fit its sources."""


class UsageError(ConsilienceError):
    """The call itself is wrong."""

    exit_code = 2


class IntegrityError(ConsilienceError):
    """Something is not what it was signed to be."""

    exit_code = 3


class SnapshotError(IntegrityError):
    """A snapshot's files do not agree with its digests."""


class ReleaseError(IntegrityError):
    """A release's files, signature or numbers do not hold."""


class LedgerError(IntegrityError):
    """A note, proof, tile or checkpoint does not verify."""


class CustodyError(IntegrityError):
    """An exhibit, custody record or token does not verify."""


class RefusalError(ConsilienceError):
    """The data cannot carry what was asked, or a rule forbids it."""

    exit_code = 3


class EstimationRefused(RefusalError):  # noqa: N818 - a refusal is a result, not a fault
    """No number can honestly be given."""


class DisclosureRefused(RefusalError):  # noqa: N818 - a refusal is a result, not a fault
    """A release would give somebody away."""


class StateError(ConsilienceError):
    """Somebody else is writing, or a store is damaged."""
