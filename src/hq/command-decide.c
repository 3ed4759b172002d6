/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "hq/commands.h"
#include "hq/decider.h"
#include "hq/decision.h"
#include "hq/key-folder.h"

/* Until it is told to end. */
static int watch (TamboHq *hq) {
  g_autoptr (TamboDecider) decider = tambo_decider_start (hq);

  g_print ("deciding\n");
  fflush (stdout);
  tambo_command_run_until_signal ();
  return TAMBO_EXIT_DONE;
}

static int decide_now (TamboHq *hq, gboolean is_json, GError **error) {
  guint decided;

  if (!tambo_hq_decide (hq, &decided, error))
    return TAMBO_EXIT_FAILED;
  if (is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_int_member (object, "decided", decided);
    tambo_command_print (object);
  } else {
    g_print ("%u records judged\n", decided);
  }
  return TAMBO_EXIT_DONE;
}

int tambo_command_decide (int argc, char **argv) {
  gboolean is_again = FALSE, is_watching = FALSE, is_once = FALSE;
  g_autofree char *key = NULL;
  g_autofree char *database = NULL;
  g_autofree char *blobs = NULL;
  const GOptionEntry entries[] = {
    { "again", 0, 0, G_OPTION_ARG_NONE, &is_again, "Also those that could not be judged before",
      NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &is_watching, "Go on until it is told to end", NULL },
    { "once", 0, 0, G_OPTION_ARG_NONE, &is_once, "What waits now, then end; this is the default",
      NULL },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, "Key of the envelopes in a token", "pkcs11:URI" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &database, "Another database than DIR's", "URI" },
    { "blobs", 0, 0, G_OPTION_ARG_FILENAME, &blobs, "Where the sealed records are kept", "FOLDER" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR", &line, &result))
    return result;
  if (is_watching && is_once) {
    g_printerr ("tambo-hq: decide: --watch and --once exclude each other; give one of them\n");
    return TAMBO_EXIT_USAGE;
  }
  tambo_command_forbid_core_dumps ();
  hq = tambo_hq_open_as (TAMBO_HQ_DECIDER, line.words[0], database, blobs, &error);
  if (hq == NULL || (is_again && !tambo_hq_retry_failed (hq, &error)))
    return tambo_command_fail ("decide", error);
  hq->decider_key = g_steal_pointer (&key);
  if (is_watching)
    return watch (hq);
  result = decide_now (hq, line.is_json, &error);
  return result == TAMBO_EXIT_DONE ? result : tambo_command_fail ("decide", error);
}

/* ---- two users ---- */

/* A name or a number. */
static gboolean find_user (const char *text, uid_t *out_uid) {
  const struct passwd *entry = getpwnam (text);
  guint64 number;

  if (entry != NULL)
    *out_uid = entry->pw_uid;
  else if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &number, NULL))
    *out_uid = (uid_t) number;
  else
    return FALSE;
  return TRUE;
}

static gboolean find_group (const char *text, gid_t *out_gid) {
  const struct group *entry = getgrnam (text);
  guint64 number;

  if (entry != NULL)
    *out_gid = entry->gr_gid;
  else if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &number, NULL))
    *out_gid = (gid_t) number;
  else
    return FALSE;
  return TRUE;
}

int tambo_command_ca_split (int argc, char **argv) {
  g_autofree char *user = NULL;
  g_autofree char *group = NULL;
  const GOptionEntry entries[] = {
    { "user", 0, 0, G_OPTION_ARG_STRING, &user, "Who decides", "NAME" },
    { "group", 0, 0, G_OPTION_ARG_STRING, &group, "The group of both", "NAME" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autofree char *blobs = NULL;
  uid_t uid;
  gid_t gid;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR --user NAME --group NAME", &line,
                                 &result))
    return result;
  if (user == NULL || group == NULL || !find_user (user, &uid) || !find_group (group, &gid)) {
    g_printerr ("tambo-hq: ca split: no user and group of this machine were named; give --user and"
                " --group\n");
    return TAMBO_EXIT_USAGE;
  }
  /* Once opened, a folder of an older version has its public keys by themselves. */
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL)
    return tambo_command_fail ("ca split", error);
  blobs = g_strdup (hq->blobs);
  g_clear_pointer (&hq, tambo_hq_close);
  if (!tambo_key_folder_split (line.words[0], blobs, uid, gid, &error))
    return tambo_command_fail ("ca split", error);
  return TAMBO_EXIT_DONE;
}
