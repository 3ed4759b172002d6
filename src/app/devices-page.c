/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/devices-page.h"

#include <glib/gi18n.h>

struct _TamboDevicesPage {
  TamboDeskPage parent;
  GtkListBox *list;
  GtkButton *scan_button;
};

G_DEFINE_FINAL_TYPE (TamboDevicesPage, tambo_devices_page, TAMBO_TYPE_DESK_PAGE)

static const char *const icons[] = {
  [TAMBO_DEVICE_FINGERPRINT_READER] = "auth-fingerprint-symbolic",
  [TAMBO_DEVICE_CAMERA] = "camera-photo-symbolic",
  [TAMBO_DEVICE_SIGNATURE_PAD] = "input-tablet-symbolic",
};

static const char *const states[] = {
  [TAMBO_DEVICE_READY] =
      N_ ("Ready"), [TAMBO_DEVICE_BUSY] =
                        N_ ("In use"), [TAMBO_DEVICE_NO_PERMISSION] = N_ ("This account may not use it"),
                                           [TAMBO_DEVICE_UNSUITABLE] = N_ ("Not made for enrolment"),
                                               [TAMBO_DEVICE_REMOVED] =
                                                   N_ ("Unplugged"), [TAMBO_DEVICE_FAILED] =
                                                                         N_ ("It does not answer"),
                                                   };

static char *describe (TamboDevice *device) {
  const char *state = _ (states[tambo_device_get_state (device)]);
  const char *detail = tambo_device_get_detail (device);

  return *detail != '\0' ? g_strdup_printf ("%s · %s", state, detail) : g_strdup (state);
}

static GtkWidget *make_row (gpointer item, gpointer data) {
  TamboDevice *device = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon =
      g_object_new (GTK_TYPE_IMAGE, "icon-name", icons[tambo_device_get_kind (device)],
                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autofree char *subtitle = describe (device);
  g_autofree char *label = g_strdup_printf ("%s: %s", tambo_device_get_name (device), subtitle);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), tambo_device_get_name (device));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return row;
}

static void scan (TamboDevicesPage *self) {
  tambo_session_scan (tambo_desk_page_get_session (TAMBO_DESK_PAGE (self)), NULL, NULL);
}

static void on_scan_cb (TamboDevicesPage *self) {
  scan (self);
}

static void tambo_devices_page_enter (TamboDeskPage *page) {
  TamboDevicesPage *self = TAMBO_DEVICES_PAGE (page);
  TamboDeviceManager *devices = tambo_session_get_devices (tambo_desk_page_get_session (page));

  gtk_list_box_bind_model (self->list, G_LIST_MODEL (devices), make_row, NULL, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->scan_button));
  scan (self);
}

static void tambo_devices_page_leave (TamboDeskPage *page) {
  gtk_list_box_bind_model (TAMBO_DEVICES_PAGE (page)->list, NULL, NULL, NULL, NULL);
}

static void tambo_devices_page_again (TamboDeskPage *page) {
  scan (TAMBO_DEVICES_PAGE (page));
}

static void tambo_devices_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_DEVICES_PAGE);
  G_OBJECT_CLASS (tambo_devices_page_parent_class)->dispose (object);
}

static void tambo_devices_page_class_init (TamboDevicesPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_devices_page_dispose;
  page_class->enter = tambo_devices_page_enter;
  page_class->leave = tambo_devices_page_leave;
  page_class->again = tambo_devices_page_again;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboDevicesPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboDevicesPage, scan_button);
  gtk_widget_class_bind_template_callback (widget_class, on_scan_cb);
}

static void tambo_devices_page_init (TamboDevicesPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}
