# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin adds; whatever Wireshark shows without it, it shows with it."""
import functools
import json

import pytest

import harness

# What stands in our place on a heartbeat when the plugin is absent; the built-in runs past the end
# of one that was cut.
REPLACED = ("msnlb", "data", "_ws.short", "_ws.malformed")


@pytest.fixture(scope="module")
def heartbeats(decode):
    """Capture -> the frames that we decode and Wireshark alone would decode otherwise."""
    return {capture: {number for number, frame in decode(capture).items()
                      if "nlb" in frame.protocols} for capture in harness.captures()}


@pytest.fixture(scope="module")
def plain_trees(tshark):
    """What Wireshark shows without the plugin."""
    return functools.cache(lambda capture: trees(tshark, capture, with_plugin=False))


@pytest.mark.parametrize("capture", harness.captures())
def test_nothing_is_lost_from_the_trees(tshark, plain_trees, capture):
    with_plugin = trees(tshark, capture)
    assert len(with_plugin) == len(plain_trees(capture))
    for ours, theirs in zip(with_plugin, plain_trees(capture)):
        heartbeat = "nlb" in ours
        assert foreign(ours, heartbeat) == foreign(theirs, heartbeat)
        assert not heartbeat or not {"_ws.short", "_ws.malformed"} & set(ours)


def test_the_builtin_is_unharmed_when_it_keeps_the_ethertype(tshark, plain_trees, heartbeats):
    for capture in (capture for capture, numbers in heartbeats.items() if numbers):
        kept = trees(tshark, capture, "-o", "nlb.replace_builtin:FALSE")
        assert [foreign(frame, False) for frame in kept] == plain_trees(capture), capture


def test_the_packet_list_is_the_same_but_for_heartbeats(sharkd, heartbeats):
    calls = [call for capture in heartbeats for call in (sharkd.load(capture), ("frames", {}))]
    with_plugin, without = (sharkd.session(*calls, with_plugin=loaded)[1::2]
                            for loaded in (True, False))
    for capture, ours, theirs in zip(heartbeats, with_plugin, without):
        assert len(ours) == len(theirs)
        changed = {row["num"] for row, other in zip(ours, theirs) if row["c"] != other["c"]}
        assert changed <= heartbeats[capture], capture


def trees(tshark, capture, *options, with_plugin=True):
    text = tshark.run("-T", "json", "--no-duplicate-keys", *options,
                      capture=capture, with_plugin=with_plugin)
    return [packet["_source"]["layers"] for packet in json.loads(text)]


def foreign(layers, heartbeat):
    """The layers of a frame without ours, and on a heartbeat without the one we replace."""
    kept = {name: tree for name, tree in layers.items() if is_foreign(name, heartbeat)}
    frame = dict(kept["frame"])
    names = frame["frame.protocols"].split(":")
    frame["frame.protocols"] = ":".join(name for name in names if is_foreign(name, heartbeat))
    return {**kept, "frame": frame}


def is_foreign(name, heartbeat):
    return not harness.ours(name) and not (heartbeat and name in REPLACED)
