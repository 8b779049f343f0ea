# SPDX-License-Identifier: GPL-2.0-or-later
"""Multicast mode, and group MACs of others."""
from scapy.layers.inet import UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from scenes import address_table
from story import (BROADCAST, H1, H2, Peer, Tcp, answers, arp_request, asks, client, gateway, group_mac, igmp, lab,
                   ping, pong, story, udp)


@story(quiet=["masked_mac", "inter_host_mac", "mac_flapping", "unicast_ip_group_mac", "foreign_router"])
def multicast(s):
    """Address table of a multicast cluster: heartbeats and client frames to 03-BF, ARP answers with the group MAC,
    hosts send from their station MACs"""
    address_table(s, lab("multicast"), {
        "vip_arp": ["arp_multicast_mac", "arp_sender_differs"],
        "request": ["multicast_mac"],
        "reply_again": ["duplicate_reply"],
    })


@story()
def multicast_arp_request(s):
    """A host asks for its gateway with the virtual address and 03-BF as the sender (2008 before KB960916); the gateway
    never answers"""
    cl, gw = lab("multicast"), gateway()
    for n in range(3):
        third = ["router_refuses"] if n == 2 else []
        s.at(0.5 + n, arp_request(H1.station, cl.mac, cl.ip, gw.ip),
             ["arp_multicast_mac", "arp_sender_differs"] + third)
    s.at(3.2, asks(Peer(H1.station, H1.ip), gw.ip))  # from the dedicated address all is well
    s.at(3.2004, answers(gw.mac, gw.mac, gw.ip, Peer(H1.station, H1.ip)))


@story(quiet=["multicast_mac", "arp_sender_differs", "inter_host_mac"])
def multicast_other_product(s):
    """A firewall cluster of another make: unicast addresses on an IP multicast MAC, and an ARP reply that says so"""
    fw, who = Peer("00:1c:7f:31:22:10", "192.168.7.1", 64), Peer("00:1b:21:3c:9d:f1", "192.168.7.20", 128, 0x4000)
    group = "01:00:5e:01:02:03"
    s.at(0.0, asks(who, fw.ip))
    s.at(0.0004, answers(fw.mac, group, fw.ip, who), ["arp_multicast_mac"])
    s.session(0.1, Tcp(who, fw, group, 50100, 443), c=["unicast_ip_group_mac"], request=b"\x16\x03\x01\0\x02\x01\0",
              response=b"\x15\x03\x01\0\x02\x02\x28")


@story(quiet=["multicast_mac"])
def multicast_no_evidence(s):
    """Unicast addresses on 03-BF and 01-00-5E-7F whose bytes fit nobody: group delivery, but not shown to be NLB"""
    who = client()
    s.at(0.0, ping(who, "03:bf:0a:00:00:05", "192.168.2.77", 1, 1), ["unicast_ip_group_mac"])
    s.at(0.5, ping(who, "01:00:5e:7f:02:4d", "192.168.2.77", 1, 2), ["unicast_ip_group_mac"])


@story(quiet=["multicast_mac", "unicast_ip_group_mac", "igmp_report", "igmp_silent", "routed_copy", "foreign_router"])
def multicast_real_group(s):
    """Real IP multicast on 01-00-5E-7F: 239.127.2.10 and SSDP's 239.255.255.250 with its membership report; broadcast
    and IPv6 multicast beside it"""
    src, who = Peer("00:0c:29:5b:10:01", "192.168.2.60", 16), client()
    for n in range(3):
        s.at(0.1 * n, udp(src, group_mac("239.127.2.10"), "239.127.2.10", 5004, 5004, b"media %d" % n))
    s.at(1.0, udp(who, group_mac("239.255.255.250"), "239.255.255.250", 49300, 1900, b"M-SEARCH * HTTP/1.1\r\n\r\n"))
    s.at(1.1, igmp(who, 0x16, "239.255.255.250"))
    s.at(1.2, igmp(who, 0x16, "239.127.2.10"))
    s.at(1.3, udp(who, BROADCAST, "192.168.2.255", 137, 137, bytes(50)))
    s.at(1.4, udp(who, BROADCAST, "255.255.255.255", 40009, 9, b"\xff" * 6 + bytes.fromhex("000c295b1001") * 16))
    s.at(1.5, Ether(src=who.mac, dst="33:33:00:01:00:03") /
         IPv6(src="fe80::21b:21ff:fe3c:9df1", dst="ff02::1:3", hlim=1) / UDP(sport=5355, dport=5355) / Raw(bytes(20)))


@story(quiet=["unicast_ip_group_mac"])
def multicast_secondary_address(s):
    """A secondary address of a multicast cluster travels on the primary's 03-BF: right, and still a group MAC"""
    cl, who = lab("multicast"), client()
    s.beats(cl, H1, 0.0, 2)
    s.beats(cl, H2, 0.35, 1)
    s.at(0.5, ping(who, cl.mac, "192.168.2.11", 4, 1), ["multicast_mac"])
    s.at(0.5003, pong(cl.on(H2, "192.168.2.11"), who.mac, who.ip, 4, 1))
