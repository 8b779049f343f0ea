# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile NLB: it loads without a word, its rules paint the right frames, it needs no plugin."""
import itertools
import json
import re
import subprocess

import pytest

import harness
import nlb_profile

ROUTER = "foreign-router.pcapng"
# Together they hold every severity, harmless copies, and frames that are none of NLB's business.
PAINTED = [ROUTER, "cluster-split.pcapng", "multicast.pcapng", "unicast-unmasked.pcapng",
           "cluster-host-lost.pcapng", "copy-routed-two-sides.pcapng", "copy-relayed.pcapng",
           "routing-loop.pcapng", "igmp-no-querier.pcapng", "two-hosts-answer.pcapng"]
GRAVEST_FIRST = ["Error", "Warning", "Note"]
# Not in nlb.analysis.finding.
ROUTINE = {"masked_mac", "inter_host_mac"}
HARMLESS_COPIES = {"routed_copy", "capture_copy"}


@pytest.fixture(scope="module")
def severities():
    """Finding -> severity, from the page that is printed from the core's tables."""
    page = (harness.REPOSITORY / "docs/reference.md").read_text(encoding="utf-8")
    found = re.findall(r"^### `nlb\.(?:analysis\.)?(\w+)`\n\n\*\*.*\*\* \((\w+)\)$", page, re.M)
    assert len(found) > 30
    return dict(found)


@pytest.fixture(scope="module")
def with_profile(tshark):
    """run(*arguments, capture=...) as a user who has the profile; any word on stderr fails."""
    nlb_profile.install(tshark.prefix)

    def run(*arguments, **more):
        return tshark.run("-C", "NLB", *arguments, **more)
    return run


# ---- it loads ----

def test_it_is_small():
    files = list(nlb_profile.FOLDER.iterdir())
    assert sum(path.stat().st_size for path in files) < 10_000
    assert {path.name for path in files} == {
        "colorfilters", "dfilter_buttons", "dfilters", "io_graphs", "preferences",
        "profile_settings", "recent"}


@pytest.mark.parametrize("capture", [ROUTER, "real/msnlb.pcap", "real/encap-vxlan.pcap"])
def test_it_loads_without_a_word(with_profile, capture):
    assert with_profile("--color", capture=capture)


def test_it_sets_the_columns_and_nothing_else():
    assert [line for line in nlb_profile.lines("preferences") if not line.startswith("\t")] == [
        "gui.column.format:"]


def test_the_column_says_who(with_profile):
    copy, = with_profile("-Y", "frame.number == 8", capture=ROUTER).splitlines()
    assert re.search(r" TCP 00:15:5d:01:02:03 \(192\.168\.1\.1\) .* \[NLB: Sent again by ", copy)


# Of Wireshark's window, as it is drawn in 1366 points: a character, and what is no column.
CHARACTER, BESIDE = 7.8, 60


def test_the_columns_leave_room_for_info_on_a_small_screen():
    line, = nlb_profile.lines("recent")
    words = line.partition(": ")[2].split(", ")
    widths = dict(zip(words[::2], map(int, words[1::2])))
    others = sum(width for name, width in widths.items() if name != "%i")
    assert (1366 - BESIDE - others) / CHARACTER >= 70


# ---- its colours ----

def rules(with_profile, capture):
    """Frame number -> the name of the rule that paints it."""
    text = with_profile("--color", "-T", "fields", "-e", "frame.number", "-e",
                        "frame.coloring_rule.name", "-e", "frame.protocols", capture=capture)
    rows = [line.split("\t") for line in text.splitlines()]
    return ({int(row[0]): row[1] for row in rows},
            {int(row[0]) for row in rows if "nlb" in row[2].split(":")})


def expected_rule(findings, is_heartbeat, severities):
    """The rule that the hand-written findings of a frame ask for; "" is one of Wireshark's own."""
    here = {severities[name] for name in findings}
    if set(findings) - ROUTINE == {"unmasked_mac"}:
        return "NLB unmasked MAC"
    for severity in GRAVEST_FIRST:
        if severity in here:
            return f"NLB {severity.lower()}"
    if is_heartbeat:
        return "NLB heartbeat"
    return "NLB copy, harmless" if HARMLESS_COPIES & set(findings) else ""


@pytest.mark.parametrize("capture", PAINTED)
def test_each_frame_is_painted_by_its_gravest_finding(with_profile, severities, capture):
    painted, heartbeats = rules(with_profile, capture)
    findings = json.loads(harness.beside(capture, ".expect.json").read_text(encoding="utf-8"))
    for number, rule in painted.items():
        wanted = expected_rule(findings.get(str(number), []), number in heartbeats, severities)
        ours = rule if rule.startswith("NLB") else ""
        assert ours == wanted, f"{capture} frame {number}: {rule}"


def test_every_rule_of_ours_paints_something(with_profile):
    seen = set()
    for capture in PAINTED:
        seen |= set(rules(with_profile, capture)[0].values())
    assert {name for name, *_ in nlb_profile.colours() if name.startswith("NLB")} <= seen


def test_a_malformed_heartbeat_is_an_error(with_profile):
    painted, _ = rules(with_profile, "heartbeat-malformed.pcapng")
    assert "NLB error" in painted.values()


def test_our_rules_stand_above_wiresharks():
    names = [name.startswith("NLB") for name, *_ in nlb_profile.colours()]
    assert names == sorted(names, reverse=True)
    assert 4 <= names.count(True) < len(names)


# ---- colours that everybody can tell apart ----

def linear(colour):
    """Light, from the numbers of sRGB."""
    parts = [part / 65535 for part in colour]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(light):
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(one, other):
    """As the Web Content Accessibility Guidelines reckon it: 4.5 is readable."""
    low, high = sorted([luminance(linear(one)), luminance(linear(other))])
    return (high + 0.05) / (low + 0.05)


# What is left of light without red or green receptors (Machado, Oliveira, Fernandes 2009).
SIGHT = {
    "full": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}


def seen_by(colour, sight):
    light = linear(colour)
    return [min(1, max(0, sum(part * weight for part, weight in zip(light, row))))
            for row in SIGHT[sight]]


def lab(light):
    """CIE L*a*b*: equal distances look equally different."""
    rows = [(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)]
    white = (0.9505, 1.0, 1.089)
    x, y, z = (cube_root(sum(part * weight for part, weight in zip(light, row)) / full)
               for row, full in zip(rows, white))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def cube_root(value):
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5


OURS = [row for row in nlb_profile.colours() if row[0].startswith("NLB")]


@pytest.mark.parametrize("name, _, back, fore", OURS, ids=[row[0] for row in OURS])
def test_text_can_be_read(name, _, back, fore):
    assert contrast(back, fore) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
def test_the_rules_can_be_told_apart(sight):
    """2.3 is what an eye can just see; 10 is seen at a glance."""
    for (one, _, first, _), (other, _, second, _) in itertools.combinations(OURS, 2):
        apart = distance(lab(seen_by(first, sight)), lab(seen_by(second, sight)))
        assert apart >= 10, f"{one} and {other} look alike: {apart:.1f}"


# ---- Wireshark 4.4 changes to it by itself ----

@pytest.mark.parametrize("capture, changes", [
    (ROUTER, True), ("real/msnlb.pcap", True), ("routing-loop.pcapng", True),
    ("copy-routed-chain.pcapng", False)])
def test_it_is_chosen_for_a_cluster_or_a_finding(tshark, capture, changes):
    """A loop has no cluster, and copies that are harmless are no reason."""
    line, = nlb_profile.lines("profile_settings")
    wanted = line.removeprefix("auto_switch_filter: ")
    assert bool(tshark.run("-Y", wanted, capture=capture)) == changes


# ---- without the plugin ----

def test_without_the_plugin_nothing_breaks(with_profile):
    lines = with_profile(capture=ROUTER, with_plugin=False).splitlines()
    assert len(lines) == 32
    assert " ARP " in lines[1]


def test_without_the_plugin_the_rules_of_wireshark_still_paint(tshark, with_profile):
    """Wireshark names the rules that it leaves out, and goes on."""
    prefix = tshark.prefix
    done = subprocess.run(
        ["tshark", "-C", "NLB", "--color", "-T", "fields", "-e", "frame.coloring_rule.name", "-r",
         str(prefix.captures / ROUTER)],
        capture_output=True, text=True, check=True, cwd=prefix.root,
        env={**prefix.environment(with_plugin=False), "G_DEBUG": ""}, **harness.as_plain_user())
    assert set(done.stdout.split("\n")) >= {"ARP", "Bad TCP"}
    left_out = set(re.findall(r'Could not compile "(.*?)"', done.stderr))
    assert left_out == {row[0] for row in OURS}
