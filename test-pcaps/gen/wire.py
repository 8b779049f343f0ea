# SPDX-License-Identifier: GPL-2.0-or-later
"""The heartbeat's bytes: foreign users of the EtherType, cut and false frames, rules, teaming, identity records."""
import struct

from scapy.layers.l2 import Ether
from scapy.packet import Raw

from story import (BROADCAST, CONVOY_TYPE, H1, H2, H3, IDENTITY, MEMBERSHIP, NLB_TYPE, RELIABLE, Host, heartbeat,
                   identity, ipv4_record, ipv6_record, lab, name_record, nlb_header, record, story)

VIP6 = bytes.fromhex("2001489800e83018bd82dde1661507b0")


def raw_frame(src, payload, dst=BROADCAST, ethertype=NLB_TYPE):
    return Ether(src=src, dst=dst, type=ethertype) / Raw(payload)


@story(quiet=["masked_mac"])
def signature_foreign(s):
    """Others on EtherType 0x886F: an Xbox and its wireless bridge, a Microsoft Research mesh (LQSR), zeros; a source
    that looks masked proves nothing"""
    s.at(0.0, raw_frame("00:50:f2:1a:2b:3c", b"XBOX\x01\x01" + bytes(range(40))))
    s.at(1.0, raw_frame("00:50:f2:1a:2b:3c", b"XBOX\x01\x02" + bytes(range(40))))
    s.at(1.5, raw_frame("02:01:c0:a8:02:0a", struct.pack("<I", 0xC0DE8AF7) + bytes(range(60))))
    s.at(2.0, raw_frame("00:0d:3a:00:00:01", struct.pack("<I", 0xC0DE8AF7) + bytes(range(60))))
    s.at(2.5, raw_frame("02:01:c0:a8:02:0a", bytes(46)))
    s.at(3.0, raw_frame("02:01:c0:a8:02:0a", b"\xbf\x01\xde"), snap=17)  # three bytes of a signature


@story()
def signature_convoy(s):
    """EtherType 0xBF01 (Convoy, early WLBS): a heartbeat by its signature, and frames of someone else"""
    cl = lab("unicast")
    s.at(0.0, raw_frame("02:03:c0:a8:02:0a", b"\x01\x02\x03\x04" + bytes(60), ethertype=CONVOY_TYPE))
    s.at(0.5, raw_frame("00:60:08:00:00:01", b"XBOX" + bytes(60), ethertype=CONVOY_TYPE))
    s.at(1.0, heartbeat(cl, H1, ethertype=CONVOY_TYPE, version=0x201), ["masked_mac"])
    s.at(1.35, heartbeat(cl, H2, ethertype=CONVOY_TYPE, version=0x201), ["masked_mac"])
    s.at(2.0, heartbeat(cl, H1, ethertype=CONVOY_TYPE, version=0x201, packets=1025), ["masked_mac"])


@story()
def heartbeat_truncated(s):
    """Heartbeats cut by the capture's snaplen at 20 and at 96 of 1510 bytes: not malformed; 20 bytes name no cluster,
    96 do"""
    cl = lab("unicast", hosts=(H1, H2, H3))
    s.at(0.0, heartbeat(cl, H1), snap=20)
    s.at(0.35, heartbeat(cl, H2), snap=20)
    s.at(1.0, heartbeat(cl, H1, packets=1025), ["masked_mac"], snap=96)
    s.at(1.35, heartbeat(cl, H2, packets=1025), ["masked_mac"], snap=96)
    s.at(2.0, heartbeat(cl, H1, packets=1050), ["masked_mac"], snap=34)   # the header, and no more
    s.at(2.35, identity(cl, H2), ["masked_mac"], snap=48)
    s.at(2.5, heartbeat(cl, H3), ["masked_mac"], snap=20)                 # proved by the others
    s.at(2.6, heartbeat(cl, H3), ["masked_mac"], snap=33)                 # one byte of the header is missing
    s.at(3.0, heartbeat(cl, H1, packets=1075), ["masked_mac"], snap=700)  # in the middle of the maps


@story(quiet=["masked_mac"])
def heartbeat_malformed(s):
    """Heartbeats that lie: host number 0 and 33; they prove no cluster"""
    cl = lab("unicast")
    s.at(2.0, heartbeat(cl, H1, host_id=0))
    s.at(3.0, heartbeat(cl, H1, host_id=33))
    s.at(4.0, heartbeat(cl, H1, host_id=0xFFFFFFFF))


@story(quiet=["state_changed", "rule_mismatch"])
def heartbeat_cut_on_the_wire(s):
    """Heartbeats that are too short on the wire, as a packet broker leaves them: not malformed, and what is there
    counts; padding behind the header does not"""
    cl, masked = lab("unicast"), ["masked_mac"]
    s.at(0.0, heartbeat(cl, H1, cut_to=700), masked)
    s.at(0.3, heartbeat(cl, H2, cut_to=50), masked)
    s.at(1.0, heartbeat(cl, H1, packets=1025, cut_to=20), masked)             # padded to 60 bytes
    s.at(2.0, heartbeat(cl, H1, packets=1050, cut_to=600), masked, snap=100)  # and cut by the capture
    s.at(2.3, Ether(bytes(identity(cl, H2))[:64]), masked)                    # inside the second record


@story()
def heartbeat_rules(s):
    """Eight port rules and the default rule, as in the only public sample, 32 rules, and none but the default"""
    many = (0x61019019, 0x61050050, 0x61087087, 0x6108F08F, 0x611BB1BB, 0x6124B24B, 0x613E13E1, 0x6FFFF400, 0)
    full = tuple(0x61000000 | port << 12 | port for port in range(1001, 1033)) + (0,)
    for n, rules in enumerate((many, full, (0,))):
        cl = lab("multicast", ip=f"192.168.{n + 2}.10")
        weights = [50, 100, 0, 30] + [50] * (len(rules) - 4)
        s.at(n + 0.0, heartbeat(cl, H1, rules=rules, weights=weights[:len(rules)]))
        s.at(n + 0.35, heartbeat(cl, H2, rules=rules, weights=weights[:len(rules)]))


@story(quiet=["teaming_mismatch"])
def heartbeat_teaming(s):
    """Teaming (BDA) switched on: master, reverse hashing, two participants, XOR of their cluster addresses; all hosts
    agree"""
    cl = lab("multicast")
    word = 0x001E00 << 8 | 2 << 3 | 4 | 2 | 1
    s.beats(cl, H1, 0.0, 2, teaming=word)
    s.beats(cl, H2, 0.35, 2, teaming=word)


@story()
def heartbeat_reliable(s):
    """The third signature, 0xC0DE01DE: only its header is known, and that names the cluster"""
    cl = lab("unicast")
    for n, host in enumerate((H1, H2)):
        body = nlb_header(RELIABLE, 0x206, host.id, cl.ip, host.ip) + bytes(range(64))
        s.at(0.1 * n, raw_frame(cl.source(host), body), ["masked_mac"])
    s.at(1.0, raw_frame(cl.source(H1), nlb_header(RELIABLE, 0x206, 1, cl.ip, H1.ip)), ["masked_mac"])


@story()
def identity_records(s):
    """Identity heartbeats alone: short and long names, IPv4 and IPv6 addresses, a record of unknown kind, a name that
    is not ASCII"""
    cl = lab("unicast", hosts=(H1, H2, H3))
    masked = ["masked_mac"]
    s.at(0.0, identity(cl, H1, [name_record("WEB1"), ipv4_record(H1.ip)]), masked)
    s.at(0.1, identity(cl, H2, [name_record("web2.example.net"), ipv6_record(VIP6)]), masked)
    s.at(0.2, identity(cl, H3, [name_record("WEB03")]), masked)
    s.at(10.0, identity(cl, H1, [ipv4_record(H1.ip), name_record("WEB1")]), masked)
    s.at(10.1, identity(cl, H2, [name_record("SERVĚR42"), record(9, bytes(range(16)))]), masked)
    s.at(10.2, identity(cl, H3, []), masked)


@story()
def identity_malformed(s):
    """Identity heartbeats whose records lie: a length that runs past the frame, a length of 0, a host number of 0"""
    cl = lab("multicast")
    nobody = Host(0, "192.168.2.40", "00:22:19:1b:e8:fb", "NONE")
    s.at(0.0, identity(cl, H1, [name_record("web1.example.net", length=200)]))
    s.at(0.1, identity(cl, H2, [name_record("WEB2", length=0), ipv4_record(H2.ip)]))
    s.at(0.2, identity(cl, H1, [name_record("WEB1"), record(2, struct.pack("<H", 0x17) + bytes(6), length=3)]))
    s.at(0.3, identity(cl, nobody))
