"""The answer in sentences."""

from collections.abc import Callable, Sequence

from trilbench.report.answer import Rival, Win, wins
from trilbench.report.table import Table
from trilbench.results.units import count, duration, factor, share


def sentences(table: Table) -> list[str]:
    """Who wins where and how near to the limit it comes, by how much, and against whom; empty if nothing has a time."""
    won = wins(table)
    if not won:
        return []
    groups: dict[str, list[Win]] = {}
    for win in won:
        groups.setdefault(win.implementation, []).append(win)
    ranked = sorted(groups.items(), key=lambda group: (-len(_clear(group[1])), -len(group[1])))
    winner, its = ranked[0]
    where = f"{table.operation} on {count(table.threads, 'thread')}"
    found = [f"{where}: {_claim(winner, its, won)}, with {_reach(its)}."]
    found += [f"{_claim(other, won_by_other, won)}." for other, won_by_other in ranked[1:]]
    return [*found, *_by_how_much(table, winner, its), *_libraries(won)]


def _clear(its: Sequence[Win]) -> list[Win]:
    return [win for win in its if not win.level_with]


def _claim(name: str, its: Sequence[Win], won: Sequence[Win]) -> str:
    """What the run can tell of the implementation that came first at these of the shapes: a tie is no win."""
    clear = _clear(its)
    ties = [win for win in its if win.level_with]
    claims = [f"the fastest implementation at {_at(clear, won)}"] if clear else []
    if ties:
        rivals = " or ".join(dict.fromkeys(rival for win in ties for rival in win.level_with))
        claims.append(f"level with {rivals} at {_at(ties, won)}")
    return f"{name} is {_list(claims)}"


def _reach(its: Sequence[Win]) -> str:
    """How near to the limit, or how fast where a run has no shares; at the worst shape and at the best."""
    reached = {win.shape: win.entry.of_limit for win in its if win.entry.of_limit}
    shown, what = share, " of what this machine allows"
    if not reached:
        reached = {win.shape: win.entry.times for win in its}
        shown, what = duration, " a call"
    least, most = (of(reached, key=lambda shape: reached[shape].median) for of in (min, max))

    def within(shape: str) -> str:
        return f"{shown(reached[shape].p10)} to {shown(reached[shape].p90)}"

    first = f"{shown(reached[least].median)}{what} (p10 to p90: {within(least)})"
    if len(reached) == 1:
        return first
    if shown(reached[least].median) == shown(reached[most].median):
        return f"{first} at each"
    return f"{first} at {least} and {shown(reached[most].median)} ({within(most)}) at {most}"


def _at(its: Sequence[Win], won: Sequence[Win]) -> str:
    if len(its) == len(won) > 2:
        return f"all {len(won)} shapes"
    shapes = [win.shape for win in its]
    if len(shapes) > 3:
        return f"{len(shapes)} of {len(won)} shapes"
    return _list(shapes)


def _by_how_much(table: Table, winner: str, its: Sequence[Win]) -> list[str]:
    over = []
    for i, baseline in enumerate(table.baselines):
        factors = [value for win in its if (value := win.entry.speedups[i]) is not None]
        if factors and not baseline.startswith(f"{winner}/"):
            over.append(f"{_range(factors, factor)} as fast as {baseline}")
    if rivals := [win.next for win in _clear(its) if win.next]:
        where = "" if len(rivals) == len(its) else " where it is ahead"
        over.append(
            f"{_range([rival.factor for rival in rivals], factor)} as fast as the best other implementation{where}"
        )
    return [f"{winner} is {_list(over)}."] if over else []


def _level(level: int, of: int) -> str:
    if not level:
        return ""
    where = "" if level == of else f" at {count(level, 'shape')}"
    return f" (no difference beyond the noise{where})"


def _libraries(won: Sequence[Win]) -> list[str]:
    peers: list[Rival] = [win.peer for win in won if win.peer]
    if not peers:
        return []
    names = " or ".join(dict.fromkeys(peer.variant.removesuffix("/peer") for peer in peers))
    text = f"The best library routine ({names}) takes {_range([peer.factor for peer in peers], factor)} our time"
    text += _level(sum(peer.level for peer in peers), len(peers))
    return [text + (", and is less accurate." if any(peer.less_accurate for peer in peers) else ".")]


def _range(values: Sequence[float], shown: Callable[[float], str]) -> str:
    least, most = shown(min(values)), shown(max(values))
    return least if least == most else f"{least} to {most}"


def _list(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
