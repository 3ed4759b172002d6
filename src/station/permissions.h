/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may do what: one table of all operations that need an operator. What one person may not do alone
 * names the roles of the second, who has to be somebody else.
 */
#pragma once

#include "store/operators.h"

typedef enum {
  TAMBO_OPERATION_CASE_CAPTURE, /* begin, resume, capture, seal; also a colleague's */
  TAMBO_OPERATION_CASE_SEARCH,
  TAMBO_OPERATION_CASE_APPROVE,      /* or reject; somebody who took no part in the case */
  TAMBO_OPERATION_CASE_APPROVE_HERE, /* the same, at the desk of whoever sits there */
  TAMBO_OPERATION_CASE_DISCARD,
  TAMBO_OPERATION_OUTBOX_RETRY,
  TAMBO_OPERATION_ORDER_READ,
  TAMBO_OPERATION_DOCUMENT_ISSUE,
  TAMBO_OPERATION_DOCUMENT_DELIVER,          /* to whom a finger proves to be the holder */
  TAMBO_OPERATION_DOCUMENT_DELIVER_BY_SIGHT, /* where no finger can */
  TAMBO_OPERATION_STOCK_RECEIVE,
  TAMBO_OPERATION_STOCK_ASSIGN,
  TAMBO_OPERATION_STOCK_RECONCILE,
  TAMBO_OPERATION_STOCK_SPOIL,
  TAMBO_OPERATION_STOCK_RETURN,
  TAMBO_OPERATION_STATION_BACKUP,
  TAMBO_OPERATION_STATION_RESTORE,
  TAMBO_OPERATION_STATION_RETENTION, /* how long what was sent is kept */
  TAMBO_OPERATION_DAY_CLOSE,
  TAMBO_OPERATION_KEY_ROTATE,
  TAMBO_OPERATION_KEY_TOKEN,
  TAMBO_OPERATION_OPERATOR_ADD,
  TAMBO_OPERATION_OPERATOR_DISABLE,
  TAMBO_OPERATION_OPERATOR_UNLOCK,
  TAMBO_OPERATION_OPERATOR_PASSWORD, /* somebody else's */
  TAMBO_OPERATION_OPERATOR_TRUST,    /* whatever makes or changes one who may be a second person */
  TAMBO_OPERATION_OWN_PASSWORD,
  TAMBO_OPERATION_OWN_FINGER,
  TAMBO_N_OPERATIONS,
} TamboOperation;

typedef struct {
  const char *name; /* "stock.receive" */
  guint roles;      /* TamboRole bits */
  guint second;     /* likewise; 0: one person is enough */
} TamboPermission;

/* Those who serve applicants. */
#define TAMBO_ROLES_DESK (TAMBO_ROLE_CLERK | TAMBO_ROLE_SUPERVISOR)
#define TAMBO_ROLES_ALL (TAMBO_ROLES_DESK | TAMBO_ROLE_TECHNICIAN | TAMBO_ROLE_AUDITOR)
/* Those who may be a second person for something. */
#define TAMBO_ROLES_TRUSTED (TAMBO_ROLE_SUPERVISOR | TAMBO_ROLE_TECHNICIAN)

const TamboPermission *tambo_permission (TamboOperation operation);
