/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hq/osia-api.h"

#define PRIORITY 5 /* of 0 to 9: headquarters has one for all */

/* What became of an order, in the words of the specification. */
static const struct {
  const char *state, *status;
} statuses[] = {
  { "sent", "PENDING" },
  { "issued", "ISSUED" },
  { "delivered", "ISSUED" },
};

static const char *find_status (const char *state, gboolean is_annulled) {
  if (is_annulled)
    return "CANCELLED";
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (strcmp (statuses[i].state, state) == 0)
      return statuses[i].status;
  return "FAILED";
}

static JsonObject *make_request_data (TamboQuery *query) {
  JsonObject *data = json_object_new ();

  json_object_set_int_member (data, "priority", PRIORITY);
  json_object_set_string_member (data, "credentialProfileId", tambo_query_text (query, 3));
  /* Whether there was one before, only the sealed record says. */
  json_object_set_string_member (data, "requestType", "OTHER");
  json_object_set_string_member (data, "requestTypeOther", "as the enrollment says");
  json_object_set_string_member (data, "credentialNumber", tambo_query_text (query, 4));
  json_object_set_string_member (data, "deliveryOffice", tambo_query_text (query, 5));
  return data;
}

/* The person has no number here but the enrollment's. */
static JsonObject *make_credential_request (TamboQuery *query) {
  JsonObject *object = json_object_new ();
  JsonArray *credentials = json_array_new ();
  const char *status =
      find_status (tambo_query_text (query, 2), *tambo_query_text (query, 6) != '\0');

  json_object_set_string_member (object, "credentialRequestId", tambo_query_text (query, 0));
  json_object_set_string_member (object, "personId", tambo_query_text (query, 1));
  json_object_set_string_member (object, "status", status);
  json_object_set_object_member (object, "biographicData", json_object_new ());
  json_object_set_object_member (object, "requestData", make_request_data (query));
  if (strcmp (tambo_query_text (query, 2), "sent") != 0)
    json_array_add_string_element (credentials, tambo_query_text (query, 0));
  json_object_set_array_member (object, "credentialIds", credentials);
  return object;
}

gboolean tambo_osia_read_credential_request (TamboWebRequest *request, TamboWebAnswer *answer,
                                             GError **error) {
  static const char *const required[] = { "personId", "biographicData", "requestData", NULL };
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = NULL;
  JsonObject *object;
  JsonNode *node;

  if (!tambo_osia_admit (request, "cms.request.read", error))
    return FALSE;
  query = tambo_database_query (
      request->web->hq->database, error,
      "SELECT id, case_id, state, document_type, document_number, station, annulled_at FROM orders"
      " LEFT JOIN documents ON order_id = orders.id WHERE orders.id = ?",
      "s", request->tail);
  if (query == NULL)
    return FALSE;
  if (!tambo_query_next (query, &cause)) {
    if (cause == NULL)
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                           "there is no such credential request");
    else
      g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  object = make_credential_request (query);
  tambo_osia_select (request, object, required);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return tambo_osia_answer (node, answer);
}
