/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/vfs.h"

#include <string.h>

#include "store/commit-proof.h"
#include "store/file-look.h"
#include "store/journal-seal.h"
#include "store/reserve.h"

#define NAME "tambo"
#define JOURNAL_SUFFIX "-journal"

typedef struct StoreFile StoreFile;

/* What this process knows of a store that it has open, by the path of its journal. */
typedef struct {
  guint n_files;
  StoreFile *writer;     /* borrowed: which of them has the lock to write; NULL: none */
  sqlite3_file *journal; /* kept open; NULL while it is in use, and before */
  gboolean is_owing;     /* its end was not synced */
  TamboFileLook look;    /* of the journal that is kept */
  TamboReserve reserve;  /* used by the one who may write */
} Place;

struct StoreFile {
  sqlite3_file base;
  sqlite3_file *real;
  TamboGather gather;
  /* of a store */
  char *path;
  Place *place;       /* borrowed */
  TamboFileLook look; /* when it was opened */
  TamboCommitProof proof;
  /* of a journal */
  gboolean is_journal;
  gboolean is_written;
  gboolean is_taken; /* one that was kept */
  char *journal_path;
  StoreFile *store; /* borrowed: whose it is, of one that is written */
  TamboJournalSeal seal;
  gboolean is_judged, is_void; /* what was found is in force, or over */
};

#define SELF(file) ((StoreFile *) (file))
#define REAL(file) (SELF (file)->real)
#define METHODS(file) (REAL (file)->pMethods)

static sqlite3_vfs *usual (void) {
  return sqlite3_vfs_find (NULL);
}

/* ---- places ---- */

static GMutex mutex;
static GHashTable *places;

static void close_real (sqlite3_file *real) {
  if (real != NULL && real->pMethods != NULL)
    real->pMethods->xClose (real);
  g_free (real);
}

static void drop_journal (Place *place) {
  if (place->journal != NULL && place->is_owing)
    (void) place->journal->pMethods->xSync (place->journal,
                                            SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
  place->is_owing = FALSE;
  g_clear_pointer (&place->journal, close_real);
}

static void place_free (gpointer data) {
  Place *place = data;

  drop_journal (place);
  tambo_reserve_clear (&place->reserve);
  g_free (place);
}

/* Of the journal at PATH; NULL when its store is not open here. */
static Place *find_place (const char *path) {
  return places != NULL ? g_hash_table_lookup (places, path) : NULL;
}

static Place *enter_place (const char *store_path) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autofree char *path = g_strconcat (store_path, JOURNAL_SUFFIX, NULL);
  Place *place = find_place (path);

  if (places == NULL)
    places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, place_free);
  if (place == NULL) {
    place = g_new0 (Place, 1);
    g_hash_table_insert (places, g_steal_pointer (&path), place);
  }
  place->n_files++;
  return place;
}

static void leave_place (const char *store_path) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autofree char *path = g_strconcat (store_path, JOURNAL_SUFFIX, NULL);
  Place *place = find_place (path);

  if (--place->n_files == 0)
    g_hash_table_remove (places, path);
}

/* The journal at PATH when it is still the file of that name: another program may have deleted it, and
 * then nobody has synced the name of the next. */
static sqlite3_file *take_journal (const char *path) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  Place *place = find_place (path);
  TamboFileLook now;

  if (place == NULL || place->journal == NULL)
    return NULL;
  if (tambo_file_look (path, &now) && tambo_file_look_is_same (&now, &place->look))
    return g_steal_pointer (&place->journal);
  drop_journal (place);
  return NULL;
}

/* FALSE when it has to be closed. Called before the lock on the store is given back: the name still
 * stands for this file. */
static gboolean keep_journal (StoreFile *self) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  Place *place = find_place (self->journal_path);

  if (place == NULL || place->journal != NULL
      || (!self->is_taken && !tambo_file_look (self->journal_path, &place->look)))
    return FALSE;
  place->journal = self->real;
  return TRUE;
}

static StoreFile *find_writer (const char *journal_path) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  Place *place = find_place (journal_path);

  return place != NULL ? place->writer : NULL;
}

static void note_writer (StoreFile *self, int level) {
  g_autoptr (GMutexLocker) locker = NULL;

  if (self->place == NULL)
    return;
  locker = g_mutex_locker_new (&mutex);
  if (level >= SQLITE_LOCK_RESERVED)
    self->place->writer = self;
  else if (self->place->writer == self)
    self->place->writer = NULL;
}

/* ---- files ---- */

/* Everything is where SQLite believes it to be. */
static int settle (StoreFile *self) {
  int result = tambo_journal_seal_release (&self->seal);
  int flushed = tambo_gather_flush (&self->gather);

  return result != SQLITE_OK ? result : flushed;
}

static int close_file (sqlite3_file *file) {
  StoreFile *self = SELF (file);
  int settled = settle (self);
  int closed = SQLITE_OK;

  if ((!self->is_written && !self->is_taken) || !keep_journal (self)) {
    closed = METHODS (file)->xClose (self->real);
    g_free (self->real);
  }
  self->real = NULL;
  note_writer (self, SQLITE_LOCK_NONE);
  if (self->path != NULL)
    leave_place (self->path);
  tambo_commit_proof_clear (&self->proof);
  tambo_journal_seal_clear (&self->seal);
  tambo_gather_clear (&self->gather);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->journal_path, g_free);
  return settled != SQLITE_OK ? settled : closed;
}

/* Whether the store of a whole journal has all of its transaction. The usual VFS gives back no lock of
 * this process when the second handle is closed. */
static int is_over (const char *journal_path, const guint8 sum[TAMBO_CHECKSUM_SIZE],
                    gboolean *out_is_over) {
  g_autofree char *path = g_strndup (journal_path, strlen (journal_path) - strlen (JOURNAL_SUFFIX));
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  sqlite3_filename name = sqlite3_create_filename (path, journal_path, wal, 0, NULL);
  sqlite3_file *real = g_malloc0 ((gsize) usual ()->szOsFile);
  int result =
      usual ()->xOpen (usual (), name, real, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, NULL);

  if (result == SQLITE_OK)
    result = tambo_commit_proof_judge (real, sum, out_is_over);
  close_real (real);
  sqlite3_free_filename (name);
  return result;
}

/* A journal that was never synced, or that is over, looks like one whose header was zeroed. */
static int judge (StoreFile *self) {
  TamboJournalState state;
  guint8 sum[TAMBO_CHECKSUM_SIZE];
  int result = tambo_journal_seal_judge (self->real, &state, sum);

  self->is_judged = TRUE;
  self->is_void = state == TAMBO_JOURNAL_TORN;
  if (result == SQLITE_OK && state == TAMBO_JOURNAL_WHOLE)
    result = is_over (self->journal_path, sum, &self->is_void);
  return result;
}

static int read_file (sqlite3_file *file, void *data, int size, sqlite3_int64 offset) {
  StoreFile *self = SELF (file);
  int result = SQLITE_OK;

  /* SQLite looks for what may lie behind a journal before it counts the pages. */
  if (self->seal.header != NULL && offset < self->seal.end)
    result = tambo_journal_seal_release (&self->seal);
  if (result == SQLITE_OK)
    result = tambo_gather_flush (&self->gather);
  if (result == SQLITE_OK)
    result = METHODS (file)->xRead (self->real, data, size, offset);
  /* Most of the time the magic was zeroed at the commit. */
  if (result == SQLITE_OK && self->is_journal && !self->is_judged && offset == 0
      && *(const guint8 *) data != 0)
    result = judge (self);
  if (self->is_void && offset == 0)
    memset (data, 0, (gsize) size);
  return result;
}

static int write_file (sqlite3_file *file, const void *data, int size, sqlite3_int64 offset) {
  StoreFile *self = SELF (file);

  if (self->is_journal) {
    self->is_judged = TRUE;
    self->is_void = FALSE;
    return tambo_journal_seal_write (&self->seal, data, size, offset);
  }
  tambo_commit_proof_add (&self->proof, data, size, offset);
  return tambo_gather_write (&self->gather, data, size, offset);
}

static int truncate_file (sqlite3_file *file, sqlite3_int64 size) {
  StoreFile *self = SELF (file);
  int result;

  if (size == 0)
    self->gather.size = 0;
  result = settle (self);
  if (self->place != NULL)
    tambo_reserve_forget (&self->place->reserve);
  tambo_commit_proof_abandon (&self->proof);
  self->seal.is_over = self->seal.is_whole && size == 0;
  return result == SQLITE_OK ? METHODS (file)->xTruncate (self->real, size) : result;
}

static void set_owing (const char *journal_path, gboolean is_owing) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  Place *place = journal_path != NULL ? find_place (journal_path) : NULL;

  if (place != NULL)
    place->is_owing = is_owing;
}

static int sync_journal (StoreFile *self, int flags) {
  gboolean is_sealed = FALSE;
  gboolean is_proved = self->seal.is_over && self->store != NULL && self->store->proof.is_given;
  int result;

  set_owing (self->journal_path, is_proved);
  if (is_proved)
    return tambo_gather_flush (&self->gather);
  result = tambo_journal_seal_sync (&self->seal, flags, &is_sealed);
  if (is_sealed && self->store != NULL)
    tambo_commit_proof_begin (&self->store->proof, self->seal.sum);
  else if (self->store != NULL)
    tambo_commit_proof_abandon (&self->store->proof);
  return result;
}

static int sync_file (sqlite3_file *file, int flags) {
  StoreFile *self = SELF (file);

  return self->is_journal ? sync_journal (self, flags)
                          : tambo_commit_proof_sync (&self->proof, &self->gather, flags);
}

/* FALSE for what is no store, or not of its name any more. */
static gboolean look_at_store (const StoreFile *self, TamboFileLook *out_look) {
  return self->path != NULL && tambo_file_look (self->path, out_look)
         && tambo_file_look_is_same (out_look, &self->look);
}

static int measure_file (sqlite3_file *file, sqlite3_int64 *out_size) {
  int result = settle (SELF (file));
  TamboFileLook look;

  if (result != SQLITE_OK)
    return result;
  if (!look_at_store (SELF (file), &look))
    return METHODS (file)->xFileSize (REAL (file), out_size);
  *out_size = look.size;
  return SQLITE_OK;
}

static int lock_file (sqlite3_file *file, int level) {
  int result = METHODS (file)->xLock (REAL (file), level);

  if (result == SQLITE_OK && level >= SQLITE_LOCK_RESERVED)
    note_writer (SELF (file), level);
  return result;
}

static int unlock_file (sqlite3_file *file, int level) {
  int settled = settle (SELF (file));
  int unlocked;

  note_writer (SELF (file), level);
  unlocked = METHODS (file)->xUnlock (REAL (file), level);
  return settled != SQLITE_OK ? settled : unlocked;
}

static int check_lock (sqlite3_file *file, int *out_is_reserved) {
  return METHODS (file)->xCheckReservedLock (REAL (file), out_is_reserved);
}

static int control_file (sqlite3_file *file, int operation, void *argument) {
  int result = tambo_gather_flush (&SELF (file)->gather);
  TamboFileLook look;

  if (operation == SQLITE_FCNTL_HAS_MOVED && look_at_store (SELF (file), &look)) {
    *(int *) argument = FALSE;
    return SQLITE_OK;
  }
  if (operation == SQLITE_FCNTL_SIZE_HINT && look_at_store (SELF (file), &look))
    tambo_reserve_grow (&SELF (file)->place->reserve, SELF (file)->path,
                        *(const sqlite3_int64 *) argument);
  return result == SQLITE_OK ? METHODS (file)->xFileControl (REAL (file), operation, argument)
                             : result;
}

static int sector_size (sqlite3_file *file) {
  return METHODS (file)->xSectorSize (REAL (file));
}

static int characteristics (sqlite3_file *file) {
  return METHODS (file)->xDeviceCharacteristics (REAL (file));
}

/* Version 1: without mapping and without the shared memory of a WAL, which a store never has. */
static const sqlite3_io_methods methods = {
  .iVersion = 1,
  .xClose = close_file,
  .xRead = read_file,
  .xWrite = write_file,
  .xTruncate = truncate_file,
  .xSync = sync_file,
  .xFileSize = measure_file,
  .xLock = lock_file,
  .xUnlock = unlock_file,
  .xCheckReservedLock = check_lock,
  .xFileControl = control_file,
  .xSectorSize = sector_size,
  .xDeviceCharacteristics = characteristics,
};

/* ---- the VFS ---- */

static int open_real (StoreFile *self, sqlite3_filename name, int flags, int *out_flags) {
  int result;

  self->real = g_malloc0 ((gsize) usual ()->szOsFile);
  result = usual ()->xOpen (usual (), name, self->real, flags, out_flags);
  if (self->real->pMethods == NULL)
    g_clear_pointer (&self->real, g_free);
  return result;
}

/* One that was kept serves who only looks whether it is in force, too. */
static void begin_journal (StoreFile *self, const char *name, int flags) {
  self->is_journal = TRUE;
  self->is_written = (flags & SQLITE_OPEN_READWRITE) != 0;
  self->journal_path = g_strdup (name);
  self->real = take_journal (name);
  self->is_taken = self->real != NULL;
  if (self->is_written)
    self->store = find_writer (name);
}

static int open_file (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                      int *out_flags) {
  StoreFile *self = SELF (file);
  int result = SQLITE_OK;

  memset (self, 0, sizeof *self);
  if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0)
    begin_journal (self, name, flags);
  if (self->real != NULL && out_flags != NULL)
    *out_flags = flags;
  else if (self->real == NULL)
    result = open_real (self, name, flags, out_flags);
  if (self->real == NULL) {
    g_clear_pointer (&self->journal_path, g_free);
    return result;
  }
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    self->path = g_strdup (name);
    self->place = enter_place (name);
    (void) tambo_file_look (name, &self->look);
  }
  self->gather.real = self->real;
  /* SQLite believes in what a journal was given: a page whose old contents did not get there is restored by
   * nobody, unless the rollback fails as the write did. */
  self->gather.is_insistent = self->is_journal;
  self->seal.gather = &self->gather;
  self->base.pMethods = &methods;
  return result;
}

static int delete_file (sqlite3_vfs *vfs, const char *name, int sync_folder) {
  return usual ()->xDelete (usual (), name, sync_folder);
}

static int access_file (sqlite3_vfs *vfs, const char *name, int flags, int *out_result) {
  TamboFileLook look;

  if (flags != SQLITE_ACCESS_EXISTS)
    return usual ()->xAccess (usual (), name, flags, out_result);
  /* An empty file is none, as in the usual VFS. */
  *out_result = tambo_file_look (name, &look) && (!look.is_regular || look.size > 0);
  return SQLITE_OK;
}

static int full_path (sqlite3_vfs *vfs, const char *name, int size, char *out_name) {
  return usual ()->xFullPathname (usual (), name, size, out_name);
}

static int randomness (sqlite3_vfs *vfs, int size, char *out_bytes) {
  return usual ()->xRandomness (usual (), size, out_bytes);
}

static int wait_for (sqlite3_vfs *vfs, int microseconds) {
  return usual ()->xSleep (usual (), microseconds);
}

static int current_time (sqlite3_vfs *vfs, double *out_time) {
  return usual ()->xCurrentTime (usual (), out_time);
}

static int last_error (sqlite3_vfs *vfs, int size, char *out_text) {
  return usual ()->xGetLastError (usual (), size, out_text);
}

const char *tambo_vfs_name (void) {
  static sqlite3_vfs vfs = {
    .iVersion = 1,
    .szOsFile = (int) sizeof (StoreFile),
    .zName = NAME,
    .xOpen = open_file,
    .xDelete = delete_file,
    .xAccess = access_file,
    .xFullPathname = full_path,
    .xRandomness = randomness,
    .xSleep = wait_for,
    .xCurrentTime = current_time,
    .xGetLastError = last_error,
  };
  static gsize is_made;

  if (g_once_init_enter (&is_made)) {
    vfs.mxPathname = usual ()->mxPathname;
    g_once_init_leave (&is_made, 1);
  }
  return sqlite3_vfs_register (&vfs, FALSE) == SQLITE_OK ? NAME : NULL;
}
