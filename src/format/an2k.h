/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Transaction of ANSI/NIST-ITL 1-2011 update 2013 (NIST SP 500-290e2) in the traditional encoding of its
 * annex B: records one after the other, tagged fields for types 1, 2 and 9 on, binary for types 3 to 8.
 * Every record is kept whole, also of types that nobody here interprets, so that what was read can be
 * written again byte for byte. What the records of types 4, 9, 10 and 14 mean is in an2k-records.h.
 */
#pragma once

#include <glib.h>

#define TAMBO_AN2K_RECORDS_MAX 1000
#define TAMBO_AN2K_FIELDS_MAX 1000 /* of one record */

typedef struct {
  guint16 number; /* 13 in "14.013:" */
  char *tag;      /* as written: old files have "1.01" and errors; owned */
  GBytes *value;  /* owned */
} TamboAn2kField;

typedef struct {
  guint8 type;       /* 1..99 */
  guint8 idc;        /* information designation character; 0 of the type-1 record */
  GPtrArray *fields; /* of TamboAn2kField, owned; NULL of a binary record */
  GBytes *body;      /* what follows the IDC of a binary record, owned; NULL of a tagged one */
} TamboAn2kRecord;

typedef struct {
  GPtrArray *records; /* of TamboAn2kRecord, owned; the first is of type 1 */
} TamboAn2k;

/* Field 1.xxx of a transaction that is made here. Codes as the agency gives them. */
typedef struct {
  const char *transaction; /* 1.004 TOT */
  const char *destination; /* 1.007 DAI */
  const char *origin;      /* 1.008 ORI */
  const char *control;     /* 1.009 TCN */
  const char *domain;      /* 1.013 DOM; NULL: none */
  gint64 time;             /* 1.005 DAT and 1.014 GMT; seconds since 1970 */
} TamboAn2kHeader;

TamboAn2k *tambo_an2k_new (const TamboAn2kHeader *header);
void tambo_an2k_free (TamboAn2k *an2k);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboAn2k, tambo_an2k_free)

/* A new last record, also named in the contents (1.003 CNT), with the next IDC; borrowed. BODY makes it a
 * binary record; without it a tagged one, which has its fields 001 and 002. */
TamboAn2kRecord *tambo_an2k_add_record (TamboAn2k *an2k, guint8 type, GBytes *body);
/* Behind the others. */
void tambo_an2k_record_add_bytes (TamboAn2kRecord *record, guint16 number, GBytes *value);
void tambo_an2k_record_add (TamboAn2kRecord *record, guint16 number, const char *value);
void tambo_an2k_record_add_int (TamboAn2kRecord *record, guint16 number, int value);

/* NULL when there is none; borrowed. */
GBytes *tambo_an2k_record_get_bytes (const TamboAn2kRecord *record, guint16 number);
/* One item of a field, all counted from 0; NULL when there is none or it is no text. */
char *tambo_an2k_record_dup_item (const TamboAn2kRecord *record, guint16 number, guint subfield,
                                  guint item);
/* A field of one decimal number; FALSE when it is something else or above MAX. */
gboolean tambo_an2k_record_get_int (const TamboAn2kRecord *record, guint16 number, guint max,
                                    guint *out_value) G_GNUC_WARN_UNUSED_RESULT;

gboolean tambo_an2k_sniff (GBytes *bytes);
/* The lengths (field 001, or that of a binary record) are made anew. */
GBytes *tambo_an2k_encode (const TamboAn2k *an2k);
/* Refuses what is cut short, and contents (1.003) that do not name the records as they follow. */
TamboAn2k *tambo_an2k_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
