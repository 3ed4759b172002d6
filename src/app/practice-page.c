/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/practice-page.h"

#include <glib/gi18n.h>

#include "app/focus.h"

struct _TamboPracticePage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkLabel *here;
  GtkWidget *back_button;
};

G_DEFINE_FINAL_TYPE (TamboPracticePage, tambo_practice_page, TAMBO_TYPE_DESK_PAGE)

static void tambo_practice_page_enter (TamboDeskPage *page) {
  TamboPracticePage *self = TAMBO_PRACTICE_PAGE (page);
  gboolean is_practice =
      tambo_station_is_practice (tambo_session_get_station (tambo_desk_page_get_session (page)));

  gtk_label_set_label (self->summary, is_practice ? _ ("This station practises.")
                                                  : _ ("This station is a real one."));
  gtk_label_set_label (
      self->here,
      is_practice
          ? _ ("To leave practice, close Tambo (Ctrl+Q) and open it again from the menu of "
               "programs: it opens the real station.")
          : _ ("To practise, somebody with this computer's password runs “./dev run” in the "
               "source, which opens a station of its own with practice devices. Nothing of it "
               "comes here."));
  tambo_focus_take (self->back_button);
}

static void tambo_practice_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PRACTICE_PAGE);
  G_OBJECT_CLASS (tambo_practice_page_parent_class)->dispose (object);
}

static void tambo_practice_page_class_init (TamboPracticePageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_practice_page_dispose;
  TAMBO_DESK_PAGE_CLASS (klass)->enter = tambo_practice_page_enter;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/practice-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboPracticePage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboPracticePage, here);
  gtk_widget_class_bind_template_child (widget_class, TamboPracticePage, back_button);
}

static void tambo_practice_page_init (TamboPracticePage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}
