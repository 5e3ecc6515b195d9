"""The Cypher texts of what stands beside a map, texts of sources and records, and of how many bytes a map keeps in all.

A map's node holds that count, and an entry of its log, a text and a record each its own part of it. Whoever writes one
of them has the map's lock, so that the count is that of one moment.
"""

# An index over several properties serves only what names them all; hence `x.id > ''` and the like.

# --- reading ----------------------------------------------------------------------------------------

SOURCE_TEXT = """
    MATCH (m:Map {id: $map}) MATCH (t:SourceText {map: m.id, source: $source}) RETURN t.sha256, t.text
"""
SOURCE_DIGESTS = """
    MATCH (m:Map {id: $map})
    MATCH (t:SourceText) WHERE t.map = m.id AND t.source > ''
    RETURN t.source, t.sha256 ORDER BY t.source
"""
_ONE_BESIDE = "MATCH (b:Beside {map: $map, sort: $sort, id: $id})"
BESIDE = "MATCH (m:Map {id: $map}) " + _ONE_BESIDE + " RETURN b.sort, b.id, b.subject, b.version, b.doc"
ALL_BESIDE = """
    MATCH (m:Map {id: $map})
    MATCH (b:Beside) WHERE b.map = $map AND b.sort = $sort AND b.id > ''
        AND ($subjects IS NULL OR b.subject IN $subjects)
    RETURN b.sort, b.id, b.subject, b.version, b.doc
"""
TEXTS = """
    MATCH (t:SourceText) WHERE t.map = $map AND t.source > ''
    RETURN t.source, t.sha256, t.text ORDER BY t.source
"""
BESIDE_OF_MAP = (
    "MATCH (b:Beside) WHERE b.map = $map AND b.sort > '' AND b.id > '' RETURN b.sort, b.id, b.subject, b.doc"
)

# --- writing ----------------------------------------------------------------------------------------

_LOCKED = "MATCH (m:Map {id: $map}) SET m.lock = 0 WITH m WHERE m:Map "
"""First, so that nothing is left beside a map that is being deleted."""
_WEIGHED = """
    WITH m, coalesce(m.kept_bytes, 0) AS before, $bytes - held AS more
    SET m.kept_bytes = before + more
    RETURN before, m.kept_bytes
"""
"""Tells what the map keeps before and after something of so many bytes took the place of what was `held`."""
ADD_BESIDE = (
    """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m.revision > 0
    CREATE (:Beside {map: $map, sort: $sort, id: $id, subject: $subject, version: $version, doc: $doc, bytes: $bytes})
    WITH m, 0 AS held
    """
    + _WEIGHED
)
CHANGE_BESIDE = (
    _LOCKED
    + _ONE_BESIDE
    + """
    WHERE b.version = $version - 1
    WITH m, b, coalesce(b.bytes, 0) AS held
    SET b.version = $version, b.subject = $subject, b.doc = $doc, b.bytes = $bytes
    """
    + _WEIGHED
)
REMOVE_BESIDE = (
    _LOCKED
    + _ONE_BESIDE
    + """
    WHERE b.version = $version
    SET m.kept_bytes = coalesce(m.kept_bytes, 0) - coalesce(b.bytes, 0)
    DELETE b
    RETURN 1
    """
)
KEEP_TEXT = (
    _LOCKED
    + """
    MERGE (t:SourceText {map: m.id, source: $source})
    WITH m, t, coalesce(t.bytes, 0) AS held
    SET t.sha256 = $sha256, t.text = $words, t.bytes = $bytes
    """
    + _WEIGHED
)
TAKE_TEXT = (
    _LOCKED
    + """
    MATCH (t:SourceText {map: m.id, source: $source})
    SET m.kept_bytes = coalesce(m.kept_bytes, 0) - coalesce(t.bytes, 0)
    DELETE t
    RETURN 1
    """
)
REWRITE_BESIDE = """
    UNWIND $rows AS row
    MATCH (b:Beside {map: $map, sort: row.sort, id: row.id})
    WITH b, row, row.bytes - coalesce(b.bytes, 0) AS more
    SET b.doc = row.doc, b.bytes = row.bytes
    WITH sum(more) AS more
    MATCH (m:Map {id: $map}) SET m.kept_bytes = coalesce(m.kept_bytes, 0) + more
"""

# --- what a map keeps in all -------------------------------------------------------------------------

KEPT = "MATCH (m:Map {id: $map}) RETURN coalesce(m.kept_bytes, 0)"
COUNT_LOG = "UNWIND $rows AS row MATCH (c:Change {map: $map, revision: row.revision}) SET c.bytes = row.bytes"
COUNT_TEXTS = "UNWIND $rows AS row MATCH (t:SourceText {map: $map, source: row.source}) SET t.bytes = row.bytes"
COUNT_BESIDE = """
    UNWIND $rows AS row
    MATCH (b:Beside {map: $map, sort: row.sort, id: row.id}) SET b.bytes = row.bytes
"""
_ANEW = """
    COLLECT { MATCH (c:Change) WHERE c.map = $map AND c.revision > 0 RETURN sum(c.bytes) }[0]
    + COLLECT { MATCH (t:SourceText) WHERE t.map = $map AND t.source > '' RETURN sum(t.bytes) }[0]
    + COLLECT { MATCH (b:Beside) WHERE b.map = $map AND b.sort > '' AND b.id > '' RETURN sum(b.bytes) }[0]
"""
COUNT_KEPT = (
    """
    CALL () { MATCH (m:Map {id: $map}) RETURN m UNION MATCH (m:Deleted {id: $map}) RETURN m }
    SET m.lock = 0
    WITH m
    SET m.kept_bytes =
    """
    + _ANEW
)
KEPT_TWICE = _LOCKED + "RETURN m.kept_bytes, " + _ANEW
"""As it was kept up, and as it is; always rolled back."""
