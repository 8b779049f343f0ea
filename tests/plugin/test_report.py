# SPDX-License-Identifier: GPL-2.0-or-later
"""The report in words: tshark -z nlb,report[,markdown][,filter]. What it says of some captures is written down beside
them, in <capture>.report.txt and .report.md; `./dev golden` writes them anew."""
import functools
import re
import struct
import subprocess

import pytest

import harness

# A capture for each kind of verdict: broken, unusual, nothing wrong, nothing proven.
CAPTURES = ["cluster-split.pcapng", "foreign-router.pcapng", "igmp-no-querier.pcapng", "igmp-on-a-member.pcapng",
            "multicast.pcapng", "unicast-masked.pcapng"]
RAW_IP = 101  # a link type without Ethernet


def report(tshark, capture, *words):
    return tshark.run("-q", "-z", ",".join(("nlb,report", *words)), capture=capture).lstrip("\n")


@pytest.fixture(scope="session")
def plain_report(tshark):
    """plain_report(capture), made once a session."""
    return functools.cache(functools.partial(report, tshark))


@pytest.mark.parametrize("capture", CAPTURES)
@pytest.mark.parametrize("words, ending", [((), ".report.txt"), (("markdown",), ".report.md")])
def test_a_report_says_what_is_written_down(tshark, update, capture, words, ending):
    text = report(tshark, capture, *words)
    golden = harness.beside(capture, ending)
    if update:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_written_report_has_its_capture():
    written = {path.name.partition(".report.")[0] + ".pcapng" for path in harness.CAPTURES.glob("*.report.*")}
    assert written == set(CAPTURES)


@pytest.mark.parametrize("capture", harness.captures())
def test_every_report_reads_in_80_columns(plain_report, capture):
    assert [line for line in plain_report(capture).splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("capture", harness.captures())
def test_the_report_names_each_finding_that_is_wrong(plain_report, decode, capture):
    broken = {name for frame in decode(capture).values() for name, texts in frame.findings.items()
              if any(text.startswith(("warn: ", "error: ")) for text in texts)}
    wrong = plain_report(capture).partition("WHAT IS WRONG")[2].partition("\nWHAT ")[0]
    assert set(re.findall(r"^   filter: (.*)$", wrong, re.M)) == broken


def test_a_report_can_be_filtered(tshark):
    text = report(tshark, "foreign-router.pcapng", "frame.number < 7")
    assert "foreign_router" not in text
    assert report(tshark, "foreign-router.pcapng", "markdown", "frame.number < 7").startswith("# NLB report")


def test_a_filter_that_does_not_compile_is_told(tshark):
    """A word that only begins like "markdown" is taken for a filter."""
    done = subprocess.run(["tshark", "-q", "-z", "nlb,report,markdownx==1", "-r", tshark.prefix.captures / CAPTURES[0]],
                          capture_output=True, text=True, env=tshark.prefix.environment(), **harness.as_plain_user())
    assert done.returncode != 0
    assert "markdownx" in done.stderr and "NLB REPORT" not in done.stdout


@pytest.mark.parametrize("table", ["clusters", "load", "findings", "addresses", "commands"])
def test_nothing_found_and_nothing_looked_at_differ(tshark, table):
    path = tshark.prefix.captures / "raw-ip.pcap"
    packet = struct.pack(">BxHHHBBH", 0x45, 20, 1, 0, 64, 17, 0) + bytes([10, 0, 0, 1, 10, 0, 0, 2])
    path.write_bytes(harness.pcap_head(RAW_IP) + harness.pcap_record(packet, 1))
    path.chmod(0o644)
    for capture, found, looked in (("real/encap-vxlan.pcap", True, True), (path.name, True, False)):
        text = tshark.run("-q", "-z", f"nlb,{table}", capture=capture)
        assert (": none" in text) == (found and looked)
        # The table of findings has the finding.
        said = "not_analysed" if table == "findings" else "nothing was looked at"
        assert (said in text) == (not looked)
    assert "Nothing was looked at" in report(tshark, path.name)
    assert "nothing was looked at" in tshark.run("-q", "-z", "nlb,capture", capture=path.name)
    path.unlink()
