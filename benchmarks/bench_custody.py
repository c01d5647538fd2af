"""Sealing against the machine's own limit for the same three operations, and its memory.

    python benchmarks/bench_custody.py [--mib 512]

The limit is what `openssl speed` says of SHA-256 twice and ChaCha20-Poly1305 once, in sequence on one core.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyrage

PROGRAM = """
import re, sys, time
from pathlib import Path
from consilience.custody.seal import open_sealed, seal
root = Path(sys.argv[1])
begin, cpu = time.perf_counter(), time.process_time()
with open(root / "big", "rb") as source:
    sealed = seal(source, root / "objects", sys.argv[2:4], scratch=root / "scratch")
middle, cpu_middle = time.perf_counter(), time.process_time()
cpu = cpu_middle - cpu
open_sealed(sealed, root / "objects", root / "copy", sys.argv[4])
end, opening = time.perf_counter(), time.process_time() - cpu_middle
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(middle - begin, end - middle, cpu, opening, peak)
"""


def openssl_speed(*algorithm: str) -> float:
    """Return bytes per second that OpenSSL reaches with blocks of 16 KiB."""
    command = ["openssl", "speed", "-seconds", "2", "-bytes", "16384", *algorithm]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"([0-9.]+)k", text)[-1]) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=512)
    size = parser.parse_args().mib << 20
    keys = [pyrage.x25519.Identity.generate() for _ in range(2)]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        with (root / "big").open("wb") as stream:
            block = bytes(range(256)) * 4096
            for _ in range(size >> 20):
                stream.write(block)
        sha, cipher = openssl_speed("-evp", "sha256"), openssl_speed("-evp", "chacha20-poly1305")
        limit = 1 / (2 / sha + 1 / cipher)
        begin = time.perf_counter()
        command = [sys.executable, "-c", PROGRAM, name, *(str(key.to_public()) for key in keys), str(keys[0])]
        done = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        taken = time.perf_counter() - begin
    wall, cpu, memory = [float(text) for text in done[:2]], [float(text) for text in done[2:4]], int(done[4]) / 1024
    print(f"limit: SHA-256 {sha / 1e9:.2f}, ChaCha20-Poly1305 {cipher / 1e9:.2f}, in sequence {limit / 1e9:.3f} GB/s")
    # OpenSSL counts the processor's time, so that is what is compared; the wall clock depends on who else is at work.
    for name, busy, waited, aim in (("seal", cpu[0], wall[0], "aim 0.4"), ("open", cpu[1], wall[1], "")):
        ours, clock = size / busy, size / waited
        by_clock = f"by the wall clock {clock / 1e9:.3f} GB/s"
        print(f"{name}  {ours / 1e9:.3f} GB/s  {ours / limit:.2f} of the limit  {aim}  ({by_clock})")
    print(f"memory at its highest {memory:.0f} MiB  aim below 64 MiB  ({taken:.0f} s in all)")


main()
