# SPDX-License-Identifier: GPL-2.0-or-later
"""The unicast cluster inside tags and tunnels. The tunnel ends are ordinary hosts."""
import struct

from scapy.layers.inet import UDP
from scapy.packet import Raw

from scenes import short_unicast
from story import H1, H2, Peer, Tcp, client, copy, heartbeat, lab, ping, pong, story, vlan

NEAR_MAC, FAR_MAC = "00:1c:73:01:00:01", "00:1c:73:02:00:02"


def tunnel(*head, proto=None):
    """A function that puts a frame behind the given headers, with a new IP id for every packet."""
    near = Peer(NEAR_MAC, "10.255.0.1", 64, 0x0100)

    def wrap(frame):
        fields = {"proto": proto} if proto else {}
        return near.send(FAR_MAC, "10.255.0.2", *head, Raw(bytes(frame)), **fields)
    return wrap


def vxlan(vni):
    return tunnel(UDP(sport=54321, dport=4789), Raw(struct.pack(">II", 0x08000000, vni << 8)))


@story(quiet=["unmasked_mac"])
def encap_vxlan(s):
    """A unicast cluster inside VXLAN"""
    s.wrap = vxlan(100)
    short_unicast(s, lab("unicast"))


@story()
def encap_geneve(s):
    """A unicast cluster inside Geneve"""
    s.wrap = tunnel(UDP(sport=54321, dport=6081), Raw(struct.pack(">BBHI", 0, 0, 0x6558, 100 << 8)))
    short_unicast(s, lab("unicast"))


@story()
def encap_gre_teb(s):
    """A unicast cluster inside GRE (transparent Ethernet bridging)"""
    s.wrap = tunnel(Raw(struct.pack(">HH", 0, 0x6558)), proto=47)
    short_unicast(s, lab("unicast"))


@story()
def encap_erspan(s):
    """A unicast cluster seen through an ERSPAN II mirror session"""
    near = Peer(NEAR_MAC, "10.255.0.1", 64, 0x0100)
    count = iter(range(1000))

    def wrap(frame):
        head = struct.pack(">HHI", 0x1000, 0x88BE, next(count)) + struct.pack(">HHI", 0x1000 | 112, 7, 1)
        return near.send(FAR_MAC, "10.255.0.2", Raw(head + bytes(frame)), proto=47)
    s.wrap = wrap
    short_unicast(s, lab("unicast"))


@story()
def encap_vlan(s):
    """A unicast cluster on a trunk whose mirror shows the tag only in one direction: what the heartbeats in VLAN 112
    prove holds for untagged frames too"""
    cl, who = lab("unicast"), client()
    s.at(0.0, vlan(heartbeat(cl, H1), 112), ["masked_mac"])
    s.at(0.35, vlan(heartbeat(cl, H2), 112), ["masked_mac"])
    s.at(0.6, vlan(ping(who, cl.mac, "192.168.2.11", 1, 1), 112))
    s.at(0.6003, pong(cl.on(H1, "192.168.2.11"), who.mac, who.ip, 1, 1), ["masked_mac"])
    tcp = Tcp(who, cl.on(H2), cl.mac, 49152, 80)
    s.at(0.7, vlan(tcp.c("S"), 112))
    s.at(0.7004, tcp.s("SA"), ["masked_mac"])
    s.at(1.0, vlan(heartbeat(cl, H1, packets=1025), 112), ["masked_mac"])


@story()
def encap_qinq(s):
    """A unicast cluster behind a service tag and a customer tag (802.1ad, QinQ)"""
    s.wrap = lambda frame: vlan(frame, 112, outer=20)
    short_unicast(s, lab("unicast"))


@story(quiet=["routed_copy"])
def encap_vxlan_foreign_router(s):
    """A stray router in an overlay network: the copy is found in the inner frames, the tunnel packets differ"""
    s.wrap = vxlan(100)
    cl, who = lab("multicast"), client()
    s.at(0.0, heartbeat(cl, H1))
    frame = ping(who, cl.mac, cl.ip, 1, 1)
    s.at(0.5, frame, ["multicast_mac"])
    s.at(0.5004, copy(frame, src="00:15:5d:01:02:03"), ["foreign_router", "multicast_mac"])
    s.at(0.5010, pong(cl.on(H1), who.mac, who.ip, 1, 1))
