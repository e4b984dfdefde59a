"""Find the table in XML: the list of elements of one name that each hold named values. Nothing is looked up and nothing
expands: a document that declares entities is refused."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from datapilot.contracts.errors import CorruptFile, ExpandsTooFar, UnsupportedFormat
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions, Receipt
from datapilot.engine import duckdb
from datapilot.reading.formats.file_type import ADVICE
from datapilot.reading.formats.markup_book import MOST_IN_MEMORY, decoded
from datapilot.reading.layout.body import evenly
from datapilot.reading.layout.header import distinct
from datapilot.reading.text_table import RAW_RELATION, TextTable, check_width, store_rows

CHUNK_CHARACTERS = 1 << 20
MOST_PATHS = 20_000  # different ones; lists have a few dozen
DEEPEST = 100
FEWEST_RECORDS = 2
NEARLY_ALL = 0.8  # of the elements of one name hold named values, and are no sentences
MOST_SENTENCES = 0.02  # of all elements, from which the document is a text
LEAST_FILLED = 0.15  # of the cells: elements that share so few names are no records of one kind
LEAST_HELD = 0.5  # of the document's elements lie in its records; what stands around them may be much, not most
SAMPLE_CELLS = 200_000
NAMING, NIL = "name", "nil"
# What other programs keep in XML, by its outermost element.
FOREIGN = {
    "gnm:Workbook": "a workbook of Gnumeric",
    "office:document": "an OpenDocument file in one piece (FODS)",
    "pkg:package": "a document of Word",
    "w:wordDocument": "a document of Word",
    "svg": "a drawing (SVG)",
    "plist": "a list of settings (plist)",
}
Names = tuple[str, ...]


@dataclass
class _Seen:
    """What is known of all elements on one path: how many there are, how many hold named values, other elements, text,
    or sentences with elements in them, and the names of the elements and attributes in them."""

    count: int = 0
    with_values: int = 0
    with_elements: int = 0
    with_text: int = 0
    sentences: int = 0
    below: int = 0
    named: int = 0
    inner: Counter[str] = field(default_factory=Counter)
    attributes: set[str] = field(default_factory=set)


class _Element(NamedTuple):
    """An element that has ended: the path to it, its attributes, its own text, how many elements were in it."""

    path: Names
    attributes: Mapping[str, str]
    text: str
    inner: int


def read_xml(
    path: Path, *, options: ReadingOptions, limits: Limits, connection: duckdb.DuckDBPyConnection
) -> TextTable:
    """Return a row a record, and a column for each value that records name: by an attribute, an element, or one further
    in (`address.city`). Raises UnsupportedFormat where no element repeats like records, CorruptFile, ExpandsTooFar."""
    text, encoding, note = decoded(path)
    text = text.lstrip("\ufeff \t\r\n")  # nothing may stand before the declaration
    seen = _survey(text)
    at = _path_of_records(seen)
    records = list(_records(text, at, seen))
    names = list(dict.fromkeys(name for record in records for name in record))
    check_width(len(names), limits)
    if sum(map(len, records)) < LEAST_FILLED * len(records) * len(names):
        raise _no_table(seen)
    rows = [[record.get(name) for name in names] for record in records]
    store_rows(connection, rows, len(names), limits)
    notes = [f"The file is XML; each of its <{at[-1]}> elements is a row.", *_said_of_others(seen, at)]
    receipt = Receipt(file_type="xml", encoding=encoding, notes=(*notes, *([note] if note else [])), options=options)
    sample = evenly(rows, max(200, SAMPLE_CELLS // len(names)))
    return TextTable(RAW_RELATION, distinct(names), sample, receipt, exact_sample=len(sample) == len(rows))


def _survey(text: str) -> dict[Names, _Seen]:
    seen: dict[Names, _Seen] = defaultdict(_Seen)
    for element in _elements(text):
        one = seen[element.path]
        one.count += 1
        one.with_values += bool(element.inner or element.attributes)
        one.with_elements += bool(element.inner)
        one.with_text += bool(element.text)
        one.sentences += bool(element.text and element.inner)
        one.named += NAMING in element.attributes
        one.attributes |= element.attributes.keys()
        for length in range(1, len(element.path)):
            seen[element.path[:length]].below += 1
        if len(element.path) > 1:
            seen[element.path[:-1]].inner[element.path[-1]] += 1
        if len(seen) > MOST_PATHS:
            raise UnsupportedFormat(f"This XML document holds too many kinds of elements to be a table. {ADVICE}")
    return seen


def _path_of_records(seen: Mapping[Names, _Seen]) -> Names:
    """Return the path of the elements that are records: the outermost that repeat inside one that does not. Elements
    that hold nothing but others of one name are groups of those."""
    if sum(one.sentences for one in seen.values()) > MOST_SENTENCES * sum(one.count for one in seen.values()):
        raise _no_table(seen)
    lists = [
        path
        for path, one in seen.items()
        if len(path) > 1 and one.count >= FEWEST_RECORDS and seen[path[:-1]].count == 1 and _holds_values(one)
    ]
    if not lists:
        raise _no_table(seen)
    at = max(lists, key=lambda path: (seen[path].below + seen[path].count, -len(path)))
    held = seen[at]
    if held.below + held.count < LEAST_HELD * max(seen[at[:1]].below, 1):
        raise _no_table(seen)
    while (inner := _only_inside(seen, at)) is not None:
        at = inner
    return at


def _holds_values(one: _Seen) -> bool:
    return one.with_values >= NEARLY_ALL * one.count and one.sentences <= (1 - NEARLY_ALL) * one.count


def _only_inside(seen: Mapping[Names, _Seen], path: Names) -> Names | None:
    """Return the path of the records in a group; None where the element is a record itself."""
    inside = list(seen[path].inner)
    if len(inside) != 1:
        return None
    inner = (*path, inside[0])
    is_list = seen[inner].count > seen[path].count and _holds_values(seen[inner])
    return inner if is_list and not _names_itself(seen, inner) else None


def _names_itself(seen: Mapping[Names, _Seen], path: Names) -> bool:
    """True for `<field name="age">41</field>`: elements of one name whose attribute names the value in them."""
    one = seen[path]
    return one.named == one.count and one.with_text > 0 and not one.with_elements and one.count > seen[path[:-1]].count


def _no_table(seen: Mapping[Names, _Seen]) -> UnsupportedFormat:
    root = next(path[0] for path in seen)
    return UnsupportedFormat(
        f"This is an XML document (<{root}>) without a list of records: no element of one name stands in it several"
        f" times with values of its own. {ADVICE}"
    )


def _said_of_others(seen: Mapping[Names, _Seen], at: Names) -> Iterator[str]:
    others = [
        f"{one.count:,} <{path[-1]}>"
        for path, one in seen.items()
        if len(path) == len(at) and path != at and one.count >= FEWEST_RECORDS and _holds_values(one)
    ]
    if others:
        yield f"Not read: {', '.join(others[:10])}."


def _records(text: str, at: Names, seen: Mapping[Names, _Seen]) -> Iterator[dict[str, str]]:
    """Yield what each record names, with the attributes of the groups around it."""
    record: dict[str, str] = {}
    cells = 0
    around: dict[str, str] = {}
    naming = {path for path in seen if path[: len(at)] == at and len(path) == len(at) + 1 and _names_itself(seen, path)}
    for element in _elements(text, groups=tuple(at[:k] for k in range(2, len(at)) if seen[at[:k]].count > 1)):
        inside = element.path[len(at) :]
        if element.path == at[: len(element.path)] and element.inner < 0:
            level = f"{element.path[-1]}."
            around = {name: value for name, value in around.items() if not name.startswith(level)}
            around |= {level + name: value for name, value in element.attributes.items()}
        elif element.path[: len(at)] != at:
            continue
        elif inside:
            _note(record, inside, element, names_itself=element.path in naming)
        else:
            values = {**around, **element.attributes}
            for name, value in record.items():
                values[name if name not in values else f"{name} (2)"] = value
            if element.text and not element.inner:
                values[at[-1]] = element.text
            cells += len(values)
            if cells > MOST_IN_MEMORY:
                raise ExpandsTooFar("The XML document holds more values than can be read. Save the table as CSV.")
            yield values
            record = {}


def _note(record: dict[str, str], inside: Names, element: _Element, *, names_itself: bool) -> None:
    """Write what an element in a record says into it; what is said several times is joined."""
    name = element.attributes[NAMING] if names_itself else ".".join(inside)
    said = {} if names_itself else {f"{name}.{key}": value for key, value in element.attributes.items()}
    if element.text or not (element.inner or element.attributes):
        said = {name: element.text} | said
    for key, value in said.items():
        record[key] = f"{record[key]}; {value}" if record.get(key) and value else value or record.get(key, "")


def _elements(text: str, *, groups: tuple[Names, ...] = ()) -> Iterator[_Element]:
    """Yield the elements as they end; those on the paths of `groups` also as they begin, with -1 as what is in them."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    path: list[str] = []
    open_elements: list[tuple[dict[str, str], list[str], list[int]]] = []
    ended: list[_Element] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if not path and tag in FOREIGN:
            raise UnsupportedFormat(f"This is {FOREIGN[tag]}, which cannot be read. {ADVICE}")
        if len(path) >= DEEPEST:
            raise UnsupportedFormat(f"The elements of this XML document are nested too deep for a table. {ADVICE}")
        if open_elements:
            open_elements[-1][2][0] += 1
        path.append(_bare(tag))
        named = {_bare(name): value for name, value in attributes.items() if not _is_about_markup(name)}
        open_elements.append((named, [], [0]))
        if tuple(path) in groups:
            ended.append(_Element(tuple(path), named, "", -1))

    def end(_tag: str) -> None:
        named, texts, inner = open_elements.pop()
        ended.append(_Element(tuple(path), named, "".join(texts).strip(), inner[0]))
        path.pop()

    def characters(said: str) -> None:
        open_elements[-1][1].append(said)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.EntityDeclHandler = _refuse_entities
    parser.SkippedEntityHandler = _refuse_entities_of_others
    try:
        for at in range(0, len(text), CHUNK_CHARACTERS):
            parser.Parse(text[at : at + CHUNK_CHARACTERS], False)
            yield from ended
            ended.clear()
        parser.Parse("", True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
            _refuse_entities_of_others()
        raise CorruptFile(
            f"The XML document is damaged or cut short ({error}). Export it again and upload the complete file."
        ) from None
    yield from ended


def _refuse_entities(*_declared: object) -> None:
    raise UnsupportedFormat(f"The XML document declares entities, which no table needs and attacks use. {ADVICE}")


def _refuse_entities_of_others(*_used: object) -> None:
    said = f"The XML document uses entities that are declared elsewhere, as texts do, not tables. {ADVICE}"
    raise UnsupportedFormat(said) from None


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _is_about_markup(name: str) -> bool:
    """True for what an attribute says to parsers, not of the record: namespaces, schemas, that a value is nil."""
    return name == "xmlns" or name.startswith(("xmlns:", "xsi:", "xml:")) or _bare(name) == NIL
