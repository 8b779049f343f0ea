# SPDX-License-Identifier: GPL-2.0-or-later
"""Every filter that we hand to a user compiles, and finds something in the captures."""
import re

import pytest

import harness
import nlb_profile



def column_of_tables(path, title):
    """The cells below this title in the Markdown tables of a page."""
    column = None
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            column = None
        elif title in cells:
            column = cells.index(title)
        elif column is not None and cells[column].startswith("`"):
            yield cells[column].strip("`").replace("\\|", "|")


def handed_out():
    """(where, filter)"""
    pages = [harness.REPOSITORY / "README.md", harness.REPOSITORY / "docs/guide.md"]
    found = [(f"{page.name}: {text}", text) for page in pages
             for text in column_of_tables(page, "filter")]
    assert len(found) >= 20
    return found + nlb_profile.filters()


def is_ours(where):
    """Wireshark's own rules and examples come with every profile; they have to compile only."""
    file, _, name = where.partition(": ")
    return file not in ("colorfilters", "dfilters") or name.startswith("NLB")


@pytest.fixture(scope="module")
def capture_of(sharkd):
    """Filter -> a capture in which it finds a frame. One daemon reads all captures; a filter that
    does not compile, or that Wireshark warns about, ends it here."""
    texts = sorted({text for _, text in handed_out()})
    calls, keys = [], []
    for number, capture in enumerate(harness.captures()):
        calls.append(sharkd.load(capture))
        keys.append(None)
        for text in texts:
            # The daemon of 4.0 keeps what a filter found in the file before: never the same twice.
            once = f"({text}) && frame.number < {1_000_000 + number}"
            calls.append(("frames", {"filter": once, "limit": 1}))
            keys.append((text, capture))
    found = {}
    for key, answer in zip(keys, sharkd.session(*calls)):
        if key and answer:
            found.setdefault(*key)
    return found


@pytest.mark.parametrize("where, text", handed_out(), ids=[where for where, _ in handed_out()])
def test_it_finds_a_frame(capture_of, where, text):
    if is_ours(where):
        assert text in capture_of, where


@pytest.mark.parametrize("capture", ["foreign-router.pcapng", "igmp.pcapng", "unicast-masked.pcapng"])
@pytest.mark.parametrize("passes", [[], ["-2"]])
def test_a_cluster_is_found_with_all_its_packets(tshark, capture, passes):
    """Replies from a host's own MAC, which NLB leaves as it is, were left out."""
    (vip, known), *_ = tshark.rows(capture, ["nlb.cluster_ip", "frame.number"], "-Y", "nlb")
    packets = tshark.frames(capture, "-Y", f"ip.addr == {vip} && frame.number > {known}")
    found = tshark.frames(capture, *passes, "-Y", f"nlb.analysis.cluster_ip == {vip}")
    assert packets and set(packets) <= set(found)


def test_a_filter_that_finds_nothing_would_be_noticed(sharkd):
    """In a file after one in which it would find much."""
    text = "nlb.host_id == 1"
    answers = sharkd.session(
        sharkd.load("foreign-router.pcapng"), ("frames", {"filter": f"{text} && frame.number < 9"}),
        sharkd.load("real/encap-vxlan.pcap"), ("frames", {"filter": f"{text} && frame.number < 8"}))
    assert answers[1] and not answers[3]


def test_a_wrong_filter_would_be_noticed(sharkd):
    with pytest.raises(AssertionError, match="invalid"):
        sharkd.session(sharkd.load("real/msnlb.pcap"), ("frames", {"filter": "nlb.no_such_field"}))


# Written as src/tables/conversation.cc writes them, whose unit tests have the same.
def test_the_conversations_of_an_ipv6_cluster(tshark):
    """Frame 2 is the client's question, which goes to a group of IPv6."""
    vip = "2001:4898:e8:3018:bd82:dde1:6615:7b0"
    cluster = f'ipv6.addr == {vip} || nlb.analysis.source matches " of {vip}$" || ' \
              f'nlb.analysis.destination matches " of {vip}$"'
    host = f'nlb.analysis.source == "host 1 of {vip}" || nlb.analysis.destination == "host 1 of {vip}"'
    assert tshark.frames("ipv6-unicast.pcapng", "-Y", cluster) == [1, *range(3, 14)]
    assert tshark.frames("ipv6-unicast.pcapng", "-Y", host) == [3, 5, 8, 10, 13]
    assert tshark.frames("multicast.pcapng", "-Y", cluster) == []
