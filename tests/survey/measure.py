#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""measure.py PLUGIN FOLDER [FILES [MEGABYTES]]: time and memory of nlb-survey over a ring buffer made in FOLDER.

Two taps, a file a minute, each with heartbeats of three clusters, a stray router, and ordinary traffic of MEGABYTES.
The files are the first one with its times moved, so they are made quickly and are all different in time.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "plugin")]

import harness  # noqa: E402
import hour  # noqa: E402
from scapy.layers.inet import TCP  # noqa: E402

SECONDS = 60
PAYLOAD = 1400


def first_file(path, megabytes):
    s = hour.hour(1)
    server, who = hour.WEB.on(hour.WEB.hosts[1]), hour.client()
    frame = bytearray(bytes(server.send(who.mac, who.ip, TCP(sport=443, dport=51000, flags="A"),
                                        b"x" * PAYLOAD)))
    count = megabytes * 1_000_000 // (len(frame) + 32)
    for n in range(count):
        frame[18:20] = (n & 0xFFFF).to_bytes(2, "big")  # IP identification
        frame[38:42] = (n * PAYLOAD & 0xFFFFFFFF).to_bytes(4, "big")  # TCP sequence number
        s.at(n * SECONDS / count, bytes(frame))
    path.write_bytes(s.pcapng())


def make_ring(folder, files, megabytes):
    """tap1_00001_..., tap2_00001_...: names only number, time and tap."""
    first = folder / "first"
    first_file(first, megabytes)
    for n in range(files):
        tap, minute = n % 2 + 1, n // 2
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime(1_705_309_200 + minute * SECONDS))
        path = folder / f"tap{tap}_{minute + 1:05}_{stamp}.pcapng"
        subprocess.run(["editcap", "-t", str(minute * SECONDS + tap / 1000), first, path], check=True)
    first.unlink()
    return sorted(folder.glob("*.pcapng"), key=lambda path: path.name.split("_")[1])


def survey(prefix, program, captures, out, jobs):
    """(seconds, seconds of processor, MB of the largest process)"""
    listed = out.with_suffix(".list")
    listed.write_text("".join(f"{path}\n" for path in captures))
    begun = time.monotonic()
    running = subprocess.Popen([program, "--out", out, "--jobs", str(jobs), f"@{listed}"], stdout=subprocess.DEVNULL,
                               env=prefix.environment(), **harness.as_plain_user())
    # Of this process and all that it waited for, not of what made the captures.
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(plugin, folder, files="200", megabytes="50"):
    folder = pathlib.Path(folder)
    (folder / "ring").mkdir(parents=True)
    captures = make_ring(folder / "ring", int(files), int(megabytes))
    if os.getuid() == 0:
        os.chown(folder, harness.PLAIN_ID, harness.PLAIN_ID)
    prefix = harness.Prefix(plugin)
    program = pathlib.Path(shutil.copy(harness.REPOSITORY / "packaging/nlb-survey", prefix.root))
    shutil.copytree(harness.REPOSITORY / "packaging/survey", prefix.root / "survey")
    prefix.hand_over()
    program.chmod(0o755)
    print("files    MB  jobs  seconds  processor  largest process (MB)  findings", flush=True)
    for part, jobs in ((8, 1), (8, 2), (1, 1), (1, 2)):
        chosen = captures[:len(captures) // part]
        out = folder / f"out-{part}-{jobs}"
        wall, processor, memory = survey(prefix, program, chosen, out, jobs)
        size = sum(path.stat().st_size for path in chosen) / 1e6
        found = (out / "findings.jsonl").read_bytes().count(b"\n")
        print(f"{len(chosen):5}{size:7.0f}{jobs:5}{wall:9.0f}{processor:11.0f}{memory:15.0f}{found:17}", flush=True)
    prefix.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
