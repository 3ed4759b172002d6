/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the sweep over an exchange does at the station:
 *   exchange-desk seal FOLDER    one more record in the outbox; prints its id when that is durable
 *   exchange-desk botch FOLDER   the same, with one that headquarters can make nothing of
 *   exchange-desk verify FOLDER  prints "ID STATE" for each record of a station in which all holds
 *   exchange-desk fill FOLDER COUNT SIZE [PRIORITY]
 *                                COUNT records of up to twice SIZE bytes
 */
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "station/audit-desk.h"
#include "station/headquarters.h"
#include "station/station-private.h"

#define BALLAST 30000 /* bytes: some pages of the database */
#define URGENT 1
#define MAX_FILL (32 * 1024 * 1024)

static gboolean append_event (TamboStation *station, const char *order, gsize size, int priority,
                              GError **error) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (GBytes) ballast = tambo_random_bytes (size);
  g_autoptr (TamboTransaction) transaction =
      tambo_transaction_begin (tambo_station_get_store (station), error);

  json_object_set_string_member (event, "id", id);
  json_object_set_string_member (event, "kind", "spoiled");
  if (order != NULL)
    json_object_set_string_member (event, "order", order);
  tambo_packet_add_json (packet, "event", event);
  tambo_packet_add (packet, "ballast", ballast);
  if (transaction == NULL
      || !tambo_station_queue_record (station, "event", id, NULL, packet, priority, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  puts (id);
  return TRUE;
}

static gboolean seal (TamboStation *station, GError **error) {
  return append_event (station, "none", BALLAST, URGENT, error);
}

static gboolean botch (TamboStation *station, GError **error) {
  return append_event (station, NULL, BALLAST, URGENT, error);
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

/* COUNT SIZE [PRIORITY] */
static int fill (int argc, char **argv) {
  guint64 count, size, priority = URGENT;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = NULL;

  if (argc < 5 || argc > 6 || !g_ascii_string_to_unsigned (argv[3], 10, 1, 1000000, &count, NULL)
      || !g_ascii_string_to_unsigned (argv[4], 10, 1, MAX_FILL, &size, NULL)
      || (argc == 6 && !g_ascii_string_to_unsigned (argv[5], 10, 0, 2, &priority, NULL)))
    return 2;
  station = tambo_station_open (argv[2], &error);
  for (guint64 i = 0; station != NULL && i < count; i++) {
    gsize bytes = count == 1 ? size : 1 + (gsize) g_random_int_range (0, (gint32) (2 * size));

    if (!append_event (station, "none", bytes, (int) priority, &error))
      break;
  }
  if (error != NULL)
    fprintf (stderr, "exchange-desk: %s\n", error->message);
  return error == NULL ? 0 : 1;
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

  if (argc > 2 && strcmp (argv[1], "fill") == 0)
    return fill (argc, argv);
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
