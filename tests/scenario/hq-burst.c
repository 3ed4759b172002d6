/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hq-burst HQ-FOLDER FOLDER URL GUESTS SECONDS [SLOT]: so many ask at once, and come back when they are told to.
 * With a slot ("LIM 2026-11-23T15:00:00Z") each of them books an appointment at the public pages.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"

#include "../bench/bench-hq-crowd.h"
#include "../bench/bench-hq-place.h"

/* The form as a browser sends it; the same again for who comes back. */
static char *book (guint guest, gpointer data) {
  g_autofree char *slot = g_uri_escape_string (data, NULL, FALSE);
  g_autofree char *id = tambo_id_new ();
  g_autofree char *form = g_strdup_printf (
      "request=%s&surname=ERIKSSON&given_names=ANNA&birth_date=1974-08-12&sex=F&nationality=UTO"
      "&document_type=P&issuing_state=UTO&document_number=N%07u&slot=%s",
      id, guest, slot);

  return g_strdup_printf ("POST /book/passport HTTP/1.1\r\nHost: localhost\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                          strlen (form), form);
}

int main (int argc, char **argv) {
  Place place = { NULL };
  LoadTarget target;
  CrowdResult result;
  guint guests;

  if (argc != 6 && argc != 7)
    return 2;
  guests = (guint) atoi (argv[4]);
  place_join (&place, argv[1], argv[2]);
  target = place_target (&place, argv[3]);
  result = argc == 7 ? crowd_ask (&target, guests, (guint) atoi (argv[5]), book, argv[6])
                     : crowd_burst (&target, guests, (guint) atoi (argv[5]));
  printf ("%u of %u served, %u times told to come back, %u lost, the last after %.1f s\n",
          result.served, guests, result.put_off, result.lost, result.slowest);
  place_clear (&place);
  return result.served == guests && result.lost == 0 ? 0 : 1;
}
