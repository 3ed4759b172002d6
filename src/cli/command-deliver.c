/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "biometric/match.h"
#include "cli/capture-words.h"
#include "cli/second.h"
#include "station/deliver.h"

typedef struct {
  char *finger, *poor_because, *by_sight, *reader;
  gboolean chip;
  TamboCliSecond second;
} Words;

static void words_clear (Words *words) {
  g_free (words->finger);
  g_free (words->poor_because);
  g_free (words->by_sight);
  g_free (words->reader);
  tambo_cli_second_clear (&words->second);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

/* ---- a finger ---- */

static void say_attempt (int attempt, const char *why, gpointer data) {
  const TamboCli *cli = data;

  if (why != NULL && !cli->json)
    printf ("  once more, because %s\n", why);
}

static gboolean verify_at_sensor (TamboCli *cli, TamboDelivery *delivery, TamboFinger finger,
                                  const char *poor_because, GError **error) {
  g_autoptr (TamboDeviceManager) devices = tambo_device_manager_new ();
  TamboCaptureDesk desk = { .devices = devices, .attempt = say_attempt, .data = cli };

  return tambo_device_manager_scan (devices, cli->cancellable, error)
         && tambo_delivery_verify_at_desk (delivery, finger, &desk, poor_because, cli->cancellable,
                                           error);
}

static gboolean verify (TamboCli *cli, TamboDelivery *delivery, const Words *words,
                        GError **error) {
  TamboFinger finger = tambo_delivery_choose_finger (delivery);
  const char *source = "sensor";

  if (words->finger != NULL
      && !tambo_capture_words_split_finger (words->finger, &finger, &source, error))
    return FALSE;
  if (g_strcmp0 (source, "sensor") == 0)
    return verify_at_sensor (cli, delivery, finger, words->poor_because, error);
  g_autoptr (TamboImage) image = tambo_capture_words_read_finger (source, finger, error);
  return image != NULL
         && tambo_delivery_verify (delivery, finger, image, "file", words->poor_because, error);
}

/* ---- how it ended ---- */

static void print_end (const TamboDelivery *delivery, gboolean by_sight) {
  guint n = json_array_get_length (delivery->attempts);
  JsonObject *last = n > 0 ? json_array_get_object_element (delivery->attempts, n - 1) : NULL;

  if (by_sight)
    printf ("holder known by sight, by two persons\n");
  else
    printf ("holder verified: %s, score %d (%d needed), attempt %u\n",
            json_object_get_string_member (last, "finger"),
            (int) json_object_get_int_member (last, "score"), TAMBO_MATCH_THRESHOLD, n);
  if (delivery->chip_compared)
    printf ("chip compared: DG1 and SOD are those of the order\n");
  printf ("document %s delivered\n", delivery->order->document_number);
}

static TamboExit report (TamboCli *cli, const TamboDelivery *delivery, gboolean by_sight) {
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "order", delivery->order->id);
  json_object_set_string_member (document, "document_number", delivery->order->document_number);
  json_object_set_string_member (document, "blank", delivery->blank);
  json_object_set_string_member (document, "manner", by_sight ? "sight" : "fingerprint");
  json_object_set_int_member (document, "threshold", TAMBO_MATCH_THRESHOLD);
  json_object_set_array_member (document, "attempts", json_array_ref (delivery->attempts));
  json_object_set_boolean_member (document, "chip_compared", delivery->chip_compared);
  if (!cli->json)
    print_end (delivery, by_sight);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

/* Where a finger cannot help any more, the next action is the two persons'. */
static TamboExit fail (const GError *error) {
  const char *what = "document not delivered";

  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES))
    return tambo_cli_fail_with (error, what,
                                "let a supervisor look at the holder and the portrait ('deliver "
                                "ORDER --by-sight REASON --second ID')");
  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY))
    return tambo_cli_fail_with (error, what,
                                "try again, or say why there is no better print ('--poor-because "
                                "REASON')");
  return tambo_cli_fail (error, what);
}

static TamboExit deliver (TamboCli *cli, const char *order_id, const Words *words) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &words->second, &error);
  g_autoptr (TamboDelivery) delivery =
      station != NULL ? tambo_delivery_begin (station, order_id, &error) : NULL;
  if (delivery == NULL)
    return fail (error);

  gboolean reads_chip = words->chip || words->reader != NULL;
  if ((reads_chip
       && !tambo_delivery_compare_chip (delivery, words->reader, cli->cancellable, &error))
      || !(words->by_sight != NULL ? tambo_delivery_by_sight (delivery, words->by_sight, &error)
                                   : verify (cli, delivery, words, &error)))
    return fail (error);
  return report (cli, delivery, words->by_sight != NULL);
}

TamboExit tambo_command_deliver (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { .second = TAMBO_CLI_SECOND_INIT };
  const GOptionEntry options[] = {
    { "finger", 0, 0, G_OPTION_ARG_FILENAME, &words.finger,
      "The holder's finger (an index finger on the sensor)", "POSITION=FILE|sensor" },
    { "poor-because", 0, 0, G_OPTION_ARG_STRING, &words.poor_because,
      "Compare a poor print too, and keep why there is no better one", "REASON" },
    { "by-sight", 0, 0, G_OPTION_ARG_STRING, &words.by_sight,
      "Where no finger can be verified: two persons have looked", "REASON" },
    { "chip", 0, 0, G_OPTION_ARG_NONE, &words.chip, "Read the chip and compare it with the order",
      NULL },
    { "reader", 0, 0, G_OPTION_ARG_STRING, &words.reader, "The same, on this reader", "NAME" },
    TAMBO_CLI_SECOND_OPTIONS (words.second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("deliver", "ORDER",
                        "Hands an issued document to its holder, who is known by a finger.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the order's ID is needed");
  if (words.by_sight != NULL && words.finger != NULL)
    return tambo_cli_usage ("a document is delivered by a finger or by sight, not both");
  return deliver (cli, argv[1], &words);
}
