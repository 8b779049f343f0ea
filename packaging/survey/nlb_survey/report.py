# SPDX-License-Identifier: GPL-2.0-or-later
"""One list and one table of all findings, and the pages about them."""
import csv
import json
import os
import re

from nlb_survey.page import page
from nlb_survey.summary import Episodes, sections, text_of, title
from nlb_survey.tools import dump

# Said once in a file: what a later stretch of the tap says again is no news.
ONCE = ("nlb.analysis.igmp_silent", "nlb.analysis.igmp_no_querier", "nlb.table_full")
COLUMNS = ("time", "tap", "file", "frame", "severity", "finding", "cluster", "host", "forwarder",
           "forwarder_ip", "text")


def report(found, known, folder):
    """Writes what the lines of diagnose, in order, amount to."""
    problems = [tuple(problem) for problem in known["problems"]]
    missing = {(tap, number): names for tap, number, names in known["work"]}
    totals, forwarders, episodes = {}, {}, Episodes()
    with open(os.path.join(folder, "findings.jsonl"), "w", encoding="utf-8") as lines, \
            open(os.path.join(folder, "findings.csv"), "w", encoding="utf-8", newline="") as sheet:
        table = csv.DictWriter(sheet, COLUMNS, lineterminator="\n")
        table.writeheader()
        for row in as_in_one_file(rows_of(found, missing)):
            if "problem" in row:
                problems.append(tuple(row["problem"]))
                continue
            lines.write(dump([row]))
            table.writerow(row)
            count_in(totals, row["finding"], row)
            if row["finding"].endswith((".foreign_router", ".routing_loop")):
                count_in(forwarders, row["forwarder"], row)
            episodes.add(row)
    problems += [(name, "not diagnosed: no worker told of it") for names in missing.values() for name in names]
    parts = sections(known, sorted(set(problems)), totals, forwarders, episodes.all)
    text = text_of(title(known), parts)
    for name, content in (("summary.txt", text), ("summary.html", page(title(known), parts, episodes.all))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)
    return text, problems


def rows_of(found, missing):
    """(tap, number of the stretch, row); takes out of `missing` what was done."""
    for line in found:
        _, tap, number, _, text = line.split("\t", 4)
        row = json.loads(text)
        if "done" in row:
            missing.pop((tap, int(number)), None)
        else:
            yield tap, number, row


def as_in_one_file(rows):
    """The rows of all stretches, with what the analysis of one file would remember from those before."""
    addresses, said = {}, {}
    for tap, number, row in rows:
        key = (tap, row.get("finding"), row.get("cluster"))
        if row.get("finding") in ONCE and said.setdefault(key, number) != number:
            continue
        if row.get("forwarder"):
            add_address(row, addresses)
        yield row


def add_address(row, addresses):
    """ARP may have named the forwarder's address in a stretch before."""
    mac, known = row["forwarder"], addresses.setdefault((row["tap"], row["forwarder"]), row["forwarder_ip"])
    if known and not row["forwarder_ip"]:
        row["forwarder_ip"] = known
        row["text"] = re.sub(f"^{mac}(?! [(])", f"{mac} ({known})", row["text"])
    elif row["forwarder_ip"]:
        addresses[row["tap"], mac] = row["forwarder_ip"]


def count_in(totals, key, row):
    total = totals.setdefault(key, {"count": 0, "first": row, "last": row, "clusters": set(), "ips": set()})
    total["count"] += 1
    total["last"] = row
    total["clusters"].add(row["cluster"])
    total["ips"].add(row["forwarder_ip"])
