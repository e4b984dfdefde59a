"""The renderer is the only writer of digits, and refuses what no fact says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.contracts.measure import Fact, Filter, KeyedValue, Measure
from datapilot.words.render import UnfitTemplate, cited_facts, column_slot, label_in_sentence, render, value_slot


def _fact(measure: Measure, value: object, unit: str | None = None, n: int = 10) -> Fact:
    return Fact.model_validate({"id": measure.fact_id, "measure": measure, "value": value, "unit": unit, "n": n})


_TOTAL = _fact(Measure(metric="sum", column="revenue"), 48210, "€", n=1200)
_CHANGE = _fact(
    Measure(
        metric="change",
        column="revenue",
        filters=(Filter(column="day", op="between", value=("2024-03-01", "2024-03-31")),),
        baseline=(Filter(column="day", op="between", value=("2024-02-01", "2024-02-29")),),
    ),
    -0.123,
    "share",
)
_BY_REGION = _fact(
    Measure(metric="sum", column="revenue", by="region"),
    (KeyedValue(key="North", value=30000.0, n=700), KeyedValue(key=None, value=18210.0, n=500)),
    "€",
)
_BY_MONTH = _fact(Measure(metric="count", by="day", grain="month"), (KeyedValue(key="2024-02", value=5, n=5),), "rows")
_TOP = _fact(Measure(metric="argmax", column="revenue", by="day", grain="weekday"), 6)
_NOTHING = _fact(Measure(metric="mean", column="revenue", filters=(Filter(column="region", op="eq", value="X"),)), None)
_FACTS = {fact.id: fact for fact in (_TOTAL, _CHANGE, _BY_REGION, _BY_MONTH, _TOP, _NOTHING)}


@pytest.mark.spec("C5")
@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        (f"revenue is {{{_TOTAL.id}}}", "Revenue is €48,210"),
        (f"{{{_TOTAL.id}|plain}} over {{{_TOTAL.id}|n}} rows", "48,210 over 1,200 rows"),
        (f"fell {{{_CHANGE.id}|abs}} in {{val:2024-03}}", "Fell 12% in Mar 2024"),
        (f"{{{_CHANGE.id}|signed}} since {{val:2024-02-01}}", "−12% since 1 Feb 2024"),
        (f"{{{_BY_REGION.id}[0].key}}: {{{_BY_REGION.id}[0].value}}", "North: €30,000"),
        (f"{{{_BY_REGION.id}[-1].key}}: {{{_BY_REGION.id}[-1].n}}", "no value: 500"),
        (f"{{{_BY_MONTH.id}[0].key}} had {{{_BY_MONTH.id}[0].value}}", "Feb 2024 had 5"),
        (f"mostly on {{{_TOP.id}}}", "Mostly on Saturday"),
        ("{col:unit_price} of {val:North}", "Unit price of North"),
        ("{col:Please say how you see these people.: Han Solo}", "“Please say how … Han Solo”"),
        ("highest of all {cols:model_category}", "Highest of all model categories"),
        ("{cols:returned} is none", "returned is none"),
        ("a {{brace}} stays", "A {brace} stays"),
        ("", ""),
    ],
)
def test_slots_become_the_facts_words(template: str, sentence: str) -> None:
    """Every slot shows what its fact says, in the reader's writing."""
    assert render(template, _FACTS) == sentence


@pytest.mark.spec("C5")
@pytest.mark.parametrize(
    "template",
    [
        pytest.param("revenue is 48,210", id="a bare digit"),
        pytest.param("revenue is ４８", id="a digit of another script"),
        pytest.param("revenue is ½ of it", id="a fraction sign"),
        pytest.param("{f_00000000}", id="a fact that is not cited"),
        pytest.param("{nonsense}", id="no slot at all"),
        pytest.param("{col:}", id="a column without name"),
        pytest.param("{val:South}", id="a value no fact knows"),
        pytest.param("{val:2024-04}", id="a period no fact knows"),
        pytest.param(f"{{{_TOTAL.id}|roman}}", id="an unknown form"),
        pytest.param(f"{{{_TOTAL.id}[0].value}}", id="an entry of a scalar"),
        pytest.param(f"{{{_BY_REGION.id}}}", id="a keyed fact without entry"),
        pytest.param(f"{{{_BY_REGION.id}[2].value}}", id="an entry beyond the last"),
        pytest.param(f"{{{_NOTHING.id}}}", id="a fact without value"),
        pytest.param("{item:amount}", id="the item of a column that asks of none"),
        pytest.param("an open { brace", id="an open brace"),
        pytest.param("a closing } brace", id="a closing brace"),
    ],
)
def test_what_no_fact_says_is_refused(template: str) -> None:
    """A template that claims more than its facts never becomes a sentence."""
    with pytest.raises(UnfitTemplate):
        render(template, _FACTS)


def test_cells_keep_their_own_writing() -> None:
    """A year that is a category is 2024, not 2,024, and a cell's first letter is not touched."""
    years = _fact(Measure(metric="count", by="year"), (KeyedValue(key=2024, value=7, n=7),), "rows")
    phones = _fact(Measure(metric="count", filters=(Filter(column="model", op="eq", value="iPhone"),)), 3, "rows")

    sentence = render("{val:iPhone} leads in {val:2024}", {years.id: years, phones.id: phones})

    assert sentence == "iPhone leads in 2024"


def test_cited_facts_are_named_once_in_order() -> None:
    """What a template shows can be listed without rendering it."""
    template = f"{{{_CHANGE.id}}} of {{{_TOTAL.id}}} and {{{_CHANGE.id}|abs}} in {{val:2024-03}}"

    assert cited_facts(template) == (_CHANGE.id, _TOTAL.id)


@given(st.text(min_size=1))
def test_any_name_travels_through_its_slot(name: str) -> None:
    """Braces, bars and newlines in a cell or column name cannot break out of the slot."""
    fact = _fact(Measure(metric="count", filters=(Filter(column=name, op="eq", value=name),)), 1, "rows")

    sentence = render(f"x {column_slot(name)} y {value_slot(name)} z", {fact.id: fact})

    assert sentence.startswith("X ")
    assert sentence.endswith(" z")


@given(st.text())
def test_arbitrary_text_renders_or_is_refused(template: str) -> None:
    """No template, however broken, makes the renderer fail in another way than by refusing it."""
    try:
        sentence = render(template, _FACTS)
    except UnfitTemplate:
        return

    assert not any(character.isnumeric() for character in sentence)


def test_correlation_ratio_tells_the_share_between_groups() -> None:
    """Eta squared, exactly: of any other fact the share is refused, as its square would mean nothing."""
    ratio = Fact(
        id="f_00000001", measure=Measure(metric="correlation_ratio", column="wait", column2="site"), value=0.4, n=9
    )
    mean = Fact(id="f_00000002", measure=Measure(metric="mean", column="wait"), value=0.4, n=9)

    assert render("{f_00000001|between}", {ratio.id: ratio}) == "16%"
    with pytest.raises(UnfitTemplate):
        render("{f_00000002|between}", {mean.id: mean})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("The pace was right", "“The pace was right”"),
        ("Would you come again? (1-5)", "“Would you come again? (1-5)”"),
        ("The total", "The total"),
        ("unit_price", "unit price"),
    ],
)
def test_a_survey_s_sentence_is_quoted_a_name_is_not(name: str, said: str) -> None:
    """The words around a statement or a question would fall apart otherwise."""
    assert label_in_sentence(name).lower() == said.lower()
