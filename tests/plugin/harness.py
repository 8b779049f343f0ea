# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs Wireshark's command-line tools with nlb.so and reads what they print.

Wireshark started by root ignores private plugins without a word, so every tool here runs as a plain
user, in a folder that this user may read.
"""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = REPOSITORY / "test-pcaps"
PLAIN_ID = 65534
PCAP_HEAD, RECORD_HEAD = 24, 16  # bytes, of a classic pcap file and of each frame in it
TIMEOUT = 600  # seconds; only ever reached by a tool that hangs

# A folder with tshark.exe and sharkd.exe: then these run, in Wine (./dev windows tshark). Their
# namesakes in WINE_TOOLS start them, so that whoever asks for tshark gets it.
WINDOWS = os.environ.get("NLB_WINDOWS_PROGRAMS")
WINE_TOOLS = REPOSITORY / "tests/windows/bin"
PLUGIN_NAME = "nlb.dll" if WINDOWS else "nlb.so"
TOOL_PATH = (f"{WINE_TOOLS}:" if WINDOWS else "") + "/usr/local/bin:/usr/bin:/bin"

# The only things a tool may say on standard error.
HARMLESS = re.compile(
    r"appears to have been cut short in the middle of a packet|^Hello in child\.$|^load: filename=|"
    r"^sharkd_session_process_tap\(\) count="
)
# tshark's exit status for a file that ends in the middle of a packet: in 4.0, and of late.
CUT_SHORT = {2, 14}


def captures():
    """Every capture of test-pcaps, with a path relative to it that serves as its name."""
    found = [p for p in CAPTURES.rglob("*") if p.suffix in (".pcap", ".pcapng")]
    return sorted(str(p.relative_to(CAPTURES)) for p in found)


def beside(capture, ending):
    """The file that belongs to a capture: x.pcapng -> x.golden.json."""
    return (CAPTURES / capture).with_suffix(ending)


def records_of(path, *options):
    """Head and records of a capture, as classic pcap; options are editcap's."""
    data = subprocess.run(["editcap", "-F", "pcap", *options, path, "-"], check=True,
                          capture_output=True).stdout
    records, at = [], PCAP_HEAD
    while at < len(data):
        end = at + RECORD_HEAD + struct.unpack_from("<I", data, at + 8)[0]
        records.append(data[at:end])
        at = end
    return data[:PCAP_HEAD], records


def without_vlan_tags(raw):
    """An Ethernet frame as a capture has it that lost the VLAN tags."""
    end = 12
    while raw[end:end + 2] in (b"\x81\x00", b"\x88\xa8", b"\x91\x00") and len(raw) >= end + 6:
        end += 4
    return raw[:12] + raw[end:]


def strip_vlan_tags(capture, target):
    """Writes a capture without its VLAN tags, interfaces and times as they were."""
    # One capture ends in the middle of a packet, which editcap complains about.
    data = subprocess.run(["editcap", "-F", "pcapng", capture, "-"], check=False,
                          capture_output=True).stdout
    out, at = [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        block, at = data[at:at + length], at + length
        if kind == 6:  # Enhanced Packet Block
            head, (captured, wire) = block[8:20], struct.unpack_from("<II", block, 20)
            raw = block[28:28 + captured]
            bare = without_vlan_tags(raw)
            lengths = struct.pack("<II", len(bare), wire - len(raw) + len(bare))
            body = head + lengths + bare + bytes(-len(bare) % 4)
            block = struct.pack("<II", 6, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
        out.append(block)
    target.write_bytes(b"".join(out))
    target.chmod(0o644)


def pcap_head(link_type=1):
    """Of a classic pcap file of Ethernet frames, or of another link type."""
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type)


def pcap_record(frame, seconds, microseconds=0, wire=None):
    """A frame of such a file; wire: its length before the capture cut it."""
    return struct.pack("<IIII", seconds, microseconds, len(frame), wire or len(frame)) + frame


def append_captures(target):
    """Writes all captures into one, in the order of their names."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [pathlib.Path(folder) / str(number) for number in range(len(captures()))]
        for name, part in zip(captures(), parts):
            # One capture ends in the middle of a packet, which editcap complains about; at its end
            # mergecap would leave out all others.
            subprocess.run(["editcap", CAPTURES / name, part], check=False, capture_output=True)
        subprocess.run(["mergecap", "-a", "-w", target, *parts], check=True, capture_output=True)
    target.chmod(0o644)


class Prefix:
    """A private folder with the plugin, an empty home, and copies of the captures."""

    def __init__(self, plugin):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="nlb-test-"))
        self.home = self.root / "home"
        self.config = self.home / ".config/wireshark"
        self.plugins = self.root / "plugins"
        self.no_plugins = self.root / "no-plugins"
        if WINDOWS:
            # Below the configuration, and no variable leads elsewhere.
            self.plugins = self.config / "plugins"
        self.captures = self.root / "captures"
        self.config.mkdir(parents=True)
        self.no_plugins.mkdir()
        folder = self.plugins / wireshark_series() / "epan"
        folder.mkdir(parents=True)
        shutil.copy(plugin, folder / PLUGIN_NAME)
        shutil.copytree(CAPTURES, self.captures)
        self.hand_over()

    def hand_over(self):
        """Makes everything readable to the plain user, and the home his."""
        for path in [self.root, *self.root.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
            if os.getuid() == 0 and path.is_relative_to(self.home):
                os.chown(path, PLAIN_ID, PLAIN_ID)

    def remove(self):
        shutil.rmtree(self.root)

    def environment(self, with_plugin=True):
        return {
            **self.windows_environment(with_plugin),
            "PATH": TOOL_PATH,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "WIRESHARK_PLUGIN_DIR": str(self.plugins if with_plugin else self.no_plugins),
            # A dissector bug is a crash here, not a line that scrolls by.
            "WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1",
            "G_DEBUG": "fatal-criticals",
        }

    def windows_environment(self, with_plugin):
        if not WINDOWS:
            return {}
        configuration = self.config if with_plugin else self.no_plugins
        passed_on = {name: value for name, value in os.environ.items()
                     if name.startswith("WINE") or name == "XDG_RUNTIME_DIR"}
        return {**passed_on, "NLB_WINDOWS_PROGRAMS": WINDOWS,
                "WIRESHARK_CONFIG_DIR": str(configuration)}


def wireshark_series():
    """"4.0" of "TShark (Wireshark) 4.0.17 (...)": the folder Wireshark loads plugins from."""
    text = subprocess.run(["tshark", "-v"], capture_output=True, text=True, check=True,
                          env={**os.environ, "PATH": TOOL_PATH}).stdout
    return re.search(r"(\d+\.\d+)\.\d+", text).group(1)


def as_plain_user():
    """Arguments for subprocess that give up root."""
    if os.getuid() != 0:
        return {}
    return {"user": PLAIN_ID, "group": PLAIN_ID, "extra_groups": []}


def unexpected(stderr):
    return [line for line in stderr.splitlines() if line and not HARMLESS.search(line)]


def run_tool(prefix, command, requests="", with_plugin=True):
    """What the tool printed. Anything unusual on standard error or in its status is a failure."""
    done = subprocess.run(
        command, input=requests, capture_output=True, text=True, timeout=TIMEOUT,
        cwd=prefix.root, env=prefix.environment(with_plugin), **as_plain_user(),
    )
    said = f"{' '.join(command)}: status {done.returncode}, {done.stderr}"
    assert not unexpected(done.stderr), said
    cut_short = done.returncode in CUT_SHORT and "cut short" in done.stderr
    assert done.returncode == 0 or cut_short, said
    return done.stdout


class Tshark:
    """Runs tshark over captures, which are named as captures() names them."""

    def __init__(self, prefix):
        self.prefix = prefix
        self._types = None

    def run(self, *arguments, capture=None, with_plugin=True):
        command = ["tshark", *arguments]
        if capture is not None:
            command += ["-r", str(self.prefix.captures / capture)]
        return run_tool(self.prefix, command, with_plugin=with_plugin)

    def rows(self, capture, fields, *arguments):
        """A list per frame, with the value of each field ("" where it is absent)."""
        options = [word for field in fields for word in ("-e", field)]
        text = self.run("-T", "fields", *options, *arguments, capture=capture)
        return [line.split("\t") for line in text.splitlines()]

    def frames(self, capture, *arguments):
        """The numbers of the frames that pass."""
        rows = self.rows(capture, ["frame.number"], *arguments)
        return [int(row[0]) for row in rows]

    def types(self):
        """Filter name -> FT_ type of each of our fields, as Wireshark registered it."""
        if self._types is None:
            rows = (line.split("\t") for line in self.run("-G", "fields").splitlines())
            self._types = {row[2]: row[3] for row in rows if row[0] == "F" and ours(row[2])}
        return self._types

    def decode(self, capture, *arguments):
        """Frame number -> Decoded, for each frame on which we show something."""
        text = self.run(
            "-T", "pdml", "-J", "nlb nlb.analysis", *arguments, capture=capture)
        packets = ElementTree.fromstring(text).iter("packet")
        decoded = {number_of(packet): decode_packet(packet, self.types()) for packet in packets}
        return {number: frame for number, frame in decoded.items() if frame.protocols}


def ours(name):
    return name.startswith("nlb")


@dataclasses.dataclass
class Decoded:
    """What our protocols show on one frame. Values are compared over Wireshark versions, so they
    are Wireshark's plain values, not its wording; the text of a finding is our own."""
    protocols: list = dataclasses.field(default_factory=list)
    fields: dict = dataclasses.field(default_factory=dict)
    findings: dict = dataclasses.field(default_factory=dict)

    def as_json(self):
        return {"protocols": self.protocols, **self.fields, **self.findings}


SEVERITY = {0x100000: "comment", 0x200000: "chat", 0x400000: "note", 0x600000: "warn",
            0x800000: "error"}


def number_of(packet):
    return int(packet.find("proto[@name='geninfo']/field[@name='num']").get("show"))


def decode_packet(packet, types):
    decoded = Decoded()
    for protocol in packet.iter("proto"):
        if ours(protocol.get("name")) and protocol.find("field[@name='filtered']") is None:
            decoded.protocols.append(protocol.get("name"))
            decode_children(protocol, types, decoded)
    return decoded


def decode_children(node, types, decoded):
    for field in node.findall("field"):
        name = field.get("name")
        if name == "_ws.expert":
            decode_expert(field, decoded)
            continue
        if name in types:
            value = plain_value(types[name], field.get("show"))
            decoded.fields.setdefault(name, []).append(value)
        decode_children(field, types, decoded)


def decode_expert(node, decoded):
    shown = {field.get("name"): field.get("show") for field in node.findall("field")}
    severity = SEVERITY[int(shown["_ws.expert.severity"])]
    text = f"{severity}: {shown['_ws.expert.message']}"
    name, = (name for name in shown if not name.startswith("_ws."))
    decoded.findings.setdefault(name, []).append(text)


def plain_value(kind, shown):
    """Numbers as numbers, but 0x... as it is; Wireshark 4.0 prints a boolean as 1, 4.4 as True."""
    if kind == "FT_BOOLEAN":
        return shown in ("1", "True")
    if kind.startswith("FT_UINT") or kind == "FT_FRAMENUM":
        return int(shown) if shown.isdecimal() else shown
    if kind == "FT_NONE":
        return None
    return shown


class Sharkd:
    """The daemon behind graphical front ends: it dissects a frame again whenever it is asked to."""

    def __init__(self, prefix):
        self.prefix = prefix

    def session(self, *calls, with_plugin=True):
        """Sends (method, parameters) pairs to one sharkd and returns their results."""
        lines = [json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
                 for number, (method, params) in enumerate(calls, 1)]
        text = run_tool(self.prefix, ["sharkd", "-"], "\n".join(lines) + "\n", with_plugin)
        answers = {answer["id"]: answer for answer in map(json.loads, text.splitlines())}
        return [result_of(call, answers.get(number)) for number, call in enumerate(calls, 1)]

    def load(self, capture):
        return "load", {"file": str(self.prefix.captures / capture)}

    def of_each(self, names, *call):
        """Capture -> what this call is answered, all in one sharkd: it takes a tenth of a tshark for each."""
        calls = [part for name in names for part in (self.load(name), call)]
        return dict(zip(names, self.session(*calls)[1::2]))

    @staticmethod
    def frame(number):
        return "frame", {"frame": number, "proto": True}

    def frame_numbers(self, names):
        """Capture -> its frame numbers."""
        return {name: list(range(1, status["frames"] + 1))
                for name, status in self.of_each(names, "status", {}).items()}


def result_of(call, answer):
    """sharkd loads a file that is cut short, but then forgets to answer."""
    if answer is None and call[0] == "load":
        return None
    assert answer is not None and "result" in answer, f"{call}: {answer}"
    return answer["result"]


def our_trees(answer):
    """Our top-level trees of a frame, as a front end would draw them."""
    return [tree for tree in answer["tree"] if ours(tree.get("f", ""))]


def short_name(filter_name):
    """The name of a finding as the *.expect.json files write it."""
    return filter_name.removeprefix("nlb.analysis.")
