/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A headquarters that really runs, in a folder of its own, and a station that is registered with it.
 */
#pragma once

#include "record/enrolment.h"
#include "store/store.h"
#include "sync/client.h"
#include "sync/exchange.h"

typedef struct {
  char *folder; /* of everything */
  char *hq;     /* of headquarters */
  char *ca_file, *certificate_file, *key_file;
  char *address; /* of the server that runs */
  GSubprocess *server;
  TamboStore *store;
  TamboKey *station_key, *reply_key;
  TamboTrust *trust;
} Bench;

#define STATION "VAN-7"

void bench_set_up (Bench *bench);
void bench_tear_down (Bench *bench);
void bench_start_server (Bench *bench);
void bench_stop_server (Bench *bench, int signal_number);
/* Runs tambo-hq with the words up to NULL; the output. */
char *bench_hq (const char *first, ...) G_GNUC_NULL_TERMINATED;
char *bench_file (Bench *bench, const char *name, const char *text);
char *bench_url (Bench *bench);
/* As the registered station. */
TamboClient *bench_client (Bench *bench, guint64 limit_rate);
gboolean bench_exchange (Bench *bench, TamboClient *client, TamboExchangeResult *out_result,
                         GError **error);

/* ERIKSSON, complete under the temporary permit. Saved as a draft in the store. */
TamboEnrolment *bench_enrol (Bench *bench);
TamboPacket *bench_packet_for (Bench *bench, const TamboEnrolment *enrolment);
/* Seals PACKET into the outbox. */
void bench_queue (Bench *bench, const char *id, const char *kind, const char *case_id,
                  TamboPacket *packet);
