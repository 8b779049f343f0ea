# SPDX-License-Identifier: GPL-2.0-or-later
"""Pieces of a capture, surveyed, say exactly what the whole says: same findings, frames and words.

The normal run takes a capture of each kind and a part of the generated hour; NLB_SURVEY_ALL=1 (./dev survey) takes all
of test-pcaps, and the whole hour cut by time and by number of frames.
"""
import os

import pytest

import harness
import hour
import splitting

ALL = os.environ.get("NLB_SURVEY_ALL") == "1"
FEW = ["foreign-router.pcapng", "cluster-idle-host.pcapng", "copy-two-interfaces.pcapng", "inter-host.pcapng",
       "igmp-silent.pcapng"]
# What looks back farther than the default overlap in these captures, and so is not asked of it.
LOOK_FAR_BACK = {"idle_host", "igmp_silent", "igmp_no_querier", "unanswered_syn", "vip_mac_conflict",
                 "secondary_vip_mac"}


def chosen():
    if not ALL:
        return FEW
    return [name for name in harness.captures() if splitting.count_of(harness.CAPTURES / name) >= 3]


def looks_far_back(row):
    return row[3] in LOOK_FAR_BACK


def key_of(name):
    """Captures longer than the default overlap are kept apart."""
    rows = splitting.output("capinfos", "-T", "-m", "-r", "-u", harness.CAPTURES / name)
    seconds = float(rows.rsplit(",", 1)[1])
    return f"{'long' if seconds > 14 else 'short'}/{name.replace('/', '-').replace('.', '-')}"


@pytest.fixture
def cut(desk):
    """Every capture whole, and in three files: (Pieces, folder of the wholes)"""
    pieces = splitting.Pieces(desk.home / "pieces")
    for name in chosen():
        key = key_of(name)
        whole = desk.copy(name, f"wholes/{key}/{name.rpartition('/')[2]}")
        pieces.add_whole(whole, key)
        pieces.cut(whole, key, "-c", (splitting.count_of(whole) + 2) // 3)
    return pieces, desk.home / "wholes"


def lines_of(path):
    return set(path.read_text(encoding="utf-8").splitlines())


def test_pieces_say_what_the_whole_says(desk, cut):
    pieces, wholes = cut
    whole = desk.survey("--all", wholes)
    expected = pieces.rows(whole)
    assert len(expected) >= 4
    default = desk.survey("--all", "--stretch", "0", pieces.folder)
    # What is learnt does not depend on the cuts, but for a router whose only copy a cut has parted from its original.
    assert (default / "nlb_clusters").read_bytes() == (whole / "nlb_clusters").read_bytes()
    assert lines_of(default / "nlb_routers") <= lines_of(whole / "nlb_routers")
    # Nor is what is found, but for what looks back farther than the overlap.
    assert splitting.compare(expected, pieces.rows(default), looks_far_back) == []
    assert "idle_host" in (default / "summary.txt").read_text().split("What may be missing")[1]
    # And with an overlap that reaches back to the first frame that is found, too.
    full = desk.survey("--all", "--stretch", "0", "--overlap", "1000", "--clusters", whole / "nlb_clusters",
                       pieces.folder / "long")
    expected = {key: rows for key, rows in expected.items() if key.startswith("long/")}
    assert {"idle_host", "igmp_silent"} <= {row[3] for rows in expected.values() for row in rows}
    assert splitting.compare(expected, pieces.rows(full)) == []


MINUTES = 60 if ALL else 20
CUTS = [("-i", 300), ("-i", 60), ("-c", 1000)] if ALL else [("-i", 510)]


@pytest.fixture(scope="module")
def an_hour(desk):
    """(the capture, what an undisturbed survey says of it)"""
    whole = desk.home / "hour.pcapng"
    whole.write_bytes(hour.hour(MINUTES).pcapng())
    return whole, desk.survey(whole)


@pytest.mark.parametrize("option, value", CUTS)
def test_a_generated_hour(desk, an_hour, option, value):
    """Cuts in the middle of doubled packets, of a split cluster, and of a host's absence of 30 s."""
    whole, survey = an_hour
    pieces = splitting.Pieces(desk.home / f"hour{option}{value}")
    pieces.add_whole(whole, "hour")
    pieces.cut(whole, "hour", option, value)
    expected = pieces.rows(survey)
    found = {row[3] for row in expected["hour"]}
    assert {"foreign_router", "host_returned", "default_host_conflict", "not_converging", "idle_host",
            "igmp_no_querier", "reset_after_copy"} <= found
    far = pieces.rows(desk.survey("--stretch", "0", "--overlap", "200", pieces.folder))
    assert splitting.compare(expected, far) == []
    default = pieces.rows(desk.survey("--stretch", "0", pieces.folder))
    assert splitting.compare(expected, default, looks_far_back_or_long_away) == []


def looks_far_back_or_long_away(row):
    """A host that was away for longer than the overlap is taken for a new one."""
    return looks_far_back(row) or row[3] == "host_joined" or (row[3] == "host_returned" and "is back 31 s" in row[8])


def test_the_comparison_can_fail(desk):
    """Without overlap a cut between a packet and its copy loses the finding."""
    pieces = splitting.Pieces(desk.home / "few")
    whole = desk.copy("foreign-router.pcapng", "whole/foreign-router.pcapng")
    pieces.add_whole(whole, "x")
    pieces.cut(whole, "x", "-c", 7)
    clusters = desk.home / "known"
    clusters.write_text('"192.168.1.47","Multicast",""\n')
    expected = pieces.rows(desk.survey(whole))
    found = pieces.rows(desk.survey("--stretch", "0", "--overlap", "0", "--clusters", clusters, pieces.folder))
    assert any("foreign_router" in line for line in splitting.compare(expected, found))
