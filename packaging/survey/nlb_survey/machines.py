# SPDX-License-Identifier: GPL-2.0-or-later
"""GNU parallel: one map step on all cores of this machine, or on others."""
import os
import shlex
import subprocess
import sys
import time

from nlb_survey.tools import die

WIDTH = 40  # of the progress bar


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
    results, joblog = os.path.join(work, step), os.path.join(work, step + ".joblog")
    command = ["parallel", "--will-cite", "--pipe", "-N1", "--joblog", joblog, "--resume-failed",
               "--results", os.path.join(results, "{#}")]
    command += ["--jobs", options.jobs] if options.jobs else []
    for name in ("sshlogin", "sshloginfile"):
        command += [word for value in getattr(options, name) for word in ("--" + name, value)]
    if "WIRESHARK_PLUGIN_DIR" in os.environ:
        command += ["--env", "WIRESHARK_PLUGIN_DIR"]
    os.makedirs(results, exist_ok=True)
    begin(os.path.join(work, step + ".jobs"), jobs)
    forget_unfinished(results, finished(joblog))
    program = options.remote or shlex.quote(os.path.abspath(sys.argv[0]))
    total = jobs.count("\n")
    with open(os.path.join(work, step + ".jobs"), "rb") as source:
        running = subprocess.Popen(command + [f"{program} {step}"], stdin=source, stdout=subprocess.DEVNULL)
    while options.bar or sys.stderr.isatty():
        ended = running.poll() is not None
        draw_bar(step, len(finished(joblog)), total)
        if ended:
            print(file=sys.stderr)
            break
        time.sleep(0.5)
    if running.wait():
        die(1, f"{step}: not all jobs came to their end, see {joblog}; run again with --resume")
    return [os.path.join(results, str(number)) for number in range(1, total + 1)]


def draw_bar(step, done, total):
    """GNU parallel has no bar for jobs that it gives their work by a pipe."""
    full = WIDTH * done // max(total, 1)
    print(f"\r{step:8} [{'#' * full:{WIDTH}}] {done} of {total}", end="", file=sys.stderr, flush=True)


def finished(joblog):
    """Numbers of the jobs that came to a good end."""
    if not os.path.exists(joblog):
        return set()
    with open(joblog, encoding="utf-8") as log:
        rows = [line.split("\t") for line in log]
    return {row[0] for row in rows if row[6:8] == ["0", "0"]}


def forget_unfinished(results, done):
    """A worker that outlived the survey it belonged to goes on writing, but into a file that is gone."""
    for name in os.listdir(results):
        if name.partition(".")[0] not in done:
            os.remove(os.path.join(results, name))
