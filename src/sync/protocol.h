/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shapes of the wire, shared by both ends (docs/protocol.md has the exchange):
 *
 *   POST  /v1/stations                token, station, CSR -> certificate, trust   (no client cert)
 *   POST  /v1/renewals                station, CSR -> certificate                (no client cert)
 *   PUT   /v1/records/{sha256}        manifest   -> 201 + Upload-Offset, or 200 + receipt
 *   HEAD  /v1/records/{sha256}                   -> 200 + Upload-Offset, or 404
 *   PATCH /v1/records/{sha256}        bytes from Upload-Offset -> 204 + Upload-Offset, or 200 + receipt;
 *                                     409 + Upload-Offset when the offset is another
 *   GET   /v1/inbox?after=N                      -> items
 *   GET   /v1/inbox/{number}                     -> sealed bytes
 *   POST  /v1/checkpoint              audit head with consistency proof -> countersigned head
 *   GET   /v1/reference                          -> what stations have to know, signed
 *   POST  /v1/changes                 version    -> what changed since, signed (changes.h)
 *   POST  /v1/stock                 what moved among the blanks -> position (stock-statement.h)
 *   POST  /v1/receipts                receipts that the station holds -> those that are not known
 *
 * Every other answer has {"error":CODE,"detail":TEXT}. Manifests, receipts and heads are signed
 * statements (tambo_json_sign).
 */
#pragma once

#include <json-glib/json-glib.h>

#include "base/crypto.h"
#include "sync/sync-error.h"

/* The detail of the 404 with which headquarters answers a request that it does not know: it is older than who asks. */
#define TAMBO_PROTOCOL_NO_REQUEST "the protocol has no such request"

#define TAMBO_UPLOAD_OFFSET "Upload-Offset"
#define TAMBO_RECORD_MAX_SIZE (64 * 1024 * 1024)

/* 1 to 32 of A-Z a-z 0-9 . _ -, beginning with a letter or digit: the CN of a station's certificate. */
gboolean tambo_station_code_is_valid (const char *code);

/* What the sender signs about one sealed record. */
typedef struct {
  char *id, *kind, *sender;
  gint64 sequence; /* of the sender, from 1, without gaps */
  char *created;
  char *recipient; /* key id */
  char *sha256;    /* of the sealed bytes */
  gint64 size;
  char *previous; /* SHA-256 of the manifest text before it, "" for the first */
  char *case_id;  /* "" when it is about none */
  gint64 audit_size;
  char *audit_root;  /* hexadecimal; "" from headquarters */
  GBytes *reply_key; /* P-256 point for orders that answer this; NULL from headquarters */
} TamboManifest;

TamboManifest *tambo_manifest_new (void);
void tambo_manifest_free (TamboManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboManifest, tambo_manifest_free)
char *tambo_manifest_sign (const TamboManifest *manifest, TamboKey *key);
TamboManifest *tambo_manifest_verify (const char *text, TamboKey *key,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the statement without judging the signature: to find out whose key to use. */
TamboManifest *tambo_manifest_peek (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Headquarters' word that a record has had its effect. */
typedef struct {
  char *id, *sha256, *station;
  gint64 sequence;
  gint64 log_index, log_size; /* in headquarters' own intake log */
  char *log_root;             /* hexadecimal */
  char *time;
  char *incarnation; /* of headquarters' database */
} TamboReceipt;

void tambo_receipt_free (TamboReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboReceipt, tambo_receipt_free)
char *tambo_receipt_sign (const TamboReceipt *receipt, TamboKey *key);
TamboReceipt *tambo_receipt_verify (const char *text, TamboKey *key,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The audit head a station offers, and the same head countersigned. */
typedef struct {
  char *station, *incarnation;
  gint64 size, old_size; /* old_size: the last one countersigned */
  char *root;            /* hexadecimal */
  GBytes *proof;         /* RFC 6962 consistency from old_size; empty in the answer */
  char *time;
} TamboCheckpoint;

void tambo_checkpoint_free (TamboCheckpoint *checkpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCheckpoint, tambo_checkpoint_free)
char *tambo_checkpoint_sign (const TamboCheckpoint *checkpoint, TamboKey *key);
TamboCheckpoint *tambo_checkpoint_verify (const char *text, TamboKey *key,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a station has to know of its headquarters; JSON, kept as trust.json. */
typedef struct {
  char *name;
  TamboKey *signing_key;  /* receipts, orders, countersigned heads */
  TamboKey *envelope_key; /* records are sealed for it */
  GPtrArray *csca;        /* char *, PEM */
  gboolean practice;      /* a practice headquarters: its cases are never real */
} TamboTrust;

void tambo_trust_free (TamboTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboTrust, tambo_trust_free)
JsonObject *tambo_trust_to_json (const TamboTrust *trust);
TamboTrust *tambo_trust_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* POST /v1/stations. */
typedef struct {
  char *token, *station, *csr; /* PEM PKCS#10, CN = station */
} TamboRegistration;

void tambo_registration_free (TamboRegistration *registration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRegistration, tambo_registration_free)
char *tambo_registration_to_json (const TamboRegistration *registration);
TamboRegistration *tambo_registration_from_json (const char *text, gssize size,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *tambo_registration_answer_to_json (const char *certificate_pem, const TamboTrust *trust);
gboolean tambo_registration_answer_from_json (const char *text, gssize size,
                                              char **out_certificate_pem, TamboTrust **out_trust,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* POST /v1/renewals. The request for a certificate is signed with the station's key: that is who asks. */
typedef struct {
  char *station, *csr;
} TamboRenewalRequest;

void tambo_renewal_request_free (TamboRenewalRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRenewalRequest, tambo_renewal_request_free)
char *tambo_renewal_request_to_json (const TamboRenewalRequest *request);
TamboRenewalRequest *tambo_renewal_request_from_json (const char *text, gssize size,
                                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *tambo_renewal_answer_to_json (const char *certificate_pem);
char *tambo_renewal_answer_from_json (const char *text, gssize size,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The dates of a PEM certificate, and the rule by which both ends see that it is to be renewed. */
gboolean tambo_certificate_get_dates (const char *pem, gint64 *out_from, gint64 *out_to,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_certificate_is_half_over (gint64 from, gint64 to, gint64 now);

/* GET /v1/inbox. */
typedef struct {
  gint64 number;
  char *manifest; /* signed statement */
} TamboInboxItem;

void tambo_inbox_item_free (TamboInboxItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboInboxItem, tambo_inbox_item_free)
char *tambo_inbox_items_to_json (GPtrArray *items);
GPtrArray *tambo_inbox_items_from_json (const char *text, gssize size,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* POST /v1/receipts: what a station holds of headquarters' word, so that one that was restored from an
 * older backup learns what it has forgotten. */
#define TAMBO_MAX_CLAIMS 200

typedef struct {
  gint64 sequence, log_index; /* of a receipt */
  gboolean is_kept;           /* the sealed bytes are still there */
  char *sha256;
} TamboClaim;

void tambo_claim_free (TamboClaim *claim);

/* The newest messages of the inbox, the last one first. */
typedef struct {
  gint64 number;
  char *sha256; /* of the manifest's text */
} TamboInboxClaim;

void tambo_inbox_claim_free (TamboInboxClaim *claim);

typedef struct {
  GPtrArray *receipts; /* TamboClaim, at most TAMBO_MAX_CLAIMS */
  GPtrArray *inbox;    /* TamboInboxClaim, likewise */
  gboolean is_whole;   /* as many of the inbox are named as there are, or as may be */
} TamboClaims;

TamboClaims *tambo_claims_new (void);
void tambo_claims_free (TamboClaims *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboClaims, tambo_claims_free)
void tambo_claims_add (TamboClaims *claims, gint64 sequence, gint64 log_index, const char *sha256,
                       gboolean is_kept);
void tambo_claims_add_message (TamboClaims *claims, gint64 number, const char *sha256);
char *tambo_claims_to_json (const TamboClaims *claims);
TamboClaims *tambo_claims_from_json (const char *text, gssize size,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  GArray *unknown;  /* gint64: sequences of receipts that are not known */
  gint64 inbox;     /* number of the newest message that both know; 0 for none */
  gint64 reference; /* version of the reference data; 0 when there is none */
  gint64 changes;   /* newest version of what there is for the station (changes.h); -1: not told */
} TamboClaimsAnswer;

TamboClaimsAnswer *tambo_claims_answer_new (void);
void tambo_claims_answer_free (TamboClaimsAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboClaimsAnswer, tambo_claims_answer_free)
char *tambo_claims_answer_to_json (const TamboClaimsAnswer *answer);
TamboClaimsAnswer *tambo_claims_answer_from_json (const char *text, gssize size,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* GET /v1/reference: the keys that records are sealed for, and from when on. */
typedef struct {
  TamboKey *key;
  char *from; /* RFC 3339 */
} TamboReferenceKey;

typedef struct {
  gint64 version; /* goes up */
  char *time;
  GPtrArray *keys; /* TamboReferenceKey */
} TamboReference;

TamboReference *tambo_reference_new (gint64 version, const char *time);
void tambo_reference_free (TamboReference *reference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboReference, tambo_reference_free)
void tambo_reference_add_key (TamboReference *reference, TamboKey *key, const char *from);
char *tambo_reference_sign (const TamboReference *reference, TamboKey *key);
TamboReference *tambo_reference_verify (const char *text, TamboKey *key,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed: of the keys whose time has come by NOW, the one whose time came last; NULL for none. */
TamboKey *tambo_reference_pick_key (const TamboReference *reference, gint64 now);

/* A bundle on a stick: a folder with the sealed records under their SHA-256 and a list that the station
 * signed; headquarters lays its receipts beside them. */
#define TAMBO_BUNDLE_LIST "list.json"
#define TAMBO_BUNDLE_RECEIPTS "receipts.json"
#define TAMBO_BUNDLE_MAX 1000 /* records */

typedef struct {
  char *sha256, *manifest; /* as they go over the wire */
} TamboBundleEntry;

typedef struct {
  char *station, *created;
  GPtrArray *entries; /* TamboBundleEntry */
} TamboBundle;

TamboBundle *tambo_bundle_new (const char *station, const char *created);
void tambo_bundle_free (TamboBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboBundle, tambo_bundle_free)
void tambo_bundle_add (TamboBundle *bundle, const char *sha256, const char *manifest);
char *tambo_bundle_sign (const TamboBundle *bundle, TamboKey *key);
/* Whose it says it is, before anything was verified. */
char *tambo_bundle_peek_station (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboBundle *tambo_bundle_verify (const char *text, TamboKey *key,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* RECEIPTS has the texts of signed receipts, char *. */
char *tambo_bundle_receipts_to_json (GPtrArray *receipts);
GPtrArray *tambo_bundle_receipts_from_json (const char *text, gssize size,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The inside of an envelope: named parts. An enrolment has "case" (JSON of the case) and one part per
 * sample, named by its slot; an order has "order" (JSON), "lds" (chip/lds.h archive), where the chip
 * takes them "active-key" (chip/active-key.h) and "chip-key" (PEM), and for each captured finger an
 * ISO/IEC 19794-2 template, "reference-right-index"; an event has "event" (JSON). Layout: count u16, then name length u8 | name | size u32 | bytes. */
#define TAMBO_PACKET_REFERENCE "reference-" /* then the name of the finger */
typedef struct _TamboPacket TamboPacket;
TamboPacket *tambo_packet_new (void);
void tambo_packet_free (TamboPacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPacket, tambo_packet_free)
void tambo_packet_add (TamboPacket *packet, const char *name, GBytes *bytes);
void tambo_packet_add_json (TamboPacket *packet, const char *name, JsonObject *object);
GBytes *tambo_packet_get (TamboPacket *packet, const char *name); /* borrowed; NULL when absent */
JsonObject *tambo_packet_get_json (TamboPacket *packet, const char *name,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT; /* the caller's */
GBytes *tambo_packet_encode (TamboPacket *packet);                            /* a secret */
TamboPacket *tambo_packet_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Members of the JSON parts:
 *   order: id, case, tracking_number, document_number, document_type, procedure, mrz, holder
 *          (surname and given names for the clerk), expiry_date or absent, exceptions (array of finger
 *          and reason: why it was not captured), verification_code (of headquarters' public pages, in groups
 *          of four), verification_url (the same as an address) or absent
 *   event: id, kind ("issued", "spoiled", "delivered"), order, case, document_number, blank, profile,
 *          sod_sha256, time, operator; of "delivered" also delivery: manner ("fingerprint", "sight"),
 *          threshold, attempts (array), reason, chip_compared
 *   refusal: id, case, reason, recapture or absent (array of the samples' slots that were not good enough
 *          at headquarters: the applicant is captured anew, in another case)
 *   failure: id, record, reason; its manifest has the record's id in the place of the case's */
