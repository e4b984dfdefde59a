"""Which judgements become records, which repeat another, and that no table is on both sides of the split."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.finetuning.records import answer, judgement, record

from datapilot.finetuning.select import held_out_datasets, records_of, select

pytestmark = pytest.mark.spec("E2")

BETTER = answer(1, comment="Ask who sets the price.")


def test_approval_teaches_what_was_published() -> None:
    """As it was, with nothing to compare."""
    (found,), left_out = records_of([judgement(1)], min_score=3)

    assert found.answer == judgement(1).lesson.reply  # type: ignore[union-attr]
    assert (found.rejected, found.is_demonstration, found.score) == (None, True, 4)
    assert not left_out


def test_edit_teaches_the_edited_and_refuses_the_published() -> None:
    """So it serves demonstrations and comparisons alike."""
    (found,), _ = records_of([judgement(1, "edit", better=BETTER)], min_score=3)

    assert found.answer == BETTER
    assert found.rejected == judgement(1).lesson.reply  # type: ignore[union-attr]
    assert found.is_demonstration


def test_rejection_teaches_by_comparison_alone() -> None:
    """What the rules say is better than what was refused, whatever the score; where both are the same, nothing is
    learnt."""
    found, left_out = records_of(
        [judgement(1, "reject", score=1), judgement(2, "reject", reply=answer(2))], min_score=3
    )

    assert [one.is_demonstration for one in found] == [False]
    assert found[0].answer == answer(1)
    assert left_out == {"rejected, and nothing better is known": 1}


def test_what_does_not_count() -> None:
    """Skips, low scores, insights whose facts may not leave; and of one reviewer's two judgements the older."""
    said = [
        judgement(1, score=2), judgement(2, "skip"), judgement(3, lesson=None),
        judgement(4, "skip"), judgement(4, "approve", at="2026-11-26"),
    ]  # fmt: skip

    found, left_out = records_of(said, min_score=3)

    assert [one.record_id for one in found] == ["fb_4"]
    assert left_out == {"below the score": 1, "skipped": 1, "without a fact that may leave the house": 1}


def test_repetitions_are_left_out() -> None:
    """The same twice, and what differs by a word; but not the same question with another answer."""
    near = record(1, answer=answer(1, comment="Ask the teams about it."), record_id="fb_near")
    other = record(1, answer=answer(1, comment="Look at the price list of every branch, line by line, before then.",
                                    severity="high"), record_id="fb_other")  # fmt: skip

    selection = select([record(1), record(1), near, record(2)])

    assert len(selection.training) + len(selection.holdout) == 2
    assert selection.left_out == {"the same as another": 1, "nearly the same as another": 1}
    assert {one.record_id for one in select([record(1), other], holdout_share=0).training} == {"fb_1", "fb_other"}


def test_sample_is_drawn_and_repeatable() -> None:
    """The same seed draws the same; another one may not."""
    records = [record(number) for number in range(40)]

    draws = [select(records, sample=10, seed=seed) for seed in (1, 1, 2)]

    ids = [{one.record_id for one in (*draw.training, *draw.holdout)} for draw in draws]
    assert [len(one) for one in ids] == [10, 10, 10]
    assert ids[0] == ids[1] != ids[2]
    assert draws[0].left_out["beyond the sample"] == 30


@given(
    tables=st.lists(st.integers(0, 8), min_size=2, max_size=40),
    share=st.floats(0, 0.5),
    seed=st.integers(0, 5),
)
@settings(max_examples=40, deadline=None)
def test_no_table_is_on_both_sides(tables: list[int], share: float, seed: int) -> None:
    """Whatever the records, the share and the seed."""
    records = [record(number, dataset=f"t{table}") for number, table in enumerate(tables)]

    selection = select(records, holdout_share=share, seed=seed)

    assert {one.dataset for one in selection.training}.isdisjoint({one.dataset for one in selection.holdout})


def test_worked_examples_never_examine() -> None:
    """A model has seen their answers: their tables stay on the side of the training."""
    records = [record(number) for number in range(10)]
    shown = {one.question for one in records}

    assert select(records, shown=shown).holdout == []
    assert len(select(records).holdout) == 2


def test_comparisons_do_not_examine() -> None:
    """A hold-out asks for approved answers; a comparison about one of its tables belongs to neither side."""
    records = [record(number, dataset="a" if number % 2 else "b", is_demonstration=number > 5) for number in range(10)]
    (held,) = held_out_datasets({"a", "b"}, 0.5, 0)

    selection = select(records, holdout_share=0.5)

    assert {one.dataset for one in selection.holdout} == {held}
    assert all(one.is_demonstration for one in selection.holdout)
    assert selection.left_out == {"of a table that is held out": 3}


def test_one_table_cannot_be_split() -> None:
    """Then there is no hold-out."""
    assert held_out_datasets({"only"}, 0.2, 0) == set()
