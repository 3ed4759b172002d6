/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/holder-card.h"

#include <glib/gi18n.h>

#include "app/date-text.h"
#include "app/picture-area.h"
#include "format/image-codec.h"

#define PICTURE_WIDTH 260
#define PICTURE_HEIGHT 340

struct _TamboHolderCard {
  AdwBin parent;
  TamboPictureArea *portrait;
  GtkLabel *name;
  GtkLabel *document;
  GtkLabel *tracking;
  GtkLabel *expiry;
};

G_DEFINE_FINAL_TYPE (TamboHolderCard, tambo_holder_card, ADW_TYPE_BIN)

static void tambo_holder_card_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_HOLDER_CARD);
  G_OBJECT_CLASS (tambo_holder_card_parent_class)->dispose (object);
}

static void tambo_holder_card_class_init (TamboHolderCardClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_holder_card_dispose;
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/holder-card.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboHolderCard, portrait);
  gtk_widget_class_bind_template_child (widget_class, TamboHolderCard, name);
  gtk_widget_class_bind_template_child (widget_class, TamboHolderCard, document);
  gtk_widget_class_bind_template_child (widget_class, TamboHolderCard, tracking);
  gtk_widget_class_bind_template_child (widget_class, TamboHolderCard, expiry);
}

static void tambo_holder_card_init (TamboHolderCard *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_picture_area_set_label (self->portrait, _ ("Portrait"));
}

cairo_surface_t *tambo_holder_card_picture (const TamboOpenOrder *open) {
  g_autoptr (TamboImage) image =
      open->portrait != NULL ? tambo_image_decode (open->portrait, NULL) : NULL;

  return image != NULL ? tambo_picture_surface (image, PICTURE_WIDTH, PICTURE_HEIGHT) : NULL;
}

void tambo_holder_card_show (TamboHolderCard *self, const TamboOrder *order,
                             cairo_surface_t *picture) {
  g_autofree char *document = g_strdup_printf (_ ("Document %s"), order->document_number);
  g_autofree char *day =
      order->expiry_date != NULL ? tambo_date_text_iso (order->expiry_date) : NULL;
  g_autofree char *expiry = day != NULL ? g_strdup_printf (_ ("Valid until %s"), day)
                                        : g_strdup (_ ("Without an end of validity"));
  g_autofree char *label = g_strdup_printf (_ ("Portrait of %s"), order->holder);

  tambo_picture_area_set_surface (self->portrait, picture);
  tambo_picture_area_set_label (self->portrait, label);
  gtk_label_set_label (self->name, order->holder);
  gtk_label_set_label (self->document, document);
  gtk_label_set_label (self->tracking, order->tracking_number);
  gtk_label_set_label (self->expiry, expiry);
}

void tambo_holder_card_clear (TamboHolderCard *self) {
  tambo_picture_area_set_surface (self->portrait, NULL);
  tambo_picture_area_set_label (self->portrait, _ ("Portrait"));
  gtk_label_set_label (self->name, "");
  gtk_label_set_label (self->document, "");
  gtk_label_set_label (self->tracking, "");
  gtk_label_set_label (self->expiry, "");
}
