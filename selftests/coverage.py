#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
What the tests have run of the module: lines and branches, by source file and
in all.

usage: coverage.py GCOV_DIR [LEAST]

GCOV_DIR is a copy of the kernel's debugfs directory "gcov", whose paths are
those of the objects; their .gcno files lie where the objects were built. What
was compiled more than once is merged. Status 1 if less than LEAST per cent of
the lines [80] were run.
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
SOURCES = TOP / "kernel"


def objects(directory):
    """The .gcda files, each with the .gcno that belongs to it"""
    for gcda in sorted(directory.rglob("*.gcda")):
        gcno = "/" / gcda.relative_to(directory).with_suffix(".gcno")
        if gcno.is_file():
            yield gcda, gcno


def gcov(gcda, gcno):
    """What gcov says of one object, by source file"""
    with tempfile.TemporaryDirectory() as name:
        here = pathlib.Path(name)
        (here / "object.gcda").write_bytes(gcda.read_bytes())
        (here / "object.gcno").write_bytes(gcno.read_bytes())
        out = subprocess.run(
            ["gcov", "--json-format", "--branch-probabilities", "--stdout",
             "object.gcda"], cwd=here, check=True, capture_output=True).stdout
    data = json.loads(out)
    for file in data["files"]:
        path = (pathlib.Path(data["current_working_directory"]) /
                file["file"]).resolve()
        yield path, file["lines"]


def count(directory):
    """{file: {line: times}} and {file: {(line, branch): times}}"""
    lines = collections.defaultdict(collections.Counter)
    branches = collections.defaultdict(collections.Counter)
    for gcda, gcno in objects(directory):
        for path, found in gcov(gcda, gcno):
            if SOURCES not in path.parents or SOURCES / "tests" in path.parents:
                continue
            for line in found:
                number = line["line_number"]
                lines[path][number] += line["count"]
                for i, branch in enumerate(line["branches"]):
                    branches[path][number, i] += branch["count"]
    return lines, branches


def share(counters):
    """How many of them are not 0, how many there are, and the percentage"""
    values = [v for counter in counters for v in counter.values()]
    run = sum(v > 0 for v in values)
    return run, len(values), 100 * run / len(values) if values else 100.0


def show(name, lines, branches):
    print("%-26s lines %5d of %5d %5.1f %%   branches %5d of %5d %5.1f %%" %
          (name, *share(lines), *share(branches)))


def main():
    least = float(sys.argv[2]) if len(sys.argv) > 2 else 80
    lines, branches = count(pathlib.Path(sys.argv[1]))
    if not lines:
        sys.exit("no figures: was the module built for, and run in, a kernel "
                 "with CONFIG_GCOV_KERNEL?")
    for path in sorted(lines):
        show(path.relative_to(TOP), [lines[path]], [branches[path]])
    show("all", lines.values(), branches.values())
    sys.exit(share(lines.values())[2] < least)


if __name__ == "__main__":
    main()
