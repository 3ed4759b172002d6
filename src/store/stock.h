/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blank stock: every blank is in stock, in a chip journal, issued, delivered or spoiled. A blank coded for
 * another institution can be received into quarantine and is never taken. What is in stock lies in the vault or
 * was given to an operator, its keeper.
 */
#pragma once

#include "store/store.h"

typedef enum {
  TAMBO_BLANK_IN_STOCK,
  TAMBO_BLANK_QUARANTINED, /* another institution's, or not released */
  TAMBO_BLANK_IN_WORK,     /* in a chip journal */
  TAMBO_BLANK_ISSUED,
  TAMBO_BLANK_SPOILED,
  TAMBO_BLANK_DELIVERED, /* its holder has it */
  TAMBO_N_BLANK_STATES,
} TamboBlankState;

const char *tambo_blank_state_to_string (TamboBlankState state);

typedef struct {
  char *number; /* printed serial: letters, then digits */
  char *kind;   /* "passport", "card" */
  char *institution;
  TamboBlankState state;
  char *order_id; /* of a blank in work or later; NULL otherwise */
  char *
      keeper; /* the operator who was given it; NULL: it is in the vault, or was taken from there */
  char *updated_at;
} TamboBlankRow;

void tambo_blank_row_free (TamboBlankRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboBlankRow, tambo_blank_row_free)

/* FIRST to LAST share their letters and their number of digits; at most 100,000. EXISTS names a
 * number that is known already, and nothing is taken in. Blanks of an institution other than OWN go
 * to quarantine. */
gboolean tambo_stock_receive (TamboStore *store, const char *kind, const char *institution,
                              const char *own_institution, const char *first, const char *last,
                              const char *actor, guint *out_count, GError **error);
GPtrArray *tambo_stock_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_stock_count (TamboStore *store, const char *kind, TamboBlankState state,
                            guint *out_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many blanks of a kind are in each state. */
typedef struct {
  char *kind;
  guint count[TAMBO_N_BLANK_STATES];
} TamboStockTally;

void tambo_stock_tally_free (TamboStockTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStockTally, tambo_stock_tally_free)
/* By kind; elements are TamboStockTally. */
GPtrArray *tambo_stock_tally (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every number from FIRST to LAST, in order; INVALID when they are no range. */
GPtrArray *tambo_stock_expand (const char *first, const char *last,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the blanks FIRST to LAST to KEEPER, or with NULL back into the vault. All of them have to be in
 * stock, or nothing is given: NOT_FOUND or STATE names the first that is not. */
gboolean tambo_stock_assign (TamboStore *store, const char *first, const char *last,
                             const char *keeper, const char *actor, guint *out_count,
                             GError **error);

/* The lowest blank of a kind that ACTOR may take: one of its own as soon as any of that kind was given to
 * anybody, and out of the vault before. NOT_FOUND. */
TamboBlankRow *tambo_stock_propose (TamboStore *store, const char *kind, const char *actor,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether ACTOR may take the blank of ROW, which is in stock. */
gboolean tambo_stock_may_take (TamboStore *store, const TamboBlankRow *row, const char *actor,
                               gboolean *out_may, GError **error);

/* Takes NUMBER, or what tambo_stock_propose says when NUMBER is NULL, for ORDER_ID. An order that already
 * has a blank in work gets that one. NOT_FOUND when there is none; STATE when NUMBER is not in stock, or
 * not ACTOR's to take. The number, the caller's. */
char *tambo_stock_take (TamboStore *store, const char *kind, const char *number,
                        const char *order_id, const char *actor,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The blank that ORDER_ID was issued on, delivered or not; NOT_FOUND. */
TamboBlankRow *tambo_stock_find_issued (TamboStore *store, const char *order_id,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* To ISSUED, DELIVERED, SPOILED, or from IN_WORK back to IN_STOCK: STATE when the chip journal has a step of
 * that blank, since something may have been written. */
gboolean tambo_stock_set_state (TamboStore *store, const char *number, TamboBlankState state,
                                const char *reason, const char *actor, GError **error);
