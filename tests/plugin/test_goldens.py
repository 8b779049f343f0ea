# SPDX-License-Identifier: GPL-2.0-or-later
"""What we show on each frame of each capture is written down beside it, in <capture>.golden.json.

"one_pass" is what a reader of a live capture sees; "two_pass_adds" is what a second look adds, such
as "copied in frame 9". A second look never takes anything away.
"""
import json

import pytest

import harness


def test_there_are_captures():
    assert harness.captures()


def test_every_capture_has_its_own_golden_name():
    names = [harness.beside(capture, ".golden.json") for capture in harness.captures()]
    assert len(names) == len(set(names))


def test_no_golden_or_expectation_without_its_capture():
    known = {harness.beside(capture, ending)
             for capture in harness.captures() for ending in (".golden.json", ".expect.json")}
    written = {path for ending in ("golden", "expect")
               for path in harness.CAPTURES.rglob(f"*.{ending}.json")}
    assert not written - known


@pytest.mark.parametrize("capture", harness.captures())
def test_golden(capture, decode, tshark, update):
    seen = result(capture, decode, tshark)
    golden = harness.beside(capture, ".golden.json")
    if update:
        golden.write_text(as_text(seen), encoding="utf-8")
    assert golden.exists(), f"{golden.name} is missing: run ./dev golden and read what it wrote"
    assert as_text(seen) == golden.read_text(encoding="utf-8")


def result(capture, decode, tshark):
    first = {number: frame.as_json() for number, frame in decode(capture).items()}
    second = {number: frame.as_json() for number, frame in decode(capture, "-2").items()}
    add_info_column(first, capture, tshark)
    adds = {number: additions(first.get(number, {}), frame) for number, frame in second.items()}
    lost = {number: losses(frame, second.get(number, {})) for number, frame in first.items()}
    assert not any(lost.values()), f"the second pass lost {lost}"
    return {"one_pass": first, "two_pass_adds": {n: added for n, added in adds.items() if added}}


def add_info_column(frames, capture, tshark):
    """Only where we wrote it: on heartbeats."""
    heartbeats = [number for number, frame in frames.items() if "nlb" in frame["protocols"]]
    if not heartbeats:
        return
    text = tshark.run("-o", 'gui.column.format:"Info","%i"', capture=capture)
    infos = dict(enumerate(text.splitlines(), 1))
    for number in heartbeats:
        frames[number]["info"] = infos[number].strip()


def additions(before, after):
    """Field -> the values that `after` shows more of."""
    added = {name: more(before.get(name, []), values) for name, values in after.items()}
    return {name: values for name, values in added.items() if values}


def losses(before, after):
    return additions(after, {name: values for name, values in before.items() if name != "info"})


def more(before, after):
    left = list(before)
    rest = []
    for value in after:
        if value in left:
            left.remove(value)
        else:
            rest.append(value)
    return rest


def as_text(golden):
    """One frame a line, so that a diff reads like a list of changed frames."""
    sections = (f"{json.dumps(name)}: {{\n{lines(shorter(frames))}\n}}"
                for name, frames in golden.items())
    return "{\n" + ",\n".join(sections) + "\n}\n"


def shorter(frames):
    """A frame with the same fields as an earlier one says only what differs from that one, or
    heartbeats and repeated findings would make the files, and every diff, ten times as long."""
    latest = {}
    written = {}
    for number, frame in frames.items():
        kind = (*frame, *frame.get("nlb.host_id", []))
        written[number] = frame
        if kind in latest:
            like = latest[kind]
            differs = {name: value for name, value in frame.items() if value != frames[like][name]}
            written[number] = {"as": like, **differs}
        latest[kind] = number
    return written


def lines(frames):
    rows = (f"{json.dumps(str(number))}: {json.dumps(frame, ensure_ascii=False)}"
            for number, frame in frames.items())
    return ",\n".join(rows)
