# SPDX-License-Identifier: GPL-2.0-or-later
"""A healthy hour of a cluster, for the tests: too large to keep, and made of bytes, as scapy takes a millisecond for
each frame.

Every frame is told once, with its VLAN, the port it comes in by and the ports it goes out by. A view is what one
capture point shows of them.

Two hosts, a client, a server and a router are in the VLAN of the cluster; two more clients are behind the router, which
has one MAC for all VLANs. The switch snoops in IGMP mode, and floods to the cluster in the other two.
"""
import random
import struct

HOUR = 3600
INSIDE, OUTSIDE = 112, 50
H1, H2, CLIENT, SERVER, ROUTER, FAR = "host 1", "host 2", "client", "server", "router", "far"
IN_VLAN = {INSIDE: (H1, H2, CLIENT, SERVER, ROUTER), OUTSIDE: (ROUTER, FAR)}
MACS = {H1: "2c768a4e1101", H2: "2c768a4e1102", CLIENT: "f01faf10a001", SERVER: "f01faf10a009", ROUTER: "001a6c7fd840",
        FAR: "001b21770001"}
CLUSTER, HOSTS = "10.20.0.200", {H1: "10.20.0.11", H2: "10.20.0.12"}
ADDRESSES = {**HOSTS, CLIENT: "10.20.0.101", SERVER: "10.20.0.90", ROUTER: "10.20.0.1", FAR: "10.9.9.5"}
IDS = {H1: 7, H2: 19}
MODES = ("unicast", "multicast", "igmp")
ALL = "ffffffffffff"


def ip4(text):
    return bytes(int(part) for part in text.split("."))


def tail(text):
    return ip4(text).hex()


# ---- frames ----------------------------------------------------------------------------------------------------------

def ethernet(src, dst, kind, payload):
    frame = bytes.fromhex(dst) + bytes.fromhex(src) + struct.pack(">H", kind) + payload
    return frame + bytes(max(0, 60 - len(frame)))


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def routed(frame, src, dst):
    """The same IPv4 packet behind a router."""
    head = bytearray(frame[14:34])
    head[8] -= 1
    head[10:12] = b"\0\0"
    head[10:12] = struct.pack(">H", checksum(bytes(head)))
    return bytes.fromhex(dst) + bytes.fromhex(src) + frame[12:14] + bytes(head) + frame[34:]


def arp(src, dst, operation, mac, ip, to_mac, to_ip):
    return ethernet(src, dst, 0x0806, bytes.fromhex("0001080006040000")[:6] + struct.pack(">H", operation) +
                    bytes.fromhex(mac) + ip4(ip) + bytes.fromhex(to_mac) + ip4(to_ip))


def heartbeat(host, src, dst, packets):
    body = struct.pack("<III", 0xC0DE01BF, 0x206, IDS[host]) + ip4(CLUSTER) + ip4(HOSTS[host])
    share = 0x3FFFFFFF << (0 if host == H1 else 30)
    maps = struct.pack("<33Q", share, (1 << 60) - 1 if host == H1 else 0, *[0] * 31)
    body += struct.pack("<HHHHIIII", IDS[host] - 1, IDS[H1] - 1, 1, 2, 0x4F3BE300 + IDS[host], packets, 0, 0)
    body += struct.pack("<33I", 0x61050050, *[0] * 32) + maps + maps + bytes(8 * 33) + maps
    body += struct.pack("<33I", 50, 50, *[0] * 31) + bytes(4 * 33)
    return ethernet(src, dst, 0x886F, body)


class World:
    """The frames of an hour: (time, VLAN, bytes, port in, ports out)."""

    def __init__(self, mode, silent_from=None):
        self.mode, self.silent_from = mode, silent_from
        self.frames, self.ids, self.random = [], {}, random.Random(mode)
        self.mac = {"unicast": "02bf" + tail(CLUSTER), "multicast": "03bf" + tail(CLUSTER),
                    "igmp": "01005e7f" + tail(CLUSTER)[4:]}[mode]
        self.packets = {H1: 1000, H2: 2000}
        for at in range(HOUR):
            self.second(at)
        self.frames.sort(key=lambda frame: frame[0])

    def source(self, station):
        if station in IDS and self.mode == "unicast":
            return f"02{IDS[station]:02x}" + tail(CLUSTER)
        return MACS[station]

    def ports(self, dst, vlan, sender):
        others = [port for port in IN_VLAN[vlan] if port != sender]
        if dst == self.mac and self.mode == "igmp":  # to those who reported the group, and to the querier
            return [port for port in others if port in (H1, H2, ROUTER)]
        if dst == self.mac or int(dst[:2], 16) & 1:
            return others
        return [port for port in others if MACS[port] == dst]

    def put(self, at, sender, frame, vlan=INSIDE):
        self.frames.append((at, vlan, frame, sender, self.ports(frame[:6].hex(), vlan, sender)))

    def ip(self, source, destination, src, dst, protocol, payload, ttl=128, options=b""):
        count = self.ids[source] = self.ids.get(source, hash_of(source)) + 1
        head = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(payload), count & 0xFFFF,
                           0x4000 if protocol == 6 else 0, ttl, protocol, 0) + ip4(source) + ip4(destination) + options
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        return ethernet(src, dst, 0x0800, head + payload)

    def request(self, at, who, destination, protocol, payload):
        """From a client to the cluster, by the router if it is not in the VLAN."""
        if who == CLIENT:
            return self.put(at, who, self.ip(ADDRESSES[who], destination, MACS[who], self.mac, protocol, payload))
        frame = self.ip(far_address(who), destination, MACS[FAR], MACS[ROUTER], protocol, payload)
        self.put(at, FAR, frame, OUTSIDE)
        self.put(at + 0.0001, ROUTER, routed(frame, MACS[ROUTER], self.mac))

    def reply(self, at, host, who, protocol, payload):
        self.packets[host] += 1
        if who == CLIENT:
            return self.put(at, host, self.ip(CLUSTER, ADDRESSES[who], self.source(host), MACS[who], protocol, payload))
        frame = self.ip(CLUSTER, far_address(who), self.source(host), MACS[ROUTER], protocol, payload)
        self.put(at, host, frame)
        self.put(at + 0.0001, ROUTER, routed(frame, MACS[ROUTER], MACS[FAR]), OUTSIDE)

    # ---- what happens --------------------------------------------------------------------------------------------

    def second(self, at):
        for n, host in enumerate((H1, H2)):
            if host == H2 and self.silent_from is not None and at >= self.silent_from:
                continue
            beat_to = ALL if self.mode == "unicast" else self.mac
            self.put(at + 0.1 + 0.35 * n + self.random.random() * 0.02, host,
                     heartbeat(host, self.source(host), beat_to, self.packets[host]))
        for every, first, what in ((6, 0, self.session_of_client), (8, 1, self.session_of_far), (11, 2, self.dns),
                                   (30, 3, self.ping), (45, 4, self.client_asks), (90, 5, self.host_asks),
                                   (60, 6, self.reports), (125, 7, self.queries), (10, 8, self.others),
                                   (300, 9, self.refused), (400, 10, self.lost_syn), (240, 11, self.router_asks),
                                   (120, 12, self.broadcasts)):
            if at % every == first % every and at >= first:
                what(at + 0.6 + self.random.random() * 0.2, at // every)

    def owner(self, who):
        return H1 if hash_of(far_address(who) if who != CLIENT else ADDRESSES[who]) % 2 else H2

    def session(self, at, who, port, open_at=0.0):
        host = self.owner(who)
        client, server = self.random.getrandbits(32), self.random.getrandbits(32)

        def segment(from_client, flags, seq, ack, data=b""):
            ports = (port, 443) if from_client else (443, port)
            return struct.pack(">HHIIBBHHH", *ports, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 8192, 0, 0) + data

        for delay in (-open_at, 0.0) if open_at else (0.0,):
            self.request(at + delay, who, CLUSTER, 6, segment(True, 0x02, client, 0))
        for delay, from_client, flags, sent, got, data in (
                (0.001, False, 0x12, 0, 1, b""), (0.002, True, 0x10, 1, 1, b""),
                (0.003, True, 0x18, 1, 1, b"x" * 120), (0.009, False, 0x18, 1, 121, b"y" * 700),
                (0.010, True, 0x10, 121, 701, b""), (0.012, False, 0x11, 701, 121, b""),
                (0.013, True, 0x14 if port % 3 == 0 else 0x11, 121, 702, b"")):
            own, other = (client, server) if from_client else (server, client)
            payload = segment(from_client, flags, own + sent, other + got, data)
            if from_client:
                self.request(at + delay, who, CLUSTER, 6, payload)
            else:
                self.reply(at + delay, host, who, 6, payload)

    def session_of_client(self, at, n):
        self.session(at, CLIENT, 20000 + n)

    def session_of_far(self, at, n):
        self.session(at, FAR + str(n % 5), 30000 + n)

    def lost_syn(self, at, n):
        self.session(at + 1.0, FAR + str(n % 5), 40000 + n, open_at=1.0)

    def refused(self, at, n):
        who = FAR + str(n % 5)
        for k in range(3):
            self.request(at + 0.5 * k, who, CLUSTER, 6,
                         struct.pack(">HHIIBBHHH", 50000 + n, 8443, 77 + n, 0, 0x50, 0x02, 8192, 0, 0))
            self.reply(at + 0.5 * k + 0.001, self.owner(who), who, 6,
                       struct.pack(">HHIIBBHHH", 8443, 50000 + n, 0, 78 + n, 0x50, 0x14, 0, 0, 0))

    def dns(self, at, n):
        who, port = FAR + str(n % 5), 10000 + n
        asked = struct.pack(">HHHHHH", n, 0x0100, 1, 0, 0, 0) + b"\x04mail\x07example\x03net\0\0\x01\0\x01"
        record = bytes.fromhex("c00c00010001000000780004") + ip4(CLUSTER)
        told = asked[:2] + b"\x81\x80\0\x01\0\x01" + asked[8:] + record
        self.request(at, who, CLUSTER, 17, struct.pack(">HHHH", port, 53, 8 + len(asked), 0) + asked)
        self.reply(at + 0.001, self.owner(who), who, 17, struct.pack(">HHHH", 53, port, 8 + len(told), 0) + told)

    def ping(self, at, n):
        """Monitoring; both hosts answer, as NLB does not balance ICMP."""
        echo = struct.pack(">HHHH", 0, 0, 1, n) + bytes(range(32))
        self.request(at, FAR + "0", CLUSTER, 1, b"\x08" + echo[1:])
        for k, host in enumerate((H1, H2)):
            self.reply(at + 0.001 + 0.0002 * k, host, FAR + "0", 1, echo)

    def client_asks(self, at, _):
        self.put(at, CLIENT, arp(MACS[CLIENT], ALL, 1, MACS[CLIENT], ADDRESSES[CLIENT], "0" * 12, CLUSTER))
        for k, host in enumerate((H1, H2)):
            self.put(at + 0.0003 + 0.0002 * k, host, arp(self.source(host), MACS[CLIENT], 2, self.mac, CLUSTER,
                                                         MACS[CLIENT], ADDRESSES[CLIENT]))

    def router_asks(self, at, _):
        """In the other modes it has a static entry, as it must."""
        if self.mode != "unicast":
            return
        self.put(at, ROUTER, arp(MACS[ROUTER], ALL, 1, MACS[ROUTER], ADDRESSES[ROUTER], "0" * 12, CLUSTER))
        for k, host in enumerate((H1, H2)):
            self.put(at + 0.0003 + 0.0002 * k, host, arp(self.source(host), MACS[ROUTER], 2, self.mac, CLUSTER,
                                                         MACS[ROUTER], ADDRESSES[ROUTER]))

    def host_asks(self, at, n):
        """For the gateway, from the dedicated address, which outsiders reach by the cluster MAC in unicast mode."""
        host = (H1, H2)[n % 2]
        own = self.mac if self.mode == "unicast" else MACS[host]
        self.put(at, host, arp(self.source(host), ALL, 1, own, HOSTS[host], "0" * 12, ADDRESSES[ROUTER]))
        self.put(at + 0.0004, ROUTER, arp(MACS[ROUTER], own, 2, MACS[ROUTER], ADDRESSES[ROUTER], own, HOSTS[host]))

    def igmp(self, at, sender, ip, kind, group, to=None):
        to = to or group
        parts = [int(part) for part in to.split(".")]
        mac = f"01005e{parts[1] & 0x7F:02x}{parts[2]:02x}{parts[3]:02x}"
        body = struct.pack(">BBH", kind, 100 if kind == 0x11 else 0, 0) + ip4(group)
        self.put(at, sender, self.ip(ip, to, self.source(sender), mac, 2, body, 1, b"\x94\x04\0\0"))

    def reports(self, at, _):
        self.igmp(at, CLIENT, ADDRESSES[CLIENT], 0x16, "239.255.255.250")
        if self.mode == "igmp":
            for k, host in enumerate((H1, H2)):
                self.igmp(at + 0.1 * k, host, CLUSTER, 0x16, "239.255." + CLUSTER.split(".", 2)[2])

    def queries(self, at, _):
        self.igmp(at, ROUTER, ADDRESSES[ROUTER], 0x11, "0.0.0.0", "224.0.0.1")

    def others(self, at, n):
        """What has nothing to do with the cluster."""
        for k in range(4):
            a, b = (CLIENT, SERVER) if k % 2 == 0 else (SERVER, CLIENT)
            payload = struct.pack(">HHHH", 5000, 5000, 108, 0) + bytes(96) + struct.pack(">HH", n & 0xFFFF, k)
            self.put(at + 0.001 * k, a, self.ip(ADDRESSES[a], ADDRESSES[b], MACS[a], MACS[b], 17, payload))

    def broadcasts(self, at, _):
        payload = struct.pack(">HHHH", 137, 137, 58, 0) + bytes(50)
        self.put(at, SERVER, self.ip(ADDRESSES[SERVER], "10.20.0.255", MACS[SERVER], ALL, 17, payload))


def hash_of(text):
    return sum(n * octet for n, octet in enumerate(ip4(text), 1)) * 257


def far_address(who):
    return f"10.9.{int(who[len(FAR):] or 0) + 3}.{int(who[len(FAR):] or 0) * 7 + 5}"


# ---- views -----------------------------------------------------------------------------------------------------------

def tagged(frame, vlan):
    return frame[:12] + struct.pack(">HH", 0x8100, vlan) + frame[12:]


def at_ports(*ports):
    """A mirror of ports, both ways: once for each of them that a frame passes."""
    def shows(vlan, sender, receivers):
        return sum(port == sender or port in receivers for port in ports)
    return shows


def of_vlan(directions):
    """A mirror of the cluster's VLAN: what comes in, and with both directions what goes out by each port."""
    def shows(vlan, sender, receivers):
        if vlan != INSIDE:
            return 0
        return 1 + (len(receivers) if directions == 2 else 0)
    return shows


# name: (how often a frame is seen, VLANs whose tag is seen, bytes kept on the wire)
VIEWS = {
    "mirror of a host": (at_ports(H1), (), None),
    "mirror of the router": (at_ports(ROUTER), (INSIDE, OUTSIDE), None),
    "mirror of both": (at_ports(H1, ROUTER), (INSIDE, OUTSIDE), None),
    "mirror of all hosts and the router": (at_ports(H1, H2, ROUTER), (INSIDE, OUTSIDE), None),
    "VLAN, one direction": (of_vlan(1), (INSIDE,), None),
    "VLAN, both directions": (of_vlan(2), (), None),
    "client": (at_ports(CLIENT), (), None),
    "another server": (at_ports(SERVER), (), None),
    "far client": (at_ports(FAR), (), None),
    "tagged on one side": (at_ports(ROUTER), (INSIDE,), None),
    "tags lost": (at_ports(ROUTER), (), None),
    "sliced to 128 bytes": (at_ports(ROUTER, H1), (INSIDE, OUTSIDE), 128),
    "sliced to 64 bytes": (at_ports(ROUTER, H2), (), 64),
}


def one_way(shows, wanted):
    """What the ports send to the switch, or what it sends to them."""
    def half(vlan, sender, receivers):
        return shows(vlan, sender, ()) if wanted == "in" else shows(vlan, None, receivers)
    return half


for name, ports in (("host", (H1,)), ("router", (ROUTER,)), ("client", (CLIENT,))):
    for way in ("in", "out"):
        VIEWS[f"mirror of the {name}, {way} only"] = (one_way(at_ports(*ports), way), (), None)


def member(frame, world):
    """What the network stack of host 1 gets and sends, above NLB; None for what NLB keeps to itself."""
    at, vlan, data, sender, receivers = frame
    if data[12:14] == b"\x88\x6f" or (sender != H1 and H1 not in receivers):
        return None
    own = bytes.fromhex(world.mac if world.mode == "unicast" else MACS[H1])
    if sender == H1:
        return data[:6] + own + data[12:]
    is_request = data[:6].hex() == world.mac
    return own + data[6:] if is_request else data


def pcap(world, view):
    """The capture, microseconds apart where a frame is seen several times."""
    shows, tags, keep = VIEWS[view] if view in VIEWS else (None, (), None)
    out = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1)]
    for frame in world.frames:
        at, vlan, data, sender, receivers = frame
        if shows is None:
            data = member(frame, world)
            times = 0 if data is None else 1
        else:
            times = shows(vlan, sender, receivers)
        if times == 0:
            continue
        data = tagged(data, vlan) if vlan in tags else data
        data = data[:keep]
        when = round(at * 1e9)
        for n in range(times):
            stamp = when + 4000 * n
            out.append(struct.pack("<IIII", 1_705_309_200 + stamp // 10**9, stamp % 10**9, len(data), len(data)) + data)
    return b"".join(out)
