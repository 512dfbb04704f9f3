"""Runs the benchmark's Java part: what is measured inside one JVM, by JMH, and programs beside others."""

import json
import os
import shutil
import subprocess

import processes
from application import HERE

PROJECT = os.path.dirname(os.path.dirname(HERE))
MADE = os.path.join(PROJECT, "target", "bench")
_class_path = []


def class_path():
    """Makes the benchmarks once in a run, by Maven; empty when there is no Maven."""
    if not _class_path:
        if not shutil.which("mvn"):
            _class_path.append("")
        else:
            made = subprocess.run(["mvn", "-q", "-B", "-Pbench", "-Dmaven.test.skip=true", "process-classes"], cwd=PROJECT,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            if made.returncode != 0:
                raise processes.BenchmarkError("mvn -Pbench process-classes failed:\n" + made.stdout + made.stderr)
            with open(os.path.join(MADE, "classpath"), encoding="utf-8") as file:
                _class_path.append(os.path.join(MADE, "classes") + ":" + file.read().strip())
    return _class_path[0]


def java(application):
    """The command of a JVM that has the benchmark's classes and the library, without the main class."""
    command = [application.java]
    if application.java_major() >= 24:
        command += ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    return [*command, f"-Djffi.boot.library.path={application.folder}/lib/native", "-cp", class_path()]


def run(application, benchmark, parameters, iterations):
    """Runs one class of benchmarks; returns the microseconds of each iteration, by method."""
    results = os.path.join(application.work, "jmh.json")
    command = [*java(application), "org.openjdk.jmh.Main",
               f"dev.holdfast.bench.{benchmark}", "-foe", "true", "-f", "1", "-wi", "3", "-w", "1", "-r", "1", "-i", str(iterations),
               "-rf", "json", "-rff", results]
    for name, value in parameters.items():
        command += ["-p", f"{name}={value}"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=application.work,
                          env=application.environment)
    try:
        with open(results, encoding="utf-8") as file:
            found = {each["benchmark"].rpartition(".")[2]: each["primaryMetric"]["rawData"][0] for each in json.load(file)}
        os.remove(results)
    except (OSError, ValueError):
        found = {}
    if done.returncode != 0 or not found:
        raise processes.BenchmarkError("JMH failed:\n" + done.stdout + done.stderr)
    return found
