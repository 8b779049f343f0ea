# SPDX-License-Identifier: GPL-2.0-or-later
"""One packet seen twice for honest reasons: routing, mirrors, bridges; and pairs that are no copies."""
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6EchoReply, ICMPv6EchoRequest, IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from story import (BROADCAST, H1, H2, Peer, Tcp, advertise, answers, arp_request, asks, client, copy, dns_query,
                   gateway, group_mac, heartbeat, lab, ping, pong, solicit, story, udp, vlan)

R_IN, R_OUT = "00:1a:6c:7f:d8:40", "00:1a:6c:7f:d8:41"
SERVER = "00:50:56:9a:11:22"
ROUTED = ["routed_copy"]


def pair(s, at, frame, again, expect, delay=0.0003, first=()):
    s.at(at, frame, first)
    s.at(at + delay, again, expect)


@story(quiet=["foreign_router", "routing_loop", "relayed_copy", "capture_copy", "reset_after_copy"])
def copy_routed_two_sides(s):
    """Both sides of a router on one mirror port: each packet addressed to the router is seen again from it, TTL one
    lower; the connection ends in a reset"""
    who, far = client(), Peer(SERVER, "10.1.1.9", 64, 0x6000)
    tcp = Tcp(who, far, R_IN, 49152, 80, back=R_IN)
    for at, frame, to in ((0.0, tcp.c("S"), SERVER), (0.001, tcp.s("SA"), who.mac), (0.002, tcp.c("A"), SERVER),
                          (0.003, tcp.c("PA", b"GET / HTTP/1.0\r\n\r\n"), SERVER), (0.009, tcp.s("RA"), who.mac)):
        pair(s, at, frame, copy(frame, src=R_IN, dst=to), ROUTED)


@story(quiet=["foreign_router", "routing_loop"])
def copy_routed_two_macs(s):
    """A router with one MAC for each side: the copy comes from a MAC that was not addressed, and goes elsewhere.
    Nothing explains it until ARP tells that the MAC in between is the gateway's; the way back never is"""
    who, far = client(), Peer(SERVER, "10.1.1.9", 64, 0x6000)
    for at, expect in ((0.0, ["unexplained_copy"]), (2.0, ROUTED)):
        frame, back = ping(who, R_IN, far.ip, 1, 1), pong(far, R_OUT, who.ip, 1, 1)
        pair(s, at, frame, copy(frame, src=R_OUT, dst=SERVER), expect)
        pair(s, at + 0.001, back, copy(back, src=R_IN, dst=who.mac), ["unexplained_copy"])
    s.at(1.0, asks(who, "192.168.2.1"))
    s.at(1.0003, answers(R_IN, R_IN, "192.168.2.1", who))


@story(quiet=["unexplained_copy", "foreign_router"])
def copy_unexplained_near_miss(s):
    """A TTL one lower from a MAC that was not addressed, each time with the reason in the capture: the MAC in between
    is told by ARP, and by neighbour discovery, to be the gateway's; the VLAN changed; a virtual router; multicast"""
    who, far = client(), Peer(SERVER, "10.1.1.9", 64, 0x6000)
    other_side = "00:50:56:aa:00:07"
    six, gw6 = Peer(who.mac, "2001:db8:1::100", 64), Peer(R_IN, "fe80::1", 255)
    s.at(0.0, asks(who, "192.168.2.1"))
    s.at(0.0003, answers(R_IN, R_IN, "192.168.2.1", who))
    s.at(0.1, solicit(six, gw6.ip, "33:33:ff:00:00:01", "ff02::1:ff00:1"))
    s.at(0.1003, advertise(gw6, six.mac, six.ip, gw6.ip, R_IN, router=1))
    for n, (frame, dst) in enumerate((
            (ping(who, R_IN, far.ip, 1, 1), SERVER),
            (udp(six, R_IN, "2001:db8:2::9", 40000, 514, b"six"), SERVER),
            (ping(who, "00:00:5e:00:01:0a", far.ip, 1, 2), SERVER),
            (udp(who, group_mac("239.255.2.10"), "239.255.2.10", 5004, 5004, b"media"), group_mac("239.255.2.10")))):
        pair(s, 1.0 + 0.1 * n, frame, copy(frame, src=other_side, dst=dst), ROUTED)
    frame = ping(who, "00:1c:73:00:00:99", far.ip, 1, 3)
    pair(s, 2.0, vlan(frame, 300), vlan(copy(frame, src=other_side, dst=SERVER), 50), ROUTED)


def flood(s, at, frame, count, apart, first=(), early=(), late=()):
    """One frame that comes again and again: `early` up to the seventh, `late` from the eighth."""
    for n in range(count):
        s.at(at + n * apart, frame.copy(), first if n == 0 else early if n < 7 else late)


@story(quiet=["routing_loop", "foreign_router", "relayed_copy", "mac_flapping"])
def bridging_loop(s):
    """A loop of switches: each frame comes twelve times, 3 ms apart, as it was: a ping to everybody, an ARP request, a
    heartbeat, and IPv6 without an identification; it is a loop from the eighth time on"""
    cl, who = lab("multicast", hosts=(H1,)), client()
    six = Peer(who.mac, "fe80::21b:21ff:fe3c:9df1", 255)
    loop = ["bridging_loop"]
    s.at(0.0, heartbeat(cl, H1, packets=1000))
    flood(s, 0.5, ping(who, BROADCAST, "192.168.2.255", 1, 1), 12, 0.003, early=["capture_copy"], late=loop)
    flood(s, 0.6, asks(who, "192.168.2.50"), 12, 0.003, late=loop)
    flood(s, 0.7, udp(six, "33:33:00:00:00:fb", "ff02::fb", 5353, 5353, dns_query(0)), 12, 0.003, late=loop)
    flood(s, 1.0, heartbeat(cl, H1, packets=1025), 12, 0.003, late=loop)


@story(quiet=["bridging_loop", "foreign_router", "routed_copy", "unexplained_copy", "relayed_copy"])
def bridging_loop_near_miss(s):
    """Twelve times the same frame, and no loop: a mirror of twelve ports delivers them within microseconds; a receiver
    repeats its acknowledgment over IPv6, and without an IPv4 identification; a sensor reports the same value"""
    cl, who = lab("multicast", hosts=(H1,)), client()
    again = ["capture_copy"]
    flood(s, 0.0, heartbeat(cl, H1, packets=1000), 12, 0.00002)
    flood(s, 0.5, ping(who, BROADCAST, "192.168.2.255", 1, 1), 12, 0.00002, early=again, late=again)
    flood(s, 0.6, asks(who, "192.168.2.50"), 12, 0.00002)
    six, seven = Peer(who.mac, "2001:db8:1::100", 64), Peer(SERVER, "2001:db8:1::50", 64)
    flood(s, 0.7, Tcp(six, seven, SERVER, 49160, 80).c("A"), 12, 0.003)
    flood(s, 0.8, Tcp(who, Peer(SERVER, "192.168.2.50", 64), SERVER, 49161, 80).c("A", ip_id=0), 12, 0.003)
    flood(s, 0.9, udp(who, SERVER, "192.168.2.50", 5000, 5001, b"21.5 C", ip_id=0), 12, 0.003)


@story(quiet=["foreign_router", "relayed_copy"])
def copy_routed_vlans(s):
    """A trunk port: VLAN 300 and VLAN 50 with the same destination MAC on both, because the routers share it"""
    who, far = client(), Peer(SERVER, "10.1.1.9", 64, 0x6000)
    shared = "00:1c:73:00:00:99"
    for seq in range(2):
        frame, back = ping(who, shared, far.ip, 1, seq), pong(far, shared, who.ip, 1, seq)
        pair(s, 0.5 * seq, vlan(frame, 300), vlan(copy(frame, src=R_OUT), 50), ROUTED)
        pair(s, 0.5 * seq + 0.001, vlan(back, 50), vlan(copy(back, src=R_IN), 300), ROUTED)


@story(quiet=["foreign_router", "routing_loop"])
def copy_routed_virtual_mac(s):
    """Virtual-router MACs (VRRP for IPv4 and IPv6, HSRP 1 and 2, GLBP): the copy leaves from the router's own MAC; a
    VRRP group number used on both sides gives both packets one destination MAC"""
    who = client()
    for n, mac in enumerate(("00:00:5e:00:01:0a", "00:00:0c:07:ac:0a", "00:00:0c:9f:f0:0a", "00:07:b4:00:0a:01")):
        frame = ping(who, mac, "10.1.1.9", 1, n)
        pair(s, 0.2 * n, frame, copy(frame, src=R_OUT, dst=SERVER), ROUTED)
        frame = ping(who, mac, "10.1.1.9", 2, n)
        pair(s, 0.2 * n + 0.1, frame, copy(frame, src=R_OUT), ROUTED)  # next hop: the same group number
    six = Peer(who.mac, "2001:db8:1::100", 64)
    frame = udp(six, "00:00:5e:00:02:0a", "2001:db8:2::9", 40000, 514, b"six")
    pair(s, 1.0, frame, copy(frame, src=R_OUT), ROUTED)


@story(quiet=["foreign_router", "unicast_ip_group_mac", "multicast_mac"])
def copy_routed_multicast(s):
    """An IP multicast router puts the packet on the wire again with the same group MAC, TTL one lower"""
    src = Peer("00:0c:29:5b:10:01", "10.20.1.60", 16)
    for n in range(2):
        frame = udp(src, group_mac("239.255.2.10"), "239.255.2.10", 5004, 5004, b"media %d" % n)
        pair(s, 0.1 * n, frame, copy(frame, src=R_OUT), ROUTED)


@story(quiet=["foreign_router"])
def copy_routed_bfd_echo(s):
    """BFD echo: source and destination address are equal, the neighbour's job is to send the packet back"""
    a, b = "00:1c:73:aa:00:01", "00:1c:73:bb:00:02"
    me = Peer(a, "10.0.12.1", 255)
    for n in range(2):
        frame = udp(me, b, me.ip, 49200, 3785, b"\x01\0\0\0\0\0\0%c" % n)
        pair(s, 0.1 * n, frame, copy(frame, src=b, dst=a), ROUTED)
    frame = udp(me, b, me.ip, 49200, 3785, b"\x01\0\0\0\0\0\0\x09")
    pair(s, 0.5, frame, copy(frame, src="00:1c:73:bb:00:03"), ROUTED)  # a line card's MAC, same destination


@story(quiet=["routing_loop", "foreign_router"])
def copy_routed_chain(s):
    """Three routers in a row on one untagged mirror port: copies two and three each go to a MAC that has not had the
    packet yet"""
    who = client()
    r1, r2, r3 = "00:1c:73:00:01:01", "00:1c:73:00:02:02", "00:1c:73:00:03:03"
    frame = ping(who, r1, "10.1.1.9", 1, 1)
    s.at(0.0000, frame)
    s.at(0.0002, copy(frame, src=r1, dst=r2), ROUTED)
    s.at(0.0004, copy(frame, src=r2, dst=r3, ttl=-2), ROUTED)
    s.at(0.0006, copy(frame, src=r3, dst=SERVER, ttl=-3), ROUTED)


@story(quiet=["foreign_router", "relayed_copy"])
def routing_loop(s):
    """Two routers point at each other: the packet goes to and fro, TTL lower each time; it takes a way for the second
    time in frame 4"""
    who = client()
    r1, r2 = "00:1c:73:00:01:01", "00:1c:73:00:02:02"
    frame = ping(who, r1, "10.1.1.9", 1, 1)
    s.at(0.0, frame)
    s.at(0.0002, copy(frame, src=r1, dst=r2), ROUTED)
    s.at(0.0004, copy(frame, src=r2, dst=r1, ttl=-2), ROUTED)
    for n in range(3, 8):
        src, dst = (r2, r1) if n % 2 == 0 else (r1, r2)
        s.at(0.0002 * n, copy(frame, src=src, dst=dst, ttl=-n), ["routing_loop"])


def falling(s, at, frame, src, dst, count, expect):
    """One box sends the packet on and on, TTL one lower each time; `expect` by the number of the copy, the last of them
    for all that follow."""
    for n in range(1, count + 1):
        s.at(at + 0.0005 * n, copy(frame, src=src, dst=dst, ttl=-n), expect[min(n, len(expect)) - 1])


@story(quiet=["foreign_router", "relayed_copy", "capture_copy"])
def routing_loop_one_router(s):
    """One NetBIOS broadcast comes back from one router MAC, TTL one lower each time; a client's IPv6 packet does the
    same behind its gateway"""
    router, expect = "00:00:a2:cc:6d:d9", [["unexplained_copy"], ["unexplained_copy"], ["routing_loop"]]
    old = Peer("00:30:6e:1c:04:49", "10.40.1.77", 128)
    frame = udp(old, BROADCAST, "10.40.1.255", 138, 138, b"\x11\x0a" + bytes(40))
    s.at(0.0, frame)
    falling(s, 0.0, frame, router, BROADCAST, 8, expect)
    six = Peer(old.mac, "2001:db8:1::77", 64)
    frame = udp(six, "00:1c:73:00:01:01", "2001:db8:2::9", 40000, 514, b"six")
    s.at(1.0, frame)
    falling(s, 1.0, frame, router, "00:1c:73:00:02:02", 8, expect)


@story(quiet=["relayed_copy", "capture_copy"])
def routing_loop_team(s):
    """A server whose team of NICs is promiscuous and routes: it takes the flooded packet, sends it to the cluster
    again, and takes its own copy too, until the TTL has run out; nobody addressed it"""
    cl, who = lab("unicast"), client()
    s.beats(cl, H1, 0.0, 2, expect=["masked_mac"])
    frame = ping(who, cl.mac, cl.ip, 1, 1)
    s.at(0.5, frame)
    falling(s, 0.5, frame, "00:15:5d:77:00:01", cl.mac, 10,
            [["foreign_router"], ["unexplained_copy"], ["routing_loop"]])


@story(quiet=["routing_loop", "foreign_router"])
def routing_loop_mirror_near_miss(s):
    """A mirror engine that lowers the TTL of what it copies, on both sides of a router: the TTL falls twice, and each
    time between other stations"""
    who = client()
    for seq in range(2):
        at, frame = 0.5 * seq, ping(who, R_IN, "10.1.1.9", 1, seq)
        s.at(at, frame)
        s.at(at + 0.00001, copy(frame), ["capture_copy"])
        s.at(at + 0.0002, copy(frame, src=R_IN, dst=SERVER), ["relayed_copy"])  # as low as the mirror's copy
        s.at(at + 0.00021, copy(frame, src=R_IN, dst=SERVER, ttl=-2), ["unexplained_copy"])


@story(quiet=["routing_loop", "foreign_router"])
def routing_loop_near_miss(s):
    """A one-armed firewall: the router sends each packet to it, gets it back, and sends it on; it passes the router
    twice and takes no way twice. The second firewall leaves the TTL alone"""
    who = client()
    router, firewall, isp = "00:1c:73:00:01:01", "00:09:0f:09:00:01", "00:1c:73:00:03:03"
    for seq, taken in enumerate((1, 0)):
        at, frame = 0.5 * seq, ping(who, router, "10.1.1.9", 1, seq)
        s.at(at, frame)
        s.at(at + 0.0002, copy(frame, src=router, dst=firewall), ROUTED)
        s.at(at + 0.0004, copy(frame, src=firewall, dst=router, ttl=-1 - taken), ROUTED if taken else ["relayed_copy"])
        s.at(at + 0.0006, copy(frame, src=router, dst=isp, ttl=-2 - taken), ROUTED)


@story(quiet=["foreign_router", "relayed_copy", "routing_loop", "duplicate_reply", "two_hosts_answer"])
def copy_capture_mirror(s):
    """A mirror of both directions records each packet twice, byte for byte; once it does so three times"""
    who, far = client(), Peer(SERVER, "192.168.2.50", 64, 0x6000)
    again = ["capture_copy"]
    tcp = Tcp(who, far, SERVER, 49152, 80)
    for at, frame in ((0.0, tcp.c("S")), (0.001, tcp.s("SA")), (0.002, tcp.c("A")),
                      (0.1, ping(who, SERVER, far.ip, 1, 1)), (0.101, pong(far, who.mac, who.ip, 1, 1))):
        pair(s, at, frame, frame.copy(), again, delay=0.000012)
    frame = ping(who, SERVER, far.ip, 1, 2)
    pair(s, 0.2, frame, frame.copy(), again, delay=0.000012)
    s.at(0.20003, frame.copy(), again)


@story(quiet=["foreign_router", "routed_copy"])
def copy_capture_ttl(s):
    """A mirror engine that lowers the TTL of what it copies but keeps the source MAC"""
    who = client()
    for n in range(2):
        frame = ping(who, SERVER, "192.168.2.50", 1, n)
        pair(s, 0.1 * n, frame, copy(frame), ["capture_copy"], delay=0.00001)


@story(quiet=["foreign_router", "routed_copy", "capture_copy", "duplicate_reply"])
def copy_relayed(s):
    """A bridge that puts its own MAC in (wireless client bridge), and a capture in a host beside the wire: TTL equal, a
    MAC differs"""
    who, far = client(), Peer(SERVER, "192.168.2.50", 64, 0x6000)
    bridge = "00:0d:b9:4a:00:01"
    frame, back = ping(who, SERVER, far.ip, 1, 1), pong(far, bridge, who.ip, 1, 1)
    pair(s, 0.0, frame, copy(frame, src=bridge, ttl=0), ["relayed_copy"])
    pair(s, 0.001, back, copy(back, src=bridge, dst=who.mac, ttl=0), ["relayed_copy"])


@story(quiet=["foreign_router", "relayed_copy", "routing_loop"])
def copy_rewritten(s):
    """What routers and cards rewrite does not hide a copy: DSCP changed by the router, a transport checksum that the
    card fills in later, a VLAN tag on one of the two"""
    who, far = client(), Peer(SERVER, "10.1.1.9", 64, 0x6000)
    frame = ping(who, R_IN, far.ip, 1, 1)
    marked = copy(frame, src=R_IN, dst=SERVER)
    marked[IP].tos = 0xB8
    pair(s, 0.0, frame, marked, ROUTED)
    tcp = Tcp(who, far, SERVER, 49152, 80)
    frame = tcp.c("S")
    unfinished = frame.copy()
    unfinished[TCP].chksum = 0x8365  # checksum offload: recorded before the card has done its part
    pair(s, 0.5, unfinished, frame, ["capture_copy"])
    frame = ping(who, SERVER, far.ip, 1, 2)
    pair(s, 1.0, vlan(frame, 300), frame, ["capture_copy"])


@story(quiet=["foreign_router"])
def copy_window(s):
    """Copies at the edge of the 100 ms window: 100.000 ms still counts, 100.001 ms does not"""
    who = client()
    for n, (delay, expect) in enumerate(((0.1, ROUTED), (0.100001, []))):
        frame = ping(who, R_IN, "10.1.1.9", 1, n)
        pair(s, 1.0 * n, frame, copy(frame, src=R_IN, dst=SERVER), expect, delay=delay)


@story(quiet=["routed_copy", "capture_copy", "relayed_copy", "foreign_router", "duplicate_host_id", "mac_flapping"],
       interfaces=("inside", "outside"))
def copy_two_interfaces(s):
    """Two capture points in one file: the same packets, and the same heartbeats, on either side of a router and on both
    ports"""
    cl, who = lab("multicast", hosts=(H1,)), client()
    for n in range(2):
        beat = heartbeat(cl, H1, packets=1000 + 25 * n)
        s.at(1.0 * n, beat, interface=0)
        s.at(1.0 * n + 0.00002, beat.copy(), interface=1)
    for n in range(2):
        frame = ping(who, R_IN, "10.1.1.9", 1, n)
        s.at(0.1 + n, frame, interface=0)
        s.at(0.1003 + n, copy(frame, src=R_OUT, dst=SERVER), interface=1)
        frame = ping(who, SERVER, "192.168.2.50", 2, n)
        s.at(0.2 + n, frame, interface=0)
        s.at(0.20002 + n, frame.copy(), interface=1)
        frame = ping(who, SERVER, "192.168.2.50", 3, n)
        s.at(0.3 + n, frame, interface=0)
        s.at(0.3003 + n, copy(frame, src=R_OUT), interface=1)


@story(quiet=["foreign_router"])
def copy_out_of_order(s):
    """The routed copy stands in the capture before the packet it was made from"""
    who = client()
    for n in range(2):
        frame = ping(who, R_IN, "10.1.1.9", 1, n)
        s.at(0.5 * n, copy(frame, src=R_IN, dst=SERVER))
        s.at(0.5 * n + 0.0001, frame, ROUTED)


@story(quiet=["capture_copy", "relayed_copy", "routed_copy", "foreign_router", "routing_loop"])
def copy_none(s):
    """Repetitions that are no copies: TCP retransmissions, duplicate acknowledgments without an IP id (IPv4 and IPv6),
    a DNS retry, fragments of one datagram"""
    who, far = client(), Peer(SERVER, "192.168.2.50", 64, 0x6000)
    tcp = Tcp(who, far, SERVER, 49152, 80)
    s.at(0.0, tcp.c("S"))
    s.at(0.0003, tcp.s("SA"))
    s.at(0.0005, tcp.c("A"))
    sent = tcp.client_seq
    s.at(0.0010, tcp.c("PA", b"GET / HTTP/1.0\r\n\r\n"))
    s.at(0.0510, tcp.c("PA", b"GET / HTTP/1.0\r\n\r\n", seq=sent))  # 50 ms later, new IP id
    for n in range(3):
        s.at(0.06 + 0.002 * n, tcp.s("A"))  # duplicate acknowledgments
    for n in range(3):
        s.at(0.07 + 0.002 * n, tcp.c("A", ip_id=0))  # the same without an IP id
    six, seven = Peer(who.mac, "2001:db8:1::100", 64), Peer(SERVER, "2001:db8:1::50", 64)
    over6 = Tcp(six, seven, SERVER, 49160, 80)
    s.at(0.20, over6.c("S"))
    s.at(0.2003, over6.s("SA"))
    for n in range(3):
        s.at(0.21 + 0.002 * n, over6.c("A"))
    s.at(1.000, udp(who, SERVER, far.ip, 53001, 53, dns_query(0x1234)))
    s.at(1.050, udp(who, SERVER, far.ip, 53001, 53, dns_query(0x1234)))  # retried after 50 ms, new IP id
    s.at(2.000, udp(who, SERVER, far.ip, 53002, 53, dns_query(0x1235), ip_id=0))
    s.at(3.000, udp(who, SERVER, far.ip, 53002, 53, dns_query(0x1235), ip_id=0))
    who.ip_id += 1
    body = bytes(UDP(sport=40500, dport=40501, len=8 + 2952, chksum=0)) + bytes(2952)
    s.at(4.0000, who.send(SERVER, far.ip, Raw(body[:1480]), ip_id=who.ip_id, proto=17, flags="MF", frag=0))
    s.at(4.0001, who.send(SERVER, far.ip, Raw(body[1480:]), ip_id=who.ip_id, proto=17, frag=185))


@story(quiet=["foreign_router", "routing_loop"])
def copy_routed_nlb_array(s):
    """A multicast cluster of firewalls is the clients' gateway: a member routes a packet that went to 03-BF but is
    addressed to the Internet, which is its job"""
    cl, who = lab("multicast", ip="192.168.2.1"), client()
    isp = "00:1c:73:00:09:09"
    s.beats(cl, H1, 0.0, 2)
    s.at(0.1, asks(who, cl.ip))
    s.at(0.1004, answers(H1.station, cl.mac, cl.ip, who), ["arp_multicast_mac", "arp_sender_differs"])
    for n in range(2):
        frame = ping(who, cl.mac, "203.0.113.7", 1, n)
        pair(s, 0.5 + n, frame, copy(frame, src=H1.station, dst=isp), ROUTED, first=["multicast_mac"])


def requests_doubled(s, at, who, server, tcp, again, second):
    """A ping and a connection of which each request is captured twice; `again` is expected on the second sighting,
    `second` on the second answer, which is None where the server answered once."""
    frame = ping(who, server.mac, server.ip, 1, round(at))
    s.at(at, frame)
    s.at(at + 0.00005, frame.copy(), again)
    s.at(at + 0.00010, pong(server, who.mac, who.ip, 1, round(at)))
    if second is not None:
        s.at(at + 0.00016, pong(server, who.mac, who.ip, 1, round(at)), second)
    frame = tcp.c("S")
    s.at(at + 0.1, frame)
    s.at(at + 0.10005, frame.copy(), again)
    sent = tcp.server_seq
    s.at(at + 0.10010, tcp.s("SA"))
    if second is not None:
        s.at(at + 0.10016, tcp.s("SA", seq=sent), second)


@story(quiet=["relayed_copy", "duplicate_reply", "two_hosts_answer", "bridging_loop"])
def copy_delivered_twice(s):
    """The server's port gets each request twice, and the server answers each of them: two answers with an IP id of
    their own, which no mirror makes"""
    who, server = client(), Peer(SERVER, "192.168.2.50", 64, 0x6000)
    again = ["capture_copy"]
    for n in range(2):
        requests_doubled(s, 1.0 * n, who, server, Tcp(who, server, SERVER, 49152 + n, 80), again, again)


@story(quiet=["bridging_loop", "duplicate_reply"])
def copy_delivered_twice_near_miss(s):
    """A mirror shows each request twice, and the server answers once; the mirror shows answers twice too; two hosts of
    a cluster answer one ping of which the mirror shows everything twice"""
    who, server = client(), Peer(SERVER, "192.168.2.50", 64, 0x6000)
    again = ["capture_copy"]
    requests_doubled(s, 0.0, who, server, Tcp(who, server, SERVER, 49152, 80), again, None)
    frame, back = ping(who, SERVER, server.ip, 1, 7), pong(server, who.mac, who.ip, 1, 7)
    pair(s, 1.0, frame, frame.copy(), again, delay=0.000012)
    pair(s, 1.001, back, back.copy(), again, delay=0.000012)
    cl = lab("multicast")
    far, gw = Peer(R_IN, "10.9.9.5", 120, 0x3000), Peer(R_OUT, cl.ip, 127, 0x5000)
    s.beats(cl, H1, 2.0, 1)
    s.beats(cl, H2, 2.35, 1)
    frame = ping(far, R_OUT, cl.ip, 1, 8)  # behind a router both hosts answer with its MAC
    pair(s, 3.0, frame, frame.copy(), again, delay=0.000012)
    for n in range(2):
        s.at(3.001 + 0.0001 * n, pong(gw, far.mac, far.ip, 1, 8))


def doubled(s, at, frame):
    s.at(at, frame)
    s.at(at + 0.00005, frame.copy(), ["capture_copy"])


def exchange(s, at, who, server, port, request, replies, expect=()):
    """A UDP request that is captured twice, and its answers, of which all but the first are `expect`ed."""
    doubled(s, at, udp(who, server.mac, server.ip, 40000, port, request))
    for n, reply in enumerate(replies):
        s.at(at + 0.0003 + 0.0001 * n, udp(server, who.mac, who.ip, port, 40000, reply), expect if n else ())


def had_before(tcp, left, right):
    """The server's acknowledgment that says which bytes it got a second time (RFC 2883)."""
    frame = tcp.s("A")
    frame[TCP].options = [("NOP", None), ("NOP", None), ("SAck", (left, right))]
    return frame


def data_doubled(s, at, tcp, data, expect=()):
    start = tcp.client_seq
    doubled(s, at, tcp.c("PA", data))
    s.at(at + 0.0002, tcp.s("A"))
    s.at(at + 0.0003, had_before(tcp, start, tcp.client_seq), expect)


def opened(s, at, who, server, port):
    tcp = Tcp(who, server, server.mac, port, 80)
    for n, frame in enumerate((tcp.c("S"), tcp.s("SA"), tcp.c("A"))):
        s.at(at + 0.0003 * n, frame)
    return tcp


@story(quiet=["relayed_copy", "duplicate_reply", "bridging_loop"])
def copy_delivered_twice_data(s):
    """DNS, RADIUS, SNMP and data over TCP reach a server twice: it answers each UDP request twice, and acknowledges the
    second segment as one that it had. The first of each kind begins the watch and is not judged"""
    who, server, again = client(), Peer(SERVER, "192.168.2.50", 64, 0x6000), ["capture_copy"]
    exchange(s, 0.0, who, server, 53, dns_query(1), [dns_query(1) + b"one", dns_query(1) + b"two"])
    exchange(s, 0.6, who, server, 53, dns_query(2), [dns_query(2) + b"one", dns_query(2) + b"two"], again)
    exchange(s, 1.2, who, server, 1812, b"\x01\x07\0\x20" + bytes(28),
             [b"\x0b\x07\0\x18" + bytes(20), b"\x0b\x07\0\x18" + b"s" * 20], again)
    exchange(s, 1.8, who, server, 161, b"get", [b"42", b"42"], again)
    tcp = opened(s, 2.4, who, server, 49152)
    data_doubled(s, 2.5, tcp, b"GET / HTTP/1.1\r\n\r\n")
    data_doubled(s, 2.6, tcp, b"GET /2 HTTP/1.1\r\n\r\n", again)


@story(quiet=["duplicate_reply", "bridging_loop", "relayed_copy"])
def copy_delivered_twice_data_near_miss(s):
    """Requests that a mirror shows twice, and no delivery of both: the answers are shown twice, too; the client asks
    again, or asks the same twice; several answers that differ; a server that answers twice by itself; data that the
    client sent again, and a keep-alive"""
    who, again = client(), ["capture_copy"]
    servers = [Peer(SERVER, f"192.168.2.{50 + n}", 64, 0x5000 + 0x400 * n) for n in range(6)]
    for n, server in enumerate(servers):
        exchange(s, 0.1 * n, who, server, 161, b"first", [b"1"])
    whole, asks_again, differs, twice, resent, idle = servers
    for n in range(2):
        exchange(s, 1.0 + n, who, whole, 161, b"get", [])
        reply = udp(whole, who.mac, who.ip, 161, 40000, b"42")
        s.at(1.0003 + n, reply)
        s.at(1.0004 + n, reply.copy(), again)
        s.at(1.0005 + n, udp(whole, who.mac, who.ip, 161, 40000, b"42"))
    for n in range(2):
        exchange(s, 3.0 + 0.3 * n, who, asks_again, 161, b"get", [b"42"])
    exchange(s, 4.0, who, differs, 161, b"walk", [b"1", b"2", b"3"])
    s.at(5.0, udp(who, SERVER, twice.ip, 40000, 161, b"get"))
    for n in range(2):
        s.at(5.0003 + 0.0001 * n, udp(twice, who.mac, who.ip, 161, 40000, b"42"))
    exchange(s, 6.0, who, twice, 161, b"get", [b"42", b"42"])
    tcp = opened(s, 7.0, who, resent, 49153)
    s.at(7.01, tcp.c("PA", b"GET / HTTP/1.1\r\n\r\n"))
    start, data = tcp.client_seq, b"GET /2 HTTP/1.1\r\n\r\n"
    s.at(7.1, tcp.c("PA", data))
    doubled(s, 7.3, tcp.c("PA", data, seq=start))
    s.at(7.3003, had_before(tcp, start, tcp.client_seq))
    tcp = opened(s, 8.0, who, idle, 49154)
    s.at(8.01, tcp.c("PA", b"GET / HTTP/1.1\r\n\r\n"))
    doubled(s, 8.5, tcp.c("A", b"\0", seq=tcp.client_seq - 1))
    s.at(8.5003, had_before(tcp, tcp.client_seq - 1, tcp.client_seq))


def above_and_below(s, at, cl, frame, above, below):
    """What host 1 sends, as a capture on itself shows it: from the cluster MAC before NLB masks it, and masked."""
    s.at(at, copy(frame, src=cl.mac, ttl=0) if frame.haslayer(IP) or frame.haslayer(IPv6) else bare_arp(frame, cl),
         above)
    s.at(at + 0.000005, frame, below)


def ping6(peer, to_mac, dst, seq, reply=False):
    return peer.send(to_mac, dst, (ICMPv6EchoReply if reply else ICMPv6EchoRequest)(id=7, seq=seq, data=b"abcdefgh"))


def bare_arp(frame, cl):
    again = frame.copy()
    again[Ether].src = cl.mac
    return again


@story(quiet=["unmasked_mac", "cluster_mac_leak", "two_hosts_answer", "vip_mac_conflict", "foreign_router"])
def member_above_and_below_nlb(s):
    """pktmon on host 1 of a unicast cluster records above and below NLB: each request twice, each answer from the
    cluster MAC and, 5 us later, from the masked one. It is one frame, of host 1, and masking works"""
    cl, who, again, masked = lab("unicast"), client(), ["capture_copy"], ["masked_mac"]
    s.beats(cl, H1, 0.0, 4, expect=masked)
    s.beats(cl, H2, 0.35, 4, expect=masked)
    s.at(0.5, asks(who, cl.ip))
    s.at(0.500005, asks(who, cl.ip))
    above_and_below(s, 0.5003, cl, answers(cl.source(H1), cl.mac, cl.ip, who), [], ["arp_sender_differs", "masked_mac"])
    s.at(0.5004, answers(cl.source(H2), cl.mac, cl.ip, who), ["arp_sender_differs", "masked_mac"])
    s.at(0.500405, answers(cl.source(H2), cl.mac, cl.ip, who), ["arp_sender_differs", "masked_mac"])
    tcp = Tcp(who, cl.on(H1), cl.mac, 49152, 80)
    for n, (data, flags) in enumerate(((b"", "S"), (b"", "A"), (b"GET / HTTP/1.0\r\n\r\n", "PA"))):
        frame = tcp.c(flags, data)
        pair(s, 1.1 + 0.01 * n, frame, frame.copy(), again, delay=0.000005)
        if flags != "A":
            answer = tcp.s("SA" if flags == "S" else "PA", b"hi" if data else b"")
            above_and_below(s, 1.101 + 0.01 * n, cl, answer, masked, ["masked_mac", "relayed_copy"])
    frame = ping(who, cl.mac, cl.ip, 1, 1)
    pair(s, 2.1, frame, frame.copy(), again, delay=0.000005)
    above_and_below(s, 2.101, cl, pong(cl.on(H1), who.mac, who.ip, 1, 1), masked, ["masked_mac", "relayed_copy"])
    six, node = Peer(who.mac, "2001:db8:1::100", 64), Peer(cl.source(H1), "2001:db8:1::10", 64)
    s.at(2.6, ping6(six, cl.mac, node.ip, 1))
    above_and_below(s, 2.601, cl, ping6(node, six.mac, six.ip, 1, reply=True), masked, ["masked_mac", "relayed_copy"])


@story(quiet=["unmasked_mac", "cluster_mac_leak", "relayed_copy", "capture_copy"], interfaces=("above", "below"))
def member_above_and_below_two_interfaces(s):
    """The same with an interface for each place in the network stack: what is seen below is no copy of what is above,
    but tells who masks"""
    cl, who, masked = lab("unicast"), client(), ["masked_mac"]
    s.beats(cl, H1, 0.0, 4, expect=masked, interface=1)
    s.beats(cl, H2, 0.35, 4, expect=masked, interface=1)
    tcp = Tcp(who, cl.on(H1), cl.mac, 49152, 80)
    for n, (data, flags) in enumerate(((b"", "S"), (b"GET / HTTP/1.0\r\n\r\n", "PA"))):
        frame, at = tcp.c(flags, data), 1.1 + 0.01 * n
        s.at(at, frame, interface=1)
        s.at(at + 0.000005, frame)
        answer = tcp.s("SA" if n == 0 else "PA", b"hi" if data else b"")
        s.at(at + 0.001, copy(answer, src=cl.mac, ttl=0), masked if n else ())
        s.at(at + 0.001005, answer, masked, interface=1)


@story(quiet=["unmasked_mac", "cluster_mac_leak"])
def member_above_and_below_nlb_broadcast(s):
    """The same where host 1 sends to all only: questions for its gateway and NetBIOS. Their masked twins tell as well
    as those of answers"""
    cl, gw, masked = lab("unicast"), gateway(), ["masked_mac"]
    s.beats(cl, H1, 0.1, 3, expect=masked)
    s.beats(cl, H2, 0.35, 3, expect=masked)
    arp = ["arp_sender_differs", "masked_mac"]
    for n in range(3):
        above_and_below(s, n + 0.0, cl, arp_request(cl.source(H1), cl.mac, H1.ip, gw.ip),
                        masked if n else [], arp if n else [])
        above_and_below(s, n + 0.6, cl, udp(cl.on(H1, H1.ip), BROADCAST, "192.168.2.255", 138, 138, bytes([n] * 40)),
                        masked, ["masked_mac", "relayed_copy"])


@story(quiet=["relayed_copy", "capture_copy"])
def member_above_and_below_nlb_near_miss(s):
    """The same cluster, whose heartbeats are masked, and no masked twin follows what else comes from the cluster MAC:
    the switch learns it. What is no proof alone is one by the next frame of the cluster"""
    cl, who = lab("unicast", hosts=(H1,)), client()
    s.beats(cl, H1, 0.0, 3, expect=["masked_mac"], special={2: ["masked_mac", "cluster_mac_leak"]})
    tcp = Tcp(who, Peer(cl.mac, cl.ip, 128, 0x1100), cl.mac, 49152, 80)
    s.at(1.1, tcp.c("S"))
    s.at(1.1005, tcp.s("SA"))
    s.at(1.1010, tcp.c("A"))
    s.at(2.5, tcp.c("PA", b"GET / HTTP/1.0\r\n\r\n"))
    s.at(2.5005, tcp.s("PA", b"hi"), ["cluster_mac_leak"])


@story(quiet=["unmasked_mac", "cluster_mac_leak"])
def member_below_and_above_nlb(s):
    """The same as two processors record it: the masked frame stands in front of the one from the cluster MAC"""
    cl, who, masked = lab("unicast"), client(), ["masked_mac"]
    s.beats(cl, H1, 0.0, 3, expect=masked)
    s.beats(cl, H2, 0.35, 3, expect=masked)
    tcp = Tcp(who, cl.on(H1), cl.mac, 49152, 80)
    for n, (data, flags) in enumerate(((b"", "S"), (b"", "A"), (b"GET / HTTP/1.0\r\n\r\n", "PA"), (b"again", "PA"))):
        s.at(1.1 + 0.01 * n, tcp.c(flags, data))
        if flags == "A":
            continue
        answer = tcp.s("SA" if flags == "S" else "PA", b"hi" if data else b"")
        known = masked if n else []
        s.at(1.101 + 0.01 * n, answer, masked)
        s.at(1.101005 + 0.01 * n, copy(answer, src=cl.mac, ttl=0), ["relayed_copy"] + known)


@story(quiet=["unmasked_mac", "cluster_mac_leak", "mac_flapping"])
def member_above_nlb(s):
    """A capture on host 1 above NLB, as Wireshark takes it: no heartbeat at all, its own frames not yet masked. That
    host 2 masks what it sends to all proves nothing of host 1"""
    cl, who, gw = lab("unicast"), client(), gateway()
    one = Peer(cl.mac, cl.ip, 128, 0x1100)
    for n in range(3):
        s.at(n + 0.0, arp_request(cl.source(H2), cl.mac, H2.ip, gw.ip),
             ["arp_sender_differs", "masked_mac"] if n else [])
        s.at(n + 0.2, asks(who, cl.ip))
        s.at(n + 0.2003, answers(cl.mac, cl.mac, cl.ip, who))
        s.session(n + 0.5, Tcp(who, one, cl.mac, 49152 + n, 80))
        s.at(n + 0.7, arp_request(cl.mac, cl.mac, H1.ip, gw.ip))
        s.at(n + 0.7003, answers(gw.mac, gw.mac, gw.ip, Peer(cl.mac, H1.ip)))
