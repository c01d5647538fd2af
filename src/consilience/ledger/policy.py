r"""Trust policies: which logs, which witnesses, and how many of them must have co-signed (C2SP `tlog-policy`).

>>> policy = Policy.parse("quorum none\n")
>>> policy.quorum
'none'

Source: C2SP tlog-policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from consilience.errors import LedgerError
from consilience.ledger.checkpoint import Checkpoint, read_decimal
from consilience.ledger.note import COSIGNATURE, ED25519, Note, Verifier

NO_QUORUM = "none"


@dataclass(frozen=True)
class Group:
    """At least `threshold` of `members` (names of witnesses and groups) must have seen the checkpoint."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Trusted logs, named witnesses, named groups, and the name that must be satisfied.

    `log_urls` and `witness_urls` are for those who speak to a log or witness; verification never uses them.
    """

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Verifier]
    groups: Mapping[str, Group]
    quorum: str
    log_urls: Mapping[str, str]
    witness_urls: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a policy file.

        Raises:
            LedgerError: a line is malformed, a key or name comes twice, or the quorum is not given exactly once.
        """
        draft = _Draft()
        for number, line in enumerate(text.split("\n"), start=1):
            words = [word for word in line.replace("\t", " ").split(" ") if word]
            if words and not words[0].startswith("#"):
                draft.add(number, words, line)
        if draft.quorum is None:
            raise LedgerError("A policy names no quorum", expected="one line `quorum NAME` or `quorum none`")
        return cls(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum, draft.log_urls, draft.witness_urls)

    def check(self, signed: bytes, *, extra_logs: Iterable[Verifier] = ()) -> Checkpoint:
        """Return the checkpoint when a trusted log signed it and the quorum of witnesses co-signed it.

        Raises:
            LedgerError: one of both is missing.
        """
        checkpoint = Checkpoint.open(signed, [*self.logs, *extra_logs])
        if self.quorum != NO_QUORUM and not self._satisfied(self.quorum, self.seen_by(signed)):
            raise LedgerError(
                "Too few witnesses co-signed this checkpoint",
                found=", ".join(sorted(self.seen_by(signed))) or "no witness of the policy",
                expected=f"the quorum {self.quorum}",
            )
        return checkpoint

    def seen_by(self, signed: bytes) -> set[str]:
        """Return the policy's names of the witnesses whose cosignatures on this checkpoint hold."""
        note = Note.parse(signed)
        text = note.text.encode()
        return {
            name
            for name, verifier in self.witnesses.items()
            if any(verifier.holds(text, signature) for signature in note.signatures)
        }

    def _satisfied(self, name: str, seen: set[str]) -> bool:
        if name in self.witnesses:
            return name in seen
        group = self.groups[name]
        return sum(self._satisfied(member, seen) for member in group.members) >= group.threshold


class _Draft:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.log_urls: dict[str, str] = {}
        self.witness_urls: dict[str, str] = {}
        self.quorum: str | None = None
        self._grouped: set[str] = set()

    def add(self, number: int, words: list[str], line: str) -> None:
        """Take in one line, cut into words."""
        actions = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        if any(ord(char) < 0x20 and char != "\t" for char in line) or "\x7f" in line or words[0] not in actions:
            raise _line_error(number, "log, witness, group or quorum")
        actions[words[0]](number, words[1:])

    def _log(self, number: int, words: list[str]) -> None:
        if len(words) not in {1, 2}:
            raise _line_error(number, "log VKEY [URL]")
        key = Verifier.from_text(words[0])
        if key.algorithm != ED25519 or key.public_key in {known.public_key for known in self.logs}:
            raise _line_error(number, "a log's Ed25519 key that is not listed yet")
        self.logs.append(key)
        if words[1:]:
            self.log_urls[key.name] = words[1]

    def _witness(self, number: int, words: list[str]) -> None:
        if len(words) not in {2, 3}:
            raise _line_error(number, "witness NAME VKEY [URL]")
        name, key = self._new_name(number, words[0]), Verifier.from_text(words[1])
        if key.algorithm != COSIGNATURE or key.public_key in {known.public_key for known in self.witnesses.values()}:
            raise _line_error(number, "a witness's cosignature key that is not listed yet")
        self.witnesses[name] = key
        if words[2:]:
            self.witness_urls[name] = words[2]

    def _group(self, number: int, words: list[str]) -> None:
        if len(words) < 3:
            raise _line_error(number, "group NAME all|any|K MEMBER...")
        name, members = self._new_name(number, words[0]), tuple(words[2:])
        for member in members:
            if member in self._grouped or not self._known(member):
                raise _line_error(number, "members defined above, each in one group only, once")
            self._grouped.add(member)
        shorthand = {"any": 1, "all": len(members)}
        threshold = shorthand[words[1]] if words[1] in shorthand else read_decimal(words[1], "threshold")
        if not 1 <= threshold <= len(members):
            raise _line_error(number, f"a threshold from 1 to {len(members)}")
        self.groups[name] = Group(threshold, members)

    def _quorum(self, number: int, words: list[str]) -> None:
        if self.quorum is not None or len(words) != 1 or not (words[0] == NO_QUORUM or self._known(words[0])):
            raise _line_error(number, "one quorum, of a name defined above or none")
        self.quorum = words[0]

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _new_name(self, number: int, name: str) -> str:
        if name == NO_QUORUM or self._known(name):
            raise _line_error(number, "a name that is not used yet")
        return name


def _line_error(number: int, expected: str) -> LedgerError:
    return LedgerError(f"Line {number} of the policy is not usable", expected=expected)
