/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/datadir.h"

char *tambo_datadir_path (const char *relative) {
  const char *folder = g_getenv ("TAMBO_DATADIR");

  return g_build_filename (folder != NULL ? folder : TAMBO_PKGDATADIR, relative, NULL);
}
