# SPDX-License-Identifier: GPL-2.0-or-later
"""IGMP multicast mode: reports, queriers, silence. The long stories are cut to 96 bytes a frame."""
from scenes import address_table
from story import (H1, H2, H3, Peer, Tcp, client, gateway, igmp as igmp_frame, igmp_v3_report, lab, ping, pong, story,
                   vlan)

GROUP = "239.255.2.10"
REPORT = ["igmp_report"]


@story(quiet=["masked_mac", "inter_host_mac", "igmp_silent", "igmp_no_querier", "unicast_ip_group_mac"])
def igmp(s):
    """Address table of an IGMP multicast cluster: heartbeats and client frames to 01-00-5E-7F-02-0A, reports for
    239.255.2.10 sent from the virtual address"""
    cl = lab("igmp")
    address_table(s, cl, {
        "vip_arp": ["arp_multicast_mac", "arp_sender_differs"],
        "request": ["multicast_mac"],
        "reply_again": ["duplicate_reply"],
    })
    s.at(0.200, igmp_frame(Peer(H1.station, cl.ip, ip_id=0x1800), 0x16, GROUP), REPORT)
    s.at(0.500, igmp_frame(Peer(H2.station, cl.ip, ip_id=0x2800), 0x16, GROUP), REPORT)


@story()
def igmp_report_versions(s):
    """The same report in IGMP version 1, 2 and 3"""
    cl = lab("igmp")
    me = Peer(H1.station, cl.ip)
    s.beats(cl, H1, 0.0, 2)
    s.at(0.2, igmp_frame(me, 0x12, GROUP), REPORT)
    s.at(0.4, igmp_frame(me, 0x16, GROUP), REPORT)
    s.at(0.6, igmp_v3_report(me, GROUP), REPORT)


@story(quiet=["igmp_report", "igmp_no_querier"])
def igmp_report_near_miss(s):
    """Reports that are not NLB's: no cluster is known, another host joins the cluster's group, the cluster's address
    joins another group"""
    cl = lab("igmp")
    me, who = Peer(H1.station, cl.ip), client()
    s.at(0.0, igmp_frame(Peer("00:0c:29:5b:10:01", "192.168.5.20"), 0x16, "239.255.5.20"))  # bytes fit, no evidence
    s.beats(cl, H1, 0.5, 2)
    s.at(1.0, igmp_frame(who, 0x16, GROUP))
    s.at(1.1, igmp_frame(me, 0x16, "239.255.255.250"))
    s.at(1.2, igmp_frame(gateway(), 0x11, "0.0.0.0", to="224.0.0.1"))


@story(quiet=["igmp_silent"], snaplen=96)
def igmp_no_querier(s):
    """Reports every 60 s for four minutes and never a query: snooping switches will forget the group"""
    cl = lab("igmp", hosts=(H1,))
    me = Peer(H1.station, cl.ip)
    s.beats(cl, H1, 0.0, 244)
    s.at(7.5, igmp_frame(client(), 0x16, "239.1.2.3"))  # of somebody else: this point sees reports
    for n in range(5):
        late = ["igmp_no_querier"] if n == 3 else []  # 180 s after the first report; the one at 120 s is too early
        s.at(0.5 + 60 * n, igmp_frame(me, 0x16, GROUP), REPORT + late)


@story(quiet=["igmp_no_querier", "igmp_silent"], snaplen=96)
def igmp_querier(s):
    """The same with a querier on the VLAN that asks every 125 s"""
    cl = lab("igmp", hosts=(H1,))
    me, gw = Peer(H1.station, cl.ip), gateway()
    s.beats(cl, H1, 0.0, 184)
    for n in range(4):
        s.at(0.5 + 60 * n, igmp_frame(me, 0x16, GROUP), REPORT)
    for at in (10.2, 135.2):
        s.at(at, igmp_frame(gw, 0x11, "0.0.0.0", to="224.0.0.1"))


@story(quiet=["igmp_no_querier", "igmp_report"], snaplen=96)
def igmp_silent(s):
    """An IGMP cluster that sends no report in 133 s: switches with snooping flood its traffic or drop it"""
    cl = lab("igmp", hosts=(H1,))
    who = client()
    s.beats(cl, H1, 0.0, 134, special={131: ["igmp_silent"]})
    s.at(7.5, igmp_frame(client(), 0x16, "239.1.2.3"))  # of somebody else: this point sees reports
    for at in (5.5, 131.5):
        s.at(at, ping(who, cl.mac, cl.ip, 1, int(at)), ["multicast_mac"])
        s.at(at + 0.0003, pong(cl.on(H1), who.mac, who.ip, 1, int(at)))


@story(quiet=["igmp_silent"], snaplen=96)
def igmp_silent_near_miss(s):
    """Nobody owes a report: a plain multicast cluster heard for 133 s, an IGMP cluster heard for the last 30, and one
    that a snooping switch reports for, without an address and with a tag that the mirror shows on that side only"""
    plain, young = lab("multicast", hosts=(H1,)), lab("igmp", hosts=(H2,), ip="192.168.2.20")
    proxied = lab("igmp", hosts=(H3,), ip="192.168.2.40")
    s.beats(plain, H1, 0.0, 134)
    s.beats(young, H2, 103.35, 30)
    s.beats(proxied, H3, 0.6, 134)
    for n in range(3):
        s.at(20.5 + 60 * n, vlan(igmp_frame(Peer("00:1a:6c:7f:d8:99", "0.0.0.0"), 0x16, "239.255.2.40"), 112))


@story(quiet=["multicast_mac", "igmp_report", "masked_mac"])
def igmp_on_a_member(s):
    """The same cluster as its own host 1 sees it: the client's frames come with the host's MAC instead of the group's,
    and no heartbeat is there. Nothing on the wire is wrong, and nothing can be told from it"""
    cl, who = lab("igmp"), client()
    here = cl.on(H1)
    s.at(0.0, ping(who, H1.station, cl.ip, 1, 1))
    s.at(0.0003, pong(here, who.mac, who.ip, 1, 1))
    s.session(0.5, Tcp(who, here, H1.station, 49152, 80))
