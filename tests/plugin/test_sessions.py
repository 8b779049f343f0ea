# SPDX-License-Identifier: GPL-2.0-or-later
"""Two files open at once, in two sessions that are asked in turns."""
import json
import subprocess

import pytest

import harness

ROUTER = "foreign-router.pcapng"
CLUSTER = "cluster-host-lost.pcapng"
PATIENCE = 60


class Session:
    """A sharkd that stays open between questions."""

    def __init__(self, sharkd):
        self.captures = sharkd.prefix.captures
        self.tool = subprocess.Popen(
            ["sharkd", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=sharkd.prefix.root,
            env=sharkd.prefix.environment(), **harness.as_plain_user())
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

    def close(self):
        self.tool.stdin.close()
        self.tool.stdout.close()
        assert self.tool.wait(PATIENCE) == 0


@pytest.fixture
def session(sharkd):
    opened = []

    def begin():
        opened.append(Session(sharkd))
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
