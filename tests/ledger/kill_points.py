"""Ends a writer at every file operation in turn: one copy of a log per point; run by test_kill.py.

Python announces each opening, renaming, making and removing of a file to an audit hook; the hook ends the process
at the n-th one, as a kill would, without any clean-up.
"""

import os
import shutil
import sys
from pathlib import Path

from consilience.ledger.log import Log

WATCHED = {"open", "os.rename", "os.mkdir", "os.truncate", "os.remove", "os.rmdir", "shutil.rmtree"}


def work(folder, point):
    """Append across a tile boundary and publish twice, writing down each acknowledgement; end at `point`."""
    acknowledged = os.open(folder.parent / f"{point}.acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    left = [point]

    def end_here(event, _):
        left[0] -= event in WATCHED
        if left[0] < 0:
            os._exit(9)

    sys.addaudithook(end_here)
    with Log.open(folder) as log:
        for _ in range(2):
            log.append_events([{"n": number} for number in range(5)])
            os.write(acknowledged, b"%d\n" % log.size)
            log.publish()
            log.append([b"raw"] * 3)
            os.write(acknowledged, b"%d\n" % log.size)
    os._exit(0)


def main(start):
    for point in range(1_000):
        folder = start.parent / str(point)
        shutil.copytree(start, folder)
        child = os.fork()
        if child == 0:
            work(folder, point)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            sys.stdout.write(f"{point}\n")
            return


main(Path(sys.argv[1]))
