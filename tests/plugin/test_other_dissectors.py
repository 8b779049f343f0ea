# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin adds; whatever Wireshark shows without it, it shows with it."""
import json

import pytest

import harness

# What stands in our place on a heartbeat when the plugin is absent; the built-in runs past the end
# of one that was cut.
REPLACED = ("msnlb", "data", "_ws.short", "_ws.malformed")


@pytest.fixture(scope="module")
def everything(prefix):
    """All captures in one, so that few tools are started."""
    target = prefix.captures / "everything.pcapng"
    harness.append_captures(target)
    return target.name


@pytest.fixture(scope="module")
def with_plugin(tshark, everything):
    return trees(tshark, everything)


@pytest.fixture(scope="module")
def without_plugin(tshark, everything):
    return trees(tshark, everything, with_plugin=False)


def test_no_capture_is_left_out(sharkd, with_plugin):
    """mergecap stops at a file that is cut short: the 410 frames behind it were once missing."""
    assert sum(map(len, sharkd.frame_numbers(harness.captures()).values())) == len(with_plugin)


def test_nothing_is_lost_from_the_trees(with_plugin, without_plugin):
    assert len(with_plugin) == len(without_plugin)
    for number, (ours, theirs) in enumerate(zip(with_plugin, without_plugin), 1):
        heartbeat = "nlb" in ours
        assert foreign(ours, heartbeat) == foreign(theirs, heartbeat), number
        assert not heartbeat or not {"_ws.short", "_ws.malformed"} & set(ours), number


def test_the_builtin_is_unharmed_when_it_keeps_the_ethertype(tshark, everything, without_plugin):
    kept = trees(tshark, everything, "-o", "nlb.replace_builtin:FALSE")
    assert any("msnlb" in frame for frame in kept)
    assert [foreign(frame, False) for frame in kept] == without_plugin


def test_the_packet_list_is_the_same_but_for_heartbeats_and_what_is_broken(sharkd, everything, with_plugin):
    calls = (sharkd.load(everything), ("frames", {}))
    ours, theirs = (sharkd.session(*calls, with_plugin=loaded)[1] for loaded in (True, False))
    assert len(ours) == len(theirs) == len(with_plugin)
    heartbeats = {number for number, tree in enumerate(with_plugin, 1) if "nlb" in tree}
    changed = {row["num"]: (row["c"], other["c"]) for row, other in zip(ours, theirs) if row["c"] != other["c"]}
    assert heartbeats <= set(changed)
    assert any(number not in heartbeats for number in changed)
    for number, (row, other) in changed.items():
        if number not in heartbeats:
            assert row[:-1] == other[:-1]
            assert row[-1].startswith("[NLB: ") and row[-1].endswith("] " + other[-1]), number


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
