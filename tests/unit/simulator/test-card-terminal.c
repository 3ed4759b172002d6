/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Both ends of terminal authentication: whom the chip lets in, and whom it does not.
 */
#include "simulator/card-terminal.h"

#include <string.h>

#include "base/bytes.h"
#include "cv-maker.h"
#include "format/tlv.h"

#define OK 0x9000
#define FAILED 0x6300
#define UNKNOWN 0x6A88
#define FORBIDDEN 0x6982

typedef struct {
  EVP_PKEY *authority, *verifier, *own;
  TamboCardTerminal *chip;
  GByteArray *message;
} Fixture;

#define AUTHORITY "UTCVCA00001"
#define VERIFIER "UTDV00001"
#define OWN "UTIS00001"

static const CvWish authority_wish = { AUTHORITY, AUTHORITY, 0xC3, "260110", "281231", TRUE };
static const CvWish verifier_wish = { AUTHORITY, VERIFIER, 0x83, "260120", "260601", FALSE };
static const CvWish own_wish = { VERIFIER, OWN, 0x03, "260121", "260301", FALSE };

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;

  fixture->authority = cv_key ();
  fixture->verifier = cv_key ();
  fixture->own = cv_key ();
  g_autoptr (GBytes) certificate =
      cv_make (&authority_wish, fixture->authority, fixture->authority);
  fixture->chip = tambo_card_terminal_new (certificate, &error);
  g_assert_no_error (error);
  fixture->message = g_byte_array_new ();
  g_byte_array_append (fixture->message, (const guint8 *) "message", 7);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  EVP_PKEY_free (fixture->authority);
  EVP_PKEY_free (fixture->verifier);
  EVP_PKEY_free (fixture->own);
  tambo_card_terminal_free (fixture->chip);
  g_byte_array_unref (fixture->message);
}

static guint16 set (Fixture *fixture, guint8 p2, const char *reference) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  TamboCommand command = { .ins = 0x22, .p1 = 0x81, .p2 = p2, .le = TAMBO_LE_NONE };

  tambo_tlv_put (data, 0x83, reference, strlen (reference));
  command.data = data->data;
  command.size = data->len;
  return tambo_card_terminal_set (fixture->chip, &command);
}

/* Shows the chip a certificate of KEY; what it says to it. */
static guint16 show (Fixture *fixture, const CvWish *wish, EVP_PKEY *key, EVP_PKEY *issuer) {
  g_autoptr (GBytes) bytes = cv_make (wish, key, issuer);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_autoptr (TamboCvCertificate) certificate = tambo_cv_certificate_parse (data, size, NULL);
  TamboCommand command = { .ins = 0x2A, .p2 = 0xBE, .le = TAMBO_LE_NONE };

  guint16 sw = set (fixture, 0xB6, wish->authority);
  if (sw != OK)
    return sw;
  command.data = g_bytes_get_data (certificate->message, &command.size);
  return tambo_card_terminal_verify (fixture->chip, &command);
}

static guint16 prove (Fixture *fixture, EVP_PKEY *key) {
  TamboCommand command = { .ins = 0x82, .le = TAMBO_LE_NONE };
  g_autoptr (GBytes) signature =
      tambo_cv_sign (CV_ECDSA_SHA256, key, fixture->message->data, fixture->message->len);

  command.data = g_bytes_get_data (signature, &command.size);
  return tambo_card_terminal_authenticate (fixture->chip, &command, fixture->message);
}

static void show_all (Fixture *fixture) {
  g_assert_cmphex (show (fixture, &verifier_wish, fixture->verifier, fixture->authority), ==, OK);
  g_assert_cmphex (show (fixture, &own_wish, fixture->own, fixture->verifier), ==, OK);
  g_assert_cmphex (set (fixture, 0xA4, OWN), ==, OK);
}

static void test_let_in (Fixture *fixture, gconstpointer data) {
  g_assert_false (tambo_card_terminal_may_read (fixture->chip, 3));
  show_all (fixture);
  g_assert_false (tambo_card_terminal_may_read (fixture->chip, 3));
  g_assert_cmphex (prove (fixture, fixture->own), ==, OK);
  g_assert_true (tambo_card_terminal_may_read (fixture->chip, 3));
  g_assert_true (tambo_card_terminal_may_read (fixture->chip, 4));
  g_assert_cmphex (prove (fixture, fixture->own), ==, FORBIDDEN); /* once in a session */
  tambo_card_terminal_reset (fixture->chip);
  g_assert_false (tambo_card_terminal_may_read (fixture->chip, 3));
  g_assert_cmphex (set (fixture, 0xA4, OWN), ==, UNKNOWN);
}

static void test_other_key (Fixture *fixture, gconstpointer data) {
  show_all (fixture);
  g_assert_cmphex (prove (fixture, fixture->verifier), ==, FAILED);
  g_assert_false (tambo_card_terminal_may_read (fixture->chip, 3));
  g_assert_cmphex (prove (fixture, fixture->own), ==, FORBIDDEN);
}

/* Nobody has more rights than all above him together (TR-03110-3 section 2.6). */
static void test_rights (Fixture *fixture, gconstpointer data) {
  CvWish narrow = verifier_wish;

  narrow.authorization = 0x82; /* irises alone */
  g_assert_cmphex (show (fixture, &narrow, fixture->verifier, fixture->authority), ==, OK);
  g_assert_cmphex (show (fixture, &own_wish, fixture->own, fixture->verifier), ==, OK);
  g_assert_cmphex (set (fixture, 0xA4, OWN), ==, OK);
  g_assert_cmphex (prove (fixture, fixture->own), ==, OK);
  g_assert_false (tambo_card_terminal_may_read (fixture->chip, 3));
  g_assert_true (tambo_card_terminal_may_read (fixture->chip, 4));
}

/* A terminal that an authority signed, a verifier that a verifier signed, a terminal that signs. */
static void test_roles (Fixture *fixture, gconstpointer data) {
  CvWish skipping = own_wish, second = verifier_wish, third = own_wish;

  skipping.authority = AUTHORITY;
  second.authority = VERIFIER;
  second.holder = "UTDV00002";
  third.authority = OWN;
  g_assert_cmphex (show (fixture, &skipping, fixture->own, fixture->authority), ==, FAILED);
  g_assert_cmphex (show (fixture, &verifier_wish, fixture->verifier, fixture->authority), ==, OK);
  g_assert_cmphex (show (fixture, &second, fixture->own, fixture->verifier), ==, FAILED);
  g_assert_cmphex (set (fixture, 0xA4, VERIFIER), ==, UNKNOWN); /* a verifier is no terminal */
  g_assert_cmphex (show (fixture, &own_wish, fixture->own, fixture->verifier), ==, OK);
  g_assert_cmphex (show (fixture, &third, fixture->verifier, fixture->own), ==, FAILED);
}

static void test_forged (Fixture *fixture, gconstpointer data) {
  CvWish stranger = verifier_wish;

  stranger.authority = "UTCVCA00009";
  g_assert_cmphex (show (fixture, &verifier_wish, fixture->verifier, fixture->own), ==, FAILED);
  g_assert_cmphex (show (fixture, &stranger, fixture->verifier, fixture->authority), ==, UNKNOWN);
}

/* The chip has no clock: it knows the day by the certificates of those that it trusts (section 2.5). */
static void test_dates (Fixture *fixture, gconstpointer data) {
  CvWish old = verifier_wish, late = own_wish;

  old.effective = "250101";
  old.expiration = "260109";
  g_assert_cmphex (show (fixture, &old, fixture->verifier, fixture->authority), ==, FAILED);
  g_assert_cmphex (show (fixture, &verifier_wish, fixture->verifier, fixture->authority), ==, OK);
  late.effective = "260101";
  late.expiration = "260119"; /* over since the verifier's first day */
  g_assert_cmphex (show (fixture, &late, fixture->own, fixture->verifier), ==, FAILED);
}

/* A link brings a new authority, which stays when the power goes; EF.CVCA names it first. */
static void test_link (Fixture *fixture, gconstpointer data) {
  static const CvWish link = { AUTHORITY, "UTCVCA00002", 0xC3, "260201", "291231", TRUE };
  CvWish verifier = verifier_wish;
  g_autoptr (EVP_PKEY) fresh = cv_key ();

  verifier.authority = "UTCVCA00002";
  g_assert_cmphex (show (fixture, &link, fresh, fixture->authority), ==, OK);
  tambo_card_terminal_reset (fixture->chip);
  g_assert_cmphex (show (fixture, &verifier, fixture->verifier, fresh), ==, OK);
  g_autoptr (GBytes) file = tambo_card_terminal_dup_file (fixture->chip);
  g_assert_cmpuint (g_bytes_get_size (file), ==, 36);
  g_assert_cmpmem (g_bytes_get_data (file, NULL), 27, "\x42\x0BUTCVCA00002\x42\x0BUTCVCA00001\0",
                   27);
}

#define ADD(path, test)                                                                            \
  g_test_add ("/simulator/card-terminal/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("let-in", test_let_in);
  ADD ("other-key", test_other_key);
  ADD ("rights", test_rights);
  ADD ("roles", test_roles);
  ADD ("forged", test_forged);
  ADD ("dates", test_dates);
  ADD ("link", test_link);
  return g_test_run ();
}
