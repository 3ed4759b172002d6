/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Issuance orders as the desk looks at them: which wait for a blank or for their holder, what one of them
 * is about, and which blank it may be written on.
 */
#pragma once

#include "station/headquarters.h"

/* Nothing personal. */
typedef struct {
  char *id;
  char *tracking_number; /* NULL: the case is another office's */
  char *blank;           /* in work for it, or issued; NULL without */
  char *received_at;
} TamboOrderRow;

void tambo_order_row_free (TamboOrderRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOrderRow, tambo_order_row_free)

typedef enum {
  TAMBO_ORDERS_TO_ISSUE,   /* they wait for a blank, or for the rest of one that was begun */
  TAMBO_ORDERS_TO_DELIVER, /* the document is made, and its holder has not come */
} TamboOrderStage;

/* The oldest first; elements are TamboOrderRow. */
GPtrArray *tambo_order_desk_list (TamboStation *station, TamboOrderStage stage,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  TamboOrder *order;
  GBytes *portrait;  /* the holder's, an image file; NULL where the chip gets none */
  char *blank;       /* in work for it, or else the next one in stock; NULL: none is left */
  gboolean is_begun; /* BLANK is in work */
} TamboOpenOrder;

void tambo_open_order_free (TamboOpenOrder *open);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOpenOrder, tambo_open_order_free)
TamboOpenOrder *tambo_order_desk_open (TamboStation *station, const char *id,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The order of a case, for what its papers say; *OUT_ORDER is NULL when there is none yet, or none that can be opened
 * any more. */
gboolean tambo_order_desk_find_for_case (TamboStation *station, const char *case_id,
                                         TamboOrder **out_order, GError **error);

/* Why a blank is not one for an order. */
typedef enum {
  TAMBO_BLANK_FITS,
  TAMBO_BLANK_UNKNOWN,           /* no blank has the number */
  TAMBO_BLANK_OTHER_INSTITUTION, /* it is in quarantine */
  TAMBO_BLANK_OTHER_KIND,
  TAMBO_BLANK_OTHER_ORDER, /* it is in work for another one */
  TAMBO_BLANK_USED,        /* issued or delivered */
  TAMBO_BLANK_UNUSABLE,    /* spoiled */
  TAMBO_BLANK_OTHER_KEEPER, /* it was given to somebody else, or to nobody while others have theirs */
  TAMBO_BLANK_NOT_BEGUN,    /* the order was begun on another one, of which OTHER is told */
} TamboBlankFit;

/* Whether the document of ORDER_ID, made on blanks of KIND (tambo_order_blank_kind), may be written on
 * the blank NUMBER. OUT_OTHER, the caller's, is NULL but for NOT_BEGUN. */
gboolean tambo_order_desk_fit_blank (TamboStation *station, const char *order_id, const char *kind,
                                     const char *number, TamboBlankFit *out_fit, char **out_other,
                                     GError **error);

/* The id of the order that TEXT names: by tracking number, blank or document number, however it was
 * typed. Document numbers are looked for among those that can still be issued or delivered, by opening
 * each. NOT_FOUND. */
char *tambo_order_desk_find (TamboStation *station, const char *text, GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
