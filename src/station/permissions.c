/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/permissions.h"

#define SUPERVISOR TAMBO_ROLE_SUPERVISOR
#define TECHNICIAN TAMBO_ROLE_TECHNICIAN
#define AUDITOR TAMBO_ROLE_AUDITOR
#define DESK TAMBO_ROLES_DESK
#define TRUSTED TAMBO_ROLES_TRUSTED
#define ALL TAMBO_ROLES_ALL
#define ALONE 0

/* Blanks go into and out of the vault, and keys are turned, by two; rights are taken away by one, so that
 * it is quick, and given by two. */
static const TamboPermission permissions[] = {
  [TAMBO_OPERATION_CASE_CAPTURE] = { "case.capture", DESK, ALONE },
  [TAMBO_OPERATION_CASE_SEARCH] = { "case.search", DESK | AUDITOR, ALONE },
  [TAMBO_OPERATION_CASE_APPROVE] = { "case.approve", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_CASE_APPROVE_HERE] = { "case.approve-here", DESK, SUPERVISOR },
  [TAMBO_OPERATION_CASE_DISCARD] = { "case.discard", DESK, ALONE },
  [TAMBO_OPERATION_OUTBOX_RETRY] = { "outbox.retry", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_ORDER_READ] = { "order.read", DESK, ALONE },
  [TAMBO_OPERATION_DOCUMENT_ISSUE] = { "document.issue", DESK, ALONE },
  [TAMBO_OPERATION_DOCUMENT_DELIVER] = { "document.deliver", DESK, ALONE },
  [TAMBO_OPERATION_DOCUMENT_DELIVER_BY_SIGHT] = { "document.deliver-by-sight", DESK, SUPERVISOR },
  [TAMBO_OPERATION_STOCK_RECEIVE] = { "stock.receive", SUPERVISOR, TRUSTED },
  [TAMBO_OPERATION_STOCK_ASSIGN] = { "stock.assign", SUPERVISOR, TRUSTED },
  [TAMBO_OPERATION_STOCK_RECONCILE] = { "stock.reconcile", DESK | AUDITOR, TRUSTED },
  [TAMBO_OPERATION_STOCK_SPOIL] = { "stock.spoil", SUPERVISOR, TRUSTED },
  [TAMBO_OPERATION_STOCK_RETURN] = { "stock.return", SUPERVISOR, TRUSTED },
  [TAMBO_OPERATION_STATION_BACKUP] = { "station.backup", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_STATION_RESTORE] = { "station.restore", SUPERVISOR, TRUSTED },
  [TAMBO_OPERATION_STATION_RETENTION] = { "station.retention", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_DAY_CLOSE] = { "day.close", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_KEY_ROTATE] = { "key.rotate", TRUSTED, TRUSTED },
  [TAMBO_OPERATION_KEY_TOKEN] = { "key.token", TRUSTED, TRUSTED },
  [TAMBO_OPERATION_OPERATOR_ADD] = { "operator.add", TRUSTED, ALONE },
  [TAMBO_OPERATION_OPERATOR_DISABLE] = { "operator.disable", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_OPERATOR_UNLOCK] = { "operator.unlock", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_OPERATOR_PASSWORD] = { "operator.password", SUPERVISOR, ALONE },
  [TAMBO_OPERATION_OPERATOR_TRUST] = { "operator.trust", SUPERVISOR, TRUSTED },
  [TAMBO_OPERATION_OWN_PASSWORD] = { "own.password", ALL, ALONE },
  [TAMBO_OPERATION_OWN_FINGER] = { "own.finger", ALL, ALONE },
};

const TamboPermission *tambo_permission (TamboOperation operation) {
  return &permissions[operation];
}
