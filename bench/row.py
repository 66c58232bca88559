"""The shape that every section of the bench reports in: one figure, beside a peer's or a limit."""

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table.

    figure: what was measured. ours: our value, formatted. beside: the peer's or the limit's value from the same run,
    or the quoted one. limit: what BENCH.md wants reached. unit: of all three.
    """

    section: str
    figure: str
    ours: str
    beside: str = ""
    limit: str = ""
    unit: str = ""


def skipped(section: str, figure: str, reason: str) -> Row:
    """The line of a figure that cannot be measured here, saying why and what to install."""
    return Row(section, figure, "skipped", beside=reason)
