"""The Cypher texts about what people see and change in the database beside the service: what hands did, all that is
stored of a map held against its history and made again, and verdicts on the nodes.
"""

from graph.stores.cypher import NODE_TIMES

# --- what hands did -------------------------------------------------------------------------------

_AS_IT_IS = """
    RETURN elementId(n), n.id, labels(n), properties(n),
        COLLECT { MATCH (n)-[r]->(o) WHERE NOT o:Map AND NOT o:Quantity RETURN [type(r), elementId(o), properties(r)] },
        COLLECT { MATCH (n)-[:STATES]->(q:Quantity) RETURN properties(q) },
        COLLECT { MATCH (n)<-[r:PREMISE_OF|HAS_MOTIVE]-(o) RETURN [type(r), elementId(o), properties(r)] }
"""
NODES_AS_THEY_ARE = (
    "MATCH (n:Node) WHERE n.map = $map AND n.id > $after WITH n ORDER BY n.map, n.id LIMIT $size" + _AS_IT_IS
)
LOOSE_NODES = (
    """
    MATCH (n:Actor|Motive|Statement|Argument|Source|Assertion|Node)
    WHERE (n.map = $map OR EXISTS { (n)-[:IN_MAP]->(:Map {id: $map}) })
        AND (NOT n:Node OR n.id IS NULL OR n.map IS NULL)
    WITH n
    """
    + _AS_IT_IS
)
"""Nodes of the map by label and property, or by relationship, that the service has not made and does not read."""

HOLD = "MATCH (n) WHERE elementId(n) IN $elements SET n.lock = 0 REMOVE n.lock"
"""Takes the nodes' write locks, which leaves them as they are."""
KEEP_FREE = """
    UNWIND $ids AS id
    MERGE (n:Node {map: $map, id: id})
    WITH n WHERE size(keys(n)) > 2 OR size(labels(n)) > 1
    RETURN n.id
"""
"""Takes the places of nodes that are not there; the ids of those that are."""
AS_SEEN = "MATCH (n) WHERE elementId(n) IN $elements" + _AS_IT_IS
HELD_LINKS = """
    MATCH (n:Node {map: $map}) WHERE n.id IN $ids
    RETURN n.id,
        COLLECT { MATCH (n)-[r]->(o:Node {map: $map}) RETURN [elementId(r), type(r), n.id, o.id, properties(r)] }
            + COLLECT { MATCH (n)<-[r:PREMISE_OF|HAS_MOTIVE]-(o:Node {map: $map})
                        RETURN [elementId(r), type(r), o.id, n.id, properties(r)] },
        COLLECT { MATCH (n)-[:STATES]->(q:Quantity) RETURN properties(q) }
"""
CUT_OFF = """
    UNWIND $links AS link
    MATCH (n:Node {map: $map, id: link[0]})-[r]-() WHERE elementId(r) IN link[1]
    DELETE r
"""
"""Relationships are looked for at a node: by their own ids alone the planner may read all there are."""

# --- doctor and repair ------------------------------------------------------------------------------

AUDITED = """
    MATCH (n:Node) WHERE n.map = $map AND n.id > $after
    WITH n ORDER BY n.map, n.id LIMIT $size
    RETURN n.id, labels(n), properties(n),
        COLLECT { MATCH (n)-[r]->(o:Node {map: $map}) RETURN [type(r), o.id, properties(r)] },
        COLLECT { MATCH (n)-[:STATES]->(q:Quantity) RETURN properties(q) }
"""
INDEXED = """
    CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
    WITH 1 AS refreshed
    CALL db.index.fulltext.queryNodes('argumap_words', $asked) YIELD node AS n
    WITH n WHERE n:Node AND n.map = $map
    RETURN n.id
"""
LOG_ROWS = """
    MATCH (c:Change) WHERE c.map = $map AND c.revision > $after
    RETURN properties(c) ORDER BY c.map, c.revision LIMIT $size
"""
FORMER = "MATCH (f:Former) WHERE f.map = $map AND f.id > '' RETURN f.id"
LAST_OF_LOG = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map
    RETURN COLLECT { MATCH (c:Change) WHERE c.map = $map AND c.revision > 0 RETURN max(c.revision) }[0]
"""
LET_GO = "UNWIND $rows AS id MATCH (n:Node {map: $map, id: id}) REMOVE n:Node"
"""What somebody made by hand stays in the database; it is only no node of the map."""
RESTORE_NODES = (
    """
    UNWIND $rows AS row
    MERGE (n:Node {map: $map, id: row.id})
    REMOVE n:Actor:Motive:Statement:Argument:Source:Assertion
    SET n += row.properties, n:$(row.label)"""
    + NODE_TIMES
)
FORGET_WORDS_OF = "UNWIND $rows AS id MATCH (n:Node {map: $map, id: id}) REMOVE n.words"
"""In a transaction of its own: what is as it was before is not written to the index."""
RESTORE_LOG = """
    UNWIND $rows AS row
    MATCH (c:Change {map: $map, revision: row.revision})
    SET c += row, c.at = datetime(row.at)
"""
RESTORE_FORMER = """
    CALL () { MATCH (f:Former) WHERE f.map = $map AND f.id > '' AND NOT f.id IN $former DELETE f }
    UNWIND $former AS id
    MERGE (:Former {map: $map, id: id})
"""
RESTORE_HEAD = """
    MATCH (m:Map {id: $map})
    SET m += $header, m.created_at = datetime($header.created_at), m.updated_at = datetime($header.updated_at)
"""

# --- verdicts, beside the changes -------------------------------------------------------------------

DUE = "MATCH (m:Map) WHERE m.judged IS NULL OR m.judged <> m.revision RETURN m.id ORDER BY m.id LIMIT $limit"
CLAIM_VERDICTS = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map AND coalesce(m.judged, 0) <> m.revision AND coalesce(m.judging < datetime(), true)
    SET m.judging = datetime() + duration({seconds: $seconds})
    REMOVE m.judged
    RETURN m.revision
"""
"""While they are written the map says no revision: some would be of the one, some of the other."""
JUDGED = """
    MATCH (n:Node) WHERE n.map = $map AND n.id > $after
    WITH n ORDER BY n.map, n.id LIMIT $size
    RETURN n.id, n.verdict, n.standing, n.strength
"""
JUDGE = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map
    UNWIND $rows AS row
    MATCH (n:Node {map: m.id, id: row.id})
    SET n.verdict = row.verdict, n.standing = row.standing, n.strength = row.strength
"""
"""Under the map's lock: with the locks of nodes alone it would be in the way of a commit, and the commit in its."""
JUDGED_AT = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map
    SET m.judged = $revision
    REMOVE m.judging
"""
