"""The Cypher texts of the Neo4j store: constants, with parameters for whatever comes from outside.

How a map goes, and comes back, has a module of its own, `cypher_deleting`; what stands beside it another,
`cypher_beside`; what people see
and change beside the service another, `cypher_auditing`.
Labels and relationship types that differ from row to row are parameters too (`$(…)`, from 5.26 on), so a text
is planned once. What each label and property is for stands in docs/decisions/0020-the-map-in-neo4j.md.
"""

from schemas.vocabulary import KINDS, RELATIONS, Kind, Relation

LABEL: dict[Kind, str] = {kind: kind.capitalize() for kind in KINDS}
TYPE: dict[Relation, str] = {relation: relation.upper() for relation in RELATIONS}

# --- the server and the schema ----------------------------------------------------------------------

ALIVE = """
    CALL dbms.components() YIELD name, versions
    WITH name, versions ORDER BY name = 'Neo4j Kernel' DESC LIMIT 1
    OPTIONAL MATCH (s:Argumap)
    RETURN name, versions[0], max(s.schema)
"""
MEMBERS = "CALL dbms.routing.getRoutingTable({}, $database) YIELD servers RETURN servers"
FOREIGN = """
    MATCH (n)
    WHERE n:Map OR n:Node OR n:Change OR n:Former OR n:Dropped OR n:Deleted OR n:Key OR n:Beside OR n:Argumap
    RETURN labels(n) LIMIT 1
"""
INDEXES = "SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'argumap_' RETURN name, state"
BROKEN = """
    SHOW INDEXES YIELD name, state, owningConstraint WHERE name STARTS WITH 'argumap_' AND state = 'FAILED'
    RETURN name, owningConstraint
"""
DROP_INDEX = "DROP INDEX $name IF EXISTS"
DROP_RULE = "DROP CONSTRAINT $name IF EXISTS"
UNINDEXED = """
    MATCH (n:Node) WHERE n.map > '' AND n.id > ''
    WITH n.map AS map, count(n) AS nodes
    WITH collect([map, nodes]) AS maps
    CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
    UNWIND maps AS one
    WITH one[0] AS map, one[1] AS nodes WHERE NOT map CONTAINS '"' AND NOT map CONTAINS '\\\\'
    CALL (map) {
        CALL db.index.fulltext.queryNodes('argumap_words', 'map:"' + split(map, ' ')[0] + '"') YIELD node
        WHERE node:Node AND node.map = map
        RETURN count(DISTINCT node) AS indexed
    }
    WITH nodes - indexed AS lacking WHERE lacking > 0
    RETURN sum(lacking)
"""
"""How many nodes the full-text index lacks: map by map, since after a crash it may also hold what is long gone, under
the number of another node, and one must not stand for the other. The map of one that is kept aside has two words.
"""
STARTED = """
    CALL dbms.queryJmx('java.lang:type=Runtime') YIELD attributes
    RETURN attributes.StartTime.value
"""
"""When the server was started: one that was killed meanwhile may have lost words."""
WORDS_OF = "MATCH (s:Argumap {name: 'schema'}) SET s.lock = 0 RETURN s.words_of"
"""Since which start of the server the full-text index is known to be whole, under the lock of the schema."""
WORDS_ARE_OF = "MATCH (s:Argumap {name: 'schema'}) SET s.words_of = $started"
ONE_SCHEMA = "CREATE CONSTRAINT argumap_schema IF NOT EXISTS FOR (s:Argumap) REQUIRE s.name IS UNIQUE"
LOCK_SCHEMA = """
    MERGE (s:Argumap {name: 'schema'}) ON CREATE SET s.schema = 0
    SET s.lock = 0
    RETURN s.schema
"""
STILL_HERE = "RETURN 1"
"""Shows that the transaction with the lock lives while others work."""
SCHEMA = "MATCH (s:Argumap {name: 'schema'}) RETURN s.schema"
SCHEMA_IS = "MATCH (s:Argumap {name: 'schema'}) SET s.schema = $schema"
AWAIT_INDEXES = "CALL db.awaitIndexes($seconds)"
BIRTHS = """
    MATCH (m:Map|Dropped|Deleted) WHERE m.born IS NULL
    SET m.born = m.created_at, m.updated = m.updated_at,
        m.created_at = datetime(m.created_at), m.updated_at = datetime(m.updated_at)
"""
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE CONSTRAINT argumap_map IF NOT EXISTS FOR (m:Map) REQUIRE m.id IS UNIQUE",
        "CREATE CONSTRAINT argumap_dropped IF NOT EXISTS FOR (d:Dropped) REQUIRE d.id IS UNIQUE",
        "CREATE CONSTRAINT argumap_node IF NOT EXISTS FOR (n:Node) REQUIRE (n.map, n.id) IS UNIQUE",
        "CREATE CONSTRAINT argumap_former IF NOT EXISTS FOR (f:Former) REQUIRE (f.map, f.id) IS UNIQUE",
        "CREATE CONSTRAINT argumap_change IF NOT EXISTS FOR (c:Change) REQUIRE (c.map, c.revision) IS UNIQUE",
        "CREATE CONSTRAINT argumap_receipt IF NOT EXISTS FOR (c:Change) REQUIRE c.key IS UNIQUE",
        "CREATE INDEX argumap_change_at IF NOT EXISTS FOR (c:Change) ON (c.map, c.at, c.revision)",
        """
        CREATE FULLTEXT INDEX argumap_words IF NOT EXISTS FOR (n:Node) ON EACH [n.words, n.map, n.kind]
        OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: true}}
        """,
    ),
    (
        # A count for each kind by its name; before they were a list in the order of the kinds that there were then.
        """
        MATCH (m:Map) WHERE m.counts IS NOT NULL
        SET m.count_actor = m.counts[0], m.count_motive = m.counts[1], m.count_statement = m.counts[2],
            m.count_argument = m.counts[3], m.count_source = m.counts[4], m.count_assertion = m.counts[5]
        REMOVE m.counts
        """,
    ),
    (),  # the documents in their second form: neo4j_migrations rewrites them
    (),  # the terms of the index anew: neo4j_migrations writes them
    (
        # The uid of its last change; nodes and checksum are for neo4j_migrations to work out.
        """
        MATCH (m:Map) WHERE m.change IS NULL
        MATCH (c:Change {map: m.id, revision: m.revision})
        SET m.change = c.uid
        """,
    ),
    (
        "CREATE CONSTRAINT argumap_key IF NOT EXISTS FOR (k:Key) REQUIRE k.id IS UNIQUE",
        "CREATE CONSTRAINT argumap_key_name IF NOT EXISTS FOR (k:Key) REQUIRE k.valid_name IS UNIQUE",
    ),
    (
        "CREATE CONSTRAINT argumap_beside IF NOT EXISTS FOR (b:Beside) REQUIRE (b.map, b.sort, b.id) IS UNIQUE",
        "CREATE INDEX argumap_beside_subject IF NOT EXISTS FOR (b:Beside) ON (b.map, b.sort, b.subject)",
    ),
    ("CREATE CONSTRAINT argumap_source_text IF NOT EXISTS FOR (t:SourceText) REQUIRE (t.map, t.source) IS UNIQUE",),
    # Which nodes each change touched, so that the changes of a node are found: neo4j_migrations names them.
    ("CREATE INDEX argumap_change_by IF NOT EXISTS FOR (c:Change) ON (c.map, c.by, c.revision)",),
    (
        # For people: a key with an index for each label. What is written anew is for neo4j_migrations.
        "CREATE INDEX argumap_actor_key IF NOT EXISTS FOR (n:Actor) ON (n.key)",
        "CREATE INDEX argumap_motive_key IF NOT EXISTS FOR (n:Motive) ON (n.key)",
        "CREATE INDEX argumap_statement_key IF NOT EXISTS FOR (n:Statement) ON (n.key)",
        "CREATE INDEX argumap_argument_key IF NOT EXISTS FOR (n:Argument) ON (n.key)",
        "CREATE INDEX argumap_source_key IF NOT EXISTS FOR (n:Source) ON (n.key)",
        "CREATE INDEX argumap_assertion_key IF NOT EXISTS FOR (n:Assertion) ON (n.key)",
    ),
    (),  # the full-text index beside the commits and not within them: neo4j_migrations makes it anew
    # Times of maps and changes as instants, beside the text that tells a map from another of its id.
    (BIRTHS, "CREATE CONSTRAINT argumap_deleted IF NOT EXISTS FOR (d:Deleted) REQUIRE d.id IS UNIQUE"),
    (),  # how many bytes each map keeps: neo4j_migrations counts them
)
"""Numbered from 1; each statement may be run again without harm."""
FORGET_WORDS = "DROP INDEX argumap_words IF EXISTS"
UNSUM = "MATCH (m:Map {id: $map}) REMOVE m.nodes, m.checksum"
"""Before its documents are rewritten: a later migration works both out anew."""
REWRITE_LOG = """
    UNWIND $rows AS row
    MATCH (c:Change {map: $map, revision: row.revision})
    WITH c, row, row.bytes - coalesce(c.bytes, 0) AS more
    SET c.doc = row.doc, c.bytes = row.bytes
    WITH sum(more) AS more
    MATCH (m:Map {id: $map}) SET m.kept_bytes = coalesce(m.kept_bytes, 0) + more
"""
NAME_TOUCHED = "UNWIND $rows AS row MATCH (c:Change {map: $map, revision: row.revision}) SET c.nodes = row.nodes"
NODE_TIMES = """,
        n.created_at = datetime(row.properties.created_at), n.updated_at = datetime(row.properties.updated_at)
"""
"""Instants come as texts: the driver takes fifty times as long to pack one that is none."""
REWRITE_NODES = (
    "UNWIND $rows AS row MATCH (n:Node {map: $map, id: row.properties.id}) SET n += row.properties" + NODE_TIMES
)
TIME_CHANGES = "UNWIND $rows AS row MATCH (c:Change {map: $map, revision: row.revision}) SET c.at = datetime(row.at)"
_KEPT_TOO = """
    CALL () { MATCH (m:Map {id: $map}) RETURN m UNION MATCH (m:Deleted {id: $map}) RETURN m }
"""
TIE_NODES = _KEPT_TOO + "UNWIND $ids AS id MATCH (n:Node {map: $map, id: id}) MERGE (n)-[:IN_MAP]->(m)"
TIE_LOG = (
    _KEPT_TOO
    + """
    UNWIND $revisions AS revision
    MATCH (c:Change {map: $map, revision: revision})
    MERGE (c)-[:CHANGE_OF]->(m)
"""
)
INDEX_ANEW = """
    UNWIND $rows AS row
    MATCH (n:Node {map: $map, id: row.id}) WHERE n.doc = row.doc
    SET n.words = row.words, n.width = row.width
"""
"""Leaves alone what somebody writes meanwhile."""

# An index over several properties serves only what names them all; hence `x.id > ''` and the like.

# --- reading ----------------------------------------------------------------------------------------

_HEADER = "RETURN m {.*, created_at: null, updated_at: null}"
"""Without the instants that are for people: the driver takes long to unpack them, and they are texts too."""
HEADERS = "MATCH (m:Map) WHERE m.id > $after " + _HEADER + " ORDER BY m.id LIMIT $limit"
COUNT_MAPS = "MATCH (m:Map) RETURN count(m)"
HEAD = "MATCH (m:Map {id: $map}) RETURN m.revision, m.born, m.change"
STANDING = """
    RETURN COLLECT { MATCH (m:Map) WHERE m.id IN $maps RETURN [m.id, m.revision, m.born, m.change] },
        COLLECT { MATCH (k:Key) WHERE k.id IN $keys RETURN [k.id, k.record, k.revoked_at, k.used_at] },
        EXISTS { MATCH (:Key) }
"""
_LOCKED = "MATCH (m:Map {id: $map}) SET m.lock = 0 WITH m WHERE m:Map "
LOCKED_HEADER = _LOCKED + _HEADER
"""Waits until no commit to the map is under way; always rolled back."""
LOCKED_MAP = _LOCKED + "RETURN properties(m)"
"""The same with all that the map's node says."""
LOCKED_PLACE = "MERGE (m:Map {id: $map}) SET m.lock = 0"
"""The same where the commit may be the one that makes the map."""
_COLUMNS = """
    MATCH (n:Node) WHERE n.map = $map AND n.id > $after
    WITH n ORDER BY n.map, n.id LIMIT $size
    WITH collect(coalesce(n.id, '')) AS ids, collect(coalesce(n.kind, 0)) AS kinds, collect(coalesce(n.doc, 0)) AS docs
"""
"""A list leaves nulls out, so that what stands behind one would move up: others stand for what is not there, by a
hand's doing or because the node is just being deleted.
"""
NODES = _COLUMNS + "RETURN ids, kinds, docs"
NODES_BY_AND_BY = (
    _COLUMNS
    + "UNWIND range(0, size(ids) - 1, $together) AS i "
    + "RETURN ids[i..i + $together], kinds[i..i + $together], docs[i..i + $together]"
)
"""In several records, each of which is unpacked at once."""
SUMMED = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map AND m.revision = $revision AND m.checksum IS NULL
    SET m.nodes = $nodes, m.checksum = $sum
"""
MAP_IDS = "MATCH (m:Map) RETURN m.id ORDER BY m.id"
KEPT_IDS = "MATCH (d:Deleted) RETURN d.id ORDER BY d.id"
CLAIMED = "MATCH (d:Deleted) WHERE d.claimed RETURN d.original, d.deleted_at"
"""Deleted maps that somebody is moving back."""
SOME_CHANGES = """
    MATCH (c:Change) WHERE c.map = $map AND c.revision > $after
    RETURN c.doc ORDER BY c.map, c.revision LIMIT $size
"""
RECEIPT = "MATCH (c:Change {key: $key}) MATCH (m:Map {id: c.map}) RETURN c.doc"
KNOWN = """
    MATCH (m:Map {id: $map})
    UNWIND $ids AS id
    OPTIONAL MATCH (n:Node {map: $map, id: id})
    OPTIONAL MATCH (f:Former {map: $map, id: id})
    WITH id WHERE n IS NOT NULL OR f IS NOT NULL
    RETURN id
"""
SEARCH = """
    CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()
    WITH 1 AS refreshed
    CALL db.index.fulltext.queryNodes('argumap_words', $asked) YIELD node AS n
    MATCH (m:Map {id: n.map}) WHERE n:Node AND n.width IS NOT NULL
    RETURN n.map, n.id, n.width ORDER BY n.width, n.map, n.id LIMIT $limit
"""
"""The index follows the commits, since to be written within them it takes a lock of the whole database; here it is
awaited, on the member of a cluster that answers. After a crash it may hold what was never committed, under the number
of another node: only nodes of maps count.
"""
SEARCHED = """
    UNWIND $wanted AS place
    MATCH (n:Node {map: place[0], id: place[1]})
    RETURN n.map, n.id, n.kind, n.doc
"""

# --- writing ----------------------------------------------------------------------------------------

# All that a commit writes is one parameter, a map: Neo4j plans a text anew for each order of magnitude of the length of
# a list or a text among its parameters, but not within one.

_OF_THIS_SCHEMA = "MATCH (s:Argumap {name: 'schema'}) WHERE s.schema = $write.schema WITH s LIMIT 1\n"
"""A service that is older than the data writes nothing."""
_MAP_TIMES = """,
        m.created_at = datetime($write.header.created_at), m.updated_at = datetime($write.header.updated_at)
"""
_MAKE = (
    _OF_THIS_SCHEMA
    + """
    SET s.lock = 0
    WITH s WHERE NOT EXISTS { (:Map {id: $write.map}) }
    CREATE (m:Map {id: $write.map}) SET m += $write.header, m.lock = 0, m.nodes = $write.more, m.checksum = $write.sum,
        m.kept_bytes = $write.kept
"""
    + _MAP_TIMES
)
"""Under the lock of the schema: no two are made of one id, even where somebody took the constraint away."""
_MOVE = (
    _OF_THIS_SCHEMA
    + """
    MATCH (m:Map {id: $write.map}) SET m.lock = 0
    WITH m WHERE m.revision = $write.expected AND m.born = $write.header.born
        AND $write.follows IN ['', m.change]
    SET m += $write.header, m.nodes = m.nodes + $write.more, m.checksum = m.checksum + $write.sum,
        m.kept_bytes = coalesce(m.kept_bytes, 0) + $write.kept
    """
    + _MAP_TIMES
)
"""The write lock first, then the comparison: the other way round updates are lost."""
_LOG = """
    WITH m
    CALL (m) { UNWIND $write.changes AS change CREATE (c:Change)-[:CHANGE_OF]->(m)
        SET c = change, c.at = datetime(change.at) }
"""
LENGTHEN = "MATCH (c:Change {map: $write.map, revision: $write.revision}) SET c.doc = c.doc + $write.doc"
"""The parts of a long entry, one after the other."""
_DONE = "RETURN m.kept_bytes"
DELETE = """
    UNWIND $write.gone AS id
    MERGE (:Former {map: $write.map, id: id})
    WITH id MATCH (n:Node {map: $write.map, id: id})
    OPTIONAL MATCH (n)-[:STATES]->(q:Quantity)
    DETACH DELETE n, q
"""
CLAIM_NODES = """
    MATCH (m:Map {id: $write.map})
    UNWIND $write.claimed AS row
    MATCH (n) WHERE elementId(n) = row.element
    SET n:Node, n.map = $write.map, n.id = row.id
    MERGE (n)-[:IN_MAP]->(m)
"""
"""What somebody made by hand becomes the map's."""
CREATE = (
    """
    MATCH (m:Map {id: $write.map})
    UNWIND $write.made AS row
    CREATE (n:Node:$(row.label))-[:IN_MAP]->(m) SET n = row.properties"""
    + NODE_TIMES
)
CHANGE = (
    """
    UNWIND $write.changed AS row
    MATCH (n:Node {map: $write.map, id: row.properties.id})
    REMOVE n:Actor:Motive:Statement:Argument:Source:Assertion
    SET n += row.properties, n:$(row.label)"""
    + NODE_TIMES
)
UNLINK = """
    UNWIND $write.relinked AS id
    MATCH (n:Node {map: $write.map, id: id})
    OPTIONAL MATCH (n)-[out:TARGETS|OF|FOUND_IN|CITES|SPOKEN_BY|MAY_BE_SPOKEN_BY|MAY_ORIGINATE_WITH|BELIEVED_BY
        |CONCERNS|ABOUT|AFFILIATED_WITH|PUBLISHED_BY|WRITTEN_BY|CITED_IN|REPEATS|SAME_AS]->()
    DELETE out
    WITH DISTINCT n
    OPTIONAL MATCH (n)<-[in:PREMISE_OF|HAS_MOTIVE]-()
    DELETE in
"""
"""The relationships that a node holds; most lead away from it, two lead to it."""
_ONE_LINK = """ AS row
    MATCH (s:Node {map: $write.map, id: row.source})
    MATCH (t:Node {map: $write.map, id: row.target})
    MATCH (s)-[link]->(t)
    WHERE type(link) = row.type AND coalesce(link.position, -1) = coalesce(row.was.position, -1)
        AND coalesce(link.role, '') = coalesce(row.was.role, '')
        AND coalesce(link.basis, '') = coalesce(row.was.basis, '')
"""
CUT = "UNWIND $write.cut" + _ONE_LINK + "DELETE link"
RELABEL = "UNWIND $write.relabelled" + _ONE_LINK + "SET link += row.properties"
"""A relationship that says something else now stays: others may keep properties of their own on it."""
LINK = """
    UNWIND $write.links AS row
    MATCH (s:Node {map: $write.map, id: row.source})
    MATCH (t:Node {map: $write.map, id: row.target})
    CREATE (s)-[link:$(row.type)]->(t) SET link = row.properties
"""
UNQUANTIFY = """
    UNWIND $write.requantified AS id
    MATCH (n:Node {map: $write.map, id: id})-[:STATES]->(q:Quantity)
    DETACH DELETE q
"""
QUANTIFY = """
    UNWIND $write.quantities AS row
    MATCH (n:Node {map: $write.map, id: row.id})
    CREATE (n)-[:STATES]->(q:Quantity) SET q = row.properties
"""
TIE = """
    UNWIND $write.ties AS row
    MATCH (c:Change {map: $write.map, revision: row.revision})
    MATCH (n:Node {map: $write.map, id: row.id})
    MERGE (c)-[:CHANGED]->(n)
"""

_AND, _THEN, _END = "CALL () {", "} CALL () {", "}"
_COMES = CREATE + _THEN + LINK + _THEN + QUANTIFY + _THEN + TIE + _END
_GOES = DELETE + _THEN + CHANGE + _THEN + CUT + _THEN + RELABEL + _THEN + UNQUANTIFY + _THEN
MAKE = _MAKE + _LOG + _DONE
MOVE = _MOVE + _LOG + _DONE
MAKE_WITH_ALL = _MAKE + _LOG + _AND + _COMES + _DONE
ADD = _MOVE + _LOG + _AND + _COMES + _DONE
"""Moves a map on and writes what a commit makes, where it takes away and changes nothing: in one round trip."""
MOVE_WITH_ALL = _MOVE + _LOG + _AND + _GOES + _COMES + _DONE

COMPACT = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map
    MATCH (c:Change {map: $map, revision: $row.revision}) WHERE c.uid = $row.uid
    SET m.kept_bytes = coalesce(m.kept_bytes, 0) + $row.bytes - coalesce(c.bytes, 0)
    SET c += $row, c.at = datetime($row.at)
    RETURN c.revision
"""
FORGET_LOG = """
    MATCH (c:Change) WHERE c.map = $map AND c.revision > 0 AND c.revision < $revision
    WITH c, coalesce(c.bytes, 0) AS bytes
    DETACH DELETE c
    WITH sum(bytes) AS less
    MATCH (m:Map {id: $map}) SET m.kept_bytes = coalesce(m.kept_bytes, 0) - less
"""
FORGET_FORMER = (
    """
    MATCH (c:Change) WHERE c.map = $map AND c.revision > 0
    UNWIND c.nodes AS id
    WITH DISTINCT id
    MATCH (f:Former {map: $map, id: id}) SET f.stays = true
    """,
    "MATCH (f:Former) WHERE f.map = $map AND f.id > '' AND f.stays IS NULL DELETE f",
    "MATCH (f:Former) WHERE f.map = $map AND f.id > '' REMOVE f.stays",
)
"""Ids that only changes had named which the log does not keep any more."""
IN_THE_WAY = """
    MERGE (m:Map {id: $map}) ON CREATE SET m.revision = 0
    SET m.lock = 0
    WITH m
    OPTIONAL MATCH (c:Change) WHERE c.key IN $keys
    RETURN m.revision, count(c), EXISTS { MATCH (n:Node) WHERE n.map = $map AND n.id IN $made }
"""
"""What a commit that hit a uniqueness constraint met; always rolled back."""

# --- redaction --------------------------------------------------------------------------------------

ADD_SUM = "MATCH (m:Map {id: $map}) SET m.checksum = m.checksum + $more"
# --- keys -------------------------------------------------------------------------------------------

KEY = "MATCH (k:Key {id: $id}) RETURN k.record, k.revoked_at, k.used_at"
KEYS = "MATCH (k:Key) RETURN k.record, k.revoked_at, k.used_at ORDER BY k.id"
HAS_KEYS = "RETURN EXISTS { MATCH (:Key) }"
ADD_KEY = "MERGE (k:Key {id: $id}) ON CREATE SET k.valid_name = $name, k.record = $record"
REVOKE_KEY = """
    MATCH (k:Key {id: $id})
    SET k.revoked_at = coalesce(k.revoked_at, $at)
    REMOVE k.valid_name
    RETURN k.record, k.revoked_at, k.used_at
"""
USE_KEY = """
    MATCH (k:Key {id: $id})
    SET k.used_at = CASE WHEN k.used_at > $at THEN k.used_at ELSE $at END
"""
