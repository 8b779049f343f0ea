# SPDX-License-Identifier: GPL-2.0-or-later
"""What the user says: which file is of which tap, which routers are expected, which clusters are known."""
import sys

import pytest

import hour  # noqa: F401  (makes story importable)
import splitting
from conftest import MODULES
from story import H1, Peer, Story, client, copy, lab, ping

sys.path.insert(0, str(MODULES))
from nlb_survey.captures import natural, tap_of  # noqa: E402

BOX = "00:15:5d:01:02:03"
ROUTER_MAC_INSIDE = "00:1a:6c:7f:d8:40"


@pytest.mark.parametrize("name, tap", [
    ("ring/tap_00012_20261123101500.pcapng", "ring/tap"),
    ("ring/tap_20261123101500_00012.pcapng.gz", "ring/tap"),
    ("ring/tap.pcap12", "ring/tap.pcap"),
    ("web1.pcap", "web1.pcap"),
    ("mail_2026.pcapng", "mail_2026.pcapng"),
])
def test_the_tap_of_a_file(name, tap):
    assert tap_of(name, None) == tap


def test_the_users_own_taps():
    assert tap_of("a/web-7.pcap", r"(\w+)-\d+\.pcap") == "web"
    assert tap_of("a/web-7.pcap", r"^a/") == "a/"
    assert tap_of("b/web-7.pcap", r"^a/") == "b/web-7.pcap"


def test_files_of_a_tap_are_in_the_order_of_their_numbers():
    names = ["tap.pcap", "tap.pcap2", "tap.pcap10"]
    assert sorted(reversed(names), key=natural) == names


@pytest.fixture(scope="module")
def capture(desk):
    """A box that routes one packet as a router does, and then sends the cluster's packets again."""
    s, cluster, who = Story("box", "", (), ("lan",), 0), lab("unicast"), client()
    s.beats(cluster, H1, 0.0, 3)
    far = Peer(who.mac, who.ip, 128, 0x100)
    honest = ping(far, BOX, "10.9.9.9", 1, 1)
    s.at(0.5, honest)
    s.at(0.5004, copy(honest, src=BOX, dst=ROUTER_MAC_INSIDE))
    stray = ping(who, cluster.mac, cluster.ip, 1, 2)
    s.at(1.5, stray)
    s.at(1.5004, copy(stray, src=BOX))
    path = desk.home / "box.pcapng"
    path.write_bytes(s.pcapng())
    return path


def findings(survey):
    return [row["finding"].rpartition(".")[2] for row in splitting.read_rows(survey)]


def test_a_router_that_was_seen_is_listed_and_not_trusted(desk, capture):
    out = desk.survey(capture)
    assert findings(out).count("foreign_router") == 1
    assert f"{BOX}  (not applied: see --trust-routers)" in (out / "summary.txt").read_text()
    assert (out / "nlb_routers").read_text() == f'"{BOX}","seen routing"\n'


def test_trusted_it_hides_what_it_did_wrong(desk, capture):
    out = desk.survey("--trust-routers", capture)
    assert "foreign_router" not in findings(out)
    assert f"{BOX}\n" in (out / "summary.txt").read_text()


def test_a_router_of_the_users_list_is_expected_and_named(desk, capture):
    table = desk.home / "routers"
    table.write_text(f'# ours\n"{BOX}","edge"\n')
    rows = splitting.read_rows(desk.survey("--routers", table, capture))
    assert [row["text"] for row in rows if "(edge)" in row["text"]]
    assert "foreign_router" not in [row["finding"].rpartition(".")[2] for row in rows]


def test_a_list_of_captures_and_clusters_known_from_the_start(desk, capture):
    known = desk.home / "known"
    known.write_text('"192.168.2.77","Multicast",""\n')
    names = desk.home / "names"
    names.write_text(f"{capture}\n")
    out = desk.survey("--clusters", known, f"@{names}")
    assert (out / "nlb_clusters").read_text() == '"192.168.2.10","Unicast",""\n"192.168.2.77","Multicast",""\n'


def test_the_progress_bar(desk, capture):
    desk.survey("--bar", capture, desk.copy("foreign-router.pcapng", "other.pcapng"))
    full = [line for line in desk.stderr.splitlines() if "2 of 2" in line]
    assert list(dict.fromkeys(full)) == [f"{step} [{'#' * 40}] 2 of 2" for step in ("learn   ", "diagnose")]


@pytest.mark.parametrize("arguments, said", [
    ([], "no captures"), (["--routers", "/nowhere", "x"], "/nowhere: No such file"), (["--overlap", "x"], "overlap")])
def test_wrong_use(desk, arguments, said):
    done = desk.run(desk.program, "--out", desk.home / "wrong", *arguments)
    assert done.returncode == 2 and said in done.stderr
