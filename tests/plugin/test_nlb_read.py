# SPDX-License-Identifier: GPL-2.0-or-later
"""tools/nlb_read and tshark find the same: the core needs no Wireshark."""
import functools
import json
import os
import subprocess

import pytest

import harness

READ = os.environ.get("NLB_READ")
pytestmark = pytest.mark.skipif(not READ, reason="nlb_read was not built: libpcap-dev is missing")


@functools.cache
def lines_of(capture):
    """Its lines, or None for what libpcap cannot read."""
    done = subprocess.run([READ, "--json", harness.CAPTURES / capture], capture_output=True,
                          text=True, timeout=harness.TIMEOUT)
    assert done.returncode in (0, 1), done
    return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else None


@pytest.fixture(scope="module")
def told_alike(sharkd):
    """The captures of which libpcap hands out all that the findings rest on: one interface, no
    tunnels, and no checksum behind the frame."""
    columns = {f"column{i}": f"{name}:1" for i, name in enumerate(["frame.interface_id", "frame.protocols", "eth.fcs"])}
    return {name for name, frames in sharkd.of_each(harness.captures(), "frames", columns).items()
            if is_told_alike([frame["c"] for frame in frames])}


def is_told_alike(rows):
    return (len({interface for interface, _, _ in rows}) < 2 and
            not any(protocols.split(":").count("eth") > 1 for _, protocols, _ in rows) and
            not any(fcs for _, _, fcs in rows))


def findings(lines):
    severity = {"Chat": "chat", "Note": "note", "Warning": "warn", "Error": "error"}
    return sorted((line["frame"], line["finding"], severity[line["severity"]] + ": " + line["text"])
                  for line in lines if "frame" in line)


def findings_of_tshark(decoded):
    return sorted((number, name, text) for number, frame in decoded.items()
                  for name, texts in frame.findings.items() for text in texts)


def test_it_reads_most_captures(told_alike):
    compared = [capture for capture in told_alike if lines_of(capture) is not None]
    assert len(compared) > len(harness.captures()) / 2


@pytest.mark.parametrize("capture", harness.captures())
def test_findings_are_those_of_tshark(capture, told_alike, decode):
    lines = lines_of(capture)
    if lines is None or capture not in told_alike:
        pytest.skip("libpcap does not tell all that tshark knows of it")
    assert findings(lines) == findings_of_tshark(decode(capture))


def test_tables_are_the_same(tshark):
    lines = lines_of("foreign-router.pcapng")
    found = [line for line in lines if line.get("table") == "findings"]
    assert found
    said = tshark.run("-q", "-z", "nlb,findings", capture="foreign-router.pcapng")
    for row in found:
        assert row["What that frame shows"] in said
    assert any(line.get("table") == "clusters" for line in lines)


def test_text_names_frame_severity_and_finding():
    done = subprocess.run([READ, harness.CAPTURES / "foreign-router.pcapng"], capture_output=True,
                          text=True, check=True)
    assert any(line.split("\t")[1:3] == ["Warning", "nlb.analysis.foreign_router"]
               for line in done.stdout.splitlines() if line.count("\t") == 3)


def test_what_it_cannot_read_gets_one_line(tmp_path):
    (tmp_path / "words").write_text("These are words,\nnot packets.\n")
    done = subprocess.run([READ, tmp_path / "words"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == "" and done.stderr.count("\n") == 1
