/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The end of the day at the desk: what was enrolled, sealed, sent, issued and spoiled since the last
 * closing, against what lies here now. It refuses nothing and names what does not add up. A closing is a
 * statement signed with the station's key (statement.h).
 */
#pragma once

#include "station/day.h"

/* What does not add up, or is not at its end. */
typedef enum {
  TAMBO_GAP_RECORD_LOST,    /* sealed by the audit log, and not in the outbox */
  TAMBO_GAP_RECORD_WAITS,   /* sealed, and headquarters has not acknowledged it */
  TAMBO_GAP_RECORD_REFUSED, /* headquarters will not take it, or has another of its name */
  TAMBO_GAP_DRAFT,          /* being captured */
  TAMBO_GAP_APPROVAL,       /* waits for a second person */
  TAMBO_GAP_BLANK_IN_WORK,  /* taken for a document that is not finished */
  TAMBO_GAP_BLANKS,         /* other than reckoned: expected - found are missing */
  TAMBO_GAP_BLANK_COUNTED, /* expected and not found by who counted, or the other way round (stock-count.h) */
} TamboGapKind;

typedef struct {
  TamboGapKind kind;
  char *about; /* ids, of blanks their kind; "" */
  guint expected, found;
} TamboGap;

typedef struct {
  char *kind;
  guint at_start, received, issued, spoiled;
  guint at_end; /* in stock, in quarantine or in work */
} TamboClosingStock;

typedef struct {
  char *from, *to;                           /* RFC 3339 */
  TamboDay day;                              /* since FROM */
  guint drafts, approvals, waiting, refused; /* now */
  GPtrArray *stock;                          /* of TamboClosingStock */
  GPtrArray *gaps;                           /* of TamboGap */
  gint64 audit_size;                         /* entries that were counted or are older */
  char *previous;                            /* SHA-256 of the statement before; "" for the first */
} TamboDayClosing;

void tambo_day_closing_free (TamboDayClosing *closing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDayClosing, tambo_day_closing_free)

/* Since the last closing, or since midnight before the first one. Needs no operator. */
TamboDayClosing *tambo_day_closing_prepare (TamboStation *station,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The last statement as it was signed; NULL without an error before the first. */
char *tambo_day_closing_dup_last (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Signs it, by a supervisor, with a remark (may be ""). The path of the text. */
char *tambo_day_closing_sign (TamboStation *station, const TamboDayClosing *closing,
                              const char *remark, GError **error) G_GNUC_WARN_UNUSED_RESULT;
