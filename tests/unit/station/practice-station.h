/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station in a folder of its own with three operators, and the keys of the headquarters that it would
 * be registered with.
 */
#pragma once

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/json.h"
#include "biometric/fingerprint-picture.h"
#include "format/image-codec.h"
#include "station/enrol.h"
#include "station/operator-desk.h"
#include "station/station.h"
#include "store/audit.h"

#define PASSWORD "practice-password"
#define MRZ_LINES                                                                                  \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L898902C36UTO7408122F3204153ZE184226B<<<<<16"

typedef struct {
  char *folder;
  TamboStation *station;
  TamboKey *envelope_key, *signing_key; /* headquarters' */
} Practice;

static inline void write_text (const char *folder, const char *name, const char *text) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_file_write_durable (path, bytes, 0600, &error));
}

static inline void sign_in (Practice *practice, const char *id) {
  g_autoptr (GBytes) password = tambo_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (GError) error = NULL;

  tambo_station_sign_in (practice->station, id, password, &error);
  g_assert_no_error (error);
}

static inline void bring_second (Practice *practice, const char *id) {
  g_autoptr (GBytes) password = tambo_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (GError) error = NULL;

  tambo_station_bring_second (practice->station, id, password, &error);
  g_assert_no_error (error);
}

static inline void add_first_operator (Practice *practice, const char *id) {
  g_autoptr (GBytes) password = tambo_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (GError) error = NULL;

  tambo_operator_desk_add (practice->station, id, TAMBO_ROLE_SUPERVISOR, password, &error);
  g_assert_no_error (error);
}

/* Who has changed the first password. */
static inline void add_operator (Practice *practice, const char *id, TamboRole role) {
  g_autoptr (GBytes) first = tambo_secret_new ("first password", 14);
  g_autoptr (GBytes) password = tambo_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (GError) error = NULL;

  tambo_operator_desk_add (practice->station, id, role, first, &error);
  g_assert_no_error (error);
  tambo_operator_desk_change_password (practice->station, id, first, password, &error);
  g_assert_no_error (error);
}

/* The newest entry of ACTION was of ACTOR. */
static inline void assert_audit (TamboStation *station, const char *actor, const char *action) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = tambo_audit_list (tambo_station_get_store (station), &error);
  const char *found = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++) {
    const TamboAuditEntry *entry = entries->pdata[i];
    if (g_str_equal (entry->action, action))
      found = entry->actor;
  }
  g_assert_cmpstr (found, ==, actor);
}

static inline void write_trust (Practice *practice) {
  g_autoptr (GPtrArray) csca = g_ptr_array_new ();
  TamboTrust trust = {
    .name = (char *) "headquarters of the test",
    .signing_key = practice->signing_key,
    .envelope_key = practice->envelope_key,
    .csca = csca,
    .practice = TRUE,
  };
  g_autoptr (JsonObject) object = tambo_trust_to_json (&trust);
  g_autofree char *text = tambo_json_canonical (object);

  write_text (practice->folder, "trust.json", text);
}

static inline TamboStation *make_station (const char *folder) {
  g_autofree char *ca = g_build_filename (folder, "authority.pem", NULL);
  g_autofree char *home = g_build_filename (folder, "station", NULL);
  TamboStationMaking making = {
    .folder = home,
    .code = "MIG-TEST-01",
    .url = "https://127.0.0.1:1",
    .ca_file = ca,
  };
  g_autoptr (GError) error = NULL;

  write_text (folder, "authority.pem", "not read before the first contact\n");
  TamboStation *station = tambo_station_make (&making, NULL, &error);
  g_assert_no_error (error);
  tambo_store_set_setting (tambo_station_get_store (station), "scrypt-log2-n", "10", &error);
  g_assert_no_error (error);
  return station;
}

/* Two supervisors, "supervisor" and "deputy", and a clerk, who is signed in. */
static inline Practice *practice_new (gboolean registered) {
  Practice *practice = g_new0 (Practice, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_dir_make_tmp ("tambo-station-XXXXXX", &error);

  g_assert_no_error (error);
  practice->station = make_station (root);
  practice->folder = g_build_filename (root, "station", NULL);
  practice->envelope_key = tambo_key_generate ();
  practice->signing_key = tambo_key_generate ();
  add_first_operator (practice, "supervisor");
  sign_in (practice, "supervisor");
  add_operator (practice, "deputy", TAMBO_ROLE_SUPERVISOR);
  add_operator (practice, "clerk", TAMBO_ROLE_CLERK);
  if (registered) {
    write_trust (practice);
    g_object_unref (practice->station);
    practice->station = tambo_station_open (practice->folder, &error);
    g_assert_no_error (error);
  }
  sign_in (practice, "clerk");
  return practice;
}

static inline void practice_free (Practice *practice) {
  g_autofree char *root = g_path_get_dirname (practice->folder);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", root);

  g_object_unref (practice->station);
  tambo_key_unref (practice->envelope_key);
  tambo_key_unref (practice->signing_key);
  g_free (practice->folder);
  g_free (practice);
  g_assert_cmpint (system (command), ==, 0);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Practice, practice_free)

/* Arched ridges of nine pixels on a white ground, as a plain print at 500 ppi has them. */
static inline TamboImage *ridges_new (void) {
  TamboImage *image = tambo_image_new (320, 400, 1);

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      double dx = x - 160.0, dy = y - 420.0;
      double inside = (dx * dx) / (130.0 * 130) + ((y - 200.0) * (y - 200.0)) / (180.0 * 180);
      double wave = sin (sqrt (dx * dx * 1.6 + dy * dy) * 2 * G_PI / 9);
      image->data[y * image->width + x] = inside > 1 ? 255 : (guint8) (128 + 110 * wave);
    }
  image->ppi = 500;
  return image;
}

/* A face in the rough: a sharp head and shoulders before a light ground. */
static inline GBytes *portrait_new (void) {
  g_autoptr (TamboImage) image = tambo_image_new (600, 800, 3);
  g_autoptr (GError) error = NULL;

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      double hx = (x - 300) / 150.0, hy = (y - 330) / 200.0;
      gboolean head = hx * hx + hy * hy < 1;
      gboolean body = y > 560 && ABS (x - 300) < 120 + (y - 560);
      gboolean eye = head && ABS (y - 300) < 12 && ABS (ABS (x - 300) - 60) < 24;
      guint8 *pixel = image->data + (y * 600 + x) * 3;
      pixel[0] = eye ? 30 : head ? 205 : body ? 40 : 208;
      pixel[1] = eye ? 30 : head ? 165 : body ? 60 : 208;
      pixel[2] = eye ? 30 : head ? 140 : body ? 110 : 212;
      if ((x * 7 + y * 13) % 11 == 0)
        pixel[1] += 6;
    }
  GBytes *file = tambo_image_encode_jpeg (image, 92, &error);
  g_assert_no_error (error);
  return file;
}

/* As the desk measures a print that was pressed. */
static inline TamboFingerprintQuality measure (const TamboImage *image) {
  g_autoptr (TamboImage) print = tambo_fingerprint_normalise (image);
  TamboFingerprintQuality quality;

  tambo_fingerprint_quality (print, &quality);
  return quality;
}

static inline gboolean add_finger (Practice *practice, TamboEnrolment *enrolment,
                                   TamboFinger finger, const TamboImage *image, GError **error) {
  const TamboFingerprintQuality quality = measure (image);

  return tambo_enrol_add_finger (practice->station, enrolment, finger, image, &quality, "test",
                                 error);
}
