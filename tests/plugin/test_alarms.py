# SPDX-License-Identifier: GPL-2.0-or-later
"""No false alarm on real traffic, and the user's own tables."""
import pytest

import harness

REAL = [capture for capture in harness.captures() if capture.startswith("real/")]
RUSSIAN = "foreign-router.pcapng"
TMG = "00:15:5d:01:02:03"


def test_there_are_real_captures():
    assert len(REAL) >= 11


@pytest.mark.parametrize("capture", REAL)
def test_real_traffic_raises_no_warning(capture, tshark):
    """The public captures hold no sick cluster, only traps."""
    assert tshark.frames(capture, "-Y", 'nlb.analysis.severity in {"Warning", "Error"}') == []


@pytest.mark.parametrize("capture", REAL)
def test_real_traffic_without_its_vlan_tags_raises_no_warning(capture, tshark):
    """A mirror port may lose the tags, and with them what tells both sides of a router apart."""
    stripped = tshark.prefix.captures / "stripped.pcapng"
    harness.strip_vlan_tags(harness.CAPTURES / capture, stripped)
    assert tshark.frames(stripped, "-Y", 'nlb.analysis.severity in {"Warning", "Error"}') == []


def test_tags_are_stripped(tshark):
    stripped = tshark.prefix.captures / "stripped.pcapng"
    tagged = "real/trap-routed-vlans-same-dst.pcap"
    harness.strip_vlan_tags(harness.CAPTURES / tagged, stripped)
    assert tshark.frames(tagged, "-Y", "vlan")
    assert tshark.frames(stripped, "-Y", "vlan") == []
    assert len(tshark.frames(stripped)) == len(tshark.frames(tagged))


def test_the_same_filter_finds_the_foreign_router(tshark):
    """Else the test above could not fail."""
    assert tshark.frames(RUSSIAN, "-Y", 'nlb.analysis.severity in {"Warning", "Error"}')


def test_a_router_of_the_users_table_routes_and_is_named(tshark):
    table = f'uat:nlb_routers:"{TMG}","edge"'
    assert tshark.frames(RUSSIAN, "-o", table, "-Y", "nlb.analysis.foreign_router") == []
    assert "(edge) routed the packet on" in tshark.run("-V", "-o", table, capture=RUSSIAN)


def test_a_cluster_of_the_users_table_is_configured(tshark):
    table = 'uat:nlb_clusters:"192.168.1.47","Multicast",""'
    assert 1 in tshark.frames(RUSSIAN, "-o", table, "-Y", 'nlb.analysis.evidence == "configured"')


@pytest.mark.parametrize("table, said", [
    ('uat:nlb_routers:"03:15:5d:01:02:03","edge"', "is a group address"),
    ('uat:nlb_clusters:"192.168.1","Multicast",""', "192.168.1"),
])
def test_a_wrong_row_is_refused_with_a_reason(table, said, tshark):
    with pytest.raises(AssertionError, match=said):
        tshark.run("-o", table, capture=RUSSIAN)
