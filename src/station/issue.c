/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/issue.h"

#include <string.h>

#include "base/hash.h"
#include "chip/reader.h"
#include "station/card-desk.h"
#include "station/events.h"
#include "station/order-packet.h"
#include "station/station-private.h"
#include "store/chip-journal.h"
#include "store/stock.h"

#define CARD_WAIT_MS 10000
#define DEFAULT_PROFILE "jmrtd"

void tambo_issuance_clear (TamboIssuance *issuance) {
  g_clear_pointer (&issuance->document_number, g_free);
  g_clear_pointer (&issuance->blank, g_free);
  g_clear_pointer (&issuance->verdicts, g_ptr_array_unref);
}

/* One issuance under way. */
typedef struct {
  TamboStation *station;
  TamboStore *store;
  char *actor;
  TamboOrder *order;
  TamboOrderContent content;
  const TamboChipProfile *profile;
  const TamboIssueRequest *request; /* borrowed */
  char *blank;
  GPtrArray *csca; /* of GBytes */
} Work;

static void work_clear (Work *work) {
  g_free (work->actor);
  tambo_order_free (work->order);
  tambo_order_content_clear (&work->content);
  g_free (work->blank);
  g_clear_pointer (&work->csca, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* What was signed for one kind of chip does not fit another: a key that the document promises would not
 * be there. */
static gboolean choose_profile (Work *work, GError **error) {
  const char *ordered = work->order->chip_profile;
  const char *wanted = work->request->profile;
  const char *name = wanted != NULL ? wanted : ordered != NULL ? ordered : DEFAULT_PROFILE;

  work->profile = tambo_chip_profile_find (name);
  if (work->profile == NULL) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
                 "there is no chip profile '%s'", name);
    return FALSE;
  }
  if (ordered == NULL || strcmp (name, ordered) == 0)
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
               "the document was made for chips of the profile '%s', not '%s'", ordered, name);
  return FALSE;
}

static gboolean prepare (Work *work, GError **error) {
  const TamboIssueRequest *request = work->request;

  work->actor = tambo_station_permit (work->station, TAMBO_OPERATION_DOCUMENT_ISSUE, error);
  if (work->actor == NULL)
    return FALSE;

  if (!tambo_order_packet_open (work->station, request->order_id, &work->order, &work->content,
                                NULL, error)
      || !choose_profile (work, error))
    return FALSE;
  if (g_strcmp0 (work->order->state, "new") != 0) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the document of this order was issued already");
    return FALSE;
  }
  work->csca = tambo_card_desk_dup_csca (work->station);
  if (work->csca->len > 0)
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED,
               "headquarters has given this station no CSCA certificate to verify chips with");
  return FALSE;
}

static gboolean take_blank (Work *work, const char *number, GError **error) {
  g_autoptr (GError) own_error = NULL;

  work->blank = tambo_stock_take (work->store, tambo_order_blank_kind (work->order), number,
                                  work->order->id, work->actor, &own_error);
  if (work->blank != NULL)
    return TRUE;
  if (g_error_matches (own_error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND)
      || g_error_matches (own_error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE))
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STOCK, "%s", own_error->message);
  else
    g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

/* ---- the chip ---- */

static gboolean journal_step (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                              GError **error) {
  Work *work = data;
  g_autofree char *text = tambo_personalisation_row (step, file);
  TamboIssueStep told;

  if (!tambo_chip_journal_append (work->store, work->order->id, work->blank, text, error))
    return FALSE;
  tambo_issue_step_init (&told, work->content.lds, work->profile, step, file);
  if (work->request->step != NULL)
    work->request->step (&told, work->request->data);
  return TRUE;
}

static void report_progress (gsize done, gsize total, gpointer data) {
  const TamboIssueRequest *request = ((Work *) data)->request;

  if (request->progress != NULL)
    request->progress (done, total, request->data);
}

/* What the journal knows of this blank: whether its lock was sent, for then the card may be locked and
 * is not written again; and which files it must have, for another blank lacks them. */
typedef struct {
  gboolean lock_announced;
  guint32 begun;
} History;

static gboolean read_history (Work *work, History *out_history, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_chip_journal_list (work->store, work->order->id, error);
  if (rows == NULL)
    return FALSE;

  const char *lock = tambo_personalisation_step_to_string (TAMBO_STEP_LOCK);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  out_history->lock_announced = FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const TamboChipJournalRow *row = g_ptr_array_index (rows, i);
    if (g_strcmp0 (row->blank, work->blank) != 0)
      continue;
    g_ptr_array_add (own, row->step);
    if (g_strcmp0 (row->step, lock) == 0)
      out_history->lock_announced = TRUE;
  }
  out_history->begun = tambo_personalisation_begun (own);
  return TRUE;
}

static gboolean finish_chip (const TamboPersonalisation *personalisation, TamboChannel *channel,
                             GPtrArray *verdicts, GCancellable *cancellable, GError **error) {
  g_autoptr (GError) own_error = NULL;

  if (tambo_personalisation_finish (personalisation, channel, verdicts, cancellable, &own_error))
    return TRUE;
  if (g_error_matches (own_error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH))
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
                 "the card on the reader is not the one that was written for this order");
  else
    g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

static gboolean write_chip (Work *work, GPtrArray *verdicts, GCancellable *cancellable,
                            GError **error) {
  History history;
  if (!read_history (work, &history, error))
    return FALSE;
  g_autoptr (TamboChannel) channel =
      tambo_reader_connect (work->request->reader, CARD_WAIT_MS, cancellable, error);
  if (channel == NULL)
    return FALSE;
  g_autoptr (GBytes) card_access =
      tambo_personalisation_make_card_access (work->profile, work->content.lds);
  TamboPersonalisation personalisation = {
    .profile = work->profile,
    .lds = work->content.lds,
    .active = work->content.has_active ? &work->content.active : NULL,
    .mrz = work->order->mrz,
    .csca = work->csca,
    .keys = work->request->keys,
    .card_access = card_access,
    .chip_key = work->content.chip_key,
    .can = card_access != NULL ? work->request->can : NULL,
    .begun = history.begun,
    .journal = journal_step,
    .progress = report_progress,
    .data = work,
  };
  if (history.lock_announced)
    return finish_chip (&personalisation, channel, verdicts, cancellable, error);
  return tambo_personalise (&personalisation, channel, verdicts, cancellable, error);
}

/* ---- the end of it ---- */

static gboolean close_order (Work *work, GError **error) {
  TamboStore *store = work->store;
  g_autofree char *sod_sha256 = tambo_sha256_hex (work->content.lds->files[TAMBO_LDS_SOD]);
  TamboIssueEvent event = {
    .kind = "issued",
    .order_id = work->order->id,
    .case_id = work->order->case_id,
    .document_number = work->order->document_number,
    .blank = work->blank,
    .profile = work->profile->name,
    .sod_sha256 = sod_sha256,
    .operator_id = work->actor,
  };

  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL
      || !tambo_chip_journal_close (store, work->order->id, work->blank, "done", error)
      || !tambo_stock_set_state (store, work->blank, TAMBO_BLANK_ISSUED, "", work->actor, error)
      || !tambo_inbox_set_state (store, work->order->id, "done", error)
      || !tambo_events_close_case (work->station, work->order->case_id, TAMBO_CASE_ISSUED,
                                   work->actor, error)
      || !tambo_events_queue (work->station, &event, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  tambo_station_changed (work->station);
  return TRUE;
}

gboolean tambo_issue (TamboStation *station, const TamboIssueRequest *request,
                      GCancellable *cancellable, TamboIssuance *out_issuance, GError **error) {
  g_auto (Work) work = {
    .station = station,
    .store = tambo_station_get_store (station),
    .request = request,
  };
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);

  if (!prepare (&work, error) || !take_blank (&work, request->blank, error))
    return FALSE;
  if (!write_chip (&work, verdicts, cancellable, error)) {
    g_prefix_error (error, "blank %s: ", work.blank);
    return FALSE;
  }
  if (!close_order (&work, error))
    return FALSE;

  out_issuance->document_number = g_strdup (work.order->document_number);
  out_issuance->blank = g_steal_pointer (&work.blank);
  out_issuance->verdicts = g_steal_pointer (&verdicts);
  return TRUE;
}
