"""One choice that is spread over several yes-or-no columns, put together again."""

from collections.abc import Sequence

import numpy as np

from datapilot.insights.subjects.cells import Codes
from datapilot.insights.subjects.subjects import Category, Choice
from datapilot.words.labels import label


def put_together(members: Sequence[Category]) -> Choice:
    """Return the choice, its codes in the order of the members; one more is for the rows that have none of them."""
    codes = np.full(len(members[0].codes.codes), len(members), dtype=np.int64)
    codes[members[0].codes.codes < 0] = -1
    for place, member in enumerate(members):
        codes[member.codes.codes == member.yes] = place
    counts = np.bincount(codes[codes >= 0], minlength=len(members))
    names = [*(label(one.column) for one in members), None][: len(counts)]
    whole = Category("\n".join(one.column for one in members), Codes(codes, tuple(names), counts), is_personal=False)
    return Choice(tuple(members), whole)
