"""Find the rows between the data that add up the rows above them, or all rows below the first. A label proves nothing:
the sum has to be right."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, pairwise

from datapilot.reading.late import late
from datapilot.reading.layout.row_shapes import first_filled
from datapilot.reading.records import Row

MOST_STARTS = 50  # groups back that a sum may reach over
NEARLY_ALL = 0.8
FEWEST_GROUPS, FEWEST_IN_GROUPS = 2, 5  # groups, and rows of all of them, whose sums are no chance
ROUNDING = 0.006  # of each added cell: sums are written to the cent
_SUBTOTAL = re.compile(
    r"\s*(?:(?:sub|grand)?[ -]?totals?|zwischensumme|gesamtsumme|gesamt|summe|sous[- ]total|tussentotaal|subtotaal"
    r"|totaal|totale|suma|somme|итого|всего|小计|小計|合计|合計)\b.{0,60}"
    r"|.{1,60}\b(?:sub[ -]?)?(?:total|summe|gesamt|totaal)\s*:?\s*|\s*\*{1,4}\s*"
    r"|\s*net (?:cash|change in cash|(?:increase|decrease)\b.{0,20}\bin cash)\b.{0,60}"
    r"|\s*(?:(?:netto|brutto|gesamt|rechnungs|end|zahl)(?:betrag|summe)|(?:net|gross|invoice) amount|(?:amount|balance)"
    r" due|(?:montant|total) (?:ht|ttc)|importe (?:neto|total)|base imponible|imponibile)\b.{0,60}"
    r"|\s*results from \d+ .{1,40}|\s*cash[- ]?flow aus\b.{1,60}|\s*flux (?:net )?de trésorerie\b.{1,60}",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"\b(?:profit|income|loss|margin|surplus|deficit|ebitda?|ergebnis|gewinn|résultat|bénéfice)\b", re.IGNORECASE
)
_TAX = late(
    r"\b(?:vat|gst|hst|sales tax|tax(?:es)?|mwst|ust|mehrwertsteuer|umsatzsteuer|tva|iva|btw|moms|pdv|dph|ндс|kdv)\b",
    re.IGNORECASE,
)
_AMOUNT = late(r"\(?[+\-−]?\s*[$€£¥]?\s*\d[\d.,'’\u00a0\u202f ]*\s*[$€£¥]?\)?-?")


def is_labelled_sum(cells: Sequence[str]) -> bool:
    """True when the row's first filled cell calls it a total of something."""
    first = first_filled(cells)
    return len(first) < 100 and bool(_SUBTOTAL.fullmatch(first))


def find_subtotals(rows: Sequence[Row], body: Sequence[int]) -> set[int]:
    """Return which rows of the body are labelled as a total and hold the sums of the rows above, back to the row after
    an earlier total, or as the first row those of all rows below; in most of their columns of numbers."""
    nameless = [index for index in body if not rows[index].cells[0].strip()]
    labelled = [index for index in body if is_labelled_sum(rows[index].cells)]
    if len(nameless) == 1 and nameless[0] in {body[0], body[-1]} and len(body) > 3:  # bare sums beside named rows
        labelled = sorted({*labelled, *nameless})
    if not labelled or len(labelled) > 0.5 * len(body):
        return set()
    found = max((_right_sums(rows, body, set(labelled), mark) for mark in ".,"), key=len)
    # Where the label is a category (men, women, total), few of its rows are sums by chance.
    return found if len(found) >= NEARLY_ALL * len(labelled) else set()


def find_parents(rows: Sequence[Row], body: Sequence[int]) -> list[range]:
    """Return for each row that holds the sums of the rows of its group right below it ("North", then its cities) the
    rows from it to the next such one; empty unless every group of the table is told so. The rows of a group leave blank
    the first cell, where it has its label, or are indented below it."""
    if body and is_labelled_sum(rows[body[-1]].cells):
        body = body[:-1]  # the total of all groups
    if len(body) < FEWEST_IN_GROUPS:
        return []
    labels = [rows[index].cells[0] for index in body]
    if all(labels):
        is_parent = [not label.startswith((" ", "\u00a0")) for label in labels]
    else:
        is_parent = [bool(label.strip()) for label in labels]
        seconds = [rows[index].cells[1].strip() if len(rows[index].cells) > 1 else "" for index in body]
        if any(bool(second) == parent for second, parent in zip(seconds, is_parent, strict=True)):
            return []
    starts = [place for place, parent in enumerate(is_parent) if parent]
    if len(starts) < FEWEST_GROUPS or starts[0] != 0 or len(body) < 2 * len(starts) + 1:
        return []
    ends = [*starts[1:], len(body)]
    groups = [[body[place] for place in range(start, end)] for start, end in zip(starts, ends, strict=True)]
    if not any(all(_holds_sums(rows, group, mark) for group in groups) for mark in ".,"):
        return []
    return [range(group[0], group[-1] + 1) for group in groups]


def _holds_sums(rows: Sequence[Row], group: Sequence[int], decimal: str) -> bool:
    """Whether the first row of the group holds the sums of the others, in every column of amounts."""
    told = {p: one for p, cell in enumerate(rows[group[0]].cells) if (one := _amount(cell, decimal)) is not None}
    for place, amount in told.items():
        parts = [_amount(rows[i].cells[place], decimal) for i in group[1:] if place < len(rows[i].cells)]
        if abs(sum(part or 0.0 for part in parts) - amount) > ROUNDING * len(group):
            return False
    return len(group) > 1 and any(told.values())


def find_sections(rows: Sequence[Row], body: Sequence[int], sums: Collection[int]) -> list[tuple[range, str]]:
    """Return the rows between each heading and the sum that bears its name ("Income", "Total Income"), with the
    heading's row first, and its label; an inner section comes after the one around it. Empty where some heading has no
    such sum: then nobody can say where it ends."""
    headings = [i for i in body if sum(bool(cell.strip()) for cell in rows[i].cells) == 1 and rows[i].cells[0].strip()]
    found = []
    for heading in headings:
        label = " ".join(rows[heading].cells[0].split())
        end = next((i for i in sorted(sums) if i > heading and is_sum_of(label, rows[i].cells[0])), None)
        if end is None:
            return []
        found.append((range(heading, end), label))
    return found


def named_by_header(
    rows: Sequence[Row], header: Sequence[int], body: Sequence[int], sums: Collection[int]
) -> tuple[range, str] | None:
    """Return the rows between the header and the sum that bears the header's first name ("Assets", "Total Assets"),
    and that name: in a balance sheet the first heading may stand in the row of the years. None for any other header."""
    if not header or not body:
        return None
    label = " ".join(rows[header[-1]].cells[0].split()) if rows[header[-1]].cells else ""
    end = next((i for i in sorted(sums) if i > body[0] and is_sum_of(label, rows[i].cells[0])), None)
    return (range(body[0], end), label) if end is not None else None


def behind_sums(body: Sequence[int], headings: Collection[int], sums: Collection[int]) -> list[int]:
    """Return the rows before which the last line of its kind is a sum, not a heading: what stands right below a heading
    is an item of it, and no balance of what was added up before."""
    behind = []
    is_behind = False
    for index in sorted({*body, *sums}):
        if index in headings or index in sums:
            is_behind = index in sums
        elif is_behind:
            behind.append(index)
    return behind


def find_taxes(rows: Sequence[Row], body: Sequence[int], sums: Collection[int]) -> set[int]:
    """Return which rows between two sums are called a tax and hold what the second has more than the first: they tax
    the items above and are none."""
    ordered = sorted(sums)
    found: set[int] = set()
    for first, second in pairwise(ordered):
        between = [index for index in body if first < index < second]
        if between and all(_TAX().search(first_filled(rows[index].cells)) for index in between):
            found |= max((_added(rows, first, between, second, mark) for mark in ".,"), key=len)
    return found


def _added(rows: Sequence[Row], first: int, between: Sequence[int], second: int, decimal: str) -> set[int]:
    before, after = ([_amount(cell, decimal) for cell in rows[index].cells] for index in (first, second))
    parts = [[_amount(cell, decimal) for cell in rows[index].cells] for index in between]
    for place, (less, more) in enumerate(zip(before, after, strict=False)):
        taxes = [part[place] for part in parts if place < len(part)]
        told = [tax for tax in taxes if tax is not None]
        if less is not None and more is not None and len(told) == len(between):
            return set(between) if abs(less + sum(told) - more) <= ROUNDING * (len(told) + 1) else set()
    return set()


def find_balances(rows: Sequence[Row], body: Sequence[int], sums: Collection[int]) -> set[int]:
    """Return which rows of the body hold what one sum leaves of another, or of an earlier balance, in every column:
    gross profit, net income. The sums were right by one decimal mark, and so are these."""
    return max((_balances(rows, body, sums, mark) for mark in ".,"), key=len)


def _balances(rows: Sequence[Row], body: Sequence[int], sums: Collection[int], decimal: str) -> set[int]:
    told: list[dict[int, float]] = []
    found: set[int] = set()
    for index in sorted({*body, *sums}):
        amounts = {p: one for p, cell in enumerate(rows[index].cells) if (one := _amount(cell, decimal)) is not None}
        if index in sums:
            told.append(amounts)
        elif (len(amounts) > 1 or _is_called_balance(rows[index].cells)) and any(
            _is_left(amounts, one, other) for one in told for other in told
        ):
            found.add(index)
            told.append(amounts)
    return found


def _is_called_balance(cells: Sequence[str]) -> bool:
    """True where a single amount is called what is left; alone, it may be a difference by chance."""
    return bool(_BALANCE.search(cells[0]))


def _is_left(amounts: Mapping[int, float], one: Mapping[int, float], other: Mapping[int, float]) -> bool:
    if not amounts.keys() <= one.keys() | other.keys():
        return False
    is_difference = all(abs(one.get(p, 0) - other.get(p, 0) - value) <= ROUNDING * 2 for p, value in amounts.items())
    return is_difference and any(amounts.values())


def is_sum_of(label: str, text: str) -> bool:
    """True where the text names the sum of what stands below a heading: "Total Income" of "Income"."""
    heading, words = (" ".join(one.split()).casefold() for one in (label, text))
    return bool(heading) and (words.startswith(f"{heading} ") or words.endswith((f" {heading}", f": {heading}")))


def _right_sums(rows: Sequence[Row], body: Sequence[int], labelled: set[int], decimal: str) -> set[int]:
    width = max(len(rows[index].cells) for index in labelled)
    data = [index for index in body if index not in labelled]
    amounts = {
        index: [_amount(cell, decimal) for cell in [*rows[index].cells, *[""] * width][:width]] for index in body
    }
    sums = [list(accumulate((amounts[index][p] or 0.0 for index in data), initial=0.0)) for p in range(width)]
    found: set[int] = set()
    seen, starts = 0, [0]
    for index in body:
        if index not in labelled:
            if not any(amount is not None for amount in amounts[index]) and starts[-1] != seen:
                starts.append(seen)  # a heading: what is added up below begins with it
            seen += 1
            continue
        told = [(p, amount) for p, amount in enumerate(amounts[index]) if amount is not None]
        needed = 1 if is_labelled_sum(rows[index].cells) else 2
        if index == body[0] and _adds_up_all(told, sums, needed=needed):
            found.add(index)
            continue
        for start in reversed(starts[-MOST_STARTS:]):
            right = sum(abs(sums[p][seen] - sums[p][start] - amount) <= ROUNDING * (seen - start) for p, amount in told)
            if seen > start and right >= needed and 2 * right >= len(told) and any(amount for _, amount in told):
                found.add(index)
                break
        if starts[-1] != seen:
            starts.append(seen)
    return found


def _adds_up_all(told: Sequence[tuple[int, float]], sums: Sequence[Sequence[float]], *, needed: int) -> bool:
    """Whether a first row holds the sums of all rows below it, so many at least; of one row below, or of zeros,
    anything would be one."""
    rows = len(sums[0]) - 1
    right = sum(abs(sums[p][-1] - amount) <= ROUNDING * rows for p, amount in told)
    return rows > 1 and right >= needed and 2 * right >= len(told) and any(amount for _, amount in told)


def _amount(cell: str, decimal: str) -> float | None:
    text = cell.strip()
    if not text or len(text) > 40 or not _AMOUNT().fullmatch(text):
        return None
    digits = "".join(ch for ch in text if ch.isdecimal() or ch == decimal).replace(decimal, ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return -value if text[0] in "(-−" or text[-1] in ")-" else value
