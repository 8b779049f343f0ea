# SPDX-License-Identifier: GPL-2.0-or-later
"""The file nlb.so itself, and what Wireshark says when it starts with it.

The tshark fixture refuses anything on standard error, and makes Wireshark abort where it would
print "dissector bug".
"""
import re
import subprocess

import pytest

import harness

SYMBOLS = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register",
           "plugin_describe"}
LIBRARIES = {"libwireshark", "libwsutil", "libglib-2.0", "libstdc++", "libgcc_s", "libm", "libc"}


@pytest.mark.parametrize("report", ["fields", "protocols", "plugins", "values", "defaultprefs",
                                    "heuristic-decodes", "dissector-tables", "decodes"])
def test_start_is_silent(tshark, report):
    """Wireshark's log lines begin with asterisks, whichever way they go."""
    assert "** (" not in tshark.run("-G", report)


def test_each_filter_name_is_registered_once(tshark):
    names = [line.split("\t")[2] for line in tshark.run("-G", "fields").splitlines()]
    mine = [name for name in names if harness.ours(name)]
    assert mine and len(mine) == len(set(mine))


def test_no_field_of_ours_stands_under_another_name(tshark):
    """A field with the built-in's prefix would change what saved filters mean."""
    parents = dict(line.split("\t")[2:5:2] for line in tshark.run("-G", "fields").splitlines()
                   if line.startswith("F\t"))
    assert {name for name, parent in parents.items()
            if harness.ours(parent) != harness.ours(name)} == set()


def test_without_the_plugin_there_are_no_names_of_ours(tshark):
    """Otherwise the tests above could be looking at something else."""
    text = tshark.run("-G", "fields", with_plugin=False)
    assert not [line for line in text.splitlines() if harness.ours(line.split("\t")[2])]


def test_the_statistics_are_offered(tshark):
    done = subprocess.run(["tshark", "-z", "help"], capture_output=True, text=True, check=True,
                          env=tshark.prefix.environment(), **harness.as_plain_user())
    offered = (done.stdout + done.stderr).split()
    assert {"nlb,clusters", "nlb,findings", "nlb,report", "nlb,commands"} <= set(offered)


# Of a DLL, packaging/windows/check_dll.py asks the same.
of_linux = pytest.mark.skipif(bool(harness.WINDOWS), reason="not a program of Linux")


@of_linux
def test_exported_symbols(plugin):
    text = run(["nm", "-D", "--defined-only", str(plugin)])
    assert {line.split()[-1] for line in text.splitlines()} == SYMBOLS


@of_linux
def test_needed_libraries(plugin):
    text = run(["readelf", "-d", str(plugin)])
    needed = set(re.findall(r"\(NEEDED\).*\[(.+?)\.so", text))
    assert "libwireshark" in needed
    assert needed <= LIBRARIES


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
