/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/page-pile.h"

#include "print/scan-pages.h"

struct _TamboPagePile {
  gatomicrefcount refs;
  char *case_id, *kind, *slot;
  GPtrArray *sheets; /* of TamboImage */
  GPtrArray *hashes; /* of the document when it had so many of them */
};

TamboPagePile *tambo_page_pile_new (const char *case_id, const char *document_kind) {
  TamboPagePile *pile = g_new0 (TamboPagePile, 1);

  g_atomic_ref_count_init (&pile->refs);
  pile->case_id = g_strdup (case_id);
  pile->kind = g_strdup (document_kind);
  pile->slot = g_strconcat ("document-", document_kind, NULL);
  pile->sheets = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);
  pile->hashes = g_ptr_array_new_with_free_func (g_free);
  return pile;
}

TamboPagePile *tambo_page_pile_ref (TamboPagePile *pile) {
  g_atomic_ref_count_inc (&pile->refs);
  return pile;
}

void tambo_page_pile_unref (TamboPagePile *pile) {
  if (pile == NULL || !g_atomic_ref_count_dec (&pile->refs))
    return;
  g_ptr_array_unref (pile->sheets);
  g_ptr_array_unref (pile->hashes);
  g_free (pile->case_id);
  g_free (pile->kind);
  g_free (pile->slot);
  g_free (pile);
}

const char *tambo_page_pile_get_kind (const TamboPagePile *pile) {
  return pile->kind;
}

guint tambo_page_pile_get_length (const TamboPagePile *pile) {
  return pile->sheets->len;
}

static gboolean save (TamboPagePile *pile, TamboStation *station, TamboEnrolment *enrolment,
                      GError **error) {
  g_autoptr (GBytes) file = tambo_scan_pages_to_pdf (pile->sheets, error);

  if (file == NULL
      || !tambo_enrol_add_document (station, enrolment, pile->kind, file, "application/pdf", 0, 0,
                                    error))
    return FALSE;
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, pile->slot);
  g_ptr_array_add (pile->hashes, g_strdup (sample->sha256));
  return TRUE;
}

void tambo_page_pile_follow (TamboPagePile *pile, const TamboEnrolment *enrolment) {
  const TamboSample *sample = enrolment != NULL && g_str_equal (enrolment->id, pile->case_id)
                                  ? tambo_enrolment_find_sample (enrolment, pile->slot)
                                  : NULL;
  guint n = 0;

  for (guint i = 0; sample != NULL && i < pile->hashes->len; i++)
    if (g_strcmp0 (pile->hashes->pdata[i], sample->sha256) == 0)
      n = i + 1;
  g_ptr_array_set_size (pile->sheets, (gint) n);
  g_ptr_array_set_size (pile->hashes, (gint) n);
}

gboolean tambo_page_pile_add (TamboPagePile *pile, TamboStation *station, TamboEnrolment *enrolment,
                              TamboImage *sheet, GError **error) {
  if (!g_str_equal (enrolment->id, pile->case_id)) {
    tambo_image_free (sheet);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the case was closed");
    return FALSE;
  }
  tambo_page_pile_follow (pile, enrolment);
  if (pile->sheets->len == TAMBO_PAGE_PILE_MOST) {
    tambo_image_free (sheet);
    g_set_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED,
                 "a document has at most %d pages here", TAMBO_PAGE_PILE_MOST);
    return FALSE;
  }
  g_ptr_array_add (pile->sheets, sheet);
  if (save (pile, station, enrolment, error))
    return TRUE;
  g_ptr_array_set_size (pile->sheets, (gint) pile->sheets->len - 1);
  return FALSE;
}
