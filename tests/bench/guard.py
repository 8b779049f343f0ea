#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fails when the core needs more than 5 % more instructions for a frame than guard.json says, and
names the functions that grew.

Usage: guard.py NLB_BENCH_CORE [--update] | guard.py --self-test

Counted by callgrind for seeded traffic: the same on every machine with the same compiler.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

LIMITS = pathlib.Path(__file__).with_name("guard.json")
MARGIN = 1.05
FRAMES = 20_000
TRAFFIC = {
    "mix": ["--clusters=3"],
    "tcp": ["--kind=tcp"],
    "udp": ["--kind=udp"],
    "ipv6": ["--kind=ipv6"],
    "copies": ["--kind=tcp", "--copies=50"],
    "copies, asked again": ["--kind=tcp", "--copies=20", "--again=1"],
    "heartbeat": ["--kind=heartbeat", "--clusters=10"],
}
# Called by the driver, not by each other.
ENTRY_POINTS = ["nlb_capture_feed", "nlb_capture_is_reportable", "nlb_capture_report"]


def count(program, options):
    """Function -> its own instructions per frame."""
    toggles = [f"--toggle-collect={name}" for name in ENTRY_POINTS]
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", *toggles, program,
             f"--frames={FRAMES}", *options], check=True, capture_output=True)
        said = subprocess.run(["callgrind_annotate", "--threshold=100", out.name], check=True,
                              capture_output=True, text=True).stdout
    rows = re.findall(r"^ *([\d,]+) \([ \d.]+%\)  [^:\n]*:(.+?) \[", said, re.M)
    counts = {}
    for instructions, name in rows:
        if re.match("__(mem|str)", name):  # the C library has one for each processor
            continue
        name = re.sub(r"\(.*|<.*", "", name.replace("(anonymous namespace)::", ""))
        counts[name] = counts.get(name, 0) + int(instructions.replace(",", "")) / FRAMES
    if not counts:
        sys.exit(f"callgrind counted nothing:\n{said}")
    return {name: round(cost, 1) for name, cost in sorted(counts.items()) if cost >= 0.1}


def growth(limit, now):
    """What to say about one kind of traffic; nothing when it is within the margin."""
    before, after = sum(limit.values()), sum(now.values())
    if after <= before * MARGIN:
        return []
    grown = {name: cost - limit.get(name, 0) for name, cost in now.items()}
    worst = sorted((name for name in grown if grown[name] >= 1), key=lambda n: -grown[n])[:5]
    return [f"{before:.0f} instructions per frame have become {after:.0f}:",
            *(f"  {name}: {limit.get(name, 0):.0f} -> {now[name]:.0f}" for name in worst)]


def self_test():
    limit = {"a": 100.0, "b": 300.0}
    assert growth(limit, limit) == []
    assert growth(limit, {"a": 110.0, "b": 309.0}) == []
    complaint = growth(limit, {"a": 100.0, "b": 300.0, "c": 21.0})
    assert complaint[1:] == ["  c: 0 -> 21"], complaint
    assert "  b: 300 -> 330" in growth(limit, {"a": 100.0, "b": 330.0})


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    now = {name: count(arguments[0], options) for name, options in TRAFFIC.items()}
    if "--update" in arguments:
        LIMITS.write_text(json.dumps(now, indent=1) + "\n")
        return None
    limits = json.loads(LIMITS.read_text())
    complaints = [line for name in TRAFFIC for line in
                  (lambda lines: [f"{name}: {lines[0]}", *lines[1:]] if lines else [])(
                      growth(limits[name], now[name]))]
    if complaints:
        sys.exit("\n".join([*complaints, "If that is the price of something worth it: guard.py "
                                         "NLB_BENCH_CORE --update, and say so in the commit."]))
    for name, counts in now.items():
        print(f"{name}: {sum(counts.values()):.0f} instructions per frame, "
              f"{sum(limits[name].values()):.0f} allowed + 5 %")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
