# SPDX-License-Identifier: GPL-2.0-or-later
"""What all files taught, and the stretches of each tap that are to be diagnosed."""
import csv
import itertools
import json

from nlb_survey.captures import natural
from nlb_survey.tools import die

MODES = {"unicast": "Unicast", "multicast": "Multicast", "igmp multicast": "IGMP multicast"}


def merge_clusters(facts):
    """Rows of nlb.clusters. ARP maps a dedicated address of a host to 03-BF too, and a file without
    that host's heartbeats takes it for a cluster's."""
    rows = {tuple(row) for fact in facts for row in fact["clusters"]}
    hosts = {ip for fact in facts for _, _, ip in fact["hosts"]}
    proven = {row[0] for row in rows if row[3] == "heartbeat"}
    return sorted({(ip, MODES[mode.lower()], mac) for ip, mode, mac, _ in rows
                   if (ip in proven or ip not in hosts) and mode.lower() in MODES})


def table_rows(path, width):
    """A table in the form in which Wireshark keeps it: quoted, with commas; # begins a comment."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(line for line in file if line.strip() and not line.startswith("#")))
    except OSError as error:
        die(2, f"{path}: {error.strerror}")
    return [tuple((row + [""] * width)[:width]) for row in rows]


def plan(facts, options):
    """(everything that the report needs to know, a line for each stretch)"""
    facts = list(facts)
    learnt = {fact["path"] for fact in facts}
    problems = [(capture["name"], "not read: no worker told of it") for path in options.listed
                for capture in lines_of(path) if capture["path"] not in learnt]
    facts = sorted(facts, key=lambda fact: (fact["tap"], natural(fact["name"])))
    routers = sorted({(mac, "seen routing") for fact in facts for mac, in fact["routers"]})
    clusters = set(merge_clusters(facts))
    for path in options.clusters:
        clusters.update(table_rows(path, 3))
    applied = {row for path in options.routers for row in table_rows(path, 2)}
    applied.update(routers if options.trust_routers else [])
    common = {"clusters": sorted(clusters), "routers": sorted(applied), "all": options.all}
    stretches = []
    for tap, files in itertools.groupby((fact for fact in facts if fact["count"]), lambda f: f["tap"]):
        files = [part_of(fact) for fact in files]
        for number, (begin, end) in enumerate(stretches_of(files, options.stretch)):
            stretches.append({"tap": tap, "number": number, "before": overlap(files, begin, options.overlap),
                              "files": files[begin:end], **common})
    known = {"overlap": options.overlap, **common, "routers_seen": routers, "stretches": len(stretches),
             "cut": sum(stretch["number"] > 0 for stretch in stretches), "files": len(facts),
             "hosts": sorted({tuple(host) for fact in facts for host in fact["hosts"]}),
             "problems": [(fact["name"], fact["problem"]) for fact in facts if fact["problem"]] + problems,
             "work": [[stretch["tap"], stretch["number"], [file["name"] for file in stretch["files"]]]
                      for stretch in stretches],
             "order": out_of_order(facts, options.overlap)}
    return known, stretches


def lines_of(path):
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    except OSError as error:
        die(2, f"{path}: {error.strerror}")


def part_of(fact):
    return {key: fact[key] for key in ("name", "path", "count", "first", "last", "problem", "options")}


def stretches_of(files, seconds):
    """Files are taken together until they make up a stretch, so that overlaps stay a small part."""
    begin, length = 0, 0.0
    for end, file in enumerate(files, 1):
        length += file["last"] - file["first"]
        if length >= seconds or end == len(files):
            yield begin, end
            begin, length = end, 0.0


def overlap(files, begin, seconds):
    """The files before, as far as they reach into the time before the cut. A pause of the capture at
    the cut does not count: the hosts were silent in it for the analysis of one file, too."""
    before = []
    if begin:
        start = min(files[begin]["first"], files[begin - 1]["last"]) - seconds
        for file in reversed(files[:begin]):
            if file["last"] < start:
                break
            before.insert(0, dict(file, start=start if file["first"] < start else None))
            if file["first"] < start:
                break
    return before


def out_of_order(facts, seconds):
    """Files whose name says that they come later than their first packet does."""
    pairs = zip(facts, facts[1:])
    return [b["name"] for a, b in pairs if a["tap"] == b["tap"] and a["count"] and b["count"]
            and b["first"] < a["first"] - seconds]
