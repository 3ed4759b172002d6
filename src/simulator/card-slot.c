/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-slot.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/bytes.h"
#include "chip/lds.h"
#include "chip/profile.h"
#include "simulator/card-chip.h"
#include "simulator/card-line.h"
#include "simulator/card-passport.h"
#include "simulator/card-vpcd.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#define RETRY_MS 50
/* pcscd looks every 400 ms. A card that is back before it has been missed leaves pcscd with a reader
 * that it neither calls empty nor connects to; no hand is that quick. */
#define AWAY_MS 900
#define WRONG_STATUS 0x6F42
#define CSCA_NAME "chip-csca.der"

/* PC/SC pseudo-ATR of a contactless card, T = 1: the historical bytes say selection by full name and
 * one-byte coding, and neither chaining nor extended length. */
static const guint8 atr[] = { 0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0x80, 0x21, 0x00, 0x56 };

typedef enum { ABSENT, WAITING, CONNECTED } Presence;

struct _TamboCardSlot {
  TamboCardOptions *options; /* borrowed */
  TamboCardChip *chip;
  TamboCardLine *wire;
  Presence presence;
  gboolean ready; /* the reader has asked for the card */
  guint64 n_commands;
  guint64 locked_at; /* the command that locked the chip; 0 none */
  guint64 tear_at;   /* in N_COMMANDS; 0 never */
  gboolean tear_before;
  gint64 left_at; /* monotonic microseconds */

  GSocket *listener, *line;
  GSource *listener_source, *line_source;
  guint timer;
  GByteArray *input;
};

static gboolean begin_waiting (gpointer data);

void tambo_card_options_clear (TamboCardOptions *options) {
  g_clear_pointer (&options->host, g_free);
  g_clear_pointer (&options->dump, g_free);
  g_clear_pointer (&options->lds, g_free);
  g_clear_pointer (&options->keys, g_free);
  g_clear_pointer (&options->can, g_free);
  g_clear_pointer (&options->profile, g_free);
}

/* Whoever inspects the chip needs the certificate beside what was dumped. */
static gboolean save_csca (const TamboCardOptions *options, GBytes *csca, GError **error) {
  gsize size;

  if (!options->dump || !csca)
    return TRUE;
  g_autofree char *path = g_build_filename (options->dump, CSCA_NAME, NULL);
  const char *data = g_bytes_get_data (csca, &size);
  g_mkdir_with_parents (options->dump, 0700);
  return g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
}

/* The challenges of all cards that have a seed. */
static GRand *seeded;

static void sow (guint32 seed) {
  if (!seeded)
    seeded = g_rand_new_with_seed (seed);
  g_rand_set_seed (seeded, seed);
}

static void draw_seeded (gpointer out_data, gsize size) {
  guint8 *octets = out_data;

  for (gsize i = 0; i < size; i++)
    octets[i] = (guint8) g_rand_int_range (seeded, 0, 256);
}

static TamboCardChip *make_short_chip (const TamboCardOptions *options, GError **error) {
  g_autoptr (GBytes) csca = NULL;

  if (!options->lds)
    return tambo_card_chip_new (options->profile ? options->profile : "jmrtd", options->memory,
                                options->protocol);
  g_autoptr (TamboCardPassport) passport =
      tambo_card_passport_new (options->lds, options->memory, error);
  if (!passport
      || (options->keys && !tambo_card_passport_take_keys (passport, options->keys, error))
      || !tambo_card_passport_offer_pace (passport, options->pace, options->can, &csca, error)
      || !save_csca (options, csca, error))
    return NULL;
  if (options->seed)
    tambo_card_passport_set_random (passport, draw_seeded);
  return tambo_card_chip_new_passport (g_steal_pointer (&passport));
}

static TamboCardChip *make_chip (const TamboCardOptions *options, GError **error) {
  TamboCardChip *chip = make_short_chip (options, error);

  if (chip && options->max_length)
    tambo_card_chip_declare_lengths (chip, options->max_length);
  return chip;
}

TamboCardSlot *tambo_card_slot_new (TamboCardOptions *options, GError **error) {
  TamboCardChip *chip = make_chip (options, error);

  if (!chip)
    return NULL;
  TamboCardSlot *slot = g_new0 (TamboCardSlot, 1);
  slot->options = options;
  slot->chip = chip;
  slot->wire = tambo_card_line_new ();
  slot->input = g_byte_array_new ();
  return slot;
}

static void drop_source (GSource **source) {
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void reset_chip (TamboCardSlot *slot) {
  tambo_card_chip_reset (slot->chip);
  tambo_card_line_reset (slot->wire);
  if (slot->options->seed)
    sow (slot->options->seed);
}

static void hang_up (TamboCardSlot *slot) {
  drop_source (&slot->line_source);
  drop_source (&slot->listener_source);
  g_clear_handle_id (&slot->timer, g_source_remove);
  if (slot->line) {
    g_socket_close (slot->line, NULL);
    slot->left_at = g_get_monotonic_time ();
  }
  g_clear_object (&slot->line);
  /* A reader that comes while the card is away finds nobody. */
  if (slot->listener)
    g_socket_close (slot->listener, NULL);
  g_clear_object (&slot->listener);
  g_byte_array_set_size (slot->input, 0);
  reset_chip (slot);
}

void tambo_card_slot_remove (TamboCardSlot *slot) {
  hang_up (slot);
  if (slot->presence != ABSENT)
    tambo_simulator_announce ("card removed");
  slot->presence = ABSENT;
}

/* The reader went, the card stays where it is. */
static void wait_again (TamboCardSlot *slot) {
  hang_up (slot);
  slot->presence = WAITING;
  slot->timer = g_timeout_add (RETRY_MS, begin_waiting, slot);
}

static gboolean insert_later (gpointer data) {
  TamboCardSlot *slot = data;

  slot->timer = 0;
  tambo_card_slot_insert (slot);
  return G_SOURCE_REMOVE;
}

static void tear (TamboCardSlot *slot) {
  g_autofree char *line =
      g_strdup_printf ("card torn at command %" G_GUINT64_FORMAT, slot->n_commands);

  hang_up (slot);
  slot->presence = ABSENT;
  slot->tear_at = 0;
  tambo_simulator_announce ("card torn at command %" G_GUINT64_FORMAT, slot->n_commands);
  if (slot->options->reinsert_after >= 0)
    slot->timer = g_timeout_add ((guint) slot->options->reinsert_after, insert_later, slot);
}

static gboolean has_fault (const TamboCardSlot *slot, TamboCardFault fault) {
  return tambo_card_faults_has (&slot->options->faults, fault, slot->n_commands);
}

/* Of creations, their own number counts. */
static gboolean lacks_memory (const TamboCardSlot *slot) {
  return tambo_card_faults_has (&slot->options->faults, TAMBO_CARD_FAULT_NO_MEMORY,
                                tambo_card_chip_get_creations (slot->chip) + 1u);
}

static GBytes *execute (GBytes *command, gpointer data) {
  TamboCardSlot *slot = data;
  gboolean le_zero = has_fault (slot, TAMBO_CARD_FAULT_SM_LE_ZERO);

  tambo_card_chip_set_quirks (slot->chip, (lacks_memory (slot) ? TAMBO_CARD_QUIRK_NO_MEMORY : 0)
                                              | (le_zero ? TAMBO_CARD_QUIRK_SM_LE_ZERO : 0));
  return tambo_card_chip_process (slot->chip, command);
}

/* The card is away, and what comes back is like it but blank. */
static gboolean exchange (TamboCardSlot *slot) {
  TamboCardChip *other = make_chip (slot->options, NULL);

  if (!other)
    return TRUE;
  tear (slot);
  tambo_card_chip_free (slot->chip);
  slot->chip = other;
  return FALSE;
}

/* What comes instead of a command's answer; FALSE when the line is gone. */
static gboolean spoil_answer (TamboCardSlot *slot, GBytes *answer) {
  static const guint8 wrong[] = { WRONG_STATUS >> 8, WRONG_STATUS & 0xFF };

  if (has_fault (slot, TAMBO_CARD_FAULT_MUTE))
    return TRUE;
  if (has_fault (slot, TAMBO_CARD_FAULT_TRUNCATE)) {
    tambo_vpcd_send (slot->line, answer, 2 + g_bytes_get_size (answer) / 2, NULL);
    tear (slot);
    return FALSE;
  }
  g_autoptr (GBytes) status = g_bytes_new_static (wrong, sizeof wrong);
  gboolean is_wrong = has_fault (slot, TAMBO_CARD_FAULT_WRONG_STATUS);
  return tambo_vpcd_send (slot->line, is_wrong ? status : answer, G_MAXSIZE, NULL);
}

static void wait_for_line (TamboCardSlot *slot, GBytes *command, GBytes *answer) {
  guint64 delay = tambo_card_line_delay (slot->wire, &slot->options->faults,
                                         g_bytes_get_size (command), g_bytes_get_size (answer));

  if (delay)
    g_usleep (delay);
}

/* FALSE when the line is gone. */
static gboolean answer_command (TamboCardSlot *slot, GBytes *command) {
  gboolean torn = ++slot->n_commands == slot->tear_at;

  if (torn && slot->tear_before) {
    tear (slot);
    return FALSE;
  }
  if (has_fault (slot, TAMBO_CARD_FAULT_WRONG_CARD))
    return exchange (slot);
  if (has_fault (slot, TAMBO_CARD_FAULT_RESET))
    reset_chip (slot);
  g_autoptr (GBytes) answer = tambo_card_line_process (slot->wire, &slot->options->faults,
                                                       slot->n_commands, command, execute, slot);
  if (slot->locked_at == 0 && tambo_card_chip_is_locked (slot->chip))
    slot->locked_at = slot->n_commands;
  if (torn) {
    tear (slot);
    return FALSE;
  }
  wait_for_line (slot, command, answer);
  return spoil_answer (slot, answer);
}

static gboolean answer_message (TamboCardSlot *slot, GBytes *message) {
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);

  if (!slot->ready)
    tambo_simulator_announce ("card ready");
  slot->ready = TRUE;
  if (size > 1)
    return answer_command (slot, message);
  if (size == 1 && *data == TAMBO_VPCD_GET_ATR) {
    g_autoptr (GBytes) answer = g_bytes_new_static (atr, sizeof atr);
    return tambo_vpcd_send (slot->line, answer, G_MAXSIZE, NULL);
  }
  if (size == 1)
    reset_chip (slot);
  return TRUE;
}

static gboolean on_line (GSocket *line, GIOCondition condition, gpointer data) {
  TamboCardSlot *slot = data;
  gboolean alive = tambo_vpcd_receive (slot->line, slot->input, NULL);

  while (alive) {
    g_autoptr (GBytes) message = tambo_vpcd_take_message (slot->input);
    if (!message)
      return G_SOURCE_CONTINUE;
    alive = answer_message (slot, message);
  }
  if (slot->presence == CONNECTED)
    wait_again (slot);
  return G_SOURCE_REMOVE;
}

/* Takes over LINE. */
static void begin_talking (TamboCardSlot *slot, GSocket *line) {
  slot->line = line;
  slot->line_source = g_socket_create_source (line, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (slot->line_source, G_SOURCE_FUNC (on_line), slot, NULL);
  g_source_attach (slot->line_source, NULL);
  slot->presence = CONNECTED;
}

static gboolean on_listener (GSocket *listener, GIOCondition condition, gpointer data) {
  TamboCardSlot *slot = data;
  GSocket *line = tambo_vpcd_accept (slot->listener, NULL);

  if (!line)
    return G_SOURCE_CONTINUE;
  drop_source (&slot->listener_source);
  begin_talking (slot, line);
  return G_SOURCE_REMOVE;
}

static gboolean begin_listening (TamboCardSlot *slot) {
  slot->listener = tambo_vpcd_listen (slot->options->port, NULL);
  if (!slot->listener)
    return FALSE;
  slot->listener_source = g_socket_create_source (slot->listener, G_IO_IN, NULL);
  g_source_set_callback (slot->listener_source, G_SOURCE_FUNC (on_listener), slot, NULL);
  g_source_attach (slot->listener_source, NULL);
  return TRUE;
}

static gboolean begin_waiting (gpointer data) {
  TamboCardSlot *slot = data;

  if (slot->options->listens) {
    if (!begin_listening (slot))
      return G_SOURCE_CONTINUE;
  } else {
    GSocket *line = tambo_vpcd_connect (slot->options->host, slot->options->port, NULL);
    if (!line)
      return G_SOURCE_CONTINUE;
    begin_talking (slot, line);
  }
  slot->timer = 0;
  return G_SOURCE_REMOVE;
}

static gboolean end_absence (gpointer data) {
  TamboCardSlot *slot = data;

  slot->timer = 0;
  if (begin_waiting (slot))
    slot->timer = g_timeout_add (RETRY_MS, begin_waiting, slot);
  return G_SOURCE_REMOVE;
}

void tambo_card_slot_insert (TamboCardSlot *slot) {
  gint64 away = (g_get_monotonic_time () - slot->left_at) / 1000;

  if (slot->presence != ABSENT)
    return;
  g_clear_handle_id (&slot->timer, g_source_remove);
  slot->ready = FALSE;
  slot->presence = WAITING;
  if (slot->left_at && away < AWAY_MS)
    slot->timer = g_timeout_add ((guint) (AWAY_MS - away), end_absence, slot);
  else
    end_absence (slot);
}

void tambo_card_slot_tear (TamboCardSlot *slot, guint64 n, gboolean before) {
  slot->tear_at = n ? slot->n_commands + n : 0;
  slot->tear_before = before;
}

/* The files as they lie on the chip. Practice data: a real chip has no such door. */
static gboolean dump (TamboCardSlot *slot, GError **error) {
  const char *folder = slot->options->dump;

  if (!folder)
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", folder,
                 g_strerror (errno));
    return FALSE;
  }
  for (TamboLdsFile file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autoptr (GBytes) content = tambo_card_chip_dup_file (slot->chip, tambo_lds_file_id (file));
    g_autofree char *path = g_build_filename (folder, tambo_lds_file_name (file), NULL);
    gsize size;
    if (!content) {
      g_remove (path);
      continue;
    }
    const char *data = g_bytes_get_data (content, &size);
    if (!g_file_set_contents_full (path, data ? data : "", (gssize) size,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
      return FALSE;
  }
  return TRUE;
}

gboolean tambo_card_slot_renew (TamboCardSlot *slot, GError **error) {
  gboolean present = slot->presence != ABSENT;
  TamboCardChip *chip = make_chip (slot->options, error);

  if (!chip)
    return FALSE;
  tambo_card_slot_remove (slot);
  tambo_card_chip_free (slot->chip);
  slot->chip = chip;
  slot->tear_at = 0;
  slot->n_commands = 0;
  slot->locked_at = 0;
  if (present)
    tambo_card_slot_insert (slot);
  return TRUE;
}

void tambo_card_slot_free (TamboCardSlot *slot) {
  g_autoptr (GError) error = NULL;

  if (!slot)
    return;
  if (!dump (slot, &error))
    g_printerr ("tambo-simulator: the chip could not be dumped: %s\n", error->message);
  hang_up (slot);
  tambo_card_chip_free (slot->chip);
  tambo_card_line_free (slot->wire);
  g_byte_array_unref (slot->input);
  g_free (slot);
}

static char *control_tear (TamboCardSlot *slot, const char *arguments) {
  g_auto (GStrv) words = g_strsplit (arguments, " ", 2);
  guint64 n;

  if (!words[0] || !g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT32, &n, NULL)
      || (words[1] && strcmp (words[1], "before") != 0))
    return g_strdup ("error: tear wants a number of commands, and perhaps 'before'");
  tambo_card_slot_tear (slot, n, words[1] != NULL);
  return g_strdup ("ok");
}

static char *control_status (TamboCardSlot *slot) {
  static const char *const words[] = { "absent", "waiting", "present" };

  return g_strdup_printf (
      "ok %s ready=%s locked=%s commands=%" G_GUINT64_FORMAT " tear=%" G_GUINT64_FORMAT
      " memory=%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT " locked-at=%" G_GUINT64_FORMAT,
      words[slot->presence], slot->presence == CONNECTED && slot->ready ? "yes" : "no",
      tambo_card_chip_is_locked (slot->chip) ? "yes" : "no", slot->n_commands, slot->tear_at,
      tambo_card_chip_get_memory_used (slot->chip), slot->options->memory, slot->locked_at);
}

static char *control_done (gboolean done, const GError *error) {
  return done ? g_strdup ("ok") : g_strdup_printf ("error: %s", error->message);
}

static char *control_dump (TamboCardSlot *slot) {
  g_autoptr (GError) error = NULL;

  if (!slot->options->dump)
    return g_strdup ("error: no folder to dump into was given");
  gboolean done = dump (slot, &error);
  return control_done (done, error);
}

/* "new" is another of the same kind. */
static char *control_renew (TamboCardSlot *slot, const char *arguments) {
  g_auto (GStrv) words = g_strsplit (arguments, " ", 2);
  TamboCardOptions *options = slot->options;
  g_autoptr (GError) error = NULL;
  guint64 protocol = TAMBO_SCP_03;

  if (words[0] && !tambo_chip_profile_find (words[0]))
    return g_strdup ("error: new takes jmrtd, iso7816 or gp-scp03, and 2 or 3 for the channel");
  if (words[0] && words[1]
      && !g_ascii_string_to_unsigned (words[1], 10, TAMBO_SCP_02, TAMBO_SCP_03, &protocol, NULL))
    return g_strdup ("error: the secure channel is 2 or 3");
  if (words[0]) {
    g_clear_pointer (&options->lds, g_free);
    g_clear_pointer (&options->keys, g_free);
    g_free (options->profile);
    options->profile = g_strdup (words[0]);
    options->protocol = (TamboScpProtocol) protocol;
  }
  gboolean done = tambo_card_slot_renew (slot, &error);
  return control_done (done, error);
}

static char *control_fault (TamboCardSlot *slot, const char *list) {
  g_autoptr (GError) error = NULL;
  gboolean done = tambo_card_faults_parse (&slot->options->faults, list, &error);

  return control_done (done, error);
}

char *tambo_card_slot_control (TamboCardSlot *slot, const char *line) {
  if (g_str_has_prefix (line, "tear "))
    return control_tear (slot, line + strlen ("tear "));
  if (strcmp (line, "status") == 0)
    return control_status (slot);
  if (strcmp (line, "dump") == 0)
    return control_dump (slot);
  if (strcmp (line, "insert") == 0) {
    tambo_card_slot_insert (slot);
    return g_strdup ("ok");
  }
  if (strcmp (line, "remove") == 0) {
    tambo_card_slot_remove (slot);
    return g_strdup ("ok");
  }
  if (strcmp (line, "new") == 0 || g_str_has_prefix (line, "new "))
    return control_renew (slot, line[3] ? line + strlen ("new ") : "");
  if (g_str_has_prefix (line, "fault "))
    return control_fault (slot, line + strlen ("fault "));
  return g_strdup ("error: unknown command");
}
