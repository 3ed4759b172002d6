/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/schema.h"

static const char first[] =
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"

    "CREATE TABLE stations ("
    "  code TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),"
    "  epoch INTEGER NOT NULL, certificate TEXT NOT NULL, fingerprint TEXT NOT NULL,"
    "  registered_at TEXT NOT NULL, revoked_at TEXT, last_seen TEXT) STRICT;"

    "CREATE TABLE invitations ("
    "  token_hash TEXT PRIMARY KEY, station TEXT NOT NULL, expires INTEGER NOT NULL,"
    "  used_at TEXT) STRICT;"

    "CREATE TABLE records ("
    "  id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, station TEXT NOT NULL,"
    "  epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  size INTEGER NOT NULL, manifest TEXT NOT NULL, manifest_hash TEXT NOT NULL,"
    "  previous TEXT NOT NULL, case_id TEXT,"
    "  state TEXT NOT NULL CHECK (state IN ('announced', 'received', 'done', 'failed')),"
    "  quarantined INTEGER NOT NULL DEFAULT 0, announced_at TEXT NOT NULL, received_at TEXT,"
    "  log_index INTEGER UNIQUE, receipt TEXT, detail TEXT,"
    "  UNIQUE (station, epoch, sequence)) STRICT;"

    "CREATE TABLE quarantine ("
    "  number INTEGER PRIMARY KEY, at TEXT NOT NULL, station TEXT NOT NULL, id TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL, manifest TEXT NOT NULL, reason TEXT NOT NULL,"
    "  UNIQUE (id, sha256, station)) STRICT;"

    "CREATE TABLE alarms ("
    "  number INTEGER PRIMARY KEY, at TEXT NOT NULL, station TEXT, kind TEXT NOT NULL,"
    "  detail TEXT NOT NULL) STRICT;"

    "CREATE TABLE intake_log ("
    "  number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, record TEXT NOT NULL"
    "  REFERENCES records (id)) STRICT;"
    "CREATE TABLE intake_frontier (level INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;"

    "CREATE TABLE cases ("
    "  id TEXT PRIMARY KEY, tracking_number TEXT, procedure TEXT, station TEXT NOT NULL,"
    "  epoch INTEGER NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('received', 'pending', 'ordered', 'refused', 'issued',"
    "    'delivered', 'failed')),"
    "  practice INTEGER NOT NULL DEFAULT 0, document_number TEXT, detail TEXT,"
    "  created_at TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;"

    "CREATE TABLE orders ("
    "  id TEXT PRIMARY KEY, case_id TEXT NOT NULL UNIQUE REFERENCES cases (id),"
    "  station TEXT NOT NULL, document_number TEXT NOT NULL UNIQUE, document_type TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('sent', 'issued', 'delivered')),"
    "  spoiled INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL) STRICT;"

    "CREATE TABLE events ("
    "  id TEXT PRIMARY KEY, kind TEXT NOT NULL, order_id TEXT, case_id TEXT, document_number TEXT,"
    "  station TEXT NOT NULL, at TEXT NOT NULL) STRICT;"

    "CREATE TABLE inbox ("
    "  station TEXT NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,"
    "  kind TEXT NOT NULL, case_id TEXT, manifest TEXT NOT NULL, sealed BLOB NOT NULL,"
    "  PRIMARY KEY (station, epoch, number)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE checkpoints ("
    "  station TEXT NOT NULL, epoch INTEGER NOT NULL, incarnation TEXT NOT NULL,"
    "  size INTEGER NOT NULL, root TEXT NOT NULL, statement TEXT NOT NULL, at TEXT NOT NULL,"
    "  PRIMARY KEY (station, epoch)) STRICT, WITHOUT ROWID;";

/* Who asks for the oldest record that waits, or for a case by its tracking number, reads no whole table. */
static const char second[] =
    "CREATE INDEX records_waiting ON records (log_index) WHERE state = 'received';"
    "CREATE INDEX cases_by_tracking_number ON cases (tracking_number);";

/* What the checks said of a case, and people's words on it (hq/verdict.h). */
static const char decisions[] =
    "CREATE TABLE validations ("
    "  case_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('passed', 'objected', 'unavailable', 'waiting')),"
    "  detail TEXT NOT NULL, at TEXT NOT NULL,"
    "  PRIMARY KEY (case_id, name)) STRICT;"

    "CREATE TABLE verdicts ("
    "  number INTEGER PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases (id),"
    "  is_accepted INTEGER NOT NULL, person TEXT NOT NULL, recipient TEXT NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('waiting', 'first', 'done', 'void')),"
    "  detail TEXT, posted_at TEXT NOT NULL, done_at TEXT) STRICT;"
    "CREATE INDEX verdicts_by_case ON verdicts (case_id);"
    "CREATE UNIQUE INDEX verdicts_waiting ON verdicts (case_id) WHERE state = 'waiting';";

/* What stations are told beside their messages (hq/feed.h), and appointments (hq/appointment.h). */
static const char feed[] =
    "ALTER TABLE stations ADD COLUMN inbox_key TEXT;"

    "CREATE TABLE feed ("
    "  audience TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,"
    "  version INTEGER NOT NULL UNIQUE, body TEXT, sealed BLOB, digest TEXT NOT NULL,"
    "  PRIMARY KEY (audience, kind, id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX feed_by_version ON feed (audience, version);"

    "CREATE TABLE slots ("
    "  office TEXT NOT NULL, starts_at TEXT NOT NULL, capacity INTEGER NOT NULL,"
    "  taken INTEGER NOT NULL DEFAULT 0,"
    "  PRIMARY KEY (office, starts_at)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE appointments ("
    "  id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, request_id TEXT NOT NULL UNIQUE,"
    "  office TEXT NOT NULL, starts_at TEXT NOT NULL, procedure TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('booked', 'cancelled')), person TEXT NOT NULL,"
    "  booked_at TEXT NOT NULL, changed_at TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX appointments_by_person ON appointments (person) WHERE state = 'booked';"
    "CREATE INDEX appointments_by_time ON appointments (starts_at, office);";

/* Headquarters' people, the codes by which anybody may ask whether a document is good (hq/document-code.h),
 * and the lists of cases that people turn over. */
static const char pages[] =
    "CREATE TABLE people ("
    "  name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('viewer', 'supervisor')),"
    "  state TEXT NOT NULL CHECK (state IN ('active', 'disabled')), password BLOB NOT NULL,"
    "  changed_at TEXT NOT NULL) STRICT;"

    "CREATE TABLE documents ("
    "  code_hash TEXT PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, issue_date TEXT NOT NULL,"
    "  expiry_date TEXT, annulled_at TEXT, annulled_by TEXT) STRICT;"

    "CREATE INDEX cases_by_time ON cases (created_at, id);"
    "CREATE INDEX cases_pending ON cases (created_at, id) WHERE state = 'pending';";

/* Everybody's fingers (hq/gallery.h), and the cases of which somebody else has to be asked again. */
static const char checks[] =
    "CREATE TABLE gallery ("
    "  number INTEGER PRIMARY KEY, case_id TEXT NOT NULL UNIQUE, sealed BLOB NOT NULL) STRICT;"

    "CREATE TABLE rechecks ("
    "  case_id TEXT PRIMARY KEY, since INTEGER NOT NULL, due INTEGER NOT NULL) STRICT;"
    "CREATE INDEX rechecks_due ON rechecks (due);";

/* One leaf for each record, whoever takes it in. */
static const char one_leaf[] = "CREATE UNIQUE INDEX intake_log_by_record ON intake_log (record);";

/* The stations' blanks (hq/stock.h). */
static const char stock[] =
    "CREATE TABLE stock_reports ("
    "  station TEXT NOT NULL, epoch INTEGER NOT NULL, incarnation TEXT NOT NULL,"
    "  position INTEGER NOT NULL, at TEXT NOT NULL,"
    "  PRIMARY KEY (station, epoch)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE stock_movements ("
    "  station TEXT NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL,"
    "  actor TEXT NOT NULL, action TEXT NOT NULL, kind TEXT NOT NULL, first_blank TEXT NOT NULL,"
    "  last_blank TEXT NOT NULL, blanks INTEGER NOT NULL, keeper TEXT NOT NULL,"
    "  PRIMARY KEY (station, epoch, number)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE stock_levels ("
    "  station TEXT NOT NULL, epoch INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  in_stock INTEGER NOT NULL, quarantined INTEGER NOT NULL, in_work INTEGER NOT NULL,"
    "  issued INTEGER NOT NULL, spoiled INTEGER NOT NULL, delivered INTEGER NOT NULL,"
    "  PRIMARY KEY (station, epoch, kind)) STRICT, WITHOUT ROWID;";

const char *const tambo_hq_schema[TAMBO_HQ_SCHEMA_VERSION] = { first, second, decisions, feed,
                                                               pages, checks, one_leaf,  stock };
