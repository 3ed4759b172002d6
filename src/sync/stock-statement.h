/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a station tells headquarters of its blanks: the movements of its audit log, each once, and how many are
 * in which state now, so that none is unaccounted for.
 *
 *   POST /v1/stock   a statement signed by the station -> {"position":N}
 *
 * A statement goes on from the audit entry AFTER. Headquarters keeps it when that is the place it knows (its
 * position, 0 for a database that it has not seen), and answers with its position then: the same statement again
 * changes nothing, and whoever is elsewhere goes on from there.
 */
#pragma once

#include "sync/protocol.h"

/* Movements in one statement. */
#define TAMBO_STOCK_PAGE 200

typedef struct {
  gint64 number;      /* of the audit entry */
  char *action;       /* "receive", "assign", "take", "issued", … */
  char *kind;         /* of blank; "" when it is not known */
  char *first, *last; /* the numbers of the blanks, or what was counted */
  gint64 count;
  char *keeper; /* who was given them; "" */
  char *actor, *time;
} TamboStockMovement;

typedef struct {
  char *kind;
  gint64 in_stock, quarantined, in_work, issued, spoiled, delivered;
} TamboStockLevel;

typedef struct {
  char *station, *incarnation; /* of its database */
  gint64 after, position;      /* the next statement goes on from here */
  char *time;
  GPtrArray *movements; /* of TamboStockMovement, by number */
  GPtrArray *levels;    /* of TamboStockLevel */
} TamboStockStatement;

TamboStockMovement *tambo_stock_movement_new (gint64 number);
TamboStockStatement *tambo_stock_statement_new (void);
void tambo_stock_movement_free (TamboStockMovement *movement);
void tambo_stock_level_free (TamboStockLevel *level);
void tambo_stock_statement_free (TamboStockStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStockMovement, tambo_stock_movement_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStockLevel, tambo_stock_level_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStockStatement, tambo_stock_statement_free)
char *tambo_stock_statement_sign (const TamboStockStatement *statement, TamboKey *key);
/* INTEGRITY when the signature is not KEY's; PROTOCOL for anything that has not its form. */
TamboStockStatement *tambo_stock_statement_verify (const char *text, TamboKey *key,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

char *tambo_stock_answer_to_json (gint64 position);
gboolean tambo_stock_answer_from_json (const char *text, gint64 *out_position, GError **error);
