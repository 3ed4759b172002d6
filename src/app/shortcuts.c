/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/shortcuts.h"

#include <glib/gi18n.h>
#include <string.h>

#define ALL TAMBO_SHORTCUTS_EVERYWHERE
#define CASE TAMBO_SHORTCUTS_ENROLMENT
#define DESK TAMBO_SHORTCUTS_DESK

static const TamboShortcut keys[] = {
  { ALL, "<Control>k F10", "win.go-to", NULL, N_ ("Go to any place or act"), TRUE },
  { ALL, "<Control>t", "win.home", NULL, N_ ("Today"), TRUE },
  { ALL, "<Control>n", "win.new", NULL, N_ ("New enrolment"), TRUE },
  { ALL, "<Control>f", "win.find", NULL, N_ ("Find a case"), TRUE },
  { ALL, "F5", "win.exchange", NULL, N_ ("Once more: send, look, capture"), TRUE },
  { ALL, "Escape", "win.cancel", NULL, N_ ("Stop, or back to Today"), TRUE },
  { ALL, "F6", "win.next-pane", NULL, N_ ("Next part of the window; with Shift the one before"),
    TRUE },
  { ALL, "<Shift>F6", "win.previous-pane", NULL, NULL, TRUE },
  { ALL, "Return", NULL, NULL, N_ ("Next field, and in the last one go on; open the row"), FALSE },
  { ALL, "<Shift>Return", "win.previous-field", NULL, N_ ("Previous field"), TRUE },
  { ALL, "<Control>l", "win.lock", NULL, N_ ("Lock, or switch the operator"), TRUE },
  { ALL, "<Control><Shift>s", "win.call-supervisor", NULL, N_ ("Call a supervisor to this desk"),
    TRUE },
  { DESK, "<Control><Shift>w", "win.applicant", NULL, N_ ("The applicant's screen"), TRUE },
  { DESK, "<Control><Shift>l", "win.applicant-language", NULL, N_ ("The applicant's language"),
    TRUE },
  { DESK, "<Control><Shift>r", "win.applicant-turn", NULL, N_ ("Turn the applicant's screen"),
    TRUE },
  { ALL, "F11", "win.fullscreen", NULL, N_ ("The whole screen"), TRUE },
  { ALL, "F1 <Control>question", "win.help", NULL, N_ ("Keys and help"), TRUE },
  /* In a field it is a letter. */
  { ALL, "question", "win.help", NULL, NULL, FALSE },
  { ALL, "<Control>q", "window.close", NULL, N_ ("Close Tambo"), TRUE },

  { CASE, "<Control>Return <Control>KP_Enter", "win.continue", NULL, N_ ("Continue"), TRUE },
  { CASE, "<Alt>Left", "win.back", NULL, N_ ("Back"), TRUE },
  { CASE, "<Control>1", "win.step", "0", N_ ("First step; the others by their number"), TRUE },
  { CASE, "<Control>2", "win.step", "1", NULL, TRUE },
  { CASE, "<Control>3", "win.step", "2", NULL, TRUE },
  { CASE, "<Control>4", "win.step", "3", NULL, TRUE },
  { CASE, "<Control>5", "win.step", "4", NULL, TRUE },
  { CASE, "<Control>6", "win.step", "5", NULL, TRUE },
  { CASE, "<Control>7", "win.step", "6", NULL, TRUE },
  { CASE, "<Control><Shift>p", "win.park", NULL, N_ ("Park this case"), TRUE },
  { CASE, "<Control><Shift>Delete", "win.discard", NULL, N_ ("Discard this case"), TRUE },
  { CASE, "<Control>z", "identity.undo", NULL, N_ ("Undo"), TRUE },
  { CASE, "<Control><Shift>z <Control>y", "identity.redo", NULL, N_ ("Redo"), TRUE },
  { CASE, "<Control><Shift>c", "identity.copy-address", NULL,
    N_ ("The address of the last applicant"), TRUE },
  { CASE, "space", NULL, NULL, N_ ("Take now"), FALSE },
  { CASE, "<Control>m <Control>e", "fingerprints.exception", NULL,
    N_ ("A finger is missing, or why not"), FALSE },
  { CASE, "<Control>b", "fingerprints.keep-best", NULL, N_ ("Keep the best of a finger too worn"),
    FALSE },
  { CASE, "<Control>i", "fingerprints.single", NULL,
    N_ ("One finger after another, or whole hands"), FALSE },
  { CASE, "1", "fingerprints.finger", "1",
    N_ ("This finger: 1 to 5 the right hand, 6 to 0 the left"), FALSE },
  { CASE, "2", "fingerprints.finger", "2", NULL, FALSE },
  { CASE, "3", "fingerprints.finger", "3", NULL, FALSE },
  { CASE, "4", "fingerprints.finger", "4", NULL, FALSE },
  { CASE, "5", "fingerprints.finger", "5", NULL, FALSE },
  { CASE, "6", "fingerprints.finger", "6", NULL, FALSE },
  { CASE, "7", "fingerprints.finger", "7", NULL, FALSE },
  { CASE, "8", "fingerprints.finger", "8", NULL, FALSE },
  { CASE, "9", "fingerprints.finger", "9", NULL, FALSE },
  { CASE, "0", "fingerprints.finger", "10", NULL, FALSE },
  { CASE, "Delete", "fingerprints.remove", NULL, N_ ("Remove the finger that has the focus"),
    FALSE },
  { CASE, "F7", "documents.scan", NULL, N_ ("Scan a page"), FALSE },
  { CASE, "<Shift>F7", "documents.choose", NULL, N_ ("Choose the file of a document"), FALSE },

  { DESK, "<Control>p", "receipt.print", NULL, N_ ("Print"), FALSE },
  { DESK, "<Control>p", "closing.print", NULL, NULL, FALSE },
  { DESK, "<Control>p", "issue.print", NULL, NULL, FALSE },
  { DESK, "<Control>p", "deliver.print", NULL, NULL, FALSE },
};

const TamboShortcut *tambo_shortcuts_get (guint *out_count) {
  *out_count = G_N_ELEMENTS (keys);
  return keys;
}

static gboolean is_of (const TamboShortcut *key, const char *group) {
  gsize length = strlen (group);

  return key->action != NULL && strncmp (key->action, group, length) == 0
         && key->action[length] == '.';
}

static void add_shortcuts (GtkEventController *controller, const TamboShortcut *key) {
  g_auto (GStrv) accelerators = g_strsplit (key->accelerators, " ", -1);
  g_autoptr (GVariant) arguments =
      key->target != NULL ? g_variant_parse (NULL, key->target, NULL, NULL, NULL) : NULL;

  for (char **accelerator = accelerators; *accelerator != NULL; accelerator++) {
    GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (*accelerator),
                                              gtk_named_action_new (key->action));
    if (arguments != NULL)
      gtk_shortcut_set_arguments (shortcut, arguments);
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  }
}

void tambo_shortcuts_attach (GtkWidget *widget, const char *group) {
  GtkEventController *first = gtk_shortcut_controller_new ();
  GtkEventController *last = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (first, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (is_of (&keys[i], group))
      add_shortcuts (keys[i].is_first ? first : last, &keys[i]);
  gtk_widget_add_controller (widget, first);
  gtk_widget_add_controller (widget, last);
}

char *tambo_shortcuts_label (const char *accelerators) {
  g_autoptr (GString) text = g_string_new (NULL);

  if (accelerators == NULL)
    return NULL;
  g_auto (GStrv) parts = g_strsplit (accelerators, " ", -1);
  for (char **part = parts; *part != NULL; part++) {
    guint key;
    GdkModifierType modifiers;
    /* Of the two Enters one is told. */
    if (strstr (*part, "KP_") != NULL || !gtk_accelerator_parse (*part, &key, &modifiers))
      continue;
    g_autofree char *label = gtk_accelerator_get_label (key, modifiers);
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", label);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

const char *tambo_shortcuts_find (const char *action) {
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_strcmp0 (keys[i].action, action) == 0)
      return keys[i].accelerators;
  return NULL;
}
