/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/reader.h"

#include <string.h>
#include <winscard.h>

#include "chip/channel-pcsc.h"
#include "chip/error-pcsc.h"
#include "chip/reader-private.h"

/* How soon a cancelled wait is noticed. */
#define SLICE_MS 100

/* pcsc-lite knows 16; more than that is no list of readers. */
#define MAX_READERS 64

static gboolean establish (SCARDCONTEXT *out_context, GError **error) {
  LONG result = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, out_context);

  if (result == SCARD_S_SUCCESS)
    return TRUE;
  tambo_pcsc_set_error (error, result, "asking for card readers");
  return FALSE;
}

char **tambo_pcsc_list_names (long context, GError **error) {
  char *names = NULL;
  DWORD size = SCARD_AUTOALLOCATE;
  LONG result = SCardListReaders (context, NULL, (LPSTR) &names, &size);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if ((guint32) result == (guint32) SCARD_E_NO_READERS_AVAILABLE)
    return g_strv_builder_end (builder);
  if (result != SCARD_S_SUCCESS) {
    tambo_pcsc_set_error (error, result, "asking for card readers");
    return NULL;
  }
  int count = 0;
  for (const char *name = names; *name && count < MAX_READERS; name += strlen (name) + 1, count++)
    g_strv_builder_add (builder, name);
  SCardFreeMemory (context, names);
  return g_strv_builder_end (builder);
}

static TamboReaderRow *make_row (const SCARD_READERSTATE *state) {
  TamboReaderRow *row = g_new0 (TamboReaderRow, 1);

  row->name = g_strdup (state->szReader);
  row->card_present = (state->dwEventState & SCARD_STATE_PRESENT) != 0;
  if (row->card_present && state->cbAtr <= sizeof state->rgbAtr)
    row->atr = g_bytes_new (state->rgbAtr, state->cbAtr);
  row->interface = tambo_reader_interface (row->name, row->atr);
  return row;
}

/* Looks once: TamboReaderRow for each reader. */
static GPtrArray *look (SCARDCONTEXT context, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_reader_row_free);
  g_auto (GStrv) names = tambo_pcsc_list_names (context, error);

  if (!names)
    return NULL;
  guint count = g_strv_length (names);
  if (count == 0)
    return g_steal_pointer (&rows);
  g_autofree SCARD_READERSTATE *states = g_new0 (SCARD_READERSTATE, count);
  for (guint i = 0; i < count; i++)
    states[i].szReader = names[i];
  LONG result = SCardGetStatusChange (context, 0, states, count);
  if (result != SCARD_S_SUCCESS && (guint32) result != (guint32) SCARD_E_TIMEOUT) {
    tambo_pcsc_set_error (error, result, "looking for cards");
    return NULL;
  }
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (rows, make_row (&states[i]));
  return g_steal_pointer (&rows);
}

GPtrArray *tambo_readers_list (GError **error) {
  SCARDCONTEXT context;

  if (!establish (&context, error))
    return NULL;
  GPtrArray *rows = look (context, error);
  SCardReleaseContext (context);
  return rows;
}

/* The row of NAME, or when NAME is NULL the first with a card, else the first; borrowed. */
static const TamboReaderRow *choose (GPtrArray *rows, const char *name) {
  const TamboReaderRow *any = NULL;

  for (guint i = 0; i < rows->len; i++) {
    const TamboReaderRow *row = g_ptr_array_index (rows, i);
    if (name && strcmp (row->name, name) != 0)
      continue;
    if (row->card_present)
      return row;
    if (!any)
      any = row;
  }
  return any;
}

/* Sleeps until something changes at the readers, one slice at most. */
static void wait_for_change (SCARDCONTEXT context, GPtrArray *rows) {
  SCARD_READERSTATE states[MAX_READERS + 1] = { 0 };
  guint count = 0;

  states[count++].szReader = "\\\\?PnP?\\Notification";
  for (guint i = 0; i < rows->len && count < G_N_ELEMENTS (states); i++) {
    const TamboReaderRow *row = g_ptr_array_index (rows, i);
    states[count].szReader = row->name;
    states[count++].dwCurrentState = row->card_present ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY;
  }
  gint64 before = g_get_monotonic_time ();
  LONG result = SCardGetStatusChange (context, SLICE_MS, states, count);
  /* A change that is none of ours, or a service that is gone, must not become a busy loop. */
  if ((guint32) result != (guint32) SCARD_E_TIMEOUT
      && g_get_monotonic_time () - before < SLICE_MS * 100)
    g_usleep (SLICE_MS * 200);
}

/* What a wait in vain ends with. */
static void set_absent (GError **error, const TamboReaderRow *row, const char *name) {
  if (row)
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_CARD,
                 "there is no card on the reader \"%s\"%s", row->name,
                 row->interface == TAMBO_READER_CONTACT
                     ? ", which by its name has contacts and no antenna"
                     : "");
  else if (name)
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_READER,
                 "no reader of the name \"%s\" is connected", name);
  else
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_READER,
                         "no card reader is connected");
}

/* A card that lies askew, or that another program still holds, may be right in a moment. */
static gboolean may_pass (const GError *error) {
  return g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_CARD)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_READER)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_BUSY)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
}

static TamboChannel *connect_until (SCARDCONTEXT context, const char *name, gint64 deadline,
                                    GCancellable *cancellable, GError **error) {
  while (TRUE) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    g_autoptr (GPtrArray) rows = look (context, error);
    if (!rows)
      return NULL;

    g_autoptr (GError) problem = NULL;
    const TamboReaderRow *row = choose (rows, name);
    if (row && row->card_present) {
      TamboChannel *channel = tambo_channel_pcsc_new (row->name, cancellable, &problem);
      if (channel)
        return channel;
    } else {
      set_absent (&problem, row, name);
    }
    if (!may_pass (problem) || g_get_monotonic_time () >= deadline) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
    wait_for_change (context, rows);
  }
}

TamboChannel *tambo_reader_connect (const char *name, guint timeout_ms, GCancellable *cancellable,
                                    GError **error) {
  gint64 deadline = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  SCARDCONTEXT context;

  if (!establish (&context, error))
    return NULL;
  TamboChannel *channel = connect_until (context, name, deadline, cancellable, error);
  SCardReleaseContext (context);
  return channel;
}
