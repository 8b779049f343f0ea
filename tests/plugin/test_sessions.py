# SPDX-License-Identifier: GPL-2.0-or-later
"""Two files open at once, in two sessions that are asked in turns; and one session that opens file
after file."""
import json
import pathlib
import re
import subprocess

import pytest

import harness

ROUTER = "foreign-router.pcapng"
CLUSTER = "cluster-host-lost.pcapng"
PATIENCE = 60


class Session:
    """A sharkd that stays open between questions."""

    def __init__(self, sharkd, with_plugin=True):
        self.captures = sharkd.prefix.captures
        self.tool = subprocess.Popen(
            ["sharkd", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=sharkd.prefix.root,
            env=sharkd.prefix.environment(with_plugin), **harness.as_plain_user())
        self.asked = 0

    def ask(self, method, **parameters):
        self.asked += 1
        call = {"jsonrpc": "2.0", "id": self.asked, "method": method, "params": parameters}
        print(json.dumps(call), file=self.tool.stdin, flush=True)
        answer = json.loads(self.tool.stdout.readline())
        assert answer["id"] == self.asked and "result" in answer, answer
        return answer["result"]

    def load(self, capture):
        self.ask("load", file=str(self.captures / capture))

    def trees(self, number):
        return harness.our_trees(self.ask("frame", frame=number, proto=True))

    def memory(self):
        status = pathlib.Path(f"/proc/{self.tool.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) << 10

    def close(self):
        self.tool.stdin.close()
        self.tool.stdout.close()
        assert self.tool.wait(PATIENCE) == 0


@pytest.fixture
def session(sharkd):
    opened = []

    def begin(**options):
        opened.append(Session(sharkd, **options))
        return opened[-1]
    yield begin
    for one in opened:
        one.close()


def test_two_sessions_at_once_say_what_each_says_alone(session, sharkd):
    numbers = sharkd.frame_numbers([ROUTER, CLUSTER])
    alone = {}
    for capture in numbers:
        single = session()
        single.load(capture)
        alone[capture] = [single.trees(number) for number in numbers[capture]]
    both = {capture: session() for capture in numbers}
    for capture, one in both.items():
        one.load(capture)
    said = {capture: [] for capture in numbers}
    for number in range(1, max(map(len, numbers.values())) + 1):
        for capture, one in both.items():
            if number in numbers[capture]:
                said[capture].append(one.trees(number))
    assert said == alone
    assert any(alone[ROUTER]) and any(alone[CLUSTER])


def growth(one, openings):
    """Bytes for each opening, once everything that stays has been made."""
    def open_and_ask(turn):
        one.load((ROUTER, CLUSTER)[turn % 2])
        one.trees(14)
    for turn in range(6):
        open_and_ask(turn)
    before = one.memory()
    for turn in range(openings):
        open_and_ask(turn)
    return (one.memory() - before) / openings


def test_opening_a_file_again_costs_nothing(session):
    """Beside what Wireshark keeps itself. A capture of ours that was forgotten would be 20 KiB."""
    with_plugin, without = growth(session(), 20), growth(session(with_plugin=False), 20)
    assert with_plugin <= without + 10_000, f"{with_plugin} bytes, {without} without the plugin"
