"""Cases as lines: a table for people, one JSON object a line for programs."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Case:
    """One measured case. `ratio` is the median of the ratios of paired rounds, not the ratio of medians."""

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
) -> Case:
    """Make a case of rounds in which both sides were measured, one right after the other."""
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
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
    print(f"{'case':<24}{'crosslet':>12}{'versus':>12}{'ratio':>8}  unit")
    for case in cases:
        print(f"{case.case:<24}{case.value:>12}{case.versus_value:>12}{case.ratio:>8}  {case.unit} ({case.versus})")
