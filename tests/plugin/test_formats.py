# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures as the tools of Windows Servers leave them behind: whoever captures there has no Wireshark."""
import struct
import subprocess

import pytest

import harness

CAPTURES = ["foreign-router.pcapng", "cluster-host-lost.pcapng"]
FIELDS = ["frame.number", "nlb.host_id", "nlb.analysis.finding", "nlb.analysis.copy_of"]

# pcapng, as Microsoft's converters write it.
SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
COMMENT, IF_NAME, TIME_RESOLUTION, FLAGS = 1, 2, 9, 2
INBOUND, OUTBOUND = 1, 2


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(kind, body, *options):
    content = body + b"".join(options) + (option(0, b"") if options else b"")
    length = 12 + len(content)
    return struct.pack("<II", kind, length) + content + struct.pack("<I", length)


def packet(interface, record, *options):
    """A record of a classic pcap file as an enhanced packet block, at the same microsecond."""
    seconds, micros, captured, wire = struct.unpack_from("<IIII", record)
    when = seconds * 1_000_000 + micros
    frame = record[harness.RECORD_HEAD:]
    body = struct.pack("<IIIII", interface, when >> 32, when & 0xFFFFFFFF, captured, wire)
    return block(PACKET, body + frame + bytes(-len(frame) % 4), *options)


def section():
    return block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(*options):
    return block(INTERFACE, struct.pack("<HHI", 1, 0, 262144), *options)


def netsh_trace(records):
    """netsh trace, through etl2pcapng: a comment with the process on each packet, and its direction."""
    yield section()
    yield interface(option(IF_NAME, b"Ethernet 2 (IfIndex 7)"))
    for number, record in enumerate(records):
        yield packet(0, record, option(FLAGS, struct.pack("<I", INBOUND)),
                     option(COMMENT, f"PID={4 + number % 3}".encode()))


def pktmon_nics(records):
    """pktmon start --capture --comp nics, through pktmon etl2pcap: no direction, one interface."""
    yield section()
    yield interface()
    for record in records:
        yield packet(0, record)


def write(path, blocks):
    path.write_bytes(b"".join(blocks))
    path.chmod(0o644)


def rows_of(tshark, path):
    return tshark.rows(path.name, FIELDS)


@pytest.fixture
def made(tshark, request):
    """A file among the captures, where every user may read it."""
    path = tshark.prefix.captures / f"made-{abs(hash(request.node.name))}.cap"
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("capture", CAPTURES)
@pytest.mark.parametrize("converter", [netsh_trace, pktmon_nics])
def test_what_microsofts_converters_write_says_the_same(tshark, made, capture, converter):
    _, records = harness.records_of(harness.CAPTURES / capture)
    write(made, converter(records))
    wanted = tshark.rows(capture, FIELDS)
    assert any(row[2] for row in wanted)
    assert rows_of(tshark, made) == wanted


@pytest.mark.parametrize("capture", CAPTURES)
@pytest.mark.parametrize("version", ["netmon1", "netmon2"])
def test_what_network_monitor_writes_says_the_same(tshark, made, capture, version):
    subprocess.run(["editcap", "-F", version, harness.CAPTURES / capture, made], check=True)
    made.chmod(0o644)
    assert made.read_bytes()[:4] in (b"RTSS", b"GMBU")
    assert rows_of(tshark, made) == tshark.rows(capture, FIELDS)


SEVERE = ["-Y", 'nlb.analysis.severity in {"Warning", "Error"}']


@pytest.mark.parametrize("capture", ["unicast-masked.pcapng", "copy-none.pcapng", "cluster-convergence.pcapng"])
def test_a_packet_that_pktmon_saw_in_each_component_was_sent_once(tshark, made, capture):
    """pktmon start --capture without --comp nics: the same bytes again from every driver they pass, some
    microseconds apart."""
    _, records = harness.records_of(harness.CAPTURES / capture)
    blocks = [section(), interface()]
    for record in records:
        seconds, micros = struct.unpack_from("<II", record)
        for component in range(4):
            later = micros + 3 * component
            blocks.append(packet(0, struct.pack("<II", seconds + later // 1_000_000, later % 1_000_000)
                                 + record[8:]))
    write(made, blocks)
    assert len(rows_of(tshark, made)) == 4 * len(records)
    said = {row[0] for row in tshark.rows(made.name, ["nlb.analysis.finding"], *SEVERE)}
    assert said <= {row[0] for row in tshark.rows(capture, ["nlb.analysis.finding"], *SEVERE)}
