# SPDX-License-Identifier: GPL-2.0-or-later
"""How the cluster answers: nobody, one host, or more than one."""
from story import H1, H2, Peer, Tcp, client, copy, lab, ping, pong, story

MASKED = ["masked_mac"]


def other_client():
    return Peer("00:1b:21:3c:9d:f2", "192.168.2.101", 64, 0x4800)


def third_client():
    return Peer("00:1b:21:3c:9d:f3", "192.168.2.102", 128, 0x5800)


def both_beat(s, cl, count):
    s.beats(cl, H1, 0.0, count, expect=MASKED)
    s.beats(cl, H2, 0.35, count, expect=MASKED)


@story(quiet=["unanswered_syn", "reset_after_copy", "duplicate_host_id"])
def two_hosts_answer(s):
    """Two hosts accept one connection, each with its own sequence numbers; the client's answer to one is a mistake to
    the other, which resets it"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 2)
    first = Tcp(who, cl.on(H1), cl.mac, 49152, 80)
    second = Tcp(who, cl.on(H2), cl.mac, 49152, 80, server_seq=0x7A000000)
    s.at(0.5, first.c("S"))
    second.client_seq = first.client_seq
    s.at(0.5004, first.s("SA"), MASKED)
    s.at(0.5006, second.s("SA"), MASKED + ["two_hosts_answer"])
    s.at(0.5008, first.c("A"))
    second.server_seq = first.server_seq
    s.at(0.5011, second.s("R"), MASKED)
    s.at(0.5100, first.c("PA", b"GET / HTTP/1.0\r\n\r\n"))


@story(quiet=["connection_moved"])
def two_hosts_answer_before_proof(s):
    """Two hosts of an IGMP cluster accept one connection before any heartbeat tells whose address it is: the first one
    that does names the second answer"""
    cl, who = lab("igmp"), client()
    first = Tcp(who, cl.on(H1), cl.mac, 49152, 80)
    second = Tcp(who, cl.on(H2), cl.mac, 49152, 80, server_seq=0x7A000000)
    s.at(0.0, first.c("S"), ["unicast_ip_group_mac"])
    second.client_seq = first.client_seq
    s.at(0.0004, first.s("SA"))
    s.at(0.0006, second.s("SA"))
    s.beats(cl, H2, 0.5, 2, special={0: ["two_hosts_answer"]})
    s.beats(cl, H1, 0.8, 2)


@story(quiet=["two_hosts_answer", "duplicate_reply"])
def two_hosts_answer_before_proof_near_miss(s):
    """The same two answers at an address of which no heartbeat speaks, and one host that answers twice"""
    cl, who = lab("igmp"), client()
    others = [Peer(f"00:0c:29:5b:10:0{n}", "192.168.2.77") for n in (1, 2)]
    first = Tcp(who, others[0], others[0].mac, 49152, 80)
    second = Tcp(who, others[1], others[1].mac, 49152, 80, server_seq=0x7A000000)
    s.at(0.0, first.c("S"))
    second.client_seq = first.client_seq
    s.at(0.0004, first.s("SA"))
    s.at(0.0006, second.s("SA"))
    again = Tcp(who, cl.on(H1), cl.mac, 49153, 80)
    s.at(0.1, again.c("S"), ["unicast_ip_group_mac"])
    opening = again.server_seq
    s.at(0.1004, again.s("SA"))
    s.at(0.2004, again.s("SA", seq=opening))
    s.beats(cl, H1, 0.5, 2)
    s.beats(cl, H2, 0.8, 2)


@story(quiet=["two_hosts_answer"])
def two_hosts_answer_near_miss(s):
    """A second SYN-ACK that is none of another host: sent again by the same host, copied by a bridge with its own MAC,
    4.2 s later, after the first host was gone for the client, or sent to a firewall that had answered in its place"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 6)
    one, two = cl.on(H1), cl.on(H2)
    again = Tcp(who, one, cl.mac, 49152, 80)
    s.at(0.5, again.c("S"))
    opening = again.server_seq
    s.at(0.5004, again.s("SA"), MASKED)
    s.at(1.5004, again.s("SA", seq=opening), MASKED)
    bridged = Tcp(who, one, cl.mac, 49153, 80)
    s.at(0.7, bridged.c("S"))
    frame = bridged.s("SA")
    s.at(0.7004, frame, MASKED)
    s.at(0.7006, copy(frame, src="00:0d:b9:4a:00:01", ttl=0), ["relayed_copy"])
    late1, late2 = Tcp(who, one, cl.mac, 49154, 80), Tcp(who, two, cl.mac, 49154, 80, server_seq=0x7A000000)
    s.at(0.8, late1.c("S"))
    late2.client_seq = late1.client_seq
    s.at(0.8004, late1.s("SA"), MASKED)
    s.at(5.0, late1.c("S", seq=late1.client_seq - 1))
    s.at(5.0004, late2.s("SA"), MASKED)
    firewall = Peer("00:09:0f:09:00:01", cl.ip, 64, 0x7100)
    outside = Tcp(who, firewall, firewall.mac, 49155, 80, server_seq=0x7B000000)
    behind = Tcp(Peer(firewall.mac, who.ip, 64, 0x7200), one, cl.mac, 49155, 80)
    s.at(5.2, outside.c("S"))
    s.at(5.2004, outside.s("SA"))
    behind.client_seq = outside.client_seq
    s.at(5.2008, behind.s("SA"), MASKED)


@story(quiet=["duplicate_reply", "capture_copy", "relayed_copy"])
def duplicate_reply_near_miss(s):
    """One reply to each request (FilterICMP = 1): from different hosts to different clients, one host that repeats
    itself, and a reply that a router sends on after 180 ms"""
    cl, who, other = lab("unicast"), client(), other_client()
    both_beat(s, cl, 2)
    one, two = cl.on(H1), cl.on(H2)
    for seq in range(2):
        at = 0.5 + 0.1 * seq
        s.at(at, ping(who, cl.mac, cl.ip, 1, seq))
        s.at(at + 0.0003, pong(one, who.mac, who.ip, 1, seq), MASKED)
        s.at(at + 0.05, ping(other, cl.mac, cl.ip, 1, seq))
        s.at(at + 0.0503, pong(two, other.mac, other.ip, 1, seq), MASKED)
    s.at(0.9, ping(who, cl.mac, cl.ip, 1, 7))
    s.at(0.9003, pong(one, who.mac, who.ip, 1, 7), MASKED)
    s.at(0.9100, pong(one, who.mac, who.ip, 1, 7), MASKED)  # a second reply with a new IP id, same host
    routed = pong(one, "00:1a:6c:7f:d8:40", who.ip, 1, 8)
    s.at(0.9200, routed, MASKED)
    s.at(1.1000, copy(routed, src="00:1a:6c:7f:d8:40", dst=who.mac))


@story(snaplen=96)
def unanswered_syn(s):
    """A client that no host feels responsible for: its SYN is repeated after 1, 2 and 4 s and never answered, while
    other clients are served, by both hosts"""
    cl, who, other = lab("unicast"), client(), other_client()
    both_beat(s, cl, 11)
    s.session(1.0, Tcp(who, cl.on(H1), cl.mac, 49152, 80), s=MASKED)
    s.session(1.4, Tcp(third_client(), cl.on(H2), cl.mac, 49152, 80), s=MASKED)
    lost = Tcp(other, cl.on(H2), cl.mac, 50000, 80)
    start = lost.client_seq
    for at, expect in ((2.0, []), (3.0, []), (5.0, ["unanswered_syn"]), (9.0, [])):
        s.at(at, lost.c("S", seq=start), expect)


@story(quiet=["unanswered_syn"], snaplen=96)
def unanswered_syn_near_miss(s):
    """Repeated SYNs that mean something else: each is refused with RST, the address is no cluster's, each is a
    connection of its own, and nobody was answered in the last minute"""
    cl, who, other = lab("unicast"), client(), other_client()
    both_beat(s, cl, 6)
    s.session(0.5, Tcp(who, cl.on(H1), cl.mac, 49152, 80), s=MASKED)
    refused = Tcp(who, cl.on(H1), cl.mac, 49160, 8080)
    start = refused.client_seq
    for at in (1.1, 1.6, 2.1):  # Windows tries three times
        s.at(at, refused.c("S", seq=start))
        refused.client_seq = start + 1
        s.at(at + 0.0003, refused.s("RA", seq=0), MASKED)
        refused.client_seq = start
    elsewhere = Tcp(other, Peer("00:50:56:9a:11:22", "192.168.2.77"), "00:50:56:9a:11:22", 50000, 80)
    start = elsewhere.client_seq
    for at in (1.2, 2.2, 4.2):
        s.at(at, elsewhere.c("S", seq=start))
    renewed = [Tcp(other, cl.on(H2), cl.mac, 50010 + n, 80, client_seq=0x33000000 + n) for n in range(3)]
    for n, tcp in enumerate(renewed):  # three connections, not three tries
        s.at(2.4 + 0.5 * n, tcp.c("S"))
    late = Tcp(other, cl.on(H2), cl.mac, 50020, 80)
    start = late.client_seq
    for at in (100.0, 101.0, 103.0):
        s.at(at, late.c("S", seq=start))


def tries(s, at, who, server, mac, port, c=()):
    """A SYN and its repetitions."""
    lost = Tcp(who, server, mac, port, 80)
    start = lost.client_seq
    for delay in (0.0, 1.0, 3.0, 7.0):
        s.at(at + delay, lost.c("S", seq=start), c)


@story(quiet=["unanswered_syn"], snaplen=96)
def unanswered_syn_own_port(s):
    """The port of a client whom both hosts serve: another client's requests are flooded to here, and whatever answers
    them is not"""
    cl, who = lab("unicast"), client()
    both_beat(s, cl, 11)
    for n, host in enumerate((H1, H2)):
        s.session(0.5 + n, Tcp(who, cl.on(host), cl.mac, 49152 + n, 80), s=MASKED)
    tries(s, 2.2, other_client(), cl.on(H2), cl.mac, 50000)


@story(quiet=["unanswered_syn"], snaplen=96)
def unanswered_syn_port_of_a_host(s):
    """The port of host 1, which serves two clients: requests that host 2 answers are flooded to here, its answers are
    not"""
    cl, group = lab("multicast"), ["multicast_mac"]
    s.beats(cl, H1, 0.0, 11)
    s.beats(cl, H2, 0.35, 11)
    for n, who in enumerate((client(), third_client())):
        s.session(0.5 + n, Tcp(who, cl.on(H1), cl.mac, 49152, 80), c=group)
    tries(s, 2.2, other_client(), cl.on(H2), cl.mac, 50000, group)


@story(quiet=["unanswered_syn"], snaplen=96)
def unanswered_syn_one_way(s):
    """A mirror that shows only the way to the cluster: no answer is visible for anyone"""
    cl, who, other = lab("unicast"), client(), other_client()
    s.beats(cl, H1, 0.0, 9, expect=MASKED)
    for peer, port, begin in ((who, 49152, 0.5), (other, 50000, 0.7)):
        tcp = Tcp(peer, cl.on(H1), cl.mac, port, 80)
        start = tcp.client_seq
        for delay in (0.0, 1.0, 3.0, 7.0):
            s.at(begin + delay, tcp.c("S", seq=start))
