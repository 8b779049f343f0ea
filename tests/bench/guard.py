#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Fails when the core needs more than 5 % more instructions for a frame than guard.json says, and
names the functions that grew; and when a frame costs more the longer the capture is, or the more
clusters are known.

Usage: guard.py NLB_BENCH_CORE [--update] | guard.py --self-test

Counted by callgrind for seeded traffic: the same on every machine with the same compiler.
"""
import json
import math
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
# Traffic, the sizes between which a frame must cost the same (frames before it, or clusters), and how
# many are measured behind those. In the mix it takes more until it evens out what there is to look at.
GROWTH = {
    "frames, mix": (["--clusters=3"], "frames", 2_000, 100_000, 20_000),
    "frames, every packet copied": (["--kind=tcp", "--copies=100"], "frames", 2_000, 40_000,
                                    4_000),
    "frames, half of them masked": (["--kind=cluster", "--clusters=1", "--known=1"], "frames",
                                    2_000, 40_000, 4_000),
    "frames, asked again, copied 900 later": (["--kind=tcp", "--copies=20", "--delay=900",
                                               "--again=1"], "frames", 2_000, 40_000, 4_000),
    "clusters known": (["--known=1"], "clusters", 1, 16_000, 4_000),
}
EXPONENT = 0.03  # "the same": 9 % for twenty times as many, a third for 16,000 times
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


def collected(program, frames, options):
    toggles = [f"--toggle-collect={name}" for name in ENTRY_POINTS]
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                           *toggles, program, f"--frames={frames}", *options], check=True,
                          capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def cost_at(program, options, what, size, measured):
    """Instructions of a frame behind `size` frames, or where `size` clusters are known."""
    start = size
    if what == "clusters":
        options, start = [*options, f"--clusters={size}"], 2 * size
    return (collected(program, start + measured, options) -
            collected(program, start, options)) / measured


def exponent(few, many, times):
    return math.log(many / few) / math.log(times)


def growth_of(program):
    """What to say about costs that grow."""
    complaints = []
    for name, (options, what, few, many, measured) in GROWTH.items():
        costs = [cost_at(program, options, what, size, measured) for size in (few, many)]
        grows = exponent(*costs, many / few)
        print(f"{name}: {costs[0]:.0f} instructions at {few:,}, {costs[1]:.0f} at {many:,}: "
              f"exponent {grows:.3f}")
        if grows > EXPONENT:
            complaints.append(f"{name}: a frame costs {costs[0]:.0f} instructions at {few:,} and "
                              f"{costs[1]:.0f} at {many:,}")
    return complaints


def sentences(program, frames):
    """Different sentences: tshark -z expert searches a list of them for each."""
    said = subprocess.run([program, f"--frames={frames}", "--kind=tcp", "--copies=100",
                           "--sentences=1"], check=True, capture_output=True, text=True).stdout
    return json.loads(said)["sentences"]


def sentences_of(program):
    few, many = sentences(program, 2_000), sentences(program, 40_000)
    print(f"{few} different sentences in 2,000 frames, {many} in 40,000")
    return [f"the sentences of copies differ from frame to frame: {few} in 2,000, {many} in 40,000"
            ] * (many > few + 10)


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
    assert exponent(500, 520, 20) < EXPONENT < exponent(500, 600, 20)
    assert exponent(500, 640, 16_000) < EXPONENT
    assert exponent(500, 10_000, 20) == 1


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
    complaints = growth_of(arguments[0]) + sentences_of(arguments[0])
    if complaints:
        sys.exit("\n".join(complaints))
    for name, counts in now.items():
        print(f"{name}: {sum(counts.values()):.0f} instructions per frame, "
              f"{sum(limits[name].values()):.0f} allowed + 5 %")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
