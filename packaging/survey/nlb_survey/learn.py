# SPDX-License-Identifier: GPL-2.0-or-later
"""The first map step: what one capture teaches."""
import csv
import os
import re

from nlb_survey.captures import unreadable
from nlb_survey.tools import TSHARK, Pipe, output_of, preferences

# What wiretap takes for one packet although it is none: text, pictures, JSON.
NO_PACKETS = re.compile(r"^(unknown|mime|json|mp4|mpeg|rfc7468|ruby_marshal)$")
LEARN = ["nlb.analysis.cluster_ip", "nlb.analysis.mode", "nlb.cluster_ip", "nlb.mode", "nlb.host_id",
         "nlb.host_ip", "eth.src", "eth.dst", "nlb.analysis.routed_copy", "nlb.analysis.forwarder"]


def learn(capture):
    """Times and number of frames, clusters, hosts and routers of one capture."""
    facts = dict(capture, count=0, problem=unreadable(capture["path"]), clusters=[], hosts=[], routers=[])
    if not facts["problem"] and not os.path.getsize(capture["path"]):
        facts["problem"] = "is empty"
    if not facts["problem"]:
        measure(facts)
    if facts["count"]:
        pipe = Pipe(TSHARK + preferences(capture["options"]) + [
            "-r", capture["path"], "-Y", "nlb.analysis.evidence || nlb.analysis.routed_copy",
            "-T", "fields", "-E", "occurrence=l", *(word for field in LEARN for word in ("-e", field))])
        seen = {key: set() for key in ("clusters", "hosts", "routers")}
        for row in pipe:
            take_in(dict(zip(LEARN, row.split("\t"))), seen)
        facts.update({key: sorted(map(list, rows)) for key, rows in seen.items()})
        facts["problem"] = facts["problem"] or pipe.complaint
    return facts


def measure(facts):
    rows, complaint = output_of("capinfos", "-T", "-m", "-Q", "-r", "-t", "-E", "-c", "-a", "-e", "-S",
                                facts["path"])
    row = next(csv.reader(rows), None)
    if not row or NO_PACKETS.match(row[2]):
        facts["problem"] = "is no capture"
        return
    facts["problem"] = complaint
    if row[3].isdigit() and int(row[3]) and row[4] != "n/a":
        facts.update(count=int(row[3]), first=float(row[4]), last=float(row[5]))
    elif not complaint:
        facts["problem"] = "holds no packets"


def take_in(row, seen):
    if row["nlb.cluster_ip"]:
        mode = row["nlb.mode"]
        seen["hosts"].add((row["nlb.cluster_ip"], int(row["nlb.host_id"]), row["nlb.host_ip"]))
        seen["clusters"].add((row["nlb.cluster_ip"], mode, mac_by_hand(row), "heartbeat"))
    elif row["nlb.analysis.cluster_ip"] and row["nlb.analysis.mode"]:
        seen["clusters"].add((row["nlb.analysis.cluster_ip"], row["nlb.analysis.mode"], "", "frame"))
    if row["nlb.analysis.routed_copy"]:
        seen["routers"].add((row["nlb.analysis.forwarder"],))


def mac_by_hand(row):
    """The cluster MAC that a heartbeat shows, unless it is made of the cluster's address."""
    tail = ":".join(f"{int(part):02x}" for part in row["nlb.cluster_ip"].split("."))
    source, target = row["eth.src"], row["eth.dst"]
    if target.startswith("03:bf:"):
        return "" if target[6:] == tail else target
    if target.startswith("01:00:5e:7f:"):
        return "" if target[12:] == tail[6:] else target
    if source.startswith(("02:bf:", f"02:{int(row['nlb.host_id']):02x}:")) and source[6:] != tail:
        return "02:bf:" + source[6:]
    return ""
