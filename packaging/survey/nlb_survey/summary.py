# SPDX-License-Identifier: GPL-2.0-or-later
"""The page to read first."""
from nlb_survey.times import time_of
from nlb_survey.tools import explanations

# Findings that look back farther than a few seconds, and how far: with less overlap they may be
# missing after a cut, or be said again. None: as far back as the file goes.
LOOKS_BACK = {"idle_host": 130, "igmp_silent": 200, "igmp_no_querier": 200, "reconverging": 300,
              "unanswered_syn": 75,
              "vip_mac_conflict": 60, "secondary_vip_mac": None}
EPISODE = 60  # seconds without a finding that end an episode of the timeline
EPISODES = 200  # most lines of the timeline; findings.csv has the rest
GRAVITY = {"Error": 0, "Warning": 1, "Note": 2, "Chat": 3}


class Episodes:
    """Findings of one kind, about one cluster, one after the other."""

    def __init__(self):
        self.all, self.open = [], {}

    def add(self, row):
        if row["severity"] == "Chat" and not row["finding"].endswith(".host_joined"):
            return
        key = tuple(row[name] for name in ("tap", "finding", "cluster", "forwarder"))
        episode = self.open.get(key)
        if not episode or seconds_of(row) - seconds_of(episode["last"]) > EPISODE:
            episode = self.open[key] = {"first": row, "count": 0}
            self.all.append(episode)
        episode["last"] = row
        episode["count"] += 1


def seconds_of(row):
    return time_of(row["time"])[0] / 10**9


def shown(row):
    return row["time"][:19].replace("T", " ")


def place(row):
    return f"frame {row['frame']} of {row['file']}"


def title(known):
    return f"NLB survey of {known['files']} captures, times in UTC"


def sections(known, problems, totals, forwarders, episodes):
    """(heading, lines, what stands there when there are none)"""
    said = explanations()
    order = sorted(totals.items(), key=lambda item: (GRAVITY[item[1]["first"]["severity"]], item[0]))
    worst = sorted(forwarders.items(), key=lambda item: (-item[1]["count"], item[0]))
    more = [f"and {len(episodes) - EPISODES} more: see findings.csv"] if len(episodes) > EPISODES else []
    return [
        ("Clusters", cluster_lines(known), "none"),
        ("Findings", finding_lines(order), "none"),
        ("Forwarders, worst first", [forwarder_line(mac, total) for mac, total in worst], "none"),
        ("Timeline", [episode_line(episode) for episode in episodes[:EPISODES]] + more, "nothing happened"),
        ("What to do", [f"{name}: {' - '.join(said.get(name, ('?', '?')))}" for name, total in order
                        if total["first"]["severity"] != "Chat"], "nothing"),
        ("Routers seen", router_lines(known), "none"),
        ("Captures with a fault", [f"{name}: {problem}" for name, problem in problems], "none"),
        ("What may be missing", gap_lines(known), "nothing: no capture was cut")]


def text_of(heading, parts):
    out = [heading, ""]
    for name, lines, empty in parts:
        out += [name, *(f"  {line}" for line in lines or [empty]), ""]
    return "\n".join(out)


def forwarder_line(mac, total):
    return (f"{mac}  {' '.join(sorted(filter(None, total['ips']))) or 'address unknown'}: {total['count']} packets "
            f"sent again, of {' '.join(sorted(filter(None, total['clusters']))) or 'no known cluster'}, "
            f"{shown(total['first'])} to {shown(total['last'])}")


def cluster_lines(known):
    hosts = {}
    for cluster, number, ip in known["hosts"]:
        hosts.setdefault(cluster, []).append(f"host {number} {ip}")
    return [f"{ip}  {mode}{', MAC ' + mac if mac else ''}: {', '.join(hosts.get(ip, ['no heartbeat seen']))}"
            for ip, mode, mac in known["clusters"]]


def finding_lines(order):
    return [f"{total['first']['severity']:8}{total['count']:9}  {name}: {shown(total['first'])} to "
            f"{shown(total['last'])}, first in {place(total['first'])}" for name, total in order]


def episode_line(episode):
    row, last, many = episode["first"], shown(episode["last"]), f" x{episode['count']}" if episode["count"] > 1 else ""
    until = "" if last == shown(row) else f" to {last[11:] if last[:10] == shown(row)[:10] else last}"
    return f"{shown(row)}{until}  {row['severity']} {row['finding']}{many}: {row['text']} ({place(row)})"


def router_lines(known):
    applied = {mac for mac, _ in known["routers"]}
    return [f"{mac}{'' if mac in applied else '  (not applied: see --trust-routers)'}"
            for mac, _ in known["routers_seen"]]


def gap_lines(known):
    lines = [f"{name} begins before the file that its name puts before it: is it of this tap?"
             for name in known["order"]]
    if known["cut"]:
        short = sorted(name for name, needs in LOOKS_BACK.items() if needs is None or needs > known["overlap"])
        lines += [f"{known['cut']} cuts, each read with {known['overlap']:g} s before it. Behind a cut may be "
                  f"missing, or said again: {', '.join(short)};",
                  "a host that was silent for longer is host_joined where one file would say host_returned;",
                  "an address that ARP gave earlier is not named. --overlap 200 brings back all but what has no limit."]
    return lines
