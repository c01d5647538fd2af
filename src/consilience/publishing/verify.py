"""Checking a release with nothing but the release and a key one trusts: no account, no server, no network.

Each check is named. A fault names the file, what was found and what was expected. What is outside this module:
recomputing the numbers from the snapshot (`consilience.study.recompute`), for those who may hold the snapshot.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from consilience.errors import LedgerError, ReleaseError
from consilience.formats.digest import sha256_bytes, sha256_file
from consilience.ledger.note import Note, Verifier
from consilience.ledger.policy import Policy
from consilience.publishing.logged import PROOF, check_logged
from consilience.publishing.release import FORMAT, HEAD, NOTE, OUTSIDE_THE_LIST, release_note

OBSERVATIONS = "data/observations"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its outcome; `detail` is a sentence, `file` the file it speaks of (empty: the whole release)."""

    name: str
    holds: bool
    detail: str
    file: str = ""

    @classmethod
    def passed(cls, name: str, detail: str) -> "Check":
        """Return a check that holds."""
        return cls(name, holds=True, detail=detail)

    @classmethod
    def failed(cls, name: str, detail: str, file: str = "") -> "Check":
        """Return a check that does not hold, with the file at fault."""
        return cls(name, holds=False, detail=detail, file=file)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Every check that was made. `signed_by` are the names of trusted keys whose signature holds."""

    release: str
    digest: str
    signed_by: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    def with_checks(self, more: Sequence[Check]) -> "VerifyReport":
        """Return the report with further checks."""
        return VerifyReport(self.release, self.digest, self.signed_by, (*self.checks, *more))

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values; the keys are documented in docs/reference/verify.md."""
        return {
            "holds": self.holds,
            "release": self.release,
            "digest": self.digest,
            "signed_by": list(self.signed_by),
            "checks": [
                {"check": c.name, "holds": c.holds, "detail": c.detail, **({"file": c.file} if c.file else {})}
                for c in self.checks
            ],
        }


def verify_release(folder: Path, trusted: Sequence[Verifier], policy: Policy | None = None) -> VerifyReport:
    """Check digests, completeness, signature, ledger inclusion and the numbers' inner agreement.

    Args:
        folder: the release.
        trusted: keys the caller trusts. Without any, the signature is checked against the key the release names
            itself, and the report says that nobody vouches for that key.
        policy: which witnesses must have co-signed the ledger's checkpoint (C2SP tlog-policy).

    Raises:
        ReleaseError: the folder is no release at all (no readable release.json).
    """
    raw, head = read_head(folder)
    digest = sha256_bytes(raw)
    signed_by, signature = _signature(folder, head, digest, trusted)
    checks = [signature, *_ledger(folder, head, digest, trusted, policy), *_files(folder, head)]
    if all(check.holds for check in checks):
        checks += _numbers(folder)
    return VerifyReport(str(head["id"]), digest, signed_by, tuple(checks))


def read_head(folder: Path) -> tuple[bytes, dict[str, Any]]:
    """Return release.json as bytes and as values. Raises ReleaseError when the folder is no release."""
    path = folder / HEAD
    try:
        raw = path.read_bytes()
        head = json.loads(raw)
    except FileNotFoundError:
        raise ReleaseError(f"{folder} is not a release", expected=f"a folder with {HEAD}") from None
    except (ValueError, OSError) as fault:
        raise ReleaseError(f"{path} cannot be read", found=type(fault).__name__, expected="JSON in UTF-8") from None
    if not _is_shaped(head):
        raise ReleaseError(f"{path} does not describe a release", expected=f'"format": "{FORMAT}", an id and files')
    return raw, head


def _is_shaped(head: Any) -> bool:
    if not isinstance(head, dict) or head.get("format") != FORMAT or not isinstance(head.get("id"), str):
        return False
    files = head.get("files")
    return isinstance(files, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("path"), str) and isinstance(entry.get("sha256"), str)
        for entry in files
    )


def _signature(
    folder: Path, head: Mapping[str, Any], digest: str, trusted: Sequence[Verifier]
) -> tuple[tuple[str, ...], Check]:
    try:
        note = Note.parse((folder / NOTE).read_bytes())
        names = tuple(note.verify(trusted or [Verifier.from_text(str(head.get("key", "")))]))
    except FileNotFoundError:
        return (), Check.failed("signature", f"{NOTE} is missing.", NOTE)
    except LedgerError as fault:
        return (), Check.failed("signature", str(fault), NOTE)
    if note.text != release_note(str(head["id"]), digest).text:
        detail = f"{HEAD} is not what was signed: its SHA-256 is {digest}, the signed note names another."
        return (), Check.failed("signature", detail, HEAD)
    if trusted:
        return names, Check.passed("signature", f"Signed by {', '.join(names)}, a key you trust.")
    detail = (
        f"Signed by {names[0]}, the key the release names itself. Compare it with its owner, then give it with --key."
    )
    return (), Check.passed("signature", detail)


def _ledger(
    folder: Path, head: Mapping[str, Any], digest: str, trusted: Sequence[Verifier], policy: Policy | None
) -> Iterator[Check]:
    if "ledger" not in head:
        if policy is not None:
            yield Check.failed("ledger", "A policy was given, but the release names no ledger.", HEAD)
        return
    try:
        keys = trusted or [Verifier.from_text(str(head.get("key", "")))]
        detail = check_logged(folder, head, digest, keys, policy)
    except LedgerError as fault:
        yield Check.failed("ledger", str(fault), PROOF)
    else:
        yield Check.passed("ledger", detail)


def _files(folder: Path, head: Mapping[str, Any]) -> list[Check]:
    listed = {str(entry["path"]): str(entry["sha256"]) for entry in head["files"]}
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()
    } - OUTSIDE_THE_LIST
    missing = [Check.failed("files", "The file is listed but missing.", path) for path in sorted(set(listed) - present)]
    foreign = [
        Check.failed("files", "The file is not part of the release.", path) for path in sorted(present - set(listed))
    ]
    faults = [*missing, *_changed(folder, {path: listed[path] for path in sorted(present & set(listed))}), *foreign]
    return faults or [Check.passed("files", f"All {len(listed)} files are there, unchanged; none is foreign.")]


def _changed(folder: Path, listed: Mapping[str, str]) -> Iterator[Check]:
    for path, expected in listed.items():
        found = sha256_file(folder / path)
        if found != expected:
            yield Check.failed("files", f"The file was changed. Found: {found}. Expected: {expected}.", path)


def _numbers(folder: Path) -> Iterator[Check]:
    table = pq.read_table(folder / f"{OBSERVATIONS}.parquet")
    types = dict(zip(table.schema.names, table.schema.types, strict=True))
    written = pa_csv.read_csv(
        folder / f"{OBSERVATIONS}.csv",
        convert_options=pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""]),
    )
    if written.equals(table):
        yield Check.passed("numbers", f"{table.num_rows} observations, the same in CSV and Parquet.")
    else:
        yield Check.failed("numbers", "CSV and Parquet differ.", f"{OBSERVATIONS}.csv")
    wrong = _out_of_bounds(table)
    if wrong:
        yield Check.failed("bounds", f"{wrong} values lie outside their bounds.", f"{OBSERVATIONS}.csv")
    else:
        yield Check.passed("bounds", "Every value lies within its bounds.")


def _out_of_bounds(table: pa.Table) -> int:
    value, low, high = (table[name] for name in ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND"))
    outside = pc.or_kleene(pc.less(value, low), pc.greater(value, high))
    return int(pc.sum(pc.fill_null(outside, False)).as_py() or 0)  # noqa: FBT003 - pyarrow's own signature
