"""`consilience node`: run the web application of one organisation."""

import os
import shutil
import tempfile
from pathlib import Path

import click

from consilience.errors import UsageError

LOOPBACK = ("127.", "localhost:", "[::1]:")


@click.group()
def node() -> None:
    """Run this organisation's node."""


@node.command()
@click.option(
    "--releases",
    "folders",
    multiple=True,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A release, or a folder of releases; may be given several times.",
)
@click.option("--address", default="127.0.0.1:8000", show_default=True, help="Where to listen: host:port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
def serve(folders: tuple[Path, ...], address: str, workers: int) -> None:
    """Serve the public pages of RELEASES.

    On this machine alone (127.0.0.1) nothing has to be configured. To open the node to other machines, set
    CONSILIENCE_SECRET_KEY and CONSILIENCE_ALLOWED_HOSTS.
    """
    host, port = parse_address(address)
    check_exposure(address, os.environ)
    static = tempfile.mkdtemp(prefix="consilience-static-")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "consilience.node.settings",
        "CONSILIENCE_RELEASES": os.pathsep.join(str(folder.resolve()) for folder in folders),
        "CONSILIENCE_STATIC_ROOT": static,
    }
    try:
        _serve(host, port, workers)
    finally:
        shutil.rmtree(static, ignore_errors=True)


def parse_address(address: str) -> tuple[str, int]:
    """Read `host:port`, the host of IPv6 in brackets."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError("The address cannot be used", found=address, expected="host:port, such as 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def check_exposure(address: str, environment: "os._Environ[str] | dict[str, str]") -> None:
    """Refuse to listen for other machines with a passing key or for any host name."""
    if address.startswith(LOOPBACK):
        return
    missing = [name for name in ("CONSILIENCE_SECRET_KEY", "CONSILIENCE_ALLOWED_HOSTS") if not environment.get(name)]
    if missing:
        raise UsageError(
            f"The address {address} can be reached from other machines",
            found=f"no {' and no '.join(missing)} in the environment",
            expected="a secret key of this node, and the host names it answers to",
            remedy="Set them, or listen on 127.0.0.1 behind a reverse proxy. See docs/how-to/run-a-node.md.",
        )


def _serve(host: str, port: int, workers: int) -> None:
    import django
    from django.core.management import call_command
    from granian import Granian
    from granian.constants import Interfaces

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    click.echo(f"Serving on http://{host if ':' not in host else f'[{host}]'}:{port}/ (stop with Ctrl-C)", err=True)
    server = Granian(
        "consilience.node.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_enabled=False,
    )
    server.serve()
