"""The closed word lists of the domain; each word means what the domain page says."""

from typing import Literal, get_args

Kind = Literal["actor", "motive", "statement", "argument", "source", "assertion"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PLURALS: dict[str, Kind] = {f"{kind}s": kind for kind in KINDS}
"""The collection's name in paths and batches, to the kind."""

ActorKind = Literal["state", "alliance", "organisation", "outlet", "person", "group"]
Origin = Literal["attributed", "author", "constructed"]
Match = Literal["same", "narrower", "broader", "altered"]
MotiveRole = Literal["benefit", "need", "measure", "contribution", "driver", "doubt", "context"]
Stance = Literal["supporting", "opposing"]
Confidence = Literal["high", "medium", "low"]
Basis = Literal["explicit", "inferred"]
ArgumentBasis = Literal["explicit", "inferred", "own"]
"""Derived of an argument: marked in a text, found there by a reader, or the analyst's own step."""
Attack = Literal["undercut", "undermine", "rebut"]
SourceKind = Literal[
    "article",
    "report",
    "interview",
    "announcement",
    "statement",
    "photo-caption",
    "dataset",
    "document",
    "other",
]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
SourceStatus = Literal["current", "corrected", "retracted", "superseded"]
Modality = Literal["asserted", "reported", "believed", "possible"]
Leaning = Literal["pro", "con", "neutral"]
Precision = Literal["day", "month", "year", "unknown"]
Relation = Literal[
    "premise_of",
    "targets",
    "of",
    "found_in",
    "cites",
    "spoken_by",
    "may_be_spoken_by",
    "may_originate_with",
    "believed_by",
    "concerns",
    "about",
    "has_motive",
    "affiliated_with",
    "published_by",
    "written_by",
    "cited_in",
    "repeats",
    "same_as",
]
"""A link between nodes, read from its source to its target; in Neo4j the same word in capitals."""
RELATIONS: tuple[Relation, ...] = get_args(Relation)
Inclusion = Literal["verdicts", "strengths", "positions"]
"""What a drawing may show of nodes beyond the map itself."""
Measure = Literal["components", "communities", "bridges", "pagerank", "betweenness"]
"""How a map is connected as a graph."""
TextFormat = Literal["json", "text"]
PassageFit = Literal["exact", "found", "paragraph", "lost"]
"""How an assertion is found in a text: where its offsets say; elsewhere, by its quote or the words around it; no nearer
than its paragraph; nowhere."""
SpeakerCue = Literal["said", "according_to", "pronoun", "before"]
"""Why somebody is taken for the speaker: a verb of saying stands beside the name; the text says "according to"; a
pronoun, which means the last one named; another sentence of the quotation names who speaks."""
Choice = Literal["keep", "drop", "both"]
"""Whose value a field has after a merge."""
Op = Literal["create", "update", "upsert", "delete"]
CONFIDENCE_RANK: dict[Confidence, int] = {"low": 0, "medium": 1, "high": 2}
RANK_OF: dict[Confidence | None, int] = {None: 1, "low": 0, "medium": 1, "high": 2}
"""The rank of an argument's confidence; one that is not given counts as medium."""
