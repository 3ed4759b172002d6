/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/device-row.h"

#include <glib/gi18n.h>

typedef enum {
  HELP_NONE,
  HELP_SCAN,
  HELP_INSTALL,
  HELP_TAKE_BACK,
} Help;

struct _TamboDeviceListRow {
  AdwActionRow parent;
  GtkWidget *icon;
  GtkWidget *button;
  GtkWidget *popover; /* what to install */
  GtkLabel *note;
  TamboDevice *device; /* NULL: the card readers */
  Help help;
};

G_DEFINE_FINAL_TYPE (TamboDeviceListRow, tambo_device_list_row, ADW_TYPE_ACTION_ROW)

enum {
  SCAN_WANTED,
  TAKE_BACK_WANTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *const icons[] = {
  [TAMBO_DEVICE_FINGERPRINT_READER] = "auth-fingerprint-symbolic",
  [TAMBO_DEVICE_CAMERA] = "camera-photo-symbolic",
  [TAMBO_DEVICE_SIGNATURE_PAD] = "input-tablet-symbolic",
  [TAMBO_DEVICE_PRINTER] = "printer-symbolic",
};

typedef struct {
  const char *text;
  Help help;
} Face;

static const Face faces[] = {
  [TAMBO_DEVICE_READY] = { N_ ("Ready"), HELP_NONE },
  [TAMBO_DEVICE_BUSY] = { N_ ("Another program holds it. Nothing is lost."), HELP_SCAN },
  [TAMBO_DEVICE_NO_PERMISSION] = { N_ ("This account may not use it."), HELP_INSTALL },
  [TAMBO_DEVICE_UNSUITABLE] = { N_ ("It is not made for enrolment: it gives no pictures."),
                                HELP_NONE },
  [TAMBO_DEVICE_NOT_REGISTERED] = { N_ ("It is not registered with its provider."), HELP_SCAN },
  [TAMBO_DEVICE_UNTRUSTED] = { N_ ("This desk does not trust what it says."), HELP_SCAN },
  [TAMBO_DEVICE_REMOVED] = { N_ ("It was disconnected. Connect it again."), HELP_SCAN },
  [TAMBO_DEVICE_FAILED] = { N_ ("It does not answer. Switch it off and on."), HELP_SCAN },
};

static const Face card_faces[] = {
  [TAMBO_CARDS_UNKNOWN] = { N_ ("Looking for it…"), HELP_NONE },
  [TAMBO_CARDS_NO_SERVICE] = { N_ ("The card service (pcscd) does not run. It is waited for."),
                               HELP_INSTALL },
  [TAMBO_CARDS_NO_PERMISSION] = { N_ ("This account may not use it."), HELP_INSTALL },
  [TAMBO_CARDS_NO_READER] = { N_ ("None is connected. Connect it; it is found by itself."),
                              HELP_NONE },
  [TAMBO_CARDS_EMPTY] = { N_ ("Ready, no card lies on it"), HELP_NONE },
  [TAMBO_CARDS_MUTE] = { N_ ("What lies on it does not answer. Turn it over."), HELP_NONE },
  [TAMBO_CARDS_PRESENT] = { N_ ("Ready, a card lies on it"), HELP_NONE },
};

/* ---- the button ---- */

static void show_help (TamboDeviceListRow *self, Help help, const char *note) {
  static const char *const labels[] = {
    [HELP_NONE] = "",
    [HELP_SCAN] = N_ ("Look again"),
    [HELP_INSTALL] = N_ ("Show what to install"),
    [HELP_TAKE_BACK] = N_ ("Take it back"),
  };
  const char *label = help != HELP_NONE ? _ (labels[help]) : "";
  g_autofree char *spoken =
      g_strdup_printf ("%s: %s", adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), label);

  self->help = help;
  gtk_widget_set_visible (self->button, help != HELP_NONE);
  gtk_button_set_label (GTK_BUTTON (self->button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  gtk_label_set_label (self->note, note);
  if (help != HELP_INSTALL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void on_button_cb (TamboDeviceListRow *self) {
  if (self->help == HELP_INSTALL)
    gtk_popover_popup (GTK_POPOVER (self->popover));
  else if (self->help == HELP_TAKE_BACK)
    g_signal_emit (self, signals[TAKE_BACK_WANTED], 0);
  else
    g_signal_emit (self, signals[SCAN_WANTED], 0);
}

static void show_state (TamboDeviceListRow *self, const char *state, const char *detail) {
  g_autofree char *subtitle =
      *detail != '\0' ? g_strdup_printf ("%s\n%s", state, detail) : g_strdup (state);
  g_autofree char *label =
      g_strdup_printf ("%s: %s", adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), state);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void show_device (TamboDeviceListRow *self) {
  TamboDeviceState state = tambo_device_get_state (self->device);
  const char *detail = tambo_device_get_detail (self->device);
  gboolean is_held_camera =
      state == TAMBO_DEVICE_BUSY && tambo_device_get_kind (self->device) == TAMBO_DEVICE_CAMERA;

  show_state (self, _ (faces[state].text), state != TAMBO_DEVICE_READY ? detail : "");
  show_help (self, is_held_camera ? HELP_TAKE_BACK : faces[state].help, detail);
}

void tambo_device_list_row_show_cards (TamboDeviceListRow *self, TamboCardWatch *watch) {
  TamboCardsState state = tambo_card_watch_get_state (watch);
  const char *advice = tambo_card_watch_get_advice (watch);

  show_state (self, _ (card_faces[state].text), "");
  show_help (self, card_faces[state].help, advice != NULL ? advice : "");
}

/* ---- the object ---- */

static void tambo_device_list_row_dispose (GObject *object) {
  TamboDeviceListRow *self = TAMBO_DEVICE_LIST_ROW (object);

  g_clear_object (&self->device);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  G_OBJECT_CLASS (tambo_device_list_row_parent_class)->dispose (object);
}

static void tambo_device_list_row_class_init (TamboDeviceListRowClass *klass) {
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_device_list_row_dispose;
  signals[SCAN_WANTED] =
      g_signal_new ("scan-wanted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TAKE_BACK_WANTED] = g_signal_new ("take-back-wanted", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 0);
}

static void tambo_device_list_row_init (TamboDeviceListRow *self) {
  self->icon =
      g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->button = g_object_new (GTK_TYPE_BUTTON, "valign", GTK_ALIGN_CENTER, NULL);
  self->note = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "max-width-chars", 44, "selectable",
                             TRUE, "xalign", 0.0, NULL);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), GTK_WIDGET (self->note));
  gtk_widget_set_parent (self->popover, self->button);
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (on_button_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  /* The title's, which would be told besides. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
}

GtkWidget *tambo_device_list_row_new (TamboDevice *device) {
  TamboDeviceListRow *self = g_object_new (TAMBO_TYPE_DEVICE_LIST_ROW, NULL);

  self->device = g_object_ref (device);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icons[tambo_device_get_kind (device)]);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), tambo_device_get_name (device));
  g_signal_connect_object (device, "notify", G_CALLBACK (show_device), self, G_CONNECT_SWAPPED);
  show_device (self);
  return GTK_WIDGET (self);
}

GtkWidget *tambo_device_list_row_new_for_cards (void) {
  TamboDeviceListRow *self = g_object_new (TAMBO_TYPE_DEVICE_LIST_ROW, NULL);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), "media-flash-symbolic");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Card reader"));
  show_help (self, HELP_NONE, "");
  return GTK_WIDGET (self);
}
