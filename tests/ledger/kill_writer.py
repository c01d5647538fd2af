"""Appends and publishes without end, and reports each acknowledgement; run by test_kill.py, which kills it."""

import os
import sys
from pathlib import Path

from consilience.ledger.log import Log


def main(folder, batch):
    with Log.open(Path(folder)) as log:
        while True:
            start = log.size
            log.append([b"entry %d" % (start + number) for number in range(batch)])
            os.write(1, b"A%d\n" % log.size)
            log.append_event({"n": log.size})
            os.write(1, b"A%d\n" % log.size)
            log.publish()
            os.write(1, b"P%d\n" % log.size)


main(sys.argv[1], int(sys.argv[2]))
