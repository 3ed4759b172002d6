/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/datadir.h"

#include "base/place.h"

char *tambo_datadir_path (const char *relative) {
  g_autofree char *folder = tambo_place_find ("TAMBO_DATADIR", TAMBO_PKGDATADIR, "../../data");

  return g_build_filename (folder, relative, NULL);
}
