# SPDX-License-Identifier: GPL-2.0-or-later
"""<capture>.expect.json was written by hand from the story that the capture tells: frame number ->
names of the findings. A frame it does not name has no finding. Goldens are written by the plugin
and so can repeat its mistakes; these cannot.
"""
import json

import pytest

import harness

EXPECTED = {capture: json.loads(path.read_text(encoding="utf-8"))
            for capture in harness.captures()
            if (path := harness.beside(capture, ".expect.json")).exists()}


def test_there_are_expectations():
    assert EXPECTED


def test_every_expected_name_is_a_finding(tshark):
    text = tshark.run("-G", "fields")
    registered = {line.split("\t")[2] for line in text.splitlines()}
    expected = {name for frames in EXPECTED.values() for names in frames.values() for name in names}
    assert {f"nlb.analysis.{name}" for name in expected} <= registered


@pytest.mark.parametrize("passes", ["one pass", "two passes"])
@pytest.mark.parametrize("capture", EXPECTED)
def test_findings_are_those_expected(capture, passes, decode):
    decoded = decode(capture) if passes == "one pass" else decode(capture, "-2")
    seen = {number: analysis_findings(frame) for number, frame in decoded.items()}
    expected = {int(number): sorted(names)
                for number, names in EXPECTED[capture].items()}
    assert without_empty(seen) == without_empty(expected)


def analysis_findings(frame):
    return sorted(harness.short_name(name) for name in frame.findings
                  if name.startswith("nlb.analysis."))


def without_empty(findings):
    return {number: names for number, names in findings.items() if names}
