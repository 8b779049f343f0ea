#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark with the plugin reads from a pipe at full speed; its memory may grow by what findings cost
and by nothing else.

Usage: live_pipe.py PLUGIN [SECONDS]

One second of traffic is written again and again, each time a second later: two hosts of a cluster,
datagrams, and one datagram of twenty sent again by a router that nobody asked. Every such copy is a
stored finding of 24 bytes. Fails when memory grows by more than that and SLACK after a tenth of the
time, or when the findings that tshark counts are not those that were sent.
"""
import pathlib
import re
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))
import harness  # noqa: E402

FRAMES, COPY_EACH = 2_000, 20  # in a second of traffic
BYTES_EACH = 24
SLACK = 4 << 20
CLUSTER = bytes([192, 168, 2, 10])
CLIENT, ROUTER = bytes.fromhex("001635c42596"), bytes.fromhex("00155d010203")
CLUSTER_MAC = b"\x02\xbf" + CLUSTER


def heartbeat(host):
    """Host 1 or 2, steady: cut by the capture behind the state, 1510 bytes on the wire."""
    body = struct.pack("<III", 0xC0DE01BF, 0x204, host) + CLUSTER + bytes([192, 168, 2, 30 + host])
    body += struct.pack("<HHHH", host - 1, 0, 1, 1) + struct.pack("<I", 0x4F3BE300 + host)
    return b"\xff" * 6 + bytes([2, host]) + CLUSTER + b"\x88\x6f" + body


def datagram(number, again):
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 60, number & 0xFFFF, 0, 63 if again else 64, 17, 0)
    ip += bytes([192, 168, 2, 100]) + CLUSTER + struct.pack(">HHHHI", 5000, 5001, 40, 0, number)
    return CLUSTER_MAC + (ROUTER if again else CLIENT) + b"\x08\x00" + ip.ljust(60, b"x")


def frame(number):
    if number < 2:
        return heartbeat(number + 1)
    again = number % COPY_EACH == COPY_EACH - 1
    return datagram(number - 1 if again else number, again)


class Second:
    """A second of traffic."""

    def __init__(self):
        self.block = bytearray()
        self.places = []
        for number in range(FRAMES):
            data = frame(number)
            self.places.append(len(self.block))
            wire = max(len(data), 1510) if number < 2 else len(data)
            micros = number * 1_000_000 // FRAMES
            self.block += harness.pcap_record(data, 0, micros, wire)

    def at(self, second):
        for place in self.places:
            struct.pack_into("<I", self.block, place, second)
        return self.block


def memory_of(tool):
    """Bytes in use, without what is only mapped from files."""
    status = pathlib.Path(f"/proc/{tool.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) << 10


def start(prefix, out):
    """UDP keeps two times for each packet, unless told not to."""
    return subprocess.Popen(
        ["tshark", "-n", "-q", "-o", "udp.calculate_timestamps:FALSE", "-z", "nlb,findings",
         "-r", "-"],
        stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, bufsize=0, cwd=prefix.root,
        env=prefix.environment(), **harness.as_plain_user())


def feed(tool, seconds):
    """How many blocks were sent, and (blocks, memory) from a tenth of the time on."""
    second, sent, seen = Second(), 0, []
    began = time.monotonic()
    tool.stdin.write(harness.pcap_head())
    while time.monotonic() - began < seconds:
        tool.stdin.write(second.at(1_705_309_200 + sent))
        sent += 1
        if time.monotonic() - began > seconds / 10:
            seen.append((sent, memory_of(tool)))
    tool.stdin.close()
    tool.wait(600)
    return sent, seen


def counted(report):
    """How often tshark counted foreign_router."""
    row = next(line for line in report.splitlines() if "nlb.analysis.foreign_router" in line)
    return int(re.search(r"foreign_router\s+(\d+)", row).group(1))


def main():
    prefix = harness.Prefix(pathlib.Path(sys.argv[1]))
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    try:
        path = prefix.root / "out"
        with path.open("w", encoding="utf-8") as out:
            tool = start(prefix, out)
            sent, seen = feed(tool, seconds)
        report = path.read_text(encoding="utf-8")
    finally:
        prefix.remove()
    (first, before), (last, after) = seen[0], seen[-1]
    findings = (last - first) * (FRAMES // COPY_EACH)
    grown, allowed = after - before, findings * BYTES_EACH + SLACK
    print(f"{sent * FRAMES} frames in {seconds:.0f} s, {sent * FRAMES / seconds:.0f} a second; "
          f"memory {before / 2**20:.1f} MiB, {after / 2**20:.1f} MiB {last - first} blocks later: "
          f"{grown} bytes for {findings} stored findings, {allowed} allowed")
    print(report)
    assert tool.returncode == 0, tool.returncode
    assert counted(report) == sent * (FRAMES // COPY_EACH)
    return grown > allowed


if __name__ == "__main__":
    sys.exit(main())
