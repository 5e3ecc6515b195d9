"""The Cypher texts by which a map goes and comes back: unlisted, swept away or moved aside, and moved back.

Each step is done in batches, and each batch holds the lock of what marks the map.
"""

# --- sweeping it away -------------------------------------------------------------------------------

UNLIST = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m, $revision IS NULL OR
        m.revision = $revision AND m.born = $created_at AND m.change = $change AS meant
    WHERE m.revision > 0
    FOREACH (_ IN CASE WHEN meant THEN [1] ELSE [] END |
        SET m:Dropped, m.stood = m.revision, m.aside = $aside, m.deleted_at = $at, m.deleted_by = $by,
            m.kept_until = $until
        REMOVE m:Map, m.revision)
    RETURN meant
"""
"""Without a revision no commit that waits for the lock goes through."""
LEFT = "MATCH (d:Dropped) RETURN d.id, d.born, d.aside"
LEFT_OF = "MATCH (d:Dropped {id: $map}) RETURN d.id, d.born, d.aside"
_LOCK_LEFT = """
    MATCH (d:Dropped {id: $map}) SET d.lock = 0
    WITH d WHERE d:Dropped AND d.born = $created_at
"""
"""Of two maps of one id, deleted one after the other, only the one that was meant."""
SWEEP_NODES = (
    _LOCK_LEFT + "MATCH (x:Node) WHERE x.map = d.id AND x.id > '' WITH x LIMIT $size "
    "OPTIONAL MATCH (x)-[:STATES]->(q:Quantity) WITH x, collect(q) AS stated "
    "FOREACH (q IN stated | DETACH DELETE q) DETACH DELETE x RETURN count(*)"
)
SWEEP_FORMER = (
    _LOCK_LEFT + "MATCH (x:Former) WHERE x.map = d.id AND x.id > '' WITH x LIMIT $size DELETE x RETURN count(*)"
)
SWEEP_CHANGES = (
    _LOCK_LEFT
    + "MATCH (x:Change) WHERE x.map = d.id AND x.revision > 1 WITH x LIMIT $size DETACH DELETE x RETURN count(*)"
)
SWEEP_BESIDE = (
    _LOCK_LEFT + "MATCH (x:Beside) WHERE x.map = d.id AND x.sort > '' AND x.id > '' "
    "WITH x LIMIT $size DELETE x RETURN count(*)"
)
SWEEP_TEXTS = (
    _LOCK_LEFT + "MATCH (x:SourceText) WHERE x.map = d.id AND x.source > '' WITH x LIMIT $size DELETE x RETURN count(*)"
)
SWEEP_LAST = _LOCK_LEFT + "OPTIONAL MATCH (x:Change {map: d.id, revision: 1}) DETACH DELETE x, d RETURN count(*)"
"""Revision 1 goes last: as long as it is there no map of the same id can be made."""

# --- moving it aside ---------------------------------------------------------------------------------

# A map that is to be kept is not swept away but moved aside, under a name that no map can have.
ASIDE_NODES = (
    _LOCK_LEFT + "MATCH (x:Node) WHERE x.map = d.id AND x.id > '' WITH d, x LIMIT $size "
    "SET x.map = d.aside, x.key = null RETURN count(*)"
)
ASIDE_FORMER = (
    _LOCK_LEFT
    + "MATCH (x:Former) WHERE x.map = d.id AND x.id > '' WITH d, x LIMIT $size SET x.map = d.aside RETURN count(*)"
)
ASIDE_BESIDE = (
    _LOCK_LEFT + "MATCH (x:Beside) WHERE x.map = d.id AND x.sort > '' AND x.id > '' "
    "WITH d, x LIMIT $size SET x.map = d.aside RETURN count(*)"
)
ASIDE_TEXTS = (
    _LOCK_LEFT
    + """
    MATCH (x:SourceText) WHERE x.map = d.id AND x.source > ''
    WITH d, x LIMIT $size
    SET x.map = d.aside
    RETURN count(*)
    """
)
ASIDE_CHANGES = (
    _LOCK_LEFT
    + """
    MATCH (x:Change) WHERE x.map = d.id AND x.revision > 1
    WITH d, x LIMIT $size
    SET x.map = d.aside, x.kept_key = x.key REMOVE x.key
    RETURN count(*)
    """
)
ASIDE_LAST = (
    _LOCK_LEFT
    + """
    OPTIONAL MATCH (x:Change {map: d.id, revision: 1})
    SET x.map = d.aside, x.kept_key = x.key, d.original = d.id, d.id = d.aside, d:Deleted
    REMOVE x.key, d:Dropped
    RETURN count(*)
    """
)

# --- what is kept: asked for, taken back, let go ---------------------------------------------------

DELETED = """
    MATCH (d:Deleted)
    RETURN d.original, properties(d), d.deleted_at, d.deleted_by, d.kept_until, d.stood
    ORDER BY d.deleted_at DESC, d.id DESC
"""
_LOCK_DELETED = """
    MATCH (d:Deleted) WHERE d.original = $map AND d.deleted_at = $at
    SET d.lock = 0
    WITH d WHERE d:Deleted
"""
CLAIM = (
    """
    MATCH (s:Argumap {name: 'schema'}) SET s.lock = 0
    WITH s LIMIT 1
    """
    + _LOCK_DELETED
    + """
    WITH d, EXISTS { (:Map {id: $map}) } OR EXISTS { (:Dropped {id: $map}) } AS taken
    OPTIONAL MATCH (x:Change {map: d.aside, revision: 1})
    FOREACH (_ IN CASE WHEN x IS NULL OR taken THEN [] ELSE [1] END | SET x.map = $map)
    FOREACH (_ IN CASE WHEN taken THEN [] ELSE [1] END | SET d.claimed = true)
    RETURN taken
    """
)
"""From here on no map of the id can be made: revision 1 stands in its way."""
BACK_NODES = (
    _LOCK_DELETED + "MATCH (x:Node) WHERE x.map = d.aside AND x.id > '' WITH x LIMIT $size "
    "SET x.map = $map, x.key = $map + '/' + x.id RETURN count(*)"
)
BACK_FORMER = (
    _LOCK_DELETED
    + "MATCH (x:Former) WHERE x.map = d.aside AND x.id > '' WITH x LIMIT $size SET x.map = $map RETURN count(*)"
)
BACK_BESIDE = (
    _LOCK_DELETED + "MATCH (x:Beside) WHERE x.map = d.aside AND x.sort > '' AND x.id > '' "
    "WITH x LIMIT $size SET x.map = $map RETURN count(*)"
)
BACK_TEXTS = (
    _LOCK_DELETED
    + "MATCH (x:SourceText) WHERE x.map = d.aside AND x.source > '' WITH x LIMIT $size SET x.map = $map RETURN count(*)"
)
BACK_CHANGES = (
    _LOCK_DELETED
    + "MATCH (x:Change) WHERE x.map = d.aside AND x.revision > 0 WITH x LIMIT $size SET x.map = $map RETURN count(*)"
)
BACK_KEYS = (
    _LOCK_DELETED
    + """
    MATCH (x:Change) WHERE x.map = $map AND x.revision > 0 AND x.kept_key IS NOT NULL
    WITH x LIMIT $size
    FOREACH (_ IN CASE WHEN EXISTS { (:Change {key: x.kept_key}) } THEN [] ELSE [1] END | SET x.key = x.kept_key)
    REMOVE x.kept_key
    RETURN count(*)
    """
)
BACK_LAST = (
    _LOCK_DELETED
    + """
    SET d.id = $map, d.revision = d.stood, d:Map
    REMOVE d:Deleted, d.stood, d.aside, d.original, d.deleted_at, d.deleted_by, d.kept_until,
        d.claimed
    RETURN count(*)
    """
)
FOR_GOOD = """
    MATCH (d:Deleted) WHERE d.kept_until <= $time AND d.claimed IS NULL AND ($map IS NULL OR d.original = $map)
    SET d:Dropped REMOVE d:Deleted, d.aside
    RETURN count(*)
"""
