/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/after-layout.h"

#define FUNC "tambo-after-layout"

static void on_laid_out_cb (GtkWidget *widget, GdkFrameClock *clock) {
  TamboAfterLayout func = (TamboAfterLayout) g_object_steal_data (G_OBJECT (widget), FUNC);

  g_signal_handlers_disconnect_by_func (clock, on_laid_out_cb, widget);
  func (widget);
}

void tambo_after_layout (GtkWidget *widget, TamboAfterLayout func) {
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  if (clock == NULL || g_object_get_data (G_OBJECT (widget), FUNC) != NULL)
    return;
  g_object_set_data (G_OBJECT (widget), FUNC, (gpointer) func);
  /* GTK's own handler lays out; this one comes after it. */
  g_signal_connect_object (clock, "layout", G_CALLBACK (on_laid_out_cb), widget,
                           G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_LAYOUT);
}
