/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Elementary files of Doc 9303-10 section 4: EF.COM and data groups, built and read. Each
 * parser gives TAMBO_CHIP_ERROR_MALFORMED for what is not of its form, or the error of format/ for a
 * record inside.
 */
#pragma once

#include "chip/lds.h"
#include "format/cbeff.h"
#include "record/mrz.h"

/* DG1, section 4.7.1: 61 { 5F1F MRZ }. MRZ without newlines or with them. */
GBytes *tambo_dg1_encode (const char *mrz);
/* The MRZ with newlines between its lines. */
char *tambo_dg1_parse (GBytes *dg1, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG2, section 4.7.2: 75 { 7F61 … } around one face record of ISO/IEC 19794-5 or 39794-5 whose image is
 * a JPEG 2000 or JPEG file. */
GBytes *tambo_dg2_encode (GBytes *image, TamboSex sex, TamboBiometricEncoding encoding,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The image file inside the first face, of either standard. */
GBytes *tambo_dg2_parse (GBytes *dg2, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG7, section 4.7.7: 67 { 02 01 n, 5F43 image }. */
GBytes *tambo_dg7_encode (GBytes *image);
GBytes *tambo_dg7_parse (GBytes *dg7, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG5, section 4.7.5: 65 { 02 01 n, 5F40 image }, the displayed portrait. */
GBytes *tambo_dg5_encode (GBytes *image);
GBytes *tambo_dg5_parse (GBytes *dg5, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG3, section 4.7.3: 63 { 7F61 … } around one record of ISO/IEC 19794-4 or 39794-4 of one view for each
 * finger, or around none: then with random bytes in 53, so that the hashes of all such documents differ.
 * RECORDS are TamboFingerRecord. */
GBytes *tambo_dg3_encode (GPtrArray *records, TamboBiometricEncoding encoding,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *tambo_dg3_parse (GBytes *dg3, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG4, section 4.7.4: 76 { 7F61 … } around iris records, which are not looked into. RECORDS are
 * TamboCbeffRecord of irises; without any, random bytes as in DG3. */
GBytes *tambo_dg4_encode (GPtrArray *records, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *tambo_dg4_parse (GBytes *dg4, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG6, section 4.7.6: reserved. Whatever is inside. */
GBytes *tambo_dg6_parse (GBytes *dg6, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG8, DG9 and DG10, sections 4.7.8 to 4.7.10: data, structure and substance features of the document,
 * one to nine templates whose content each state settles. FEATURES are GBytes, one whole object each. */
GBytes *tambo_features_encode (TamboLdsFile file, GPtrArray *features,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *tambo_features_parse (TamboLdsFile file, GBytes *bytes,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG11, section 4.7.11. Texts are as on the chip: names with '<' for what parts them, dates
 * yyyymmdd. */
typedef enum {
  TAMBO_PERSON_NAME,
  TAMBO_PERSON_NUMBER,
  TAMBO_PERSON_BIRTH_DATE,
  TAMBO_PERSON_BIRTH_PLACE,
  TAMBO_PERSON_ADDRESS,
  TAMBO_PERSON_TELEPHONE,
  TAMBO_PERSON_PROFESSION,
  TAMBO_PERSON_TITLE,
  TAMBO_PERSON_SUMMARY,
  TAMBO_PERSON_TRAVEL_DOCUMENTS,
  TAMBO_PERSON_CUSTODY,
  TAMBO_PERSON_N_TEXTS,
} TamboPersonText;

typedef struct {
  char *texts[TAMBO_PERSON_N_TEXTS]; /* NULL where absent */
  GPtrArray *other_names;            /* of char *, may be empty */
  GBytes *citizenship;               /* image of the proof, or NULL */
} TamboPersonDetails;

TamboPersonDetails *tambo_person_details_new (void);
void tambo_person_details_free (TamboPersonDetails *details);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPersonDetails, tambo_person_details_free)
GBytes *tambo_dg11_encode (const TamboPersonDetails *details);
TamboPersonDetails *tambo_dg11_parse (GBytes *dg11, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG12, section 4.7.12. */
typedef enum {
  TAMBO_DOCUMENT_AUTHORITY,
  TAMBO_DOCUMENT_ISSUE_DATE,
  TAMBO_DOCUMENT_ENDORSEMENTS,
  TAMBO_DOCUMENT_TAX_EXIT,
  TAMBO_DOCUMENT_PERSONALISED, /* yyyymmddhhmmss */
  TAMBO_DOCUMENT_SYSTEM,
  TAMBO_DOCUMENT_N_TEXTS,
} TamboDocumentText;

typedef struct {
  char *texts[TAMBO_DOCUMENT_N_TEXTS]; /* NULL where absent */
  GPtrArray *other_persons;            /* of char *, may be empty */
  GBytes *front, *rear;                /* images, or NULL */
} TamboDocumentDetails;

TamboDocumentDetails *tambo_document_details_new (void);
void tambo_document_details_free (TamboDocumentDetails *details);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDocumentDetails, tambo_document_details_free)
GBytes *tambo_dg12_encode (const TamboDocumentDetails *details);
TamboDocumentDetails *tambo_dg12_parse (GBytes *dg12, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG13, section 4.7.13: what the issuing state likes. */
GBytes *tambo_dg13_encode (GBytes *content);
GBytes *tambo_dg13_parse (GBytes *dg13, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG14, section 4.7.14: a DER set of SecurityInfo. INFOS are GBytes, DER of one each; put into the
 * order of DER. */
GBytes *tambo_dg14_encode (GPtrArray *infos);
GPtrArray *tambo_dg14_parse (GBytes *dg14, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG15, section 4.7.15: the SubjectPublicKeyInfo of active authentication, DER. */
GBytes *tambo_dg15_encode (GBytes *public_key);
GBytes *tambo_dg15_parse (GBytes *dg15, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DG16, section 4.7.16: one person to notify. */
typedef struct {
  char *recorded; /* yyyymmdd */
  char *name;
  char *telephone; /* NULL where absent; so the address */
  char *address;
} TamboNotifiedPerson;

void tambo_notified_person_free (TamboNotifiedPerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboNotifiedPerson, tambo_notified_person_free)
/* PERSONS are TamboNotifiedPerson, one to fifteen. */
GBytes *tambo_dg16_encode (GPtrArray *persons);
GPtrArray *tambo_dg16_parse (GBytes *dg16, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* EF.COM, section 4.6.1: LDS version 0107, Unicode 040000, and the tags of the data groups that LDS
 * holds. */
GBytes *tambo_com_encode (const TamboLds *lds);
/* The same with the LDS version that goes with a SOD of version SOD_VERSION. */
GBytes *tambo_com_encode_for (const TamboLds *lds, guint sod_version);
typedef struct {
  guint32 groups; /* bit N: data group N is there */
  char lds_version[5];
  char unicode_version[7]; /* empty where it is absent */
} TamboCom;

gboolean tambo_com_parse_whole (GBytes *com, TamboCom *out_com,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The groups alone. */
gboolean tambo_com_parse (GBytes *com, guint32 *out_groups,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
