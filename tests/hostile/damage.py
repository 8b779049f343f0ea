# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures: number i is made of a capture of test-pcaps and a way to damage it, both told by
a seed and i alone."""
import pathlib
import random
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))
import harness  # noqa: E402

LENGTHS = range(14, 121)  # of cut frames


# ---- damage: each takes a file, a file to write and a source of chance, and returns what it did


def flip_bytes(source, target, chance):
    share = chance.choice(["0.001", "0.003", "0.01", "0.03", "0.05"])
    seed = str(chance.randrange(1, 2 ** 31))
    edit(source, target, "-E", share, "--seed", seed)
    return f"editcap -E {share} --seed {seed}"


def cut_frames(source, target, chance):
    """As a snaplen does; with -L the frames claim to have been so short on the wire."""
    length = str(chance.choice(LENGTHS))
    adjust = chance.choice([[], [], ["-L"]])
    edit(source, target, "-s", length, *adjust)
    return f"editcap -s {length} {' '.join(adjust)}".strip()


def chop_frames(source, target, chance):
    size = str(chance.choice([-60, -20, -1, 1, 4, 8, 14]))
    edit(source, target, "-C", size)
    return f"editcap -C {size}"


def shift_clock(source, target, chance):
    step = str(chance.choice([-1, -1000, 4294967296, -4294967296, 1e9]))
    edit(source, target, "-t", step)
    return f"editcap -t {step}"


def shuffle_records(source, target, chance):
    def change(records):
        chance.shuffle(records)
        return records
    rewrite(source, target, change)
    return "shuffled"


def reorder(source, target, chance):
    """Shuffles the records, then lets reordercap sort them by a clock that jumped."""
    shuffled = target.with_suffix(".shuffled")
    scatter_clock(source, shuffled, chance)
    subprocess.run(["reordercap", shuffled, target], check=True, capture_output=True)
    return "seconds at random, reordercap"


def repeat_records(source, target, chance):
    times = chance.choice([2, 3, 20])
    rewrite(source, target, lambda records: [r for record in records for r in [record] * times])
    return f"each record {times} times"


def scatter_clock(source, target, chance):
    """Seconds anywhere in 32 bits."""
    def change(records):
        return [struct.pack("<I", chance.getrandbits(32)) + record[4:]
                if chance.random() < 0.3 else record for record in records]
    rewrite(source, target, change)
    return "seconds at random"


def lie_about_length(source, target, chance):
    """Wire lengths of up to 256 KiB, the most that Wireshark reads."""
    def change(records):
        return [record[:12] + struct.pack("<I", chance.choice([0, 14, 60, 1510, 65535, 262144]))
                + record[16:] if chance.random() < 0.5 else record for record in records]
    rewrite(source, target, change)
    return "wire lengths at random"


def spoil_heads(source, target, chance):
    """Noise in the first bytes of frames only: what the core reads."""
    def spoil(record):
        data = bytearray(record)
        for _ in range(chance.randrange(4)):
            end = min(len(data), harness.RECORD_HEAD + 96)
            if end > harness.RECORD_HEAD:
                data[chance.randrange(harness.RECORD_HEAD, end)] = chance.getrandbits(8)
        return bytes(data)
    rewrite(source, target, lambda records: [spoil(record) for record in records])
    return "noise in the heads"


def cut_file(source, target, chance):
    data = source.read_bytes()
    size = chance.randrange(min(len(data), 64), len(data) + 1)
    target.write_bytes(data[:size])
    return f"file cut at {size}"


def noise_as_heartbeats(source, target, chance):
    """No capture at all: heartbeats with random bodies."""
    del source
    records = [heartbeat_of_noise(chance, number) for number in range(chance.randrange(1, 200))]
    target.write_bytes(harness.pcap_head() + b"".join(records))
    return "random heartbeats"


def random_packets(source, target, chance):
    """randpkt has no seed: the file is kept when a run fails."""
    del source
    kind = chance.choice(["eth", "arp", "ip", "icmp", "tcp", "udp", "llc"])
    subprocess.run(["randpkt", "-b", "400", "-c", "200", "-t", kind, target], check=True,
                   capture_output=True)
    return f"randpkt -t {kind}"


DAMAGES = [flip_bytes, flip_bytes, flip_bytes, flip_bytes, cut_frames, cut_frames, chop_frames,
           shift_clock, shuffle_records, reorder, repeat_records, scatter_clock, lie_about_length,
           spoil_heads, spoil_heads, cut_file, noise_as_heartbeats, random_packets]


# ---- files


def edit(source, target, *arguments):
    subprocess.run(["editcap", *arguments, source, target], check=True, capture_output=True)


def heartbeat_of_noise(chance, number):
    signature = chance.choice([0xC0DE01BF, 0xC0DE01BF, 0xC0DE01C0, 0xC0DE01DE])
    body = bytearray(struct.pack("<III", signature, 0x206, chance.choice([0, 1, 2, 3, 33])))
    body += bytes([192, 168, 2, chance.choice([10, 20]), 192, 168, 2, chance.randrange(4)])
    body += chance.randbytes(chance.choice([0, 1, 20, 44, 1476]))
    frame = b"\xff" * 6 + bytes([2, chance.randrange(1, 4), 192, 168, 2, 10]) + b"\x88\x6f" + body
    return harness.pcap_record(frame, 1705309200 + number, wire=max(len(frame), 1510))


def rewrite(source, target, change):
    """Changes the list of records of a capture, as classic pcap."""
    head, records = harness.records_of(source, "-T", "ether")
    target.write_bytes(head + b"".join(change(records)))


def captures():
    return [harness.CAPTURES / name for name in harness.captures()]


def damage(folder, number, seed):
    """Capture, damaged file, name of the damage, and what exactly was done. In as many numbers as
    there are captures times damages, each capture meets each damage."""
    chance = random.Random(f"{seed}/{number}")
    turn, which = divmod(number, len(captures()))
    source = captures()[which]
    how = DAMAGES[(turn + which) % len(DAMAGES)]
    target = folder / f"{number}{source.suffix}"
    try:
        told = how(source, target, chance)
    except subprocess.CalledProcessError as refused:
        shutil.copy(source, target)
        told = f"nothing: {refused.cmd[0]} refuses, {refused.stderr.decode().strip()}"
    target.chmod(0o644)
    return source, target, how.__name__, told


def cut_all(folder, length):
    """All captures in one file, each frame cut to so many bytes."""
    whole, target = folder / "all.pcapng", folder / f"cut-{length}.pcapng"
    if not whole.exists():
        harness.append_captures(whole)
    edit(whole, target, "-s", str(length))
    target.chmod(0o644)
    return target
