/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/connector-curl.h"

#include <curl/curl.h>
#include <string.h>

#include "base/bytes.h"
#include "hq/hq-error.h"

#define MAX_ANSWER (64 * 1024)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)
typedef struct curl_slist HeaderList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeaderList, curl_slist_free_all)

typedef struct {
  GByteArray *bytes;
  gboolean is_too_long;
} Answer;

static void initialise_curl (void) {
  static gsize once;

  if (g_once_init_enter (&once)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&once, 1);
  }
}

static size_t on_write (char *data, size_t size, size_t n, void *user) {
  Answer *answer = user;

  if (answer->bytes->len + size * n > MAX_ANSWER) {
    answer->is_too_long = TRUE;
    return 0;
  }
  g_byte_array_append (answer->bytes, (const guint8 *) data, (guint) (size * n));
  return size * n;
}

/* Takes what it is given as a header into LIST. */
static HeaderList *add_header (HeaderList *list, const char *text) {
  HeaderList *longer = curl_slist_append (list, text);

  if (longer == NULL)
    g_error ("out of memory");
  return longer;
}

static HeaderList *make_headers (const char *token) {
  HeaderList *list = add_header (NULL, "Content-Type: application/json");

  list = add_header (list, "Accept: application/json");
  list = add_header (list, "Expect:");
  if (token != NULL) {
    char *line = g_strconcat ("Authorization: Bearer ", token, NULL);

    list = add_header (list, line);
    tambo_secret_string_free (line);
  }
  return list;
}

static CURL *make_handle (const TamboConnectorRequest *request, HeaderList *headers,
                          Answer *answer) {
  CURL *curl = curl_easy_init ();

  if (curl == NULL)
    g_error ("libcurl cannot start");
  curl_easy_setopt (curl, CURLOPT_URL, request->url);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT_MS, (long) request->timeout);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  if (request->ca_file != NULL) {
    curl_easy_setopt (curl, CURLOPT_CAINFO, request->ca_file);
    curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
  }
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_POSTFIELDS, request->body);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  return curl;
}

static gboolean may_be_better_later (long status) {
  return status == 408 || status == 429 || status >= 500;
}

GBytes *tambo_connector_post (const TamboConnectorRequest *request, GError **error) {
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Answer answer = { .bytes = bytes };
  g_autoptr (HeaderList) headers = make_headers (request->token);
  g_autoptr (CURL) curl = NULL;
  CURLcode code;
  long status = 0;

  initialise_curl ();
  curl = make_handle (request, headers, &answer);
  code = curl_easy_perform (curl);
  if (answer.is_too_long) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "the answer is too long");
    return NULL;
  }
  if (code != CURLE_OK) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE,
                         curl_easy_strerror (code));
    return NULL;
  }
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    g_set_error (error, TAMBO_HQ_ERROR,
                 may_be_better_later (status) ? TAMBO_HQ_ERROR_UNAVAILABLE : TAMBO_HQ_ERROR_INVALID,
                 "the answer is %ld", status);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
