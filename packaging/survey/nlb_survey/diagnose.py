# SPDX-License-Identifier: GPL-2.0-or-later
"""The second map step: what is found in one stretch of one tap."""
import json
import os
import re
import tempfile

from nlb_survey.captures import unreadable
from nlb_survey.times import time_of
from nlb_survey.tools import TSHARK, Pipe, output_of, preferences

SEVERITIES = {0x200000: "Chat", 0x400000: "Note", 0x600000: "Warning", 0x800000: "Error"}


def diagnose(stretch):
    """Lines for sort: time, tap, number of the stretch and of the row, then the finding as JSON. Instead of a time,
    what is to be said of the stretch: captures that cannot be read, and that it was diagnosed."""
    head = f"-\t{stretch['tap']}\t{stretch['number']:06d}\t\t"
    problems = [[file["name"], unreadable(file["path"])] for file in stretch["before"] + stretch["files"]]
    yield from (head + json.dumps({"problem": problem}) for problem in problems if problem[1])
    gone = {name for name, problem in problems if problem}
    here = {key: [file for file in stretch[key] if file["name"] not in gone] for key in ("before", "files")}
    if here["files"]:
        yield from findings_in({**stretch, **here}, head)
    yield head + json.dumps({"done": True})


def findings_in(stretch, head):
    with tempfile.TemporaryDirectory(prefix="nlb-survey-") as folder:
        before = [prepared(file, folder) for file in stretch["before"]]
        files = [prepared(file, folder) for file in stretch["files"]]
        pipe = Pipe(*reading([path for path, _, _ in before + files], stretch))
        places = [(file["name"], first, count) for file, (_, first, count)
                  in zip(stretch["before"] + stretch["files"], before + files)]
        skip = sum(count for _, _, count in before)
        row = 0
        for line in pipe:
            if '"layers"' in line:
                for finding in findings_of(json.loads(line)["layers"], places, skip):
                    key = f"{finding.pop('ns'):020d}\t{stretch['tap']}\t{stretch['number']:06d}\t{row:09d}\t"
                    yield key + json.dumps({"time": finding.pop("time"), "tap": stretch["tap"], **finding},
                                           ensure_ascii=False)
                    row += 1
        known = any(file["problem"] for file in stretch["files"] + stretch["before"])
        if pipe.complaint and not known:
            problem = [stretch["files"][0]["name"], f"not read to its end: {pipe.complaint}"]
            yield head + json.dumps({"problem": problem})


def prepared(file, folder):
    """(path to read, number of its first frame in the file, how many frames)"""
    path, count = file["path"], file["count"]
    if file.get("start") is not None:
        return tail_of(file, folder)
    if file["problem"]:  # mergecap stops at a file that is cut short; editcap mends it
        path = os.path.join(folder, f"{len(os.listdir(folder))}.pcapng")
        output_of("editcap", file["path"], path)
    return path, 1, count


def tail_of(file, folder):
    """By number, not by time: frames whose clock went back stay in their place."""
    path = os.path.join(folder, f"{len(os.listdir(folder))}.pcapng")
    output_of("editcap", "-A", f"{file['start']:.9f}", file["path"], path)
    rows, _ = output_of("capinfos", "-T", "-m", "-r", "-c", path)
    first = file["count"] - int(rows[0].rsplit(",", 1)[1]) + 1
    output_of("editcap", "-r", file["path"], path, f"{first}-{file['count']}")
    return path, first, file["count"] - first + 1


def reading(paths, stretch):
    settings = [f'uat:nlb_clusters:"{ip}","{mode}","{mac}"' for ip, mode, mac in stretch["clusters"]]
    settings += [f'uat:nlb_routers:"{mac}","{name}"' for mac, name in stretch["routers"]]
    settings += stretch["files"][0]["options"]
    wanted = "nlb.analysis" if stretch["all"] else "nlb.analysis.finding"
    tshark = TSHARK + preferences(settings) + ["-Y", f"{wanted} || nlb.malformed", "-T", "ek",
                                               "-J", "frame nlb nlb.analysis", "-r"]
    if len(paths) == 1:
        return [tshark + paths]
    return [["mergecap", "-a", "-w", "-", *paths], tshark + ["-"]]


def findings_of(layers, places, skip):
    number = int(layers["frame"]["frame_frame_number"])
    if number <= skip:
        return
    file, frame = place_of(number, places)
    ns, moment = time_of(layers["frame"]["frame_frame_time_epoch"])
    layers = [layers[key] for key in sorted(layers) if key.startswith("nlb")]
    for name, severity, text in experts(layers):
        yield {"ns": ns, "time": moment, "file": file, "frame": frame, "severity": severity, "finding": name,
               "cluster": field(layers, "cluster_ip"), "host": field(layers, "host_id"),
               "forwarder": field(layers, "forwarder"), "forwarder_ip": field(layers, "forwarder_ip"),
               "text": re.sub(r"\bframe (\d+)", lambda m: other_frame(int(m.group(1)), file, places), text)}


def place_of(number, places):
    for name, first, count in places[:-1]:
        if number <= count:
            return name, first + number - 1
        number -= count
    return places[-1][0], places[-1][1] + number - 1


def other_frame(number, here, places):
    name, frame = place_of(number, places)
    return f"frame {frame}" if name == here else f"frame {frame} of {os.path.basename(name)}"


def experts(node):
    """(filter name, severity, sentence) of every finding below a node of tshark -T ek."""
    if isinstance(node, list):
        for child in node:
            yield from experts(child)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "_ws_expert":
                yield from map(expert, value if isinstance(value, list) else [value])
            else:
                yield from experts(value)


def expert(item):
    name = next(key for key in item if key.startswith("nlb"))
    name = re.sub(r"^nlb_(analysis_)?(?=nlb_)", "", name)  # the protocol stands before the name
    for section in ("nlb.analysis.", "nlb."):
        if name.startswith(section.replace(".", "_")):
            name = section + name[len(section):]
            break
    return name, SEVERITIES[int(item["_ws_expert__ws_expert_severity"])], item["_ws_expert__ws_expert_message"]


def field(layers, name):
    for layer in layers:
        value = layer.get("nlb_analysis_nlb_analysis_" + name, "") if isinstance(layer, dict) else ""
        if value != "":
            return value[0] if isinstance(value, list) else value
    return ""
