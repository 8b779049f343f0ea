# SPDX-License-Identifier: GPL-2.0-or-later
"""A live capture: a pipe that gets one frame at a time. What is said about a frame is there before
the next one comes, so it cannot come from later frames."""
import os
import select
import subprocess

import pytest

import harness

PATIENCE = 60  # seconds for one line
FIELDS = ["frame.number", "nlb.analysis.finding", "_ws.expert.message", "nlb.analysis.copy_of",
          "nlb.previous_heartbeat"]


class Live:
    """tshark, capturing from a pipe."""

    def __init__(self, prefix):
        words = [word for field in FIELDS for word in ("-e", field)]
        self.log = prefix.root / "live.log"
        with self.log.open("w", encoding="utf-8") as log:
            self.tool = subprocess.Popen(
                ["tshark", "-n", "-l", "-i", "-", "-T", "fields", *words], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, bufsize=0, cwd=prefix.root,
                env=prefix.environment(), **harness.as_plain_user())
        self.text = b""

    def line(self):
        while b"\n" not in self.text:
            ready, _, _ = select.select([self.tool.stdout], [], [], PATIENCE)
            assert ready, f"nothing in {PATIENCE} s: {self.log.read_text()}"
            more = os.read(self.tool.stdout.fileno(), 65536)
            assert more, f"tshark ended: {self.log.read_text()}"
            self.text += more
        line, self.text = self.text.split(b"\n", 1)
        return line.decode().split("\t")

    def close(self):
        self.tool.stdin.close()
        self.tool.stdout.close()
        self.tool.wait(PATIENCE)


def live_rows(prefix, capture, count):
    head, records = harness.records_of(harness.CAPTURES / capture)
    live = Live(prefix)
    rows = []
    try:
        live.tool.stdin.write(head)
        for record in records[:count]:
            live.tool.stdin.write(record)
            rows.append(live.line())
    finally:
        live.close()
    return rows


@pytest.mark.parametrize("capture, frame, finding", [
    ("foreign-router.pcapng", 8, "Sent again by a foreign router"),
    ("cluster-host-lost.pcapng", 14, "Host lost"),
])
def test_a_finding_stands_on_the_frame_that_completes_the_evidence(
        capture, frame, finding, prefix, tshark):
    rows = live_rows(prefix, capture, frame)
    assert finding in rows[-1][1] and finding not in [row[1] for row in rows[:-1]]
    assert rows == tshark.rows(capture, FIELDS, "-n")[:frame]
