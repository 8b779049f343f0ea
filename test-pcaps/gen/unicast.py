# SPDX-License-Identifier: GPL-2.0-or-later
"""Unicast mode: the address table of the Czech report, masking off, inter-host traffic, what counts as evidence."""
from scapy.layers.l2 import LLC, Dot3, Ether
from scapy.packet import Raw

from scenes import address_table
from story import (BROADCAST, H1, H2, Peer, Tcp, answers, arp_reply, arp_request, asks, client, heartbeat, identity,
                   inter_host_mac, lab, ping, pong, story, udp)

NETBIOS = bytes.fromhex("2c00ffef0800000000000000") + b"DOMAIN         \x1d" + b"WEB1           \0"  # a datagram


@story(quiet=["unmasked_mac", "mac_flapping", "two_hosts_answer", "inter_host_mac", "arp_multicast_mac"])
def unicast_masked(s):
    """Address table of a unicast cluster, sources masked (the default): heartbeats to broadcast, ARP says 02-BF, every
    frame of a host comes from 02-hh"""
    address_table(s, lab("unicast"), {
        "beat": ["masked_mac"],
        "identity": ["masked_mac"],
        "vip_arp": ["arp_sender_differs", "masked_mac"],
        "own_arp": ["arp_sender_differs", "masked_mac"],
        "reply": ["masked_mac"],
        "reply_again": ["duplicate_reply", "masked_mac"],
    })


@story(quiet=["masked_mac", "arp_sender_differs", "duplicate_reply", "cluster_mac_leak"])
def unicast_unmasked(s):
    """The same with MaskSourceMAC = 0: both hosts send from 02-BF, the switch learns the cluster MAC and it flaps
    between their ports"""
    address_table(s, lab("unicast", masked=False), {
        "beat_first": ["unmasked_mac"],
        "beat": ["mac_flapping", "unmasked_mac"],
        "identity": ["unmasked_mac"],  # follows a heartbeat of the same host: no change
        "vip_arp": ["unmasked_mac"],   # Ethernet source and sender are equal here
        "own_arp": ["unmasked_mac"],
        "reply": ["unmasked_mac"],
        "reply_again": ["unmasked_mac"],  # both replies come from one MAC
    })


@story(quiet=["arp_multicast_mac", "multicast_mac", "unicast_ip_group_mac", "secondary_vip_mac", "vip_mac_conflict"])
def inter_host(s):
    """Members of a unicast cluster talk to each other: .30 and .31 are 03-BF plus the dedicated address between
    members, and still 02-BF of the cluster for the client"""
    cl = lab("unicast")
    s1, s2 = cl.on(H1, H1.ip), cl.on(H2, H2.ip)
    mac1, mac2 = inter_host_mac(H1), inter_host_mac(H2)
    masked, arp = ["masked_mac"], ["arp_sender_differs", "masked_mac"]
    both = ["inter_host_mac", "masked_mac"]
    s.beats(cl, H1, 0.0, 3, expect=masked)
    s.beats(cl, H2, 0.35, 3, expect=masked)
    who = client()
    s.at(0.600, asks(who, H1.ip))
    s.at(0.6003, answers(cl.source(H1), cl.mac, H1.ip, who), arp)
    s.at(0.700, ping(who, cl.mac, H1.ip, 1, 1))
    s.at(0.7003, pong(s1, who.mac, who.ip, 1, 1), masked)
    s.at(1.100, arp_request(cl.source(H2), cl.mac, H2.ip, H1.ip), arp)
    s.at(1.1003, arp_reply(cl.source(H1), mac2, mac1, H1.ip, mac2, H2.ip),
         ["arp_sender_differs", "inter_host_mac", "masked_mac"])
    s.at(1.200, ping(s2, mac1, H1.ip, 7, 1), both)
    s.at(1.2003, pong(s1, mac2, H2.ip, 7, 1), both)
    s.session(1.5, Tcp(s2, s1, mac1, 49170, 445, back=mac2), c=both, s=both, request=b"\0\0\0\x04ping",
              response=b"\0\0\0\x04pong")
    s.at(2.600, ping(who, cl.mac, H1.ip, 1, 2))  # the client's view of .30 has not changed
    s.at(2.6003, pong(s1, who.mac, who.ip, 1, 2), masked)


@story(quiet=["vip_mac_conflict", "arp_multicast_mac", "secondary_vip_mac", "multicast_mac", "masked_mac"])
def inter_host_arp_only(s):
    """The same without a heartbeat, as the capture filter "arp or ip" leaves it: the members' ARP alone proves their
    own MACs, and neither a conflict nor a cluster in multicast mode"""
    cl = lab("unicast")
    s1, s2 = cl.on(H1, H1.ip), cl.on(H2, H2.ip)
    mac1, mac2 = inter_host_mac(H1), inter_host_mac(H2)
    who = client()
    s.at(0.0, asks(who, H1.ip))
    s.at(0.0003, answers(cl.source(H1), cl.mac, H1.ip, who))
    s.at(0.05, arp_request(cl.source(H2), mac2, H2.ip, H1.ip), ["arp_sender_differs", "inter_host_mac"])
    s.at(0.0503, arp_reply(cl.source(H1), mac2, mac1, H1.ip, mac2, H2.ip), ["arp_sender_differs", "inter_host_mac"])
    s.at(0.1, ping(s2, mac1, H1.ip, 7, 1), ["inter_host_mac"])
    s.at(0.1003, pong(s1, mac2, H2.ip, 7, 1), ["inter_host_mac"])


@story(quiet=["masked_mac", "arp_sender_differs"])
def unicast_masked_near_miss(s):
    """MACs that only look masked: Docker 02-42, Extreme Networks 02-04-96, a host 02-05-w-x-y-z that sends from
    w.x.y.z; no heartbeat, no ARP, no evidence"""
    docker, peer = Peer("02:42:ac:11:00:02", "172.17.0.2", 64), Peer("02:42:ac:11:00:01", "172.17.0.1", 64, 0x5000)
    s.at(0.0, asks(docker, peer.ip))
    s.at(0.0001, answers(peer.mac, peer.mac, peer.ip, docker))
    s.at(0.001, ping(docker, peer.mac, peer.ip, 3, 1))
    s.at(0.0011, pong(peer, docker.mac, docker.ip, 3, 1))
    switch = "02:04:96:35:08:3b"
    s.at(0.5, Dot3(src=switch, dst="00:e0:2b:00:00:00") / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) /
         Raw(bytes.fromhex("00e02b00bb") + bytes(40)))
    extreme = Peer(switch, "10.96.53.8", 64)
    s.at(0.6, udp(extreme, BROADCAST, "255.255.255.255", 520, 520, b"\x01\x01\0\0" + bytes(20)))
    osa = Peer("02:05:0a:0a:14:1e", "10.10.20.30", 64)  # the MAC holds the very address it sends from
    other = Peer("00:50:56:9a:11:22", "10.10.20.99", 128, 0x6000)
    s.at(1.0, asks(other, osa.ip))
    s.at(1.0002, answers(osa.mac, osa.mac, osa.ip, other))
    s.session(1.1, Tcp(other, osa, osa.mac, 50001, 23), request=b"hello\r\n", response=b"login: ")


@story(quiet=["unmasked_mac", "cluster_mac_leak"])
def unicast_unmasked_near_miss(s):
    """A locally administered MAC that begins with 02-BF and has nothing to do with NLB: its bytes are no address that
    anyone uses"""
    odd, other = Peer("02:bf:11:22:33:44", "10.0.0.5", 64), Peer("00:50:56:9a:11:22", "10.0.0.9", 128, 0x6000)
    s.at(0.0, asks(odd, other.ip))
    s.at(0.0002, answers(other.mac, other.mac, other.ip, odd))
    s.at(0.1, ping(odd, other.mac, other.ip, 9, 1))
    s.at(0.1002, pong(other, odd.mac, odd.ip, 9, 1))
    s.at(0.2, ping(other, odd.mac, odd.ip, 10, 1))
    s.at(0.2002, pong(odd, other.mac, other.ip, 10, 1))


@story()
def unicast_evidence_arp(s):
    """Evidence holds from the frame that proves it: a reply from 02-02 stays unexplained until ARP maps the virtual
    address to 02-BF; 02-21 (33) and 02-00 are no host numbers even then"""
    cl, who = lab("unicast"), client()
    two = cl.on(H2)
    s.at(0.0, pong(two, who.mac, who.ip, 1, 1))  # masked pattern, source address fits, no evidence yet
    s.at(0.5, asks(who, cl.ip))
    s.at(0.5004, answers(cl.source(H1), cl.mac, cl.ip, who), ["arp_sender_differs", "masked_mac"])
    s.at(1.0, pong(two, who.mac, who.ip, 1, 2), ["masked_mac"])
    s.at(1.1, pong(Peer("02:20:c0:a8:02:0a", cl.ip, ip_id=0x3000), who.mac, who.ip, 2, 1), ["masked_mac"])  # host 32
    s.at(1.2, pong(Peer("02:21:c0:a8:02:0a", cl.ip, ip_id=0x3100), who.mac, who.ip, 3, 1))
    s.at(1.3, pong(Peer("02:00:c0:a8:02:0a", cl.ip, ip_id=0x3200), who.mac, who.ip, 4, 1))
    s.at(1.4, pong(Peer("02:02:c0:a8:02:0b", "192.168.2.11", ip_id=0x3300), who.mac, who.ip, 5, 1))  # another cluster


@story()
def unicast_evidence_address(s):
    """No heartbeat and no ARP in the capture: the client's own frames to 02-BF plus the address they go to are the
    evidence; the same MAC with another address is none"""
    cl, who = lab("unicast"), client()
    two = cl.on(H2)
    s.at(0.0, ping(who, cl.mac, "192.168.2.11", 1, 1))  # 02-BF of .10, but for .11
    s.at(0.0004, pong(cl.on(H2, "192.168.2.11"), who.mac, who.ip, 1, 1))
    s.session(1.0, Tcp(who, two, cl.mac, 49152, 80), s=["masked_mac"])
    s.at(2.0, pong(two, who.mac, who.ip, 8, 1), ["masked_mac"])


@story()
def cluster_mac_leak(s):
    """The hypervisor announces the cluster MAC with RARP (Notify Switches), a sniffer's LLC and LLDP frames leave from
    02-BF: the switch learns it"""
    cl, who = lab("unicast"), client()
    rarp = bytes.fromhex("000108000604 0003 02bfc0a8020a 00000000 02bfc0a8020a 00000000")
    s.at(0.0, Ether(src=cl.mac, dst=BROADCAST, type=0x8035) / Raw(rarp), ["cluster_mac_leak"])  # names the MAC itself
    s.at(0.5, heartbeat(cl, H1), ["masked_mac"])
    s.at(1.0, Dot3(src=cl.mac, dst="03:00:00:00:00:01") / LLC(dsap=0xF0, ssap=0xF0, ctrl=3) / Raw(NETBIOS),
         ["cluster_mac_leak"])
    lldp = bytes.fromhex("0207 04 02bfc0a8020a 0403 05 6531 0602 0078 0000")
    s.at(1.2, Ether(src=cl.mac, dst="01:80:c2:00:00:0e", type=0x88CC) / Raw(lldp), ["cluster_mac_leak"])
    s.at(1.5, heartbeat(cl, H1, packets=1025), ["masked_mac"])
    s.at(1.6, ping(who, cl.mac, cl.ip, 1, 1))
    s.at(1.6003, pong(cl.on(H1), who.mac, who.ip, 1, 1), ["masked_mac"])


@story(quiet=["cluster_mac_leak", "unmasked_mac"])
def cluster_mac_leak_near_miss(s):
    """LLC from a 02-BF MAC without any evidence of a cluster, a RARP that names another MAC than its sender, and the
    RARP of an ordinary virtual machine"""
    s.at(0.0, Dot3(src="02:bf:0a:01:01:01", dst="03:00:00:00:00:01") / LLC(dsap=0xF0, ssap=0xF0, ctrl=3) /
         Raw(NETBIOS))
    s.at(0.2, Ether(src="02:bf:0a:01:01:01", dst=BROADCAST, type=0x8035) /
         Raw(bytes.fromhex("000108000604 0003 005056aabbcc 00000000 005056aabbcc 00000000")))
    s.at(0.4, Ether(src="00:50:56:aa:bb:cc", dst=BROADCAST, type=0x8035) /
         Raw(bytes.fromhex("000108000604 0003 005056aabbcc 00000000 005056aabbcc 00000000")))


@story(quiet=["mac_flapping", "duplicate_host_id", "host_returned"])
def mac_flapping_near_miss(s):
    """A host of a multicast cluster gets another priority: silent for seven seconds, then its station MAC heartbeats
    as host 3; one change is no flapping"""
    cl = lab("multicast", hosts=(H1, H2))
    renumbered = H2.__class__(3, H2.ip, H2.station, H2.name, H2.host_code)
    s.beats(cl, H1, 0.0, 13, special={9: ["host_lost"]})
    s.beats(cl, H2, 0.35, 4)  # the last one at 3.35
    s.beats(lab("multicast", hosts=(H1, renumbered)), renumbered, 10.35, 3, special={0: ["host_joined"]})
    s.at(10.352, identity(cl, renumbered))
