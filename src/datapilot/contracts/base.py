"""What every contract has in common: frozen, strict about unknown keys, camelCase outside."""

from functools import cache
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, SerializerFunctionWrapHandler, model_serializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Scalar = str | int | float | bool | None


def to_camel(name: str) -> str:
    """Return a field's name as JSON has it: `row_count` is rowCount. Pydantic's own looks at it four times."""
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


class Contract(BaseModel):
    """A value that travels between rooms or leaves the house; JSON keys are camelCase."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        serialize_by_alias=True,
        ser_json_inf_nan="null",
        protected_namespaces=(),  # else every field is asked whether its name looks like a method of pydantic
        json_schema_serialization_defaults_required=True,  # what we write holds every key, and the schema says so
    )


class Sparse(Contract):
    """A contract that leaves out the keys standing at their default, because a report holds thousands of it."""

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        full: dict[str, Any] = handler(self)
        for name, key, default in _defaults_of(type(self)):
            if getattr(self, name) == default:
                full.pop(key, None)
        return full

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # The wrapped serializer returns a dict of anything as far as pydantic knows; what it leaves in is the model.
        plain = {**core_schema, "schema": {**core_schema["schema"]}} if "schema" in core_schema else {**core_schema}
        plain.pop("serialization", None)
        schema = handler.resolve_ref_schema(handler(cast("CoreSchema", plain)))
        schema["required"] = [
            field.serialization_alias or field.alias or name
            for name, field in cls.model_fields.items()
            if field.is_required()
        ]
        return schema


@cache
def _defaults_of(model: type[BaseModel]) -> tuple[tuple[str, str, object], ...]:
    """Return the fields that may be left out: name, key in JSON, and the value that stands for their absence."""
    return tuple(
        (name, field.serialization_alias or field.alias or name, field.get_default(call_default_factory=True))
        for name, field in model.model_fields.items()
        if not field.is_required()
    )
