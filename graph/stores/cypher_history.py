"""Every Cypher text that asks the log of a map, in records of many changes each.

A record of its own for each change would cost the driver ten times what reading the change does.
"""

# An index over several properties serves only what names them all; hence `c.revision > 0` and the like.

CHANGES = """
    MATCH (m:Map {id: $map})
    UNWIND $parts AS part
    CALL (part) {
        MATCH (c:Change) WHERE c.map = $map AND c.revision > part[0] AND c.revision <= part[1]
        WITH c ORDER BY c.map, c.revision
        RETURN collect(c.revision) AS revisions, collect(coalesce(c.doc, '')) AS documents
    }
    RETURN revisions, documents
"""
"""A list leaves nulls out, so that what stands behind one would move up: a text that is no change stands for it."""
CHANGES_AT = """
    MATCH (m:Map {id: $map})
    UNWIND $parts AS part
    CALL (part) {
        UNWIND part AS revision
        MATCH (c:Change {map: $map, revision: revision})
        RETURN collect(c.revision) AS revisions, collect(coalesce(c.doc, '')) AS documents
    }
    RETURN revisions, documents
"""
OLDEST = """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) WHERE c.map = $map AND c.revision > 0
    RETURN c.revision ORDER BY c.map, c.revision LIMIT 1
"""
_IN_LISTS = """
    AND ($nodes IS NULL OR any(id IN c.nodes WHERE id IN $nodes))
    WITH c.revision AS revision ORDER BY revision
    WITH collect(revision) AS found
    UNWIND range(0, size(found) - 1, 10000) AS start
    RETURN found[start..start + 10000]
"""
REVISIONS = (
    """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) WHERE c.map = $map AND c.revision > $after AND c.revision <= $until
"""
    + _IN_LISTS
)
REVISIONS_BY = (
    """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) USING INDEX c:Change(map, by, revision)
    WHERE c.map = $map AND c.by IN $by AND c.revision > $after AND c.revision <= $until
"""
    + _IN_LISTS
)
REVISION_AT = """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) USING INDEX c:Change(map, at, revision)
    WHERE c.map = $map AND c.at <= $at AND c.revision > 0
    RETURN c.revision ORDER BY c.map DESC, c.at DESC, c.revision DESC LIMIT 1
"""
