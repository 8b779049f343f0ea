#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Changes src/ in small ways and says which changes no unit test notices.

Usage: mutate.py BUILD [--count N] [--seed S] [--only PART]

BUILD holds the unit tests, built without optimisation (preset mutation). A survivor is a missing
test, or changes nothing that could be seen: then it belongs into equivalent.txt, with the reason.
Ends with 1 when fewer than 95 % are killed.
"""
import argparse
import concurrent.futures
import os
import pathlib
import queue
import random
import sys
import tempfile
import time

import mutants
import overlay

ROOT = pathlib.Path(__file__).resolve().parents[2]
EQUIVALENT = pathlib.Path(__file__).with_name("equivalent.txt")
GOAL = 0.95


def all_mutants(root, only=""):
    """Of each file of src/ whose path contains `only`."""
    for path in sorted((root / "src").rglob("*")):
        name = str(path.relative_to(root))
        if path.suffix in (".h", ".cc") and only in name:
            yield from mutants.mutants_of(name, path.read_text())


def bare(text):
    """A condition is dropped with the blank before it or with the one behind."""
    return "".join(text.split())


def places_of(mutant):
    """Where equivalent.txt may speak of it."""
    return [(mutant.path, mutant.before, after) for after in (bare(mutant.after), "*")]


def read_equivalent(text):
    """Paragraphs of four lines: file, line before, line after or "*" for whatever comes after,
    reason."""
    known = {}
    for paragraph in text.split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if not line.startswith("#")]
        if lines:
            path, before, after, reason = lines
            known[path, before, bare(after)] = reason
    return known


def stale(known, found):
    """Entries that are of none of the changes."""
    changes = {place for mutant in found for place in places_of(mutant)}
    return [entry for entry in known if entry not in changes]


class Run:
    def __init__(self, project, count, seed, known):
        self.objects = overlay.Objects(project)
        self.project, self.count, self.known = project, count, known
        self.random = random.Random(seed)
        self.tally = {"killed": 0, "survived": 0, "equivalent": 0}

    def sample(self, found):
        """Without end of need: what does not compile is replaced by the next."""
        return iter(self.random.sample(found, len(found)))

    def go(self, found, told):
        todo = self.sample(found)
        jobs = os.cpu_count() or 1
        with tempfile.TemporaryDirectory(prefix="nlb-mutation-") as folder, \
                concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            limit = self.limit(os.path.join(folder, "base"))
            free = queue.SimpleQueue()
            for i in range(jobs):
                free.put(overlay.Worker(self.project, self.objects, f"{folder}/{i}", limit))
            running = set()
            while True:
                while len(running) < jobs and len(running) + self.done() < self.count:
                    mutant = next(todo, None)
                    if mutant is None:
                        break
                    running.add(pool.submit(self.judge, mutant, free))
                if not running:
                    return
                ready, running = concurrent.futures.wait(
                    running, return_when=concurrent.futures.FIRST_COMPLETED)
                for future in ready:
                    self.count_in(*future.result(), told)

    def done(self):
        return sum(self.tally.values())

    def limit(self, folder):
        """Seconds after which a test program hangs; tried with nothing changed, and with the slow
        tests told from the others."""
        worker = overlay.Worker(self.project, self.objects, folder, 600)
        program = worker.link([])
        start = time.monotonic()
        if program is None or not worker.passes(program):
            raise overlay.Broken("the unit tests fail before anything is changed")
        took = time.monotonic() - start
        if "-lgtest" in self.project.libraries:
            self.project = overlay.slow_last(self.project, program)
        return 10 + 10 * took

    def judge(self, mutant, free):
        if any(place in self.known for place in places_of(mutant)):
            return mutant, "equivalent"
        worker = free.get()
        try:
            return mutant, worker.tries(mutant)
        finally:
            free.put(worker)

    def count_in(self, mutant, verdict, told):
        if verdict == "invalid":
            return
        self.tally[verdict] += 1
        if verdict == "survived":
            told(f"{mutant.path}:{mutant.line}: {mutant.before}\n    => {mutant.after}")

    def share(self):
        tried = self.tally["killed"] + self.tally["survived"]
        return self.tally["killed"] / tried if tried else 1.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--only", default="", help="only files whose path contains this")
    arguments = parser.parse_args()
    known = read_equivalent(EQUIVALENT.read_text())
    for path, before, after in stale(known, list(all_mutants(ROOT))):
        print(f"{EQUIVALENT.name} speaks of what is gone: {path}: {before} => {after}", flush=True)
    project = overlay.Project(ROOT, arguments.build.resolve())
    run = Run(project, arguments.count, arguments.seed, known)
    start = time.monotonic()
    try:
        run.go(list(all_mutants(ROOT, arguments.only)), lambda text: print(text, flush=True))
    except overlay.Broken as broken:
        sys.exit(str(broken))
    took = (time.monotonic() - start) / max(run.done(), 1)
    print(f"seed {arguments.seed}: {run.tally['killed']} killed, {run.tally['survived']} survived, "
          f"{run.tally['equivalent']} equivalent: {100 * run.share():.0f} %; {took:.1f} s each")
    return 0 if run.share() >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
