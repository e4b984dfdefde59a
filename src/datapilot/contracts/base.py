"""What every contract has in common: frozen, strict about unknown keys, camelCase outside."""

from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer
from pydantic.alias_generators import to_camel

Scalar = str | int | float | bool | None


class Contract(BaseModel):
    """A value that travels between rooms or leaves the house; JSON keys are camelCase."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        serialize_by_alias=True,
        ser_json_inf_nan="null",
    )


class Sparse(Contract):
    """A contract that leaves out the keys standing at their default, because a report holds thousands of it."""

    @model_serializer(mode="wrap")
    def _without_defaults(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        full = handler(self)
        fields = type(self).model_fields
        at_default = {
            field.serialization_alias or field.alias or name
            for name, field in fields.items()
            if not field.is_required() and getattr(self, name) == field.get_default(call_default_factory=True)
        }
        return {key: value for key, value in full.items() if key not in at_default}
