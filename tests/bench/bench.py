#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs, as one table in Markdown.

Usage: bench.py BUILD [--capture FILE] [--repeat N] [--only PART ...]

BUILD is a release build. Instructions are counted by callgrind: they do not depend on what else the
machine does. A number per packet is the difference of a long and a short capture, so that start-up
cancels. FILE takes the place of the seeded traffic in part "tshark".
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))
import harness  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SHORT, LONG = 2_000, 12_000
ENTRY_POINTS = ["see_ethernet", "dissect_analysis"]
CORE_ENTRY_POINTS = ["nlb_capture_feed", "nlb_capture_is_reportable", "nlb_capture_report"]
READINGS = {
    "-q -z expert": ["-q", "-z", "expert"],
    "text": [],
    "-Y tcp.port==9": ["-Y", "tcp.port==9"],
}
KINDS = {
    "mix": [], "mix, 3 clusters": ["--clusters=3"], "TCP": ["--kind=tcp"],
    "TCP, 64 bytes": ["--kind=tcp", "--length=64"],
    "TCP, 1,500 bytes": ["--kind=tcp", "--length=1500"],
    "TCP, 100 % copies": ["--kind=tcp", "--copies=100"],
    "UDP": ["--kind=udp"], "IPv6": ["--kind=ipv6"], "VLAN": ["--kind=vlan"],
    "ARP": ["--kind=arp"], "ping": ["--kind=ping"], "heartbeat": ["--kind=heartbeat"],
}


def table(title, head, rows):
    print(f"\n### {title}\n")
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    sys.stdout.flush()


def number(value):
    return f"{value:,.0f}"


def said(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")
    return done


def collected(command, only=(), **options):
    """Instructions of a command; with `only`, inside these functions and what they call."""
    toggles = [f"--toggle-collect={name}" for name in only]
    done = said(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *toggles,
                 *command], **options)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


class Workplace:
    """A folder that the plain user may read, with each plugin in a folder of its own."""

    def __init__(self, build):
        self.build = build
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="nlb-bench-"))
        self.root.chmod(0o755)
        (self.root / "home").mkdir(mode=0o777)
        (self.root / "home").chmod(0o777)
        self.plugins = {
            "none": self.folder("none", None),
            "empty hook": self.folder("empty", build / "tests/bench/nlb_empty_hook.so"),
            "nlb": self.folder("nlb", build / "plugin/nlb.so"),
            "Lua": self.folder("lua", None),
        }
        shutil.copy(HERE / "foreign_copies.lua", self.root)

    def folder(self, name, plugin):
        folder = self.root / name / harness.wireshark_series() / "epan"
        folder.mkdir(parents=True)
        if plugin:
            shutil.copy(plugin, folder)
        return self.root / name

    def options(self, plugin):
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.root / "home"),
                       "LC_ALL": "C.UTF-8", "TZ": "UTC",
                       "WIRESHARK_PLUGIN_DIR": str(self.plugins[plugin])}
        return {"cwd": self.root, "env": environment, **harness.as_plain_user()}

    def tshark(self, plugin, capture, reading):
        lua = ["-X", f"lua_script:{self.root}/foreign_copies.lua"] if plugin == "Lua" else []
        return ["tshark", *lua, "-n", "-r", str(capture), *reading]

    def traffic(self, frames, *options):
        path = self.root / f"{frames}{''.join(options)}.pcap"
        if not path.exists():
            said([self.build / "tests/bench/nlb_bench_capture", f"--frames={frames}", *options,
                  path])
        return path

    def core(self, frames, options):
        return [str(self.build / "tests/bench/nlb_bench_core"), f"--frames={frames}", *options]


# ---- the parts


def captures_of(place, own):
    if not own:
        options = ["--clusters=3"]
        return place.traffic(SHORT, *options), place.traffic(LONG, *options), LONG - SHORT
    packets = int(said(["capinfos", "-T", "-r", "-c", "-M", own]).stdout.split("\t")[-1])
    short = place.root / "short.pcap"
    said(["editcap", "-r", own, short, f"1-{packets // 6}"])
    long = shutil.copy(own, place.root / "long.pcap")
    return short, long, packets - packets // 6


def inside_plugin(place, short, long, reading):
    """What the packets cost that only the long capture has."""
    counts = [collected(place.tshark("nlb", capture, reading), ENTRY_POINTS,
                        **place.options("nlb")) for capture in (short, long)]
    return counts[1] - counts[0]


def part_tshark(place, arguments):
    """Instructions that tshark needs more for each packet than without any plugin."""
    short, long, packets = captures_of(place, arguments.capture)
    inside = inside_plugin(place, short, long, READINGS["-q -z expert"]) / packets
    twice = inside_plugin(place, short, long, ["-2", *READINGS["-q -z expert"]]) / packets
    rows = []
    for name, reading in READINGS.items():
        cost = {}
        for plugin in place.plugins:
            counts = [collected(place.tshark(plugin, long, reading), **place.options(plugin)) -
                      collected(place.tshark(plugin, short, reading), **place.options(plugin))
                      for _ in range(arguments.repeat)]
            cost[plugin] = statistics.mean(counts) / packets
        none = cost["none"]
        more = {plugin: count - none for plugin, count in cost.items()}
        rows.append([f"`{name}`", number(none)] +
                    [f"{number(more[p])} ({100 * more[p] / none:.1f} %)"
                     for p in ("empty hook", "nlb", "Lua")] +
                    [f"{more['Lua'] / inside:.0f}"])
    table("tshark: instructions per packet",
          ["reading", "tshark alone", "+ empty hook", "+ nlb.so", "+ Lua",
           "Lua / inside nlb.so"], rows)
    print(f"\nInside the entry points of nlb.so, what they call included: {number(inside)}; "
          f"{number(twice - inside)} more when the frame is dissected again (-2).")


def part_lua(place, _):
    """The script and the plugin find the same, so that comparing their cost is fair."""
    capture = place.traffic(20_000, "--kind=tcp", "--copies=2")
    found = {}
    for plugin, name in [("Lua", "foreign_copies.of"), ("nlb", "nlb.analysis.foreign_router")]:
        command = place.tshark(plugin, capture, ["-Y", name, "-T", "fields", "-e", "frame.number"])
        found[plugin] = said(command, **place.options(plugin)).stdout.split()
    if found["Lua"] != found["nlb"] or not found["nlb"]:
        sys.exit(f"Lua found {len(found['Lua'])} copies, nlb.so {len(found['nlb'])}")
    print(f"\nLua and nlb.so find the same {len(found['nlb'])} foreign copies in 20,000 packets.")


def instructions(place, options, short=SHORT, long=LONG):
    return (collected(place.core(long, options), CORE_ENTRY_POINTS) -
            collected(place.core(short, options), CORE_ENTRY_POINTS)) / (long - short)


def part_core(place, _):
    text = said([place.build / "tests/bench/nlb_bench_speed", "--benchmark_format=json",
                 "--benchmark_min_time=0.5"]).stdout
    speed = {row["name"]: row for row in json.loads(text)["benchmarks"]}
    rows = [[name, number(instructions(place, options)), f"{speed[name]['cpu_time']:.1f}",
             f"{speed[name]['items_per_second'] / 1e6:.1f}"]
            if name in speed else [name, number(instructions(place, options)), "", ""]
            for name, options in KINDS.items()]
    table("The core alone", ["traffic", "instructions per frame, with its report",
                             "ns per frame, without", "million frames/s"], rows)


def part_growth(place, _):
    rows = []
    for long, short in [(10_000, 1_000), (100_000, 10_000), (1_000_000, 100_000)]:
        cost = instructions(place, [], short, long)
        rows.append([f"frames {number(short)} to {number(long)}", number(cost)])
    for clusters in (1, 100, 1_000):
        cost = instructions(place, [f"--clusters={clusters}"], 30_000, 60_000)
        rows.append([f"{number(clusters)} clusters", number(cost)])
    for copies in (0, 1, 50, 100):
        cost = instructions(place, ["--kind=tcp", f"--copies={copies}"])
        rows.append([f"TCP, {copies} % copies", number(cost)])
    table("Growth: instructions per frame", ["traffic", "instructions"], rows)


def part_memory(place, _):
    capture = place.traffic(200_000, "--clusters=3")
    peak = {}
    for plugin in ("none", "nlb"):
        process = subprocess.Popen(place.tshark(plugin, capture, ["-q", "-z", "expert"]),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   **place.options(plugin))
        peak[plugin] = os.wait4(process.pid, 0)[2].ru_maxrss / 1024
    rows = [["tshark, 200,000 packets, most resident", f"{peak['none']:.1f} MiB",
             f"{peak['nlb']:.1f} MiB"]]
    ordinary = json.loads(said(place.core(200_000, [])).stdout)
    copies = json.loads(said(place.core(200_000, ["--kind=tcp", "--copies=100"])).stdout)
    rows.append(["tables, 200,000 ordinary packets", "", f"{ordinary['heap'] / 2**20:.1f} MiB"])
    per_finding = (copies["heap"] - ordinary["heap"]) / copies["findings"]
    rows.append(["one stored finding", "", f"{per_finding:.1f} bytes"])
    table("Memory", ["what", "without", "with nlb.so"], rows)


def part_start(place, _):
    capture = place.traffic(1)
    cost = {plugin: collected(place.tshark(plugin, capture, []), **place.options(plugin))
            for plugin in ("none", "nlb")}
    times = {"none": [], "nlb": []}
    for _ in range(20):
        for plugin, taken in times.items():
            start = time.perf_counter()
            said(place.tshark(plugin, capture, []), **place.options(plugin))
            taken.append(time.perf_counter() - start)
    middle = {plugin: statistics.median(taken) * 1000 for plugin, taken in times.items()}
    table("Start-up, one packet", ["", "without", "with nlb.so", "more"], [
        ["million instructions", *(f"{cost[p] / 1e6:.1f}" for p in ("none", "nlb")),
         f"{(cost['nlb'] - cost['none']) / 1e6:.1f}"],
        ["ms, median of 20", *(f"{middle[p]:.1f}" for p in ("none", "nlb")),
         f"{middle['nlb'] - middle['none']:.1f}"]])


PARTS = {"tshark": part_tshark, "lua": part_lua, "core": part_core, "growth": part_growth,
         "memory": part_memory, "start": part_start}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--capture", type=pathlib.Path)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    arguments = parser.parse_args()
    place = Workplace(arguments.build.resolve())
    try:
        for name in arguments.only:
            PARTS[name](place, arguments)
    finally:
        shutil.rmtree(place.root)


if __name__ == "__main__":
    main()
