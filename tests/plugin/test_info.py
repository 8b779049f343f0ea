# SPDX-License-Identifier: GPL-2.0-or-later
"""What is broken stands before the text of the Info column, in any profile and in every pass."""
import re

import pytest

import harness

ROUTER = "foreign-router.pcapng"
PREFIX = re.compile(r"\[NLB: (.*?)\] ")
BROKEN = 'nlb.analysis.severity in {"Warning", "Error"} || nlb.malformed'


@pytest.fixture(scope="module")
def summaries():
    """A finding's few words -> severity, from the page that is printed from the core's tables."""
    page = (harness.REPOSITORY / "docs/reference.md").read_text(encoding="utf-8")
    return {words: severity for words, severity in
            re.findall(r"^### `nlb\.[\w.]+`\n\n\*\*(.*)\*\* \((\w+)\)$", page, re.M)}


def columns(tshark, capture, *options):
    """Frame number -> Info, as the packet list has it: from 4.4 on the field _ws.col.info is taken before
    post-dissectors run."""
    text = tshark.run("-o", 'gui.column.format:"No.","%m","Info","%i"', *options, capture=capture)
    rows = (line.strip().partition(" ") for line in text.splitlines())
    return {int(number): info for number, _, info in rows}


def broken(tshark, capture):
    return tshark.frames(capture, "-Y", BROKEN)


@pytest.mark.parametrize("capture", [ROUTER, "cluster-split.pcapng", "multicast.pcapng",
                                     "heartbeat-malformed.pcapng", "unicast-masked.pcapng"])
def test_broken_frames_and_no_others_begin_with_the_sentence(tshark, capture):
    """Which says who, since the addresses beside it often are not those of the culprit."""
    found = {number: PREFIX.match(info) for number, info in columns(tshark, capture).items()}
    sentences = tshark.rows(capture, ["frame.number", "nlb.analysis.message"], "-Y", BROKEN)
    assert {number: match[1] for number, match in found.items() if match} == {
        int(number): sentence for number, sentence in sentences}


@pytest.mark.parametrize("field, few_words", [
    ("nlb.analysis.message", True), ("nlb.analysis.forwarder", True), ("nlb.host_id", False)])
def test_beside_a_column_of_the_analysis_a_few_words_are_enough(tshark, summaries, field, few_words):
    text = tshark.run("-o", f'gui.column.format:"NLB","%Cus:{field}:1:R","Info","%i"', capture=ROUTER)
    found = [match[1] for match in map(PREFIX.search, text.splitlines()) if match]
    assert len(found) == len(broken(tshark, ROUTER))
    assert all((words in summaries) == few_words for words in found)


def test_the_text_behind_it_is_wiresharks_own(tshark):
    with_it = columns(tshark, ROUTER)
    without = columns(tshark, ROUTER, "-o", "nlb.info_prefix:FALSE")
    assert with_it != without
    assert {number: PREFIX.sub("", info, 1) for number, info in with_it.items()} == without


@pytest.mark.parametrize("options", [[], ["-2"], ["-V"], ["-Y", "frame"], ["-2", "-R", "frame"]])
def test_every_way_to_read_shows_it(tshark, options):
    """Without a tree, and when the columns are written in a second pass."""
    text = tshark.run("-o", 'gui.column.format:"Info","%i"', *options, "-P", capture=ROUTER)
    lines = [line for line in text.splitlines() if PREFIX.match(line.strip())]
    assert len(lines) == len(broken(tshark, ROUTER))


def test_a_front_end_shows_it_whenever_it_asks(sharkd, tshark):
    load, once, again = sharkd.session(sharkd.load(ROUTER), ("frames", {}), ("frames", {}))
    assert load is not None and once == again
    marked = [row["num"] for row in once if any(PREFIX.match(cell) for cell in row["c"])]
    assert marked == broken(tshark, ROUTER)


def test_it_is_the_gravest(tshark):
    only = ("-Y", "nlb.analysis.two_hosts_answer")
    rows = tshark.rows("cluster-split.pcapng", ["nlb.analysis.severity"], *only)
    infos = columns(tshark, "cluster-split.pcapng", *only)
    assert len(infos) == len(rows) > 0 and all(map(PREFIX.match, infos.values()))
    assert rows == [["Error"]] * len(rows)
