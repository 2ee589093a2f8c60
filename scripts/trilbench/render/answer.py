"""The answer in sentences."""

from collections.abc import Callable, Sequence

from trilbench.compute.answer import Rival, Win, wins
from trilbench.compute.statistics import quantile
from trilbench.compute.table import Table
from trilbench.render.units import count, factor, share


def sentences(table: Table) -> list[str]:
    """Who wins where, by how much, how far from the limit, and against whom; empty if nothing has a time."""
    won = wins(table)
    if not won:
        return []
    where = f"{table.operation} on {count(table.threads, 'thread')}"
    groups: dict[str, list[Win]] = {}
    for win in won:
        groups.setdefault(win.implementation, []).append(win)
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))
    winner, its = ranked[0]
    found = [f"{where}: {winner} is the fastest way at {_at(its, won)}."]
    found += [f"{other} wins at {_at(won_by_other, won)}." for other, won_by_other in ranked[1:]]
    return [*found, *_by_how_much(table, winner, its), *_distance(its), *_libraries(won)]


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
    if rivals := [win.next for win in its if win.next]:
        text = f"{_range([rival.factor for rival in rivals], factor)} as fast as the best other way"
        over.append(text + _level(sum(rival.level for rival in rivals), len(rivals)))
    return [f"{winner} is {_list(over)}."] if over else []


def _level(level: int, of: int) -> str:
    if not level:
        return ""
    where = "" if level == of else f" at {count(level, 'shape')}"
    return f" (no difference beyond the noise{where})"


def _distance(its: Sequence[Win]) -> list[str]:
    shares = {win.shape: win.entry.of_limit.median for win in its if win.entry.of_limit}
    if not shares:
        return []
    text = f"It reaches {share(quantile(list(shares.values()), 0.5))} of what this machine allows"
    if len(shares) == 1:
        return [f"{text}."]
    least, most = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    return [f"{text} at the median shape, {share(shares[least])} at {least}, {share(shares[most])} at {most}."]


def _libraries(won: Sequence[Win]) -> list[str]:
    peers: list[Rival] = [win.peer for win in won if win.peer]
    if not peers:
        return []
    names = " or ".join(dict.fromkeys(peer.way.removesuffix("/peer") for peer in peers))
    text = f"The best library routine ({names}) takes {_range([peer.factor for peer in peers], factor)} our time"
    return [text + (", and is less accurate." if any(peer.less_accurate for peer in peers) else ".")]


def _range(values: Sequence[float], shown: Callable[[float], str]) -> str:
    least, most = shown(min(values)), shown(max(values))
    return least if least == most else f"{least} to {most}"


def _list(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
