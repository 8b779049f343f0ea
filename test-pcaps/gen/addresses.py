# SPDX-License-Identifier: GPL-2.0-or-later
"""Whose an address is when nobody asks for it, which host answers, and who else claims it."""
from scapy.layers.inet import UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from story import (BROADCAST, H1, H2, Host, Peer, Tcp, advertise, answers, arp_request, asks, client, gateway,
                   gratuitous, heartbeat, igmp as igmp_frame, inter_host_mac, lab, ping, pong, solicit, story, udp,
                   vlan)

MASKED = ["masked_mac"]
GROUP = ["multicast_mac"]
FURTHER = "192.168.2.11"
FURTHER6 = "fd00:2::11"


def behind_gateway(n):
    """A client of another subnet: its frames come from the gateway."""
    return Peer(gateway().mac, f"10.7.{n}.9", 120, 0x5000 + 0x100 * n)


def both_beat(s, cl, count, expect=()):
    s.beats(cl, H1, 0.0, count, expect=expect)
    s.beats(cl, H2, 0.35, count, expect=expect)


def accept_twice(s, at, who, one, two, mac, port, c=(), first=(), second=()):
    """Both hosts accept one connection."""
    a, b = Tcp(who, one, mac, port, 443), Tcp(who, two, mac, port, 443, server_seq=0x7A000000)
    s.at(at, a.c("S"), c)
    b.client_seq = a.client_seq
    s.at(at + 0.0004, a.s("SA"), first)
    s.at(at + 0.0007, b.s("SA"), second)


# ---- a further address, known by traffic alone ---------------------------------------------------------------------

@story(quiet=["secondary_vip_mac", "vip_mac_conflict"])
def further_address_split(s):
    """A further address .11 of a multicast cluster; the gateway has static entries, so nobody asks for it. Two hosts
    accept one client, and answer one ping"""
    cl = lab("multicast")
    both_beat(s, cl, 5)
    one, two = cl.on(H1, FURTHER), cl.on(H2, FURTHER)
    s.session(0.5, Tcp(behind_gateway(0), one, cl.mac, 4000, 443), c=GROUP)
    accept_twice(s, 1.5, behind_gateway(1), one, two, cl.mac, 4001, GROUP, (), ["two_hosts_answer"])
    s.at(2.5, ping(behind_gateway(2), cl.mac, FURTHER, 1, 1), GROUP)
    s.at(2.5003, pong(one, gateway().mac, "10.7.2.9", 1, 1))
    s.at(2.5005, pong(two, gateway().mac, "10.7.2.9", 1, 1), ["duplicate_reply"])


@story()
def further_address_dead(s):
    """The same; one client is accepted by no host while others are"""
    cl = lab("igmp")
    both_beat(s, cl, 10)
    s.session(0.5, Tcp(behind_gateway(0), cl.on(H1, FURTHER), cl.mac, 4000, 443), c=GROUP)
    lost = Tcp(behind_gateway(1), cl.on(H2, FURTHER), cl.mac, 4001, 443)
    start = lost.client_seq
    for at, expect in ((1.5, []), (2.5, []), (4.5, ["unanswered_syn"]), (8.5, [])):
        s.at(at, lost.c("S", seq=start), GROUP + expect)


@story(quiet=["duplicate_reply"])
def further_address_ipv6_split(s):
    """An IPv6 address on the MAC of a unicast cluster's IPv4 address, and no neighbour discovery in the file: two hosts
    accept one client"""
    cl, who = lab("unicast"), Peer("00:1b:21:3c:9d:f1", "fd00:2::100", 128)
    both_beat(s, cl, 3, MASKED)
    one, two = cl.on(H1, FURTHER6), cl.on(H2, FURTHER6)
    accept_twice(s, 0.5, who, one, two, cl.mac, 4001, (), MASKED, MASKED + ["two_hosts_answer"])
    s.session(1.5, Tcp(who, two, cl.mac, 4002, 443), s=MASKED)


@story(quiet=["two_hosts_answer", "unanswered_syn", "duplicate_reply"])
def further_address_near_miss(s):
    """Addresses that traffic does not prove the cluster's: one that stations answer for which are no hosts, one asked
    for in a VLAN and answered in another, a host's own, and one that the hosts route for"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 4, MASKED)
    strangers = [Peer(f"00:0c:29:5b:10:0{n}", "192.168.2.12") for n in (1, 2)]
    accept_twice(s, 0.5, who, *strangers, cl.mac, 4001)
    elsewhere = [cl.on(h, "192.168.2.13") for h in (H1, H2)]
    first, second = Tcp(who, elsewhere[0], cl.mac, 4002, 443), Tcp(who, elsewhere[1], cl.mac, 4002, 443, server_seq=7)
    s.at(1.5, vlan(first.c("S"), 10))
    second.client_seq = first.client_seq
    s.at(1.5004, vlan(first.s("SA"), 20), MASKED)
    s.at(1.5007, vlan(second.s("SA"), 20), MASKED)
    s.at(2.0, ping(who, cl.mac, H1.ip, 1, 1))
    s.at(2.0003, pong(cl.on(H1, H1.ip), who.mac, who.ip, 1, 1), MASKED)
    s.at(2.0005, pong(cl.on(H2, H1.ip), who.mac, who.ip, 1, 1), MASKED)
    far = [cl.on(h, "198.51.100.7", ttl=117) for h in (H1, H2)]
    accept_twice(s, 2.5, who, *far, cl.mac, 4003, (), MASKED, MASKED)


# ---- connections that move -----------------------------------------------------------------------------------------

def moved(s, at, who, one, two, mac, port, end, c=(), first=(), last=()):
    """Host 1 accepts; at the first request another host speaks."""
    a = Tcp(who, one, mac, port, 80)
    s.at(at, a.c("S"), c)
    s.at(at + 0.0004, a.s("SA"), first)
    s.at(at + 0.0006, a.c("A"), c)
    s.at(at + 0.0100, a.c("PA", b"GET / HTTP/1.1\r\n\r\n"), c)
    b = Tcp(who, two, mac, port, 80, client_seq=a.client_seq, server_seq=a.server_seq)
    s.at(at + 0.0104, b.s(end, b"HTTP/1.1 404 Not Found\r\n\r\n" if end == "PA" else b""), last)


@story(quiet=["two_hosts_answer", "reset_after_copy"])
def connection_moved(s):
    """Host 1 accepts a connection; host 2 gets the client's next packet and resets, closes or answers it. The cluster
    opens one itself, from host 1, and host 2 gets the answer"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 6, MASKED)
    one, two = cl.on(H1), cl.on(H2)
    for n, end in enumerate(("R", "FA", "PA")):
        moved(s, 0.6 + n, who, one, two, cl.mac, 5000 + n, end, (), MASKED, MASKED + ["connection_moved"])
    sql = Peer("00:50:56:9a:11:22", "192.168.2.77")
    out = Tcp(one, sql, sql.mac, 6000, 1433, back=cl.mac)
    s.at(4.1, out.c("S"), MASKED)
    s.at(4.1004, out.s("SA"))
    s.at(4.1006, Tcp(two, sql, sql.mac, 6000, 1433, client_seq=out.client_seq).c("R"), MASKED + ["connection_moved"])


@story()
def connection_moved_multicast(s):
    """The same in multicast mode, on a further address, to a client behind the gateway: the hosts are known by the MACs
    of their heartbeats"""
    cl = lab("multicast")
    both_beat(s, cl, 4)
    one, two = cl.on(H1, FURTHER), cl.on(H2, FURTHER)
    for n, end in enumerate(("R", "PA")):
        who = behind_gateway(n)
        moved(s, 0.6 + n, who, one, two, cl.mac, 5000 + n, end, GROUP, (), ["connection_moved"])


@story()
def connection_moved_early(s):
    """Host 1 of an IGMP cluster accepts a connection, and one goes out from it, before any heartbeat tells that there
    is a cluster; then host 2 resets both"""
    cl, who, sql = lab("igmp"), client(), Peer("00:50:56:9a:11:22", "192.168.2.77")
    one, two = cl.on(H1), cl.on(H2)
    a = Tcp(who, one, cl.mac, 5000, 80)
    s.at(0.1, a.c("S"), ["unicast_ip_group_mac"])
    s.at(0.1004, a.s("SA"))
    s.at(0.1006, a.c("A"), ["unicast_ip_group_mac"])
    out = Tcp(one, sql, sql.mac, 6000, 1433, back=cl.mac)
    s.at(0.2, out.c("S"))
    for host in (H1, H2):
        s.beats(cl, host, 0.3 * host.id, 3)
    s.at(2.0, a.c("PA", b"GET / HTTP/1.1\r\n\r\n"), GROUP)
    s.at(2.0004, Tcp(who, two, cl.mac, 5000, 80, client_seq=a.client_seq, server_seq=a.server_seq).s("R"),
         ["connection_moved"])
    s.at(2.1, out.s("SA"), GROUP)
    s.at(2.1004, Tcp(two, sql, sql.mac, 6000, 1433, client_seq=out.client_seq).c("R"), ["connection_moved"])


@story(quiet=["two_hosts_answer"])
def connection_moved_before_proof(s):
    """The same, and all of it stands before the first heartbeat: the one that makes both hosts known tells it"""
    cl, who = lab("igmp"), client()
    one, two = cl.on(H1), cl.on(H2)
    moved(s, 0.1, who, one, two, cl.mac, 5000, "R", ["unicast_ip_group_mac"])
    for host in (H1, H2):
        s.beats(cl, host, 0.3 * host.id, 3, special={0: ["connection_moved"] if host is H2 else []})


@story(quiet=["connection_moved"], snaplen=96)
def connection_moved_over(s):
    """A connection that is over when another host speaks: the client has reset it; the client has opened the next one,
    whose answer was not captured; and the capture has a gap of a minute, in which that may have been"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 6, MASKED)
    one, two = cl.on(H1), cl.on(H2)
    over = Tcp(who, one, cl.mac, 5000, 80)
    s.at(0.5, over.c("S"))
    s.at(0.5004, over.s("SA"), MASKED)
    s.at(0.5010, over.c("R"))
    s.at(0.6, Tcp(who, two, cl.mac, 5000, 80).s("R"), MASKED)
    s.session(1.5, Tcp(who, one, cl.mac, 5001, 80), s=MASKED)
    s.session(2.5, Tcp(who, one, cl.mac, 5002, 80), s=MASKED)
    after = Tcp(who, two, cl.mac, 5001, 80, client_seq=0x50000000, server_seq=0x60000001)
    s.at(4.5, after.c("S"))
    s.at(4.5006, after.c("A"))
    s.at(4.5011, after.c("PA", b"GET / HTTP/1.0\r\n\r\n"))
    s.at(4.5042, after.s("PA", b"HTTP/1.0 200 OK\r\n\r\nhi"), MASKED)
    s.beats(cl, H2, 90.35, 2, expect=MASKED)
    hidden = Tcp(who, two, cl.mac, 5002, 80, client_seq=0x70000001, server_seq=0x80000001)
    s.at(90.5, hidden.c("PA", b"GET / HTTP/1.0\r\n\r\n"))
    s.at(90.5042, hidden.s("PA", b"HTTP/1.0 200 OK\r\n\r\nhi"), MASKED)


@story(quiet=["connection_moved"])
def connection_moved_near_miss(s):
    """Nothing moves: the host that accepted resets, its reset is captured twice, nobody saw who accepted, both
    hosts had accepted, and the same port is used again"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 8, MASKED)
    one, two = cl.on(H1), cl.on(H2)
    moved(s, 0.6, who, one, one, cl.mac, 5000, "R", (), MASKED, MASKED)
    twice = Tcp(who, one, cl.mac, 5001, 80)
    s.at(1.6, twice.c("S"))
    s.at(1.6004, twice.s("SA"), MASKED)
    reset = twice.s("R")
    s.at(1.7, reset, MASKED)
    s.at(1.70001, reset, MASKED + ["capture_copy"])
    unseen = Tcp(who, one, cl.mac, 5002, 80, client_seq=0x10000001, server_seq=0x20000001)
    s.at(2.6, unseen.s("PA", b"data"), MASKED)
    s.at(2.7, Tcp(who, two, cl.mac, 5002, 80, server_seq=0x20000005).s("R"), MASKED)
    accept_twice(s, 3.6, who, one, two, cl.mac, 5003, (), MASKED, MASKED + ["two_hosts_answer"])
    s.at(3.7, Tcp(who, two, cl.mac, 5003, 443, client_seq=0x10000001, server_seq=0x7A000001).s("R"), MASKED)
    s.session(4.6, Tcp(who, one, cl.mac, 5004, 80), s=MASKED)
    s.session(6.6, Tcp(who, two, cl.mac, 5004, 80, client_seq=0x50000000), s=MASKED)


# ---- the flood -----------------------------------------------------------------------------------------------------

def requests(s, cl, count, special, expect=(), every=0.26):
    """UDP requests of three clients in turn, as every port of the VLAN gets them."""
    clients = [Peer(f"00:17:a4:20:00:2{n}", f"192.168.2.14{n}", 128, 0x6000 + 0x400 * n) for n in range(3)]
    for n in range(count):
        s.at(0.1 + every * n, udp(clients[n % 3], cl.mac, cl.ip, 40000 + n, 2049, b"x" * 60), special.get(n, expect))


@story(quiet=["unicast_ip_group_mac"])
def cluster_flood(s):
    """The port of a workstation that has nothing to do with the cluster: three clients' requests, no answer, and the
    workstation's own traffic"""
    cl = lab("unicast")
    requests(s, cl, 30, {20: ["cluster_flood"]})
    own, server, other = client(), Peer("00:50:56:9a:11:22", "192.168.2.77"), Peer("00:50:56:9a:11:23", "192.168.2.78")
    for n, peer in enumerate((server, other, server, other)):
        s.session(0.55 + n, Tcp(own, peer, peer.mac, 49152 + n, 445))


@story()
def cluster_flood_multicast(s):
    """The same with a multicast cluster, whose heartbeats are flooded, too"""
    cl = lab("multicast")
    both_beat(s, cl, 7)
    requests(s, cl, 24, {20: GROUP + ["cluster_flood"]}, GROUP)


@story(quiet=["cluster_flood"])
def cluster_flood_mirror(s):
    """A mirror of one direction: only requests of the cluster's clients are seen, and only one side of what other
    stations talk about"""
    cl = lab("unicast")
    requests(s, cl, 40, {})
    for n in range(24):
        pair = n % 3
        talker = Peer(f"00:0c:29:5b:20:0{pair}", f"192.168.2.20{pair}", 128, 0x7000 + 0x100 * n)
        s.at(0.5 + 0.17 * n, udp(talker, f"00:0c:29:5b:30:0{pair}", f"192.168.2.21{pair}", 5000, 6000, b"y" * 40))


@story(quiet=["cluster_flood"])
def cluster_flood_near_miss(s):
    """No flood is told where an answer is seen, of one client alone, nor for fewer than twenty packets"""
    answered, one, few = lab("unicast"), lab("unicast", ip="192.168.2.20"), lab("multicast", ip="192.168.2.40")
    requests(s, answered, 30, {})
    s.at(4.9, udp(answered.on(H1), "00:17:a4:20:00:20", "192.168.2.140", 2049, 40000, b"answer"), MASKED)
    for n in range(30):
        alone = Peer("00:17:a4:20:00:20", "192.168.2.140", 128, 0x9000 + n)
        s.at(0.2 + 0.26 * n, udp(alone, one.mac, one.ip, 40000 + n, 2049, b"z" * 60))
    requests(s, few, 19, {}, GROUP_UNPROVEN, every=0.5)


# 03-BF and the address it is made of: a cluster's, but nothing tells that it is in this mode.
GROUP_UNPROVEN = ["multicast_mac"]


# ---- routers that refuse -------------------------------------------------------------------------------------------

@story(quiet=["vip_mac_conflict", "multicast_mac"])
def router_refuses(s):
    """A router asks for the virtual address of a multicast cluster every time it has a packet, is answered with 03-BF
    each time, and never sends anything there"""
    cl, gw = lab("multicast"), gateway()
    both_beat(s, cl, 9)
    arp = ["arp_multicast_mac", "arp_sender_differs"]
    for n in range(4):
        s.at(0.5 + 2 * n, asks(gw, cl.ip), ["router_refuses"] if n == 2 else [])
        s.at(0.5003 + 2 * n, answers(H1.station, cl.mac, cl.ip, gw), arp)
        s.at(0.5004 + 2 * n, answers(H2.station, cl.mac, cl.ip, gw), arp)


@story()
def router_refuses_ipv6(s):
    """The same for an IPv6 address and neighbour discovery"""
    cl, gw = lab("igmp"), Peer(gateway().mac, "fd00:2::1", 255)
    both_beat(s, cl, 9)
    for n in range(3):
        s.at(0.5 + 2 * n, solicit(gw, FURTHER6, "33:33:ff:00:00:11", "ff02::1:ff00:11"),
             ["router_refuses"] if n == 2 else [])
        s.at(0.5003 + 2 * n, advertise(Peer(H1.station, FURTHER6), gw.mac, gw.ip, FURTHER6, cl.mac),
             ["arp_multicast_mac", "arp_sender_differs"])


@story()
def router_refuses_host(s):
    """The router has its static entry, and pings arrive; host 1 asks for the router with 03-BF as the sender's MAC, and
    is never answered"""
    cl, gw = lab("multicast"), gateway()
    both_beat(s, cl, 9)
    arp = ["arp_multicast_mac", "arp_sender_differs"]
    for n in range(2):
        s.at(1.0 + 3 * n, ping(behind_gateway(n), cl.mac, cl.ip, 1, n), GROUP)
        for k in range(3):
            third = ["router_refuses"] if (n, k) == (0, 2) else []
            s.at(1.001 + 3 * n + 0.7 * k, arp_request(H1.station, cl.mac, cl.ip, gw.ip), arp + third)


@story(quiet=["router_refuses"])
def router_refuses_near_miss(s):
    """Questions that are no refusal: a client that refreshes its entry and uses it, two questions, a probe before an
    address is taken, a host that is answered, and one that asks for a machine which answers nobody"""
    cl, who, gw = lab("multicast"), client(), gateway()
    both_beat(s, cl, 40)
    arp = ["arp_multicast_mac", "arp_sender_differs"]
    for n in range(4):
        s.at(0.5 + 8 * n, asks(who, cl.ip))
        s.at(0.5003 + 8 * n, answers(H1.station, cl.mac, cl.ip, who), arp)
        s.at(0.6 + 8 * n, ping(who, cl.mac, cl.ip, 1, n), GROUP)
        s.at(0.6003 + 8 * n, pong(cl.on(H1), who.mac, who.ip, 1, n))
    for n in range(2):
        s.at(1.5 + 2 * n, asks(gw, cl.ip))
        s.at(1.5003 + 2 * n, answers(H1.station, cl.mac, cl.ip, gw), arp)
    starts = Peer("00:0c:29:5b:10:05", "0.0.0.0")
    for n in range(3):
        s.at(6.5 + n, asks(starts, cl.ip))
        s.at(6.5003 + n, answers(H1.station, cl.mac, cl.ip, starts), arp)
    for n in range(4):
        s.at(10.5 + n, arp_request(H1.station, cl.mac, cl.ip, gw.ip), arp)
        s.at(10.5003 + n, answers(gw.mac, gw.mac, gw.ip, Peer(cl.mac, cl.ip)))
    for n in range(4):
        s.at(20.5 + n, asks(who, "192.168.2.99"))
        s.at(20.9 + n, arp_request(H1.station, cl.mac, cl.ip, "192.168.2.99"), arp)


# ---- strangers -----------------------------------------------------------------------------------------------------

@story(quiet=["arp_sender_differs"])
def vip_claimed_before(s):
    """A server that had the address before claims it, then the cluster comes up: its first heartbeat says so"""
    cl, old = lab("unicast"), Peer("00:0c:29:5b:10:01", "192.168.2.10")
    s.at(0.0, gratuitous(old.mac, old.mac, cl.ip))
    s.beats(cl, H1, 1.0, 3, expect=MASKED, special={0: MASKED + ["vip_mac_conflict"]})


@story(quiet=["arp_sender_differs"])
def vip_claimed_before_traffic(s):
    """A server claims 192.168.2.11 while the cluster is up; nothing tells that it is a further address of the cluster
    until a client is answered from it. The next request says so"""
    cl, old = lab("multicast"), Peer("00:0c:29:5b:10:01", FURTHER)
    both_beat(s, cl, 3)
    s.at(0.5, gratuitous(old.mac, old.mac, FURTHER))
    tcp = Tcp(behind_gateway(0), cl.on(H1, FURTHER), cl.mac, 4000, 443)
    s.at(1.5, tcp.c("S"), GROUP)
    s.at(1.5004, tcp.s("SA"))
    s.at(1.5006, tcp.c("A"), GROUP + ["vip_mac_conflict"])
    s.at(1.6, tcp.c("PA", b"hello"), GROUP)


@story()
def vip_claimed_by_stranger(s):
    """A third machine answers for the cluster's address with its own MAC, two minutes after the hosts did"""
    cl, who = lab("multicast"), client()
    stranger = Peer("00:0e:0c:00:00:77", "192.168.2.55")
    both_beat(s, cl, 130)
    arp = ["arp_multicast_mac", "arp_sender_differs"]
    s.at(0.5, asks(who, cl.ip))
    s.at(0.5003, answers(H1.station, cl.mac, cl.ip, who), arp)
    s.at(2.5, asks(stranger, gateway().ip))
    s.at(120.5, gratuitous(stranger.mac, stranger.mac, cl.ip), ["vip_mac_conflict"])
    s.at(121.5, asks(who, cl.ip))
    s.at(121.5003, answers(H1.station, cl.mac, cl.ip, who), arp)
    s.at(121.5009, answers(stranger.mac, stranger.mac, cl.ip, who), ["vip_mac_conflict"])


@story()
def vip_claimed_mirrored_twice(s):
    """A mirror of both directions doubles everything: each claim of the stranger is told once"""
    cl, who = lab("unicast"), client()
    stranger = Peer("00:0e:0c:00:00:77", "192.168.2.55")
    conflict = ["vip_mac_conflict"]
    for delay in (0.0, 0.000012):
        again = delay > 0
        for n in range(3):
            for host in (H1, H2):
                s.at(n + 0.35 * host.id + delay, heartbeat(cl, host, packets=1000 * host.id + 25 * n), MASKED)
        s.at(1.5 + delay, gratuitous(stranger.mac, stranger.mac, cl.ip), () if again else conflict)
        s.at(2.5 + delay, answers(stranger.mac, stranger.mac, cl.ip, who), () if again else conflict)


@story(quiet=["vip_mac_conflict"])
def vip_two_clusters_of_one_mac(s):
    """Two IGMP clusters, 10.1.2.10 and 10.9.2.10, have one MAC, as it is made of the last two bytes: each answers for
    its own address"""
    for n, net in enumerate((1, 9)):
        host = Host(1, f"10.{net}.2.30", f"00:22:19:1b:0{net}:01", "WEB1")
        cl, who = lab("igmp", (host,), f"10.{net}.2.10"), Peer(client().mac, f"10.{net}.2.99")
        s.beats(cl, host, 0.4 * n, 3)
        s.at(1.5 + 0.1 * n, asks(who, cl.ip))
        s.at(1.5004 + 0.1 * n, answers(host.station, cl.mac, cl.ip, who), ["arp_multicast_mac", "arp_sender_differs"])


@story(quiet=["vip_mac_conflict"])
def vip_claimed_elsewhere(s):
    """A router answers for the cluster in another VLAN (proxy ARP), hosts have two MACs for their own addresses, and an
    address is claimed of which only a stale ARP entry says that it is a cluster's"""
    cl, gw, who = lab("unicast"), gateway(), client()
    arp = ["arp_sender_differs", "masked_mac"]
    for n in range(3):
        s.at(float(n), vlan(heartbeat(cl, H1), 10), MASKED)
    s.at(1.5, vlan(answers(cl.source(H1), cl.mac, cl.ip, who), 10), arp)
    s.at(1.6, vlan(answers(gw.mac, gw.mac, cl.ip, Peer("00:0c:29:5b:10:02", "192.168.3.9")), 20))
    s.at(1.7, vlan(answers(cl.source(H1), cl.mac, H1.ip, who), 10), arp)
    s.at(1.8, vlan(arp_request(cl.source(H1), inter_host_mac(H1), H1.ip, H2.ip), 10),
         ["arp_sender_differs", "inter_host_mac", "masked_mac"])
    s.at(2.5, vlan(ping(who, "02:bf:c0:a8:02:50", "192.168.2.80", 1, 1), 10))
    s.at(2.6, vlan(gratuitous("00:0c:29:5b:10:03", "00:0c:29:5b:10:03", "192.168.2.80"), 10))


# ---- leaks ---------------------------------------------------------------------------------------------------------

def dhcp(mac, ip_id=0x4000):
    return Ether(src=mac, dst=BROADCAST) / Peer(mac, "0.0.0.0", ip_id=ip_id).send(
        BROADCAST, "255.255.255.255", UDP(sport=68, dport=67), Raw(b"\x01\x01\x06\0" + bytes(240)))[1]


@story(quiet=["unmasked_mac"])
def leak_before_proof(s):
    """A host asks for an address by DHCP from the cluster MAC before NLB is up; the first heartbeat, masked, proves
    whose MAC that was"""
    cl = lab("unicast")
    s.at(0.0, dhcp(cl.mac))
    s.beats(cl, H1, 0.01, 3, expect=MASKED, special={0: MASKED + ["cluster_mac_leak"]})


@story(quiet=["unmasked_mac"])
def leak_not_unmasked(s):
    """Both hosts mask, and one gratuitous ARP goes out with the cluster MAC all the same: a leak, and no
    MaskSourceMAC"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 4, MASKED)
    s.at(1.6, gratuitous(cl.mac, cl.mac, H2.ip), ["cluster_mac_leak"])
    s.session(2.5, Tcp(who, cl.on(H2), cl.mac, 49152, 80), s=MASKED)


@story(quiet=["cluster_mac_leak"])
def leak_near_miss(s):
    """Early frames from a cluster MAC that are no leak: the hosts do not mask at all, and nothing proves the MAC of
    another"""
    cl = lab("unicast", masked=False)
    s.at(0.0, dhcp(cl.mac))
    s.at(0.1, dhcp("02:bf:c0:a8:02:63", 0x5000))
    s.beats(cl, H1, 0.5, 3, expect=["unmasked_mac"])


# ---- what cannot be seen from here ---------------------------------------------------------------------------------

@story(quiet=["igmp_silent", "igmp_no_querier"], snaplen=96)
def igmp_own_port(s):
    """The port of a client of an IGMP cluster: snooping switches send reports to the querier only, so that none is seen
    here proves nothing. Others' requests are flooded, the answers are its own"""
    cl, who, other = lab("igmp", hosts=(H1,)), client(), Peer("00:1b:21:3c:9d:f2", "192.168.2.101")
    s.beats(cl, H1, 0.0, 140)
    for n in range(14):
        s.at(0.5 + 10 * n, ping(who, cl.mac, cl.ip, 1, n), GROUP)
        s.at(0.5003 + 10 * n, pong(cl.on(H1), who.mac, who.ip, 1, n))
        s.at(0.7 + 10 * n, ping(other, cl.mac, cl.ip, 2, n), GROUP)


@story(quiet=["igmp_silent", "igmp_no_querier", "cluster_flood"], snaplen=96)
def igmp_own_report(s):
    """The port of a client behind a switch that snoops: heartbeats, others' requests and the hosts' reports are kept
    from it. The only report here is the client's own, of another group"""
    cl, who = lab("igmp"), client()
    s.at(0.1, asks(who, cl.ip))
    s.at(0.1004, answers(H1.station, cl.mac, cl.ip, who), ["arp_multicast_mac", "arp_sender_differs"])
    for n in range(15):
        s.session(0.5 + 10 * n, Tcp(who, cl.on(H1 if n % 2 else H2), cl.mac, 49152 + n, 80), c=GROUP)
        s.at(1.5 + 10 * n, igmp_frame(who, 0x16, "239.255.255.250"))


@story(quiet=["igmp_no_querier"], snaplen=96)
def igmp_silent_at_the_router(s):
    """The port of the router: two clients are served, and in 133 s nobody reports the group"""
    cl = lab("igmp", hosts=(H1,))
    s.beats(cl, H1, 0.0, 134, special={131: ["igmp_silent"]})
    for n in range(2):
        who = behind_gateway(n)
        s.at(5.5 + n, ping(who, cl.mac, cl.ip, 1, n), GROUP)
        s.at(5.5003 + n, pong(cl.on(H1), who.mac, who.ip, 1, n))


@story(quiet=["igmp_silent", "igmp_no_querier"], snaplen=96)
def igmp_one_way(s):
    """A mirror of what one host sends: its reports are seen, and a query would not be"""
    cl = lab("igmp", hosts=(H1,))
    s.beats(cl, H1, 0.0, 244)
    for n in range(5):
        s.at(0.5 + 60 * n, igmp_frame(Peer(H1.station, cl.ip), 0x16, "239.255.2.10"), ["igmp_report"])


def reports(s, cl, last):
    """What the hosts of an IGMP cluster report, once a minute."""
    for n in range(last):
        s.at(0.5 + 60 * n, igmp_frame(Peer(H1.station, cl.ip), 0x16, "239.255.2.10"), ["igmp_report"])


@story(quiet=["igmp_no_querier", "igmp_silent"], snaplen=96)
def igmp_to_the_router(s):
    """A mirror of what goes out to the router: two clients' requests and their answers, reports of others, too; what
    the router sends, queries among it, is not there"""
    cl = lab("igmp", hosts=(H1,))
    s.beats(cl, H1, 0.0, 244)
    reports(s, cl, 5)
    s.at(7.5, igmp_frame(client(), 0x16, "239.1.2.3"))
    for n in range(8):
        for k, who in enumerate((client(), Peer("00:1b:21:3c:9d:f2", "192.168.2.101"))):
            s.at(3.2 + 30 * n + k, ping(who, cl.mac, cl.ip, 1, n), GROUP)
            s.at(3.7 + 30 * n + k, pong(cl.on(H1), gateway().mac, f"10.7.{k}.9", 1, n))


@story(quiet=["igmp_silent", "igmp_no_querier"], snaplen=34)
def igmp_cut_before_the_report(s):
    """All frames are cut to 34 bytes: a report or a query, which has an option, ends in its IP header. That none is
    seen proves nothing"""
    cl = lab("igmp", hosts=(H1,))
    s.beats(cl, H1, 0.0, 134)
    for n in range(3):
        s.at(0.5 + 60 * n, igmp_frame(Peer(H1.station, cl.ip), 0x16, "239.255.2.10"))
    s.at(7.5, igmp_frame(client(), 0x16, "239.1.2.3"))
    for n in range(13):
        for k in range(2):
            s.at(3.2 + 10 * n + k, ping(behind_gateway(k), cl.mac, cl.ip, 1, n), GROUP)
            s.at(3.3 + 10 * n + k, pong(cl.on(H1), gateway().mac, f"10.7.{k}.9", 1, n))


@story(quiet=["arp_multicast_mac"])
def group_mac_near_miss(s):
    """Group MACs that are nobody's answer: an ARP frame that comes from a group MAC, and a neighbour advertisement that
    a router sent on"""
    who = Peer("00:1b:21:3c:9d:f1", "fd00:2::100", 128)
    s.at(0.0, gratuitous("03:bf:c0:a8:02:0a", "03:bf:c0:a8:02:0a", "192.168.2.10"))
    routed = advertise(Peer(H1.station, FURTHER6), who.mac, who.ip, FURTHER6, "03:bf:c0:a8:02:0a")
    routed[1].hlim = 64
    s.at(1.0, routed)
    s.at(2.0, udp(who, "03:bf:c0:a8:02:0a", FURTHER6, 40000, 443, b"x"), ["unicast_ip_group_mac"])


@story(quiet=["unicast_ip_group_mac"])
def group_mac_prescribed(s):
    """BFD on the members of a link bundle goes to 01-00-5E-90-00-01 as RFC 7130 prescribes, and a loopback address to a
    group MAC stays inside a machine"""
    one = Peer("00:1a:6c:7f:d8:40", "192.168.2.1", 255)
    for n in range(3):
        s.at(0.3 * n, udp(one, "01:00:5e:90:00:01", "192.168.2.2", 49152, 6784, bytes(24)))
    s.at(2.0, udp(one, "01:00:5e:00:00:fb", "127.0.0.1", 5353, 5353, bytes(24)))



