#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs, as one table in Markdown.

Usage: bench.py BUILD [--capture FILE] [--only PART ...]

BUILD is a release build. Instructions are counted by callgrind: they do not depend on what else the
machine does. In tshark they are counted from one record to another (window.c), so that neither
start-up nor the end counts. FILE takes the place of the seeded traffic in part "tshark".
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
ENTRY_POINTS = ["see_ethernet", "end_record"]
TABLE_ENTRY_POINTS = ["nlb_summary_add", "nlb_summary_changes", "nlb_summary_cell"]
CORE_ENTRY_POINTS = ["nlb_capture_feed", "nlb_capture_is_reportable", "nlb_capture_report"]
TABLES = ["clusters", "load", "findings", "timeline"]
# What tshark is told, and what more when the plugin is there: without it those words are unknown.
READINGS = {
    "-q -z expert": (["-q", "-z", "expert"], []),
    "text": ([], []),
    "-Y tcp.port==9": (["-Y", "tcp.port==9"], []),
    "four tables": (["-q", "-z", "io,stat,0"], [w for name in TABLES for w in ("-z", f"nlb,{name}")]),
    "-T fields": (["-T", "fields", "-e", "frame.number"], []),
    "-T fields, two of ours": (["-T", "fields", "-e", "frame.number"],
                               ["-e", "nlb.analysis.copy_of", "-e", "nlb.analysis.forwarder"]),
    "-2 -Y": (["-2", "-Y", "tcp.port==9"], []),
}
CLUSTER = ["--kind=cluster", "--clusters=1", "--known=1"]
COPIED = ["--kind=tcp", "--copies=100"]
# What is measured in tshark: traffic, its options, readings with what was aimed at, and where the
# window ends; it is a thousand packets long, or what is left behind the first thousand.
ADDED = [
    ("ordinary packets, mix", ["--clusters=3"], {"-q -z expert": 900}, [12_000]),
    ("office traffic: HTTP, TLS, DNS", ["--kind=office"], {"-q -z expert": 1_200}, [12_000]),
    ("every packet copied", COPIED, {"-q -z expert": 5_000, "four tables": 12_000,
                                     "-T fields": 16_000, "-T fields, two of ours": 16_000,
                                     "-2 -Y": 8_000}, [2_000, 100_000]),
    ("unicast cluster, half of the frames masked", CLUSTER,
     {"-q -z expert": 5_000, "four tables": 14_000}, [2_000, 100_000]),
]
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


def counted(place, plugin, capture, reading, first, end, only=()):
    """Instructions a packet of tshark, from record `first` to record `end`, in all its passes."""
    told, more = READINGS[reading]
    command = place.tshark(plugin, capture, told + (more if plugin == "nlb" else []))
    toggles = [f"--toggle-collect={name}" for name in only]
    sum_of_passes = 0
    for number in ("1", "2") if "-2" in told else ("1",):
        options = place.options(plugin)
        options["env"] |= {"LD_PRELOAD": str(place.root / "window.so"), "NLB_BENCH_PASS": number,
                           "NLB_BENCH_FROM": str(first), "NLB_BENCH_TILL": str(end)}
        done = said(["valgrind", "--tool=callgrind", "--instr-atstart=no",
                     "--callgrind-out-file=/dev/null", *toggles, *command], **options)
        sum_of_passes += int(re.search(r"Collected : (\d+)", done.stderr).group(1))
    return sum_of_passes / (end - first)


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
        shutil.copy(build / "tests/bench/nlb_bench_window.so", self.root / "window.so")

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


def capture_of(place, own):
    """The capture, and the window that is measured: behind its first sixth."""
    if not own:
        return place.traffic(LONG, "--clusters=3"), SHORT, LONG
    packets = int(said(["capinfos", "-T", "-r", "-c", "-M", own]).stdout.split("\t")[-1])
    return shutil.copy(own, place.root / "own.pcap"), packets // 6, packets


def part_tshark(place, arguments):
    """Instructions that tshark needs more for each packet than without any plugin."""
    capture, first, end = capture_of(place, arguments.capture)
    inside = counted(place, "nlb", capture, "-q -z expert", first, end, ENTRY_POINTS)
    rows = []
    for name in ("-q -z expert", "text", "-Y tcp.port==9"):
        cost = {plugin: counted(place, plugin, capture, name, first, end)
                for plugin in place.plugins}
        none = cost["none"]
        more = {plugin: count - none for plugin, count in cost.items()}
        rows.append([f"`{name}`", number(none)] +
                    [f"{number(more[p])} ({100 * more[p] / none:.1f} %)"
                     for p in ("empty hook", "nlb", "Lua")] +
                    [f"{more['Lua'] / inside:.0f}"])
    table("tshark: instructions per packet",
          ["reading", "tshark alone", "+ empty hook", "+ nlb.so", "+ Lua",
           "Lua / inside nlb.so"], rows)
    print(f"\nInside the entry points of nlb.so, what they call included: {number(inside)}.")


def part_added(place, _):
    """The table of what was aimed at: instructions a packet more than without the plugin."""
    rows = []
    for what, options, readings, ends in ADDED:
        for reading, aim in readings.items():
            costs = []
            for end in ends:
                capture, first = place.traffic(end, *options), end - 1_000 if len(ends) > 1 else SHORT
                costs.append(counted(place, "nlb", capture, reading, first, end) -
                             counted(place, "none", capture, reading, first, end))
            rows.append([what, f"`{reading}`", *map(number, costs),
                         *[""] * (2 - len(costs)), f"<= {number(aim)}"])
    table("Added to tshark: instructions per packet",
          ["traffic", "reading", "after 2,000 packets (mix: 12,000)", "after 100,000", "aim"], rows)


def part_known(place, _):
    """What an ordinary packet costs where many clusters are known, and what the tables cost."""
    rows = []
    for clusters in (1, 1_000, 4_000, 16_000):
        options = ["--kind=mix", f"--clusters={clusters}", "--known=1"]
        start = 2 * clusters
        cost = instructions(place, options, start + 2_000, start + 12_000)
        rows.append([f"{number(clusters)} clusters known, mix", number(cost), "<= 850"])
    hosts = ["--kind=heartbeat", "--clusters=1", "--hosts=32", "--tables=1"]
    rows.append(["clusters table, 32 hosts, per heartbeat",
                 number(instructions(place, hosts, 640, 3_200, TABLE_ENTRY_POINTS)), "<= 25,000"])
    for clusters in (500, 2_000):
        shuffled = ["--kind=heartbeat", f"--clusters={clusters}", "--shuffled=1", "--tables=1"]
        whole = collected(place.core(2 * clusters, shuffled), TABLE_ENTRY_POINTS) / (2 * clusters)
        rows.append([f"clusters table, {number(clusters)} clusters in no order, per heartbeat",
                     number(whole), "grows as log n"])
    far = ["--kind=tcp", "--copies=20", "--delay=900"]
    again = (instructions(place, far + ["--again=1"]) - instructions(place, far))
    rows.append(["second visit where every fifth packet is copied 900 frames later",
                 number(again), ""])
    table("The core, where much is known: instructions per frame", ["traffic", "", "aim"], rows)


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


def instructions(place, options, short=SHORT, long=LONG, only=None):
    only = only or CORE_ENTRY_POINTS
    return (collected(place.core(long, options), only) -
            collected(place.core(short, options), only)) / (long - short)


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


PARTS = {"tshark": part_tshark, "added": part_added, "known": part_known, "lua": part_lua,
         "core": part_core, "growth": part_growth, "memory": part_memory, "start": part_start}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--capture", type=pathlib.Path)
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
