# SPDX-License-Identifier: GPL-2.0-or-later
"""IPv6: the MAC's last four bytes are the XOR of the address's four words; neighbour
advertisements are the evidence."""
from story import H1, Peer, Tcp, advertise, solicit, story, udp

VIP = "2001:4898:e8:3018:bd82:dde1:6615:7b0"  # documented with 02-BF-FB-7E-A2-D1
TAIL = "fb:7e:a2:d1"
SNMA, SNMA_MAC = "ff02::1:ff15:7b0", "33:33:ff:15:07:b0"


def client():
    return Peer("00:1b:21:3c:9d:f1", "2001:4898:e8:3018::100", 128)


@story(quiet=["arp_multicast_mac", "multicast_mac"])
def ipv6_unicast(s):
    """A unicast cluster in IPv6: the target option of a neighbour advertisement says 02-BF, frames come from 02-01; the
    one before the advertisement stays unexplained"""
    who, node = client(), Peer("02:01:" + TAIL, VIP, 128)
    s.at(0.0, udp(node, who.mac, who.ip, 40001, 40000, b"early"))
    s.at(0.5, solicit(who, VIP, SNMA_MAC, SNMA))
    s.at(0.5004, advertise(node, who.mac, who.ip, VIP, "02:bf:" + TAIL), ["arp_sender_differs", "masked_mac"])
    s.session(1.0, Tcp(who, node, "02:bf:" + TAIL, 49152, 80), s=["masked_mac"])


@story(quiet=["masked_mac", "unicast_ip_group_mac", "inter_host_mac"])
def ipv6_multicast(s):
    """A multicast cluster in IPv6: the advertisement names 03-BF, the client sends there"""
    who, node = client(), Peer(H1.station, VIP, 128)
    s.at(0.5, solicit(who, VIP, SNMA_MAC, SNMA))
    s.at(0.5004, advertise(node, who.mac, who.ip, VIP, "03:bf:" + TAIL), ["arp_multicast_mac", "arp_sender_differs"])
    s.session(1.0, Tcp(who, node, "03:bf:" + TAIL, 49152, 80), c=["multicast_mac"])


@story(quiet=["masked_mac", "arp_sender_differs", "unmasked_mac", "multicast_mac", "arp_multicast_mac"])
def ipv6_near_miss(s):
    """IPv6 MACs whose bytes are not the XOR of the address prove nothing: 02-BF with other bytes in an advertisement,
    real IPv6 multicast beside it"""
    who, node = client(), Peer("02:01:11:22:33:44", VIP, 128)
    s.at(0.5, solicit(who, VIP, SNMA_MAC, SNMA))
    s.at(0.5004, advertise(node, who.mac, who.ip, VIP, "02:bf:11:22:33:44"))
    s.at(0.6, udp(node, who.mac, who.ip, 40001, 40000, b"hello"))
    s.at(0.7, udp(who, "33:33:00:01:00:03", "ff02::1:3", 5355, 5355, bytes(20)))
