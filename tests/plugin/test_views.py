# SPDX-License-Identifier: GPL-2.0-or-later
"""The same traffic seen less well, or from another place: a capture that begins later or ends earlier, that lost
packets, has a VLAN tag or a frame check sequence on every frame, a capture filter or Linux's "any" for its interface
accuses nobody whom the whole capture does not accuse."""
import collections
import functools
import json
import os
import random
import struct
import subprocess
import zlib

import pytest

import harness

READ = os.environ.get("NLB_READ")
pytestmark = pytest.mark.skipif(not READ, reason="nlb_read was not built: libpcap-dev is missing")
ETHERNET, COOKED = 1, 113  # link types
SHORTEST = 60  # bytes of a frame, without its check sequence
BEGINNINGS, ENDS, LOST = (0.1, 0.3, 0.5, 0.8), (0.2, 0.5, 0.9), 0.05

NO_ARP = "the ARP that excused it is cut off"
SLICED = "the check sequence stands where a field was cut off"
EDGE = "it stands at the edge of its rule, and one packet less is over it"
# What is accused with less to go by, and why that is right, or the best that can be said.
KNOWN = {
    ("begins later", "cluster-host-keeps-mac-near-miss.pcapng"): {"host_keeps_mac": NO_ARP},
    ("begins later", "foreign-router-own-mac-near-miss.pcapng"): {"foreign_router": NO_ARP, "reset_after_copy": NO_ARP},
    ("begins later", "cluster-two-vlans-untagged.pcapng"): {
        "duplicate_host_id": "the frame is cut off that shows the untagged ones to be copies"},
    ("begins later", "member-above-and-below-nlb-broadcast.pcapng"): {
        "cluster_mac_leak": "a broadcast before the host's heartbeat and the masked twin that would excuse it"},
    ("begins later", "member-below-and-above-nlb.pcapng"): {
        "cluster_mac_leak": "the first packet's masked twin is cut off, and no other follows"},
    ("lost packets", "cluster-host-lost-near-miss.pcapng"): {"host_lost": EDGE},
    ("lost packets", "router-refuses-near-miss.pcapng"): {"router_refuses": EDGE},
    ("check sequence", "cluster-sliced-on-the-wire.pcapng"): {"rule_mismatch": SLICED},
    ("check sequence", "heartbeat-cut-on-the-wire.pcapng"): {"rule_mismatch": SLICED},
    ("tagged", "cluster-two-vlans-untagged.pcapng"): {"duplicate_host_id": "now both are in one VLAN"},
    ("tagged", "copy-routed-virtual-mac.pcapng"): {"foreign_router": "the tags show that the VLAN did not change"},
}


def tagged(record):
    seconds, micros, captured, wire = struct.unpack_from("<IIII", record)
    frame = record[harness.RECORD_HEAD:]
    frame = frame[:12] + struct.pack(">HH", 0x8100, 7) + frame[12:]
    return struct.pack("<IIII", seconds, micros, captured + 4, wire + 4) + frame


def checked(record):
    """Padded as on the wire, and with a check sequence that the file does not tell of."""
    seconds, micros, captured, wire = struct.unpack_from("<IIII", record)
    if captured < wire:
        return record
    frame = record[harness.RECORD_HEAD:].ljust(SHORTEST, b"\0")
    frame += struct.pack("<I", zlib.crc32(frame))
    return struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame


def cooked(record):
    """As a mirror port's frames stand in a capture of all interfaces: who received it is not told."""
    seconds, micros, captured, wire = struct.unpack_from("<IIII", record)
    frame = record[harness.RECORD_HEAD:]
    to_all, to_group, to_others = 1, 2, 3
    kind = to_all if frame[:6] == b"\xff" * 6 else to_group if frame[0] & 1 else to_others
    frame = struct.pack(">HHH", kind, 1, 6) + frame[6:12] + bytes(2) + frame[12:]
    return struct.pack("<IIII", seconds, micros, captured + 2, wire + 2) + frame


def without_some(records, seed):
    chance = random.Random(seed)
    return [record for record in records if chance.random() >= LOST]


def of_types(records, *types):
    """As a capture filter leaves them."""
    at = harness.RECORD_HEAD + 12
    return [record for record in records if struct.unpack_from(">H", record, at)[0] in types]


VIEWS = {
    "begins later": lambda records: [records[int(len(records) * part):] for part in BEGINNINGS],
    "ends earlier": lambda records: [records[:int(len(records) * part)] for part in ENDS],
    "tagged": lambda records: [[tagged(record) for record in records]],
    "check sequence": lambda records: [[checked(record) for record in records]],
    "filtered": lambda records: [of_types(records, 0x0800, 0x86DD), of_types(records, 0x0800, 0x86DD, 0x0806)],
    "cooked": lambda records: [[cooked(record) for record in records]],
    "lost packets": lambda records: [without_some(records, seed) for seed in range(3)],
}


def accusations(path):
    """The names of the Warnings and Errors and how often each is said, or None for what libpcap cannot read."""
    done = subprocess.run([READ, "--json", path], capture_output=True, text=True, timeout=harness.TIMEOUT)
    if done.returncode != 0:
        return None
    lines = (json.loads(line) for line in done.stdout.splitlines())
    return collections.Counter(harness.short_name(line["finding"]) for line in lines
                               if "frame" in line and line["severity"] in ("Warning", "Error"))


@functools.cache
def whole_captures():
    """Name, head, records and accusations of those that were made for these tests, and are of Ethernet."""
    whole = []
    for capture in harness.captures():
        head, records = harness.records_of(harness.CAPTURES / capture)
        accused = accusations(harness.CAPTURES / capture)
        ethernet = struct.unpack_from("<I", head, 20)[0] == ETHERNET
        if ethernet and accused is not None and not capture.startswith("real/"):
            whole.append((capture, head, records, accused))
    return whole


@pytest.mark.parametrize("view", VIEWS)
def test_who_sees_less_accuses_nobody_else(view, tmp_path):
    excuses = set()
    for capture, head, records, whole in whole_captures():
        for seen in VIEWS[view](records):
            path = tmp_path / "seen.pcap"
            link = struct.pack("<I", COOKED if view == "cooked" else ETHERNET)
            path.write_bytes(head[:20] + link + b"".join(seen))
            more = set(accusations(path)) - set(whole)
            excuses |= {(capture, name) for name in more}
            more -= set(KNOWN.get((view, capture), {}))
            assert not more, f"{capture} {view}, {len(seen)} of {len(records)} frames: {more}"
    assert len(whole_captures()) > 100
    assert excuses == {(capture, name) for (of, capture), names in KNOWN.items() if of == view for name in names}


# Of each frame by itself: a frame that is captured twice has it twice.
OF_EACH_FRAME = {"bridging_loop", "cluster_mac_leak", "nlb.malformed", "unmasked_mac"}
# The second forwarder's copy is no copy of the first one's.
TOLD_AGAIN = {"foreign-router-two.pcapng": {"foreign_router"}}


def test_a_mirror_that_shows_all_twice_accuses_nobody_more_often(tmp_path):
    path, told = tmp_path / "twice.pcap", {}
    for capture, head, records, whole in whole_captures():
        path.write_bytes(head + b"".join(record for record in records for _ in range(2)))
        more = set(accusations(path) - whole) - OF_EACH_FRAME
        told |= {capture: more} if more else {}
    assert told == TOLD_AGAIN
