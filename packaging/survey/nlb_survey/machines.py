# SPDX-License-Identifier: GPL-2.0-or-later
"""GNU parallel: one map step on all cores of this machine, or on others."""
import os
import shlex
import subprocess
import sys

from nlb_survey.tools import die


def begin(path, text):
    """Notes down what is to be done; a survey that is resumed has to be the same."""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            if file.read() != text:
                die(2, f"{path} is of another survey: other captures or options; choose another --out")
    else:
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".new", path)


def in_parallel(step, jobs, options):
    """Runs one map step; returns the files with the results, in order."""
    work = os.path.join(options.out, "work")
    results = os.path.join(work, step)
    command = ["parallel", "--will-cite", "--pipe", "-N1", "--joblog", os.path.join(work, step + ".joblog"),
               "--resume-failed", "--results", os.path.join(results, "{#}")]
    command += ["--bar"] if options.bar or sys.stderr.isatty() else []
    command += ["--jobs", options.jobs] if options.jobs else []
    for name in ("sshlogin", "sshloginfile"):
        command += [word for value in getattr(options, name) for word in ("--" + name, value)]
    if "WIRESHARK_PLUGIN_DIR" in os.environ:
        command += ["--env", "WIRESHARK_PLUGIN_DIR"]
    os.makedirs(results, exist_ok=True)
    begin(os.path.join(work, step + ".jobs"), jobs)
    forget_unfinished(results, os.path.join(work, step + ".joblog"))
    with open(os.path.join(work, step + ".jobs"), "rb") as source:
        program = options.remote or shlex.quote(os.path.abspath(sys.argv[0]))
        done = subprocess.run(command + [f"{program} {step}"], stdin=source, stdout=subprocess.DEVNULL)
    if done.returncode:
        die(1, f"{step}: not all jobs came to their end, see {work}/{step}.joblog; run again with --resume")
    return [os.path.join(results, str(number)) for number in range(1, jobs.count("\n") + 1)]


def forget_unfinished(results, joblog):
    """A worker that outlived the survey it belonged to goes on writing, but into a file that is gone."""
    finished = set()
    if os.path.exists(joblog):
        with open(joblog, encoding="utf-8") as log:
            columns = [line.split("\t") for line in log]
        finished = {row[0] for row in columns if row[6:8] == ["0", "0"]}
    for name in os.listdir(results):
        if name.partition(".")[0] not in finished:
            os.remove(os.path.join(results, name))
