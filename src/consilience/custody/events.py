"""What a custody record can say: one model per act, with what the Berkeley Protocol wants to know about it.

Every event has an `act`, the UTC `time` at which it was recorded and `by`, a reference to the person (never a name).
Free text that describes people does not belong here: refer to the case file.

>>> event = read_event({"act": "view", "time": "2026-03-01T10:00:00Z", "by": "analyst-3", "reason": "verification"})
>>> event.act, event.time.isoformat()
('view', '2026-03-01T10:00:00+00:00')

Source: Berkeley Protocol on Digital Open Source Investigations (HR/PUB/20/2), paragraphs 153 to 155 and 167.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from consilience.errors import CustodyError

Role = Literal["original", "page-source", "capture", "embedded-media", "metadata", "context", "derivative"]
ROLES: tuple[str, ...] = get_args(Role)
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
HexDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Size = Annotated[int, Field(ge=0, le=2**53 - 1)]


def _in_utc(time: datetime) -> datetime:
    if time.utcoffset() is None:
        raise ValueError("a time needs its zone")
    return time.astimezone(UTC)


UtcTime = Annotated[datetime, AfterValidator(_in_utc)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tool(_Part):
    """A program and its version."""

    name: Text
    version: Text


class Item(_Part):
    """One sealed object: address of the ciphertext, digest and size of the plaintext, and what it is.

    `role` says how it belongs to the exhibit; `media_type` is that of the plaintext.
    """

    role: Role
    address: HexDigest
    digest: HexDigest
    algorithm: Literal["sha-256"] = "sha-256"
    plain_bytes: Size
    sealed_bytes: Size
    media_type: Text
    name: Text | None = None


class NotCollected(_Part):
    """What was searched for, where, and what was found but not taken, with the reason."""

    searched: Text
    terms: tuple[Text, ...] = ()
    left_out: Text
    reason: Text


class Resealed(_Part):
    """The same content under another key: the digest of the plaintext, and the new address and size."""

    digest: HexDigest
    address: HexDigest
    sealed_bytes: Size


class _Event(_Part):
    time: UtcTime
    by: Text


class Assessment(_Event):
    """Preliminary assessment before collection."""

    act: Literal["assessment"]
    relevance: Text
    reliability: Text
    removal_risk: Text
    safety: Text
    duty_of_care: Text


class Acquisition(_Event):
    """How the exhibit came in. `origin` is the exact URL, or where and from whom it came."""

    act: Literal["acquisition"]
    origin: Text
    collector: Text
    tool: Tool
    machine: Text | None = None
    virtual_identity: Text | None = None
    acquired: UtcTime
    reason: Text
    legal_basis: Text
    items: tuple[Item, ...] = Field(min_length=1)
    not_collected: tuple[NotCollected, ...] = Field(min_length=1)


class Access(_Event):
    """A view, download, export or search of the content; `copies` are those sealed anew for a recipient."""

    act: Literal["view", "download", "export", "search"]
    reason: Text
    copies: tuple[Resealed, ...] = ()


class Copy(_Event):
    """A working copy that was made; the original stays where it is."""

    act: Literal["copy"]
    reason: Text
    digest: HexDigest
    place: Text


class Conversion(_Event):
    """A derivative: which item it comes from, which tool made it, what was altered."""

    act: Literal["conversion"]
    source: HexDigest
    result: Item
    tool: Tool
    altered: Text


class Transfer(_Event):
    """Handing over, signed by both parties in one note.

    `sender` and `receiver` are the names of their keys; `copies` tell under which addresses the receiver holds what
    was sealed anew for it. By signing, the receiver says that it opened them and found `digest_after`.
    """

    act: Literal["transfer"]
    sender: Text
    receiver: Text
    authority: Text
    received_by: Text
    digest_before: HexDigest
    digest_after: HexDigest
    copies: tuple[Resealed, ...]


class Analysis(_Event):
    """Verification work: analysis of source, technique or content."""

    act: Literal["analysis"]
    kind: Literal["source", "technical", "content"]
    method: Text
    result: Text
    limits: Text


class Fixity(_Event):
    """A re-reading: how many items were found unchanged, changed, missing."""

    act: Literal["fixity"]
    unchanged: Size
    changed: tuple[HexDigest, ...] = ()
    missing: tuple[HexDigest, ...] = ()


class Embargo(_Event):
    """Until when, and why, the exhibit is not to be shown outside."""

    act: Literal["embargo"]
    until: UtcTime
    reason: Text


class Disposition(_Event):
    """The end: what was done with the content under which authority. The tombstone keeps the digests."""

    act: Literal["disposition"]
    outcome: Literal["destroyed", "returned", "archived"]
    authority: Text
    reason: Text
    tombstone: tuple[HexDigest, ...] = Field(min_length=1)


Event = Annotated[
    Assessment | Acquisition | Access | Copy | Conversion | Transfer | Analysis | Fixity | Embargo | Disposition,
    Field(discriminator="act"),
]
_READ: TypeAdapter[Event] = TypeAdapter(Event)


def read_event(values: Any) -> Event:
    """Return the event described by JSON values.

    Raises:
        CustodyError: a field is missing, unknown or malformed; names the fields, never their content.
    """
    try:
        return _READ.validate_python(values)
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in fault["loc"]) or "act" for fault in error.errors()})
        raise CustodyError(
            "A custody event is not complete",
            found=f"faults in {', '.join(places)}",
            expected="see docs/reference/custody.md",
        ) from None


def write_event(event: Event) -> dict[str, Any]:
    """Return the event as JSON values; times in UTC with a Z, absent values left out."""
    written: dict[str, Any] = _READ.dump_python(event, mode="json", exclude_none=True)
    return written
