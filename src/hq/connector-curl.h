/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One HTTP request to a service, bounded in time and in what it may answer. No redirection is followed and
 * no proxy taken from the environment: what is asked is personal.
 */
#pragma once

#include <glib.h>

typedef struct {
  const char *url, *ca_file, *token; /* of TamboConnector */
  const char *body;                  /* JSON */
  int timeout;                       /* milliseconds, for the whole */
} TamboConnectorRequest;

/* The body of a 200. UNAVAILABLE when another try may help (no line, time-out, 408, 429, 5xx), INVALID when
 * not. The message names the host at most, never what was asked. */
GBytes *tambo_connector_post (const TamboConnectorRequest *request,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
