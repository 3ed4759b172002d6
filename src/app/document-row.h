/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One kind of supporting document: its name, whether it is there, a small picture of it.
 */
#pragma once

#include "app/picture-area.h"

#define TAMBO_TYPE_DOCUMENT_ROW (tambo_document_row_get_type ())
G_DECLARE_FINAL_TYPE (TamboDocumentRow, tambo_document_row, TAMBO, DOCUMENT_ROW, GtkListBoxRow)

GtkWidget *tambo_document_row_new (const char *kind, gboolean is_required);
const char *tambo_document_row_get_kind (TamboDocumentRow *self);
void tambo_document_row_show (TamboDocumentRow *self, const TamboSample *sample);
gboolean tambo_document_row_is_missing (TamboDocumentRow *self);
gboolean tambo_document_row_is_there (TamboDocumentRow *self);
void tambo_document_row_set_picture (TamboDocumentRow *self, cairo_surface_t *picture);
