# SPDX-License-Identifier: GPL-2.0-or-later
"""The index template of docs/scale.md against what tshark -T ek really writes; and the map steps of nlb-survey as
Slurm would run them: lines in, lines out, in any order, on any number of workers."""
import collections
import ipaddress
import json
import re

import pytest

import harness
import splitting
import workers
from conftest import REPOSITORY

TEMPLATE = REPOSITORY / "packaging/lake/nlb-index-template.json"
EK = ["-T", "ek", "-J", "frame eth ip nlb nlb.analysis", "-Y", "nlb || nlb.analysis"]
# What the server does to a value of each type, in a field that coerces strings, as fields do by default.
ACCEPTS = {
    "long": lambda v: -2**63 <= int(v) < 2**63,
    "short": lambda v: -2**15 <= int(v) < 2**15,
    "double": lambda v: float(v) is not None,
    "boolean": lambda v: v in (True, False, "true", "false", ""),
    "ip": lambda v: bool(ipaddress.ip_address(v)),
    "keyword": lambda v: isinstance(v, str) and len(v.encode()) <= 32766,
    "text": lambda v: isinstance(v, str),
    "date_nanos": lambda v: bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z", v)),
    "date": lambda v: bool(re.fullmatch(r"-?\d+", v)),  # epoch_millis
}


def leaves(properties, path=()):
    """Path of each field of a mapping -> its type."""
    for name, field in properties.items():
        if "properties" in field:
            yield from leaves(field["properties"], (*path, name))
        else:
            yield (*path, name), field["type"]


def values(node, path=()):
    """(path, value) of everything that is indexed: null is not, and a list is its values."""
    if isinstance(node, dict):
        for name, child in node.items():
            yield from values(child, (*path, name))
    elif isinstance(node, list):
        for child in node:
            yield from values(child, path)
    elif node is not None:
        yield path, node


def accepted(kind, value):
    try:
        return ACCEPTS[kind](value)
    except (ValueError, TypeError):
        return False


@pytest.fixture(scope="module")
def template():
    return json.loads(TEMPLATE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def types(template):
    return dict(leaves(template["template"]["mappings"]["properties"]))


def documents(desk):
    """What tshark writes for every capture of test-pcaps, with a file for all of them."""
    whole = desk.home / "all.pcapng"
    # mergecap stops at a capture that is cut short, as some of the traps are.
    names = [desk.prefix.captures / name for name in harness.captures() if "trap" not in name]
    splitting.run("mergecap", "-a", "-w", whole, *names)
    done = desk.run("tshark", "-n", "-r", whole, *EK)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return lines[0::2], [json.loads(line) for line in lines[1::2]]


def test_the_template_takes_what_tshark_writes(desk, template, types):
    heads, bodies = documents(desk)
    assert len(bodies) > 1000
    index = template["index_patterns"][0].rstrip("*")
    assert all(json.loads(head)["index"]["_index"].startswith(index) for head in heads)
    refused, met = collections.Counter(), set()
    for body in bodies:
        for path, value in values(body):
            if path in types:
                met.add(path)
                if not accepted(types[path], value):
                    refused[path, types[path], value] += 1
    assert not refused
    # What is ours is in the template, and has been seen with a value.
    ours = {path for body in bodies for path, _ in values(body["layers"].get("nlb_analysis", {}))}
    ours = {path for path in ours if path[0].startswith("nlb_")}
    assert {("layers", "nlb_analysis", *path) for path in ours} <= set(types)
    assert {path for path in types if path not in met} <= {
        # only in a second pass
        ("layers", "nlb_analysis", "nlb_analysis_nlb_analysis_copied_in")}


def test_every_field_of_the_plugin_is_in_the_template(desk, types):
    rows = [line.split("\t") for line in desk.run("tshark", "-G", "fields").stdout.splitlines()]
    fields = {(row[4].replace(".", "_"), row[2].replace(".", "_")) for row in rows
              if row[0] == "F" and row[2].startswith("nlb.") and row[3] != "FT_NONE"}
    assert fields
    assert {("layers", layer, f"{layer}_{name}") for layer, name in fields} == {
        path for path in types if path[0] == "layers" and path[1].startswith("nlb") and path[2] != "_ws_expert"}


def test_the_comparison_can_fail():
    assert not accepted("ip", "0x01") and not accepted("long", "1.5") and not accepted("date_nanos", "yesterday")
    assert not accepted("long", "0xffffffff") and not accepted("boolean", "1")


def test_steps_by_any_workers_in_any_order(desk):
    pieces = splitting.Pieces(desk.home / "pieces")
    pieces.cut(desk.copy("foreign-router.pcapng", "whole.pcapng"), "ring", "-c", 11)
    expected = desk.survey("--stretch", "0", pieces.folder)
    out = desk.home / "steps"

    def step(*words, lines=""):
        done = desk.run(desk.program, *words, input=lines, stdin=None)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines(keepends=True)

    captures = step("list", pieces.folder)
    assert len(captures) == 3
    learnt = [step("learn", lines="".join(lines)) for lines in (captures[2:], captures[:2])]
    stretches = step("plan", "--out", out, "--stretch", "0", lines="".join(sum(learnt, [])))
    assert len(stretches) == 3
    found = [step("diagnose", lines="".join(lines)) for lines in (stretches[1:], stretches[:1])]
    page = step("report", "--out", out, lines="".join(sum(found, [])))
    assert "".join(page) == (expected / "summary.txt").read_text(encoding="utf-8")
    for name in workers.RESULTS:
        assert (out / name).read_bytes() == (expected / name).read_bytes()
