"""ROUGE and BLEU of `datapilot dataset eval` beside the two libraries that others quote: pairs of sentences, each
scored by them and by us.

The libraries live in an environment of their own below the cache folder, as peers do. What they printed is kept, and
`tests/finetuning/test_examine.py` holds our scores to it.
"""

import json
import random
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measured import Row
from benchmarks.peers import Peer, environment_of
from datapilot.finetuning.examine import bleu_4, rouge_1, rouge_l, words_of

PAIRS, SEED = 60, 8
SENTENCES = (
    "Revenue is highest in the North region, at 41 per cent of the total.",
    "Ask the team whether the opening hours differ between the branches.",
    "Orders fell by a third after March, and have not come back since.",
    "Check who enters these records before planning with them.",
    "The longer a ticket waits, the lower its score: look at the night shift first.",
    "Two of five products bring most of the returns; both came with the new supplier.",
    "Look at the calendar of the team before drawing a conclusion.",
    "No.",
)

# rouge-score's own tokens; sacrebleu is given ours, since its tokens keep punctuation and ours do not.
PROGRAM = """
import json, logging, sys
logging.disable()
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU
rouge = RougeScorer(["rouge1", "rougeL"])
bleu = BLEU(tokenize="none", smooth_method="add-k", smooth_value=1, effective_order=False)
scored = []
for said, expected, said_words, expected_words in json.load(open(sys.argv[1])):
    told = rouge.score(expected, said)
    of_four = bleu.sentence_score(said_words, [expected_words]).score / 100
    scored.append([told["rouge1"].fmeasure, told["rougeL"].fmeasure, of_four])
json.dump(scored, open(sys.argv[2], "w"))
"""
LIBRARIES = Peer("rouge-score", "0.1.2", PROGRAM, also=("sacrebleu==2.6.0",))


def measure() -> list[Row]:
    """Return one row a pair: what was said and expected, and each score, theirs and ours."""
    python, reason = environment_of(LIBRARIES)
    if reason:
        raise SystemExit(f"the libraries cannot be asked: {reason}")
    pairs = _pairs()
    with tempfile.TemporaryDirectory(prefix="datapilot-bench-") as folder:
        asked, told = Path(folder) / "pairs.json", Path(folder) / "scores.json"
        asked.write_text(json.dumps([[*pair, *(" ".join(words_of(text)) for text in pair)] for pair in pairs]))
        subprocess.run([python, "-c", LIBRARIES.program, asked, told], check=True)
        scores = json.loads(told.read_text())
    return [
        {
            "said": said,
            "expected": expected,
            "rouge_1": round(theirs[0], 9),
            "rouge_l": round(theirs[1], 9),
            "bleu_4": round(theirs[2], 9),
            "ours_differ_by": round(
                max(
                    abs(theirs[0] - rouge_1(said, expected)),
                    abs(theirs[1] - rouge_l(said, expected)),
                    abs(theirs[2] - bleu_4(said, expected)),
                ),
                9,
            ),
        }
        for (said, expected), theirs in zip(pairs, scores, strict=True)
    ]


def markdown(rows: list[Row]) -> str:
    """Return how far our scores are from theirs."""
    farthest = max(float(row["ours_differ_by"]) for row in rows)
    return (
        f"{len(rows)} pairs of sentences, scored by rouge-score 0.1.2 (ROUGE-1, ROUGE-L) and sacrebleu 2.6.0 (BLEU-4,"
        f" add-one smoothing): the largest difference to our own scores is {farthest:.9f}."
    )


def _pairs() -> list[tuple[str, str]]:
    """Return sentences beside themselves, beside each other, and with words dropped, doubled, moved or exchanged."""
    draw = random.Random(SEED)
    pairs = [(SENTENCES[0], SENTENCES[0]), (SENTENCES[1], SENTENCES[3]), (SENTENCES[7], SENTENCES[2])]
    while len(pairs) < PAIRS:
        expected = draw.choice(SENTENCES)
        words = expected.split()
        for _ in range(draw.randint(1, 6)):
            at = draw.randrange(len(words))
            match draw.choice(("drop", "double", "move", "exchange")):
                case "drop" if len(words) > 1:
                    del words[at]
                case "double":
                    words.insert(at, words[at])
                case "move":
                    words.insert(draw.randrange(len(words)), words.pop(at))
                case _:
                    words[at] = draw.choice(draw.choice(SENTENCES).split())
        pairs.append((" ".join(words), expected))
    return pairs
