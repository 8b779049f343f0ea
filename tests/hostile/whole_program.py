#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures through tshark with the plugin.

Usage: whole_program.py PLUGIN [--runs N] [--first I] [--seed S] [--every-length] [--valgrind N]
                        [--log FILE] [--keep FOLDER]

Run i reads damaged file i (see damage.py) twice; with --every-length the runs are all captures cut
at each length. It fails when tshark crashes, takes more than ten seconds of CPU time, reports a bug
of a dissector, complains, or does not say the same twice. What also happens without the plugin is
Wireshark's own. FILE gets one line of JSON for each run; the damaged file of a failed run goes to
FOLDER.
"""
import argparse
import hashlib
import json
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time

import damage
import harness

CPU_SECONDS = 10
VALGRIND_CPU_SECONDS = 600
BUG = re.compile(r"dissector bug|DISSECTOR_ASSERT|-CRITICAL|-WARNING|runtime error|Sanitizer", re.I)
# 1 and 2: the file ends in the middle of a packet, or is no capture any more.
ENDINGS = (0, 1, 2)

READINGS = [
    ["-V", "-Y", "nlb || nlb.analysis || frame.number < 50"],
    ["-q", "-z", "nlb,clusters", "-z", "nlb,load", "-z", "nlb,findings", "-z", "expert"],
    ["-2", "-T", "pdml", "-J", "nlb nlb.analysis"],
    ["-2", "-R", "nlb.analysis || frame.number > 20", "-T", "json", "-J", "nlb nlb.analysis"],
    ["-T", "fields", "-e", "frame.number", "-e", "nlb.analysis", "-e", "_ws.expert.message",
     "-e", "nlb.host_id", "-e", "nlb.analysis.copy_of"],
]


class Reader:
    """tshark on one file."""

    def __init__(self, prefix, with_plugin=True, valgrind=False):
        self.prefix = prefix
        self.with_plugin = with_plugin
        self.valgrind = valgrind

    def command(self, path, reading):
        checker = ["valgrind", "-q", "--error-exitcode=99"] if self.valgrind else []
        return [*checker, "tshark", *reading, "-r", str(path)]

    def limit(self):
        seconds = VALGRIND_CPU_SECONDS if self.valgrind else CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def read(self, path, reading):
        environment = self.prefix.environment(self.with_plugin)
        if self.valgrind:
            environment["G_SLICE"] = "always-malloc"
        return subprocess.run(
            self.command(path, reading), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=1800, cwd=self.prefix.root, env=environment, preexec_fn=self.limit,
            check=False, **harness.as_plain_user())


def fault_of(done):
    """What is wrong with one reading; "" for nothing."""
    if done.returncode not in ENDINGS:
        return f"status {done.returncode}"
    said = done.stderr.decode(errors="replace")
    found = BUG.search(said) or BUG.search(done.stdout.decode(errors="replace"))
    return f"says {found.group(0)}" if found else ""


def timeless(output):
    """PDML says when it was written."""
    return re.sub(rb"<pdml[^>]*>", b"<pdml>", output)


def without_ours(reading):
    """The same reading where our names do not exist."""
    if "-z" in reading:
        return ["-V"]
    return [re.sub(r"nlb(\.\w+)*", "frame", word) for word in reading]


def judge(prefix, path, reading, valgrind):
    """Fault and digest of reading a file twice."""
    first = Reader(prefix, valgrind=valgrind).read(path, reading)
    second = Reader(prefix).read(path, reading)
    digest = hashlib.sha256(timeless(first.stdout)).hexdigest()[:16]
    fault = fault_of(first) or fault_of(second)
    if fault and fault_of(Reader(prefix, with_plugin=False).read(path, without_ours(reading))):
        return "", digest + " Wireshark's own"
    if not fault and timeless(first.stdout) != timeless(second.stdout):
        fault = "says something else the second time"
    return fault, digest


def make_file(folder, run, options):
    """The file of a run, and a row for the log."""
    if options.every_length:
        path = damage.cut_all(folder, run)
        return path, {"capture": "all", "damage": "cut_frames", "told": f"editcap -s {run}"}
    source, path, how, told = damage.damage(folder, run, options.seed)
    return path, {"capture": source.name, "damage": how, "told": told, "seed": options.seed}


def one_run(prefix, folder, run, options, valgrind):
    began = time.monotonic()
    reading = READINGS[run % len(READINGS)]
    path, row = make_file(folder, run, options)
    fault, digest = judge(prefix, path, reading, valgrind)
    if fault and options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, options.keep)
    for leftover in folder.glob(f"{path.stem}.*"):
        leftover.unlink()
    return {"run": run, **row, "reading": reading, "valgrind": valgrind, "digest": digest,
            "fault": fault, "seconds": round(time.monotonic() - began, 2)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plugin", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=18)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every-length", action="store_true")
    parser.add_argument("--log", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--valgrind", type=int, default=0, help="how many runs under valgrind")
    return parser.parse_args()


def all_runs(options):
    if options.every_length:
        return damage.LENGTHS
    return range(options.first, options.first + options.runs)


def main():
    options = arguments()
    prefix = harness.Prefix(options.plugin)
    folder = prefix.root / "damaged"
    folder.mkdir()
    runs = all_runs(options)
    checked = set(runs[::max(1, len(runs) // options.valgrind)] if options.valgrind else [])
    failed = 0
    try:
        for run in runs:
            row = one_run(prefix, folder, run, options, run in checked)
            failed += bool(row["fault"])
            if row["fault"]:
                print(f"FAILED {json.dumps(row)}", flush=True)
            if options.log:
                with options.log.open("a", encoding="utf-8") as log:
                    print(json.dumps(row), file=log)
    finally:
        prefix.remove()
    print(f"{len(runs)} runs, {len(checked)} of them under valgrind: {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
