# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables behind `tshark -z nlb,...` and Statistics > NLB."""
import collections
import re

import pytest

import harness


SEVERITIES = ("Chat", "Note", "Warning", "Error")
FOREIGN = "nlb.analysis.foreign_router"


def rows_of(text):
    """Cells are two or more blanks apart."""
    return [re.split(r"\s{2,}", line) for line in text.splitlines()]


@pytest.mark.parametrize("capture", harness.captures())
def test_findings_table_counts_what_the_frames_show(tshark, decode, capture):
    frames = collections.defaultdict(list)
    for number, frame in decode(capture).items():
        for name, texts in frame.findings.items():
            frames[name.rpartition(".")[2]] += [number] * len(texts)
    rows = rows_of(tshark.run("-q", "-z", "nlb,findings", capture=capture))
    for name, numbers in frames.items():
        row, = [row for row in rows if len(row) > 1 and row[1].rpartition(".")[2] == name]
        assert row[2:4] == [str(len(numbers)), str(numbers[0])], f"{name}: {row}"
    found = [row for row in rows if row[0] in SEVERITIES]
    assert len(found) == len(frames)


def test_clusters_table_names_the_real_cluster_and_its_hosts(tshark):
    rows = rows_of(tshark.run("-q", "-z", "nlb,clusters", capture="real/msnlb.pcap"))
    assert len([row for row in rows if "192.168.100.80" in row]) == 2


def test_both_tables_say_so_when_there_is_no_nlb(tshark):
    text = tshark.run("-q", "-z", "nlb,clusters", "-z", "nlb,findings",
                      capture="real/encap-vxlan.pcap")
    assert {"NLB Clusters: none", "NLB Findings: none"} <= set(text.splitlines())


def test_a_table_can_be_filtered(tshark, decode):
    frames = decode("foreign-router.pcapng")
    first = min(number for number, frame in frames.items() if FOREIGN in frame.findings)
    rows = rows_of(tshark.run("-q", "-z", f"nlb,findings,frame.number <= {first}",
                              capture="foreign-router.pcapng"))
    row, = [row for row in rows if FOREIGN in row]
    assert row[2:4] == ["1", str(first)]
