"""Spellings of one English word on both sides of the Atlantic: what is written in one is found by the other."""

import re
from functools import lru_cache

_KEPT = 1 << 16
_OUR = (
    "arb|ard|arm|behavi|cand|clam|col|demean|endeav|enam|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig"
    "|rum|sav|savi|splend|tum|val|vap|vig"
)
_RE = "cent|epicent|calib|fib|goit|lit|lust|meag|\\w*met|och|reconnoit|sab|scept|sepulch|somb|spect|theat|amphitheat"
_DOUBLED = (
    "cancel|carol|channel|chisel|counsel|dial|duel|enamel|equal|fuel|grovel|initial|jewel|label|level|libel|marshal"
    "|marvel|medal|model|panel|parcel|pedal|pencil|quarrel|refuel|remodel|rival|shovel|shrivel|signal|snivel|spiral"
    "|swivel|total|towel|travel|tunnel|unravel|wool"
)
_TABLE: tuple[tuple[str, str, str], ...] = (
    (r"\w{3,}i{}(?:e|ed|es|er|ers|ing|ation|ations|ational|able)", "s", "z"),
    (r"\w+ly{}(?:e|ed|es|er|ers|ing)", "s", "z"),
    (rf"(?:|dis|mis|un|be|en|bel|over)(?:{_OUR})o{{}}r\w*", "u", ""),
    (rf"(?:{_RE}){{}}s?", "re", "er"),
    (rf"(?:{_RE}){{}}", "red", "ered"),
    (rf"(?:{_RE}){{}}", "ring", "ering"),
    (r"(?:def|off|lic|pret)en{}e\w*", "c", "s"),
    (r"practi{}(?:e|ed|es|ing)", "c", "s"),
    (rf"(?:{_DOUBLED}){{}}(?:ed|en|ing|ings|er|ers|or|ors|ery|ous)", "l", ""),
    (r"(?:anal|catal|dial|epil|homol|monol|prol)og{}s?", "ue", ""),
    (r"(?:enrol|fulfil|instal|distil|instil|appal){}(?:s|ment|ments)?", "l", ""),
    (r"(?:skil|wil){}ful\w*", "l", ""),
    (r"(?:mis|pre|)(?:judg|acknowledg|abridg|lodg){}ment\w*", "e", ""),
    (r"(?:un|)(?:lik|sal|siz|liv|mov){}able", "e", ""),
    (r"{}s?", "programme", "program"),
    *((r"{}\w*", one, other) for one, other in (
        ("aeroplane", "airplane"), ("aesthet", "esthet"), ("ageing", "aging"), ("aluminium", "aluminum"),
        ("anaesth", "anesth"), ("anaem", "anem"), ("archaeo", "archeo"), ("artefact", "artifact"),
        ("adviser", "advisor"), ("caesium", "cesium"), ("connexion", "connection"), ("cosy", "cozy"),
        ("diarrhoea", "diarrhea"), ("encyclopaed", "encycloped"), ("enquir", "inquir"), ("foet", "fet"),
        ("gaol", "jail"), ("grey", "gray"), ("gynaec", "gynec"), ("haemo", "hemo"), ("haema", "hema"),
        ("jewellery", "jewelry"), ("leukaem", "leukem"), ("manoeuvr", "maneuver"), ("mediaeval", "medieval"),
        ("mould", "mold"), ("moult", "molt"), ("moustache", "mustache"), ("oesoph", "esoph"), ("oestr", "estr"),
        ("orthopaed", "orthoped"), ("paediatr", "pediatr"), ("plough", "plow"), ("protester", "protestor"),
        ("pyjama", "pajama"), ("sceptic", "skeptic"), ("smoulder", "smolder"), ("sulph", "sulf"), ("tyre", "tire"),
        ("whisky", "whiskey"),
    )),
)  # fmt: skip
"""Patterns of whole words with a place that is spelled in two ways."""
_PAIRS = [
    (re.compile(pattern.replace("{}", f"(?P<place>{one}|{other})", 1)), one, other) for pattern, one, other in _TABLE
]


@lru_cache(_KEPT)
def spellings(word: str) -> tuple[str, ...]:
    """The word and how else it is spelled, in the order of letters, so that the first stands for all.

    What looks like a pair and is none (`promise`, `promize`) does no harm: nobody asks for it.
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return (word,)
    found = {word}
    for pattern, one, other in _PAIRS:
        matches = [match for spelled in found if (match := pattern.fullmatch(spelled))]
        found.update(_respelled(match, other if match["place"] == one else one) for match in matches)
    return tuple(sorted(found))


def _respelled(match: re.Match[str], otherwise: str) -> str:
    begin, end = match.span("place")
    return match.string[:begin] + otherwise + match.string[end:]
