# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user reads: lines that fit, times with their unit, a help text for everything."""
import re

import pytest

import harness

LONGEST = 230  # Wireshark cuts a line of the packet details behind 239 (ITEM_LABEL_LENGTH)


@pytest.fixture(scope="module")
def lines(sharkd, tshark):
    """(capture, filter name or "", line) of everything that our trees show on any frame."""
    numbers_of = sharkd.frame_numbers(harness.captures())
    calls = []
    for capture, numbers in numbers_of.items():
        calls += [sharkd.load(capture), *map(sharkd.frame, numbers)]
    answers = iter(sharkd.session(*calls))
    found = set()
    for capture, numbers in numbers_of.items():
        next(answers)
        for answer in (next(answers) for _ in numbers):
            for tree in harness.our_trees(answer):
                found |= {(capture, *line) for line in lines_of(tree)}
    assert len(found) > 1000
    return found


def lines_of(node):
    """Wireshark puts brackets around what is not in the bytes."""
    name = re.match(r"[\w.]*", node.get("f", "")).group()
    generated = node.get("g") or name.startswith("_ws.expert")
    yield name, f"[{node['l']}]" if generated else node["l"]
    for child in node.get("n", []):
        yield from lines_of(child)


def test_every_line_fits(lines):
    long = {f"{capture}: {line}" for capture, _, line in lines if len(line) > LONGEST}
    assert not long


def test_times_have_a_unit(lines, tshark):
    """Wireshark's word: seconds, or of late (4.6) what suits the number."""
    kinds = tshark.types()
    times = {line for _, name, line in lines if kinds.get(name) == "FT_RELATIVE_TIME"}
    assert times
    unit = re.compile(r" [\d.-]+ (|milli|micro|nano)seconds?\]?$")
    assert {line for line in times if not unit.search(line)} == set()


def test_no_time_in_a_sentence_has_another_unit(lines):
    text = "\n".join(line for _, _, line in lines)
    assert re.search(r"silence of [\d.]+ s\b", text)
    assert not re.search(r"\d (?:us|ms|ns|min|h)\b", text)


def test_every_field_and_finding_has_a_help_text(tshark):
    rows = [line.split("\t") for line in tshark.run("-G", "fields").splitlines()]
    ours = {row[2]: row for row in rows if row[0] == "F" and harness.ours(row[2])}
    assert len(ours) > 90
    for name, row in ours.items():
        assert len(row[7].split()) > 1 and row[7] != row[1], name


def test_every_setting_has_a_help_text(tshark):
    text = tshark.run("-G", "defaultprefs")
    settings = re.findall(r"^# (.*)\n# (?:TRUE or FALSE|A decimal).*\n#(nlb\.\w+):", text,
                          re.M | re.I)
    assert len(settings) == 7
    assert all(len(help_text.split()) > 4 for help_text, _ in settings)
