# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that are not Ethernet: Linux cooked captures, which keep no destination MAC, and others."""
from scapy.layers.l2 import Ether

from story import (COOKED, COOKED2, FROM_US, H1, H2, RAW_IP, TO_ALL, TO_GROUP, TO_OTHER, TO_US, Cluster, Host, Peer,
                   Tcp, answers, asks, client, cooked, cooked2, copy, gateway, kind_for, lab, ping, pong, story)

FORWARDER = "00:15:5d:01:02:03"
ETH0, ETH1, BR0 = 2, 3, 4  # interface numbers


@story(link=COOKED, quiet=["routed_copy", "not_analysed"])
def cooked_foreign_router(s):
    """The Russian case captured with tcpdump -i any on the client: no destination MAC is kept, but whoever sends the
    packets again is a stranger, and they come to this machine or to the group twice"""
    host = Host(1, "192.168.1.45", "00:50:16:8b:00:25", "MAIL")
    cl = Cluster("192.168.1.47", "multicast", (host,))
    mail = Peer("00:16:35:c4:25:96", "192.168.1.151", 128, 0x2A10)
    tcp = Tcp(mail, cl.on(host), cl.mac, 1187, 143)
    s.wrap = lambda frame: cooked(frame, kind_for(frame, mail.mac))
    s.beats(cl, host, 0.0, 3)
    s.at(0.2000, asks(mail, cl.ip))
    s.at(0.2004, answers(host.station, cl.mac, cl.ip, mail), ["arp_multicast_mac", "arp_sender_differs"])

    def reply(at, frame, expect=()):
        s.at(at, frame, expect)
        s.at(at + 0.0004, copy(frame, src=FORWARDER), ["foreign_router", *expect])

    s.at(1.1000, tcp.c("S"))
    reply(1.1011, tcp.s("SA"))
    s.at(1.1019, tcp.c("A"))
    reply(1.1062, tcp.s("PA", b"* OK IMAP4 ready\r\n"))
    s.at(1.1103, tcp.c("PA", b"a1 LOGIN joe secret\r\n"))
    reply(1.1391, tcp.s("RA"), ["reset_after_copy"])


@story(link=COOKED2, quiet=["routed_copy"])
def cooked2_foreign_router(s):
    """The same in version 2 on a machine that gets the flood of a unicast cluster: two hosts answer as they should, a
    stranger repeats their answers; over IPv4 and IPv6"""
    cl, who = lab("unicast"), client()
    s.wrap = lambda frame: cooked2(frame, kind_for(frame, who.mac), ETH0)
    s.beats(cl, H1, 0.0, 3, expect=["masked_mac"])
    s.beats(cl, H2, 0.3, 3, expect=["masked_mac"])
    for n, host in enumerate((H1, H2)):
        s.at(0.5 + n, ping(who, cl.mac, cl.ip, 1, n))
        answer = pong(cl.on(host), who.mac, who.ip, 1, n)
        s.at(0.5003 + n, answer, ["masked_mac"])
        s.at(0.5007 + n, copy(answer, src=FORWARDER), ["foreign_router"])
    six, vip = Peer(who.mac, "2001:db8:2::100"), Peer(cl.source(H1), "2001:db8:2::10", 128)
    tcp = Tcp(six, vip, cl.mac, 49160, 80)
    s.at(2.1000, tcp.c("S"))
    answer = tcp.s("SA")
    s.at(2.1003, answer, ["masked_mac"])
    s.at(2.1008, copy(answer, src=FORWARDER), ["foreign_router"])


@story(link=COOKED2, quiet=["foreign_router", "relayed_copy", "routing_loop"])
def cooked2_router_near_miss(s):
    """tcpdump -i any on a router with a bridge: each packet comes in, is seen again on the bridge, and goes out with a
    TTL one lower. Nobody does wrong"""
    cl, gw = lab("multicast"), gateway()
    far = Peer("00:1a:6c:11:22:33", "10.9.9.5", 120, 0x3000)
    inside = "00:1a:6c:7f:d8:41"  # the router's other MAC
    s.at(0.0, cooked2(asks(gw, cl.ip), FROM_US, ETH1))
    for n in range(3):
        asked = ping(far, gw.mac, cl.ip, 1, n)
        s.at(1.0000 + n, cooked2(asked, TO_US, ETH0))
        s.at(1.0001 + n, cooked2(asked, TO_US, BR0), ["capture_copy"])
        s.at(1.0002 + n, cooked2(copy(asked, src=inside, dst=cl.mac), FROM_US, ETH1), ["routed_copy"])


@story(link=COOKED, quiet=["foreign_router"])
def cooked_promiscuous_near_miss(s):
    """A promiscuous machine sees a client's packet to a router, and the router's to the next: both are for others, and
    to whom is not kept: nobody is accused, and nothing explains the copy"""
    who, gw = client(), gateway()
    for n in range(2):
        frame = ping(who, gw.mac, "10.9.9.5", 1, n)
        s.at(1.0 + n, cooked(frame, TO_OTHER))
        s.at(1.0004 + n, cooked(copy(frame, src=gw.mac, dst="00:1a:6c:11:22:33"), TO_OTHER),
             ["unexplained_copy"])


@story(link=COOKED)
def cooked_cluster_split(s):
    """Heartbeats in a cooked capture: two hosts that both call themselves the default host"""
    cl = lab("unicast")
    s.wrap = lambda frame: cooked(frame, TO_ALL)
    split = ["masked_mac", "default_host_conflict"]  # for longer than ten seconds
    s.beats(cl, H1, 0.0, 13, expect=["masked_mac"], special={11: split, 12: split})
    s.beats(cl, H2, 0.4, 13, expect=["masked_mac"], default=2, special={11: split, 12: split})


@story(link=RAW_IP)
def raw_ip(s):
    """Packets without a link layer, as from a tunnel interface: not analysed, and the first one says so"""
    cl, who = lab("unicast"), client()
    s.wrap = lambda frame: bytes(frame)[14:]
    for n in range(3):
        s.at(n, ping(who, cl.mac, cl.ip, 1, n), ["not_analysed"] if n == 0 else [])
