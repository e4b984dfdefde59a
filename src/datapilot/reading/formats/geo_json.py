"""Turn the features of a map (GeoJSON, RFC 7946) into records: what is said of each place, not its outline."""

from collections import Counter
from collections.abc import Sequence

PLACE = ("longitude", "latitude")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def are_features(records: Sequence[Json]) -> bool:
    """True when every record is a feature with properties and a geometry."""
    return bool(records) and all(
        isinstance(one, dict)
        and one.get("type") == "Feature"
        and isinstance(one.get("properties"), dict | None)
        and "geometry" in one
        for one in records
    )


def records_of_features(features: Sequence[Json]) -> tuple[list[Json], str]:
    """Return a record a feature, with its properties and id, the longitude and latitude of points and the kind of any
    other geometry, and what to say of it."""
    records: list[Json] = []
    kinds: Counter[str] = Counter()
    for feature in features:
        if not isinstance(feature, dict):
            continue
        properties, geometry = feature.get("properties"), feature.get("geometry")
        record: dict[str, Json] = {"id": feature["id"]} if "id" in feature else {}
        record |= properties if isinstance(properties, dict) else {}
        kind, place = _kind_and_point(geometry)
        kinds[kind or "none"] += 1
        said: dict[str, Json] = (
            ({"geometry": kind} if kind else {}) if place is None else dict(zip(PLACE, place, strict=True))
        )
        # A property of the same name is the author's own word for it.
        records.append({**record, **{name: value for name, value in said.items() if name not in record}})
    del kinds["none"]
    points, others = kinds.pop("Point", 0), ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    return records, (
        "The file is a map (GeoJSON). Its features' properties are the table"
        + ("; points are read as longitude and latitude" if points else "")
        + (f"; of other geometry ({others}) only the kind is kept, without coordinates" if others else "")
        + "."
    )


def _kind_and_point(geometry: Json) -> tuple[str | None, tuple[Json, Json] | None]:
    """Return the kind of the geometry, None for none, and where it is for a point."""
    if not isinstance(geometry, dict):
        return None, None
    kind, at = str(geometry.get("type")), geometry.get("coordinates")
    if kind == "Point" and isinstance(at, list) and len(at) >= 2:
        return kind, (at[0], at[1])
    return kind, None
