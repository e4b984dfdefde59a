"""Whether the values of a category have an order of their own, as sizes, answers, bands and months have.

The rule: every value, but those that say that nothing is known, must find its place in one and the same order. Orders
are those of numbers, of bands that do not overlap ("18-24", "65+"), of amounts of one thing ("2 stars"), of numbers
that the values begin with ("1 - Critical"), of numbered steps ("Q1", "Stage II"), of grades, and of the lists below.
What is merely numbered ("Store 12") has none.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import pairwise

from datapilot.contracts.base import Scalar
from datapilot.words.meanings import name_words

MOST_STEPS = 20
LONGEST = 60  # letters of a value; longer ones are sentences
FEWEST_LETTERS = 3  # values, before letters alone are a scale: "S" and "M" may be single and married
_LATE_START = 2  # of numbers that values begin with; higher ones are those of a classification
_GAPS = 2  # steps of such numbers that no row may have

# A list a paragraph, lowest first, grades best first. Steps stand apart by "<", words for one step, in any language, by
# commas. Accents, signs and case do not count.
_LISTS = """
none, keine, aucun < negligible, trivial, informational, info < very low, sehr niedrig, sehr gering, tres faible,
tres bas, muy bajo, muy baja, molto basso, molto bassa, muito baixo, muito baixa, zeer laag < low, minor, slight,
mild, light, niedrig, gering, leicht, faible, bas, basse, bajo, baja, basso, bassa, baixo, baixa, laag < below
average, medium low, low medium < medium, med, mid, moderate, normal, average, mittel, mittelmassig, moyen, moyenne,
medio, media, modere, moderee, gemiddeld, middel, standard < above average, medium high, high medium < high, major,
elevated, hoch, eleve, elevee, haut, haute, alto, alta, hoog < severe, serious, schwer, grave, very high, sehr hoch,
tres eleve, tres elevee, muy alto, muy alta, molto alto, molto alta, muito alto, muito alta, zeer hoog < critical,
urgent, extreme, blocker, kritisch, dringend, critique, critico, critica, urgente, kritiek < fatal, catastrophic

strongly disagree, completely disagree, totally disagree, stimme uberhaupt nicht zu, stimme gar nicht zu, pas du
tout d accord, totalmente en desacuerdo, muy en desacuerdo, discordo totalmente, helemaal oneens < disagree, mostly
disagree, stimme nicht zu, pas d accord, en desacuerdo, discordo, oneens, in disaccordo < somewhat disagree,
slightly disagree, tend to disagree, stimme eher nicht zu, plutot pas d accord < neutral, neither agree nor
disagree, neither, undecided, not sure, teils teils, weder noch, unentschieden, neutre, ni d accord ni pas d accord,
ni de acuerdo ni en desacuerdo, neutro, neutraal < somewhat agree, slightly agree, tend to agree, stimme eher zu,
plutot d accord < agree, mostly agree, stimme zu, d accord, de acuerdo, concordo, eens, d accordo < strongly agree,
completely agree, totally agree, stimme voll zu, stimme voll und ganz zu, tout a fait d accord, totalmente de
acuerdo, muy de acuerdo, concordo totalmente, helemaal eens

very dissatisfied, extremely dissatisfied, very unsatisfied, sehr unzufrieden, tres insatisfait, muy insatisfecho,
molto insoddisfatto, muito insatisfeito, zeer ontevreden < dissatisfied, unsatisfied, not satisfied, unzufrieden,
insatisfait, insatisfecho, insoddisfatto, insatisfeito, ontevreden < somewhat dissatisfied, slightly dissatisfied,
eher unzufrieden < neutral, neither satisfied nor dissatisfied, neutre, neutro, neutraal, teils teils, weder noch <
somewhat satisfied, slightly satisfied, eher zufrieden, plutot satisfait < satisfied, zufrieden, satisfait,
satisfecho, soddisfatto, satisfeito, tevreden < very satisfied, extremely satisfied, sehr zufrieden, tres satisfait,
muy satisfecho, molto soddisfatto, muito satisfeito, zeer tevreden

very unlikely, extremely unlikely, sehr unwahrscheinlich < unlikely, unwahrscheinlich, improbable < somewhat
unlikely < neutral, neither likely nor unlikely, possible, moglich < somewhat likely < likely, wahrscheinlich,
probable < very likely, extremely likely, sehr wahrscheinlich, tres probable < certain, almost certain

very unfavorably, very unfavorable, very unfavourable < unfavorably, unfavorable, unfavourable, negative < somewhat
unfavorably, somewhat unfavorable, somewhat unfavourable < neutral, mixed, neither favorably nor unfavorably <
somewhat favorably, somewhat favorable, somewhat favourable < favorably, favorable, favourable, positive < very
favorably, very favorable, very favourable

not at all important, not important, unimportant, unwichtig < slightly important, a little important < somewhat
important, fairly important, eher wichtig < moderately important, neutral < important, wichtig < very important,
sehr wichtig < extremely important, essential

unacceptable, unsatisfactory < needs improvement, below, below expectations, below target, partially meets,
partially meets expectations < meets, meets expectations, on target, fully meets, meets most expectations < above,
exceeds, exceeds expectations, above expectations, above target < far exceeds, far exceeds expectations, outstanding

not at all, gar nicht, uberhaupt nicht, pas du tout < a little, slightly, not very, wenig, un peu < somewhat,
moderately, etwas, assez < quite a bit, fairly, mostly, ziemlich < very, very much, a lot, sehr, beaucoup <
extremely, completely

never, nie, niemals, jamais, nunca, mai, nooit < almost never, very rarely, fast nie, casi nunca, quase nunca <
rarely, seldom, hardly ever, selten, rarement, raramente, rara vez, zelden < occasionally, gelegentlich < sometimes,
manchmal, parfois, a veces, as vezes, a volte, soms < often, frequently, oft, haufig, souvent, a menudo,
frecuentemente, frequentemente, spesso, vaak < usually, very often, most of the time, meistens, sehr oft < almost
always, nearly always, fast immer, presque toujours, casi siempre, quase sempre < always, immer, toujours, siempre,
sempre, altijd

hourly < daily, taglich, quotidien, diario < weekly, wochentlich, hebdomadaire, semanal < biweekly, fortnightly,
semi monthly < monthly, monatlich, mensuel, mensual, mensal < bimonthly < quarterly, vierteljahrlich, trimestriel,
trimestral < semi annually, semiannual, half yearly, halbjahrlich, semestriel, semestral < yearly, annually, annual,
jahrlich, annuel, anual

terrible, awful, very poor, very bad, sehr schlecht, tres mauvais, muy malo < poor, bad, schlecht, mauvais, malo,
ruim < fair, passable, acceptable, ok, okay, average, mittelmassig, moyen, regular < good, gut, bon, bonne, bueno,
buena, buono, bom, goed < very good, sehr gut, tres bon, muy bueno, great < premium < excellent, ideal, outstanding,
exceptional, ausgezeichnet, hervorragend, excelente, eccellente

ungenugend < mangelhaft < ausreichend < befriedigend < gut < sehr gut

xxxs, 3xs < xxs, 2xs < xs, x small, extra small, very small, tiny, mini, sehr klein, tres petit < s, small, klein,
petit, petite, pequeno, pequena, piccolo, piccola < m, med, medium, mid, mittel, moyen, moyenne, mediano, mediana,
medio, media, middel, midsize < l, large, big, gross, grand, grande, groot < xl, x large, extra large, very large,
sehr gross, tres grand, jumbo < xxl, 2xl, huge < xxxl, 3xl < 4xl < 5xl

jan, january, januar, janner, janvier, janv, enero, ene, gennaio, gen, janeiro, januari < feb, february, februar,
fevrier, fevr, febrero, febbraio, fevereiro, fev, februari < mar, march, marz, mrz, mars, marzo, marco, maart, mrt <
apr, april, avril, avr, abril, abr, aprile < may, mai, mayo, maggio, mag, maio, mei < jun, june, juni, juin, junio,
giugno, giu, junho < jul, july, juli, juillet, juil, julio, luglio, lug, julho < aug, august, aout, agosto, ago,
augustus < sep, sept, september, septembre, septiembre, settembre, set, setembro < oct, october, oktober, okt,
octobre, octubre, ottobre, ott, outubro, out < nov, november, novembre, noviembre, novembro < dec, december,
dezember, dez, decembre, diciembre, dic, dicembre, dezembro

mon, monday, montag, mo, lundi, lun, lunes, lunedi, segunda, segunda feira, maandag < tue, tues, tuesday, dienstag,
di, mardi, mar, martes, martedi, terca, terca feira, dinsdag < wed, wednesday, mittwoch, mi, mercredi, mer,
miercoles, mie, mercoledi, quarta, quarta feira, woensdag < thu, thur, thurs, thursday, donnerstag, do, jeudi, jeu,
jueves, jue, giovedi, gio, quinta, quinta feira, donderdag < fri, friday, freitag, fr, vendredi, ven, viernes, vie,
venerdi, sexta, sexta feira, vrijdag < sat, saturday, samstag, sonnabend, sa, samedi, sam, sabado, sab, sabato,
zaterdag < sun, sunday, sonntag, so, dimanche, dim, domingo, dom, domenica, zondag

spring, fruhling, fruhjahr, printemps, primavera < summer, sommer, ete, verano, estate, verao < autumn, fall,
herbst, automne, otono, autunno, outono < winter, hiver, invierno, inverno

early morning < morning, morgen, matin, manana < noon, midday, mittag, midi < afternoon, nachmittag, apres midi,
tarde < evening, abend, soir < night, nacht, nuit, noche, late night

no schooling, no education < preschool < some primary < primary, primary school, elementary, elementary school <
middle school, lower secondary, some high school, some secondary, less than high school, less than high school
degree, below high school < high school, secondary, secondary school, upper secondary, high school graduate, high
school diploma, high school degree, high school or equivalent < some college, some university < associate,
associates, associate degree, associate s degree, associates degree, some college or associate degree, some college
or associate s degree < bachelor, bachelors, bachelor s, bachelor degree, bachelor s degree, bachelors degree <
master, masters, master s, master degree, master s degree, masters degree, graduate degree, postgraduate,
postgraduate degree < doctorate, phd, doctoral, doctoral degree, doctorate degree

infant, baby < toddler < child, kind, enfant, nino < teen, teenager, adolescent, youth, jugendlicher < young adult,
young < adult, erwachsener, adulte, adulto < middle age, middle aged < senior, elderly, old

intern, trainee < entry, entry level < junior < mid, mid level, intermediate < senior, senior level < lead,
principal < executive, executive level

beginner, novice, anfanger, debutant, principiante < intermediate, fortgeschritten, intermediaire, intermedio <
advanced, avance, avanzado < expert, experte, experto

bronze < silver, silber, argent, plata < gold, or, oro < platinum, platin, platine, platino < diamond, diamant,
diamante

free < basic < standard < premium

economy, eco < economy plus, eco plus, premium economy < business < first, first class

freezing < cold < cool < mild < warm < hot

one < two < three < four < five < six < seven < eight < nine < ten < eleven < twelve

first, erste, premier, primera < second, zweite, deuxieme, segunda < third, dritte, troisieme, tercera < fourth,
vierte, quatrieme, cuarta < fifth, funfte, cinquieme, quinta

aaa < aa+ < aa < aa- < a+ < a < a- < bbb+ < bbb < bbb- < bb+ < bb < bb- < b+ < b < b- < ccc+ < ccc < ccc- < cc < c <
d
"""
_UNKNOWN = frozenset({
    "unknown", "n a", "na", "not stated", "not specified", "unspecified", "not available", "prefer not to say",
    "prefer not to answer", "no answer", "don t know", "do not know", "dont know", "no opinion", "missing", "not known",
    "unbekannt", "keine angabe", "k a", "weiss nicht", "inconnu", "inconnue", "non renseigne", "ne sait pas", "nsp",
    "desconocido", "desconocida", "no sabe", "ns nc", "sconosciuto", "desconhecido", "onbekend",
    "unfamiliar", "unfamiliar n a", "not applicable", "undefined", "tbd",
})  # fmt: skip
_STEP_WORDS = (
    "level|grade|tier|stage|phase|class|year|week|quarter|month|day|priority|prio|severity|sev|step|round|semester|term"
    "|quartile|quintile|decile|percentile|band|star|generation|gen|wave|hour|"
    "stufe|klasse|jahr|woche|quartal|monat|tag|prioritat|niveau|classe|annee|semaine|trimestre|mois|jour|nivel|clase|ano"
    "|semana|mes|dia|livello|anno|settimana|q"
)
_GRADED = frozenset({
    "grade", "grades", "rating", "score", "class", "band", "rank", "tier", "level", "priority", "note", "klasse",
    "energy", "efficiency", "efficacy", "abc", "quality", "stufe", "niveau", "classe", "nivel", "clase", "livello",
    "severity", "sev", "prio", "urgency", "impact", "risk", "stage", "phase", "week", "semester", "term", "year",
})  # fmt: skip
_ROMAN = {
    one: place for place, one in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), start=1)
}

_ONE = "a|an|one|1|ein|eine|einem|einer|un|une|uno|una|um|uma|een"
_NOUGHT = frozenset(
    {"none", "never", "zero", "no", "nie", "niemals", "keine", "aucun", "aucune", "jamais", "nunca", "ninguno", "mai"}
)
_UNITS_OF_TIME = (
    (1, "minute minutes min mins minuten minuto minutos minuti"),
    (60, "hour hours hr hrs stunde stunden std heure heures hora horas ora ore uur uren"),
    (1_440, "day days tag tage tagen jour jours dia dias giorno giorni dag dagen"),
    (10_080, "week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken"),
    (43_800, "month months mo mos monat monate monaten mois mes meses mese mesi maand maanden"),
    (525_600, "year years yr yrs jahr jahre jahren an ans annee annees ano anos anno anni jaar"),
)
_MINUTES_OF = {word: minutes for minutes, words in _UNITS_OF_TIME for word in words.split()}
_LENGTH_UNIT = re.compile(rf"\b({'|'.join(_MINUTES_OF)})\b")

# Compiled when a value with figures in it asks for them.
_AMOUNT = r"(?:[$€£¥₹]|usd|eur|gbp|rs\.?)?\s*(-?\d[\d,.': ]*)\s*(k|m|mn|bn|b)?\s*(?:[$€£¥₹%]|usd|eur|gbp)?"
_UNIT = r"\s*(?:[^\W\d_][^\d]{0,24})?"
_RANGE = rf"[\[(]?\s*{_AMOUNT}{_UNIT}\s*(?:-|–|—|\.\.+|to|bis|a|à|al|until|,|and|through)\s*{_AMOUNT}{_UNIT}[\])]?"
_ABOVE = (
    r"(?:>=?|≥|over|above|more than|at least|from|older than|greater than|uber|ab|mehr als|plus de|mas de|oltre"
    r"|meer dan|mindestens|acima de|mais de)"
)
_BELOW = (
    r"(?:<=?|≤|under|below|within|less than|up to|younger than|fewer than|at most|unter|bis|weniger als|moins de"
    r"|menos de|meno di|minder dan|hasta|jusqu'a|bis zu|fino a|ate)"
)
_FROM = rf"{_ABOVE}\s*{_AMOUNT}{_UNIT}"
_TILL = rf"{_BELOW}\s*{_AMOUNT}{_UNIT}"
_MORE = r"\s*(?:\+|(?:[^\W\d_]+\s+)?(?:and|or|und|oder|et|ou|y|o|e|en)\s+(?:{ends})\b|{alone}\b){unit}"
_AND_MORE = _AMOUNT + _MORE.format(
    ends="over|older|above|more|up|alter|mehr|daruber|alteren|plus|mas|oltre|meer|mais|greater|higher",
    alone="plus",
    unit=_UNIT,
)
_AND_LESS = (
    _AMOUNT
    + r"\s*(?:[^\W\d_]+\s+)?(?:and|or|und|oder|et|ou|y|o|e)\s+"
    + r"(?:under|younger|below|less|fewer|junger|weniger|darunter|moins|menos|lower)\b.*"
)
_COUNTED = re.compile(r"(\d+(?:\.\d+)?)(?:(?:st|nd|rd|th|'?s)\b\s*|[\s\-]+)([^\W\d_][^\d]*)?")
_LED = re.compile(r"[\[(]?(\d{1,2})\s*[-–—.:)\]=]+\s*([^\W\d_].*)")
_STEP = re.compile(rf"({_STEP_WORDS}|[a-z])[\s.\-_#]*(\d{{1,3}}|[ivx]{{1,4}})")
_PERIOD = re.compile(
    r"(?:(?:fy|cy)?\s*'?(\d{4}|\d{2})[\s\-/]*)?(q(?=\s*[1-4])|h(?=\s*[12]))\s*([1-4])"
    r"(?:[\s\-/]*(?:fy|cy)?\s*(\d{4}|'?\d{2}))?"
)
_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_GRADE = re.compile(r"([a-h])\s*([+-]?)")
_THOUSANDS = {"": 1.0, "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}
_SHARED = {"+": -1, "": 0, "-": 1}  # places of a grade's sign

_Place = tuple[float, ...]


def in_own_order(values: Sequence[Scalar], *, name: str = "") -> tuple[Scalar, ...]:
    """Return the values of the category called `name` in their own order, those that say "unknown" last; () where they
    have none. `values` are different and not None."""
    if not 2 <= len(values) <= MOST_STEPS or any(isinstance(one, bool) for one in values):
        return ()
    if all(isinstance(one, int | float) for one in values):
        return tuple(sorted(values, key=lambda one: float(str(one))))
    texts = {one: _plain(one) for one in values if isinstance(one, str)}
    if len(texts) < len(values) or max(map(len, texts)) > LONGEST:
        return ()
    said = {one: text for one, text in texts.items() if _bare(text) not in _UNKNOWN}
    places = _places(list(said.values()), name) if len(said) > 1 else None
    if places is None:
        return ()
    at = dict(zip(said, places, strict=True))
    known = sorted(said, key=lambda one: (at[one], one))
    return (*known, *sorted(one for one in texts if one not in said))


def _places(texts: list[str], name: str) -> list[_Place] | None:
    """Return the place of every text in the first order that has all of them, be it without a word that all share."""
    is_graded = bool(_GRADED & set(name_words(name)))
    ways: tuple[Callable[[list[str]], list[_Place] | None], ...] = (
        _bands, _amounts, _led_by_numbers, partial(_steps, is_said=is_graded), _periods,
        partial(_grades, is_said=is_graded), _listed,
    )  # fmt: skip
    forms = [one for one in (texts, _without_shared(texts, -1), _without_shared(texts, 0)) if one]
    return next((found for form in forms for way in ways if (found := way(form)) is not None), None)


def _plain(text: str) -> str:
    """Return a text without case, accents and what surrounds it."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).replace("−", "-").split())


def _bare(text: str) -> str:
    """Return the words of a plain text, without signs but those of grades."""
    return " ".join(re.sub(r"[^\w+\-]|[-_](?=\w)", " ", text).split())


def _number(digits: str, scale: str | None) -> float | None:
    """Return a number with its thousands set apart in whatever way; None for what is none."""
    text = re.sub(r"[\s']|[.,](?=\d{3}(?!\d))", "", digits.strip()).rstrip(".,").replace(",", ".").replace(":", ".")
    try:
        return float(text) * _THOUSANDS[scale or ""]
    except ValueError:
        return None


def _band(text: str) -> tuple[float, float] | None:
    """Return the ends of a band; both are the number where it is one."""
    if match := re.fullmatch(_RANGE, text):
        low, high = _number(match[1], match[2] or match[4]), _number(match[3], match[4])
        bare = _number(match[1], match[2])
        # "1-5k" begins at a thousand, "500-1k" at five hundred.
        if low is not None and high is not None and bare is not None:
            low = low if low < high else bare
            return (low, high) if low < high else None
    for pattern in (_FROM, _AND_MORE):
        if (match := re.fullmatch(pattern, text)) and (low := _number(match[1], match[2])) is not None:
            return low, float("inf")
    for pattern in (_TILL, _AND_LESS):
        if (match := re.fullmatch(pattern, text)) and (high := _number(match[1], match[2])) is not None:
            return float("-inf"), high
    if (match := re.fullmatch(_AMOUNT + _UNIT, text)) and (value := _number(match[1], match[2])) is not None:
        return value, value
    return None


def _with_figures(text: str) -> str:
    """Return a text in which one thing and none are figures: "less than a year" is "less than 1 year"."""
    if re.search(r"\d", text):
        return text
    if _bare(text) in _NOUGHT:
        return "0"
    return re.sub(rf"\b(?:{_ONE})(?= (?:{'|'.join(_MINUTES_OF)})\b)", "1", text).replace("d'1", "de 1")


def _in_one_unit(texts: list[str]) -> list[str]:
    """Return texts with lengths of time in one unit, where they name several: months and years are one scale."""
    texts = [_with_figures(text) for text in texts]
    found = [_LENGTH_UNIT.findall(text) for text in texts]
    if not all(found) or len({_MINUTES_OF[unit] for units in found for unit in units}) < 2:
        return texts
    return [_in_minutes(text) for text in texts]


def _in_minutes(text: str) -> str:
    """Return a text with every figure in the unit that is named next after it, and no unit."""
    parts, factor = re.split(rf"(\d+(?:\.\d+)?|\b(?:{'|'.join(_MINUTES_OF)})\b)", text), 1
    for place in range(len(parts) - 2, 0, -2):
        if parts[place] in _MINUTES_OF:
            factor, parts[place] = _MINUTES_OF[parts[place]], ""
        else:
            parts[place] = str(round(float(parts[place]) * factor))
    return " ".join("".join(parts).split())


def _bands(texts: list[str]) -> list[_Place] | None:
    texts = _in_one_unit(texts)
    if not all(re.search(r"\d", text) for text in texts):
        return None
    bands = [_band(text) for text in texts]
    known = sorted(one for one in bands if one is not None)
    if len(known) < len(bands) or sum(low < high for low, high in known) < (2 if len(known) == 2 else 1):
        return None
    is_apart = all(high <= later or low == high == later for (low, high), (later, _) in pairwise(known))
    return [one for one in bands if one is not None] if is_apart else None


def _amounts(texts: list[str]) -> list[_Place] | None:
    """Amounts of one thing: "1 star" and "2 stars", "36 months", "3rd class"."""
    in_one = _in_one_unit(texts)
    found = [
        _COUNTED.fullmatch(text if text == plain else f"{text} minutes")
        for text, plain in zip(in_one, texts, strict=True)
    ]
    things = {(match[2] or "").strip().rstrip("s") for match in found if match}
    if not all(found) or len(things) != 1:
        return None
    places = [(float(match[1]),) for match in found if match]
    return list(places) if len(set(places)) == len(places) else None


def _led_by_numbers(texts: list[str]) -> list[_Place] | None:
    """What its author has numbered: "1 - Critical", "2 - High"."""
    found = [_LED.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in found if match]
    is_whole = len(numbers) == len(texts) == len(set(numbers)) and min(numbers) <= _LATE_START
    return [(float(one),) for one in numbers] if is_whole and max(numbers) <= len(numbers) + _GAPS else None


def _steps(texts: list[str], *, is_said: bool) -> list[_Place] | None:
    """Numbered steps of one thing that comes in steps: "Level 1", "Stage III", under a name that says so also "P2"."""
    found = [_STEP.fullmatch(text) for text in texts]
    if not is_said and any(match and len(match[1]) == 1 and match[1] != "q" for match in found):
        return None
    if not all(found) or len({match[1] for match in found if match}) != 1:
        romans = [_ROMAN.get(text) for text in texts]
        known = [(float(one),) for one in romans if one is not None]
        return list(known) if len(known) == len(texts) >= FEWEST_LETTERS else None
    ends = [match[2] for match in found if match]
    places = [_ROMAN.get(one) if not one.isdigit() else int(one) for one in ends]
    numbers = [(float(one),) for one in places if one is not None]
    return list(numbers) if len(numbers) == len(texts) == len(set(numbers)) else None


def _periods(texts: list[str]) -> list[_Place] | None:
    """Quarters, with their year or without: "Q1", "2024-Q3", "Q2 '23"."""
    found = [_PERIOD.fullmatch(text) for text in texts]
    places = [(float((match[1] or match[4] or "0").lstrip("'")), float(match[3])) for match in found if match]
    is_one_kind = len({match[2] for match in found if match}) == 1 and len({place[0] > 0 for place in places}) == 1
    return list(places) if len(places) == len(texts) == len(set(places)) and is_one_kind else None


def _listed(texts: list[str]) -> list[_Place] | None:
    words = [_bare(_IN_BRACKETS.sub("", text)) for text in texts]
    is_short = all(len(one) == 1 for one in words) and not {"s", "m", "l"} <= {*words}
    if is_short or (len(words) < FEWEST_LETTERS and any(len(one) == 1 for one in words)):
        return None
    for steps in _lists():
        if all(word in steps for word in words) and len({steps[word] for word in words}) > 1:
            return [(float(steps[word]),) for word in words]
    return None


def _without_shared(words: list[str], at: int) -> list[str] | None:
    """Return the texts without the word that all of them end or begin with: "Low risk", "High risk"."""
    parts = [one.split() for one in words]
    if any(len(one) < 2 for one in parts) or len({one[at] for one in parts}) > 1:
        return None
    return [" ".join(one[:-1] if at else one[1:]) for one in parts]


def _grades(texts: list[str], *, is_said: bool) -> list[_Place] | None:
    """Marks from A on, where the column's name or a sign says that they are marks."""
    found = [_GRADE.fullmatch(text) for text in texts]
    if not all(found) or len(texts) < FEWEST_LETTERS:
        return None
    has_signs = any(match[2] for match in found if match)
    return (
        [(float(ord(match[1])), float(_SHARED[match[2]])) for match in found if match] if is_said or has_signs else None
    )


@cache
def _lists() -> list[dict[str, int]]:
    """Return every list as the place of each word."""
    return [
        {_bare(word): place for place, step in enumerate(paragraph.split("<")) for word in step.split(",")}
        for paragraph in _LISTS.split("\n\n")
    ]
