# SPDX-License-Identifier: GPL-2.0-or-later
"""Healthy clusters of all three modes behind a router, as different capture points show them: nothing is broken, so no
view may show a warning. What a view adds are doubles: the other side of the router, the other direction of a mirror."""
from scapy.layers.l2 import Ether

from story import H1, H2, Peer, Tcp, answers, asks, copy, heartbeat, igmp, lab, ping, pong, story, vlan

INSIDE, OUTSIDE = 112, 50  # the VLANs of the cluster and of its clients
ROUTER = "00:1a:6c:7f:d8:40"  # one MAC for all VLANs, as most switches that route have
BROKEN = ["foreign_router", "routing_loop", "bridging_loop", "reset_after_copy", "two_hosts_answer", "unanswered_syn",
          "unmasked_mac", "cluster_mac_leak", "vip_mac_conflict", "host_lost", "duplicate_host_id"]


def traffic(mode):
    """(time, frame, VLAN, expected, is_second_hop): an ordinary half minute of one cluster, every frame on every wire
    that it passes, once."""
    cl = lab(mode)
    far, router = Peer("00:1b:21:77:00:01", "10.9.9.5", 128, 0x3000), Peer(ROUTER, "192.168.2.1", 255, 0x7000)
    masked = ["masked_mac"] if mode == "unicast" else []
    group = [] if mode == "unicast" else ["multicast_mac"]
    frames = []

    def put(at, frame, tag, expect=(), again=False):
        frames.append((at, frame, tag, list(expect), again))

    def request(at, frame):
        put(at, frame, OUTSIDE)
        put(at + 0.0001, copy(frame, src=ROUTER, dst=cl.mac), INSIDE, group, True)

    def reply(at, frame, expect=()):
        put(at, frame, INSIDE, masked + list(expect))
        put(at + 0.0001, copy(frame, src=ROUTER, dst=far.mac), OUTSIDE, expect, True)

    for n in range(8):
        for host, offset in ((H1, 0.0), (H2, 0.35)):
            put(n + offset, heartbeat(cl, host, packets=1000 * host.id + 25 * n), INSIDE, masked)
    if mode == "igmp":
        put(0.2, igmp(cl.on(H1), 0x16, "239.255.2.10"), INSIDE, ["igmp_report"])
        put(0.25, igmp(router, 0x11, "0.0.0.0", "224.0.0.1"), INSIDE)
    if mode == "unicast":  # routers refuse a group MAC: they have a static entry
        put(0.5, asks(router, cl.ip), INSIDE)
        put(0.5004, answers(cl.source(H1), cl.mac, cl.ip, router), INSIDE, ["arp_sender_differs", "masked_mac"])
    put(0.6, asks(Peer(far.mac, far.ip), "10.9.9.1"), OUTSIDE)
    put(0.6004, answers(ROUTER, ROUTER, "10.9.9.1", far), OUTSIDE)
    for n, host in enumerate((H1, H2, H1)):
        at, tcp = 1.1 + n, Tcp(far, cl.on(host), ROUTER, 49152 + n, 80, back=ROUTER)
        request(at, tcp.c("S"))
        reply(at + 0.001, tcp.s("SA"))
        request(at + 0.002, tcp.c("A"))
        request(at + 0.003, tcp.c("PA", b"GET / HTTP/1.0\r\n\r\n"))
        reply(at + 0.006, tcp.s("PA", b"HTTP/1.0 200 OK\r\n\r\nhi"))
        request(at + 0.007, tcp.c("RA"))  # many clients end so
        request(at + 0.1, ping(far, ROUTER, cl.ip, 1, n))
        reply(at + 0.101, pong(cl.on(H1), ROUTER, far.ip, 1, n))
        reply(at + 0.102, pong(cl.on(H2), ROUTER, far.ip, 1, n), ["duplicate_reply"])
    return frames


def has_identification(frame):
    return frame[Ether].type == 0x0800


def show(s, mode, sides=(INSIDE, OUTSIDE), tagged=(INSIDE, OUTSIDE), directions=1):
    for at, frame, tag, expect, again in sorted(traffic(mode), key=lambda one: one[0]):
        if tag not in sides:
            continue
        both_sides = again and len(sides) == 2
        shown = vlan(frame, tag) if tag in tagged else frame
        first = [name for name in expect if not (both_sides and name == "duplicate_reply")]
        s.at(at, shown, first + (["routed_copy"] if both_sides else []))
        quiet = ("duplicate_reply",)
        for n in range(1, directions):
            doubled = ["capture_copy"] if has_identification(frame) else []
            s.at(at + 0.000012 * n, shown.copy(), [name for name in expect if name not in quiet] + doubled)


def register(mode):
    def tags_lost_outside(s):
        show(s, mode, tagged=(INSIDE,))

    def no_tags(s):
        show(s, mode, tagged=())

    def vlan_both_directions(s):
        show(s, mode, sides=(INSIDE,), directions=2)

    def everything(s):
        show(s, mode, tagged=(INSIDE,), directions=2)

    views = ((tags_lost_outside, "a mirror of the router's port, the clients' tags lost"),
             (no_tags, "the same, all tags lost"), (vlan_both_directions, "a mirror of the VLAN in both directions"),
             (everything, "a mirror of both sides in both directions, the clients' tags lost"))
    for view, what in views:
        view.__name__ = f"view_{mode}_{view.__name__}"
        view.__doc__ = f"A healthy {mode} cluster behind a router: {what}"
        story(quiet=BROKEN)(view)


for one in ("unicast", "multicast", "igmp"):
    register(one)
