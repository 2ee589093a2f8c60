"""The answer in sentences."""

from collections.abc import Callable, Sequence

from trilbench.report.answer import Rival, Win, wins
from trilbench.report.table import Table
from trilbench.results.units import count, duration, factor, share


def claims(table: Table) -> list[str]:
    """Who wins where and by how much, a tie called a tie: a sentence for each implementation. Empty if nothing has a
    time."""
    won = wins(table)
    groups: dict[str, list[Win]] = {}
    for win in won:
        groups.setdefault(win.implementation, []).append(win)
    ordered = sorted(groups.items(), key=lambda group: (-len(_clear(group[1])), -len(group[1])))
    return [_claim(name, its, won) for name, its in ordered]


def worth(table: Table) -> list[str]:
    """How near to the machine's limit that is, and what the libraries are beside it."""
    won = wins(table)
    return [_reach(won), *_libraries(won)] if won else []


def _clear(its: Sequence[Win]) -> list[Win]:
    return [win for win in its if not win.level_with]


def _claim(name: str, its: Sequence[Win], won: Sequence[Win]) -> str:
    """What the run can tell of the implementation that came first at these of the shapes: a tie is no win."""
    clear = _clear(its)
    ties = [win for win in its if win.level_with]
    claims = []
    if clear:
        rivals = [win.next for win in clear if win.next]
        ahead = f", {_factors(rivals)} as fast as the next" if rivals else ""
        claims.append(f"the fastest implementation at {_at(clear, won)}{ahead}")
    if ties:
        rivals_of_ties = dict.fromkeys(rival for win in ties for rival in win.level_with)
        claims.append(f"level with {' or '.join(rivals_of_ties)} at {_at(ties, won)}")
    return f"{name} is {', and '.join(claims)}."


def _factors(rivals: Sequence[Rival]) -> str:
    """Of one its uncertainty, of several the least and the largest."""
    if len(rivals) == 1:
        (only,) = rivals
        return f"{factor(only.factor)} ({factor(only.low)} to {factor(only.high)})"
    return _range([rival.factor for rival in rivals], factor)


def _reach(won: Sequence[Win]) -> str:
    """How near to the limit the winners come, or how long they take where a run has no shares."""
    shares = [win.entry.of_limit for win in won if win.entry.of_limit]
    if not shares:
        return f"The fastest takes {_range([win.entry.seconds for win in won], duration)} a call."
    spread = f" (p10 to p90: {share(shares[0].p10)} to {share(shares[0].p90)})" if len(shares) == 1 else ""
    return f"The fastest reaches {_range([each.median for each in shares], share)} of this machine's limit{spread}."


def _at(its: Sequence[Win], won: Sequence[Win]) -> str:
    if len(its) == len(won) > 2:
        return f"all {len(won)} shapes"
    shapes = [win.shape for win in its]
    if len(shapes) > 3:
        return f"{len(shapes)} of {len(won)} shapes"
    return " and ".join(filter(None, [", ".join(shapes[:-1]), shapes[-1]]))


def _libraries(won: Sequence[Win]) -> list[str]:
    peers = [win.peer for win in won if win.peer]
    if not peers:
        return []
    names = " or ".join(dict.fromkeys(peer.variant.removesuffix("/peer") for peer in peers))
    level = sum(peer.level for peer in peers)
    where = "" if level == len(peers) else f" at {count(level, 'shape')}"
    tie = f"; level with it{where}" if level else ""
    inexact = "; that is less accurate" if any(peer.less_accurate for peer in peers) else ""
    return [f"It is {_factors(peers)} as fast as the best library routine ({names}){tie}{inexact}."]


def _range(values: Sequence[float], shown: Callable[[float], str]) -> str:
    least, most = shown(min(values)), shown(max(values))
    return least if least == most else f"{least} to {most}"
