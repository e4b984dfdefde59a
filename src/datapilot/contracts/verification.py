"""What came of recomputing a report from its file."""

from datapilot.contracts.base import Contract


class Mismatch(Contract):
    """One claim that does not stand: where it is in the report, what is stated there, and what the file says."""

    where: str
    stated: str
    recomputed: str


class Verification(Contract):
    """`claims` counts every number and every sentence that was recomputed; those that stand are not listed. `unstated`
    are the places at which this version says something and the report, made by another, has no such field."""

    claims: int
    mismatches: tuple[Mismatch, ...] = ()
    unstated: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether every claim was confirmed."""
        return not self.mismatches
