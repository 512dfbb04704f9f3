"""Figures of one contestant, and of the ratio of two that were measured in the same rounds."""

import statistics


def quantile(values, share):
    """The value below which a share of the values lies, interpolated."""
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def summary(values):
    """Median, tenth and ninetieth percentile, and how many there were."""
    return {
        "median": statistics.median(values),
        "p10": quantile(values, 0.1),
        "p90": quantile(values, 0.9),
        "n": len(values),
    }


class Table:
    """The rows of one group, in one unit. Values of one round stand at the same place in each row."""

    def __init__(self, group, title, unit, baselines=()):
        self.group = group
        self.title = title
        self.unit = unit
        self.baselines = list(baselines)
        self.series = {}
        self.notes = []
        self.goals = []

    def add(self, name, value):
        """One more value of a contestant."""
        self.series.setdefault(name, []).append(value)

    def note(self, text):
        """A sentence that belongs under the table."""
        self.notes.append(text)

    def goal(self, text, measured, limit, unit=""):
        """A figure that is to stay below a limit."""
        self.goals.append({"goal": text, "measured": measured, "limit": limit, "unit": unit, "met": measured <= limit})

    def median(self, name):
        """The median of a contestant."""
        return statistics.median(self.series[name])

    def ratio(self, name, baseline):
        """The ratio to another contestant, pair by pair of each round: a slow second counts for both or for none."""
        pairs = zip(self.series[name], self.series[baseline])
        return summary([value / base for value, base in pairs if base > 0] or [0.0])

    def rows(self):
        """All rows as plain data."""
        rows = []
        for name, values in self.series.items():
            row = {"name": name, **summary(values), "ratios": {}}
            for baseline in self.baselines:
                if baseline in self.series and baseline != name:
                    row["ratios"][baseline] = self.ratio(name, baseline)
            rows.append(row)
        return rows

    def data(self):
        """The table as plain data, for JSON."""
        return {
            "group": self.group,
            "title": self.title,
            "unit": self.unit,
            "rows": self.rows(),
            "goals": self.goals,
            "notes": self.notes,
        }


def rounds(count, contestants, warm_up=2, quiet=None):
    """Runs all contestants once in each round, every other round in the opposite order.

    Each contestant is a pair of name and function; the function is given to the caller's own taker of values.
    """
    order = list(contestants)
    for number in range(-warm_up, count):
        for name, measured in order if number % 2 == 0 else reversed(order):
            yield number >= 0, name, measured
        if quiet:
            quiet()


def compare(table, count, contestants, warm_up=2):
    """Fills a table: each contestant's function returns one value a round."""
    order = dict(contestants)
    for name in order:
        table.series.setdefault(name, [])
    for counts, name, measured in rounds(count, order.items(), warm_up):
        value = measured()
        if counts:
            table.add(name, value)
    return table
