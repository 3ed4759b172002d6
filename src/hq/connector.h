/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Services of others that are asked about a case: an identity register, a bank about the voucher, the
 * police. HTTP POST of a JSON object, answered by {"result":"clear"|"hit"|"unknown","reference":TEXT}
 * (docs/protocol.md). Which ones there are is in connectors.json of hq/key-folder.h: their tokens are
 * secrets.
 *
 * Each is asked a few times with pauses; one that keeps failing rests for a while (circuit breaker) and is
 * not asked meanwhile. What happens to the case then, its policy says: it waits and is asked about again,
 * at most for some hours, or goes to a person at once.
 */
#pragma once

#include "hq/validation.h"
#include "record/enrolment.h"

typedef enum {
  TAMBO_CONNECTOR_IDENTITY, /* is told who the applicant says to be, and by which document */
  TAMBO_CONNECTOR_VOUCHER,  /* the tracking number and the document's number alone */
  TAMBO_CONNECTOR_POLICE,   /* as the first */
  TAMBO_CONNECTOR_KINDS
} TamboConnectorKind;

typedef enum {
  TAMBO_CONNECTOR_WAIT,
  TAMBO_CONNECTOR_PERSON,
} TamboConnectorPolicy;

typedef struct {
  char *name; /* 1 to 32 of a-z 0-9 - */
  TamboConnectorKind kind;
  char *url;     /* https, or http of this machine */
  char *ca_file; /* PEM; NULL: the system's */
  char *token;   /* sent as a bearer's; NULL for none */
  int timeout;   /* milliseconds, for one try */
  TamboConnectorPolicy policy;
  int wait_hours; /* then it goes to a person all the same */
  int rest;       /* seconds of the first rest; doubled by each that follows */
} TamboConnector;

TamboConnector *tambo_connector_new (const char *name, TamboConnectorKind kind, const char *url);
void tambo_connector_free (TamboConnector *connector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboConnector, tambo_connector_free)

const char *tambo_connector_kind_to_string (TamboConnectorKind kind);
gboolean tambo_connector_kind_from_string (const char *text,
                                           TamboConnectorKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;
const char *tambo_connector_policy_to_string (TamboConnectorPolicy policy);
gboolean tambo_connector_policy_from_string (const char *text, TamboConnectorPolicy *out_policy)
    G_GNUC_WARN_UNUSED_RESULT;

void tambo_connectors_free (TamboConnectors *connectors);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboConnectors, tambo_connectors_free)

/* Those of FOLDER; none when there is no file. */
TamboConnectors *tambo_connectors_load (const char *folder,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed; read again when the file has changed. Of the thread that decides. */
TamboConnectors *tambo_hq_get_connectors (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint tambo_connectors_count (const TamboConnectors *connectors);
const TamboConnector *tambo_connectors_get (const TamboConnectors *connectors, guint index);
/* Takes CONNECTOR, in the place of one of its name. INVALID for one that must not be. */
gboolean tambo_connectors_put (TamboConnectors *connectors, TamboConnector *connector,
                               GError **error);
/* NOT_FOUND. */
gboolean tambo_connectors_remove (TamboConnectors *connectors, const char *name, GError **error);
gboolean tambo_connectors_save (const TamboConnectors *connectors, const char *folder,
                                GError **error);

/* "connector-NAME". A refusal to answer is a state of it, not an error. WAITING_SINCE: Unix seconds when it was
 * asked for the first time, 0 when that is now. */
TamboValidation *tambo_connectors_ask (TamboConnectors *connectors, guint index,
                                       const TamboEnrolment *enrolment, gint64 waiting_since);
/* Asks with {"check":"probe"}: whether it is there and answers as it should. */
gboolean tambo_connector_probe (const TamboConnector *connector, GError **error);
