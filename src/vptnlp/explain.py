"""What each word adds to the judgement, by occlusion: leave it out, ask again, and see how much the answer moves.

Occlusion (Zeiler & Fergus 2014) needs nothing of the model but its answers, so it holds for every classifier alike.
"""

from __future__ import annotations

from math import log

from vptnlp.classify import Classifier, Prediction
from vptnlp.classify.features import tokenise
from vptnlp.messages import Contribution

LARGEST = 100
"""So many stretches at most are left out one by one; in a longer message a stretch is several words."""

_FLOOR = 1e-6


def occlude(classifier: Classifier, text: str) -> tuple[Contribution, ...]:
    """How much each stretch of a message adds to its being hostile.

    Args:
        classifier: The model.
        text: The message as received.

    Returns:
        One contribution a stretch, in order of the text. Its weight is by how much the log-odds of hostility fall when the
        stretch is left out: above 0 it speaks for hostility, below 0 against.
    """
    words = tokenise(text)
    if not words:
        return ()
    size = -(-len(words) // LARGEST)
    stretches = [(words[i][0], words[min(i + size, len(words)) - 1][1]) for i in range(0, len(words), size)]
    whole, *without = classifier.predict([text, *(text[:start] + text[end:] for start, end in stretches)])
    base = _log_odds(whole)
    return tuple(
        Contribution(start, end, base - _log_odds(answer))
        for (start, end), answer in zip(stretches, without, strict=True)
    )


def _log_odds(prediction: Prediction) -> float:
    """Log-odds of the likeliest of hostility, a threat and doxing."""
    scores = prediction.scores
    likely = max(scores.hostile, 1 - scores.axes["threat"]["none"], 1 - scores.axes["doxing"]["none"])
    held = min(max(likely, _FLOOR), 1 - _FLOOR)
    return log(held / (1 - held))
