"""What the benchmark prints: tables in Markdown, so that they can be pasted, and the same as JSON."""

import json


def number(value):
    """Three digits are all that a benchmark of processes can mean."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def cell(figures):
    """Median and spread."""
    if figures["p10"] == figures["p90"]:
        return number(figures["median"])
    return f"{number(figures['median'])} ({number(figures['p10'])}–{number(figures['p90'])})"


def markdown(table):
    """The table as text."""
    data = table.data()
    baselines = [name for name in table.baselines if name in table.series]
    lines = [f"### {data['title']}", ""]
    lines.append("| | " + " | ".join([data["unit"], *[f"× {name}" for name in baselines], "n"]) + " |")
    lines.append("|---" * (len(baselines) + 3) + "|")
    for row in data["rows"]:
        ratios = [cell(row["ratios"][name]) if name in row["ratios"] else "1" for name in baselines]
        lines.append("| " + " | ".join([row["name"], cell(row), *ratios, str(row["n"])]) + " |")
    lines.extend([""] + [f"{note}" for note in data["notes"]])
    for goal in data["goals"]:
        verdict = "met" if goal["met"] else "MISSED"
        limit = f"{goal['limit']:g} {goal['unit']}".strip()
        measured = f"{number(goal['measured'])} {goal['unit']}".strip()
        lines.append(f"- {verdict}: {goal['goal']}: {measured}, at most {limit}")
    return "\n".join(lines).rstrip() + "\n"


def heading(machine):
    """Where and when."""
    lines = [
        f"Holdfast {machine['holdfast']}, {machine['date']}",
        f"machine  {machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['virtualization']}",
        f"system   {machine['kernel']}, {machine['system']}",
        f"Java     {machine['java']}",
        f"load     {machine['load']} at the start",
    ]
    if machine["busy"]:
        lines.append(f"warning: this machine is not quiet ({machine['busy']}); trust the ratios, not the times")
    return "\n".join(lines) + "\n"


def as_json(machine, tables):
    """Everything, for programs."""
    return json.dumps({"machine": machine, "tables": [table.data() for table in tables]}, indent=1, ensure_ascii=False)
