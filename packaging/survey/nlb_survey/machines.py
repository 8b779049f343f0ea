# SPDX-License-Identifier: GPL-2.0-or-later
"""GNU parallel: one map step on all cores of this machine, or on others."""
import os
import re
import shlex
import subprocess
import sys
import time

from nlb_survey.tools import NOT_HERE, die, say

WIDTH = 40  # of the progress bar
OURS = "nlb-survey: "


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
    """Runs one map step; returns the files with the results, in order. What fails on one machine is named, and
    given to those on which nothing failed."""
    work = os.path.join(options.out, "work")
    results, joblog = os.path.join(work, step), os.path.join(work, step + ".joblog")
    command = ["parallel", "--will-cite", "--pipe", "-N1", "--joblog", joblog, "--resume-failed",
               "--results", os.path.join(results, "{#}")]
    command += ["--jobs", options.jobs] if options.jobs else []
    if "WIRESHARK_PLUGIN_DIR" in os.environ:
        command += ["--env", "WIRESHARK_PLUGIN_DIR"]
    os.makedirs(results, exist_ok=True)
    begin(os.path.join(work, step + ".jobs"), jobs)
    program = options.remote or shlex.quote(os.path.abspath(sys.argv[0]))
    total = jobs.count("\n")
    machines = machines_of(options)
    while True:
        forget_unfinished(results, finished(joblog))
        begun = len(rows_of(joblog))
        where = [word for machine in machines for word in ("--sshlogin", machine)]
        with open(os.path.join(work, step + ".jobs"), "rb") as source, open(joblog + ".said", "wb") as said:
            running = subprocess.Popen(command + where + [f"{program} {step}"], stdin=source, stderr=said,
                                       stdout=subprocess.DEVNULL)
        show_progress(running, step, joblog, total, options)
        status = running.wait()
        pass_on(joblog + ".said")
        failed = [row for row in rows_of(joblog)[begun:] if row[6:8] != ["0", "0"]]
        name_machines(step, failed, results, machines)
        bad = {row[1] for row in failed}
        good = [machine for machine in machines if login_of(machine) not in bad]
        if not failed or len(good) in (0, len(machines)):
            break
        machines = good
    # Captures that no machine has are named in the summary; all else ends the survey.
    if status and (not failed or any(row[6:8] != [str(NOT_HERE), "0"] for row in failed)):
        die(1, f"{step}: not all jobs came to their end, see {joblog}; run again with --resume")
    return [os.path.join(results, str(number)) for number in range(1, total + 1)]


def machines_of(options):
    """As GNU parallel reads them. None: this machine alone."""
    found = [login for value in options.sshlogin for login in value.split(",")]
    for name in options.sshloginfile:
        path = os.path.expanduser({"..": "~/.parallel/sshloginfile", ".": "/etc/parallel/sshloginfile"}.get(name, name))
        try:
            with open(path, encoding="utf-8") as file:
                found += [line.strip() for line in file if line.strip() and not line.lstrip().startswith("#")]
        except OSError as error:
            die(2, f"{path}: {error.strerror}")
    return found


def login_of(machine):
    """What the job log calls it: without groups and the number of jobs."""
    return re.sub(r"^(@[^/]+/)?(\d+/)?", "", machine)


def name_machines(step, failed, results, machines):
    """A line for each machine on which something failed. What this machine alone lacks, the summary names."""
    rows = {}
    for row in failed:
        if machines or row[6:8] != [str(NOT_HERE), "0"]:
            rows.setdefault(row[1], []).append(row)
    for login, jobs in sorted(rows.items()):
        name = "this machine" if login == ":" else login
        say(f"{step}: {name}: {len(jobs)} of its jobs failed, the first of them: {reason_of(jobs[0], results)}")


def reason_of(row, results):
    if row[7] != "0":
        return f"killed by signal {row[7]}"
    with open(os.path.join(results, row[0] + ".err"), encoding="utf-8", errors="replace") as file:
        said = [line.strip() for line in file if line.strip()]
    ours = [line.partition(OURS)[2] for line in said if line.startswith(OURS)]
    return (ours or said or [f"status {row[6]}"])[-1]


def pass_on(path):
    """What GNU parallel and ssh said; what workers said is told by machine."""
    with open(path, encoding="utf-8", errors="replace") as file:
        sys.stderr.writelines(line for line in file if not line.startswith(OURS))


def show_progress(running, step, joblog, total, options):
    while options.bar or sys.stderr.isatty():
        ended = running.poll() is not None
        draw_bar(step, len(finished(joblog)), total)
        if ended:
            print(file=sys.stderr)
            break
        time.sleep(0.5)


def draw_bar(step, done, total):
    """GNU parallel has no bar for jobs that it gives their work by a pipe."""
    full = WIDTH * done // max(total, 1)
    print(f"\r{step:8} [{'#' * full:{WIDTH}}] {done} of {total}", end="", file=sys.stderr, flush=True)


def rows_of(joblog):
    """Number of the job, machine, ..., status, signal, ..."""
    if not os.path.exists(joblog):
        return []
    with open(joblog, encoding="utf-8") as log:
        return [row for row in (line.split("\t") for line in log) if row[0].isdigit()]


def finished(joblog):
    """Numbers of the jobs that came to a good end."""
    return {row[0] for row in rows_of(joblog) if row[6:8] == ["0", "0"]}


def forget_unfinished(results, done):
    """A worker that outlived the survey it belonged to goes on writing, but into a file that is gone."""
    for name in os.listdir(results):
        if name.partition(".")[0] not in done:
            os.remove(os.path.join(results, name))
