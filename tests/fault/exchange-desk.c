/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the sweep over an exchange does at the station:
 *   exchange-desk seal FOLDER    one more record in the outbox; prints its id when that is durable
 *   exchange-desk botch FOLDER   the same, with one that headquarters can make nothing of
 *   exchange-desk verify FOLDER  prints "ID STATE" for each record of a station in which all holds
 */
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "station/audit-desk.h"
#include "station/headquarters.h"
#include "station/station-private.h"

#define BALLAST 30000 /* bytes: some pages of the database */

static gboolean append_event (TamboStation *station, const char *order, GError **error) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (GBytes) ballast = tambo_random_bytes (BALLAST);
  g_autoptr (TamboTransaction) transaction =
      tambo_transaction_begin (tambo_station_get_store (station), error);

  json_object_set_string_member (event, "id", id);
  json_object_set_string_member (event, "kind", "spoiled");
  if (order != NULL)
    json_object_set_string_member (event, "order", order);
  tambo_packet_add_json (packet, "event", event);
  tambo_packet_add (packet, "ballast", ballast);
  if (transaction == NULL
      || !tambo_station_queue_record (station, "event", id, NULL, packet, 1, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  puts (id);
  return TRUE;
}

static gboolean seal (TamboStation *station, GError **error) {
  return append_event (station, "none", error);
}

static gboolean botch (TamboStation *station, GError **error) {
  return append_event (station, NULL, error);
}

static gboolean verify (TamboStation *station, GError **error) {
  gint64 entries, countersigned;
  guint records;
  g_autoptr (GPtrArray) rows = NULL;

  if (!tambo_store_verify (tambo_station_get_store (station), error)
      || !tambo_headquarters_verify_outbox (station, &records, error)
      || !tambo_audit_desk_verify (station, &entries, &countersigned, error))
    return FALSE;
  rows = tambo_headquarters_list_outbox (station, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];

    printf ("%s %s\n", row->id, tambo_outbox_state_to_string (row->state));
  }
  return rows != NULL;
}

int main (int argc, char **argv) {
  static const struct {
    const char *name;
    gboolean (*run) (TamboStation *station, GError **error);
  } modes[] = { { "seal", seal }, { "botch", botch }, { "verify", verify } };
  g_autoptr (TamboStation) station = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_done;
  gsize mode = 0;

  while (argc == 3 && mode < G_N_ELEMENTS (modes) && strcmp (argv[1], modes[mode].name) != 0)
    mode++;
  if (argc != 3 || mode == G_N_ELEMENTS (modes))
    return 2;
  station = tambo_station_open (argv[2], &error);
  is_done = station != NULL && modes[mode].run (station, &error);
  if (!is_done)
    fprintf (stderr, "exchange-desk: %s\n", error->message);
  return is_done ? 0 : 1;
}
