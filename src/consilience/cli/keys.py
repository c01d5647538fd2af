"""Where signing keys and trusted keys lie on this machine.

`CONSILIENCE_HOME` (default `~/.local/share/consilience`) holds `keys/node.skey`, readable by its owner only, beside it
its public half `keys/node.vkey` and its ledger `keys/node.ledger/`, and `keys/trusted/*.vkey`, the keys of partners
whose releases may be relied on.
"""

import os
import secrets
from pathlib import Path

import click

from consilience.errors import LedgerError, UsageError
from consilience.ledger.note import Signer, Verifier
from consilience.publishing.logged import Seal


def home() -> Path:
    """Return the folder that holds this machine's keys."""
    declared = os.environ.get("CONSILIENCE_HOME")
    return Path(declared) if declared else Path.home() / ".local" / "share" / "consilience"


def signer(path: Path | None) -> Signer:
    """Return the signing key at `path`, or this machine's own, which is made when there is none yet."""
    if path is not None and not path.is_file():
        raise UsageError(f"There is no signing key at {path}", remedy="Leave --key out to use this machine's own key.")
    place = path or home() / "keys" / "node.skey"
    if not place.is_file():
        return make_signer(place)
    try:
        return Signer.from_text(place.read_text(encoding="utf-8"))
    except (LedgerError, UnicodeDecodeError) as fault:
        raise UsageError(f"{place} does not hold a signing key", remedy="Restore it, or name another file.") from fault


def seal(path: Path | None) -> Seal:
    """Return the key at `path` (by default this machine's own) with its ledger, which lies beside it."""
    place = path or home() / "keys" / "node.skey"
    return Seal(signer(path), place.with_suffix(".ledger"))


def make_signer(place: Path) -> Signer:
    """Make a key at `place` (mode 0600) with its public half beside it, and say so."""
    made = Signer.generate(f"consilience.invalid/{secrets.token_hex(4)}")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(made.skey + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    public = place.with_suffix(".vkey")
    public.write_text(made.verifier().vkey + "\n", encoding="utf-8")
    click.echo(f"A signing key was made: {place}. Its public half, for those who check: {public}.", err=True)
    return made


def trusted(given: tuple[str, ...]) -> list[Verifier]:
    """Return the keys to check with: those given (text or file), else this machine's own and its partners'."""
    if given:
        return [_verifier(text) for text in given]
    keys = home() / "keys"
    return [
        _verifier(str(path)) for path in (keys / "node.vkey", *sorted(keys.glob("trusted/*.vkey"))) if path.is_file()
    ]


def _verifier(text: str) -> Verifier:
    path = Path(text)
    try:
        content = path.read_text(encoding="utf-8") if path.is_file() else text
        return Verifier.from_text(content.strip())
    except (LedgerError, OSError, UnicodeDecodeError):
        raise UsageError(
            "--key is neither a public key nor a file that holds one",
            expected="name+hash+base64, or a .vkey file",
            remedy="Ask the publisher for the key, by another way than the release itself.",
        ) from None
