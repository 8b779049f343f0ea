# SPDX-License-Identifier: GPL-2.0-or-later
"""Pieces of a capture, surveyed, say exactly what the whole says: same findings, frames and words.

The normal run takes a capture of each kind; NLB_SURVEY_ALL=1 (./dev survey) takes all of test-pcaps.
"""
import os

import pytest

import harness
import splitting

FEW = ["foreign-router.pcapng", "cluster-split.pcapng", "cluster-idle-host.pcapng", "copy-two-interfaces.pcapng",
       "inter-host.pcapng", "igmp-silent.pcapng", "real/msnlb2.pcapng"]
# What looks back farther than the default overlap in these captures, and so is not asked of it.
LOOK_FAR_BACK = {"idle_host", "igmp_silent", "igmp_no_querier", "unanswered_syn", "vip_mac_conflict",
                 "secondary_vip_mac"}


def chosen():
    if os.environ.get("NLB_SURVEY_ALL") != "1":
        return FEW
    return [name for name in harness.captures() if splitting.count_of(harness.CAPTURES / name) >= 3]


def looks_far_back(row):
    return row[3] in LOOK_FAR_BACK


@pytest.fixture
def cut(desk):
    """Every capture whole, and in three files: (Pieces, folder of the wholes)"""
    pieces = splitting.Pieces(desk.home / "pieces")
    for name in chosen():
        key = name.replace("/", "-").replace(".", "-")
        whole = desk.copy(name, f"wholes/{key}/{name.rpartition('/')[2]}")
        pieces.add_whole(whole, key)
        pieces.cut(whole, key, "-c", (splitting.count_of(whole) + 2) // 3)
    return pieces, desk.home / "wholes"


def test_pieces_say_what_the_whole_says(desk, cut):
    pieces, wholes = cut
    whole = desk.survey("--all", wholes)
    expected = pieces.rows(whole)
    assert len(expected) >= 5
    # With an overlap that reaches back to the first frame, to the letter.
    full = desk.survey("--all", "--stretch", "0", "--overlap", "1000", pieces.folder)
    assert splitting.compare(expected, pieces.rows(full)) == []
    # What is learnt does not depend on the cuts.
    for table in ("nlb_clusters", "nlb_routers"):
        assert (full / table).read_bytes() == (whole / table).read_bytes()
    # With the default, all that does not look back farther than that.
    default = desk.survey("--all", "--stretch", "0", pieces.folder)
    assert splitting.compare(expected, pieces.rows(default), looks_far_back) == []
    assert "idle_host" in (default / "summary.txt").read_text().split("What may be missing")[1]


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
