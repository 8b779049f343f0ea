# SPDX-License-Identifier: GPL-2.0-or-later
"""A router that was never addressed takes flooded cluster frames and sends them again: the Russian report, and kin."""
from story import (H1, H2, Cluster, Host, Peer, Tcp, advertise, answers, asks, client, copy, gateway, lab, ping, pong,
                   story, udp, vlan)

FORWARDER = "00:15:5d:01:02:03"


def twice(s, at, frame, expect, delay, again, src=FORWARDER):
    """A frame, and `delay` later its copy by the forwarder to the same destination MAC, TTL one lower."""
    s.at(at, frame, expect)
    s.at(at + delay, copy(frame, src=src), again)


@story()
def foreign_router(s):
    """The Russian case: a TMG server in the VLAN of a one-host multicast cluster sends every packet of a mail session
    again, TTL one lower, to the same MAC; the session hangs and is reset"""
    host = Host(1, "192.168.1.45", "00:50:16:8b:00:25", "MAIL")
    cl = Cluster("192.168.1.47", "multicast", (host,))
    mail = Peer("00:16:35:c4:25:96", "192.168.1.151", 128, 0x2A10)
    node, tmg = cl.on(host), Peer(FORWARDER, "192.168.1.1", 128, 0x6600)
    group, stray = ["multicast_mac"], ["foreign_router"]
    both = group + stray
    tcp = Tcp(mail, node, cl.mac, 1187, 143)

    s.beats(cl, host, 0.0, 6)
    s.at(0.2000, asks(mail, cl.ip))
    s.at(0.2004, answers(host.station, cl.mac, cl.ip, mail), ["arp_multicast_mac", "arp_sender_differs"])
    s.at(0.3000, asks(mail, tmg.ip))
    s.at(0.3003, answers(tmg.mac, tmg.mac, tmg.ip, mail))

    twice(s, 1.1000, tcp.c("S"), group, 0.00042, both)
    twice(s, 1.1011, tcp.s("SA"), [], 0.00031, stray)
    twice(s, 1.1019, tcp.c("A"), group, 0.00038, both)
    twice(s, 1.1062, tcp.s("PA", b"* OK IMAP4 ready\r\n"), [], 0.00055, stray)
    twice(s, 1.1103, tcp.c("PA", b"a1 LOGIN joe secret\r\n"), group, 0.00027, both)
    twice(s, 1.1391, tcp.s("PA", b"a1 OK LOGIN completed.\r\n"), [], 0.00079, stray)
    twice(s, 1.1452, tcp.c("PA", b"a2 SELECT INBOX\r\n"), group, 0.00033, both)
    twice(s, 1.1790, tcp.s("PA", b"* 42 EXISTS\r\n"), [], 0.00061, stray)
    asked, question = tcp.client_seq, b"a3 FETCH 42 BODY[]\r\n"
    twice(s, 1.3300, tcp.c("PA", question), group, 0.00048, both)
    # The connection hangs: the request is sent again after two seconds, with a new IP id, and is then refused.
    twice(s, 3.3310, tcp.c("PA", question, seq=asked), group, 0.00052, both)
    twice(s, 3.3331, tcp.s("RA"), ["reset_after_copy"], 0.00036, stray + ["reset_after_copy"])


@story(quiet=["routing_loop", "relayed_copy"])
def foreign_router_two_sides(s):
    """A trunk shows both sides of the gateway: each request is routed as it should be, and then sent once more by a
    stranger; the connection is reset"""
    cl, gw = lab("unicast"), gateway()
    far = Peer("00:1a:6c:11:22:33", "10.9.9.5", 120, 0x3000)
    node, outside, inside = cl.on(H1), 50, 112
    s.beats(cl, H1, 0.0, 2, tag=inside, expect=["masked_mac"])
    tcp = Tcp(far, node, gw.mac, 49152, 443, back=gw.mac)

    def request(at, frame):
        s.at(at, vlan(frame, outside))
        s.at(at + 0.0002, vlan(copy(frame, src=gw.mac, dst=cl.mac), inside), ["routed_copy"])
        s.at(at + 0.0006, vlan(copy(frame, src=FORWARDER, dst=cl.mac, ttl=-2), inside), ["foreign_router"])

    def reply(at, frame, expect=()):
        s.at(at, vlan(frame, inside), ["masked_mac", *expect])
        s.at(at + 0.0002, vlan(copy(frame, src=gw.mac, dst=far.mac), outside), ["routed_copy", *expect])

    request(0.2000, tcp.c("S"))
    reply(0.2010, tcp.s("SA"))
    request(0.2020, tcp.c("A"))
    request(0.2030, tcp.c("PA", b"GET / HTTP/1.0\r\n\r\n"))
    reply(0.2100, tcp.s("RA"), ["reset_after_copy"])


@story(quiet=["routed_copy", "relayed_copy", "reset_after_copy"])
def foreign_router_unicast(s):
    """The same in front of a unicast cluster: a router whose interface is promiscuous takes frames to 02-BF, and the
    masked replies too"""
    cl, who = lab("unicast"), client()
    two = cl.on(H2)
    s.beats(cl, H1, 0.0, 2, expect=["masked_mac"])
    s.beats(cl, H2, 0.35, 2, expect=["masked_mac"])
    tcp = Tcp(who, two, cl.mac, 49152, 80)
    twice(s, 0.500, tcp.c("S"), [], 0.0004, ["foreign_router"])
    twice(s, 0.501, tcp.s("SA"), ["masked_mac"], 0.0003, ["foreign_router"])
    twice(s, 0.502, tcp.c("A"), [], 0.0004, ["foreign_router"])
    twice(s, 0.600, ping(who, cl.mac, cl.ip, 1, 1), [], 0.0005, ["foreign_router"])
    twice(s, 0.601, pong(cl.on(H1), who.mac, who.ip, 1, 1), ["masked_mac"], 0.0005, ["foreign_router"])


@story(quiet=["routed_copy", "routing_loop"])
def foreign_router_other_mac(s):
    """The stray router hands the cluster's packets to its own gateway: another destination MAC, but nobody had to
    forward what went to the cluster"""
    cl, who, gw = lab("multicast"), client(), gateway()
    s.beats(cl, H1, 0.0, 1)
    for n in range(2):
        frame = ping(who, cl.mac, cl.ip, 1, n)
        s.at(0.5 + n, frame, ["multicast_mac"])
        s.at(0.5006 + n, copy(frame, src=FORWARDER, dst=gw.mac), ["foreign_router"])
        s.at(0.5009 + n, pong(cl.on(H1), who.mac, who.ip, 1, n))


@story(quiet=["routing_loop", "capture_copy", "relayed_copy"])
def foreign_router_two(s):
    """Two stray routers, each sends the client's packet again: three copies, but each lower by one only"""
    cl, who = lab("multicast"), client()
    s.beats(cl, H1, 0.0, 1)
    frame = ping(who, cl.mac, cl.ip, 1, 1)
    s.at(0.5, frame, ["multicast_mac"])
    s.at(0.5004, copy(frame, src=FORWARDER), ["foreign_router", "multicast_mac"])
    s.at(0.5007, copy(frame, src="00:15:5d:01:02:77"), ["foreign_router", "multicast_mac"])


@story(quiet=["capture_copy", "relayed_copy"])
def foreign_router_no_ip_id(s):
    """Packets without an IP id (0) are told by their whole payload: a TCP segment and a datagram copied by a stray
    router, and two datagrams that differ only behind the first 64 bytes"""
    cl, who = lab("unicast"), client()
    s.beats(cl, H1, 0.0, 1, expect=["masked_mac"])
    tcp = Tcp(who, cl.on(H1), cl.mac, 49152, 80, ip={"ip_id": 0})
    twice(s, 0.5, tcp.c("S"), [], 0.0004, ["foreign_router"])
    twice(s, 0.501, tcp.s("SA"), ["masked_mac"], 0.0004, ["foreign_router"])
    twice(s, 0.6, udp(who, cl.mac, cl.ip, 50000, 514, b"x" * 100, ip_id=0), [], 0.0004, ["foreign_router"])
    one = udp(who, cl.mac, cl.ip, 50000, 514, b"x" * 99 + b"1", ip_id=0)
    other = udp(who, cl.mac, cl.ip, 50000, 514, b"x" * 99 + b"2", ip_id=0)
    s.at(0.7, one)
    s.at(0.7004, copy(other, src=FORWARDER))  # not the same packet


@story(quiet=["capture_copy", "routed_copy"])
def foreign_router_ipv6(s):
    """An IPv6 connection to a unicast cluster, copied with the hop limit one lower"""
    who = Peer("00:1b:21:3c:9d:f1", "2001:4898:e8:3018::100", 128)
    node = Peer("02:01:fb:7e:a2:d1", "2001:4898:e8:3018:bd82:dde1:6615:7b0", 128)
    tcp = Tcp(who, node, "02:bf:fb:7e:a2:d1", 49152, 80)
    twice(s, 0.1, tcp.c("S"), [], 0.0004, ["foreign_router"])
    twice(s, 0.101, tcp.s("SA"), ["masked_mac"], 0.0004, ["foreign_router"])
    twice(s, 0.102, tcp.c("A"), [], 0.0004, ["foreign_router"])


@story(quiet=["routed_copy"])
def foreign_router_out_of_order(s):
    """The copy stands in the capture before its original: the roles are swapped, the finding stays"""
    cl, who = lab("multicast"), client()
    s.beats(cl, H1, 0.0, 1)
    frame = ping(who, cl.mac, cl.ip, 1, 1)
    s.at(0.5000, copy(frame, src=FORWARDER), ["multicast_mac"])
    s.at(0.5003, frame, ["foreign_router", "multicast_mac"])
    frame = ping(who, cl.mac, cl.ip, 1, 2)
    s.at(1.5000, copy(frame, src=FORWARDER), ["multicast_mac"], stamp=1.5004)  # stamped right, written wrong
    s.at(1.5001, frame, ["foreign_router", "multicast_mac"], stamp=1.5000)


@story(quiet=["reset_after_copy"])
def reset_after_copy_near_miss(s):
    """Resets that have another cause: in another connection than the copied one, more than 3 s after the last copy, and
    behind an ordinary router"""
    cl, who = lab("unicast"), client()
    s.beats(cl, H1, 0.0, 6, expect=["masked_mac"])
    tcp, other = Tcp(who, cl.on(H1), cl.mac, 49152, 80), Tcp(who, cl.on(H1), cl.mac, 49153, 80)
    twice(s, 0.5, tcp.c("S"), [], 0.0004, ["foreign_router"])
    s.at(0.501, tcp.s("SA"), ["masked_mac"])
    s.at(0.502, tcp.c("A"))
    s.at(0.600, other.c("S"))
    s.at(0.6004, other.s("RA"), ["masked_mac"])
    s.at(3.7000, tcp.s("RA"), ["masked_mac"])
    r_in, r_out = "00:1a:6c:7f:d8:40", "00:1a:6c:7f:d8:41"
    far = Peer(r_in, "10.9.9.9", 64, 0x5500)
    third = Tcp(who, far, r_in, 49154, 80)
    frame = third.c("S")
    s.at(4.0, frame)
    s.at(4.0002, copy(frame, src=r_out, dst="00:50:56:00:00:09"), ["unexplained_copy"])
    s.at(4.0010, third.s("RA"))


@story(quiet=["routed_copy", "unexplained_copy", "masked_mac", "host_joined"])
def foreign_router_own_mac(s):
    """No cluster at all: a promiscuous machine repeats what went to the destination's own MAC. ARP proves that MAC (the
    server asked, or answered for itself alone), so does neighbour discovery, and it may be a virtual router's when it
    was the one that was pinged"""
    who, backup = client(), "00:0c:29:aa:bb:02"
    server, other = Peer("00:50:56:9a:11:22", "192.168.2.50", 64), Peer("00:50:56:9a:11:23", "192.168.2.51", 64)
    six, seven = Peer(who.mac, "2001:db8:1::100", 64), Peer(server.mac, "2001:db8:1::50", 64)
    s.at(0.0, asks(server, "192.168.2.1"))
    s.at(0.1, answers(other.mac, other.mac, other.ip, who))
    s.at(0.2, answers("00:00:5e:00:01:0a", "00:00:5e:00:01:0a", "192.168.2.1", who))
    s.at(0.3, advertise(seven, six.mac, six.ip, seven.ip, seven.mac))
    s.at(0.31, advertise(Peer(server.mac, "fe80::50", 64), six.mac, six.ip, "fe80::50", server.mac))
    foreign = ["foreign_router"]
    twice(s, 1.0, ping(who, server.mac, server.ip, 1, 1), [], 0.0004, foreign, backup)
    twice(s, 1.1, ping(who, other.mac, other.ip, 1, 2), [], 0.0004, foreign, backup)
    twice(s, 1.2, ping(who, "00:00:5e:00:01:0a", "192.168.2.1", 1, 3), [], 0.0004, foreign, backup)
    twice(s, 1.3, udp(six, seven.mac, seven.ip, 40000, 514, b"six"), [], 0.0004, foreign, backup)
    frame = ping(who, server.mac, server.ip, 1, 4)
    s.at(2.0, frame)
    s.at(2.0004, copy(frame, src=backup, dst="00:50:56:fe:00:01"), foreign)  # it hands the packet to its own gateway
    frame = ping(who, "00:00:5e:00:01:0a", "192.168.2.1", 1, 5)
    s.at(2.1, frame)
    s.at(2.1004, copy(frame, src=backup, dst="00:1a:6c:7f:d8:40"), foreign)  # to the master's own MAC


@story(quiet=["foreign_router", "unexplained_copy", "reset_after_copy"])
def foreign_router_own_mac_near_miss(s):
    """Nobody does wrong: a core switch has one MAC for all VLANs, a firewall between them leaves the TTL, an inbound
    mirror lost the tags. ARP and neighbour discovery give the MAC to the gateway's address. So does a proxy that
    answers for two addresses, or advertises without the override flag"""
    who, core, firewall = client(), "00:1a:6c:7f:d8:40", "00:1b:54:aa:00:01"
    six, gw6 = Peer(who.mac, "2001:db8:1::100", 64), Peer(core, "fe80::1", 255)
    proxy, router = "00:1a:6c:00:00:77", "00:1b:54:bb:00:01"
    s.at(0.0, asks(who, "192.168.2.1"))
    s.at(0.0003, answers(core, core, "192.168.2.1", who))
    s.at(0.1, advertise(gw6, six.mac, six.ip, gw6.ip, core, router=1))
    for n, ip in enumerate(("192.168.2.50", "192.168.2.51")):
        s.at(0.2 + 0.01 * n, answers(proxy, proxy, ip, who))
    s.at(0.3, advertise(Peer(proxy, "fe80::77", 255), six.mac, six.ip, "2001:db8:1::50", proxy, override=0))
    s.at(0.31, advertise(Peer(proxy, "fe80::77", 255), six.mac, six.ip, "2001:db8:1::51", proxy, override=0))
    routed = ["routed_copy"]
    tcp = Tcp(who, Peer(core, "10.30.0.9", 126, 0x9000), core, 49152, 443)
    twice(s, 1.0, tcp.c("S"), [], 0.0004, routed, firewall)
    s.at(1.005, tcp.s("SA"))
    twice(s, 1.010, tcp.c("A"), [], 0.0004, routed, firewall)
    s.at(1.050, tcp.s("RA"))
    twice(s, 1.2, udp(six, core, "2001:db8:3::9", 40000, 514, b"six"), [], 0.0004, routed, firewall)
    for n, frame in enumerate((ping(who, proxy, "192.168.2.50", 1, 1),
                               udp(six, proxy, "2001:db8:1::50", 40000, 514, b"six"))):
        s.at(2.0 + n, frame)
        s.at(2.0004 + n, copy(frame, src=router, dst="00:50:56:9a:11:22"), routed)


@story(quiet=["routed_copy"])
def foreign_router_side_macs(s):
    """One box with a MAC for each side, which differ in the last byte, tags lost: no more than unexplained. Neighbours
    among the MACs that a hypervisor gives, or beside a cluster's MAC, are separate machines"""
    who = client()
    frame = ping(who, "2c:6b:f5:10:20:cc", "10.1.1.9", 1, 1)
    twice(s, 0.0, frame, [], 0.0004, ["unexplained_copy"], "2c:6b:f5:10:20:c5")
    for n, maker in enumerate(("00:15:5d", "00:50:56", "00:0c:29", "52:54:00")):
        one, two = f"{maker}:01:02:03", f"{maker}:01:02:04"
        twice(s, 1.0 + n, ping(who, one, "10.1.1.9", 2, n), [], 0.0004, ["foreign_router"], two)


@story(quiet=["routed_copy"])
def foreign_router_not_twice(s):
    """A stranger took two from the TTL: other routers lie between, of which the capture shows nothing"""
    cl, who = lab("multicast"), client()
    s.beats(cl, H1, 0.0, 1)
    frame = ping(who, cl.mac, cl.ip, 1, 1)
    s.at(0.5, frame, ["multicast_mac"])
    s.at(0.5004, copy(frame, src=FORWARDER, ttl=-2), ["multicast_mac", "unexplained_copy"])
