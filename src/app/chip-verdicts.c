/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chip-verdicts.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/detail-text.h"

static const struct {
  const char *check, *name;
} names[] = {
  { "access-control", N_ ("The chip was opened with the printed data") },
  { "reading", N_ ("All files could be read") },
  { "card-access", N_ ("The chip says how it opens, and is right") },
  { "card-security", N_ ("What the chip says of its keys is signed") },
  { "chip-authentication", N_ ("The chip is the original, no copy") },
  { "active-authentication", N_ ("The chip proves its own key") },
  { "terminal-authentication", N_ ("The chip lets this reader see the fingers") },
  { "sod-format", N_ ("The signed list is well-formed") },
  { "sod-signature", N_ ("The signature is right") },
  { "document-signer", N_ ("The signer is of the issuing state") },
  { "signer-usage", N_ ("The signer may sign such documents") },
  { "signer-validity", N_ ("The signer was valid at the time") },
  { "signer-revocation", N_ ("The signer was not revoked") },
  { "country", N_ ("Signer and document are of one state") },
  { "com-format", N_ ("The list of contents is well-formed") },
  { "lds-version", N_ ("The version is as signed") },
  { "lds-groups", N_ ("The data groups are as signed") },
  { "mrz", N_ ("Chip and printed page agree") },
  { "pace", N_ ("The chip opens with each of its passwords") },
  { "read-back", N_ ("What was read is what was written") },
  { "locked", N_ ("The chip takes nothing more") },
};

char *tambo_chip_verdicts_name (const char *check) {
  if (g_str_has_prefix (check, "hash-"))
    return g_strdup_printf (_ ("%s is unchanged"), check + strlen ("hash-"));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].check, check))
      return g_strdup (_ (names[i].name));
  return g_strdup (check);
}

static const struct {
  const char *icon, *style, *word;
} faces[] = {
  [TAMBO_VERDICT_PASSED] = { "emblem-ok-symbolic", "good", N_ ("Passed") },
  [TAMBO_VERDICT_FAILED] = { "dialog-error-symbolic", "bad", N_ ("Failed") },
  [TAMBO_VERDICT_SKIPPED] = { "content-loading-symbolic", "dim-label", N_ ("Not decided") },
};

/* NULL: it needs no reason. */
static char *say_why (const TamboVerdict *verdict) {
  if (verdict->result == TAMBO_VERDICT_PASSED || *verdict->detail == '\0')
    return NULL;
  char *known = tambo_detail_text_verdict (verdict->detail);
  return known != NULL ? known : tambo_detail_text_support (verdict->detail);
}

static GtkWidget *make_row (const TamboVerdict *verdict) {
  g_autofree char *name = tambo_chip_verdicts_name (verdict->check);
  g_autofree char *why = say_why (verdict);
  g_autofree char *text = why != NULL ? g_strdup_printf ("%s: %s", name, why) : g_strdup (name);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", _ (faces[verdict->result].word), text);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon =
      g_object_new (GTK_TYPE_IMAGE, "icon-name", faces[verdict->result].icon, "valign",
                    GTK_ALIGN_START, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, "hexpand", TRUE, NULL);

  gtk_widget_add_css_class (icon, faces[verdict->result].style);
  gtk_widget_add_css_class (row, "verdict-row");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  return row;
}

static guint count (GPtrArray *verdicts, TamboVerdictResult result) {
  guint n = 0;

  for (guint i = 0; i < verdicts->len; i++)
    n += ((const TamboVerdict *) g_ptr_array_index (verdicts, i))->result == result;
  return n;
}

void tambo_chip_verdicts_fill (GtkGrid *grid, GPtrArray *verdicts) {
  static const TamboVerdictResult order[] = { TAMBO_VERDICT_FAILED, TAMBO_VERDICT_SKIPPED,
                                              TAMBO_VERDICT_PASSED };
  GtkWidget *old;
  int line = 0;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, old);
  for (gsize k = 0; verdicts != NULL && k < G_N_ELEMENTS (order); k++) {
    gboolean is_wide = order[k] != TAMBO_VERDICT_PASSED; /* it has a reason to tell */
    int left = (int) (count (verdicts, order[k]) + 1) / 2, shown = 0;

    for (guint i = 0; i < verdicts->len; i++) {
      const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
      if (verdict->result != order[k])
        continue;
      if (is_wide)
        gtk_grid_attach (grid, make_row (verdict), 0, line++, 2, 1);
      else
        gtk_grid_attach (grid, make_row (verdict), shown / left, line + shown % left, 1, 1);
      shown++;
    }
  }
}
