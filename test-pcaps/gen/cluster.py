# SPDX-License-Identifier: GPL-2.0-or-later
"""What heartbeats tell over time: members that come, go and disagree. Stories of more than ten seconds are cut to 96
bytes a frame; a host's second clock runs 0.2 % slow where "more than 10 s" must not fall on the boundary."""
from story import (H1, H2, H3, Host, Tcp, answers, asks, client, gateway, gratuitous, heartbeat, identity, lab, ping,
                   pong, story, vlan)

MASKED = ["masked_mac"]
RULES_443 = (0x611BB1BB, 0)
SLOW = 1.002


def twice(s, cl, host, start=0.0, count=6, interfaces=(0, 0), tags=(None, None), delay=0.00002, expect=(),
          special=None, states=None):
    """Each heartbeat is captured again after `delay`, as a mirror of both directions does it. Nothing is expected of
    the second sighting."""
    for n in range(count):
        frame = heartbeat(cl, host, packets=1000 * host.id + 25 * n, state=(states or {}).get(n, 1))
        for again in (0, 1):
            s.at(start + n + again * delay, frame if tags[again] is None else vlan(frame, tags[again]),
                 () if again else (special or {}).get(n, expect), interfaces[again])


def others(s, start, count, period=1.0):
    """Traffic that has nothing to do with the cluster: the capture goes on."""
    who, gw = client(), gateway()
    for n in range(count):
        s.at(start + n * period, ping(who, gw.mac, gw.ip, 7, n + 1))
        s.at(start + n * period + 0.0003, pong(gw, who.mac, who.ip, 7, n + 1))


# ---- members -------------------------------------------------------------------------------------------------------

@story(quiet=["host_returned", "host_lost", "not_converging"])
def cluster_host_joined(s):
    """Host 2 heartbeats for the first time when the cluster has been heard for seven seconds"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 10)
    s.beats(cl, H2, 7.3, 3, special={0: ["host_joined"]})


@story(quiet=["host_joined"])
def cluster_host_joined_near_miss(s):
    """Host 2 is first heard 3.3 s into the capture: too early to say that it joined"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 6)
    s.beats(cl, H2, 3.3, 3)


@story(quiet=["host_lost", "host_returned", "state_changed"])
def cluster_heartbeat_late(s):
    """Host 2 misses two heartbeats, and later three: late, not lost"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 12)
    s.beats(cl, H2, 0.3, 3)
    s.beats(cl, H2, 5.3, 2, special={0: ["heartbeat_late"]})
    s.beats(cl, H2, 10.3, 2, special={0: ["heartbeat_late"]})


@story(quiet=["heartbeat_late"])
def cluster_heartbeat_late_near_miss(s):
    """Gaps of 1.9 s and of exactly two periods"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 8)
    s.beats(cl, H2, 0.3, 2)
    s.beats(cl, H2, 3.2, 2)
    s.beats(cl, H2, 6.2, 2)


@story(quiet=["heartbeat_late", "host_joined", "state_changed", "idle_host"], snaplen=96)
def cluster_host_lost(s):
    """Host 2 falls silent at 3.3 s and comes back at 12.3 s"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 15, special={9: ["host_lost"]})
    s.beats(cl, H2, 0.3, 4)
    s.beats(cl, H2, 12.3, 3, special={0: ["host_returned"]})


@story(quiet=["host_lost", "host_returned", "host_joined"])
def cluster_host_lost_near_miss(s):
    """Host 2 is silent for 4.9 s: one more period and it would be lost"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 10)
    s.beats(cl, H2, 0.3, 4)
    s.beats(cl, H2, 8.2, 2, special={0: ["heartbeat_late"]})


@story(quiet=["host_lost", "host_returned", "not_converging"], snaplen=96)
def cluster_gap(s):
    """The capture has a hole of 40 s; a host that is new ends it, and the others go on as if nothing had been"""
    cl = lab("multicast", hosts=(H1, H2, H3))
    s.beats(cl, H1, 0.0, 4)
    s.beats(cl, H2, 0.3, 4)
    s.beats(cl, H3, 43.1, 4, special={0: ["host_joined"]})
    s.beats(cl, H1, 43.4, 4)
    s.beats(cl, H2, 43.7, 4)


@story(quiet=["host_lost", "host_returned", "heartbeat_late"], snaplen=96)
def cluster_gap_short(s):
    """The capture has a hole of 4.8 s, shorter than what a host may be silent; host 2 was silent for a while before"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 5)
    s.beats(cl, H2, 0.1, 4)
    s.beats(cl, H1, 8.9, 4)
    s.beats(cl, H2, 9.0, 4)


@story(quiet=["host_lost", "host_returned", "heartbeat_late"], snaplen=96)
def cluster_group_comes_and_goes(s):
    """The same for a few seconds at a time, longer and shorter than what a host may be silent"""
    cl = lab("multicast")
    others(s, 0.05, 40)
    for start, count in ((0, 10), (14, 5), (24, 3), (40, 1)):
        s.beats(cl, H1, float(start), count)
        s.beats(cl, H2, start + 0.35, count)


@story(quiet=["host_lost", "idle_host", "heartbeat_late", "igmp_silent"], snaplen=96)
def cluster_one_host_one_way(s):
    """A mirror of what one host of an IGMP cluster sends: nothing of the other host, of clients and of the switch"""
    cl, who = lab("igmp"), client()
    s.beats(cl, H1, 0.0, 135)
    for n in range(13):
        s.at(0.5 + 10 * n, pong(cl.on(H1), who.mac, who.ip, 1, n))


@story(quiet=["idle_host", "host_lost"], snaplen=48)
def cluster_idle_sliced(s):
    """All frames are cut to 48 bytes, in the middle of the packets handled: who works is not told"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 70)
    s.beats(cl, H2, 0.3, 70, grow=0)


@story(quiet=["host_lost", "host_returned", "heartbeat_late"], snaplen=96)
def cluster_group_not_flooded(s):
    """A client's port behind IGMP snooping: for half a minute the switch sends no heartbeat of the group to it, while
    the client's own traffic goes on; then it floods again"""
    cl = lab("igmp")
    others(s, 0.05, 45)
    for start, count in ((0.0, 6), (36.0, 6)):
        s.beats(cl, H1, start, count)
        s.beats(cl, H2, start + 0.3, count)


@story(quiet=["host_lost", "host_returned"], snaplen=96)
def cluster_only_host_away(s):
    """The only host that is heard here falls silent for ten seconds: nobody says that it was lost, so it does not
    return"""
    cl = lab("multicast", hosts=(H1,))
    others(s, 0.05, 20)
    s.beats(cl, H1, 0.0, 4)
    s.beats(cl, H1, 14.0, 4)


@story(quiet=["host_lost", "host_returned", "heartbeat_late", "state_changed"], snaplen=96)
def cluster_long_period(s):
    """AliveMsgPeriod is 10 s: nobody is late or lost as long as both keep to it, whatever else is captured"""
    cl = lab("multicast")
    others(s, 0.05, 70)
    s.beats(cl, H1, 0.0, 8, period=10.0)
    s.beats(cl, H2, 4.0, 7, period=10.0)


@story(quiet=["host_returned", "heartbeat_late"], snaplen=96)
def cluster_long_period_lost(s):
    """The same with heartbeats alone: host 2 is last heard at 24 s, and lost when five of its periods have passed"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 12, period=10.0, special={8: ["host_lost"]})
    s.beats(cl, H2, 4.0, 3, period=10.0)


@story(quiet=["host_lost", "host_returned", "host_joined", "heartbeat_late"], interfaces=("eth0", "eth1"), snaplen=96)
def cluster_bond(s):
    """Both slaves of a bond are captured; the heartbeats of host 2 move from one to the other"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 30)
    s.beats(cl, H2, 0.4, 12)
    s.beats(cl, H2, 12.4, 17, interface=1)


@story(quiet=["host_returned", "heartbeat_late", "host_joined"], interfaces=("eth0", "eth1"), snaplen=96)
def cluster_bond_lost(s):
    """Host 1 is heard on both slaves, host 2 on the second one only, until it falls silent at 8.4 s"""
    cl = lab("multicast")
    twice(s, cl, H1, 0.0, 18, interfaces=(0, 1), special={14: ["host_lost"]})
    s.beats(cl, H2, 0.4, 9, interface=1)


@story(quiet=["host_lost", "duplicate_host_id", "host_returned"], snaplen=96)
def cluster_renumbered(s):
    """Host 2 is given priority 3, and later another dedicated address: it is one host all the time"""
    moved = Host(3, H2.ip, H2.station, H2.name, H2.host_code)
    readdressed = Host(3, "192.168.2.39", H2.station, H2.name, H2.host_code)
    cl = lab("multicast", hosts=(H1, H2, moved))
    s.beats(cl, H1, 0.0, 24)
    s.beats(cl, H2, 0.3, 7)
    s.beats(cl, moved, 7.3, 8, special={0: ["host_joined"]})
    s.beats(cl, readdressed, 15.3, 8, special={0: ["host_joined"]})


@story(quiet=["version_mismatch", "rule_mismatch", "mode_mismatch", "teaming_mismatch", "duplicate_host_id",
              "default_host_conflict", "not_converging"], snaplen=96)
def cluster_replaced(s):
    """A server is replaced: host 1 stops, seven seconds later host 2 of the same cluster starts with another version,
    other rules, another mode; they were never alive together"""
    old, new = lab("unicast", hosts=(H1,)), lab("multicast", hosts=(H2,))
    s.beats(old, H1, 0.0, 4, expect=MASKED, version=0x204)
    s.beats(new, H2, 10.0, 12, special={0: ["host_joined"], 6: ["host_lost"]}, rules=RULES_443, default=2, state=2,
            teaming=0x1E001B)


# ---- convergence ---------------------------------------------------------------------------------------------------

@story(quiet=["not_converging", "default_host_conflict", "host_returned"], snaplen=96)
def cluster_convergence(s):
    """A host joins and the cluster converges in four seconds: states change, host 2 first names itself the default host
    (state numbers other than 1 are made up)"""
    cl, changed = lab("multicast"), ["state_changed"]
    s.beats(cl, H1, 0.0, 24, special={7: changed, 8: changed, 10: changed},
            change={7: {"state": 2}, 8: {"state": 3}, 10: {"state": 1}})
    s.beats(cl, H2, 6.3, 17, state=2, default=2, special={0: ["host_joined"], 2: changed, 4: changed},
            change={2: {"state": 3, "default": 1}, 4: {"state": 1}})


@story(quiet=["state_changed", "default_host_conflict"], snaplen=96)
def cluster_not_converging(s):
    """Two hosts report different states for more than ten seconds: an event, so on the first frame beyond"""
    cl, stuck = lab("multicast"), ["not_converging"]
    s.beats(cl, H1, 0.0, 13, state=2)
    s.beats(cl, H2, 0.3, 12, period=SLOW, state=3, special={10: stuck})


@story(quiet=["not_converging", "duplicate_host_id", "reset_after_copy", "state_changed"], snaplen=96)
def cluster_split(s):
    """A split cluster: each host calls itself the default host for more than ten seconds, and both accept the same
    connection"""
    cl, split = lab("unicast"), ["default_host_conflict", "masked_mac"]
    s.beats(cl, H1, 0.0, 14, expect=MASKED, default=1, special={n: split for n in (11, 12, 13)})
    s.beats(cl, H2, 0.35, 13, period=SLOW, expect=MASKED, default=2, special={n: split for n in (10, 11, 12)})
    who = client()
    first = Tcp(who, cl.on(H1), cl.mac, 49152, 80)
    second = Tcp(who, cl.on(H2), cl.mac, 49152, 80, server_seq=0x7A000000)
    s.at(12.5, first.c("S"))
    second.client_seq = first.client_seq
    s.at(12.5004, first.s("SA"), MASKED)
    s.at(12.5006, second.s("SA"), MASKED + ["two_hosts_answer"])
    s.at(12.5008, first.c("A"))
    second.server_seq = first.server_seq
    s.at(12.5010, second.s("R"), MASKED)


@story(quiet=["not_converging", "host_lost"], snaplen=96)
def cluster_split_tag_on_one_side(s):
    """A split cluster; the mirror port keeps the tag of one host's frames and not of the other's"""
    cl, split = lab("multicast"), ["default_host_conflict"]
    s.beats(cl, H1, 0.0, 14, default=1, special={n: split for n in (11, 12, 13)})
    s.beats(cl, H2, 0.35, 13, period=SLOW, default=2, tag=112, special={n: split for n in (10, 11, 12)})


@story(quiet=["not_converging", "host_lost", "default_host_conflict", "duplicate_host_id", "state_changed",
              "heartbeat_late", "reconverging"], snaplen=96)
def cluster_mirrored_twice(s):
    """A healthy cluster behind a mirror of both directions: each heartbeat twice, 20 us apart, tagged and untagged"""
    cl = lab("multicast")
    twice(s, cl, H1, 0.0, 14, tags=(None, 112))
    twice(s, cl, H2, 0.35, 13, tags=(112, None))


@story(quiet=["reconverging", "host_lost"], snaplen=96)
def cluster_mirrored_twice_not_converging(s):
    """The same mirror, and a cluster whose hosts change their states all the time: each change counts once"""
    cl, changed = lab("multicast"), ["state_changed"]
    states = {n: 2 + n % 2 for n in range(14)}
    twice(s, cl, H1, 0.0, 14, expect=changed, special={0: []}, states=states)
    twice(s, cl, H2, 0.4, 14, expect=changed, special={0: [], 11: changed + ["not_converging"]}, states=states)


def convergences(s, cl, times, until, last=()):
    """Each takes six seconds: state 2 for three, then state 3 for three."""
    change = {}
    for time in times:
        change |= {time: {"state": 2}, time + 3: {"state": 3}, time + 6: {"state": 1}}
    for host in cl.hosts:
        special = {n: ["state_changed"] for n in change}
        if host is cl.hosts[0] and times:
            special[times[-1]] = ["state_changed", *last]
        s.beats(cl, host, 0.35 * (host.id - 1), until, change=change, special=special)


@story(quiet=["not_converging", "host_lost"], snaplen=96)
def cluster_reconverging(s):
    """Three convergences within half a minute: something makes the cluster converge again and again"""
    convergences(s, lab("multicast"), (5, 20, 35), 45, ["reconverging"])


@story(quiet=["reconverging", "not_converging"], snaplen=96)
def cluster_reconverging_near_miss(s):
    """Three convergences, as a member sees them; the third one comes 305 s after the first"""
    convergences(s, lab("multicast", hosts=(H1,)), (5, 20, 310), 318)


@story(quiet=["reconverging"], snaplen=96)
def cluster_stuck(s):
    """The cluster was at rest in state 1, converges, and stays in state 2 for ever: nobody disagrees, and yet"""
    cl, changed = lab("multicast"), ["state_changed"]
    s.beats(cl, H1, 0.0, 24, change={8: {"state": 2}}, special={8: changed})
    s.beats(cl, H2, 0.35, 24, change={8: {"state": 2}}, special={8: changed, 18: ["not_converging"]})


# ---- disagreement --------------------------------------------------------------------------------------------------

@story(quiet=["mac_flapping", "state_changed", "heartbeat_late", "rule_mismatch"])
def cluster_duplicate_host_id(s):
    """Two servers both have priority 1: one host number, two dedicated addresses and two host codes"""
    twin = Host(1, H2.ip, H2.station, H2.name, 0x51A2B3C4)
    cl, twice = lab("unicast", hosts=(H1, twin)), ["duplicate_host_id", "masked_mac"]
    s.beats(cl, H1, 0.0, 4, expect=twice, special={0: MASKED})
    s.beats(cl, twin, 0.35, 4, expect=twice)


@story(quiet=["duplicate_host_id", "mac_flapping", "host_joined", "host_lost"])
def cluster_duplicate_host_id_near_miss(s):
    """Host 1 gets another network card: a new station MAC, the same address and host code"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 4)
    s.beats(cl, H1, 4.0, 4, src="00:1b:21:77:88:99")
    s.beats(cl, H2, 0.3, 8)


@story(quiet=["state_changed", "version_mismatch"])
def cluster_rule_mismatch(s):
    """Host 1 balances port 80, host 2 port 443: the rule codes differ"""
    cl, differ = lab("multicast"), ["rule_mismatch"]
    s.beats(cl, H1, 0.0, 4, expect=differ, special={0: []})
    s.beats(cl, H2, 0.3, 4, expect=differ, rules=RULES_443)


@story()
def cluster_rule_count(s):
    """Host 2 has one rule more than host 1"""
    cl, differ = lab("multicast"), ["rule_mismatch"]
    s.beats(cl, H1, 0.0, 3, expect=differ, special={0: []})
    s.beats(cl, H2, 0.3, 3, expect=differ, rules=(0x61050050, 0x611BB1BB, 0))


@story(quiet=["rule_mismatch"])
def cluster_rule_mismatch_near_miss(s):
    """Equal rules with unequal load weights, and words left over in the slots behind the last rule"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 3, weights=[30, 50], rule_slots=[0x61050050, 0, 0x6124B24B, 0x613E13E1])
    s.beats(cl, H2, 0.3, 3, weights=[100, 50])


@story(quiet=["vip_mac_conflict", "mac_flapping"])
def cluster_mode_mismatch(s):
    """Host 1 runs in unicast mode and heartbeats to broadcast, host 2 in multicast mode to 03-BF"""
    one, two = lab("unicast"), lab("multicast")
    s.beats(one, H1, 0.0, 3, expect=["masked_mac", "mode_mismatch"], special={0: MASKED})
    s.beats(two, H2, 0.3, 3, expect=["mode_mismatch"])


@story()
def cluster_teaming_mismatch(s):
    """Bidirectional affinity with reverse hashing on one host only"""
    cl, word, differ = lab("multicast"), 0x1E00 << 8 | 2 << 3 | 2 | 1, ["teaming_mismatch"]
    s.beats(cl, H1, 0.0, 3, expect=differ, special={0: []}, teaming=word)
    s.beats(cl, H2, 0.3, 3, expect=differ, teaming=word | 4)


@story(quiet=["teaming_mismatch"])
def cluster_teaming_mismatch_near_miss(s):
    """Teaming words that differ in the reserved top byte only"""
    cl, word = lab("multicast"), 0x1E00 << 8 | 2 << 3 | 2 | 1
    s.beats(cl, H1, 0.0, 3, teaming=word)
    s.beats(cl, H2, 0.3, 3, teaming=word | 0xA5 << 24)


@story(quiet=["rule_mismatch"])
def cluster_version_mismatch(s):
    """A rolling upgrade: host 1 speaks version 2.4, host 2 version 2.6"""
    cl, differ = lab("multicast"), ["version_mismatch"]
    s.beats(cl, H1, 0.0, 3, expect=differ, special={0: []}, version=0x204)
    s.beats(cl, H2, 0.3, 3, expect=differ)


@story(quiet=["version_mismatch", "rule_mismatch", "mode_mismatch", "teaming_mismatch", "duplicate_host_id",
              "default_host_conflict", "not_converging", "cluster_mac_differs", "state_changed"], snaplen=96)
def cluster_neighbours(s):
    """Two clusters in one VLAN that differ in everything: host numbers repeat, versions, rules, modes, teaming, default
    hosts and states differ, for twelve seconds"""
    a1 = Host(1, "192.168.2.40", "00:22:19:2a:00:40", "APP1", 0x50000001)
    a2 = Host(2, "192.168.2.41", "00:22:19:2a:00:41", "APP2", 0x50000002)
    web, app = lab("multicast"), lab("unicast", hosts=(a1, a2), ip="192.168.2.20")
    s.beats(web, H1, 0.0, 13)
    s.beats(web, H2, 0.3, 13)
    other = {"version": 0x201, "rules": RULES_443, "default": 2, "state": 2, "teaming": 0x1E001B}
    s.beats(app, a1, 0.5, 13, expect=MASKED, **other)
    s.beats(app, a2, 0.8, 13, expect=MASKED, **other)


@story(quiet=["duplicate_host_id", "version_mismatch", "rule_mismatch", "mac_flapping", "mode_mismatch"])
def cluster_two_vlans(s):
    """A laboratory copy of the cluster in another VLAN of the trunk: the same addresses and host number, another code,
    other rules and version"""
    twin = Host(1, H1.ip, H1.station, H1.name, 0x51A2B3C4)
    real, copied = lab("unicast"), lab("unicast", hosts=(twin,))
    s.beats(real, H1, 0.0, 4, expect=MASKED, tag=10)
    s.beats(copied, twin, 0.4, 4, expect=MASKED, tag=20, version=0x204, rules=RULES_443)


@story(quiet=["mode_mismatch"])
def cluster_mac_differs(s):
    """Cluster MACs set by hand, in the three modes: their bytes are not the cluster's address. The host that masks
    itself with such a MAC proves it to be the cluster's"""
    differ = ["cluster_mac_differs"]  # once for each host
    s.beats(lab("unicast"), H1, 0.0, 2, expect=MASKED, special={0: differ + MASKED}, src="02:01:c0:a8:02:63")
    s.beats(lab("multicast", ip="192.168.2.20"), H1, 0.2, 2, special={0: differ}, dst="03:bf:c0:a8:02:63")
    s.beats(lab("igmp", ip="192.168.2.40"), H1, 0.4, 2, special={0: differ}, dst="01:00:5e:7f:02:63")


@story(quiet=["cluster_mac_differs", "mode_mismatch"])
def cluster_mac_differs_near_miss(s):
    """Cluster MACs that fit: masked and unmasked unicast, two IGMP clusters whose addresses share their last two
    bytes"""
    s.beats(lab("unicast"), H1, 0.0, 2, expect=MASKED)
    s.beats(lab("unicast", ip="192.168.2.20", masked=False), H1, 0.1, 2, expect=["unmasked_mac"])
    s.beats(lab("multicast", ip="192.168.2.50"), H1, 0.3, 2)
    s.beats(lab("igmp", ip="10.1.2.3"), H1, 0.4, 2)
    s.beats(lab("igmp", ip="10.9.2.3"), H2, 0.5, 2)


@story(quiet=["cluster_mac_differs", "unmasked_mac"], snaplen=96)
def cluster_host_keeps_mac(s):
    """The hypervisor does not let host 2 take the cluster's MAC: its heartbeats come from its own"""
    cl = lab("unicast")
    s.beats(cl, H1, 0.0, 6, expect=MASKED)
    s.beats(cl, H2, 0.4, 6, expect=["host_keeps_mac"], src=H2.station)


@story(quiet=["cluster_mac_differs", "unmasked_mac"])
def cluster_host_keeps_mac_identity(s):
    """The same, and of host 2 no more is seen than its identity heartbeats, as where the path of the mirror is too
    narrow for the long ones. Host 1's are masked"""
    cl = lab("unicast")
    s.beats(cl, H1, 0.0, 9, expect=MASKED)
    for n in range(3):
        s.at(0.2 + 4 * n, identity(cl, H1), MASKED)
        s.at(0.4 + 4 * n, identity(cl, H2, src=H2.station), [] if n else ["host_keeps_mac"])


@story(quiet=["host_keeps_mac", "cluster_mac_differs"])
def cluster_host_keeps_mac_near_miss(s):
    """Masking is off and the cluster MAC was set by hand to a vendor's: ARP for the cluster says so, and two hosts send
    from it; host 3 of another cluster still wears the mask of the number that it had before"""
    cl, mac = lab("unicast"), "00:22:19:77:00:10"
    s.at(0.0, gratuitous(mac, mac, cl.ip))
    s.beats(cl, H1, 0.1, 4, expect=["mac_flapping"], special={0: []}, src=mac)
    s.beats(cl, H2, 0.4, 4, expect=["mac_flapping"], src=mac)
    s.beats(lab("unicast", hosts=(H3,), ip="192.168.2.20"), H3, 0.6, 2, expect=MASKED, src="02:04:c0:a8:02:14")


@story(quiet=["host_keeps_mac", "host_joined", "host_lost", "not_converging", "duplicate_host_id", "masked_mac"],
       snaplen=96)
def cluster_unconfigured_host(s):
    """Two laptops on which NLB is bound to the adapter and was never set up: cluster 0.0.0.0, state 3 for ever. Nothing
    else is concluded"""
    nobody = lab("unicast", ip="0.0.0.0")
    one = Host(1, "192.168.2.77", "3c:97:0e:12:34:56", "LAPTOP1", 0x52000001)
    two = Host(1, "192.168.2.78", "3c:97:0e:12:99:99", "LAPTOP2", 0x52000002)
    s.beats(nobody, one, 0.0, 20, src=one.station, state=3, special={0: ["unconfigured_host"]})
    s.beats(nobody, two, 7.3, 5, src=two.station, state=3, special={0: ["unconfigured_host"]})


@story(quiet=["unconfigured_host"])
def cluster_unconfigured_host_near_miss(s):
    """A host without a dedicated address, of a cluster that has one"""
    s.beats(lab("multicast"), Host(1, "0.0.0.0", H1.station, H1.name), 0.0, 4)


@story(quiet=["duplicate_host_id", "version_mismatch", "rule_mismatch", "host_lost"])
def cluster_two_vlans_untagged(s):
    """The laboratory copy again; the mirror port leaves the tags out in one direction, so both clusters are heard
    without one, too"""
    twin = Host(1, H1.ip, H1.station, H1.name, 0x51A2B3C4)
    real, copied = lab("multicast"), lab("multicast", hosts=(twin,))
    twice(s, real, H1, 0.0, 4, tags=(10, None))
    twice(s, copied, twin, 0.4, 4, tags=(20, None))


@story(quiet=["cluster_mac_differs", "rule_mismatch", "state_changed"])
def cluster_sliced_on_the_wire(s):
    """A packet broker cuts all frames to 64 bytes, and the length they had is lost: two hosts with one number are told
    apart all the same"""
    twin = Host(1, H2.ip, H2.station, H2.name, 0x51A2B3C4)
    cl, both = lab("multicast", hosts=(H1, twin)), ["duplicate_host_id"]
    s.beats(cl, H1, 0.0, 4, expect=both, special={0: []}, cut_to=50)
    s.beats(cl, twin, 0.35, 4, expect=both, cut_to=50)


@story(quiet=["default_host_conflict", "host_lost", "host_joined"], interfaces=("eth0", "eth1"), snaplen=96)
def cluster_split_near_miss(s):
    """Two halves, each with a default host of its own, and no host that is heard in both: on two interfaces, and in two
    VLANs. These may be two networks with one address; the table of what the capture shows says so"""
    one, two = lab("unicast"), lab("multicast", ip="192.168.2.20")
    s.beats(one, H1, 0.0, 14, expect=MASKED)
    s.beats(one, H2, 0.3, 14, expect=MASKED, default=2, interface=1)
    s.beats(two, H1, 0.5, 14, tag=10)
    s.beats(two, H2, 0.8, 14, default=2, tag=20)


# ---- load ----------------------------------------------------------------------------------------------------------

@story(quiet=["not_converging", "heartbeat_late"], snaplen=96)
def cluster_idle_host(s):
    """Host 2 handles no packet for a minute while host 1 works"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 65)
    s.beats(cl, H2, 0.3, 64, period=SLOW, grow=0, special={60: ["idle_host"]})


@story(quiet=["idle_host"], snaplen=96)
def cluster_idle_host_near_miss(s):
    """Host 2 handles a few packets in the middle of the minute"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 65)
    s.beats(cl, H2, 0.3, 35, period=SLOW, grow=0)
    s.beats(cl, H2, 0.3 + 35 * SLOW, 1, grow=3)
    s.beats(cl, H2, 0.3 + 36 * SLOW, 28, period=SLOW, grow=0)


@story(quiet=["idle_host"], snaplen=96)
def cluster_idle_night(s):
    """Nobody works: neither host handles a packet for a minute"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 65, grow=0)
    s.beats(cl, H2, 0.3, 64, period=SLOW, grow=0)


@story(quiet=["idle_host"], snaplen=96)
def cluster_idle_probes(s):
    """One monitor is the only client, and always lands on host 1: a few packets a minute do not show that host 2 gets
    none of the clients' """
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 33, period=2.0, grow=1)
    s.beats(cl, H2, 0.3, 32, period=2.0, grow=0)


@story(quiet=["idle_host"])
def cluster_idle_standby(s):
    """The default rule alone: host 1 takes all, host 2 stands by, and its maps say so"""
    cl = lab("multicast")
    s.beats(cl, H1, 0.0, 33, period=2.0, rules=(0,))
    s.beats(cl, H2, 0.3, 32, period=2.0, grow=0, rules=(0,))
