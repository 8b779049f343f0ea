# SPDX-License-Identifier: GPL-2.0-or-later
"""A setting is changed while Wireshark captures: what was captured is dissected again, what comes
later under the new setting, and nothing of the old one is left."""
import contextlib
import os

import harness
import nlb_profile
import window

ROUTER = "foreign-router.pcapng"
COPY_DETECTION = 4  # its place on our page
RULES = ["NLB warning", "NLB note", "NLB heartbeat"]


@contextlib.contextmanager
def pipe_with(prefix, data):
    """Opened for both, so that neither side waits for the other."""
    path = prefix.home / "pipe"
    os.mkfifo(path)
    window.chown(path)
    with path.open("r+b", buffering=0) as opened:
        opened.write(data)
        yield opened
    path.unlink()


def colours(program):
    """How much of the window each of our colour rules has painted."""
    program.settle()
    return [program.screen.pixels(nlb_profile.colour_of(rule)) for rule in RULES]


def captured(prefix, *options):
    """With the setting as it is from the first packet on."""
    head, records = harness.records_of(harness.CAPTURES / ROUTER)
    with pipe_with(prefix, head + b"".join(records)) as pipe:
        with window.capturing(prefix, pipe.name, *options) as program:
            return colours(program)


def test_a_setting_changes_while_packets_arrive(prefix):
    head, records = harness.records_of(harness.CAPTURES / ROUTER)
    parts = [b"".join(part) for part in (records[:12], records[12:22], records[22:])]
    with pipe_with(prefix, head + parts[0]) as pipe, window.capturing(prefix, pipe.name) as program:
        some = colours(program)
        program.press_setting(COPY_DETECTION)
        without_some = colours(program)
        pipe.write(parts[1])
        program.press_setting(COPY_DETECTION)
        more = colours(program)
        program.press_setting(COPY_DETECTION)
        pipe.write(parts[2])
        without = colours(program)
        program.press_setting(COPY_DETECTION)
        everything = colours(program)
        assert program.said() == []
    assert without_some[0] < some[0] < more[0]
    assert without == captured(prefix, "-o", "nlb.copy_detection:FALSE")
    assert everything == captured(prefix)
    assert without != everything
