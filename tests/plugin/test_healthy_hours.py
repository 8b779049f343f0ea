# SPDX-License-Identifier: GPL-2.0-or-later
"""A healthy hour of a cluster raises no Warning and no Error, in any mode and from wherever it is captured. The hours
are made anew each time: see healthy.py."""
import functools
import json
import os
import subprocess
import sys

import pytest

import harness

sys.path.insert(0, str(harness.CAPTURES / "gen"))
import healthy  # noqa: E402

READ = os.environ.get("NLB_READ")
pytestmark = pytest.mark.skipif(not READ, reason="nlb_read was not built: libpcap-dev is missing")

ON_A_MEMBER = "on a member"  # above NLB, where Wireshark captures on a host itself
world = functools.cache(healthy.World)


def found(tmp_path, hour, view):
    capture = tmp_path / "hour.pcap"
    capture.write_bytes(healthy.pcap(hour, view))
    done = subprocess.run([READ, "--json", capture], capture_output=True, text=True, check=True)
    return [line for line in map(json.loads, done.stdout.splitlines()) if "frame" in line]


def broken(findings):
    return sorted({(line["finding"].rpartition(".")[2], line["text"]) for line in findings
                   if line["severity"] in ("Warning", "Error")})


@pytest.mark.parametrize("view", [*healthy.VIEWS, ON_A_MEMBER])
@pytest.mark.parametrize("mode", healthy.MODES)
def test_nothing_is_broken(mode, view, tmp_path):
    assert broken(found(tmp_path, world(mode), view)) == []


@pytest.mark.parametrize("mode", healthy.MODES)
def test_an_hour_that_is_not_healthy_is_told(mode, tmp_path):
    """Else the test above could not fail: host 2 falls silent after half an hour."""
    hour = healthy.World(mode, silent_from=1800)
    for view in ("mirror of a host", "mirror of both", "VLAN, one direction", "sliced to 64 bytes"):
        assert "host_lost" in [name for name, _ in broken(found(tmp_path, hour, view))]
