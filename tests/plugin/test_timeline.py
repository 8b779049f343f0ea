# SPDX-License-Identifier: GPL-2.0-or-later
"""`tshark -z nlb,timeline`: the tree that stands as Statistics > NLB Timeline in Wireshark."""
import re
import subprocess

import harness

LOST = "cluster-host-lost.pcapng"
ROUTER = "foreign-router.pcapng"
NAME = "nlb,timeline"


def tree(text):
    """Path -> count; the depth of a line is the blanks before it."""
    found, path = {}, []
    body = re.split(r"^-+$", text, flags=re.M)[1]
    for line in body.strip("\n").splitlines():
        depth = min(len(line) - len(line.lstrip(" ")), 2)
        name, count = re.match(r"(.*?)  +(\d+) ", line.strip() + " ").groups()
        path = path[:depth] + [name.strip()]
        found[tuple(path)] = int(count)
    return found


def timeline(tshark, capture, name=NAME, *options):
    return tree(tshark.run("-q", "-z", name, *options, capture=capture))


def test_hosts_come_and_go(tshark):
    lines = timeline(tshark, LOST)
    cluster = "192.168.2.10"
    assert lines[cluster, "Heartbeats", "Host 1 (192.168.2.30)"] == 15
    assert lines[cluster, "Heartbeats", "Host 2 (192.168.2.31)"] == 7
    events = [path[2] for path in lines if path[1:2] == ("Hosts up and down",) and len(path) == 3]
    assert events == ["9.000 s: Host 2 (192.168.2.31) has been silent for 5.7 s (frame 14)",
                      "12.300 s: Host 2 (192.168.2.31) is back after a silence of 9 s (frame 18)"]


def test_the_times_are_those_of_the_packet_list(tshark):
    row, = tshark.rows(LOST, ["frame.time_relative"], "-Y", "frame.number == 14")
    assert float(row[0]) == 9.0


def test_times_count_from_the_first_frame_even_if_that_is_no_ethernet(tshark, tmp_path):
    first = int(float(tshark.rows(LOST, ["frame.time_epoch"], "-c", "1")[0][0]))
    raw_ip = 101
    (tmp_path / "raw").write_bytes(
        harness.pcap_head(raw_ip) + harness.pcap_record(bytes([0x45]) + bytes(19), first - 100))
    both = tshark.prefix.captures / "raw-before.pcapng"
    subprocess.run(["mergecap", "-a", "-w", both, tmp_path / "raw",
                    tshark.prefix.captures / LOST], check=True, capture_output=True)
    both.chmod(0o644)
    for options in ([], ["-2"]):
        events = [path[2] for path in timeline(tshark, both.name, NAME, *options)
                  if len(path) == 3 and path[1] == "Hosts up and down"]
        assert events[0].startswith("109.000 s: Host 2 "), events


def test_copies_are_counted_by_second(tshark):
    lines = timeline(tshark, ROUTER)
    seconds = tshark.rows(ROUTER, ["frame.time_relative"], "-Y", "nlb.analysis.foreign_router")
    shown = {path[2]: count for path, count in lines.items()
             if path[1:2] == ("Copies by a foreign router, per second",) and len(path) == 3}
    wanted = [f"{int(float(row[0]))} s" for row in seconds]
    assert shown == {second: wanted.count(second) for second in wanted}
    assert {path[0] for path in lines} == {"192.168.1.47"}


def test_events_stand_in_the_order_of_time(tshark):
    lines = timeline(tshark, "cluster-convergence.pcapng")
    times = [float(path[2].split()[0]) for path in lines if len(path) == 3 and " s: " in path[2]]
    assert len(times) > 5
    states = [float(path[2].split()[0]) for path in lines
              if len(path) == 3 and path[1] == "Convergence"]
    assert states == sorted(states) and len(states) > 3


def test_it_can_be_filtered(tshark):
    lines = timeline(tshark, LOST, f"{NAME},nlb.host_id == 1")
    assert ("192.168.2.10", "Heartbeats", "Host 1 (192.168.2.30)") in lines
    assert ("192.168.2.10", "Heartbeats", "Host 2 (192.168.2.31)") not in lines


def test_two_may_run_at_once(tshark):
    text = tshark.run("-q", "-z", NAME, "-z", f"{NAME},nlb.host_id == 1", capture=LOST)
    assert text.count("NLB Timeline:") == 2


def test_wiresharks_own_way_to_name_a_tree_works_too(tshark):
    assert timeline(tshark, LOST, "nlb,tree") == timeline(tshark, LOST)


def test_a_name_that_only_begins_alike_is_refused(tshark):
    done = subprocess.run(
        ["tshark", "-q", "-z", "nlb,timelines", "-r", str(tshark.prefix.captures / LOST)],
        capture_output=True, text=True, env=tshark.prefix.environment(),
        **harness.as_plain_user())
    assert done.returncode == 1
    assert 'is not "-z nlb,timeline"' in done.stderr


def test_an_ordinary_capture_has_an_empty_one(tshark):
    assert timeline(tshark, "real/encap-vxlan.pcap") == {}
