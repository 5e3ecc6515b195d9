"""The Cypher texts of the Neo4j store: constants, with parameters for whatever comes from outside.

How a map goes, and comes back, has a module of its own: `cypher_deleting`.
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
        OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: false}}
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
)
"""Numbered from 1; each statement may be run again without harm."""
UNSUM = "MATCH (m:Map {id: $map}) REMOVE m.nodes, m.checksum"
"""Before its documents are rewritten: a later migration works both out anew."""
REWRITE_LOG = "UNWIND $rows AS row MATCH (c:Change {map: $map, revision: row.revision}) SET c.doc = row.doc"
NAME_TOUCHED = "UNWIND $rows AS row MATCH (c:Change {map: $map, revision: row.revision}) SET c.nodes = row.nodes"
REWRITE_NODES = "UNWIND $rows AS row MATCH (n:Node {map: $map, id: row.properties.id}) SET n += row.properties"
TIE_NODES = "MATCH (m:Map {id: $map}) UNWIND $ids AS id MATCH (n:Node {map: $map, id: id}) MERGE (n)-[:IN_MAP]->(m)"
TIE_LOG = """
    MATCH (m:Map {id: $map})
    UNWIND $revisions AS revision
    MATCH (c:Change {map: $map, revision: revision})
    MERGE (c)-[:CHANGE_OF]->(m)
"""
INDEX_ANEW = """
    UNWIND $rows AS row
    MATCH (n:Node {map: $map, id: row.id}) WHERE n.doc = row.doc
    SET n.words = row.words, n.width = row.width
"""
"""Leaves alone what somebody writes meanwhile."""

# An index over several properties serves only what names them all; hence `x.id > ''` and the like.

# --- reading ----------------------------------------------------------------------------------------

HEADERS = "MATCH (m:Map) WHERE m.id > $after RETURN properties(m) ORDER BY m.id LIMIT $limit"
COUNT_MAPS = "MATCH (m:Map) RETURN count(m)"
HEAD = "MATCH (m:Map {id: $map}) RETURN m.revision, m.created_at, m.change"
VERSIONS = "MATCH (m:Map) WHERE m.id IN $maps RETURN m.id, m.revision, m.created_at, m.change"
LOCKED_HEADER = "MATCH (m:Map {id: $map}) SET m.lock = 0 WITH m WHERE m:Map RETURN properties(m)"
"""Waits until no commit to the map is under way; always rolled back."""
LOCKED_PLACE = "MERGE (m:Map {id: $map}) SET m.lock = 0"
"""The same where the commit may be the one that makes the map."""
NODES = """
    MATCH (n:Node) WHERE n.map = $map AND n.id > $after
    WITH n ORDER BY n.map, n.id LIMIT $size
    RETURN collect(coalesce(n.id, '')), collect(coalesce(n.kind, 0)), collect(coalesce(n.doc, 0))
"""
"""A list leaves nulls out, so that what stands behind one would move up: others stand for what is not there, by a
hand's doing or because the node is just being deleted.
"""
SUMMED = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map AND m.revision = $revision AND m.checksum IS NULL
    SET m.nodes = $nodes, m.checksum = $sum
"""
CHANGES = """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) WHERE c.map = $map AND c.revision > $after AND c.revision <= $until
    RETURN c.revision, c.doc ORDER BY c.map, c.revision
"""
MAP_IDS = "MATCH (m:Map) RETURN m.id ORDER BY m.id"
SOME_CHANGES = """
    MATCH (c:Change) WHERE c.map = $map AND c.revision > $after
    RETURN c.doc ORDER BY c.map, c.revision LIMIT $size
"""
OLDEST = """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) WHERE c.map = $map AND c.revision > 0
    RETURN c.revision ORDER BY c.map, c.revision LIMIT 1
"""
REVISIONS = """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) WHERE c.map = $map AND c.revision > $after AND c.revision <= $until
    AND ($by IS NULL OR c.by IN $by) AND ($nodes IS NULL OR any(id IN c.nodes WHERE id IN $nodes))
    RETURN c.revision ORDER BY c.map, c.revision
"""
CHANGES_AT = """
    MATCH (m:Map {id: $map})
    UNWIND $revisions AS revision
    MATCH (c:Change {map: $map, revision: revision})
    RETURN c.revision, c.doc ORDER BY revision
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
REVISION_AT = """
    MATCH (m:Map {id: $map})
    MATCH (c:Change) USING INDEX c:Change(map, at, revision)
    WHERE c.map = $map AND c.at <= $at AND c.revision > 0
    RETURN c.revision ORDER BY c.map DESC, c.at DESC, c.revision DESC LIMIT 1
"""
SOURCE_TEXT = """
    MATCH (m:Map {id: $map}) MATCH (t:SourceText {map: m.id, source: $source}) RETURN t.sha256, t.text
"""
SOURCE_DIGESTS = """
    MATCH (m:Map {id: $map})
    MATCH (t:SourceText) WHERE t.map = m.id AND t.source > ''
    RETURN t.source, t.sha256 ORDER BY t.source
"""
SEARCH = """
    CALL db.index.fulltext.queryNodes('argumap_words', $asked) YIELD node AS n
    MATCH (m:Map {id: n.map})
    RETURN n.map, n.id, n.width ORDER BY n.width, n.map, n.id LIMIT $limit
"""
SEARCHED = """
    UNWIND $wanted AS place
    MATCH (n:Node {map: place[0], id: place[1]})
    RETURN n.map, n.id, n.kind, n.doc
"""

# --- writing ----------------------------------------------------------------------------------------

_LOG = """
    WITH m
    CALL (m) { UNWIND $changes AS change CREATE (c:Change)-[:CHANGE_OF]->(m) SET c = change }
    RETURN m.revision
"""
_OF_THIS_SCHEMA = "MATCH (s:Argumap {name: 'schema'}) WHERE s.schema = $schema WITH s LIMIT 1\n"
"""A service that is older than the data writes nothing."""
MAKE = (
    _OF_THIS_SCHEMA
    + """
    SET s.lock = 0
    WITH s WHERE NOT EXISTS { (:Map {id: $map}) }
    CREATE (m:Map {id: $map}) SET m += $header, m.lock = 0, m.nodes = $more, m.checksum = $sum
"""
    + _LOG
)
"""Under the lock of the schema: no two are made of one id, even where somebody took the constraint away."""
MOVE = (
    _OF_THIS_SCHEMA
    + """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m.revision = $expected AND m.created_at = $header.created_at AND $follows IN ['', m.change]
    SET m += $header, m.nodes = m.nodes + $more, m.checksum = m.checksum + $sum
    """
    + _LOG
)
"""The write lock first, then the comparison: the other way round updates are lost."""
DELETE = """
    UNWIND $rows AS id
    MERGE (:Former {map: $map, id: id})
    WITH id MATCH (n:Node {map: $map, id: id})
    OPTIONAL MATCH (n)-[:STATES]->(q:Quantity)
    DETACH DELETE n, q
"""
CREATE = """
    MATCH (m:Map {id: $map})
    UNWIND $rows AS row
    CREATE (n:Node:$(row.label))-[:IN_MAP]->(m) SET n = row.properties
"""
CHANGE = """
    UNWIND $rows AS row
    MATCH (n:Node {map: $map, id: row.properties.id})
    REMOVE n:Actor:Motive:Statement:Argument:Source:Assertion
    SET n += row.properties, n:$(row.label)
"""
UNLINK = """
    UNWIND $rows AS id
    MATCH (n:Node {map: $map, id: id})
    OPTIONAL MATCH (n)-[out:TARGETS|OF|FOUND_IN|CITES|SPOKEN_BY|MAY_BE_SPOKEN_BY|MAY_ORIGINATE_WITH|BELIEVED_BY
        |CONCERNS|ABOUT|AFFILIATED_WITH|PUBLISHED_BY|WRITTEN_BY|CITED_IN|REPEATS|SAME_AS]->()
    DELETE out
    WITH DISTINCT n
    OPTIONAL MATCH (n)<-[in:PREMISE_OF|HAS_MOTIVE]-()
    DELETE in
"""
"""The relationships that a node holds; most lead away from it, two lead to it."""
LINK = """
    UNWIND $rows AS row
    MATCH (s:Node {map: $map, id: row.source})
    MATCH (t:Node {map: $map, id: row.target})
    CREATE (s)-[link:$(row.type)]->(t) SET link = row.properties
"""

UNQUANTIFY = """
    UNWIND $rows AS id
    MATCH (n:Node {map: $map, id: id})-[:STATES]->(q:Quantity)
    DETACH DELETE q
"""
QUANTIFY = """
    UNWIND $rows AS row
    MATCH (n:Node {map: $map, id: row.id})
    CREATE (n)-[:STATES]->(q:Quantity) SET q = row.properties
"""
TIE = """
    UNWIND $rows AS row
    MATCH (c:Change {map: $map, revision: row.revision})
    MATCH (n:Node {map: $map, id: row.id})
    MERGE (c)-[:CHANGED]->(n)
"""

IN_THE_WAY = """
    MERGE (m:Map {id: $map}) ON CREATE SET m.revision = 0
    SET m.lock = 0
    WITH m
    OPTIONAL MATCH (c:Change) WHERE c.key IN $keys
    RETURN m.revision, count(c), EXISTS { MATCH (n:Node) WHERE n.map = $map AND n.id IN $made }
"""
"""What a commit that hit a uniqueness constraint met; always rolled back."""

# --- beside a map ------------------------------------------------------------------------------------

_ONE_BESIDE = "MATCH (b:Beside {map: $map, sort: $sort, id: $id})"
BESIDE = "MATCH (m:Map {id: $map}) " + _ONE_BESIDE + " RETURN b.sort, b.id, b.subject, b.version, b.doc"
ALL_BESIDE = """
    MATCH (m:Map {id: $map})
    MATCH (b:Beside) WHERE b.map = $map AND b.sort = $sort AND b.id > ''
        AND ($subjects IS NULL OR b.subject IN $subjects)
    RETURN b.sort, b.id, b.subject, b.version, b.doc
"""
ADD_BESIDE = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m.revision > 0
    CREATE (b:Beside {map: $map, sort: $sort, id: $id, subject: $subject, version: $version, doc: $doc})
    RETURN b.id
"""
"""The map's lock first, so that nothing is left beside a map that is being deleted."""
CHANGE_BESIDE = (
    _ONE_BESIDE
    + """
    SET b.lock = 0
    WITH b WHERE b.version = $version - 1
    SET b.version = $version, b.subject = $subject, b.doc = $doc
    RETURN b.id
    """
)
REMOVE_BESIDE = _ONE_BESIDE + " SET b.lock = 0 WITH b, b.id AS id WHERE b.version = $version DELETE b RETURN id"

KEEP_TEXT = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m WHERE m:Map
    MERGE (t:SourceText {map: m.id, source: $source}) SET t.sha256 = $sha256, t.text = $words
    RETURN 1
"""
"""Under the map's lock, so that what is deleted meanwhile gets none."""
TAKE_TEXT = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    WITH m MATCH (t:SourceText {map: m.id, source: $source}) DELETE t
    RETURN 1
"""

# --- doctor and repair ------------------------------------------------------------------------------

AUDITED = """
    MATCH (n:Node) WHERE n.map = $map AND n.id > $after
    WITH n ORDER BY n.map, n.id LIMIT $size
    RETURN n.id, labels(n), properties(n),
        COLLECT { MATCH (n)-[r]->(o:Node {map: $map}) RETURN [type(r), o.id, properties(r)] },
        COLLECT { MATCH (n)-[:STATES]->(q:Quantity) RETURN properties(q) }
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
RESTORE_NODES = """
    UNWIND $rows AS row
    MERGE (n:Node {map: $map, id: row.id})
    REMOVE n:Actor:Motive:Statement:Argument:Source:Assertion
    SET n += row.properties, n:$(row.label)
"""
RESTORE_LOG = "UNWIND $rows AS row MATCH (c:Change {map: $map, revision: row.revision}) SET c += row"
RESTORE_FORMER = """
    CALL () { MATCH (f:Former) WHERE f.map = $map AND f.id > '' AND NOT f.id IN $former DELETE f }
    UNWIND $former AS id
    MERGE (:Former {map: $map, id: id})
"""
RESTORE_HEAD = "MATCH (m:Map {id: $map}) SET m += $header"

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
