#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One program opens file after file, draws frames and tables, and forgets nothing of it: sharkd
with the plugin under valgrind.

Usage: opened_often.py PLUGIN [TIMES]

Fails when memory is lost that the plugin asked for, when it holds more than one open file takes,
when memory is read or written in a wrong way inside the plugin, or when a later reading says
something else than the first. What Wireshark loses itself is not counted.
"""
import itertools
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "plugin"))
import harness  # noqa: E402

TIMES = 12
TABLES = ["nstat:nlb,clusters", "nstat:nlb,load", "nstat:nlb,findings"]
CAPTURES = ["foreign-router.pcapng", "cluster-split.pcapng", "cluster-host-lost.pcapng",
            "unicast-masked.pcapng"]
# Opened at the end, so that what the others learnt is given back: valgrind calls pieces that std::pmr
# holds by their ends possibly lost. It has no Ethernet: nothing is learnt of it.
LAST = "raw-ip.pcapng"
FRAMES = [1, 8, 16, 2]
MOST_HELD = 8 << 20  # bytes, for the file that is open at the end
# What the plugin registers at the start is Wireshark's until the end of the program.
REGISTRATION = {"proto_register_nlb", "proto_reg_handoff_nlb"}


def one_opening(prefix, capture):
    yield "load", {"file": str(prefix.captures / capture)}
    for frame in FRAMES:
        yield "frame", {"frame": frame, "proto": True, "columns": True}
    for table in TABLES:
        yield "tap", {"tap0": table}


def last_opening(prefix):
    return [("load", {"file": str(prefix.captures / LAST)}), *(("tap", {"tap0": table}) for table in TABLES)]


def requests(prefix, times):
    calls = itertools.chain.from_iterable(
        one_opening(prefix, capture)
        for capture in itertools.islice(itertools.cycle(CAPTURES), times))
    calls = itertools.chain(calls, last_opening(prefix))
    return [json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters})
            for number, (method, parameters) in enumerate(calls, 1)]


def run(prefix, times):
    """What sharkd answered, and valgrind's report."""
    report = prefix.home / "valgrind.xml"
    command = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=all",
               "--keep-debuginfo=yes", "--num-callers=40", "--xml=yes", f"--xml-file={report}",
               "sharkd", "-"]
    done = subprocess.run(
        command, input="\n".join(requests(prefix, times)) + "\n", capture_output=True, text=True,
        cwd=prefix.root, env={**prefix.environment(), "G_SLICE": "always-malloc"}, check=False,
        **harness.as_plain_user())
    assert done.returncode == 0, f"status {done.returncode}: {done.stderr[-2000:]}"
    return done.stdout.splitlines(), ElementTree.parse(report)


def in_plugin(error):
    return any((frame.findtext("obj") or "").endswith("/nlb.so") for frame in error.iter("frame"))


def is_held(error):
    return error.findtext("kind") == "Leak_StillReachable"


def is_registration(error):
    return "Leak" in error.findtext("kind") and REGISTRATION.intersection(places(error))


def places(error):
    return [frame.findtext("fn") or "?" for frame in error.find("stack").iter("frame")]


def told(error):
    what = error.findtext("what") or error.findtext("xwhat/text")
    return f"{error.findtext('kind')}: {what}, in {' < '.join(places(error)[:8])}"


def answers_of(lines, times):
    """The answers of each opening but the last, without their numbers."""
    answers = [json.loads(line) for line in lines]
    for number, answer in enumerate(answers, 1):
        assert answer.pop("id") == number and "result" in answer, answer
    each = (len(answers) - 1 - len(TABLES)) // times
    return [answers[start:start + each] for start in range(0, each * times, each)]


def main():
    times = int(sys.argv[2]) if len(sys.argv) > 2 else TIMES
    prefix = harness.Prefix(pathlib.Path(sys.argv[1]))
    try:
        lines, report = run(prefix, times)
    finally:
        prefix.remove()
    openings = answers_of(lines, times)
    others = [number for number, opening in enumerate(openings)
              if opening != openings[number % len(CAPTURES)]]
    ours = [error for error in report.iter("error")
            if in_plugin(error) and not is_registration(error)]
    errors = [error for error in ours if not is_held(error)]
    held = sum(int(error.findtext("xwhat/leakedbytes")) for error in ours if is_held(error))
    for error in errors[:5]:
        print(told(error))
    assert any("nlb.analysis" in json.dumps(opening) for opening in openings), "not loaded"
    print(f"{times} openings, {len(openings[0])} answers each: {len(errors)} errors in the plugin, "
          f"{held} bytes held at the end, {len(others)} openings say something else than the first of their file")
    return bool(errors or others or held > MOST_HELD)


if __name__ == "__main__":
    sys.exit(main())
