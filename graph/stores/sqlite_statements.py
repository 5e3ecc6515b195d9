"""Every SQL text of the SQLite store."""

_KEPT = (("log", "document"), ("beside", "document"), ("texts", "text"))
"""What a map keeps, by table and column."""
_KEPT_PARTS = " UNION ALL ".join(f"SELECT map, octet_length({column}) AS bytes FROM {table}" for table, column in _KEPT)

# --- the schema, one entry for each version ------------------------------------------------------

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE maps (
        key INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, so a map made anew is another one
        id TEXT NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        born TEXT NOT NULL,
        numbered INTEGER NOT NULL DEFAULT 0,  -- the last number given to a node; none is given twice
        nodes INTEGER NOT NULL DEFAULT 0,  -- how many there are: fewer in a load would be damage
        header BLOB NOT NULL
    ) STRICT;

    CREATE TABLE nodes (  -- in the order of ids, so that a load is one scan
        map INTEGER NOT NULL,
        id TEXT NOT NULL,
        kind INTEGER NOT NULL,
        number INTEGER NOT NULL,  -- tells the node from others of its map, for good
        width INTEGER NOT NULL,  -- characters of its texts: a search compares those of fewer first
        links BLOB NOT NULL,  -- number and kind again, and of an argument the numbers of its ends
        document BLOB NOT NULL,
        PRIMARY KEY (map, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX nodes_number ON nodes (map, number, width);  -- holds the id too: a search needs no more

    CREATE TABLE log (
        map INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        at TEXT NOT NULL,
        receipt TEXT,
        document BLOB NOT NULL,
        UNIQUE (map, revision)
    ) STRICT;
    CREATE INDEX log_at ON log (map, at, revision);
    CREATE UNIQUE INDEX log_receipt ON log (receipt) WHERE receipt IS NOT NULL;

    CREATE TABLE touches (  -- which changes touched a node
        map INTEGER NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (map, id, revision)
    ) STRICT, WITHOUT ROWID;

    CREATE VIRTUAL TABLE words USING fts5 (  -- its rows are numbered by map and node: map << 32 | number
        folded,  -- its map and kind are words too, so that the index does the filtering
        content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = "ascii tokenchars '_'"
    );
    """,
    # A header's counts by the names of kinds; before they were a list in the order of the kinds that there were then.
    """
    UPDATE maps SET header = CAST(json_set(
        CAST(header AS TEXT), '$.counts', json((
            SELECT json_group_object(
                CASE key
                    WHEN 0 THEN 'actor' WHEN 1 THEN 'motive' WHEN 2 THEN 'statement'
                    WHEN 3 THEN 'argument' WHEN 4 THEN 'source' WHEN 5 THEN 'assertion'
                END,
                value
            )
            FROM json_each(CAST(header AS TEXT), '$.counts') WHERE key < 6
        ))
    ) AS BLOB)
    WHERE json_type(CAST(header AS TEXT), '$.counts') = 'array';
    """,
    "-- the documents in their second form: sqlite_schema rewrites them",
    "INSERT INTO words (words) VALUES ('delete-all')",  # sqlite_schema writes the terms of the index anew
    """
    ALTER TABLE maps ADD COLUMN change TEXT NOT NULL DEFAULT '';  -- uid of the last entry of its log
    ALTER TABLE maps ADD COLUMN checksum INTEGER;  -- of its nodes' documents; sqlite_schema works it out
    UPDATE maps SET change = coalesce((
        SELECT json_extract(CAST(document AS TEXT), '$.uid') FROM log
        WHERE log.map = maps.key AND log.revision = maps.revision
    ), '');
    """,
    """
    CREATE TABLE IF NOT EXISTS keys (  -- who may come in; a revoked one stays, so that the file is never open again
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        revoked_at TEXT,
        used_at TEXT,
        record BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX IF NOT EXISTS keys_name ON keys (name) WHERE revoked_at IS NULL;
    """,
    """
    CREATE TABLE IF NOT EXISTS beside (  -- what is said and proposed beside a map, and is no part of it
        map INTEGER NOT NULL,
        sort TEXT NOT NULL,
        id TEXT NOT NULL,
        subject TEXT NOT NULL,
        version INTEGER NOT NULL,
        document BLOB NOT NULL,
        PRIMARY KEY (map, sort, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS beside_subject ON beside (map, sort, subject);
    """,
    """
    CREATE TABLE IF NOT EXISTS texts (  -- of sources, beside the map: in no revision and in no change
        map INTEGER NOT NULL,
        source TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (map, source)
    ) STRICT;
    """,
    # Who made each change, so that the changes of one author are found.
    """
    ALTER TABLE log ADD COLUMN author TEXT;
    UPDATE log SET author = json_extract(CAST(document AS TEXT), '$.by');
    CREATE INDEX log_author ON log (map, author, revision);
    """,
    """
    CREATE TABLE deleted (  -- maps that were put aside; what they hold stays under their keys
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        at TEXT NOT NULL,
        author TEXT NOT NULL,
        until TEXT NOT NULL,
        revision INTEGER NOT NULL,
        born TEXT NOT NULL,
        numbered INTEGER NOT NULL,
        nodes INTEGER NOT NULL,
        change TEXT NOT NULL,
        checksum INTEGER,
        header BLOB NOT NULL
    ) STRICT;
    """,
    # How many bytes each map keeps; whatever is written, in whichever way, triggers count it.
    "CREATE TABLE IF NOT EXISTS kept (map INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;\n"
    + "".join(
        f"""
        CREATE TRIGGER IF NOT EXISTS {table}_comes AFTER INSERT ON {table} BEGIN
            INSERT INTO kept (map, bytes) VALUES (NEW.map, octet_length(NEW.{column}))
            ON CONFLICT (map) DO UPDATE SET bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER IF NOT EXISTS {table}_changes AFTER UPDATE OF {column} ON {table} BEGIN
            UPDATE kept SET bytes = bytes + octet_length(NEW.{column}) - octet_length(OLD.{column})
            WHERE map = NEW.map;
        END;
        CREATE TRIGGER IF NOT EXISTS {table}_goes AFTER DELETE ON {table} BEGIN
            UPDATE kept SET bytes = bytes - octet_length(OLD.{column}) WHERE map = OLD.map;
        END;
        """
        for table, column in _KEPT
    )
    + f"INSERT OR REPLACE INTO kept (map, bytes) SELECT map, sum(bytes) FROM ({_KEPT_PARTS}) GROUP BY map;",
)
KEPT = "SELECT kept.bytes FROM kept JOIN maps ON maps.key = kept.map WHERE maps.id = ?"
KEPT_ANEW = f"SELECT coalesce(sum(bytes), 0) FROM ({_KEPT_PARTS}) WHERE map = ?"
COUNT_KEPT = f"""
    INSERT OR REPLACE INTO kept (map, bytes)
    SELECT ?1, coalesce(sum(bytes), 0) FROM ({_KEPT_PARTS}) WHERE map = ?1
"""
SOME_OF_THE_LOG = "SELECT revision, document FROM log WHERE map = ? AND revision > ? ORDER BY revision LIMIT 500"
REWRITE_LOG = "UPDATE log SET document = ? WHERE map = ? AND revision = ?"
REWRITE_NODE = "UPDATE nodes SET document = ? WHERE map = ? AND id = ?"
MAP_KEYS = "SELECT key FROM maps"
SOME_NODES = "SELECT id, kind, document, number FROM nodes WHERE map = ? AND id > ? ORDER BY id LIMIT 5000"
KEEP_WIDTH = "UPDATE nodes SET width = ? WHERE map = ? AND id = ?"

# --- reading ---------------------------------------------------------------------------------------

THINGS = "SELECT count(*) FROM sqlite_schema"
HEADERS = "SELECT id, header, change FROM maps WHERE id > ? ORDER BY id LIMIT ?"
COUNT_MAPS = "SELECT count(*) FROM maps"
MAP_IDS = "SELECT id FROM maps ORDER BY id"
HEAD = "SELECT revision, born, change FROM maps WHERE id = ?"
VERSIONS = "SELECT id, revision, born, change FROM maps WHERE id IN (SELECT value FROM json_each(?))"
HEADER = "SELECT key, header, change, nodes, checksum FROM maps WHERE id = ?"
NODES = "SELECT id, links, document FROM nodes WHERE map = ? ORDER BY id"
_LOG_OF = "FROM log JOIN maps ON maps.key = log.map WHERE maps.id = ?1"
CHANGES = f"SELECT document {_LOG_OF} AND log.revision > ?2 AND log.revision <= ?3 ORDER BY log.revision"
CHANGES_SIZE = f"SELECT total(length(document)) {_LOG_OF} AND log.revision > ?2 AND log.revision <= ?3"
OLDEST = f"SELECT log.revision {_LOG_OF} ORDER BY log.revision LIMIT 1"
REVISIONS = "SELECT revision FROM log WHERE map = :map AND revision > :after AND revision <= :until"
BY_AUTHOR = " AND author IN (SELECT value FROM json_each(:by))"
OF_NODES = """
    AND revision IN (SELECT revision FROM touches WHERE map = :map AND id IN (SELECT value FROM json_each(:nodes)))
"""
IN_ORDER = " ORDER BY revision"
CHANGES_AT = f"""
    SELECT document {_LOG_OF} AND log.revision IN (SELECT value FROM json_each(?2)) ORDER BY log.revision
"""
RECEIPT = "SELECT document FROM log WHERE receipt = ?"
REVISION_AT = f"SELECT log.revision {_LOG_OF} AND at <= ?2 ORDER BY at DESC, log.revision DESC LIMIT 1"
MAP_KEY = "SELECT key FROM maps WHERE id = ?"
IS_KNOWN = "SELECT 1 FROM touches WHERE map = ? AND id = ? LIMIT 1"
SEARCH = """
    SELECT maps.id, nodes.id, nodes.width, nodes.map
    FROM words JOIN nodes ON nodes.map = words.rowid >> 32 AND nodes.number = words.rowid & 0xffffffff
    JOIN maps ON maps.key = nodes.map
    WHERE words MATCH ? ORDER BY nodes.width, maps.id, nodes.id LIMIT ?
"""
_TEXT_OF = "FROM texts JOIN maps ON maps.key = texts.map WHERE maps.id = ?"
SOURCE_TEXT = f"SELECT texts.sha256, texts.text {_TEXT_OF} AND texts.source = ?"
SOURCE_DIGESTS = f"SELECT texts.source, texts.sha256 {_TEXT_OF} ORDER BY texts.source"
NODE = "SELECT kind, document FROM nodes WHERE map = ? AND id = ?"

_OF_BESIDE = "sort, beside.id, subject, version, document FROM beside JOIN maps ON maps.key = beside.map"
BESIDE = f"SELECT {_OF_BESIDE} WHERE maps.id = ?1 AND sort = ?2 AND beside.id = ?3"
ALL_BESIDE = f"""
    SELECT {_OF_BESIDE} WHERE maps.id = ?1 AND sort = ?2
    AND (?3 IS NULL OR subject IN (SELECT value FROM json_each(?3))) ORDER BY beside.id
"""

# --- writing ---------------------------------------------------------------------------------------

BEGIN = "BEGIN IMMEDIATE"  # takes the write lock before anything is read, so no read goes stale under it
BEGIN_READ = "BEGIN"
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"
MAKE_MAP = """
    INSERT INTO maps (id, revision, born, change, checksum, header) VALUES (?, ?, ?, ?, 0, ?)
    ON CONFLICT DO NOTHING RETURNING key
"""
MOVE_MAP = """
    UPDATE maps SET revision = ?, change = ?, header = ?
    WHERE id = ? AND born = ? AND revision = ? AND ? IN ('', change) RETURNING key
"""
IS_LOGGED = """
    SELECT key FROM log JOIN maps ON maps.key = log.map
    WHERE maps.id = ? AND log.revision = ? AND json_extract(CAST(document AS TEXT), '$.uid') = ?
"""
FORGET_LOG = "DELETE FROM log WHERE map = ? AND revision <= ?"
FORGET_TOUCHES = "DELETE FROM touches WHERE map = ? AND revision <= ?"
RECEIPT_IS_TAKEN = "SELECT 1 FROM log WHERE receipt = ?"
LOG = "INSERT INTO log (map, revision, at, author, receipt, document) VALUES (?, ?, ?, ?, ?, ?)"
TOUCH = "INSERT OR IGNORE INTO touches (map, id, revision) VALUES (?, ?, ?)"
NUMBERED = "SELECT numbered, nodes, checksum FROM maps WHERE key = ?"
KEEP_NUMBERED = "UPDATE maps SET numbered = ?, nodes = ?, checksum = ? WHERE key = ?"
DOCUMENT = "SELECT document FROM nodes WHERE map = ? AND id = ?"
DOCUMENTS = "SELECT document FROM nodes WHERE map = ?"
KEEP_CHECKSUM = "UPDATE maps SET checksum = ? WHERE key = ?"
NUMBER = "SELECT number FROM nodes WHERE map = ? AND id = ?"
PUT_NODE = "INSERT OR REPLACE INTO nodes (map, id, kind, number, width, links, document) VALUES (?, ?, ?, ?, ?, ?, ?)"
DELETE_NODE = "DELETE FROM nodes WHERE map = ? AND id = ?"
PUT_WORDS = "INSERT INTO words (rowid, folded) VALUES (?1 << 32 | ?2, ?3 || ' _m' || ?1 || ' _k' || ?4)"
"""With the words by which the index tells maps and kinds apart; no text has a word with such a sign."""
DELETE_WORDS = "DELETE FROM words WHERE rowid = ? << 32 | ?"
ADD_BESIDE = """
    INSERT INTO beside (map, sort, id, subject, version, document)
    SELECT key, ?2, ?3, ?4, ?5, ?6 FROM maps WHERE id = ?1 ON CONFLICT DO NOTHING RETURNING id
"""
_ONE_BESIDE = "map = (SELECT key FROM maps WHERE id = ?1) AND sort = ?2 AND id = ?3"
CHANGE_BESIDE = f"""
    UPDATE beside SET subject = ?4, version = ?5, document = ?6 WHERE {_ONE_BESIDE} AND version = ?5 - 1 RETURNING id
"""
REMOVE_BESIDE = f"DELETE FROM beside WHERE {_ONE_BESIDE} AND version = ?4 RETURNING id"
PUT_TEXT = """
    INSERT INTO texts (map, source, sha256, text) SELECT key, ?, ?, ? FROM maps WHERE id = ?
    ON CONFLICT (map, source) DO UPDATE SET sha256 = excluded.sha256, text = excluded.text RETURNING 1
"""
DELETE_TEXT = "DELETE FROM texts WHERE source = ? AND map = (SELECT key FROM maps WHERE id = ?) RETURNING 1"

VACUUM_INTO = "VACUUM INTO ?"
FORGET_WORDS = "INSERT INTO words (words) VALUES ('optimize')"
"""Until its parts are merged the search index holds the words of what was deleted."""
DROP_MAP = "DELETE FROM maps WHERE id = ? RETURNING key"
DROP_WORDS = "DELETE FROM words WHERE rowid IN (SELECT map << 32 | number FROM nodes WHERE map = ?)"
DROP_NODES = "DELETE FROM nodes WHERE map = ?"
DROP_TOUCHES = "DELETE FROM touches WHERE map = ?"
_DROP_KEPT = (*(f"DELETE FROM {table} WHERE map = ?" for table, _ in _KEPT), "DELETE FROM kept WHERE map = ?")
DROP_REST = (DROP_NODES, DROP_TOUCHES, *_DROP_KEPT)

TEXTS_OF = "SELECT source, sha256, text FROM texts WHERE map = ?"
BESIDE_OF = "SELECT sort, id, subject, document FROM beside WHERE map = ?"
REWRITE_BESIDE = "UPDATE beside SET document = ? WHERE map = ? AND sort = ? AND id = ?"

# --- maps that are put aside -----------------------------------------------------------------------

_HELD = "key, id, revision, born, numbered, nodes, change, checksum, header"
PUT_ASIDE = f"INSERT INTO deleted ({_HELD}, at, author, until) SELECT {_HELD}, ?, ?, ? FROM maps WHERE id = ?"
FREE_RECEIPTS = "UPDATE log SET receipt = NULL WHERE map = ? AND receipt IS NOT NULL"
UNLIST = "DELETE FROM maps WHERE id = ?"
ASIDE = "SELECT id, header, change, at, author, until FROM deleted ORDER BY at DESC, key DESC"
ASIDE_OF = "SELECT key FROM deleted WHERE id = ? AND at = ?"
BRING_BACK = (
    f"INSERT INTO maps ({_HELD}) SELECT {_HELD} FROM deleted WHERE key = ? ON CONFLICT DO NOTHING RETURNING key"
)
TAKE_RECEIPTS = """
    UPDATE OR IGNORE log SET receipt = json_extract(CAST(document AS TEXT), '$.receipt.key')
    WHERE map = ? AND json_extract(CAST(document AS TEXT), '$.receipt.key') IS NOT NULL
"""
FORGET_ASIDE = "DELETE FROM deleted WHERE key = ?"
EXPIRED = "SELECT key FROM deleted WHERE until <= ?1 AND (?2 IS NULL OR id = ?2)"

# --- doctor and repair -----------------------------------------------------------------------------

LOG_ROWS = "SELECT revision, at, author, receipt, document FROM log WHERE map = ? ORDER BY revision"
LAST_OF_THE_LOG = "SELECT max(revision) FROM log WHERE map = ?"
KEEP_LOG = "UPDATE log SET at = ?, author = ?, receipt = ? WHERE map = ? AND revision = ?"
NODE_ROWS = "SELECT id, kind, number, width, links, document FROM nodes WHERE map = ? ORDER BY id"
HAS_WORDS = "SELECT 1 FROM words WHERE rowid = ? << 32 | ?"
TOUCHES = "SELECT id, revision FROM touches WHERE map = ?"
RESTORE_MAP = """
    UPDATE maps SET revision = ?, change = ?, born = ?, header = ?, nodes = 0, checksum = 0 WHERE key = ?
"""

KEY = "SELECT record, revoked_at, used_at FROM keys WHERE id = ?"
KEYS = "SELECT record, revoked_at, used_at FROM keys ORDER BY id"
SOME_KEYS = "SELECT id, record, revoked_at, used_at FROM keys WHERE id IN (SELECT value FROM json_each(?))"
HAS_KEYS = "SELECT EXISTS (SELECT 1 FROM keys)"
ADD_KEY = "INSERT INTO keys (id, name, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
REVOKE_KEY = "UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING record, revoked_at, used_at"
USE_KEY = "UPDATE keys SET used_at = max(coalesce(used_at, ''), ?) WHERE id = ?"
