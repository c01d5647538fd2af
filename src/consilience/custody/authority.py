"""The configured time-stamp authorities, and the stamps over a store's published heads.

`authorities/<name>.pem` holds an authority's root certificates, `authorities/<name>.url` its address. At least two,
of different operators, so that one lost key does not take the time with it.
"""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from consilience.custody.register import Register
from consilience.custody.timestamp import Ask, request_stamp
from consilience.errors import ConsilienceError, CustodyError, StateError, UsageError
from consilience.ledger.durable import make_folder, write_files

AUTHORITIES_NEEDED = 2
_TIMEOUT_SECONDS = 30
_MAX_ANSWER_BYTES = 1 << 20


@dataclass(frozen=True)
class Authority:
    """One authority: root certificates (PEM) and the way to it."""

    roots: bytes
    ask: Ask


@dataclass(frozen=True)
class Stamped:
    """What came of stamping: the size of the head, who dated it, and who did not and why."""

    size: int
    dated_by: tuple[str, ...]
    missing: Mapping[str, str]


def load_authorities(root: Path) -> dict[str, Authority]:
    """Return the authorities configured in a store.

    Raises:
        UsageError: fewer than two, or an address is missing.
    """
    found: dict[str, Authority] = {}
    for path in sorted((root / "authorities").glob("*.pem")):
        address = path.with_suffix(".url")
        if not address.exists():
            raise UsageError(f"The authority {path.stem} has no address", expected=f"a file {address.name}")
        found[path.stem] = Authority(path.read_bytes(), over_http(address.read_text(encoding="utf-8").strip()))
    _check_count(found)
    return found


def _check_count(authorities: Mapping[str, Authority]) -> None:
    if len(authorities) < AUTHORITIES_NEEDED:
        raise UsageError(
            "Trusted time needs two authorities",
            found=str(len(authorities)),
            expected="two of different operators",
            remedy="Put NAME.pem (root certificates) and NAME.url into the folder authorities.",
        )


def stamp_head(register: Register, authorities: Mapping[str, Authority]) -> Stamped:
    """Publish what waits and have the head dated by every authority; call again for those that did not answer.

    Raises:
        UsageError: fewer than two authorities.
    """
    _check_count(authorities)
    register.publish()
    head = register.log.read()
    folder = register.root / "stamps" / f"{head.checkpoint.size:012d}"
    make_folder(folder)
    if not (folder / "checkpoint").exists():
        write_files(folder, {"checkpoint": head.signed}, scratch=register.scratch)
    message = (folder / "checkpoint").read_bytes()
    missing: dict[str, str] = {}
    for name, authority in authorities.items():
        if (folder / f"{name}.tsr").exists():
            continue
        try:
            token = request_stamp(message, authority.ask, authority.roots)
        except ConsilienceError as error:
            missing[name] = str(error)
            continue
        write_files(folder, {f"{name}.tsr": token}, scratch=register.scratch)
        write_files(folder, {f"{name}.pem": authority.roots}, scratch=register.scratch)
    dated = tuple(sorted(path.stem for path in folder.glob("*.tsr")))
    return Stamped(head.checkpoint.size, dated, missing)


def date_log(register: Register, authorities: Mapping[str, Authority]) -> None:
    """Have the log dated before something leaves; nothing happens when there are no authorities.

    Raises:
        CustodyError: an authority did not answer.
    """
    missing = stamp_head(register, authorities).missing if authorities else {}
    if missing:
        raise CustodyError("The log could not be dated", found="; ".join(missing.values()), remedy="Try again later.")


def over_http(url: str) -> Ask:
    """Return the way to an authority (RFC 3161, section 3.4).

    Raises:
        UsageError: not an http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError("The address of a time-stamp authority is not usable", expected="http://... or https://...")
    host, port = parts.hostname, parts.port

    def ask(query: bytes) -> bytes:
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(host, port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request("POST", parts.path or "/", query, {"Content-Type": "application/timestamp-query"})
            response = connection.getresponse()
            if response.status != http.client.OK:
                raise StateError(f"The time-stamp authority {host} refuses", found=f"status {response.status}")
            return response.read(_MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise StateError(f"The time-stamp authority {host} does not answer", remedy="Try again later.") from error
        finally:
            connection.close()

    return ask
