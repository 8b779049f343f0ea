# SPDX-License-Identifier: GPL-2.0-or-later
"""IPv6: the MAC's last four bytes are the XOR of the address's four words; neighbour
advertisements are the evidence."""
from scapy.layers.inet6 import ICMPv6EchoReply, ICMPv6EchoRequest

from story import H1, H2, Peer, Tcp, advertise, lab, solicit, story, udp

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


@story(quiet=["relayed_copy", "capture_copy"])
def ipv6_two_gateways(s):
    """Both hosts answer a ping with the same bytes, as IPv6 has no identification, and each by a gateway of its own"""
    cl, vip = lab("multicast"), "fd00:2::11"
    for host in (H1, H2):
        s.beats(cl, host, 0.3 * host.id, 3)
    one, two = Peer("00:1a:6c:7f:d8:40", "2001:db8:7::9", 120), Peer("00:1a:6c:7f:d8:41", "2001:db8:7::9", 120)
    for n in range(2):
        at = 1.0 + n
        s.at(at, ping6(one, cl.mac, vip, n), ["multicast_mac"])
        s.at(at + 0.0003, ping6(cl.on(H1, vip), one.mac, one.ip, n, reply=True))
        s.at(at + 0.0005, ping6(cl.on(H2, vip), two.mac, two.ip, n, reply=True), ["duplicate_reply"])


def ping6(peer, to_mac, dst, seq, reply=False):
    kind = ICMPv6EchoReply if reply else ICMPv6EchoRequest
    return peer.send(to_mac, dst, kind(id=7, seq=seq, data=b"abcdefghijklmnop"))


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
