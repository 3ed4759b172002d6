/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/devices-page.h"

#include "app/camera-rival.h"
#include "app/device-row.h"
#include "app/focus.h"
#include "app/list-memory.h"

struct _TamboDevicesPage {
  TamboDeskPage parent;
  GtkListBox *cards_list;
  GtkListBox *list;
  GtkButton *scan_button;
  GtkWidget *cards_row;
  TamboCardWatch *watch; /* while the page is shown */
};

G_DEFINE_FINAL_TYPE (TamboDevicesPage, tambo_devices_page, TAMBO_TYPE_DESK_PAGE)

static void scan (TamboDevicesPage *self) {
  tambo_session_scan (tambo_desk_page_get_session (TAMBO_DESK_PAGE (self)), NULL, NULL);
}

static void on_scan_cb (TamboDevicesPage *self) {
  scan (self);
}

/* ---- the rows ---- */

static void on_released (gpointer owner) {
  scan (owner);
}

static void on_take_back_cb (TamboDevicesPage *self) {
  tambo_camera_rival_unmount (on_released, self);
}

static GtkWidget *make_row (gpointer item, gpointer data) {
  GtkWidget *row = tambo_device_list_row_new (item);

  g_signal_connect_object (row, "scan-wanted", G_CALLBACK (scan), data, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "take-back-wanted", G_CALLBACK (on_take_back_cb), data,
                           G_CONNECT_SWAPPED);
  return row;
}

static void on_cards_changed_cb (TamboDevicesPage *self) {
  tambo_device_list_row_show_cards (TAMBO_DEVICE_LIST_ROW (self->cards_row), self->watch);
}

static void watch_cards (TamboDevicesPage *self) {
  if (self->watch != NULL)
    return;
  self->watch = tambo_card_watch_new ();
  g_signal_connect_object (self->watch, "changed", G_CALLBACK (on_cards_changed_cb), self,
                           G_CONNECT_SWAPPED);
  on_cards_changed_cb (self);
}

/* ---- the page ---- */

static void tambo_devices_page_enter (TamboDeskPage *page) {
  TamboDevicesPage *self = TAMBO_DEVICES_PAGE (page);
  TamboDeviceManager *devices = tambo_session_get_devices (tambo_desk_page_get_session (page));

  gtk_list_box_bind_model (self->list, G_LIST_MODEL (devices), make_row, self, NULL);
  tambo_list_memory_filled (self->list, FALSE);
  watch_cards (self);
  tambo_focus_take (GTK_WIDGET (self->scan_button));
  scan (self);
}

static void tambo_devices_page_leave (TamboDeskPage *page) {
  TamboDevicesPage *self = TAMBO_DEVICES_PAGE (page);

  gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->watch);
}

static void tambo_devices_page_again (TamboDeskPage *page) {
  scan (TAMBO_DEVICES_PAGE (page));
}

static void tambo_devices_page_dispose (GObject *object) {
  g_clear_object (&TAMBO_DEVICES_PAGE (object)->watch);
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
  gtk_widget_class_bind_template_child (widget_class, TamboDevicesPage, cards_list);
  gtk_widget_class_bind_template_child (widget_class, TamboDevicesPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboDevicesPage, scan_button);
  gtk_widget_class_bind_template_callback (widget_class, on_scan_cb);
}

static void tambo_devices_page_init (TamboDevicesPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cards_row = tambo_device_list_row_new_for_cards ();
  gtk_list_box_append (self->cards_list, self->cards_row);
}
