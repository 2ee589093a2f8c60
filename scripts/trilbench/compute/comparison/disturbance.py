"""Rounds that something else disturbed, told from what the machine says of itself and from work that never changes;
never from the ratios, which are what is asked for."""

from trilbench.compute.cores import LEAST_SHARE, are_busy
from trilbench.model.comparison import Round

STOLEN = 0.05  # of the time of the cores in use, by the hypervisor
UNEVEN = 0.10  # by which work that is the same took longer on one side
MOST_DISTURBED = 0.2  # of the rounds; beyond that nothing is said of any benchmark


def disturbance(each: Round) -> str:
    """Why the round does not count; empty if it does."""
    moments = list(each.moments.values())
    if any(are_busy(moment.others, moment.free) for moment in moments):
        return "other programs kept a core busy"
    if any(moment.core_share is not None and moment.core_share < LEAST_SHARE for moment in moments):
        return "another program or a quota took a part of the cores in use"
    if any(moment.steal is not None and moment.steal > STOLEN for moment in moments):
        return "the hypervisor took the CPU"
    for name in moments[0].sentinels if moments else ():
        seconds = [moment.sentinels[name] for moment in moments]
        if max(seconds) > (1 + UNEVEN) * min(seconds):
            return f"{name}, which is the same on both sides, took longer on one"
    return ""
