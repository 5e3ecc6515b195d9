"""English for templates: numbers, plurals, lists, and texts cut to a length."""

import re
from collections.abc import Sequence

_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_SPACE = re.compile(r"\s+")
_LONGEST_MENTION = 300
_ABBREVIATED = re.compile(
    r"(?<!\S)[^\w\s]{0,4}(([^\W\d_]\.){2,}|(al|approx|assn|ave|bros|co|corp|dept|dr|esq|etc|inc|jr|ltd|messrs|mr|mrs|ms|mt|plc"
    r"|prof|rep|rev|sen|sr|st|univ|vs)\.)$",
    re.IGNORECASE,
)
"""A last word to which its stop belongs."""
_LETTERS_A_WORD = 15
"""A script without blanks has no words to count; so many characters are taken for one."""
_CLOSING = ",;:—–-"


def number(n: int) -> str:
    """A count in running text: words up to twelve, then figures."""
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else f"{n:,}"


def count(n: int, noun: str) -> str:
    """A count with its noun, which takes the plural it needs: "no arguments", "one argument", "13 arguments"."""
    return f"{number(n)} {noun if n == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a regular noun, of an irregular one that the reports use, or of one before "of"."""
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)}{of}{rest}"
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


_IRREGULAR = {"person": "people"}


def share(n: int, total: int, noun: str) -> str:
    """So many of a number: "two of three steps", "all three steps", "the one step"."""
    if n < total or not n:
        return f"{number(n)} of {count(total, noun)}"
    return f"the {count(n, noun)}" if n == 1 else f"all {count(n, noun)}"


def both_ways(favour: int, against: int, noun: str, how: str = "") -> str:
    """What something supports and opposes, by number: "supports two points and opposes one point"."""
    counted = (("supports", favour), ("opposes", against))
    return " and ".join(f"{does} {how}{count(n, noun)}" for does, n in counted if n)


def is_called(text: str) -> bool:
    """Whether it ends with the mark of a question or a call, behind which no comma and no colon stands."""
    return text.endswith(("?", "!"))


def colon(text: str) -> str:
    """What stands between a text and what is told of it."""
    return " –" if is_called(text) else ":"


def verb(n: int, singular: str, many: str) -> str:
    """The form of a verb for a subject of n."""
    return singular if n == 1 else many


def joined(parts: Sequence[str], last: str = "and") -> str:
    """A list in words: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    """The text without line breaks and doubled spaces."""
    return _SPACE.sub(" ", text).strip()


def bare(text: str) -> str:
    """A text for use inside another: without its full stop, and not endless."""
    line = one_line(text)
    if line.endswith(".") and not line.endswith("..") and not _ABBREVIATED.search(line):
        line = line[:-1].rstrip()
    return line if len(line) <= _LONGEST_MENTION else line[: _LONGEST_MENTION - 1].rstrip() + "…"


def words_in(text: str) -> int:
    """How many words a text has, as they are counted in print."""
    return len(text.split())


def clipped(text: str, most: int) -> str:
    """The beginning of a text, at most so many words, with a mark where it goes on."""
    words = text.split()
    kept = " ".join(words[:most])
    longest = most * _LETTERS_A_WORD
    if len(words) <= most and len(kept) <= longest:
        return kept
    kept = kept[:longest]
    opened = kept.rfind("(")
    if opened > 0 and kept.count("(") > kept.count(")"):  # a bracket that nothing closes goes whole
        kept = kept[:opened]
    return kept.rstrip().rstrip(_CLOSING).rstrip() + "…"


def quoted(text: str) -> str:
    """The words of a source, in marks that say so; no paraphrase stands in them."""
    return f"“{one_line(text)}”"


def article(name: str) -> str:
    """The name with "the" before it where English wants it."""
    words = name.split()
    if not words or words[0].lower() == "the":
        return name
    if words[0] in _COMING and len(words) > 1:
        return f"the {words[0].lower()} {' '.join(words[1:])}"
    wanted = words[0] == "United" or any(word in _WITH_ARTICLE for word in words)
    return f"the {name}" if wanted else name


def described(name: str) -> str:
    """The name of a group that is rather a description ("Other experts in Seoul"), as it stands inside a sentence."""
    first, _, rest = name.partition(" ")
    follows = rest[:1].islower() or rest.startswith("(")
    is_common = first in _DESCRIBING or (follows and first in _PEOPLE)
    return f"{first.lower()} {rest}" if rest and is_common else name


_COMING = frozenset({"Current", "Next", "Previous"})
_DESCRIBING = frozenset(
    {"Certain", "Few", "Many", "Most", "Other", "Others", "Several", "Some", "Those", "Unidentified", "Unnamed"}
)
_PEOPLE = frozenset(
    {"Activists", "Analysts", "Civilians", "Critics", "Diplomats", "Doctors", "Economists", "Engineers", "Experts"}
    | {"Farmers", "Fishermen", "Former", "Government", "Intelligence", "Journalists", "Lawmakers", "Lawyers", "Local"}
    | {"Members", "Military", "Ministers", "Neighbours", "Nurses", "Observers", "Officials", "Parents", "Police"}
    | {"Protesters", "Researchers", "Residents", "Scholars", "Scientists", "Senior", "Shopkeepers", "Soldiers"}
    | {"Sources", "Staff", "Students", "Supporters", "Teachers", "Traders", "Unions", "Veterans", "Voters", "Witnesses"}
    | {"Workers"}
)
"""Words that say what people a group is of, and no part of a name before a word in small letters."""
_WITH_ARTICLE = frozenset(
    {
        "Chamber",
        "Police",
        "Agency",
        "Army",
        "Authority",
        "Board",
        "Bureau",
        "Commission",
        "Committee",
        "Council",
        "Department",
        "Embassy",
    }
    | {"Federation", "Foundation", "Institute", "Ministry", "Office", "Organisation", "Organization", "Parliament"}
    | {"Service", "Union", "administration", "government"}
)
