# SPDX-License-Identifier: GPL-2.0-or-later
"""The recipe of docs/scale.md on a Slurm of its own: two nodes on this machine, run by the plain user."""
import json
import os
import re
import socket
import subprocess
import time

import pytest

import harness
import splitting
import workers
from conftest import REPOSITORY

NODES = ("tap1", "tap2")
PATIENCE = 120  # seconds until the nodes are there
CONFIGURATION = """
ClusterName=nlb
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmdSpoolDir={folder}/%n
ReturnToService=2
{nodes}
PartitionName=all Nodes=ALL Default=YES State=UP
"""


class Slurm:
    """slurmctld, two slurmd, and the munged by which they know each other."""

    def __init__(self, desk):
        self.desk = desk
        self.folder = desk.home / "slurm"
        for name in ("state", *NODES):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "munge.key").write_bytes(os.urandom(128))
        (self.folder / "munge.key").chmod(0o600)
        nodes = [f"NodeName={name} NodeHostname=localhost NodeAddr=127.0.0.1 Port={workers.free_port()} CPUs=1"
                 for name in NODES]
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            port=workers.free_port(), user=workers.login(), folder=self.folder, nodes="\n".join(nodes)))
        desk.variables["SLURM_CONF"] = str(self.folder / "slurm.conf")
        self.name_this_machine()
        desk.run("true")  # the folder is the plain user's
        self.running = []

    def name_this_machine(self):
        """A bare chroot does not know its own name; for every job, slurmctld 24.11 asks ten seconds for it."""
        hosts = self.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")
        self.desk.variables |= {"LD_PRELOAD": workers.nss_wrapper(), "NSS_WRAPPER_HOSTS": str(hosts)}

    def start(self):
        self.serve("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key",
                   f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munge.pid",
                   f"--log-file={self.folder}/munge.log", f"--seed-file={self.folder}/munge.seed")
        self.wait(lambda: (self.folder / "munge.socket").exists())
        self.serve("slurmctld", "-D")
        for name in NODES:
            self.serve("slurmd", "-D", "-N", name)
        self.wait(lambda: self.desk.run("sinfo", "-h", "-t", "idle", "-o", "%D").stdout.strip() == "2")

    def serve(self, name, *arguments):
        log = open(self.folder / f"{name}.out", "a", encoding="utf-8")
        self.running.append(subprocess.Popen(
            [f"/usr/sbin/{name}", *arguments], env=self.desk.environment(), cwd=self.folder, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, **harness.as_plain_user()))

    def wait(self, ready):
        end = time.monotonic() + PATIENCE
        while not ready():
            said = [path.read_text() for path in self.folder.glob("*.out")]
            assert time.monotonic() < end, said
            time.sleep(0.2)

    def stop(self):
        for process in reversed(self.running):
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def slurm(desk):
    cluster = Slurm(desk)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def ring(desk):
    """A folder of captures, and what one process says of it."""
    pieces = splitting.Pieces(desk.home / "pieces")
    pieces.cut(desk.copy("foreign-router.pcapng", "whole.pcapng"), "ring", "-c", 8)
    return pieces.folder, desk.survey("--stretch", "0", pieces.folder)


def recipe(captures):
    """The lines of the page, for two tasks instead of eight."""
    page = (REPOSITORY / "docs/scale.md").read_text(encoding="utf-8")
    lines = re.findall("^    (.*)$", page.partition("\n## Slurm")[2], re.M)
    text = "\n".join(lines)
    for old, new, times in (("-n8", "-n2 -N2", 2), ("r/8", "r/2", 2), ("/lake/captures", captures, 1),
                            ("plan --out", "plan --stretch 0 --out", 1)):
        assert text.count(old) == times
        text = text.replace(old, str(new))
    return text.replace("||\n", "||").splitlines()


def follow(desk, name, captures, path, again=lambda line: line):
    """Runs the recipe line by line, an srun that fails a second time; returns what failed, and what was said then."""
    folder = desk.home / name
    folder.mkdir()
    desk.run("true")
    failed = []
    for line in recipe(captures):
        command = ["env", f"PATH={path}", "sh", "-c", f"cd {folder} && {line}"]
        done = desk.run(*command)
        if done.returncode and line.startswith("srun"):
            failed.append((line, done.stderr))
            done = desk.run(*command[:-1], f"cd {folder} && {again(line)}")
        assert done.returncode == 0, line + done.stderr
    return failed


def compare(desk, name, survey):
    for file in workers.RESULTS:
        assert (desk.home / name / "outage" / file).read_bytes() == (survey / file).read_bytes(), file


def test_two_nodes_say_what_one_process_says(desk, slurm, ring):
    captures, survey = ring
    assert follow(desk, "two-nodes", captures, f"{desk.program.parent}:/usr/bin:/bin") == []
    compare(desk, "two-nodes", survey)
    assert "foreign_router" in (survey / "summary.txt").read_text(encoding="utf-8")
    for step in ("learnt", "found"):
        assert len(list((desk.home / "two-nodes").glob(step + ".*"))) == 2


@pytest.mark.parametrize("step", ["learn", "diagnose"])
def test_a_worker_is_killed_and_its_work_done_again(desk, slurm, ring, step):
    captures, survey = ring
    tools = workers.killer(desk.home / f"bin-{step}", step)
    name = f"killed-in-{step}"
    failed = follow(desk, name, captures, f"{tools}:{desk.program.parent}:/usr/bin:/bin")
    assert len(failed) == 1 and f"nlb-survey {step} " in failed[0][0]
    compare(desk, name, survey)


@pytest.mark.parametrize("kind", workers.BAD)
def test_a_node_that_lacks_something_is_named_and_another_does_its_work(desk, slurm, ring, kind):
    captures, survey = ring
    path = f"{workers.sick(desk, kind, '$SLURMD_NODENAME == tap2')}:{desk.program.parent}:/usr/bin:/bin"
    name = kind.replace(" ", "-")
    failed = follow(desk, name, captures, path, without("tap2"))
    assert len(failed) == 2
    for _, said in failed:
        assert workers.BAD[kind][1] in said and "tap2" in said and "tap1" not in said
    compare(desk, name, survey)


def without(node):
    """What the page says of a node that was named; the one that is left takes both tasks."""
    return lambda line: line.replace("srun -n2 -N2", f"srun -n2 -N1 --overcommit --exclude={node}")


@pytest.mark.parametrize("step, word", [("learn", "not read"), ("diagnose", "not diagnosed")])
def test_work_that_nobody_did_is_reported_as_missing(desk, slurm, ring, step, word):
    """Whoever goes on although an srun ended with an error."""
    captures, _ = ring
    script = workers.sick(desk, "no captures", f"$SLURMD_NODENAME == tap2 && $1 == {step}")
    name = f"missing-in-{step}"
    follow(desk, name, captures, f"{script}:{desk.program.parent}:/usr/bin:/bin", lambda line: "true")
    page = (desk.home / name / "outage/summary.txt").read_text(encoding="utf-8")
    lines = (desk.home / name / ("captures.01" if step == "learn" else "stretches.01")).read_text().splitlines()
    faults = page.split("Captures with a fault\n")[1].split("\n\n")[0].splitlines()
    work = map(json.loads, lines)
    names = sorted((row if step == "learn" else row["files"][0])["name"] for row in work)
    assert faults == [f"  {path}: {word}: no worker told of it" for path in names]
