"""The words that soften a passage, and how firmly it puts what it says: by lists of English words."""

import re
from typing import NamedTuple

from graph.passages.sentences import Stretch
from schemas.vocabulary import Modality

_POSSIBLE = (
    r"may(?: not| well)?|might(?: not| well)?|could(?: not)?|possibly|possible|perhaps|maybe|potential(?:ly)?|"
    r"conceivabl[ye]|risks?|unclear|uncertain|cannot rule out"
)
_BELIEVED = (
    r"believe[sd]?|belief|(?:is|are|was|were) (?:thought|believed|considered)|"
    r"thinks?(?! tank)|thinking|thought to|seem(?:s|ed)?|"
    r"appear(?:s|ed)? to|appear(?:s|ed)?|apparently|(?:un)?likely|probabl[ye]|arguably|presumabl[ye]|presum(?:es|ed)|"
    r"expect(?:s|ed|ation)?|anticipat(?:es|ed)|suspect(?:s|ed)?|assum(?:es|ed)|estimat(?:es|ed)|suggests?|suggested|"
    r"in (?:his|her|its|their) view|in (?:my|our) opinion|feels?"
)
_REPORTED = (
    r"reportedly|according to|alleged(?:ly)?|(?:is|are|was|were) (?:said|reported|rumou?red) to|reported to|"
    r"rumou?red|purported(?:ly)?|so-called|indicat(?:es?|ed)|points? to|reports? (?:say|suggest|indicate)|"
    r"sources? sa(?:y|id)"
)
_SOFTENED = (
    r"would|if|expected to|effectively|largely|to (?:an|some) extent|more or less|in part|partly|in a sense|stands? to"
)
_BOUND = r"(?<![\w-])(?:{})(?![\w-])"
_LISTS: tuple[tuple[Modality, re.Pattern[str]], ...] = (
    ("asserted", re.compile(_BOUND.format("you could say|so to speak"), re.IGNORECASE)),
    ("possible", re.compile(_BOUND.format(_POSSIBLE), re.IGNORECASE)),
    ("believed", re.compile(_BOUND.format(_BELIEVED), re.IGNORECASE)),
    ("reported", re.compile(_BOUND.format(_REPORTED), re.IGNORECASE)),
    ("asserted", re.compile(_BOUND.format(_SOFTENED), re.IGNORECASE)),
)
_MONTH = re.compile(r"(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Oo]f|[Oo]n|\d|[Ll]ast|[Tt]his|[Ee]arly|[Ll]ate|[Mm]id-?)\s*$")


class Hedging(NamedTuple):
    """How firmly a passage puts what it says."""

    modality: Modality
    """The weakest that one of its words says; a condition ("if", "would") softens and says nothing of it."""
    hedges: tuple[Stretch, ...]
    """The words that soften it, in their order."""


def hedging_of(text: str, passage: Stretch, sentence: Stretch) -> Hedging:
    """The hedges of a passage and the modality that they make.

    What the rest of the sentence says of reports and beliefs counts where the passage itself is put flatly: "he
    believes that …", "reportedly, …".
    """
    own = _hedges(text, passage)
    modality = min(own.values(), key=_ORDER.index, default=_ORDER[-1])
    if modality == "asserted":
        around = {here: how for here, how in _hedges(text, sentence).items() if how in ("believed", "reported")}
        modality = min(around.values(), key=_ORDER.index, default=modality)
        own |= around
    return Hedging(modality, tuple(sorted(own)))


_ORDER: tuple[Modality, ...] = ("possible", "believed", "reported", "asserted")


def _hedges(text: str, within: Stretch) -> dict[Stretch, Modality]:
    found: dict[Stretch, Modality] = {}
    for modality, words in _LISTS:
        for match in words.finditer(text, *within):
            here = Stretch(match.start(), match.end())
            if not _is_month(text, match) and not any(here.overlaps(other) for other in found):
                found[here] = modality
    return found


def _is_month(text: str, match: re.Match[str]) -> bool:
    if match[0] != "May":
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    return bool(_MONTH.search(before)) or text[match.end() : match.end() + 2].strip().isdigit()
