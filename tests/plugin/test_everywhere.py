# SPDX-License-Identifier: GPL-2.0-or-later
"""A finding shows wherever Wireshark can show a field, in whatever way the frames are read.

The capture is the foreign router; which frames are its copies is said by the hand-written
*.expect.json, and of which frame each is a copy is worked out here from the packets themselves.
"""
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

import harness

ROUTER = "foreign-router.pcapng"
HEARTBEATS = "real/msnlb.pcap"
FINDING = "nlb.analysis.foreign_router"
COPY_OF = "nlb.analysis.copy_of"
PACKET = ["ip.src", "ip.dst", "ip.proto", "ip.id", "ip.len"]


@pytest.fixture(scope="module")
def copies(tshark):
    """Frame number of each foreign router's copy -> frame number of its original."""
    expected = json.loads(harness.beside(ROUTER, ".expect.json").read_text(encoding="utf-8"))
    wanted = [int(number) for number, names in expected.items() if "foreign_router" in names]
    assert wanted
    packets = packet_of_frame(tshark.rows(ROUTER, ["frame.number", "ip.ttl", *PACKET]))
    return {number: original_of(number, packets) for number in wanted}


def packet_of_frame(rows):
    return {int(number): (int(ttl), packet) for number, ttl, *packet in rows if ttl.isdecimal()}


def original_of(copy, packets):
    ttl, packet = packets[copy]
    earlier = [number for number, (other_ttl, other) in packets.items()
               if number < copy and other == packet and other_ttl > ttl]
    return max(earlier)


def copy_links(rows):
    return {int(number): int(other) for number, other in rows if other}


def chosen(links, numbers):
    return {number: links.get(number) for number in numbers}


def test_packet_tree(tshark, decode):
    frames = tshark.run("-V", capture=ROUTER).split("\nFrame ")
    shown = [number for number, text in enumerate(frames, 1)
             if re.search(r"^\[?NLB Analysis\b", text, re.M)]
    assert shown == [number for number, frame in decode(ROUTER).items()
                     if "nlb.analysis" in frame.protocols]


def test_display_filter(tshark, copies):
    assert tshark.frames(ROUTER, "-Y", FINDING) == list(copies)
    assert set(copies) <= set(tshark.frames(ROUTER, "-Y", "nlb.analysis"))


def test_filters_that_name_none_of_our_fields_find_our_expert_infos(tshark, copies):
    """No tree is made where nothing of ours is asked for, and this asks without our name."""
    frames = tshark.frames(ROUTER, "-Y", '_ws.expert.message contains "not sent to it"')
    assert frames == list(copies)
    assert set(copies) <= set(tshark.frames(ROUTER, "-2", "-Y", "_ws.expert.severity >= warning"))


@pytest.mark.parametrize("passes", [[], ["-2"]])
def test_fields_without_a_display_filter(tshark, copies, passes):
    links = copy_links(tshark.rows(ROUTER, ["frame.number", COPY_OF], *passes))
    assert chosen(links, copies) == copies


def test_the_second_pass_links_the_original_to_its_copy(tshark, copies):
    rows = tshark.rows(ROUTER, ["frame.number", "nlb.analysis.copied_in"], "-2")
    links = {int(number): others.split(",") for number, others in rows}
    for copy, original in copies.items():
        assert str(copy) in links[original]


def test_the_line_says_the_links_that_tshark_leaves_closed(tshark, copies):
    """-O opens protocols by name, and links are no finding: the filter nlb.analysis does not match."""
    links = {original: copy for copy, original in copies.items()}
    frame = next(number for number in sorted(links)
                 if number not in tshark.frames(ROUTER, "-2", "-Y", "nlb.analysis"))
    text = tshark.run("-2", "-O", "nlb.analysis", "-Y", f"frame.number == {frame}", capture=ROUTER)
    assert f"\n[NLB Analysis: Copied in frame {links[frame]}]\n" in text


def test_a_read_filter_that_keeps_everything_changes_nothing(tshark, copies):
    rows = tshark.rows(ROUTER, ["frame.number", COPY_OF], "-2", "-R", "frame")
    assert chosen(copy_links(rows), copies) == copies


def test_a_read_filter_that_drops_the_originals_keeps_the_findings(tshark, copies):
    """Such a copy has nothing left to point to."""
    fields = ["frame.number", FINDING, COPY_OF]
    rows = tshark.rows(ROUTER, fields, "-2", "-R", FINDING)
    assert [int(row[0]) for row in rows] == list(range(1, len(copies) + 1))
    assert all(row[1] for row in rows)
    assert not any(row[2] for row in rows)


def test_a_read_filter_never_makes_a_copy_point_astray(tshark, copies):
    """Drops the first original only: all numbers behind it move, and with -R they are reused."""
    first = min(copies.values())
    number, packet_id, ttl = tshark.rows(
        ROUTER, ["frame.number", "ip.id", "ip.ttl"], "-Y", f"frame.number == {first}")[0]
    assert int(number) == first
    keep = f"!(ip.id == {packet_id} && ip.ttl == {ttl})"
    fields = ["frame.number", "ip.ttl", *PACKET]
    packets = packet_of_frame(tshark.rows(ROUTER, fields, "-2", "-R", keep))
    rows = tshark.rows(ROUTER, ["frame.number", FINDING, COPY_OF], "-2", "-R", keep)
    found = [int(row[0]) for row in rows if row[1]]
    links = {int(row[0]): int(row[2]) for row in rows if row[1] and row[2]}
    assert len(found) == len(copies)
    assert len(links) == len(copies) - 1
    assert links == {copy: original_of(copy, packets) for copy in links}


def test_json(tshark, copies):
    packets = json.loads(tshark.run("-T", "json", capture=ROUTER))
    layers = [packet["_source"]["layers"] for packet in packets]
    links = {int(layer["frame"]["frame.number"]): int(layer["nlb.analysis"][COPY_OF])
             for layer in layers if COPY_OF in layer.get("nlb.analysis", {})}
    assert chosen(links, copies) == copies


def test_elastic_json(tshark, copies):
    lines = tshark.run("-T", "ek", capture=ROUTER).splitlines()[1::2]
    layers = [json.loads(line)["layers"] for line in lines]
    links = {number: int(value) for number, value in enumerate(map(ek_copy_of, layers), 1) if value}
    assert chosen(links, copies) == copies


def ek_copy_of(layers):
    analysis = layers.get("nlb.analysis", layers.get("nlb_analysis", {}))
    return analysis.get("nlb_analysis_nlb_analysis_copy_of")


def test_pdml(tshark, copies):
    packets = ElementTree.fromstring(tshark.run("-T", "pdml", capture=ROUTER)).iter("packet")
    fields = {harness.number_of(packet): packet.find(f".//field[@name='{COPY_OF}']")
              for packet in packets}
    links = {number: int(field.get("show")) for number, field in fields.items()
             if field is not None}
    assert chosen(links, copies) == copies


def test_expert_statistics(tshark, copies):
    lines = tshark.run("-q", "-z", "expert,nlb.analysis.foreign_router", capture=ROUTER)
    counts = [int(line.split()[0]) for line in lines.splitlines() if "NLB Analysis" in line]
    assert sum(counts) >= len(copies)


def test_custom_column(tshark, copies):
    columns = f'gui.column.format:"No.","%m","Copy","%Cus:{COPY_OF}:0:R"'
    rows = [line.split() for line in tshark.run("-o", columns, capture=ROUTER).splitlines()]
    links = {int(row[0]): int(row[1]) for row in rows if len(row) == 2}
    assert chosen(links, copies) == copies


def test_colour_rule(tshark, copies):
    rules = tshark.prefix.config / "colorfilters"
    rules.write_text(f"@Foreign router@{FINDING}@[65535,0,0][65535,65535,65535]\n")
    tshark.prefix.hand_over()
    try:
        rows = tshark.rows(ROUTER, ["frame.number", "frame.coloring_rule.name"], "--color")
    finally:
        rules.unlink()
    assert [int(row[0]) for row in rows if row[1] == "Foreign router"] == list(copies)


def test_the_analysis_protocol_can_be_switched_off(tshark):
    off = ["--disable-protocol", "nlb.analysis"]
    assert "nlb.analysis" not in tshark.run("-T", "json", *off, capture=ROUTER)
    assert tshark.frames(ROUTER, "-Y", "nlb.analysis", *off) == []
    assert "NLB" not in tshark.run("-q", "-z", "expert", *off, capture=ROUTER)


def test_copy_detection_can_be_switched_off(tshark):
    off = ["-o", "nlb.copy_detection:FALSE"]
    assert tshark.frames(ROUTER, "-Y", f"{FINDING} || {COPY_OF}", *off) == []


def test_heartbeats_are_ours_by_default(tshark):
    for protocols, in tshark.rows(HEARTBEATS, ["frame.protocols"]):
        assert protocols.split(":")[-1] == "nlb"


BUILTIN_AGAIN = [["--disable-protocol", "nlb"], ["-o", "nlb.replace_builtin:FALSE"]]


@pytest.mark.parametrize("options", BUILTIN_AGAIN, ids=["disabled", "replace_builtin"])
def test_the_builtin_decodes_again(tshark, options):
    for protocols, in tshark.rows(HEARTBEATS, ["frame.protocols"], *options):
        assert "nlb" not in protocols.split(":")
        assert protocols.split(":")[-1] == "msnlb"


@pytest.mark.parametrize("options", BUILTIN_AGAIN, ids=["disabled", "replace_builtin"])
@pytest.mark.parametrize("capture", [ROUTER, HEARTBEATS])
def test_analysis_goes_on_when_the_builtin_decodes(tshark, decode, capture, options):
    analysis = {number: frame.findings for number, frame in decode(capture).items()
                if "nlb.analysis" in frame.protocols}
    assert analysis
    again = tshark.decode(capture, *options)
    assert {number: frame.findings for number, frame in again.items()} == analysis


def test_both_trees_can_be_shown(tshark):
    both = ["-o", "nlb.show_builtin:TRUE"]
    frames = tshark.frames(HEARTBEATS)
    assert tshark.frames(HEARTBEATS, "-Y", "nlb.host_id && msnlb", *both) == frames
    assert tshark.frames(HEARTBEATS, "-Y", "msnlb") == []
