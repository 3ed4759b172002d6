/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/decision-record.h"

#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "hq/envelope-keys.h"
#include "hq/uploads.h"
#include "sync/envelope.h"

void tambo_opened_free (TamboOpened *opened) {
  if (opened == NULL)
    return;
  g_free (opened->id);
  g_free (opened->sha256);
  g_free (opened->station);
  g_free (opened->kind);
  g_free (opened->manifest_text);
  g_clear_pointer (&opened->manifest, tambo_manifest_free);
  g_clear_pointer (&opened->packet, tambo_packet_free);
  g_free (opened);
}

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

static TamboOpened *find (TamboHq *hq, const char *where, const char *value, GError **error) {
  g_autofree char *sql = g_strconcat (
      "SELECT id, sha256, station, kind, manifest, epoch FROM records WHERE ", where, NULL);
  g_autoptr (TamboQuery) query = value != NULL
                                     ? tambo_database_query (hq->database, error, sql, "s", value)
                                     : tambo_database_query (hq->database, error, sql, "");
  TamboOpened *opened;

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  opened = g_new0 (TamboOpened, 1);
  opened->id = tambo_query_dup_text (query, 0);
  opened->sha256 = tambo_query_dup_text (query, 1);
  opened->station = tambo_query_dup_text (query, 2);
  opened->kind = tambo_query_dup_text (query, 3);
  opened->manifest_text = tambo_query_dup_text (query, 4);
  opened->epoch = tambo_query_int (query, 5);
  return opened;
}

TamboOpened *tambo_opened_find (TamboHq *hq, const char *id, GError **error) {
  return find (hq, "id = ?", id, error);
}

TamboOpened *tambo_opened_find_next (TamboHq *hq, GError **error) {
  TamboOpened *opened =
      find (hq, "state = 'received' AND quarantined = 0 ORDER BY log_index LIMIT 1", NULL, error);

  if (opened != NULL)
    opened->is_waiting = TRUE;
  return opened;
}

/* The manifest was verified at intake; inside the seal the same has to be said. */
static gboolean header_fits (const TamboEnvelopeHeader *header, const TamboManifest *manifest) {
  return strcmp (header->id, manifest->id) == 0 && strcmp (header->kind, manifest->kind) == 0
         && strcmp (header->sender, manifest->sender) == 0
         && header->sequence == manifest->sequence;
}

gboolean tambo_opened_open (TamboHq *hq, TamboOpened *opened, GError **error) {
  g_autofree char *path = tambo_uploads_record_path (hq->uploads, opened->sha256);
  g_autoptr (GBytes) sealed = tambo_file_read (path, TAMBO_RECORD_MAX_SIZE, error);
  g_autofree char *hash = NULL;
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (TamboKey) key = NULL;
  g_autoptr (GBytes) packet = NULL;

  if (sealed == NULL)
    return FALSE;
  hash = tambo_sha256_hex (sealed);
  if (strcmp (hash, opened->sha256) != 0)
    return fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the record on the disk is not the one received");
  opened->manifest = tambo_manifest_peek (opened->manifest_text, error);
  if (opened->manifest == NULL)
    return FALSE;
  key = tambo_hq_find_envelope_key (hq, opened->manifest->recipient, error);
  packet = key != NULL ? tambo_envelope_open (sealed, key, &header, error) : NULL;
  if (packet == NULL)
    return FALSE;
  if (!header_fits (&header, opened->manifest))
    return fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the envelope and the manifest disagree");
  opened->packet = tambo_packet_parse (packet, error);
  return opened->packet != NULL;
}

/* Every sample of the case is there, byte for byte. */
static gboolean check_parts (const TamboEnrolment *enrolment, TamboPacket *packet, GError **error) {
  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = enrolment->samples->pdata[i];
    g_autofree char *slot = tambo_sample_dup_slot (sample);
    GBytes *part = tambo_packet_get (packet, slot);
    g_autofree char *hash = part != NULL ? tambo_sha256_hex (part) : NULL;

    if (g_strcmp0 (hash, sample->sha256) != 0) {
      g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                   "the sample %s is not the one that the case names", slot);
      return FALSE;
    }
  }
  return TRUE;
}

TamboEnrolment *tambo_opened_read_enrolment (TamboHq *hq, const TamboOpened *opened,
                                             GError **error) {
  g_autoptr (JsonObject) object = tambo_packet_get_json (opened->packet, "case", error);
  g_autoptr (TamboEnrolment) enrolment = NULL;

  if (object == NULL)
    return NULL;
  enrolment = tambo_enrolment_from_json (object, error);
  if (enrolment == NULL)
    return NULL;
  if (strcmp (enrolment->id, opened->id) != 0 || strcmp (enrolment->office, opened->station) != 0) {
    fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the case inside is another one than outside");
    return NULL;
  }
  if (enrolment->practice && !hq->practice) {
    fail (error, TAMBO_HQ_ERROR_INVALID, "a practice case came to a headquarters that is real");
    return NULL;
  }
  return check_parts (enrolment, opened->packet, error) ? g_steal_pointer (&enrolment) : NULL;
}

gboolean tambo_opened_claim (TamboHq *hq, const TamboOpened *opened, GError **error) {
  if (!opened->is_waiting)
    return TRUE;
  if (!tambo_database_run (hq->database, error,
                           "UPDATE records SET state = 'done' WHERE id = ? AND state = 'received'",
                           "s", opened->id))
    return FALSE;
  return tambo_database_changes (hq->database) == 1
         || fail (error, TAMBO_HQ_ERROR_EXISTS, "the record was judged meanwhile");
}

TamboInboxAddress tambo_opened_address (const TamboOpened *opened, const char *id,
                                        const char *kind) {
  return (TamboInboxAddress){ .station = opened->station,
                              .epoch = opened->epoch,
                              .id = id,
                              .kind = kind,
                              .case_id = opened->id,
                              .reply_key = opened->manifest->reply_key };
}
