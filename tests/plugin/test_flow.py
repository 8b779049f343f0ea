# SPDX-License-Identifier: GPL-2.0-or-later
"""The flow graph: tshark -z flow,nlb,standard, and what sharkd draws of it. The ladders of some captures are written
down beside them, in <capture>.flow.txt; `./dev golden` writes them anew."""
import re
import struct
import subprocess
import unicodedata

import pytest

import harness

# A box that sends again, a host that is lost, a connection that moves, a healthy cluster.
CAPTURES = ["cluster-host-lost.pcapng", "connection-moved.pcapng", "foreign-router.pcapng", "unicast-masked.pcapng"]
COLUMNS = 40  # Wireshark draws no more
# "TCP: 1187 -> 143 [SYN]": the packet list's words, which differ between the series.
INFO = re.compile(r"(?<=\|)[A-Z]{2,}[A-Za-z0-9]*: .*$|\s+$", re.M)


def flow(tshark, capture, *arguments, words=()):
    return tshark.run(*arguments, "-q", "-z", ",".join(("flow,nlb,standard", *words)), capture=capture)


def drawn(sharkd, *captures):
    """The graph of each capture as sharkd tells it."""
    calls = [call for name in captures for call in (sharkd.load(name), ("tap", {"tap0": "seqa:nlb"}))]
    return [answer["taps"][0] if answer["taps"] else {"nodes": [], "flows": []}
            for answer in sharkd.session(*calls)[1::2]]


def ends(graph):
    """("10.0.0.5", "all hosts of 192.168.2.10") of each arrow."""
    return [tuple(graph["nodes"][node] for node in arrow["n"]) for arrow in graph["flows"]]


@pytest.fixture
def write(tshark):
    """write(frames) makes a capture of them, a millisecond apart, and returns its name."""
    path = tshark.prefix.captures / "flow-written.pcap"

    def make(frames):
        records = (harness.pcap_record(frame, i // 1000, i % 1000 * 1000) for i, frame in enumerate(frames))
        path.write_bytes(harness.pcap_head() + b"".join(records))
        path.chmod(0o644)
        return path.name

    yield make
    path.unlink(missing_ok=True)


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def to_cluster(client, number=1, payload=b"", flags=2):
    """A TCP segment of a client to the unicast cluster 192.168.2.10; the address and MAC prove it."""
    ip = struct.pack(">BxHHHBBH", 0x45, 40 + len(payload), number, 0, 64, 6, 0)
    tcp = struct.pack(">HHIIBBHHH", 40000 + number, 80, 1, 1, 0x50, flags, 8192, 0, 0)
    head = mac("02:bf:c0:a8:02:0a") + mac("00:16:35:c4:25:96") + b"\x08\x00"
    return head + ip + bytes(client) + bytes([192, 168, 2, 10]) + tcp + payload


# ---- what is drawn

@pytest.mark.parametrize("capture", CAPTURES)
def test_a_flow_is_what_is_written_down(tshark, update, capture):
    text = INFO.sub("", flow(tshark, capture)) + "\n"
    golden = harness.beside(capture, ".flow.txt")
    if update:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_written_flow_has_its_capture():
    written = {path.name.removesuffix(".flow.txt") + ".pcapng" for path in harness.CAPTURES.glob("*.flow.txt")}
    assert written == set(CAPTURES)


def test_packets_without_a_finding_say_what_the_packet_list_says(tshark):
    assert "|IMAP: Response: * OK IMAP4 ready\n" in flow(tshark, "foreign-router.pcapng")


@pytest.mark.parametrize("capture, arrow", [
    ("foreign-router.pcapng", ("FORWARDER 00:15:5d:01:02:03", "all hosts of 192.168.1.47")),
    ("cluster-host-lost.pcapng", ("host 1 of 192.168.2.10", "host 2 of 192.168.2.10")),
    ("connection-moved.pcapng", ("host 2 of 192.168.2.10", "192.168.2.100")),
    ("unicast-masked.pcapng", ("host 1 of 192.168.2.10", "all")),
    ("encap-vxlan-foreign-router.pcapng", ("FORWARDER 00:15:5d:01:02:03", "all hosts of 192.168.2.10")),
    ("cooked-foreign-router.pcapng", ("192.168.1.151", "cluster 192.168.1.47")),
    ("copy-routed-chain.pcapng", ("router 00:1c:73:00:01:01", "10.1.1.9")),
])
def test_columns_are_roles(sharkd, capture, arrow):
    assert arrow in ends(*drawn(sharkd, capture))


@pytest.mark.parametrize("capture", ["cluster-idle-night.pcapng", "cluster-mirrored-twice.pcapng"])
def test_quiet_heartbeats_are_left_out(tshark, capture):
    """Also those that a mirror port delivers twice."""
    assert len(tshark.frames(capture, "-Y", "nlb")) > 50
    assert flow(tshark, capture).strip() == ""


@pytest.fixture(scope="module")
def graphs(sharkd):
    """The graph of each capture."""
    names = harness.captures()
    return dict(zip(names, drawn(sharkd, *names)))


def test_every_graph_can_be_drawn(graphs):
    """Criticals of GLib, as for a text behind the end of a line, end the program here."""
    for name, graph in graphs.items():
        assert len(graph["nodes"]) <= COLUMNS, name
        assert [arrow for arrow in ends(graph) if arrow[0] == arrow[1]] == [], name
        assert all(arrow["t"] and arrow["c"] for arrow in graph["flows"]), name


@pytest.mark.parametrize("capture", harness.captures())
def test_every_ladder_can_be_printed(tshark, graphs, capture):
    """Two lines an arrow behind two lines of columns."""
    arrows = len(graphs[capture]["flows"])
    lines = flow(tshark, capture, "-2").strip("\n").splitlines()
    assert len(lines) == (2 * arrows + 2 if arrows > 0 else 0)


# ---- many

def test_more_than_thirty_clients_share_a_column(tshark, sharkd, write):
    clients = [(10, 1, i // 200, i % 200 + 1) for i in range(300)]
    capture = write(to_cluster(client, number) for number, client in enumerate(clients))
    graph, = drawn(sharkd, capture)
    assert sorted(graph["nodes"]) == sorted(
        [f"10.1.0.{i + 1}" for i in range(30)] + ["all hosts of 192.168.2.10", "other clients"])
    assert ends(graph)[30:] == [("other clients", "all hosts of 192.168.2.10")] * 270
    assert "other clients" in flow(tshark, capture)


def test_a_graph_that_is_full_says_so(tshark, write):
    most = 100_000
    capture = write(to_cluster((10, 1, 0, 1), number % 0x4000) for number in range(most + 50))
    text = flow(tshark, capture, words=["ip"])
    assert text.count("The graph is full: filter the capture for what comes later") == 1
    assert len(text.strip("\n").splitlines()) == 2 * (most + 1) + 2


# ---- the same again

def test_a_flow_is_the_same_each_time(tshark, sharkd):
    capture = "foreign-router.pcapng"
    once = flow(tshark, capture)
    assert flow(tshark, capture) == once
    assert flow(tshark, capture, "-2") == once
    twice = tshark.run("-q", "-z", "flow,nlb,standard", "-z", "flow,nlb,standard", capture=capture)
    assert twice == once * 2
    one, other, again = drawn(sharkd, capture, "cluster-split.pcapng", capture)
    assert one == again != other


def test_graphs_of_one_run_know_nothing_of_each_other(tshark):
    capture, only = "connection-moved.pcapng", "tcp.port == 5001"
    both = tshark.run("-q", "-z", f"flow,nlb,standard,{only}", "-z", "flow,nlb,standard", capture=capture)
    parts = [flow(tshark, capture, words=[only]), flow(tshark, capture)]
    assert both in ("".join(parts), "".join(reversed(parts)))


def test_a_second_pass_shows_the_frames_that_are_copied_later(tshark):
    capture = "routing-loop.pcapng"
    first, second = flow(tshark, capture), flow(tshark, capture, "-2")
    assert first.count("-->") + first.count("<--") + 1 == second.count("-->") + second.count("<--")


# ---- hostile

@pytest.mark.parametrize("payload", [
    b"GET /\x1b[31mred HTTP/1.0\r\n\r\n", "GET /\u202egnp.exe HTTP/1.0\r\n\r\n".encode(),
    b"GET /\xff\xfe%n%s\0\r\n\r\n", b"A" * 1400], ids=["escape", "bidi", "bytes", "long"])
def test_what_a_packet_says_stays_text(tshark, write, payload):
    text = flow(tshark, write([to_cluster((10, 1, 0, 1)), to_cluster((10, 1, 0, 1), 2, payload, 0x18)]))
    assert harmless(text)
    assert len(text.strip("\n").splitlines()) == 6


def test_a_name_of_the_users_table_stays_text(tshark):
    routers = 'uat:nlb_routers:"00:15:5d:01:02:03","\\x1b[31m\\x0aX"'
    text = flow(tshark, "foreign-router.pcapng", "-o", routers)
    assert "router 00:15:5d:01:02:03" in text and "?[31m?X" in text
    assert harmless(text)


def harmless(text):
    return not [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]


def test_a_flow_of_another_name_is_refused(tshark):
    done = subprocess.run(["tshark", "-q", "-z", "flow,nlbx,standard", "-r", tshark.prefix.captures / CAPTURES[0]],
                          capture_output=True, text=True, env=tshark.prefix.environment(), **harness.as_plain_user())
    assert done.returncode != 0
