/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card.h"

#include "chip/profile.h"
#include "simulator/card-control.h"
#include "simulator/card-jmrtd.h"
#include "simulator/card-slot.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#define EXIT_DONE 0
#define EXIT_USAGE 2

/* The command line as it was written. */
typedef struct {
  char *host, *profile, *lds, *keys, *pace, *can, *fault, *control, *dump;
  int vpcd, listen, memory, reinsert_after, scp, extended, seed;
  gint64 tear_at;
  gboolean tear_before, away;
} Arguments;

static void arguments_clear (Arguments *arguments) {
  g_free (arguments->host);
  g_free (arguments->profile);
  g_free (arguments->lds);
  g_free (arguments->keys);
  g_free (arguments->pace);
  g_free (arguments->can);
  g_free (arguments->fault);
  g_free (arguments->control);
  g_free (arguments->dump);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean parse_arguments (Arguments *a, int argc, char **argv) {
  const GOptionEntry entries[] = {
    { "vpcd", 0, 0, G_OPTION_ARG_INT, &a->vpcd, "Go to the reader that listens on PORT", "PORT" },
    { "host", 0, 0, G_OPTION_ARG_STRING, &a->host, "Where it listens (127.0.0.1)", "HOST" },
    { "listen", 0, 0, G_OPTION_ARG_INT, &a->listen, "Wait for the reader on PORT", "PORT" },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &a->profile,
      "Kind of chip: jmrtd, iso7816 or gp-scp03 (blanks), or passport (finished)", "NAME" },
    { "scp", 0, 0, G_OPTION_ARG_INT, &a->scp, "Secure channel of gp-scp03: 2 or 3 (3)", "N" },
    { "lds", 0, 0, G_OPTION_ARG_FILENAME, &a->lds, "What lies on the passport", "DIR" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &a->keys,
      "What a passport keeps to itself: AA.pem, CA.pem, CVCA.cvcert", "DIR" },
    { "pace", 0, 0, G_OPTION_ARG_STRING, &a->pace,
      "What a passport has besides BAC: none, gm (default), cam (chip-csca.der is dumped)",
      "NAME" },
    { "can", 0, 0, G_OPTION_ARG_STRING, &a->can, "A passport's card access number", "DIGITS" },
    { "extended", 0, 0, G_OPTION_ARG_INT, &a->extended,
      "A passport or iso7816 declares commands and answers of so many bytes", "BYTES" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &a->seed,
      "A passport draws the same challenges after each reset", "N" },
    { "memory", 0, 0, G_OPTION_ARG_INT, &a->memory, "Room for files (65536)", "BYTES" },
    { "tear-at", 0, 0, G_OPTION_ARG_INT64, &a->tear_at, "Leave the reader at the Nth command",
      "N" },
    { "tear-before", 0, 0, G_OPTION_ARG_NONE, &a->tear_before, "Leave without executing it", NULL },
    { "reinsert-after", 0, 0, G_OPTION_ARG_INT, &a->reinsert_after, "Come back after a tear",
      "MS" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &a->fault,
      "mute, wrong-status, truncate, 6A84, sm-le-zero, 61xx, 6Cxx, reset, wrong-card, each with @N "
      "for the Nth command alone; 61xx=SEED, 6Cxx=SEED, speed=106|212|424|848, jitter=MS",
      "LIST" },
    { "away", 0, 0, G_OPTION_ARG_NONE, &a->away, "Begin beside the reader", NULL },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &a->control,
      "Socket for insert, remove, tear N, fault LIST, new, status, dump", "PATH" },
    { "dump", 0, 0, G_OPTION_ARG_FILENAME, &a->dump, "Write the chip's files at the end", "DIR" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (&argc, &argv, "", "Plays an eMRTD chip on a virtual reader.",
                                      entries))
    return FALSE;
  if (argc > 1)
    g_printerr ("tambo-simulator: card takes no '%s'; see --help\n", argv[1]);
  return argc <= 1;
}

static gboolean find_pace (const char *name, TamboCardPace *out_pace) {
  static const char *const names[] = { "none", "gm", "cam", NULL };

  for (guint i = 0; names[i]; i++)
    if (g_strcmp0 (names[i], name ? name : "gm") == 0) {
      *out_pace = (TamboCardPace) i;
      return TRUE;
    }
  return FALSE;
}

static gboolean check_arguments (const Arguments *a, GError **error) {
  const char *cause = NULL;
  TamboCardPace pace;

  gboolean passport = g_strcmp0 (a->profile, "passport") == 0;

  if (!passport && !tambo_chip_profile_find (a->profile))
    cause = "--profile wants jmrtd, iso7816, gp-scp03 or passport";
  else if (a->scp != TAMBO_SCP_02 && a->scp != TAMBO_SCP_03)
    cause = "--scp wants 2 or 3";
  else if (passport != (a->lds != NULL))
    cause = "--lds goes with --profile passport, and that with --lds";
  else if (!find_pace (a->pace, &pace))
    cause = "--pace wants none, gm or cam";
  else if (!passport && (a->pace || a->can || a->keys))
    cause = "--pace, --can and --keys go with --profile passport";
  else if ((a->vpcd == 0) == (a->listen == 0))
    cause = "one of --vpcd and --listen is needed";
  else if (a->vpcd < 0 || a->vpcd > G_MAXUINT16 || a->listen < 0 || a->listen > G_MAXUINT16)
    cause = "a port is a number from 1 to 65535";
  else if (a->extended < 0 || a->extended > G_MAXINT16 || a->seed < 0)
    cause = "--extended wants 1 to 32767, --seed a number";
  else if (a->memory < 0)
    cause = "--memory cannot be negative";
  else if (a->tear_at < 0 || a->tear_at > G_MAXINT32)
    cause = "--tear-at counts commands from 1";
  if (cause)
    g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE, cause);
  return cause == NULL;
}

static gboolean make_options (Arguments *a, TamboCardOptions *options, GError **error) {
  options->listens = a->listen != 0;
  options->port = (guint16) (a->listen ? a->listen : a->vpcd);
  options->host = g_strdup (a->host ? a->host : "127.0.0.1");
  options->memory = (gsize) a->memory;
  options->reinsert_after = a->reinsert_after;
  options->dump = g_strdup (a->dump);
  options->lds = g_strdup (a->lds);
  options->keys = g_strdup (a->keys);
  options->can = g_strdup (a->can);
  options->profile = a->lds ? NULL : g_strdup (a->profile);
  options->protocol = (TamboScpProtocol) a->scp;
  options->max_length = (guint16) a->extended;
  options->seed = (guint32) a->seed;
  return find_pace (a->pace, &options->pace)
         && (!a->fault || tambo_card_faults_parse (&options->faults, a->fault, error));
}

static char *control_line (gpointer slot, const char *line) {
  return tambo_card_slot_control (slot, line);
}

static gboolean run (const Arguments *a, TamboCardOptions *options, GError **error) {
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  g_autoptr (TamboCardSlot) slot = tambo_card_slot_new (options, error);
  g_autoptr (TamboCardControl) control = NULL;

  if (!slot)
    return FALSE;
  if (a->control) {
    control = tambo_card_control_new (a->control, control_line, slot, error);
    if (!control)
      return FALSE;
  }
  tambo_card_slot_tear (slot, (guint64) a->tear_at, a->tear_before);
  if (!a->away)
    tambo_card_slot_insert (slot);
  g_main_loop_run (loop);
  return TRUE;
}

int tambo_simulator_card_main (int argc, char **argv) {
  g_auto (Arguments)
      arguments = { .memory = TAMBO_CARD_JMRTD_MEMORY, .reinsert_after = -1, .scp = TAMBO_SCP_03 };
  g_auto (TamboCardOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  if (!parse_arguments (&arguments, argc, argv))
    return EXIT_USAGE;
  if (!check_arguments (&arguments, &error) || !make_options (&arguments, &options, &error)
      || !run (&arguments, &options, &error))
    return tambo_simulator_fail ("card", error);
  return EXIT_DONE;
}
