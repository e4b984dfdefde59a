"""The names under which contracts leave the house, and the schemas that promise them."""

import json

import jsonschema
import pytest

from datapilot.contracts.measure import Fact, Filter, KeyedValue, Measure
from datapilot.contracts.profile import ColumnProfile

PROFILE = ColumnProfile(
    name="amount",
    inferred_type="numeric",
    storage="DOUBLE",
    role="sum",
    ml_type="numeric",
    confidence=1,
    missing_count=0,
    missing_share=0,
    unique_count=3,
    sample_values=(1.5, 2.5),
)


@pytest.mark.spec("B1")
def test_columns_of_a_result_have_snake_case_keys() -> None:
    """`schema[]` says `inferred_type` and `missing_count`, the inherited keys like the added ones."""
    published = json.loads(PROFILE.model_dump_json())

    assert {"name", "inferred_type", "role", "missing_count", "unique_count", "sample_values"} <= published.keys()
    assert not [key for key in published if key != key.lower()]


@pytest.mark.spec("B1")
def test_column_is_read_back_from_its_own_json() -> None:
    """What was published can be loaded again."""
    assert ColumnProfile.model_validate_json(PROFILE.model_dump_json()) == PROFILE


@pytest.mark.spec("B1")
@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(Measure(metric="count"), id="rows"),
        pytest.param(Measure(metric="sum", column="amount", by="region", limit=3), id="sum by region"),
        pytest.param(Measure(metric="count", filters=(Filter(column="a", op="in", value=("x", "y")),)), id="filtered"),
    ],
)
def test_fact_without_its_defaults_fits_the_schema(measure: Measure) -> None:
    """Keys at their default are left out of the JSON, and the schema does not ask for them."""
    fact = Fact(id=measure.fact_id, measure=measure, value=(KeyedValue(key="north", value=1),), n=3)
    schema = Fact.model_json_schema(mode="serialization")

    jsonschema.validate(json.loads(fact.model_dump_json()), schema)

    assert "limit" in schema["$defs"]["Measure"]["properties"]
    assert schema["$defs"]["Measure"]["required"] == ["metric"]


def test_schema_refuses_an_unknown_key_in_a_measure() -> None:
    """The schema is as strict as the model: a sparse contract is not a dict of anything."""
    schema = Measure.model_json_schema(mode="serialization")

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"metric": "count", "colour": "red"}, schema)
