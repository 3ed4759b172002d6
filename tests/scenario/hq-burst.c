/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hq-burst HQ-FOLDER FOLDER URL GUESTS SECONDS: so many ask at once, and come back when they are told to.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../bench/bench-hq-crowd.h"
#include "../bench/bench-hq-place.h"

int main (int argc, char **argv) {
  Place place = { NULL };
  LoadTarget target;
  CrowdResult result;
  guint guests;

  if (argc != 6)
    return 2;
  guests = (guint) atoi (argv[4]);
  place_join (&place, argv[1], argv[2]);
  target = place_target (&place, argv[3]);
  result = crowd_burst (&target, guests, (guint) atoi (argv[5]));
  printf ("%u of %u served, %u times told to come back, %u lost, the last after %.1f s\n",
          result.served, guests, result.put_off, result.lost, result.slowest);
  place_clear (&place);
  return result.served == guests && result.lost == 0 ? 0 : 1;
}
