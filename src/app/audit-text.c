/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit-text.h"

#include <glib/gi18n.h>

static const struct {
  const char *action, *title;
} titles[] = {
  { "alert.hit", N_ ("Alert of headquarters seen") },
  { "appointment.arrive", N_ ("Applicant with an appointment came") },
  { "case.alert", N_ ("Alert found for a case") },
  { "case.approve", N_ ("Exceptions approved") },
  { "case.approve-here", N_ ("Exceptions approved at this desk") },
  { "case.capture", N_ ("Capture changed") },
  { "case.discard", N_ ("Case discarded") },
  { "case.discarded", N_ ("Case discarded") },
  { "case.new", N_ ("Case begun") },
  { "case.purge", N_ ("Case removed after its receipt") },
  { "case.queued", N_ ("Case waits to be sent") },
  { "case.recapture", N_ ("Case opened to be captured again") },
  { "case.reject", N_ ("Case sent back") },
  { "case.rejected", N_ ("Case sent back") },
  { "case.save", N_ ("Case saved") },
  { "case.search", N_ ("Cases searched") },
  { "certificate.renew", N_ ("Station's certificate renewed") },
  { "day.close", N_ ("Day closed") },
  { "document.deliver", N_ ("Document delivered") },
  { "document.deliver-by-sight", N_ ("Document delivered by sight") },
  { "document.issue", N_ ("Document issued") },
  { "document.verify", N_ ("Holder compared") },
  { "feed.receive", N_ ("Reference data received") },
  { "inbox.delivered", N_ ("Delivery told to headquarters") },
  { "inbox.receive", N_ ("Order received") },
  { "key.heal", N_ ("Key repaired") },
  { "key.rotate", N_ ("Key changed") },
  { "key.token", N_ ("Token bound to the key") },
  { "key.token-removed", N_ ("Token unbound from the key") },
  { "operator.add", N_ ("Operator added") },
  { "operator.disable", N_ ("Operator disabled") },
  { "operator.enable", N_ ("Operator enabled") },
  { "operator.finger", N_ ("Operator's finger noted") },
  { "operator.first-password", N_ ("First password given") },
  { "operator.password", N_ ("Password changed") },
  { "operator.reopen", N_ ("Operator let in again") },
  { "operator.role", N_ ("Role changed") },
  { "operator.second-by-finger", N_ ("Second person came by finger") },
  { "operator.second-refused", N_ ("Second person refused") },
  { "operator.sign-in", N_ ("Signed in") },
  { "operator.sign-in-failed", N_ ("Sign-in failed") },
  { "operator.trust", N_ ("Operator trusted") },
  { "operator.unlock", N_ ("Desk unlocked") },
  { "order.read", N_ ("Order opened") },
  { "outbox.export", N_ ("Records exported") },
  { "outbox.lost", N_ ("Records lost at headquarters") },
  { "outbox.refused", N_ ("Record refused by headquarters") },
  { "outbox.retry", N_ ("Record sent again") },
  { "outbox.rewound", N_ ("Records sent once more") },
  { "record.purge", N_ ("Record removed after its receipt") },
  { "record.seal", N_ ("Record sealed") },
  { "sample.remove", N_ ("Capture removed") },
  { "sample.restore", N_ ("Capture taken back") },
  { "sample.save", N_ ("Capture saved") },
  { "station.backup", N_ ("Backup made") },
  { "station.restore", N_ ("Backup restored") },
  { "station.retention", N_ ("Retention changed") },
  { "stock.assign", N_ ("Blanks assigned") },
  { "stock.count", N_ ("Blanks counted") },
  { "stock.issued", N_ ("Blank issued") },
  { "stock.receive", N_ ("Blanks received") },
  { "stock.reconcile", N_ ("Count of blanks closed") },
  { "stock.return", N_ ("Blank returned to stock") },
  { "stock.spoil", N_ ("Blank spoiled") },
  { "stock.spoiled", N_ ("Blank spoiled") },
  { "stock.take", N_ ("Blank taken from stock") },
};

const char *tambo_text_audit (const char *action) {
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].action, action))
      return _ (titles[i].title);
  return action;
}
