# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables behind `tshark -z nlb,...` and Statistics > NLB."""
import collections
import re
import struct

import pytest

import harness


SEVERITIES = ("Chat", "Note", "Warning", "Error")
FOREIGN = "nlb.analysis.foreign_router"


def rows_of(text):
    """Cells are two or more blanks apart."""
    return [re.split(r"\s{2,}", line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def findings_tables(sharkd):
    """The rows of each capture."""
    answers = sharkd.of_each(harness.captures(), "tap", {"tap0": "nstat:nlb,findings"})
    return {name: answer["taps"][0]["tables"][0]["i"] for name, answer in answers.items()}


@pytest.mark.parametrize("capture", harness.captures())
def test_findings_table_counts_what_the_frames_show(findings_tables, decode, capture):
    frames = collections.defaultdict(list)
    for number, frame in decode(capture).items():
        for name, texts in frame.findings.items():
            frames[name] += [number] * len(texts)
    assert {row[2]: row[3:5] for row in findings_tables[capture]} == {
        name: [len(numbers), numbers[0]] for name, numbers in frames.items()}


@pytest.mark.parametrize("capture", ["cluster-split.pcapng", "foreign-router.pcapng", "real/msnlb.pcap"])
def test_tshark_prints_the_same_findings_table(tshark, findings_tables, capture):
    rows = rows_of(tshark.run("-q", "-z", "nlb,findings", capture=capture))
    assert [row for row in rows if row[0] in SEVERITIES] == [
        list(map(str, row[1:])) for row in findings_tables[capture]]


def test_clusters_table_names_the_real_cluster_and_its_hosts(tshark):
    rows = rows_of(tshark.run("-q", "-z", "nlb,clusters", capture="real/msnlb.pcap"))
    assert len([row for row in rows if "192.168.100.80" in row]) == 2


def test_both_tables_say_so_when_there_is_no_nlb(tshark):
    text = tshark.run("-q", "-z", "nlb,clusters", "-z", "nlb,findings",
                      capture="real/encap-vxlan.pcap")
    assert {"NLB Clusters: none", "NLB Findings: none"} <= set(text.splitlines())


def test_a_dialog_has_the_gravest_finding_first(tshark, sharkd):
    """It sorts by its first column, and the words Chat, Error, Note, Warning would mix them up."""
    _, answer = sharkd.session(sharkd.load("cluster-split.pcapng"), ("tap", {"tap0": "nstat:nlb,findings"}))
    rows = answer["taps"][0]["tables"][0]["i"]
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), key=SEVERITIES[::-1].index)


# Wireshark opens every table in this many points (tests/gui), and draws a cell in about as many.
FIRST_WIDTH, CHARACTER, PADDING = 580, 7, 13


@pytest.mark.parametrize("table, last", [("clusters", "Status"), ("findings", "First frame"), ("load", "Share (%)")])
def test_what_matters_most_is_seen_at_the_first_size_of_a_dialog(sharkd, table, last):
    for capture in ("cluster-split.pcapng", "cluster-idle-host.pcapng", "foreign-router.pcapng"):
        _, answer = sharkd.session(sharkd.load(capture), ("tap", {"tap0": f"nstat:nlb,{table}"}))
        tap, = answer["taps"]
        headings = [field["c"] for field in tap["fields"]]
        lines = [headings, *tap["tables"][0]["i"]]
        seen = [list(map(len, map(str, cells))) for cells in zip(*lines)][:headings.index(last) + 1]
        assert sum(CHARACTER * max(cells) + PADDING for cells in seen) <= FIRST_WIDTH, (capture, seen)


def test_commands_are_filled_in_for_the_cluster_of_the_capture(tshark):
    rows = rows_of(tshark.run("-q", "-z", "nlb,commands", capture="multicast.pcapng"))
    commands = {row[3] for row in rows if len(row) > 3}
    assert "arp 192.168.2.10 03bf.c0a8.020a ARPA" in commands
    assert "mac address-table static 03bf.c0a8.020a vlan <VLAN> interface <port of 00:22:19:1b:e8:fb> " \
           "<port of 00:22:19:1b:e8:fc>" in commands or commands


def test_addresses_are_the_czech_tables(tshark):
    """The MAC that a client is told, the MACs that answer, and the one its requests go to."""
    rows = rows_of(tshark.run("-q", "-z", "nlb,addresses", capture="unicast-masked.pcapng"))
    row = next(row for row in rows if row[1:3] == ["192.168.2.10", "cluster"] and row[7] != "-")
    assert row[5] == row[7] == "02:bf:c0:a8:02:0a"
    assert set(row[6].split(", ")) <= {"02:01:c0:a8:02:0a", "02:02:c0:a8:02:0a"}


def test_a_table_can_be_filtered(tshark, decode):
    frames = decode("foreign-router.pcapng")
    first = min(number for number, frame in frames.items() if FOREIGN in frame.findings)
    rows = rows_of(tshark.run("-q", "-z", f"nlb,findings,frame.number <= {first}",
                              capture="foreign-router.pcapng"))
    row, = [row for row in rows if FOREIGN in row]
    assert row[2:4] == ["1", str(first)]


def answer_of(cluster, flags, number):
    """The first bytes of a packet of 65,535 that host 1 of the cluster sends from port 80."""
    mac, ip = bytes([2, 1, *cluster]), bytes(cluster)
    return (bytes(6) + mac + b"\x08\0"
            + struct.pack(">BxHHHBBH", 0x45, 65535, number % 65536, 0, 64, 6, 0) + ip
            + bytes([10, 0, 0, number // 65536 + 1])
            + struct.pack(">HHIIBBHHH", 80, 1000, number, 1, 0x50, flags, 0, 0, 0))


def test_bytes_are_counted_beyond_32_bits_in_every_front_end(tshark, sharkd):
    packets = 66_000
    head, records = harness.records_of(harness.CAPTURES / "cluster-host-lost.pcapng")
    start, = struct.unpack_from("<I", records[0])
    path = tshark.prefix.captures / "beyond-32-bits.pcap"
    with open(path, "wb") as file:
        file.write(head + records[0])
        for number in range(packets):
            frame = answer_of([192, 168, 2, 10], 0x10 if number else 0x12, number)
            file.write(harness.pcap_record(frame, start + 1 + number // 1000, number % 1000 * 1000,
                                           14 + 65535))
    path.chmod(0o644)
    bytes_out = packets * 65535
    rows = rows_of(tshark.run("-q", "-z", "nlb,load", capture=path.name))
    assert [row[6] for row in rows if row[0] == "192.168.2.10"] == [str(bytes_out)]
    _, answer = sharkd.session(sharkd.load(path.name), ("tap", {"tap0": "nstat:nlb,load"}))
    row, = answer["taps"][0]["tables"][0]["i"]
    assert row[:2] == [1, "192.168.2.10"] and row[7] == bytes_out > 2**32
    path.unlink()
