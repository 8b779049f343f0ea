# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables behind `tshark -z nlb,...` and Statistics > NLB."""
import collections

import pytest

import harness


def cells(text):
    """The rows of Wireshark's tables: "a |b |c |"."""
    lines = (line for line in text.splitlines() if line.rstrip().endswith("|"))
    return [[cell.strip() for cell in line.split("|")] for line in lines]


@pytest.mark.parametrize("capture", harness.captures())
def test_findings_table_counts_what_the_frames_show(tshark, decode, capture):
    frames = collections.defaultdict(list)
    for number, frame in decode(capture).items():
        for name, texts in frame.findings.items():
            frames[name.rpartition(".")[2]] += [number] * len(texts)
    rows = cells(tshark.run("-q", "-z", "nlb,findings", capture=capture))
    for name, numbers in frames.items():
        row, = [row for row in rows if any(cell.rpartition(".")[2] == name for cell in row)]
        assert str(len(numbers)) in row, f"{name}: count {len(numbers)} in {row}"
        assert str(numbers[0]) in row, f"{name}: first frame {numbers[0]} in {row}"


def test_clusters_table_names_the_real_cluster_and_its_hosts(tshark):
    rows = cells(tshark.run("-q", "-z", "nlb,clusters", capture="real/msnlb.pcap"))
    assert len([row for row in rows if "192.168.100.80" in row]) == 2


def test_both_tables_are_empty_without_nlb(tshark):
    """They still print, so that a script sees that nothing was found."""
    text = tshark.run("-q", "-z", "nlb,clusters", "-z", "nlb,findings",
                      capture="real/encap-vxlan.pcap")
    assert "NLB" in text
