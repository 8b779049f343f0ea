# SPDX-License-Identifier: GPL-2.0-or-later
"""Building blocks of the generated captures: the cast, the frames, the story, the pcapng writer.

A topic file (unicast.py, copies.py, ...) holds one function per capture:

    @story(quiet=["masked_mac"])
    def unicast_masked_near_miss(s):
        "What the capture shows, in one line; it becomes the row in README.md."
        s.at(0.5, some_frame, expect=["multicast_mac"])

The function's name is the file's name with dashes. `expect` is written by hand from the text of the contract, never
taken from a program: it is what the plugin is tested against. `quiet` names the findings this capture is a near miss
for; make.py refuses a story that expects one of them.
"""
import json
import struct
from dataclasses import dataclass, field

from scapy.contrib.igmp import IGMP
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_Router_Alert
from scapy.layers.inet6 import ICMPv6ND_NA, ICMPv6ND_NS, ICMPv6NDOptDstLLAddr, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import ARP, Dot1AD, Dot1Q, Ether
from scapy.packet import Raw

BROADCAST = "ff:ff:ff:ff:ff:ff"
ZERO_MAC = "00:00:00:00:00:00"
ETHERNET, RAW_IP, COOKED, COOKED2 = 1, 101, 113, 276  # link types (tcpdump.org)
BASE = 1_705_309_200  # 2024-01-15 09:00:00 UTC, second 0 of every story

# Every finding of sections 3 and 4 of the contract.
FINDINGS = """
    masked_mac unmasked_mac cluster_mac_leak mac_flapping multicast_mac unicast_ip_group_mac arp_multicast_mac
    arp_sender_differs inter_host_mac secondary_vip_mac vip_mac_conflict host_joined heartbeat_late host_lost
    host_returned state_changed not_converging duplicate_host_id rule_mismatch default_host_conflict mode_mismatch
    teaming_mismatch version_mismatch cluster_mac_differs idle_host duplicate_reply two_hosts_answer unanswered_syn
    host_keeps_mac reconverging unconfigured_host
    connection_moved cluster_flood router_refuses
    igmp_report igmp_no_querier igmp_silent
    bridging_loop routing_loop capture_copy relayed_copy routed_copy unexplained_copy foreign_router
    reset_after_copy not_analysed
""".split()


# ---- the cast ------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Host:
    """A member of a cluster. `code` is what tells two hosts with one id apart."""
    id: int
    ip: str
    station: str
    name: str
    code: int = 0  # 0: 0x4F3BE335 + id, near the value of the only public sample

    @property
    def host_code(self):
        return self.code or 0x4F3BE335 + self.id


@dataclass(frozen=True)
class Cluster:
    ip: str
    mode: str  # "unicast", "multicast" or "igmp"
    hosts: tuple
    masked: bool = True  # MaskSourceMAC, unicast mode only

    @property
    def tail(self):
        return mac_tail(self.ip)

    @property
    def mac(self):
        """What ARP answers for the virtual address."""
        if self.mode == "igmp":
            return "01:00:5e:7f:" + self.tail[6:]
        return ("02:bf:" if self.mode == "unicast" else "03:bf:") + self.tail

    def source(self, host):
        """What stands in the Ethernet header of the host's frames."""
        if self.mode != "unicast":
            return host.station
        return f"02:{host.id:02x}:{self.tail}" if self.masked else self.mac

    @property
    def beat_to(self):
        return BROADCAST if self.mode == "unicast" else self.mac

    def on(self, host, ip=None, ttl=128):
        """The host as a peer that talks from the virtual address (or from `ip`)."""
        return Peer(self.source(host), ip or self.ip, ttl, ip_id=0x1000 * host.id + 0x0100)


def mac_tail(ip):
    return ":".join(f"{int(part):02x}" for part in ip.split("."))


def inter_host_mac(host):
    return "03:bf:" + mac_tail(host.ip)


@dataclass
class Peer:
    """Someone who sends IP packets. The IP id counts up with every packet, as a real stack's does."""
    mac: str
    ip: str
    ttl: int = 128
    ip_id: int = 0x4000

    def send(self, to_mac, dst, *payload, ttl=None, ip_id=None, **fields):
        if ":" in self.ip:
            layer = IPv6(src=self.ip, dst=dst, hlim=self.ttl if ttl is None else ttl, **fields)
        else:
            if ip_id is None:
                self.ip_id += 1
                ip_id = self.ip_id
            layer = IP(src=self.ip, dst=dst, ttl=self.ttl if ttl is None else ttl, id=ip_id, **fields)
        frame = Ether(src=self.mac, dst=to_mac) / layer
        for part in payload:
            frame = frame / part
        return frame


H1 = Host(1, "192.168.2.30", "00:22:19:1b:e8:fb", "WEB1")
H2 = Host(2, "192.168.2.31", "00:22:19:1c:01:e5", "WEB2")
H3 = Host(3, "192.168.2.32", "00:22:19:1c:44:0a", "WEB3")


def lab(mode, hosts=(H1, H2), ip="192.168.2.10", masked=True):
    return Cluster(ip, mode, tuple(hosts), masked)


def client(ip_id=0x4000):
    return Peer("00:1b:21:3c:9d:f1", "192.168.2.100", 128, ip_id)


def gateway(ip_id=0x7000):
    return Peer("00:1a:6c:7f:d8:40", "192.168.2.1", 255, ip_id)


# ---- heartbeats ----------------------------------------------------------------------------------------------------

NLB_TYPE, CONVOY_TYPE = 0x886F, 0xBF01
MEMBERSHIP, IDENTITY, RELIABLE = 0xC0DE01BF, 0xC0DE01C0, 0xC0DE01DE
RULES = (0x61050050, 0)  # port 80, then the built-in default rule
SLOTS = 33


def ip4(text):
    return bytes(int(part) for part in text.split("."))


def nlb_header(signature, version, host_id, cluster_ip, host_ip):
    return struct.pack("<III", signature, version, host_id) + ip4(cluster_ip) + ip4(host_ip)


def _slots(code, values):
    values = list(values)
    return struct.pack(f"<{SLOTS}{code}", *(values + [0] * (SLOTS - len(values))))


def share_of(cluster, host, rule_index, rules):
    """60 buckets: split evenly by a port rule, all with the lowest host by the default rule."""
    ids = sorted(h.id for h in cluster.hosts)
    if rule_index == len(rules) - 1:
        return (1 << 60) - 1 if host.id == ids[0] else 0
    width = 60 // len(ids)
    place = ids.index(host.id)
    last = place == len(ids) - 1
    return ((1 << (60 - place * width if last else width)) - 1) << (place * width)


def heartbeat(cluster, host, *, src=None, dst=None, ethertype=NLB_TYPE, version=0x206, host_id=None, cluster_ip=None,
              host_ip=None, default=1, state=1, rules=RULES, rule_count=None, rule_slots=None, code=None, packets=1000,
              teaming=0, weights=None, cut_to=None):
    """A membership heartbeat, 1496 bytes behind the EtherType. The meaning of idle and ready map is not public: idle is
    left 0, ready repeats the current map. `default` is the host's number, from 1. `cut_to` shortens it on the wire."""
    host_id = host.id if host_id is None else host_id
    maps = [share_of(cluster, host, i, rules) for i in range(len(rules))]
    body = nlb_header(MEMBERSHIP, version, host_id, cluster_ip or cluster.ip, host_ip or host.ip)
    body += struct.pack("<HHHH", (host_id - 1) & 0xFFFF, default - 1, state,
                        len(rules) if rule_count is None else rule_count)
    body += struct.pack("<IIII", host.host_code if code is None else code, packets, teaming, 0)
    body += _slots("I", rule_slots or rules)
    body += _slots("Q", maps) + _slots("Q", maps) + _slots("Q", []) + _slots("Q", maps)
    body += _slots("I", weights or [50] * len(rules)) + _slots("I", [])
    assert len(body) == 1496
    return Ether(src=src or cluster.source(host), dst=dst or cluster.beat_to, type=ethertype) / Raw(body[:cut_to])


def record(kind, value, length=None):
    """One identity record; the length counts 8 bytes and includes the 8 bytes in front of the value (inferred)."""
    value += bytes(-len(value) % 8)
    return struct.pack("<BB6x", kind, 1 + len(value) // 8 if length is None else length) + value


def name_record(name, length=None):
    return record(1, name.encode("utf-16-le") + b"\0\0", length)


def ipv4_record(ip):
    return record(2, struct.pack("<H", 2) + ip4(ip))


def ipv6_record(raw):
    return record(2, struct.pack("<H", 0x17) + raw)


def identity(cluster, host, records=None, *, src=None, dst=None, version=0x206, signature=IDENTITY):
    """An identity heartbeat: name and address of the host. Names of 4, 8, 12, ... letters keep the built-in dissector,
    which skips a fixed 6 bytes behind the name, in step."""
    if records is None:
        records = [name_record(host.name), ipv4_record(host.ip)]
    body = nlb_header(signature, version, host.id, cluster.ip, host.ip) + b"".join(records)
    return Ether(src=src or cluster.source(host), dst=dst or cluster.beat_to, type=NLB_TYPE) / Raw(body)


# ---- ARP, neighbour discovery, ping, IGMP, TCP ---------------------------------------------------------------------

def arp_request(src, sender_mac, sender_ip, target_ip):
    return Ether(src=src, dst=BROADCAST) / ARP(op=1, hwsrc=sender_mac, psrc=sender_ip, hwdst=ZERO_MAC, pdst=target_ip)


def arp_reply(src, dst, sender_mac, sender_ip, target_mac, target_ip):
    return Ether(src=src, dst=dst) / ARP(op=2, hwsrc=sender_mac, psrc=sender_ip, hwdst=target_mac, pdst=target_ip)


def asks(peer, target_ip):
    return arp_request(peer.mac, peer.mac, peer.ip, target_ip)


def answers(src, sender_mac, sender_ip, peer):
    return arp_reply(src, peer.mac, sender_mac, sender_ip, peer.mac, peer.ip)


def gratuitous(src, mac, ip):
    return arp_request(src, mac, ip, ip)


def ping(peer, to_mac, dst, number, seq, **fields):
    return peer.send(to_mac, dst, ICMP(type=8, id=number, seq=seq), Raw(b"abcdefghijklmnopqrstuvwabcdefghi"), **fields)


def pong(peer, to_mac, dst, number, seq, **fields):
    return peer.send(to_mac, dst, ICMP(type=0, id=number, seq=seq), Raw(b"abcdefghijklmnopqrstuvwabcdefghi"), **fields)


def udp(peer, to_mac, dst, sport, dport, payload, **fields):
    return peer.send(to_mac, dst, UDP(sport=sport, dport=dport), Raw(payload), **fields)


def dns_query(number, name=b"mail"):
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + bytes([len(name)]) + name + b"\x07example\x03net\0" + \
        struct.pack(">HH", 1, 1)


def group_mac(group):
    parts = [int(p) for p in group.split(".")]
    return f"01:00:5e:{parts[1] & 0x7f:02x}:{parts[2]:02x}:{parts[3]:02x}"


def igmp(peer, kind, group, to=None):
    """kind: 0x11 query, 0x12 version 1 report, 0x16 version 2 report. What later scapys set themselves is said."""
    to = to or group
    return peer.send(group_mac(to), to, IGMP(type=kind, mrcode=100 if kind == 0x11 else 0, gaddr=group), ttl=1,
                     tos=0, options=[IPOption_Router_Alert()], proto=2)


def igmp_v3_report(peer, group):
    body = struct.pack(">BBHHHBBH", 0x22, 0, 0, 0, 1, 4, 0, 0) + ip4(group)
    total = sum(struct.unpack(f">{len(body) // 2}H", body))
    total = (total & 0xFFFF) + (total >> 16)
    body = body[:2] + struct.pack(">H", ~total & 0xFFFF) + body[4:]
    return peer.send("01:00:5e:00:00:16", "224.0.0.22", Raw(body), ttl=1, options=[IPOption_Router_Alert()], proto=2)


def solicit(peer, target, group_mac6, group6):
    return peer.send(group_mac6, group6, ICMPv6ND_NS(tgt=target), ICMPv6NDOptSrcLLAddr(lladdr=peer.mac), ttl=255)


def advertise(peer, to_mac, dst, target, lladdr, router=0, override=1):
    return peer.send(to_mac, dst, ICMPv6ND_NA(tgt=target, R=router, S=1, O=override),
                     ICMPv6NDOptDstLLAddr(lladdr=lladdr), ttl=255)


@dataclass
class Tcp:
    """One connection; every method returns the next frame of one side. `to` is where the client's frames go."""
    client: Peer
    server: Peer
    to: str
    sport: int
    dport: int
    client_seq: int = 0x10000000
    server_seq: int = 0x20000000
    back: str = ""  # where the server's frames go; "" = the client's MAC
    ip: dict = field(default_factory=dict)  # more fields of the IP header, for both sides

    def c(self, flags, data=b"", seq=None, **ip):
        """From the client. `seq` given: a retransmission, nothing is counted."""
        number = self.client_seq if seq is None else seq
        frame = self._frame(self.client, self.server, self.to, self.sport, self.dport, flags, data, number,
                            0 if flags == "S" else self.server_seq, ip)
        if seq is None:
            self.client_seq += len(data) + ("S" in flags or "F" in flags)
        return frame

    def s(self, flags, data=b"", seq=None, **ip):
        number = self.server_seq if seq is None else seq
        frame = self._frame(self.server, self.client, self.back or self.client.mac, self.dport, self.sport, flags, data,
                            number, self.client_seq, ip)
        if seq is None:
            self.server_seq += len(data) + ("S" in flags or "F" in flags)
        return frame

    def _frame(self, src, dst, mac, sport, dport, flags, data, seq, ack, ip):
        fields = {} if ":" in src.ip else {"flags": "DF"}
        options = [("MSS", 1460), ("NOP", None), ("NOP", None), ("SAckOK", b"")] if "S" in flags else []
        tcp = TCP(sport=sport, dport=dport, flags=flags, seq=seq, ack=ack if "A" in flags else 0, window=8192,
                  options=options)
        return src.send(mac, dst.ip, tcp, *([Raw(data)] if data else []), **{**fields, **self.ip, **ip})


# ---- changes to a finished frame -----------------------------------------------------------------------------------

def copy(frame, src=None, dst=None, ttl=-1):
    """The same packet sent again: other MACs, TTL moved by `ttl`."""
    again = frame.copy()
    again[Ether].src = src or again[Ether].src
    again[Ether].dst = dst or again[Ether].dst
    if again.haslayer(IP):
        again[IP].ttl += ttl
    else:
        again[IPv6].hlim += ttl
    return again


def vlan(frame, number, outer=None):
    """Puts an 802.1Q tag behind the MACs; with `outer`, an 802.1ad service tag in front of it."""
    raw = bytes(frame)
    head = Ether(src=frame[Ether].src, dst=frame[Ether].dst)
    kind = struct.unpack(">H", raw[12:14])[0]
    if outer is None:
        return head / Dot1Q(vlan=number, type=kind) / Raw(raw[14:])
    return head / Dot1AD(vlan=outer, type=0x8100) / Dot1Q(vlan=number, type=kind) / Raw(raw[14:])


# ---- other link types ------------------------------------------------------------------------------------------------

TO_US, TO_ALL, TO_GROUP, TO_OTHER, FROM_US = range(5)  # whom a frame is for, seen from the capturing machine


def raw_mac(text):
    return bytes(int(part, 16) for part in text.split(":"))


def cooked(frame, kind):
    """What Linux's "any" keeps of the frame, version 1: the sender, and whether it was for this machine."""
    raw = bytes(frame)
    return struct.pack(">HHH6sxx", kind, 1, 6, raw[6:12]) + raw[12:]


def cooked2(frame, kind, index):
    """Version 2, which adds the number of the interface."""
    raw = bytes(frame)
    return raw[12:14] + struct.pack(">HIHBB6sxx", 0, index, 1, kind, 6, raw[6:12]) + raw[14:]


def kind_for(frame, mac):
    """What a machine with this MAC calls a frame."""
    if frame[Ether].src == mac:
        return FROM_US
    if frame[Ether].dst == BROADCAST:
        return TO_ALL
    if int(frame[Ether].dst[:2], 16) & 1:
        return TO_GROUP
    return TO_US if frame[Ether].dst == mac else TO_OTHER


# ---- the story -----------------------------------------------------------------------------------------------------

class Story:
    def __init__(self, name, shows, quiet, interfaces, snaplen, link=ETHERNET):
        self.name, self.shows, self.quiet, self.interfaces, self.snaplen = name, shows, quiet, interfaces, snaplen
        self.link = link
        self.wrap = None  # applied to every frame: a tag, a tunnel
        self._frames = []  # (place, time in ns, interface, captured bytes, length on the wire, findings)
        self._packets = {}

    def at(self, seconds, frame, expect=(), interface=0, snap=None, stamp=None):
        """The frame stands at `seconds`. `snap` cuts what was captured of it, `stamp` is the time written into the
        record when the capture's clock disagrees. Frames shorter than Ethernet allows are padded as on the wire."""
        for name in expect:
            if name not in FINDINGS:
                raise ValueError(f"{self.name}: no finding is called {name}")
            if name in self.quiet:
                raise ValueError(f"{self.name}: {name} is said to be quiet here")
        raw = bytes(self.wrap(frame) if self.wrap else frame)
        if self.link == ETHERNET:
            raw += bytes(max(0, 60 - len(raw)))
        snap = snap or self.snaplen or len(raw)
        place = round(seconds * 1_000_000_000)
        stamp = place if stamp is None else round(stamp * 1_000_000_000)
        self._frames.append((place, stamp, interface, raw[:snap], len(raw), sorted(set(expect))))

    def beats(self, cluster, host, start=0.0, count=6, period=1.0, expect=(), special=None, grow=25, interface=0,
              tag=None, change=None, **fields):
        """Heartbeats of one host. `special` replaces the expectation of single beats: {index: findings}; `change`
        replaces fields from a beat on: {index: {"state": 2}}. Packets handled grows by `grow` a beat."""
        key = (cluster.ip, host.id, host.host_code, tag)
        for n in range(count):
            fields.update((change or {}).get(n, {}))
            self._packets[key] = self._packets.get(key, 1000 * host.id) + grow
            frame = heartbeat(cluster, host, packets=self._packets[key], **fields)
            if tag is not None:
                frame = vlan(frame, tag)
            self.at(start + n * period, frame, (special or {}).get(n, expect), interface)

    def session(self, start, tcp, c=(), s=(), request=b"GET / HTTP/1.0\r\n\r\n", response=b"HTTP/1.0 200 OK\r\n\r\nhi"):
        """A whole short connection: `c` is expected on the client's frames, `s` on the server's."""
        for delay, frame, expect in (
                (0.0000, tcp.c("S"), c), (0.0004, tcp.s("SA"), s), (0.0006, tcp.c("A"), c),
                (0.0011, tcp.c("PA", request), c), (0.0042, tcp.s("PA", response), s), (0.0046, tcp.c("A"), c),
                (0.0050, tcp.s("FA"), s), (0.0054, tcp.c("A"), c), (0.0061, tcp.c("FA"), c), (0.0064, tcp.s("A"), s)):
            self.at(start + delay, frame, expect)

    @property
    def frames(self):
        return sorted(self._frames, key=lambda frame: frame[0])

    def fires(self):
        return sorted({name for frame in self._frames for name in frame[5]})

    def expect_json(self):
        rows = {str(n): frame[5] for n, frame in enumerate(self.frames, 1) if frame[5]}
        if not rows:
            return "{}\n"
        return "{\n" + ",\n".join(f'  "{n}": {json.dumps(names)}' for n, names in rows.items()) + "\n}\n"

    def pcapng(self):
        comment = f"{self.shows} (made for the tests of the NLB plugin, GPL-2.0-or-later)"
        blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1), [(1, comment.encode())])]
        for name in self.interfaces:
            blocks.append(_block(1, struct.pack("<HHI", self.link, 0, self.snaplen or 262144),
                                 [(2, name.encode()), (9, b"\x09")]))
        for _, stamp, interface, raw, wire, _ in self.frames:
            when = BASE * 1_000_000_000 + stamp
            blocks.append(_block(6, struct.pack("<IIIII", interface, when >> 32, when & 0xFFFFFFFF, len(raw), wire) +
                                 _padded(raw)))
        return b"".join(blocks)


# Scapy's own pcapng writer (2.5.0) knows one interface, no snaplen, and rounds times through a float; these few lines
# write several interfaces with nanoseconds and are the same in every scapy version.
def _padded(data):
    return data + bytes(-len(data) % 4)


def _block(kind, body, options=()):
    if options:
        body += b"".join(struct.pack("<HH", code, len(value)) + _padded(value) for code, value in options)
        body += bytes(4)
    total = len(body) + 12
    return struct.pack("<II", kind, total) + body + struct.pack("<I", total)


STORIES = []


def story(quiet=(), interfaces=("lan",), snaplen=0, link=ETHERNET):
    """Registers a function as the generator of a capture; see the head of this file."""
    def register(tell):
        shows = " ".join(tell.__doc__.split())
        STORIES.append((tell.__module__, tell,
                        lambda: Story(tell.__name__.replace("_", "-"), shows, tuple(quiet), interfaces, snaplen,
                                      link)))
        return tell
    return register


def told():
    """Every registered story, told; in the order of the files."""
    stories = []
    for module, tell, start in STORIES:
        s = start()
        s.topic = module
        tell(s)
        stories.append(s)
    return stories
