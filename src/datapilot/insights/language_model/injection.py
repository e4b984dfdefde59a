"""Tell a name from an attempt to talk to whoever reads it. For column names, the one text of a file that may leave.

Not the defence, one of several: cells do not leave at all, names stand as data between markers, the model can only
answer with ids and checked sentences. A name that is taken for an order by mistake costs the model a name.
"""

import base64
import re
import unicodedata

# Verbs and phrases that give orders to a model, and roles it might take for its own; no word that names a measure.
_ORDERS = re.compile(
    r"""
    (?<!\w)(?:
      ignor(?:e|ing|iere|iert|ez|er|a|ar|ad|are|ate|em)|disregard|forget|override|overrule|bypass|obey|pretend|jailbreak|
      vergiss|missachte|oublie[zr]?|olvida|dimentica|esque[çc]a|игнорир\w+|забудь\w*|
      (?:previous|prior|above|earlier|following|these)\s+(?:instructions?|rules|prompts?|guidelines)|
      system\s*prompt|instructions?\s*[:=]|anweisung\w*|instruc(?:ciones|[çc][õo]es)|istruzioni|инструкци\w*|
      (?:you|u)\s+(?:are|must|will|shall|should|have\s+to|need\s+to)|du\s+bist|sie\s+sind|tu\s+es|eres|sei\s+un|
      act\s+as|role\s*play|as\s+an?\s+(?:ai|assistant|analyst|language\s+model)|
      (?:respond|reply|answer)\s+(?:with|only|exactly|in)|
      (?:respond|reply|answer|say|print|write|return|output|translate|repeat|reveal|tell)\s+
        (?:only|exactly|that|just|me|everything|verbatim|nothing|the\s+(?:system|prompt|key|word))|
      (?:send|post|leak|exfiltrate|forward|upload)\s+(?:it|all|the|this|them|everything|data)|
      approve\s+(?:the|this|all|every)|mark\s+(?:this|all|it)\s+as|rate\s+(?:this|it|everything)\s+as|
      begin\s+(?:admin|system|debug)|developer\s+mode|do\s+anything\s+now|end\s+of\s+(?:data|prompt|input)
    )(?!\w)
    | (?<!\w)(?:system|assistant|user|developer|human|ai)\s*:(?:\W+\w+){3}
    | 忽略|忽视|無視|无视|指令|指示に|命令に|당신은|무시
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MARKUP = re.compile(
    r"</|<\s*[a-z!|]|\|\s*>|\]\s*\(|!\[|\{\{|\}\}|\"\s*[}\]:,]|[{\[]\s*\"|```|\\n|\\u[0-9a-f]{4}|<<|>>|\[/?(?:INST|SYS)\]|://|www\.|javascript:|data:\w+/",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"[A-Za-z\d+/]{16,}={0,2}")
_LOOKALIKES = str.maketrans("аеорсухіѕј013457@$", "aeopcyxisjoieastas")


def speaks_to_a_reader(text: str) -> bool:
    """Say whether a text that should be a name gives orders, plays a role in a conversation, or holds markup.

    Accents are left out, signs that look like Latin letters are read as these, and letters spelt apart are joined.
    """
    if _MARKUP.search(text) or any(_is_encoded_text(run[0]) for run in _ENCODED.finditer(text)):
        return True
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    spaced = re.sub(r"[_.\-/*~|]+", " ", plain)
    joined = re.sub(r"(?<!\w)(?:\w ){3,}\w(?!\w)", lambda run: run[0].replace(" ", ""), spaced)
    forms = {text, plain, spaced, joined, joined.translate(_LOOKALIKES)}
    return any(_ORDERS.search(form) for form in forms)


def _is_encoded_text(run: str) -> bool:
    """Say whether a run of letters and digits is base64 of words; names in camel case decode to noise."""
    run = run.rstrip("=")
    decoded = base64.b64decode(run[: len(run) // 4 * 4])
    return decoded.isascii() and decoded.decode().isprintable() and b" " in decoded
