"""Cases as lines: a table for people, one JSON object a line for programs."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Case:
    """One measured case.

    `ratio` says how many times better than `versus` it is: the median of the ratios of paired rounds, not the ratio
    of medians. `goal` is the least that it should be.
    """

    bench: str
    case: str
    value: float
    unit: str
    versus: str
    versus_value: float
    ratio: float
    goal: float | None = None
    met: bool | None = None


def paired(
    bench: str,
    case: str,
    unit: str,
    *,
    ours: Sequence[float],
    versus: str,
    theirs: Sequence[float],
    goal: float | None = None,
    less_is_better: bool = False,
) -> Case:
    """Make a case of rounds in which both sides were measured, one right after the other."""
    pairs = zip(theirs, ours, strict=True) if less_is_better else zip(ours, theirs, strict=True)
    ratio = statistics.median(one / other for one, other in pairs)
    return Case(
        bench,
        case,
        round(statistics.median(ours), 1),
        unit,
        versus,
        round(statistics.median(theirs), 1),
        round(ratio, 3),
        goal,
        None if goal is None else ratio >= goal,
    )


def show(cases: Sequence[Case], *, as_json: bool) -> None:
    """Print the cases."""
    if as_json:
        for case in cases:
            print(json.dumps(asdict(case)))
        return
    width = max(len(case.case) for case in cases) + 2
    print(f"{'case':<{width}}{'measured':>10}{'versus':>10}{'ratio':>8}{'goal':>7}  unit")
    for case in cases:
        goal = "" if case.goal is None else f"{case.goal:.3g}{' ' if case.met else '!'}"
        numbers = f"{case.value:>10}{case.versus_value:>10}{case.ratio:>8}{goal:>7}"
        print(f"{case.case:<{width}}{numbers}  {case.unit} ({case.versus})")
    if any(case.met is False for case in cases):
        print("! misses its goal")
