"""What is wrong with a value, said to whoever wrote it."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from datapilot.words.complaints import complaint


class Order(BaseModel):
    """What is ordered, with each kind of rule."""

    model_config = ConfigDict(extra="forbid")

    size: Annotated[int, Field(ge=1)] = 1
    price: Annotated[float, Field(lt=10, allow_inf_nan=False)] = 1
    is_gift: bool = False
    kind: Literal["big", "small"] = "big"
    name: Annotated[str, Field(max_length=3)] = ""
    parts: tuple[int, ...] = ()
    notes: dict[str, int] = Field(default_factory=dict)

    @field_validator("name")
    @classmethod
    def _no_x(cls, value: str) -> str:
        if value == "x":
            raise ValueError("must not be x.")
        return value

    @model_validator(mode="after")
    def _is_affordable(self) -> "Order":
        if self.size * self.price > 50:
            raise ValueError("this is too much")
        if self.is_gift and not self.name:
            raise ValueError("name: whoever gets the gift")
        return self


def refused(**said: Any) -> str:
    """Return what is said of an order that cannot be."""
    with pytest.raises(ValidationError) as error:
        Order.model_validate(said)
    return complaint(error.value.errors())


@pytest.mark.spec("A4")
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"size": "many"}, "size: must be a whole number."),
        ({"size": 1.5}, "size: must be a whole number."),
        ({"size": 0}, "size: must be greater than or equal to 1."),
        ({"price": "dear"}, "price: must be a number."),
        ({"price": "inf"}, "price: must be a finite number."),
        ({"is_gift": "perhaps"}, "is_gift: must be true or false."),
        ({"kind": "odd"}, "kind: must be 'big' or 'small'."),
        ({"name": 5}, "name: must be a text."),
        ({"name": "long"}, "name: must have at most 3 characters."),
        ({"name": "x"}, "name: must not be x."),
        ({"parts": 5}, "parts: must be a list."),
        ({"parts": [1, "b"]}, "parts.1: must be a whole number."),
        ({"notes": 5}, "notes: must be a map."),
        ({"colour": "red"}, "colour: is not known here."),
        ({"size": 40, "price": 9}, "This is too much."),
        ({"is_gift": True}, "name: whoever gets the gift."),
        ({"size": 0, "kind": "odd"}, "size: must be greater than or equal to 1. kind: must be 'big' or 'small'."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_sentence_names_the_value_and_what_it_must_be(said: dict[str, Any], sentence: str) -> None:
    """The same form for settings, fields of a form, JSON and addresses; no word of the validator's own language."""
    assert refused(**said) == sentence


def test_where_a_framework_looked_is_no_part_of_the_name() -> None:
    """Who sent `limit` knows nothing of where it is kept."""
    errors = [{"loc": ("query", "limit"), "type": "missing", "msg": "Field required"}]

    assert complaint(errors, leave_out=frozenset({"query"})) == "limit: is missing."
