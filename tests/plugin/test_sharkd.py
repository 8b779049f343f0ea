# SPDX-License-Identifier: GPL-2.0-or-later
"""A graphical front end asks for frames in any order, over and over, and opens file after file."""
import random

import pytest

import harness

ROUTER = "foreign-router.pcapng"
HEARTBEATS = "real/msnlb.pcap"


def visit(sharkd, *stops):
    """stops are (capture, frame numbers) pairs, loaded one after the other in one session;
    returns for each stop frame number -> our trees."""
    calls = []
    for capture, numbers in stops:
        calls += [sharkd.load(capture), *map(sharkd.frame, numbers)]
    answers = iter(sharkd.session(*calls))
    return [read_stop(answers, numbers) for _, numbers in stops]


def read_stop(answers, numbers):
    next(answers)
    return {number: harness.our_trees(next(answers)) for number in numbers}


@pytest.fixture(scope="module")
def numbers_of(sharkd):
    return sharkd.frame_numbers(harness.captures())


def test_frames_in_random_order_show_the_same(sharkd, numbers_of):
    numbers = numbers_of[ROUTER]
    shuffled = random.Random(7).sample(numbers, len(numbers))
    in_order, = visit(sharkd, (ROUTER, numbers))
    at_random, = visit(sharkd, (ROUTER, shuffled + shuffled[::2]))
    assert any(in_order.values())
    assert at_random == in_order


def test_another_file_shows_nothing_of_the_file_before(sharkd, numbers_of):
    router = (ROUTER, numbers_of[ROUTER])
    beats = (HEARTBEATS, numbers_of[HEARTBEATS])
    alone, = visit(sharkd, beats)
    first, after_it, again = visit(sharkd, router, beats, router)
    assert any(alone.values()) and any(first.values())
    assert after_it == alone
    assert again == first


def test_every_file_shows_the_same_whatever_was_open_before(sharkd, numbers_of):
    stops = list(numbers_of.items())
    forward = visit(sharkd, *stops)
    backward = visit(sharkd, *reversed(stops))
    for (capture, _), one, other in zip(stops, forward, reversed(backward)):
        assert one == other, capture


def test_sharkd_finds_what_tshark_finds(sharkd, numbers_of, decode):
    for capture in (ROUTER, HEARTBEATS):
        seen, = visit(sharkd, (capture, numbers_of[capture]))
        found = {number: finding_names(trees) for number, trees in seen.items()}
        expected = {number: set(frame.findings) for number, frame in decode(capture, "-2").items()}
        assert {n: names for n, names in found.items() if names} == {
            n: names for n, names in expected.items() if names}


def finding_names(trees):
    """Front ends get a finding as a node whose parent is marked as expert information."""
    names = set()
    for tree in trees:
        for node in tree.get("n", []):
            inner = node.get("n", [])
            if node.get("f", "").startswith("_ws.expert"):
                names |= {child["f"] for child in inner if harness.ours(child.get("f", ""))}
            else:
                names |= finding_names([node])
    return names


def test_a_changed_setting_counts_from_the_next_load_on(sharkd, numbers_of):
    numbers = numbers_of[ROUTER]
    setting = "nlb.copy_detection"
    calls = []
    for value in ("TRUE", "FALSE", "TRUE"):
        calls += [("setconf", {"name": setting, "value": value}), sharkd.load(ROUTER),
                  *map(sharkd.frame, numbers)]
    answers = sharkd.session(*calls)
    size = len(numbers) + 2
    on, off, on_again = ([harness.our_trees(answer) for answer in answers[start + 2:start + size]]
                         for start in range(0, 3 * size, size))
    assert on == on_again != off
