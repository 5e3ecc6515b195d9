"""What a node is found by: its texts folded and cut into words, and the terms that an index of any store holds.

Folded as ICU has it: compatibility forms and case are folded, marks that are put on a letter are taken off, digits of
any script are figures, and Latin letters that are no letter with a mark (ł, ø, đ, ß, æ) become the letters that stand
for them. Nothing else is transliterated, and a vowel sign that is a letter of its own stays. Words are cut by the
text's shape, a character of which stands for each character of the text, so that a place in the one is a place in the
other. What is spelt one way on one side of the Atlantic is found by the other.

Terms are separated by single blanks, so an index whose tokenizer splits at blanks and does nothing else (FTS5 `ascii`,
Lucene `whitespace`) finds the same nodes as any other. Beside the words there are terms with `_`, which no word has:
`_n` before words of names and texts, `_t` before those of tags, `_e` before a whole name, `_i` before the id.
A run of a script without blanks is indexed by pairs of its characters.

Lists are in the order in which people look words up: the Unicode Collation Algorithm with its root table (UTS #10).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, Protocol

import msgspec
from anyascii import anyascii

Form = Literal["word", "figure", "abbreviation", "capitals", "run"]
"""`figure`: digits in groups (700,000); `abbreviation`: letters with full stops (U.S.); `capitals`: the same without
them (US); `run`: letters of a script that is written without blanks between words, or with few (部队)."""
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u1ab0\u1b00-\u1b7f\u3005-\u3007\u3031-\u3035"
    "\u3041-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\ua980-\ua9ff"
    "\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Tai, Balinese, Javanese, Han, kana, Bopomofo, Yi; Hangul too, since words are joined."""


# --- folding ---------------------------------------------------------------------------------------


_LONGEST = 100
"""Characters of a word that count: the indexes cut longer ones, each at another place."""
_FOLDED_KEPT = 1 << 16
_UNSPACED = re.compile(f"[{UNSPACED}]")
_TOKEN = re.compile(
    r"(?P<figure>(?<![admu,.])d{1,3}(?:(?:,d{2,3})*,d{3}|(?:,d{3})+|(?:\.d{3})+|(?:-d{3})+)(?![ad]))"
    r"|(?P<abbreviation>(?<![admu])am*(?:\.am*)+\.?(?![admu]))"
    r"|(?P<run>u[um]*)"
    r"|(?P<word>[ad][adm]*)"
)
_SELECTOR = re.compile("[\u034f\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TAKEN_OFF = (7, 8, 107, 122)
"""Combining classes beside 1, 10 to 36 and 200 on: nuktas, the voicing of kana, tones of Thai and Lao."""


class Token(NamedTuple):
    """A word where it stands in a text."""

    form: Form
    word: str
    """Folded; a sign of several words has blanks between them."""
    start: int


class _Shape(dict[int, str]):
    """What a character is: letter `a`, digit `d`, mark `m`, letter of a script without blanks `u`, `,`, `.`, or a gap.

    A blank that no line breaks at is `-`: it groups digits.
    """

    def __missing__(self, code: int) -> str:
        found = self[code] = self._of(chr(code))
        return found

    @staticmethod
    def _of(sign: str) -> str:
        if sign in ",'\u2019\u066c":
            return ","
        if sign in ".\u2024\uff0e":
            return "."
        if sign in "\u00a0\u2009\u202f":
            return "-"
        kind = unicodedata.category(sign)
        if kind.startswith("M") or (kind == "Cf" and sign != "\u200b"):
            return "m"
        if kind == "Nd":
            return "d"
        letter = next(filter(str.isalnum, unicodedata.normalize("NFKD", sign)), "")
        return "" if not letter else "u" if _UNSPACED.match(letter) or _UNSPACED.match(sign) else "a"


class _Plain(dict[int, str]):
    """What a character of a decomposed text becomes."""

    def __missing__(self, code: int) -> str:
        found = self[code] = self._of(chr(code))
        return found

    @staticmethod
    def _of(sign: str) -> str:
        kind, raised = unicodedata.category(sign), unicodedata.combining(sign)
        if kind == "Nd":
            return str(unicodedata.decimal(sign))
        if kind.startswith("M"):
            removed = raised == 1 or 10 <= raised <= 36 or raised >= 200 or raised in _TAKEN_OFF
            return "" if removed or kind == "Me" or _SELECTOR.match(sign) else sign
        if kind == "Cf" or sign == "\u0640" or "\u02b0" <= sign <= "\u02ff":  # no more than how a letter looks
            return ""
        if sign.isalnum():
            return anyascii(sign).lower() if unicodedata.name(sign, "").startswith("LATIN ") else sign
        return " "


_SHAPE, _PLAIN = _Shape(), _Plain()


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in their order; O(characters)."""
    shape = "".join(_SHAPE[ord(c)] or " " for c in text)
    for match in _TOKEN.finditer(shape):
        said, form = text[match.start() : match.end()], match.lastgroup
        if form == "word":
            capitals = 2 <= len(said) <= 6 and said.isalpha() and said.isupper()
            yield Token("capitals" if capitals else "word", _plain(said), match.start())
        elif form == "run":
            yield Token("run", _plain(said, whole=True), match.start())
        elif form == "figure":
            yield Token("figure", _plain(said).replace(" ", "")[:_LONGEST], match.start())
        else:
            yield Token("abbreviation", _plain(said).replace(" ", ""), match.start())


def folded(text: str) -> str:
    """The words of a text separated by single blanks; the same again changes nothing."""
    return " ".join(token.word for token in tokens(text) if token.word)


def is_run(word: str) -> bool:
    """Whether a folded word is of a script without blanks: it is found in the midst of others too."""
    return _UNSPACED.match(word) is not None


@lru_cache(_FOLDED_KEPT)
def _plain(said: str, *, whole: bool = False) -> str:
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", said).casefold()).translate(_PLAIN)
    words = unicodedata.normalize("NFC", bare).split()
    return " ".join(words if whole else [word[:_LONGEST] for word in words])


# --- spellings -------------------------------------------------------------------------------------


_SPELT_KEPT = 1 << 16
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


@lru_cache(_SPELT_KEPT)
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


# --- terms of an index -----------------------------------------------------------------------------


NAMES, SAID, NOTED, TAGGED = 3, 4, 5, 6
"""Where a field stands in the order of an answer; before it come a whole name, an id and the beginning of a name."""
FIELDS: dict[str, int] = {
    "name": NAMES, "title": NAMES, "aliases": NAMES, "text": NAMES, "warrant": NAMES,
    "wording": SAID, "quote": SAID, "role": SAID, "definition": SAID, "rationale": SAID, "condition": SAID,
    "note": NOTED, "tags": TAGGED,
}  # fmt: skip
"""The fields that are searched, in the order in which a match is told."""
CALLED = ("name", "title", "aliases")
"""Fields that say what a node is called."""
_LABELS = ("text", "title", "name", "wording", "quote", "warrant")
_LONGEST_NAME = 100
_SPACED_FIGURE = re.compile(r"(?<![\d,.])[0-9]{1,3}(?: [0-9]{3})+(?![\d,.])")
"""It may be one figure or several, so its groups are words too."""


class Searched(msgspec.Struct):
    """The texts of a stored document, of whatever kind and version of the model."""

    id: str
    name: str | None = None
    title: str | None = None
    aliases: tuple[str, ...] = ()
    text: str | None = None
    warrant: str | None = None
    wording: str | None = None
    quote: str | None = None
    role: str | None = None
    definition: str | None = None
    rationale: str | None = None
    condition: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()


class Identified(Protocol):
    """A node, or what stands for one, whose texts are attributes."""

    @property
    def id(self) -> str:
        """Its id."""


class Field(NamedTuple):
    """A field of a node with something in it."""

    name: str
    tier: int
    texts: tuple[str, ...]


def read_texts(document: bytes) -> Searched:
    """The texts of a stored document."""
    return _DECODER.decode(document)


def fields(node: Identified) -> Iterator[Field]:
    """The fields of a node that say something, in the order of `FIELDS`."""
    for name, tier in FIELDS.items():
        value = getattr(node, name, None)
        if value:
            yield Field(name, tier, (value,) if isinstance(value, str) else tuple(value))


def label_of(node: Identified) -> str:
    """What a node is called or says; its id where it says nothing."""
    said = (getattr(node, name, None) for name in _LABELS)
    return next(filter(None, said), node.id)


def words_of(text: str) -> Iterator[str]:
    """The words of a text with what else finds them: other spellings, the groups of a figure, `_a` and short forms."""
    for token in tokens(text):
        yield from words_of_token(token)
    for figure in _SPACED_FIGURE.findall(text):
        yield figure.replace(" ", "")


def words_of_token(token: Token) -> Iterator[str]:
    """The same of one word of a text."""
    for word in token.word.split():
        yield from spellings(word)
    if token.word.isdecimal():  # whoever puts blanks into a figure asks for its groups
        yield from groups_of(token.word)
    if token.form in ("abbreviation", "capitals"):
        yield short_form(token.word)


def groups_of(figure: str) -> list[str]:
    """The groups of three digits of a figure without the first, with which it begins anyway."""
    return [figure[end - 3 : end] for end in range(len(figure), 3, -3)]


def short_form(word: str) -> str:
    """What an abbreviation is found by, which no plain word is: "us" is another word than "U.S."."""
    return f"_a{word}"


def name_key(text: str) -> str:
    """A whole name in its first spelling: equal for names that are called the same."""
    return " ".join(spellings(word)[0] for word in folded(text).split())


def name_term(key: str) -> str:
    """The term of a whole name; the beginning of it is that of a name that begins so."""
    return f"_e{key.replace(' ', '_')[:_LONGEST_NAME]}"


def id_term(node_id: str) -> str:
    """The term of an id."""
    return f"_i{folded(node_id).replace(' ', '_')}"


def terms_of_word(word: str) -> list[str]:
    """The terms of a word: a run has its pairs of characters, and the last one for whoever asks for that alone."""
    if not is_run(word):
        return [word]
    return [word[place : place + 2] for place in range(len(word))]


def index_terms(node: Identified) -> str:
    """All terms of a node, separated by blanks; O(characters)."""
    terms: dict[str, None] = {id_term(node.id): None}
    for field in fields(node):
        words = dict.fromkeys(word for text in field.texts for word in words_of(text))
        prefixes = ("_t",) if field.tier == TAGGED else ("", "_n") if field.tier == NAMES else ("",)
        found = (term for word in words for term in terms_of_word(word))
        terms.update((prefix + term, None) for term in found for prefix in prefixes)
        if field.tier == NAMES:
            terms.update(_names(field.texts))
    return " ".join(terms)


def width(node: Identified) -> int:
    """Characters of all texts of a node."""
    return sum(len(text) for field in fields(node) for text in field.texts)


def _names(texts: Iterable[str]) -> Iterator[tuple[str, None]]:
    for text in texts:
        if key := name_key(text):
            yield name_term(key), None


_DECODER = msgspec.json.Decoder(Searched)


# --- order -----------------------------------------------------------------------------------------


_LETTERS_KEPT = 1 << 17
"""Keys kept: those of the texts that lists were sorted by of late."""
_READING = 200_000.0
_LATIN = frozenset(map(chr, (*range(0x250), *range(0x300, 0x370)))) - {"·", "̷"}
"""Letters and marks that the table has one by one, so that a text of them alone is translated and not searched."""
CollationKey = tuple[str, ...]
"""Comparing keys is comparing texts: by letters, then marks, then case, and texts that differ in none by code point."""


@lru_cache(_LETTERS_KEPT)
def cost_of_first_key() -> float:
    """Estimated microseconds that the table has still to be read for: nothing once a process has it."""
    return 0.0 if _levels.cache_info().currsize else _READING


def collation_key(text: str) -> CollationKey:
    """What texts are sorted by, the same on every machine: apple, Äpfel, eclair, Élan, Zebra; O(text)."""
    decomposed = unicodedata.normalize("NFD", text)
    if _LATIN.issuperset(decomposed):
        levels = _levels()
        return (*(decomposed.translate(level) for level in levels), text)
    elements = _collator().collation_elements(decomposed)
    return (*("".join(chr(e[level]) for e in elements if e[level]) for level in range(3)), text)


class _Levels(NamedTuple):
    """The weights of single letters and marks by code point."""

    letters: dict[int, str]
    marks: dict[int, str]
    cases: dict[int, str]


@cache
def _levels() -> _Levels:
    found = _Levels({}, {}, {})
    for letter in _LATIN:
        elements = _collator().collation_elements(letter)
        for level, table in enumerate(found):
            table[ord(letter)] = "".join(chr(e[level]) for e in elements if len(e) > level and e[level])
    return found


@cache
def _collator() -> Any:
    from pyuca.collator import Collator_10_0_0  # noqa: PLC0415 - reading its table takes some tenths of a second

    collator = Collator_10_0_0()
    collator.build_lookup_key = lambda text: _Rest([ord(letter) for letter in text])
    return collator


class _Rest:
    """What is left of a text to look up: the collator cuts the front off for every letter, which copies nothing here.

    Each cut leaves the one before behind, which is not looked at again.
    """

    def __init__(self, codes: list[int], start: int = 0) -> None:
        self._codes = codes
        self._start = start

    def __bool__(self) -> bool:
        return self._start < len(self._codes)

    def __iter__(self) -> Iterator[int]:
        return (self._codes[place] for place in range(self._start, len(self._codes)))

    def __getitem__(self, part: slice) -> Any:
        if part.start is None:  # the front: a letter with what belongs to it
            return self._codes[self._start : self._start + part.stop]
        return _Rest(self._codes, self._start + part.start)

    def __radd__(self, front: list[int]) -> "_Rest":
        """The front put back, without the mark between, which was taken with the letter before."""
        start = self._start - len(front)
        self._codes[start : self._start] = front
        return _Rest(self._codes, start)

    def pop(self, _: int) -> int:
        self._start += 1
        return self._codes[self._start - 1]
