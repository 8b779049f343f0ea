#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns the captures of test-pcaps into seeds for the fuzzers.

Usage: make_seeds.py FOLDER    writes FOLDER/feed/* and FOLDER/decode/*

The formats are those of story.h and fuzz_decode.cc. Frames are cut to SNAP bytes, so that a story
stays short; the wire length stays nearly the same.
"""
import pathlib
import struct
import sys

from scapy.layers.l2 import Ether
from scapy.utils import PcapReader

CAPTURES = pathlib.Path(__file__).resolve().parents[2] / "test-pcaps"
SNAP = 128
MOST_FRAMES = 200
UNITS = [1e-6, 1e-3, 1e-2, 1e-1, 1, 60]  # seconds; TimeUnit in story.h
WIRE_UNIT, MOST_WIRE_UNITS = 8, 199
NEXT_RECORD, NEXT_LAYER = 0, 1
TABLES, TWIN = 0x02, 0x04
HEARTBEAT_TYPES = (0x886F, 0xBF01)


def ethernet_layers(packet):
    """The bytes of every Ethernet header and what is behind it, the outermost first."""
    layers = []
    while packet is not None and (ether := packet.getlayer(Ether)) is not None:
        layers.append(ether.original or bytes(ether))
        packet = ether.payload
    return layers


def time_step(seconds):
    """Unit and signed number of steps that come nearest."""
    fits = [unit for unit in range(len(UNITS)) if abs(seconds) <= 127 * UNITS[unit]]
    unit = fits[0] if fits else len(UNITS) - 1
    return unit, max(-128, min(127, round(seconds / UNITS[unit])))


def frame(layer, relation, seconds, wire_length):
    data = layer[:SNAP]
    unit, steps = time_step(seconds)
    more = max(0, -(-(wire_length - len(data)) // WIRE_UNIT))
    head = struct.pack("<BbBH", relation | unit << 5, steps, min(more, MOST_WIRE_UNITS), len(data))
    return head + data


def story(packets):
    out = bytes([TABLES | TWIN, 0, 0, 0])
    before = packets[0].time
    for packet in packets[:MOST_FRAMES]:
        relation, step = NEXT_RECORD, float(packet.time - before)
        before = packet.time
        for layer in ethernet_layers(packet):
            wire = max(len(layer), packet.wirelen - (len(packet.original) - len(layer)))
            out += frame(layer, relation, step, wire)
            relation, step = NEXT_LAYER, 0
    return out


def heartbeats(packets):
    for packet in packets:
        layers = ethernet_layers(packet)
        if layers and int.from_bytes(layers[0][12:14], "big") in HEARTBEAT_TYPES:
            more = packet.wirelen - len(packet.original)
            yield struct.pack("<HB", more, 0) + layers[0][14:]


def main(folder):
    for kind in ("feed", "decode"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for path in sorted(CAPTURES.rglob("*.pcap*")):
        with PcapReader(str(path)) as reader:
            packets = list(reader)
        (folder / "feed" / path.stem).write_bytes(story(packets))
        for number, payload in enumerate(sorted(set(heartbeats(packets)))):
            (folder / "decode" / f"{path.stem}-{number}").write_bytes(payload)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
