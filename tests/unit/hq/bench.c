/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "format/image-codec.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/operators.h"
#include "store/outbox.h"
#include "sync/envelope.h"
#include "sync/registration.h"

#define OPERATOR "clerk"

char *bench_hq (const char *first, ...) {
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;
  va_list arguments;

  g_ptr_array_add (words, (char *) g_getenv ("TAMBO_HQ"));
  va_start (arguments, first);
  for (const char *word = first; word != NULL; word = va_arg (arguments, const char *))
    g_ptr_array_add (words, (char *) word);
  va_end (arguments);
  g_ptr_array_add (words, NULL);
  g_spawn_sync (NULL, (char **) words->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("tambo-hq %s: %s", first, errors);
  return output;
}

char *bench_file (Bench *bench, const char *name, const char *text) {
  char *path = g_build_filename (bench->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

char *bench_url (Bench *bench) {
  return g_strconcat ("https://", bench->address, NULL);
}

/* A test that aborts takes its server along. */
static void die_with_parent (gpointer data) {
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void bench_start_server (Bench *bench) {
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  bench->server = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("TAMBO_HQ"), "serve",
                                               bench->hq, "--listen", "127.0.0.1:0", NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bench->server));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening on "));
  g_free (bench->address);
  bench->address = g_strdup (line + strlen ("listening on "));
}

void bench_stop_server (Bench *bench, int signal_number) {
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (bench->server, signal_number);
  g_subprocess_wait (bench->server, NULL, &error);
  g_assert_no_error (error);
  if (signal_number == SIGTERM) {
    g_assert_true (g_subprocess_get_if_exited (bench->server));
    g_assert_cmpint (g_subprocess_get_exit_status (bench->server), ==, 0);
  }
  g_clear_object (&bench->server);
}

/* By its invitation, which serves one key, however often its answer is lost. */
static void register_station (Bench *bench) {
  g_autofree char *token = g_strstrip (bench_hq ("station", "invite", bench->hq, STATION, NULL));
  g_autofree char *csr = NULL;
  g_autofree char *other_csr = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *again = NULL;
  g_autofree char *url = bench_url (bench);
  g_autoptr (GBytes) key_pem = NULL;
  g_autoptr (TamboTrust) trust = NULL;
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (GError) error = NULL;
  TamboRegistration registration = { .token = (char *) "00000000000000000000000000000000",
                                     .station = (char *) STATION };

  bench->station_key = tambo_key_generate ();
  registration.csr = csr = tambo_registration_make_csr (bench->station_key, STATION, &error);
  g_assert_no_error (error);
  g_assert_false (tambo_register (url, bench->ca_file, &registration, NULL, &certificate,
                                  &bench->trust, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_TOKEN);
  g_clear_error (&error);
  registration.token = token;
  g_assert_true (tambo_register (url, bench->ca_file, &registration, NULL, &certificate,
                                 &bench->trust, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (bench->trust->name, ==, "Utopia");
  g_assert_true (bench->trust->practice);
  g_assert_true (tambo_register (url, bench->ca_file, &registration, NULL, &again, &trust, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, certificate);
  registration.csr = other_csr = tambo_registration_make_csr (other, STATION, &error);
  g_assert_false (
      tambo_register (url, bench->ca_file, &registration, NULL, &again, &trust, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_TOKEN);

  key_pem = tambo_key_dup_private_pem (bench->station_key);
  bench->certificate_file = bench_file (bench, "station.pem", certificate);
  bench->key_file = g_build_filename (bench->folder, "station.key", NULL);
  g_assert_true (tambo_file_write_durable (bench->key_file, key_pem, 0600, NULL));
}

static void make_store (Bench *bench) {
  g_autofree char *path = g_build_filename (bench->folder, "station.db", NULL);
  g_autoptr (GBytes) password = tambo_secret_new ("correct horse", 13);
  g_autoptr (GError) error = NULL;

  bench->store = tambo_store_create (path, &error);
  g_assert_no_error (error);
  tambo_operators_add (bench->store, OPERATOR, TAMBO_ROLE_CLERK, password, "station", &error);
  g_assert_no_error (error);
  bench->reply_key = tambo_key_generate ();
}

void bench_set_up (Bench *bench) {
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;

  bench->folder = g_dir_make_tmp ("tambo-exchange-XXXXXX", &error);
  g_assert_no_error (error);
  bench->hq = g_build_filename (bench->folder, "hq", NULL);
  output = bench_hq ("init", bench->hq, "--practice", "--name", "Utopia", NULL);
  bench->ca_file = g_build_filename (bench->hq, "ca.pem", NULL);
  bench_start_server (bench);
  register_station (bench);
  make_store (bench);
}

static void remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

void bench_tear_down (Bench *bench) {
  if (bench->server != NULL)
    bench_stop_server (bench, SIGTERM);
  tambo_store_close (bench->store);
  tambo_key_unref (bench->station_key);
  tambo_key_unref (bench->reply_key);
  tambo_trust_free (bench->trust);
  remove_tree (bench->folder);
  g_free (bench->folder);
  g_free (bench->hq);
  g_free (bench->ca_file);
  g_free (bench->certificate_file);
  g_free (bench->key_file);
  g_free (bench->address);
}

TamboClient *bench_client (Bench *bench, guint64 limit_rate) {
  g_autofree char *url = bench_url (bench);
  TamboClientSettings settings = { .url = url,
                                   .ca_file = bench->ca_file,
                                   .certificate = bench->certificate_file,
                                   .key = bench->key_file,
                                   .limit_rate = limit_rate };

  return tambo_client_new (&settings);
}

gboolean bench_exchange (Bench *bench, TamboClient *client, TamboExchangeResult *out_result,
                         GError **error) {
  return tambo_exchange_run (bench->store, client, bench->trust, STATION, bench->station_key, NULL,
                             NULL, NULL, out_result, error);
}

/* Enrolment */

static TamboProcedure *load_procedure (const char *id) {
  g_autofree char *name = g_strconcat (id, ".json", NULL);
  g_autofree char *path = g_build_filename (g_getenv ("TAMBO_DATADIR"), "procedures", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tambo_file_read (path, 100000, &error);
  g_autoptr (JsonObject) object = NULL;
  TamboProcedure *procedure;

  g_assert_no_error (error);
  object = tambo_json_parse_object (g_bytes_get_data (bytes, NULL),
                                    (gssize) g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  procedure = tambo_procedure_from_json (object, &error);
  g_assert_no_error (error);
  return procedure;
}

static TamboApplicant *make_applicant (void) {
  TamboApplicant *applicant = tambo_applicant_new ();

  applicant->surname = g_strdup ("ERIKSSON");
  applicant->given_names = g_strdup ("ANNA MARIA");
  applicant->birth_date = g_strdup ("1974-08-12");
  applicant->sex = TAMBO_SEX_FEMALE;
  applicant->nationality = g_strdup ("UTO");
  applicant->issuing_state = g_strdup ("UTO");
  applicant->document_type = g_strdup ("P");
  applicant->document_number = g_strdup ("L898902C3");
  applicant->expiry_date = g_strdup ("2032-04-15");
  return applicant;
}

/* Rings in a soft gradient: enough of a picture for the codecs. */
static GBytes *draw (int width, int height, int channels, int ring) {
  g_autoptr (TamboImage) image = tambo_image_new (width, height, channels);
  g_autoptr (GError) error = NULL;
  GBytes *png;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < channels; c++) {
        int dx = x - width / 2, dy = y - height / 2;
        int wave = (dx * dx + dy * dy) / ring % 256;

        image->data[(y * width + x) * channels + c] = (guint8) (wave < 128 ? wave + c : 255 - wave);
      }
  png = tambo_image_encode_png (image, &error);
  g_assert_no_error (error);
  return png;
}

static void capture (Bench *bench, TamboEnrolment *enrolment, TamboSampleKind kind,
                     TamboFinger finger, int width, int height, int channels) {
  g_autoptr (TamboSample) sample = tambo_sample_new (kind);
  g_autoptr (GBytes) bytes = draw (width, height, channels, 90 + (int) finger);
  g_autoptr (GError) error = NULL;

  sample->finger = finger;
  sample->document_kind = kind == TAMBO_SAMPLE_DOCUMENT ? g_strdup ("travel-document") : NULL;
  sample->media_type = g_strdup ("image/png");
  sample->width = width;
  sample->height = height;
  sample->ppi = 500;
  sample->quality = kind == TAMBO_SAMPLE_FINGERPRINT ? 70 : -1;
  sample->device = g_strdup ("test");
  sample->operator_id = g_strdup (OPERATOR);
  sample->captured_at = tambo_clock_now ();
  tambo_cases_save_sample (bench->store, enrolment, sample, bytes, OPERATOR, &error);
  g_assert_no_error (error);
}

TamboEnrolment *bench_enrol (Bench *bench) {
  g_autoptr (TamboProcedure) procedure = load_procedure ("temporary-permit");
  TamboEnrolment *enrolment = tambo_enrolment_new (STATION, procedure, OPERATOR);
  g_autoptr (GError) error = NULL;

  enrolment->practice = TRUE;
  g_clear_pointer (&enrolment->applicant, tambo_applicant_free);
  enrolment->applicant = make_applicant ();
  tambo_cases_save (bench->store, enrolment, OPERATOR, &error);
  g_assert_no_error (error);
  capture (bench, enrolment, TAMBO_SAMPLE_PORTRAIT, TAMBO_FINGER_UNKNOWN, 413, 531, 3);
  capture (bench, enrolment, TAMBO_SAMPLE_FINGERPRINT, TAMBO_FINGER_RIGHT_INDEX, 256, 360, 1);
  capture (bench, enrolment, TAMBO_SAMPLE_FINGERPRINT, TAMBO_FINGER_LEFT_INDEX, 256, 360, 1);
  capture (bench, enrolment, TAMBO_SAMPLE_DOCUMENT, TAMBO_FINGER_UNKNOWN, 200, 150, 3);
  return enrolment;
}

TamboPacket *bench_packet_for (Bench *bench, const TamboEnrolment *enrolment) {
  TamboPacket *packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);
  g_autoptr (GError) error = NULL;

  tambo_packet_add_json (packet, "case", object);
  for (guint i = 0; i < enrolment->samples->len; i++) {
    g_autofree char *slot = tambo_sample_dup_slot (enrolment->samples->pdata[i]);
    g_autoptr (GBytes) bytes = tambo_cases_load_sample (bench->store, enrolment, slot, &error);

    g_assert_no_error (error);
    tambo_packet_add (packet, slot, bytes);
  }
  return packet;
}

static TamboManifest *make_manifest (Bench *bench, const TamboEnvelopeHeader *header,
                                     const char *case_id, GBytes *sealed, const char *previous) {
  TamboManifest *manifest = tambo_manifest_new ();
  guint8 root[TAMBO_SHA256_SIZE];
  g_autoptr (GError) error = NULL;

  manifest->id = g_strdup (header->id);
  manifest->kind = g_strdup (header->kind);
  manifest->sender = g_strdup (header->sender);
  manifest->sequence = header->sequence;
  manifest->created = g_strdup (header->created);
  manifest->recipient = tambo_key_dup_id (bench->trust->envelope_key);
  manifest->sha256 = tambo_sha256_hex (sealed);
  manifest->size = (gint64) g_bytes_get_size (sealed);
  manifest->previous = g_strdup (previous);
  manifest->case_id = g_strdup (case_id);
  manifest->reply_key = tambo_key_dup_point (bench->reply_key);
  g_assert_true (tambo_audit_head (bench->store, &manifest->audit_size, root, &error));
  manifest->audit_root = tambo_hex_encode (root, sizeof root);
  return manifest;
}

void bench_queue (Bench *bench, const char *id, const char *kind, const char *case_id,
                  TamboPacket *packet) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (bench->store, &error);
  g_autofree char *created = tambo_clock_now ();
  g_autofree char *previous = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) encoded = tambo_packet_encode (packet);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (TamboManifest) manifest = NULL;
  TamboEnvelopeHeader header = {
    .id = (char *) id, .kind = (char *) kind, .sender = (char *) STATION, .created = created
  };
  TamboOutboxRow row = {
    .id = (char *) id, .kind = (char *) kind, .case_id = (char *) case_id, .priority = 2
  };

  g_assert_no_error (error);
  g_assert_true (tambo_outbox_head (bench->store, &header.sequence, &previous, &error));
  sealed = tambo_envelope_seal (&header, encoded, bench->trust->envelope_key, &error);
  g_assert_no_error (error);
  manifest = make_manifest (bench, &header, case_id, sealed, previous);
  text = tambo_manifest_sign (manifest, bench->station_key);
  row.sequence = header.sequence;
  tambo_outbox_append (bench->store, &row, text, sealed, &error);
  g_assert_no_error (error);
  if (strcmp (kind, "enrolment") == 0)
    tambo_cases_set_state (bench->store, case_id, TAMBO_CASE_QUEUED, OPERATOR, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_transaction_commit (transaction, &error));
  g_assert_no_error (error);
}
