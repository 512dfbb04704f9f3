"""What the figures were measured on."""

import os
import platform
import subprocess
import time


def _first(path, key):
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith(key):
                    return line.split(":" if ":" in line else "=", 1)[1].strip().strip('"')
    except OSError:
        pass
    return "unknown"


def busy_share(seconds=0.5):
    """How much of all processors others use, measured while this program sleeps."""

    def ticks():
        with open("/proc/stat", encoding="ascii") as stat:
            fields = [int(field) for field in stat.readline().split()[1:9]]
        return sum(fields), fields[3] + fields[4]

    total, idle = ticks()
    time.sleep(seconds)
    total_after, idle_after = ticks()
    return 1 - (idle_after - idle) / max(1, total_after - total)


def _busy():
    share = busy_share()
    load = os.getloadavg()[0]
    if share > 0.1:
        return f"others use {share:.0%} of its processors"
    if load > 0.5 * (os.cpu_count() or 1):
        return f"its load average is {load:.2f}"
    return ""


def java_version(home):
    """The JVM's own words."""
    told = subprocess.run([f"{home}/bin/java", "-version"], capture_output=True, text=True, check=True).stderr
    return ", ".join(line.strip() for line in told.splitlines()[1:3])


def describe(application):
    """All of it, as plain data."""
    version = subprocess.run([application.executable, "--version"], capture_output=True, text=True, check=False,
                             env=application.environment)
    return {
        "date": time.strftime("%Y-%m-%d"),
        "holdfast": version.stdout.split()[-1] if version.stdout.split() else "unknown",
        "cpu": _first("/proc/cpuinfo", "model name"),
        "virtualization": "virtual machine" if "hypervisor" in _first("/proc/cpuinfo", "flags").split() else "hardware",
        "cores": os.cpu_count(),
        "memory_gib": round(int(_first("/proc/meminfo", "MemTotal").split()[0]) / 2**20),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "system": _first("/etc/os-release", "PRETTY_NAME"),
        "java": java_version(application.java_home),
        "load": " ".join(f"{each:.2f}" for each in os.getloadavg()),
        "busy": _busy(),
    }
