/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/portal.h"

#include <curl/curl.h>

#define SECONDS 4L

static size_t on_body (char *buffer, size_t size, size_t n, void *data) {
  return size * n; /* what the page says is of no use */
}

/* The same host under https, which is what an honest server without TLS answers. */
static gboolean leads_home (CURL *curl, const char *host) {
  g_autoptr (GUri) target = NULL;
  const char *text = NULL;

  curl_easy_getinfo (curl, CURLINFO_REDIRECT_URL, &text);
  target = text != NULL ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL) : NULL;
  return target != NULL && g_strcmp0 (g_uri_get_host (target), host) == 0;
}

static gboolean is_portal_page (CURL *curl, const char *host) {
  long status = 0;

  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400)
    return !leads_home (curl, host);
  return status == 200 || status == 511;
}

gboolean tambo_portal_answers_for (const char *url) {
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *page = NULL;
  CURL *curl = host != NULL ? curl_easy_init () : NULL;
  gboolean is_portal;

  if (curl == NULL)
    return FALSE;
  page = g_uri_join (G_URI_FLAGS_NONE, "http", NULL, host, -1, "/", NULL, NULL);
  curl_easy_setopt (curl, CURLOPT_URL, page);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, SECONDS);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_body);
  is_portal = curl_easy_perform (curl) == CURLE_OK && is_portal_page (curl, host);
  curl_easy_cleanup (curl);
  return is_portal;
}
