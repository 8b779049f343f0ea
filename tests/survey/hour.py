#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""hour.py OUT.pcapng [MINUTES]: an hour of a tap in front of three clusters, with an outage several times.

Made of the frames of test-pcaps/gen. What happens comes again every ten minutes, so that fewer MINUTES still hold all
of it; the bytes depend on nothing but the number of minutes.
"""
import pathlib
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test-pcaps/gen"))

from story import (Cluster, Host, Peer, Story, Tcp, answers, asks, client, copy, gateway,  # noqa: E402
                   heartbeat, igmp, lab)

ROUND = 600  # seconds
FORWARDER = "00:15:5d:01:02:03"
DEFAULT, STATE, PACKETS = 36, 38, 46  # where they stand in a heartbeat's frame

MAIL = Cluster("192.168.2.20", "multicast", (Host(1, "192.168.2.21", "00:50:16:8b:00:25", "MAIL1"),
                                             Host(2, "192.168.2.22", "00:50:16:8b:00:26", "MAIL2")))
FILES = Cluster("192.168.2.40", "igmp", (Host(1, "192.168.2.41", "00:50:16:8b:00:41", "FILES1"),
                                         Host(2, "192.168.2.42", "00:50:16:8b:00:42", "FILES2")))
WEB = lab("unicast")
# Cluster and ID of a host -> seconds of the round in which it is silent: late, lost, lost for longer than the overlap.
SILENT = {(WEB.ip, 2): ((50, 52), (100, 109), (500, 530)), (MAIL.ip, 1): ((240, 250),)}
# ... in which it does no work.
IDLE = {(FILES.ip, 2): ((150, 420),)}
# ... in which it reports another state or another default host than the others.
UNSETTLED, SPLIT = {(WEB.ip, 2): ((300, 321),)}, {(MAIL.ip, 2): ((400, 460),)}


def within(table, key, second):
    return any(begin <= second < end for begin, end in table.get(key, ()))


def beats(s, cluster, host, seconds, phase):
    frame = bytearray(bytes(heartbeat(cluster, host)))
    packets, key = 1000 * host.id, (cluster.ip, host.id)
    for second in range(seconds):
        place = second % ROUND
        packets += 0 if within(IDLE, key, place) else 25
        if within(SILENT, key, place):
            continue
        struct.pack_into("<H", frame, DEFAULT, 1 if within(SPLIT, key, place) else 0)
        struct.pack_into("<H", frame, STATE, 2 if within(UNSETTLED, key, place) else 1)
        struct.pack_into("<I", frame, PACKETS, packets & 0xFFFFFFFF)
        s.at(second + phase, bytes(frame))


def sessions(s, seconds):
    who = client()
    for second in range(3, seconds, 10):
        cluster = (WEB, MAIL, FILES)[second // 10 % 3]
        server = cluster.on(cluster.hosts[second % 2], ip=cluster.ip)
        s.session(second + 0.11, Tcp(who, server, cluster.mac, 20000 + second % 40000, 80,
                                     client_seq=1 + second * 7919, server_seq=5 + second * 104729))


def doubled(s, begin):
    """Twenty seconds in which a stray router sends the mail cluster's packets again, and connections die of it."""
    who = Peer("00:16:35:c4:25:96", "192.168.2.151", 128, 0x2A10 + begin)
    for n in range(10):
        at = begin + 2 * n
        tcp = Tcp(who, MAIL.on(MAIL.hosts[0]), MAIL.mac, 30000 + begin % 30000 + n, 143, client_seq=begin * 1000 + n)
        for delay, frame in ((0, tcp.c("S")), (0.001, tcp.s("SA")), (0.002, tcp.c("A")), (0.9, tcp.s("RA"))):
            s.at(at + 0.2 + delay, frame)
            s.at(at + 0.2004 + delay, copy(frame, src=FORWARDER))


def spoken(s, seconds):
    """ARP, and the groups that hosts report without anybody who queries."""
    who, router = client(), gateway()
    stray = Peer(FORWARDER, "192.168.2.254")
    for second in range(1, seconds, 20):
        for n, cluster in enumerate((WEB, MAIL, FILES)):
            s.at(second + 0.31 + n / 100, asks(who, cluster.ip))
            s.at(second + 0.315 + n / 100, answers(cluster.source(cluster.hosts[0]), cluster.mac, cluster.ip, who))
    for second in range(2, seconds, 60):
        s.at(second + 0.41, asks(router, stray.ip))
        s.at(second + 0.42, answers(stray.mac, stray.mac, stray.ip, router))
        s.at(second + 0.43, igmp(FILES.on(FILES.hosts[0]), 0x16, "239.255.2.40"))
        # Without another station's reports nothing shows that a querier would be heard here.
        s.at(second + 0.44, igmp(who, 0x16, "239.255.7.7"))


def hour(minutes):
    seconds = 60 * minutes
    s = Story("hour", "An hour with an outage several times", (), ("tap",), 0)
    for n, cluster in enumerate((WEB, MAIL, FILES)):
        for host in cluster.hosts:
            beats(s, cluster, host, seconds, 0.05 * n + 0.35 * (host.id - 1))
    sessions(s, seconds)
    spoken(s, seconds)
    for begin in range(0, seconds, ROUND):
        for place in (30, 290, 560):
            doubled(s, begin + place)
    return s


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_bytes(hour(int((sys.argv + ["60"])[2])).pcapng())
