"""Progress on a terminal, on stderr; silence where nobody watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from consilience.study.run import Progress


@contextmanager
def progress_lines() -> Iterator[Progress | None]:
    """Yield a function that shows what is being done now; None where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    console = Console(stderr=True)
    with console.status("starting") as status:
        yield lambda subject, step: status.update(f"{subject}: {step}")
