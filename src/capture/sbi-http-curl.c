/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <curl/curl.h>
#include <gio/gio.h>
#include <string.h>

#include "base/bytes.h"
#include "capture/capture-error.h"
#include "capture/sbi-http.h"

#define CONNECT_TIMEOUT_MS 2000L
#define TICK_MS 200
#define MAX_HEADERS (64 * 1024)

/* One exchange under way. */
typedef struct {
  TamboSbiExchange *exchange; /* borrowed */
  CURL *curl;
  struct curl_slist *headers;
  char *url;
  gsize n_headers; /* bytes */
  gboolean is_too_long, is_enough;
  char words[CURL_ERROR_SIZE];
} Transfer;

void tambo_sbi_exchange_clear (TamboSbiExchange *exchange) {
  if (exchange->answer != NULL && exchange->answer->len > 0)
    tambo_secret_wipe (exchange->answer->data, exchange->answer->len);
  g_clear_pointer (&exchange->answer, g_byte_array_unref);
  g_clear_error (&exchange->error);
}

static size_t on_header (char *buffer, size_t size, size_t n, void *data) {
  Transfer *transfer = data;

  transfer->n_headers += size * n;
  transfer->is_too_long |= transfer->n_headers > MAX_HEADERS;
  return transfer->is_too_long ? 0 : size * n;
}

static size_t on_body (char *buffer, size_t size, size_t n, void *data) {
  Transfer *transfer = data;
  TamboSbiExchange *exchange = transfer->exchange;

  if (exchange->sink != NULL) {
    transfer->is_enough = !exchange->sink (buffer, size * n, exchange->sink_data);
    return transfer->is_enough ? 0 : size * n;
  }
  if (size * n > exchange->max_size - exchange->answer->len) {
    transfer->is_too_long = TRUE;
    return 0;
  }
  tambo_put_bytes (exchange->answer, buffer, size * n);
  return size * n;
}

static void set_request (Transfer *transfer) {
  const TamboSbiExchange *exchange = transfer->exchange;
  CURL *curl = transfer->curl;

  curl_easy_setopt (curl, CURLOPT_URL, transfer->url);
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, exchange->method);
  if (exchange->body != NULL)
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, exchange->body);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, transfer->headers);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT_MS, (long) exchange->timeout_ms);
}

static void transfer_start (Transfer *transfer, CURLM *multi) {
  TamboSbiExchange *exchange = transfer->exchange;
  CURL *curl = curl_easy_init ();

  if (curl == NULL)
    g_error ("libcurl cannot start");
  transfer->curl = curl;
  transfer->url = g_strdup_printf ("http://127.0.0.1:%u%s", exchange->port, exchange->path);
  transfer->headers = curl_slist_append (transfer->headers, "EXT: Tambo");
  transfer->headers = curl_slist_append (transfer->headers, "Content-Type: application/json");
  transfer->headers = curl_slist_append (transfer->headers, "Expect:");
  exchange->answer = g_byte_array_new ();
  set_request (transfer);
  curl_easy_setopt (curl, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, transfer->words);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, transfer);
  /* Loopback and nothing else, whatever the environment says. */
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt (curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
  curl_multi_add_handle (multi, curl);
}

static void transfer_end (Transfer *transfer, CURLM *multi) {
  curl_multi_remove_handle (multi, transfer->curl);
  curl_easy_cleanup (transfer->curl);
  curl_slist_free_all (transfer->headers);
  g_free (transfer->url);
}

/* ---- what came of it ---- */

static void set_status_error (GError **error, guint port, long status) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
               "the scanner's service at port %u failed (HTTP status %ld)", port, status);
}

static void set_curl_error (Transfer *transfer, CURLcode result) {
  TamboSbiExchange *exchange = transfer->exchange;
  GError **error = &exchange->error;

  exchange->is_absent = result == CURLE_COULDNT_CONNECT;
  if (result == CURLE_COULDNT_CONNECT)
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                 "the scanner's service does not run: nothing listens at port %u", exchange->port);
  else if (transfer->is_too_long)
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                 "the scanner's service at port %u does not stop answering", exchange->port);
  else if (result == CURLE_OPERATION_TIMEDOUT)
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT,
                 "the scanner's service at port %u did not answer within %u s", exchange->port,
                 (exchange->timeout_ms + 999) / 1000);
  else
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                 "the connection to the scanner's service at port %u broke: %s", exchange->port,
                 *transfer->words != '\0' ? transfer->words : curl_easy_strerror (result));
}

static void finish (Transfer *transfer, CURLcode result) {
  TamboSbiExchange *exchange = transfer->exchange;
  long status = 0;

  curl_easy_getinfo (transfer->curl, CURLINFO_RESPONSE_CODE, &status);
  if (transfer->is_enough)
    return;
  if (result != CURLE_OK)
    set_curl_error (transfer, result);
  else if (status != 200)
    set_status_error (&exchange->error, exchange->port, status);
}

static void collect (CURLM *multi) {
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (multi, &left)) != NULL) {
    Transfer *transfer = NULL;

    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish (transfer, message->data.result);
  }
}

/* FALSE when TICK broke off. */
static gboolean drive (CURLM *multi, TamboSbiTick tick, gpointer tick_data) {
  gint64 next_tick = g_get_monotonic_time ();
  int running = 1;

  while (running > 0) {
    if (curl_multi_perform (multi, &running) != CURLM_OK)
      return FALSE;
    collect (multi);
    if (g_get_monotonic_time () >= next_tick) {
      next_tick += TICK_MS * G_TIME_SPAN_MILLISECOND;
      if (!tick (tick_data))
        return FALSE;
    }
    if (running > 0)
      curl_multi_poll (multi, NULL, 0, TICK_MS, NULL);
  }
  return TRUE;
}

static void initialise_curl (void) {
  static gsize once;

  if (g_once_init_enter (&once)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&once, 1);
  }
}

void tambo_sbi_exchange_all (TamboSbiExchange *exchanges, guint n, TamboSbiTick tick,
                             gpointer tick_data) {
  g_autofree Transfer *transfers = g_new0 (Transfer, n);
  CURLM *multi;

  initialise_curl ();
  multi = curl_multi_init ();
  if (multi == NULL)
    g_error ("libcurl cannot start");
  for (guint i = 0; i < n; i++) {
    transfers[i].exchange = &exchanges[i];
    transfer_start (&transfers[i], multi);
  }
  gboolean done = drive (multi, tick, tick_data);
  for (guint i = 0; i < n; i++) {
    if (!done && exchanges[i].error == NULL)
      g_set_error_literal (&exchanges[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    transfer_end (&transfers[i], multi);
  }
  curl_multi_cleanup (multi);
}
