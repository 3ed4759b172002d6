/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-control.h"

#include <string.h>
#include <sys/stat.h>

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#define MAX_LINE 256

struct _TamboCardControl {
  char *path;
  TamboCardControlFunc func;
  gpointer user_data;
  GSocket *listener;
  GSource *source;
  GPtrArray *clients;
};

typedef struct {
  TamboCardControl *control; /* borrowed */
  GSocket *socket;
  GSource *source;
  GString *input;
} Client;

static void client_free (gpointer data) {
  Client *client = data;

  g_source_destroy (client->source);
  g_source_unref (client->source);
  g_socket_close (client->socket, NULL);
  g_object_unref (client->socket);
  g_string_free (client->input, TRUE);
  g_free (client);
}

static gboolean send_line (GSocket *socket, const char *answer) {
  g_autofree char *line = g_strconcat (answer, "\n", NULL);
  gssize size = (gssize) strlen (line);

  return g_socket_send (socket, line, (gsize) size, NULL, NULL) == size;
}

static gboolean answer_lines (Client *client) {
  const char *end;

  while ((end = strchr (client->input->str, '\n'))) {
    gssize size = end - client->input->str;
    g_autofree char *line = g_strndup (client->input->str, (gsize) size);
    g_string_erase (client->input, 0, size + 1);
    g_strchomp (line);
    g_autofree char *answer = client->control->func (client->control->user_data, line);
    if (!send_line (client->socket, answer))
      return FALSE;
  }
  return client->input->len <= MAX_LINE;
}

static gboolean on_client (GSocket *socket, GIOCondition condition, gpointer data) {
  Client *client = data;
  char piece[MAX_LINE];
  gssize got = g_socket_receive (client->socket, piece, sizeof piece, NULL, NULL);

  if (got > 0) {
    g_string_append_len (client->input, piece, got);
    if (answer_lines (client))
      return G_SOURCE_CONTINUE;
  }
  g_ptr_array_remove_fast (client->control->clients, client);
  return G_SOURCE_REMOVE;
}

static gboolean on_listener (GSocket *listener, GIOCondition condition, gpointer data) {
  TamboCardControl *control = data;
  GSocket *socket = g_socket_accept (control->listener, NULL, NULL);

  if (!socket)
    return G_SOURCE_CONTINUE;
  Client *client = g_new0 (Client, 1);
  client->control = control;
  client->socket = socket;
  client->input = g_string_new (NULL);
  client->source = g_socket_create_source (socket, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (client->source, G_SOURCE_FUNC (on_client), client, NULL);
  g_source_attach (client->source, NULL);
  g_ptr_array_add (control->clients, client);
  return G_SOURCE_CONTINUE;
}

TamboCardControl *tambo_card_control_new (const char *path, TamboCardControlFunc func,
                                          gpointer user_data, GError **error) {
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) listener =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  struct stat info;

  if (!listener)
    return NULL;
  if (g_lstat (path, &info) == 0 && S_ISSOCK (info.st_mode))
    g_unlink (path);
  if (!g_socket_bind (listener, address, FALSE, error) || !g_socket_listen (listener, error))
    return NULL;

  TamboCardControl *control = g_new0 (TamboCardControl, 1);
  control->path = g_strdup (path);
  control->func = func;
  control->user_data = user_data;
  control->clients = g_ptr_array_new_with_free_func (client_free);
  control->listener = g_steal_pointer (&listener);
  control->source = g_socket_create_source (control->listener, G_IO_IN, NULL);
  g_source_set_callback (control->source, G_SOURCE_FUNC (on_listener), control, NULL);
  g_source_attach (control->source, NULL);
  return control;
}

void tambo_card_control_free (TamboCardControl *control) {
  if (!control)
    return;
  g_ptr_array_unref (control->clients);
  g_source_destroy (control->source);
  g_source_unref (control->source);
  g_socket_close (control->listener, NULL);
  g_object_unref (control->listener);
  g_unlink (control->path);
  g_free (control->path);
  g_free (control);
}
