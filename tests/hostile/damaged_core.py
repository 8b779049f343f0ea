#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures through the core, which is built with sanitizers.

Usage: damaged_core.py FUZZ_FEED [--runs N] [--first I] [--seed S] [--every-length] [--log FILE]

The damaged files are those of whole_program.py. Each is written as a story of fuzz_feed, which
feeds it, asks for every report and table, and checks what they promise. FILE gets the names of the
stories; a failure ends with the name of the one that broke something.
"""
import argparse
import logging
import pathlib
import subprocess
import sys
import tempfile

import damage

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fuzz"))
import make_seeds  # noqa: E402
from scapy.error import Scapy_Exception  # noqa: E402
from scapy.utils import PcapReader  # noqa: E402


def readable_packets(path):
    """As many as scapy reads before the damage stops it."""
    packets = []
    try:
        with PcapReader(str(path)) as reader:
            for packet in reader:
                packets.append(packet)
    except (Scapy_Exception, EOFError, ValueError, OverflowError, KeyError, IndexError):
        pass
    return packets


def write_story(path, folder):
    packets = readable_packets(path)
    path.unlink()
    if packets:
        (folder / path.stem).write_bytes(make_seeds.story(packets))
    return bool(packets)


def damaged_files(folder, options):
    if options.every_length:
        for length in damage.LENGTHS:
            for capture in damage.captures():
                path = folder / f"{length}-{capture.name}"
                damage.edit(capture, path, "-s", str(length))
                yield path
        return
    for number in range(options.first, options.first + options.runs):
        yield damage.damage(folder, number, options.seed)[1]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=116)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every-length", action="store_true")
    parser.add_argument("--log", type=pathlib.Path)
    return parser.parse_args()


def main():
    options = arguments()
    logging.getLogger("scapy").setLevel(logging.ERROR)  # which speaks of every damaged frame
    with tempfile.TemporaryDirectory(prefix="nlb-damaged-") as name:
        files, stories = pathlib.Path(name) / "files", pathlib.Path(name) / "stories"
        files.mkdir()
        stories.mkdir()
        written = [write_story(path, stories) for path in damaged_files(files, options)]
        done = subprocess.run([options.program, stories], capture_output=True, text=True,
                              errors="replace", check=False)
    if options.log:
        options.log.write_text(done.stdout)
    print(f"{len(written)} damaged files, {sum(written)} with frames: status {done.returncode}")
    if done.returncode != 0:
        print(done.stdout[-500:], done.stderr[-5000:], sep="\n")
    return done.returncode != 0 or not any(written)


if __name__ == "__main__":
    sys.exit(main())
