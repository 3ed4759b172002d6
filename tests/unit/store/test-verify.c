/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/id.h"
#include "desk.h"
#include "store/cases.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/stock.h"

/* Two of everything: "a" and its neighbour "b". */
typedef struct {
  Desk desk;
  TamboEnrolment *a, *b;
} House;

static void house_clear (House *house) {
  tambo_enrolment_free (house->a);
  tambo_enrolment_free (house->b);
  desk_clear (&house->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (House, house_clear)

static TamboEnrolment *add_case (Desk *desk) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment = desk_specimen ();
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (TamboSample) document = desk_document ("travel-document");
  g_autoptr (GBytes) large = desk_bytes (100000);
  g_autoptr (GBytes) small = desk_bytes (200);

  g_assert_true (
      tambo_cases_save_sample (desk->store, enrolment, portrait, large, DESK_OPERATOR, &error));
  g_assert_true (
      tambo_cases_save_sample (desk->store, enrolment, document, small, DESK_OPERATOR, &error));
  return enrolment;
}

static void add_record (Desk *desk, const char *id, gint64 number) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = desk_bytes (40000);
  g_autoptr (GBytes) message = desk_bytes (40000);
  g_autofree char *nonce = tambo_id_new ();
  g_autofree char *other_nonce = tambo_id_new ();
  g_autofree char *manifest = g_strdup_printf ("{\"nonce\":\"%s\"}", nonce);
  g_autofree char *statement = g_strdup_printf ("{\"nonce\":\"%s\"}", other_nonce);
  TamboOutboxRow out = { .id = (char *) id, .kind = (char *) "event", .sequence = number };
  TamboInboxRow in = {
    .id = (char *) id, .kind = (char *) "notice", .number = number, .manifest = statement
  };

  g_assert_true (tambo_outbox_append (desk->store, &out, manifest, sealed, &error));
  g_assert_true (tambo_inbox_add (desk->store, &in, message, &error));
}

static void house_init (House *house) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);

  desk_init (&house->desk);
  g_assert_true (tambo_operators_add (house->desk.store, "second", TAMBO_ROLE_CLERK, password,
                                      DESK_OPERATOR, &error));
  house->a = add_case (&house->desk);
  house->b = add_case (&house->desk);
  add_record (&house->desk, "record-a", 1);
  add_record (&house->desk, "record-b", 2);
  g_assert_true (tambo_stock_receive (house->desk.store, "passport", "UTO", "UTO", "A001", "A002",
                                      DESK_OPERATOR, NULL, &error));
  g_assert_true (tambo_store_verify (house->desk.store, &error));
}

static gboolean loads_case (TamboStore *store, const char *id, GError **error) {
  g_autoptr (TamboEnrolment) enrolment = tambo_cases_load (store, id, error);

  return enrolment != NULL;
}

static gboolean loads_sample (TamboStore *store, const TamboEnrolment *enrolment, const char *slot,
                              GError **error) {
  g_autoptr (GBytes) bytes = tambo_cases_load_sample (store, enrolment, slot, error);

  return bytes != NULL;
}

static gboolean loads_record (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GBytes) bytes = tambo_outbox_load (store, id, error);

  return bytes != NULL;
}

static gboolean loads_manifest (TamboStore *store, const char *id, GError **error) {
  g_autofree char *manifest = tambo_outbox_dup_manifest (store, id, error);

  return manifest != NULL;
}

static gboolean loads_message (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GBytes) bytes = tambo_inbox_load (store, id, error);

  return bytes != NULL;
}

static gboolean signs_in (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (TamboOperatorRow) row = tambo_operators_sign_in (store, id, password, NULL, error);

  return row != NULL;
}

/* Counts what of the house can still be loaded, checking that the rest is CORRUPT and named. */
static guint count_readable (House *house, const char *name) {
  TamboStore *store = house->desk.store;
  TamboEnrolment *cases[] = { house->a, house->b };
  static const char *const slots[] = { "portrait", "document-travel-document" };
  static const char *const records[] = { "record-a", "record-b" };
  guint readable = 0;

#define TRY(call)                                                                                  \
  G_STMT_START {                                                                                   \
    g_autoptr (GError) error = NULL;                                                               \
    if (call)                                                                                      \
      readable++;                                                                                  \
    else {                                                                                         \
      g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);                        \
      g_assert_nonnull (strstr (error->message, name));                                            \
    }                                                                                              \
  }                                                                                                \
  G_STMT_END

  TRY (signs_in (store, DESK_OPERATOR, &error));
  TRY (signs_in (store, "second", &error));
  for (gsize i = 0; i < 2; i++) {
    TRY (loads_case (store, cases[i]->id, &error));
    for (gsize j = 0; j < 2; j++)
      TRY (loads_sample (store, cases[i], slots[j], &error));
    TRY (loads_record (store, records[i], &error));
    TRY (loads_manifest (store, records[i], &error));
    TRY (loads_message (store, records[i], &error));
  }
#undef TRY
  return readable;
}

#define EVERYTHING 14

static void test_whole_house_is_readable (void) {
  g_auto (House) house = { 0 };

  house_init (&house);
  desk_reopen (&house.desk);
  g_assert_cmpuint (count_readable (&house, "nothing"), ==, EVERYTHING);
}

/* One bit of one row: that row is CORRUPT for its reader and for the verification, SQLite itself
 * sees nothing, and every other row is as it was. */
static void test_one_bit_hurts_one_row (gconstpointer data) {
  const char *const *column = data;
  g_auto (House) house = { 0 };
  g_autoptr (GError) error = NULL;
  const char *name = column[1];
  guint lost = g_str_equal (name, "inbox manifest") || g_str_has_prefix (name, "audit") ? 0 : 1;

  house_init (&house);
  desk_flip (&house.desk, column[0]);
  g_assert_false (tambo_store_verify (house.desk.store, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_cmpuint (count_readable (&house, name), ==, EVERYTHING - lost);
}

static const char *const columns[][2] = {
  { "SELECT wrapping FROM operators WHERE id = 'second'", "operators second" },
  { "SELECT sealed FROM cases ORDER BY rowid LIMIT 1", "cases" },
  { "SELECT sealed FROM samples WHERE slot = 'portrait' LIMIT 1", "samples" },
  { "SELECT sealed FROM samples WHERE slot <> 'portrait' LIMIT 1", "/document-travel-document" },
  { "SELECT sealed FROM outbox_records WHERE sequence = 1", "outbox_records record-a" },
  { "SELECT manifest FROM outbox_records WHERE sequence = 2", "outbox_records" },
  { "SELECT sealed FROM inbox_messages WHERE number = 2", "inbox_messages record-b" },
  { "SELECT manifest FROM inbox WHERE number = 1", "inbox manifest" },
  { "SELECT leaf_hash FROM audit_entries WHERE number = 2", "audit entry 2" },
  { "SELECT entry FROM audit_entries WHERE number = 3", "audit entry 3" },
};

/* A row whose state is none is left out of the lists, and the verification names it. */
static void test_unknown_states (void) {
  static const char *const tables[][2] = {
    { "UPDATE cases SET state = 'drift' WHERE rowid = 1", "cases" },
    { "UPDATE outbox SET state = 'queuee' WHERE sequence = 1", "outbox record-a" },
    { "UPDATE blanks SET state = 'in-stork' WHERE number = 'A001'", "blanks A001" },
    { "UPDATE operators SET role = 'clark' WHERE id = 'second'", "operators second" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_auto (House) house = { 0 };
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) cases = NULL;
    g_autoptr (GPtrArray) records = NULL;
    g_autoptr (GPtrArray) blanks = NULL;
    g_autoptr (GPtrArray) operators = NULL;

    house_init (&house);
    desk_sql (&house.desk, tables[i][0]);
    cases = tambo_cases_list (house.desk.store, &error);
    records = tambo_outbox_list (house.desk.store, &error);
    blanks = tambo_stock_list (house.desk.store, &error);
    operators = tambo_operators_list (house.desk.store, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (cases->len + records->len + blanks->len + operators->len, ==, 7);
    g_assert_false (tambo_store_verify (house.desk.store, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
    g_assert_nonnull (strstr (error->message, tables[i][1]));
  }
}

static void test_orphans (void) {
  g_auto (House) house = { 0 };
  g_autoptr (GError) error = NULL;

  house_init (&house);
  desk_sql (&house.desk, "PRAGMA foreign_keys = OFF; DELETE FROM cases WHERE rowid = 1");
  g_assert_false (tambo_store_verify (house.desk.store, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "samples"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verify/whole", test_whole_house_is_readable);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++) {
    g_autofree char *path = g_strdup_printf ("/verify/bit/%" G_GSIZE_FORMAT, i);

    g_test_add_data_func (path, columns[i], test_one_bit_hurts_one_row);
  }
  g_test_add_func ("/verify/states", test_unknown_states);
  g_test_add_func ("/verify/orphans", test_orphans);
  return g_test_run ();
}
