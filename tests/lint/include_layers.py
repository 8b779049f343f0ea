#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the #include lines of src/ and plugin/ against the arrows of the design, and the calls of
src/: what nlb.h declares is defined at the top, so that nothing below may call it.

A file may include its own layer and those before it in LAYERS. What Wireshark and GLib offer is for
plugin/ only, which in turn sees of src/ nothing but nlb.h.
"""
import re
import sys

import common

LAYERS = ["base", "wire", "facts", "state", "heuristics", "report", "capture", "capture_feed", "tables", "nlb_c"]
FACE = "nlb.h"        # plain structs and enums: the vocabulary above the bytes
TOP = "src/nlb_c.cc"  # defines what the face declares
CATALOG = "catalog"   # constant tables; read by whoever needs a name
WITHOUT_FACE = ("base", "wire")
FOREIGN = re.compile(r"(epan|wiretap|wsutil|ui|glib|gio|gmodule)\b|(glib|gmodule)\.h")
COMPAT = "plugin/ws_compat.h"
VERSION_IF = re.compile(r"\s*#\s*(if|elif)\b.*VERSION|\s*#\s*ifn?def\b.*VERSION")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
FUNCTION = re.compile(r"\b(nlb_\w+)\(")
FACE_FUNCTIONS = set(FUNCTION.findall((common.REPOSITORY / "src" / FACE).read_text(encoding="utf-8")))


def check():
    problems = []
    for name in common.project_files():
        if name.startswith(("src/", "plugin/", "tools/")) and name.endswith((".c", ".h", ".cc")):
            text = (common.REPOSITORY / name).read_text(encoding="utf-8")
            problems += problems_of(name, text)
    return problems


def problems_of(name, text):
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        reason = refuse_include(name, *include.groups()) if include else refuse_line(name, line)
        if reason:
            problems.append(f"{name}:{number}: {reason}")
    return problems


def refuse_line(name, line):
    if name != COMPAT and VERSION_IF.match(line):
        return f"a version #if belongs into {COMPAT}"
    if name.startswith("src/") and name not in (TOP, f"src/{FACE}"):
        for call in FUNCTION.findall(line.partition("//")[0]):
            if call in FACE_FUNCTIONS:
                return f"{call} is defined in {TOP}: the arrow goes the other way"
    return None


def refuse_include(name, bracket, target):
    if name.startswith("plugin/"):
        own = "/" not in target or target == FACE
        return None if bracket == "<" or own else f"plugin/ sees of src/ only {FACE}, not {target}"
    if FOREIGN.match(target):
        return f"only plugin/ includes {target}"
    if name.startswith("tools/"):
        return None if bracket == "<" or target == FACE else f"tools/ uses {FACE}, not {target}"
    return refuse_layer(layer_of(name.removeprefix("src/")), target) if bracket == '"' else None


def refuse_layer(layer, target):
    other = layer_of(target)
    if other == layer:
        return None
    if layer == FACE:
        return f"{FACE} stands alone, but includes {target}"
    if other == FACE:
        return f"{layer} does not know {FACE}" if layer in WITHOUT_FACE else None
    if CATALOG in (layer, other):
        fine = other == CATALOG and layer != "base"
        return None if fine else f"{layer} must not include {target}"
    if other not in LAYERS or layer not in LAYERS:
        return f"{layer} and {target}: not in the list of layers"
    if LAYERS.index(other) > LAYERS.index(layer):
        return f"{layer} must not include {target}: the arrow goes the other way"
    return None


def layer_of(path):
    """Folder, or for a file at the top its name without the ending; nlb.h is itself."""
    folder, slash, _ = path.partition("/")
    return folder if slash or path == FACE else folder.rpartition(".")[0]


def self_test():
    allowed = [
        ("src/wire/arp.h", '#include "base/mac.h"'),
        ("src/state/settings.cc", '#include "catalog/settings.h"'),
        ("src/catalog/fields.h", '#include "nlb.h"'),
        ("src/nlb_c.cc", '#include "capture.h"'),
        ("src/base/text.cc", "#include <string>"),
        ("plugin/draw.c", "#include <epan/packet.h>"),
        ("plugin/draw.c", '#include "nlb_plugin.h"'),
        (COMPAT, "#if WS_VERSION_AT_LEAST(4, 4)"),
        ("plugin/draw.c", "#ifndef NLB_PLUGIN_H"),
        ("plugin/draw.c", "nlb_field(i)->kind"),
        (TOP, "nlb_is_heartbeat(payload, size)"),
        ("src/report/report.h", "nlb_report(); // as nlb_severity_name() says"),
    ]
    refused = [
        ("src/base/mac.h", '#include "wire/arp.h"'),
        ("src/wire/arp.h", '#include "nlb.h"'),
        ("src/state/evidence.h", '#include "report/report.h"'),
        ("src/catalog/fields.h", '#include "base/text.h"'),
        ("src/heuristics/masking.cc", '#include "capture.h"'),
        ("src/facts/new/thing.h", '#include "unheard/of.h"'),
        ("src/nlb.h", '#include "base/mac.h"'),
        ("src/report/report.cc", "#include <epan/packet.h>"),
        ("src/report/report.cc", "#include <glib.h>"),
        ("src/report/report.cc", "return nlb_severity_name(severity);"),
        ("src/tables/grid.h", "nlb_field(0)"),
        ("plugin/draw.c", '#include "base/mac.h"'),
        ("plugin/draw.c", "#if NLB_WIRESHARK_VERSION >= 404"),
        ("plugin/draw.c", "  # ifdef VERSION_MAJOR"),
    ]
    return ([f"wrongly refused: {case}" for case in allowed if problems_of(*case)]
            + [f"wrongly allowed: {case}" for case in refused if not problems_of(*case)])


if __name__ == "__main__":
    sys.exit(common.main(check, self_test))
