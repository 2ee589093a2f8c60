"""The answer in sentences."""

from collections.abc import Callable, Sequence

from trilbench.compute.answer import Rival, Win, wins
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
    found = [f"{where}: {winner} is the fastest way at {_at(its, won)}{_by_how_much(table, its)}."]
    found += [f"{other} wins at {_at(won_by_other, won)}." for other, won_by_other in ranked[1:]]
    return [*found, *_distance(winner, its), *_libraries(won)]


def _at(its: Sequence[Win], won: Sequence[Win]) -> str:
    if len(its) == len(won) > 2:
        return f"all {len(won)} shapes"
    shapes = [win.shape for win in its]
    if len(shapes) > 3:
        return f"{len(shapes)} of {len(won)} shapes"
    return _list(shapes)


def _by_how_much(table: Table, its: Sequence[Win]) -> str:
    over = []
    for i, baseline in enumerate(table.baselines):
        factors = [value for win in its if (value := win.entry.speedups[i]) is not None]
        if factors and not baseline.startswith(f"{its[0].implementation}/"):
            over.append(f"{_range(factors, factor)} over {baseline}")
    if rivals := [win.next for win in its if win.next]:
        level = sum(rival.level for rival in rivals)
        over.append(
            f"{_range([r.factor for r in rivals], factor)} over the best other way" + _level(level, len(rivals))
        )
    return f", {_list(over)}" if over else ""


def _level(level: int, of: int) -> str:
    if not level:
        return ""
    return (
        " (which is no difference beyond the noise)" if level == of else f" (no difference beyond the noise at {level})"
    )


def _distance(winner: str, its: Sequence[Win]) -> list[str]:
    shares = {win.shape: win.entry.of_limit.median for win in its if win.entry.of_limit}
    if not shares:
        return []
    text = f"{winner} reaches {_range(list(shares.values()), share)} of what this machine allows"
    least, most = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    return [f"{text} (least at {least}, most at {most})." if least != most else f"{text}."]


def _libraries(won: Sequence[Win]) -> list[str]:
    peers: list[Rival] = [win.peer for win in won if win.peer]
    if not peers:
        return []
    names = _list([*dict.fromkeys(peer.way.removesuffix("/peer") for peer in peers)])
    text = f"The best library measured ({names}) takes {_range([peer.factor for peer in peers], factor)} our time"
    return [text + (", and is less accurate." if any(peer.less_accurate for peer in peers) else ".")]


def _range(values: Sequence[float], shown: Callable[[float], str]) -> str:
    least, most = shown(min(values)), shown(max(values))
    return least if least == most else f"{least} to {most}"


def _list(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
