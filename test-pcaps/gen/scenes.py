# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenes that several captures share. Each takes the expectation of every role from the story that plays it."""
from story import (Tcp, answers, asks, client, gateway, gratuitous, heartbeat, identity, ping, pong)


def address_table(s, cl, expect):
    """The cluster 192.168.2.10 with hosts .30 and .31, a client and a gateway in one VLAN, six seconds. `expect` maps a
    role to its findings; a role that is not named expects none. Roles: beat (every heartbeat), beat_first (the first
    one of all), identity, vip_arp (ARP that maps the virtual address), own_arp (ARP that maps a dedicated address),
    request (IP to the cluster), reply (IP from a host), reply_again (the second echo reply to one request)."""
    h1, h2 = cl.hosts[:2]
    who, gw = client(), gateway()
    one, two = cl.on(h1), cl.on(h2)

    def role(name):
        return expect.get(name, ())

    beat = role("beat")
    s.beats(cl, h1, 0.0, 6, expect=beat, special={0: expect.get("beat_first", beat)})
    s.beats(cl, h2, 0.35, 6, expect=beat)
    s.at(2.002, identity(cl, h1), role("identity"))
    s.at(2.352, identity(cl, h2), role("identity"))

    s.at(1.4000, gratuitous(cl.source(h1), cl.mac, cl.ip), role("vip_arp"))
    s.at(1.5000, asks(who, cl.ip))
    s.at(1.5004, answers(cl.source(h1), cl.mac, cl.ip, who), role("vip_arp"))
    dedicated = cl.mac if cl.mode == "unicast" else h1.station  # outsiders get the cluster MAC in unicast mode
    s.at(1.6000, asks(who, h1.ip))
    s.at(1.6003, answers(cl.source(h1), dedicated, h1.ip, who), role("own_arp"))
    s.at(1.7000, asks(gw, cl.ip))
    s.at(1.7004, answers(cl.source(h1), cl.mac, cl.ip, gw), role("vip_arp"))

    for seq, at in ((1, 2.6), (2, 3.6)):
        s.at(at, ping(who, cl.mac, cl.ip, 1, seq), role("request"))
        s.at(at + 0.0003, pong(one, who.mac, who.ip, 1, seq), role("reply"))
        s.at(at + 0.0005, pong(two, who.mac, who.ip, 1, seq), role("reply_again"))

    s.session(4.1, Tcp(who, two, cl.mac, 49152, 80), c=role("request"), s=role("reply"))


def short_unicast(s, cl):
    """A unicast cluster in eleven frames, for tunnels and tags: heartbeats, ARP, ping, the start of a connection."""
    h1, h2 = cl.hosts[:2]
    who = client()
    one, two = cl.on(h1), cl.on(h2)
    masked = ["masked_mac"]
    s.at(0.000, heartbeat(cl, h1, packets=1025), masked)
    s.at(0.350, heartbeat(cl, h2, packets=2025), masked)
    s.at(0.500, asks(who, cl.ip))
    s.at(0.5004, answers(cl.source(h1), cl.mac, cl.ip, who), ["arp_sender_differs", "masked_mac"])
    s.at(0.600, ping(who, cl.mac, cl.ip, 1, 1))
    s.at(0.6003, pong(one, who.mac, who.ip, 1, 1), masked)
    s.at(0.6005, pong(two, who.mac, who.ip, 1, 1), ["duplicate_reply", "masked_mac"])
    tcp = Tcp(who, two, cl.mac, 49152, 80)
    s.at(0.700, tcp.c("S"))
    s.at(0.7004, tcp.s("SA"), masked)
    s.at(0.7006, tcp.c("A"))
    s.at(1.000, heartbeat(cl, h1, packets=1050), masked)
