/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/second.h"

void tambo_cli_second_clear (TamboCliSecond *second) {
  g_clear_pointer (&second->id, g_free);
}

const char *tambo_cli_second_id (const TamboCliSecond *second) {
  return second->id != NULL ? second->id : g_getenv ("TAMBO_SECOND");
}

GBytes *tambo_cli_second_read_password (const TamboCliSecond *second, GError **error) {
  g_autofree char *prompt =
      g_strdup_printf ("Password of the second person, %s: ", tambo_cli_second_id (second));

  return tambo_cli_read_secret (second->password_fd, g_getenv ("TAMBO_SECOND_PASSWORD_FILE"),
                                prompt, error);
}

gboolean tambo_cli_bring_second (const TamboCliSecond *second, TamboStation *station,
                                 GError **error) {
  const char *id = tambo_cli_second_id (second);

  if (id == NULL)
    return TRUE;
  g_autoptr (GBytes) password = tambo_cli_second_read_password (second, error);
  return password != NULL && tambo_station_bring_second (station, id, password, error);
}

TamboStation *tambo_cli_open_with_second (TamboCli *cli, const TamboCliSecond *second,
                                          GError **error) {
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, error);

  return station != NULL && tambo_cli_bring_second (second, station, error)
             ? g_steal_pointer (&station)
             : NULL;
}
