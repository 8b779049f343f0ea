# SPDX-License-Identifier: GPL-2.0-or-later
"""What heartbeats tell over time: members that come, go and disagree. Stories of more than ten seconds are cut to 96
bytes a frame; a host's second clock runs 0.2 % slow where "more than 10 s" must not fall on the boundary."""
from story import H1, H2, H3, Host, Tcp, client, lab, story

MASKED = ["masked_mac"]
RULES_443 = (0x611BB1BB, 0)
SLOW = 1.002


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
    differ = ["cluster_mac_differs"]
    s.beats(lab("unicast"), H1, 0.0, 2, expect=differ + MASKED, src="02:01:c0:a8:02:63")
    s.beats(lab("multicast", ip="192.168.2.20"), H1, 0.2, 2, expect=differ, dst="03:bf:c0:a8:02:63")
    s.beats(lab("igmp", ip="192.168.2.40"), H1, 0.4, 2, expect=differ, dst="01:00:5e:7f:02:63")


@story(quiet=["cluster_mac_differs", "mode_mismatch"])
def cluster_mac_differs_near_miss(s):
    """Cluster MACs that fit: masked and unmasked unicast, a station MAC as the source, two IGMP clusters whose
    addresses share their last two bytes"""
    s.beats(lab("unicast"), H1, 0.0, 2, expect=MASKED)
    s.beats(lab("unicast", ip="192.168.2.20", masked=False), H1, 0.1, 2, expect=["unmasked_mac"])
    s.beats(lab("unicast", ip="192.168.2.40"), H1, 0.2, 2, src=H1.station)  # no cluster MAC to be seen
    s.beats(lab("multicast", ip="192.168.2.50"), H1, 0.3, 2)
    s.beats(lab("igmp", ip="10.1.2.3"), H1, 0.4, 2)
    s.beats(lab("igmp", ip="10.9.2.3"), H2, 0.5, 2)


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
