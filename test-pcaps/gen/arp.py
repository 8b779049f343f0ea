# SPDX-License-Identifier: GPL-2.0-or-later
"""Who claims which address: secondary virtual addresses, conflicting claims, honest disparate ARP."""
from story import (H1, H2, Peer, answers, arp_reply, asks, client, gateway, gratuitous, lab, ping, pong, story)

FAR = "10.5.5.5"  # a client behind the gateway
SECOND = "192.168.2.11"


@story()
def secondary_vip_mac(s):
    """ARP answers for the secondary address .11 with the primary's cluster MAC; the gateway's static entry sends to
    02-BF made from .11, which no host accepts"""
    cl, who, gw = lab("unicast"), client(), gateway()
    routed = Peer(gw.mac, FAR, 120, 0x8800)
    s.beats(cl, H1, 0.0, 3, expect=["masked_mac"])
    s.at(0.5, asks(who, SECOND))
    s.at(0.5004, answers(cl.source(H1), cl.mac, SECOND, who), ["arp_sender_differs", "masked_mac"])
    s.at(0.6, ping(who, cl.mac, SECOND, 1, 1))
    s.at(0.6003, pong(cl.on(H1, SECOND), who.mac, who.ip, 1, 1), ["masked_mac"])
    for seq in range(2):
        s.at(1.5 + seq, ping(routed, "02:bf:c0:a8:02:0b", SECOND, 2, seq), ["secondary_vip_mac"])


@story()
def secondary_vip_mac_multicast(s):
    """The same in multicast mode: 03-BF made from .11 instead of the primary's"""
    cl, who, gw = lab("multicast"), client(), gateway()
    routed = Peer(gw.mac, FAR, 120, 0x8800)
    s.beats(cl, H1, 0.0, 2)
    s.at(0.5, asks(who, SECOND))
    s.at(0.5004, answers(H1.station, cl.mac, SECOND, who), ["arp_multicast_mac", "arp_sender_differs"])
    s.at(0.7, ping(routed, "03:bf:c0:a8:02:0b", SECOND, 2, 1), ["multicast_mac", "secondary_vip_mac"])


@story(quiet=["unicast_ip_group_mac", "vip_mac_conflict"])
def secondary_vip_mac_old_mode(s):
    """The cluster was changed from multicast to unicast mode, and the gateway still has the static entry of before: the
    primary address goes to 03-BF, which no host accepts any more"""
    cl, who, gw = lab("unicast"), client(), gateway()
    routed = Peer(gw.mac, FAR, 120, 0x8800)
    s.beats(cl, H1, 0.0, 3, expect=["masked_mac"])
    s.at(0.2, ping(routed, lab("multicast").mac, cl.ip, 2, 1), ["multicast_mac"])
    s.at(0.5, asks(who, cl.ip))
    s.at(0.5004, answers(cl.source(H1), cl.mac, cl.ip, who), ["arp_sender_differs", "masked_mac"])
    s.at(0.7, ping(routed, lab("multicast").mac, cl.ip, 2, 2), ["multicast_mac", "secondary_vip_mac"])


@story(quiet=["secondary_vip_mac", "vip_mac_conflict", "multicast_mac", "cluster_mac_differs"])
def secondary_vip_mac_near_miss(s):
    """Right use: .11 on the primary's MAC, a second cluster .20 on its own, and .12 whose ARP was not captured"""
    cl, two, who = lab("unicast"), lab("unicast", ip="192.168.2.20"), client()
    masked, arp = ["masked_mac"], ["arp_sender_differs", "masked_mac"]
    s.beats(cl, H1, 0.0, 2, expect=masked)
    s.beats(two, H2, 0.2, 2, expect=masked)
    for n, (owner, host, ip) in enumerate(((cl, H1, cl.ip), (cl, H1, SECOND), (two, H2, two.ip))):
        at = 0.4 + 0.1 * n
        s.at(at, asks(who, ip))
        s.at(at + 0.0004, answers(owner.source(host), owner.mac, ip, who), arp)
        s.at(at + 0.01, ping(who, owner.mac, ip, 1, n))
        s.at(at + 0.0103, pong(owner.on(host, ip), who.mac, who.ip, 1, n), masked)
    s.at(0.9, ping(who, "02:bf:c0:a8:02:0c", "192.168.2.12", 1, 9))


@story()
def vip_mac_conflict(s):
    """One virtual address, two cluster MACs in turn: one host answers in unicast mode, the other in multicast mode"""
    cl, multi, who = lab("unicast"), lab("multicast"), client()
    unicast, group = ["arp_sender_differs", "masked_mac"], ["arp_multicast_mac", "arp_sender_differs"]
    s.at(0.0, asks(who, cl.ip))
    s.at(0.0004, answers(cl.source(H1), cl.mac, cl.ip, who), unicast)
    s.at(20.0, asks(who, cl.ip))
    s.at(20.0004, answers(H2.station, multi.mac, cl.ip, who), group + ["vip_mac_conflict"])
    s.at(30.0, gratuitous(cl.source(H1), cl.mac, cl.ip), unicast + ["vip_mac_conflict"])
    s.at(31.0, gratuitous(cl.source(H1), cl.mac, cl.ip), unicast)


@story(quiet=["vip_mac_conflict"])
def vip_mac_conflict_near_miss(s):
    """No conflict: the cluster moves to multicast mode, 65 s after its last claim in unicast mode; a desktop claims
    another address with its own MAC"""
    cl, multi, who = lab("unicast"), lab("multicast"), client()
    unicast, group = ["arp_sender_differs", "masked_mac"], ["arp_multicast_mac", "arp_sender_differs"]
    s.at(0.0, gratuitous(cl.source(H1), cl.mac, cl.ip), unicast)
    s.at(10.0, gratuitous("00:0c:29:5b:10:01", "00:0c:29:5b:10:01", "192.168.2.60"))
    s.at(20.0, answers(cl.source(H2), cl.mac, cl.ip, who), unicast)
    s.at(85.0, answers(H2.station, multi.mac, cl.ip, who), group)


@story(quiet=["arp_sender_differs", "arp_multicast_mac", "masked_mac", "vip_mac_conflict"])
def arp_sender_near_miss(s):
    """ARP whose Ethernet source is not its sender, without NLB: a VRRP router, a wireless bridge, a spoofer, an adapter
    team, a source that only looks masked"""
    who = client()
    vrrp, router = "00:00:5e:00:01:0a", "00:1a:6c:7f:d8:40"
    s.at(0.0, asks(who, "192.168.2.1"))
    s.at(0.0004, answers(router, vrrp, "192.168.2.1", who))
    s.at(0.5, answers("00:0d:b9:4a:00:01", "00:0c:29:5b:10:01", "192.168.2.60", who))
    s.at(1.0, arp_reply("00:e0:4c:66:66:66", who.mac, "00:0c:29:77:77:77", "192.168.2.61", who.mac, who.ip))
    s.at(1.5, gratuitous("00:1b:78:aa:00:02", "00:1b:78:aa:00:01", "192.168.2.62"))
    s.at(2.0, answers("02:04:96:35:08:3b", "00:04:96:35:08:00", "192.168.2.63", who))
