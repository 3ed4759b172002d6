/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-hq-load.h"

#include <curl/curl.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"

#define HASH_OF_SOMETHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void record_free (gpointer data) {
  LoadRecord *record = data;

  g_bytes_unref (record->bytes);
  g_free (record->sha256);
  g_free (record->manifest);
  g_free (record->receipt);
  g_free (record);
}

static char *make_manifest (const LoadRecord *record, TamboHq *hq, TamboKey *station_key,
                            const char *station, gint64 sequence) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_new ();

  manifest->id = tambo_id_new ();
  manifest->kind = g_strdup ("event");
  manifest->sender = g_strdup (station);
  manifest->sequence = sequence;
  manifest->created = tambo_clock_now ();
  manifest->recipient = tambo_key_dup_id (hq->envelope_key);
  manifest->sha256 = g_strdup (record->sha256);
  manifest->size = (gint64) g_bytes_get_size (record->bytes);
  /* No true chain: numbers are sent in any order here, and the last of a run is not followed. */
  manifest->previous = g_strdup (sequence > 1 ? HASH_OF_SOMETHING : "");
  return tambo_manifest_sign (manifest, station_key);
}

GPtrArray *load_records_new (guint n, gsize size, TamboHq *hq, TamboKey *station_key,
                             const char *station, gint64 *sequence) {
  GPtrArray *records = g_ptr_array_new_with_free_func (record_free);

  for (guint i = 0; i < n; i++) {
    LoadRecord *record = g_new0 (LoadRecord, 1);

    record->bytes = tambo_random_bytes (size);
    record->sha256 = tambo_sha256_hex (record->bytes);
    /* Every second number, so that no neighbour's chain is looked at and found wanting. */
    record->manifest = make_manifest (record, hq, station_key, station, *sequence);
    *sequence += 2;
    g_ptr_array_add (records, record);
  }
  return records;
}

/* One request and its answer. */
typedef struct {
  const char *method;
  const guint8 *data;
  gsize size, sent;
  gint64 offset; /* of a PATCH; of the answer, where it has one */
  GString *answer;
  long status; /* 0: none */
} Transfer;

static void transfer_clear (Transfer *transfer) {
  g_string_free (transfer->answer, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Transfer, transfer_clear)

static Transfer transfer_of (const char *method, gconstpointer data, gsize size, gint64 offset) {
  return (Transfer){
    .method = method, .data = data, .size = size, .offset = offset, .answer = g_string_new (NULL)
  };
}

static Transfer transfer_of_bytes (const char *method, const LoadRecord *record, gint64 offset) {
  gsize size;
  const guint8 *data = g_bytes_get_data (record->bytes, &size);

  return transfer_of (method, data + offset, size - (gsize) offset, offset);
}

static Transfer transfer_of_manifest (const LoadRecord *record) {
  return transfer_of ("PUT", record->manifest, strlen (record->manifest), 0);
}

static size_t on_read (char *buffer, size_t size, size_t n, void *data) {
  Transfer *transfer = data;
  gsize chunk = MIN (size * n, transfer->size - transfer->sent);

  memcpy (buffer, transfer->data + transfer->sent, chunk);
  transfer->sent += chunk;
  return chunk;
}

static int on_seek (void *data, curl_off_t offset, int origin) {
  ((Transfer *) data)->sent = (gsize) offset;
  return CURL_SEEKFUNC_OK;
}

static size_t on_write (char *buffer, size_t size, size_t n, void *data) {
  Transfer *transfer = data;

  g_string_append_len (transfer->answer, buffer, (gssize) (size * n));
  return size * n;
}

static size_t on_header (char *buffer, size_t size, size_t n, void *data) {
  static const char name[] = TAMBO_UPLOAD_OFFSET ": ";

  if (size * n > strlen (name) && g_ascii_strncasecmp (buffer, name, strlen (name)) == 0)
    ((Transfer *) data)->offset = g_ascii_strtoll (buffer + strlen (name), NULL, 10);
  return size * n;
}

static CURL *connect_as (const LoadTarget *target) {
  CURL *curl = curl_easy_init ();

  curl_easy_setopt (curl, CURLOPT_CAINFO, target->ca_file);
  curl_easy_setopt (curl, CURLOPT_SSLCERT, target->certificate_file);
  curl_easy_setopt (curl, CURLOPT_SSLKEY, target->key_file);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_3);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_UPLOAD_BUFFERSIZE, 256L * 1024);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt (curl, CURLOPT_SEEKFUNCTION, on_seek);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, 120L);
  return curl;
}

static CURLcode ask (CURL *curl, const LoadTarget *target, const LoadRecord *record,
                     Transfer *transfer) {
  g_autofree char *url = g_strconcat (target->url, "/v1/records/", record->sha256, NULL);
  g_autofree char *offset =
      g_strdup_printf (TAMBO_UPLOAD_OFFSET ": %" G_GINT64_FORMAT, transfer->offset);
  struct curl_slist *headers = curl_slist_append (NULL, "Expect:");
  CURLcode result;

  if (strcmp (transfer->method, "PATCH") == 0)
    headers = curl_slist_append (headers, offset);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, transfer->method);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_READDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_SEEKDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t) transfer->size);
  result = curl_easy_perform (curl);
  curl_slist_free_all (headers);
  if (result == CURLE_OK)
    curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &transfer->status);
  return result;
}

/* ---- as fast as possible ---- */

static void must (CURL *curl, const LoadTarget *target, LoadRecord *record, Transfer *transfer,
                  long wanted) {
  CURLcode result = ask (curl, target, record, transfer);

  if (result != CURLE_OK)
    g_error ("%s: %s", transfer->method, curl_easy_strerror (result));
  if (transfer->status != wanted)
    g_error ("%s gave %ld: %s", transfer->method, transfer->status, transfer->answer->str);
}

static void send_whole (CURL *curl, const LoadTarget *target, const char *method,
                        LoadRecord *record) {
  g_auto (Transfer) transfer = transfer_of_bytes (method, record, 0);

  must (curl, target, record, &transfer, 200);
  record->receipt = g_strdup (transfer.answer->str);
}

static void announce (CURL *curl, const LoadTarget *target, LoadRecord *record) {
  g_auto (Transfer) transfer = transfer_of_manifest (record);

  must (curl, target, record, &transfer, 201);
}

typedef struct {
  const LoadTarget *targets;
  guint n_targets;
  GPtrArray *records;
  LoadKind kind;
  gint next;
  gint64 deadline;
  LoadTroubles *troubles;
  GMutex lock;
} Load;

static LoadRecord *next_record (Load *load) {
  guint i = (guint) g_atomic_int_add (&load->next, 1);

  return i < load->records->len ? load->records->pdata[i] : NULL;
}

static gpointer send_some (gpointer data) {
  Load *load = data;
  CURL *curl = connect_as (load->targets);
  LoadRecord *record;

  while ((record = next_record (load)) != NULL) {
    if (load->kind != LOAD_PLAIN)
      announce (curl, load->targets, record);
    if (load->kind != LOAD_ANNOUNCE)
      send_whole (curl, load->targets, load->kind == LOAD_PLAIN ? "PUT" : "PATCH", record);
  }
  curl_easy_cleanup (curl);
  return NULL;
}

static gdouble run_threads (Load *load, guint connections, GThreadFunc run) {
  g_autofree GThread **threads = g_new0 (GThread *, connections);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < connections; i++)
    threads[i] = g_thread_new ("station", run, load);
  for (guint i = 0; i < connections; i++)
    g_thread_join (threads[i]);
  return (gdouble) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

gdouble load_run (const LoadTarget *target, GPtrArray *records, guint connections, LoadKind kind) {
  Load load = { .targets = target, .records = records, .kind = kind };

  return run_threads (&load, connections, send_some);
}

/* ---- whatever happens ---- */

/* One try, at one receiver. TRUE when the record has its receipt. */
static gboolean try_record (CURL *curl, const LoadTarget *target, LoadRecord *record,
                            LoadTroubles *troubles) {
  g_auto (Transfer) put = transfer_of_manifest (record);
  g_auto (Transfer) patch = { NULL };
  const Transfer *last = &put;

  if (ask (curl, target, record, &put) == CURLE_OK && put.status == 201) {
    patch = transfer_of_bytes ("PATCH", record, put.offset);
    troubles->resumed += put.offset > 0;
    ask (curl, target, record, &patch);
    last = &patch;
  } else {
    patch = transfer_of ("", "", 0, 0);
  }
  troubles->failures += last->status == 0;
  troubles->unavailable += last->status == 503;
  if (last->status != 200 && last->status != 0 && last->status != 503 && last->status != 409)
    g_error ("%s gave %ld: %s", last->method, last->status, last->answer->str);
  if (last->status == 200)
    record->receipt = g_strdup (last->answer->str);
  return last->status == 200;
}

static void add_troubles (Load *load, const LoadTroubles *own) {
  g_mutex_lock (&load->lock);
  load->troubles->failures += own->failures;
  load->troubles->unavailable += own->unavailable;
  load->troubles->resumed += own->resumed;
  g_mutex_unlock (&load->lock);
}

static gpointer send_persistently (gpointer data) {
  Load *load = data;
  guint turn = g_random_int_range (0, (gint32) load->n_targets);
  CURL *curl = connect_as (&load->targets[turn]);
  LoadTroubles troubles = { 0 };
  LoadRecord *record;

  while ((record = next_record (load)) != NULL)
    while (g_get_monotonic_time () < load->deadline
           && !try_record (curl, &load->targets[turn], record, &troubles)) {
      g_usleep ((gulong) g_random_int_range (10, 200) * 1000);
      turn = (turn + 1) % load->n_targets;
    }
  add_troubles (load, &troubles);
  curl_easy_cleanup (curl);
  return NULL;
}

void load_persist (const LoadTarget *targets, guint n_targets, GPtrArray *records,
                   guint connections, guint seconds, LoadTroubles *out_troubles) {
  Load load = { .targets = targets,
                .n_targets = n_targets,
                .records = records,
                .deadline = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC,
                .troubles = out_troubles };

  *out_troubles = (LoadTroubles){ 0 };
  g_mutex_init (&load.lock);
  run_threads (&load, connections, send_persistently);
  g_mutex_clear (&load.lock);
}
