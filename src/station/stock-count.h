/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blanks are counted by two persons, number by number, against the book. What differs is named; the count is a
 * signed statement (statement.h), whatever it found, and the next closing of the day tells what differed.
 */
#pragma once

#include "station/statement.h"
#include "store/stock.h"

typedef enum {
  TAMBO_COUNT_MISSING,   /* by the book it lies here, and nobody found it */
  TAMBO_COUNT_UNKNOWN,   /* it lies here, and no book knows it */
  TAMBO_COUNT_GONE,      /* it lies here, and was issued, delivered or spoiled by the book */
  TAMBO_COUNT_ELSEWHERE, /* it lies here, and somebody else has it by the book, or the vault */
  TAMBO_COUNT_OTHER_KIND,
  TAMBO_COUNT_TWICE, /* it was counted more than once */
} TamboCountDifferenceKind;

const char *tambo_count_difference_to_string (TamboCountDifferenceKind kind);

typedef struct {
  TamboCountDifferenceKind kind;
  char *number;
  const char *state; /* by the book; NULL when that does not know it */
  char *keeper;      /* likewise; NULL: nobody */
} TamboCountDifference;

typedef struct {
  char *kind; /* NULL: of all kinds */
  guint expected, counted;
  GPtrArray *differences; /* of TamboCountDifference, in the order of their numbers */
  char *statement;        /* path of the signed text */
} TamboStockCount;

void tambo_stock_count_free (TamboStockCount *count);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStockCount, tambo_stock_count_free)

typedef struct {
  const char *kind;   /* NULL: all */
  const char *keeper; /* only what was given to this operator; NULL: wherever it lies */
  gboolean in_vault;  /* only what was given to nobody */
  const char *remark; /* "" */
  GPtrArray *numbers; /* of char *: what was found, as it was read */
} TamboStockCounting;

/* Two persons (stock.reconcile). */
TamboStockCount *tambo_stock_count_take (TamboStation *station, const TamboStockCounting *counting,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The last statement about KIND (NULL: one about all kinds); NULL without an error when there is none. */
JsonObject *tambo_stock_count_read_last (TamboStation *station, const char *kind,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
