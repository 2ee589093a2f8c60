"""The answer that a run gives: which variant wins where, by how much, and how far it is from the machine's limit; as
data and in sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trilbench.report.table import Entry, Table, level, ranked, standings
from trilbench.results.statistics import grouped
from trilbench.results.units import count, duration, factor, share


@dataclass(frozen=True)
class Rival:
    """Whom the winner left behind at a shape."""

    variant: str
    factor: float  # how many times as fast the winner is; below 1 where it is not
    low: float  # the factor of the winner's tenth percentile over the rival's ninetieth
    high: float  # and the other way round
    level: bool  # the run cannot tell the two apart: 1 lies between low and high
    less_accurate: bool  # beyond the error bound


@dataclass(frozen=True)
class Win:
    """The best at one shape: of our own variants, unless libraries take part."""

    entry: Entry
    next: Rival | None  # the best of another implementation
    level_with: tuple[str, ...]  # the other implementations of ours that the run cannot tell from it, the best first
    peer: Rival | None  # the fastest library, where libraries take no part

    @property
    def shape(self) -> str:
        return self.entry.name.shape

    @property
    def variant(self) -> str:
        return self.entry.name.variant

    @property
    def implementation(self) -> str:
        return self.entry.name.implementation


def wins(table: Table, libraries: bool = False) -> tuple[Win, ...]:
    """One for each shape at which something has a time. Text, tables and figures all ask here, so that no two of them
    name different winners."""
    found = []
    for shape in table.shapes:
        own, peers = standings(table.lines, shape), standings(table.peers, shape)
        found.append(_win(*((_merged(own, peers), []) if libraries else (own, peers))))
    return tuple(win for win in found if win)


def _merged(*standing: list[Entry]) -> list[Entry]:
    """As one. Each keeps its order: what is not known of a library changes nothing among our own variants."""
    found = []
    while left := [each for each in standing if each]:
        best = ranked(each[0] for each in left)[0]
        found.append(best)
        next(each for each in left if each[0] is best).pop(0)
    return found


def _win(those: Sequence[Entry], peers: Sequence[Entry]) -> Win | None:
    """Of `those`, the best first."""
    if not those:
        return None
    best, *others = those
    others = [each for each in others if each.name.implementation != best.name.implementation]
    tied = dict.fromkeys(each.name.implementation for each in others if level(best, each))
    return Win(best, _rival(others, best), tuple(tied), _rival(peers, best))


def _rival(others: Sequence[Entry], winner: Entry) -> Rival | None:
    if not others:
        return None
    best = others[0]
    return Rival(best.name.variant, *ahead(winner, best), level(best, winner), best.less_accurate)


def ahead(winner: Entry, other: Entry) -> tuple[float, float, float]:
    """How many times as fast, at least and at most: by what `level` goes by, so that the two never disagree."""
    one, two = winner.share, other.share
    if not one or not two or min(one.p10, two.p10) <= 0:
        one, two = other.times, winner.times
    return one.median / two.median, one.p10 / two.p90, one.p90 / two.p10


# In sentences


def claims(table: Table) -> list[str]:
    """Who wins where and by how much, a tie called a tie: a sentence for each implementation. Empty if nothing has a
    time."""
    won = wins(table)
    groups = grouped(won, lambda win: win.implementation)
    ordered = sorted(groups.items(), key=lambda group: (-len(_clear(group[1])), -len(group[1])))
    return [_claim(name, its, won) for name, its in ordered]


def worth(table: Table) -> list[str]:
    """How near to the machine's limit that is, and what the libraries are beside it."""
    won = wins(table)
    return [_reach(won), *_libraries(won)] if won else []


def over_libraries(table: Table) -> str:
    """In a few words; empty where none was measured."""
    peers = [win.peer for win in wins(table) if win.peer]
    return f"Over the best library: {_factors(peers)}." if peers else ""


def beside_libraries(table: Table) -> str:
    """At how many of the table's shapes a library is left behind, at which it is ahead, and at how many the two cannot
    be compared, one of them having no time; empty where no library was measured."""
    beside = [win for win in wins(table) if win.peer]
    level = sum(win.peer.level for win in beside)
    behind = _behind(beside)
    counts = [
        f"ahead at {len(beside) - level - len(behind)} of {count(len(table.shapes), 'shape')}",
        f"level at {level}",
        *[f"not compared at {missing}" for missing in [len(table.shapes) - len(beside)] if missing],
        f"behind at {len(behind)}",
    ]
    return f"beside the best library: {', '.join(counts)}{': ' * bool(behind)}{', '.join(behind)}" if beside else ""


def _behind(won: Sequence[Win]) -> list[str]:
    """Where a library is faster, which, and how fast ours is beside it; the worst first."""
    lost = [(win.peer, win.shape) for win in won if win.peer and not win.peer.level and win.peer.factor < 1]
    return [
        f"{shape} ({factor(peer.factor)} of {_routine(peer)}{', less accurate' * peer.less_accurate})"
        for peer, shape in sorted(lost, key=lambda each: (each[0].factor, each[1]))
    ]


def _routine(peer: Rival) -> str:
    return peer.variant.removesuffix("/peer")


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
    names = " or ".join(dict.fromkeys(map(_routine, peers)))
    level = sum(peer.level for peer in peers)
    where = "" if level == len(peers) else f" at {count(level, 'shape')}"
    tie = f"; level with it{where}" if level else ""
    lost = _behind(won)
    behind = f"; behind it at {', '.join(lost)}" if lost else ""
    inexact = dict.fromkeys(_routine(peer) for peer in peers if peer.less_accurate)
    less = f"; less accurate: {', '.join(inexact)}" if inexact else ""
    return [f"It is {_factors(peers)} as fast as the best library routine ({names}){tie}{behind}{less}."]


def _range(values: Sequence[float], shown: Callable[[float], str]) -> str:
    least, most = shown(min(values)), shown(max(values))
    return least if least == most else f"{least} to {most}"
