/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The services of others that headquarters asks (hq/connector.h), played over HTTP on this machine:
 * /identity, /voucher and /police. Each answers "clear" unless a fault is set, and prints a line about each
 * request, without what it was about.
 */
#pragma once

typedef enum {
  TAMBO_SERVICE_CLEAR,
  TAMBO_SERVICE_HIT,
  TAMBO_SERVICE_UNKNOWN,
  TAMBO_SERVICE_SLOW,     /* answers after half a minute */
  TAMBO_SERVICE_ERROR,    /* 500 */
  TAMBO_SERVICE_NONSENSE, /* 200 with a page instead of an answer */
  TAMBO_SERVICE_HUGE,     /* 200 with a body of 16 MiB */
  TAMBO_SERVICE_OFFLINE,  /* the connection closes without an answer */
  TAMBO_SERVICE_FAULTS
} TamboServiceFault;

/* Arguments after "tambo-simulator"; returns the exit code. */
int tambo_simulator_services_main (int argc, char **argv);
