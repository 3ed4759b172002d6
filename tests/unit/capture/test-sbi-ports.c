/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/sbi-listeners.h"
#include "capture/sbi-ports.h"

static void test_settings (void) {
  static const struct {
    const char *text;  /* NULL: not set */
    guint first, last; /* 0: none */
  } rows[] = {
    { NULL, 4501, 4600 },   { "", 0, 0 },
    { "4510", 4510, 4510 }, { "4510-4512", 4510, 4512 },
    { "1-65535", 1, 100 },  { "4510-4509", 0, 0 },
    { "0", 0, 0 },          { "65536", 0, 0 },
    { "any", 0, 0 },        { "4510-", 0, 0 },
    { "-4510", 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    guint first = 0, last = 0;

    if (rows[i].text != NULL)
      g_setenv ("TAMBO_SBI_PORTS", rows[i].text, TRUE);
    else
      g_unsetenv ("TAMBO_SBI_PORTS");
    g_assert_true (tambo_sbi_ports_get (&first, &last) == (rows[i].first != 0));
    g_assert_cmpuint (first, ==, rows[i].first);
    g_assert_cmpuint (last, ==, rows[i].last);
  }
}

/* 4501 is 0x1195. */
static char *table_with (const char *address, const char *state, guint inode) {
  return g_strdup_printf ("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
                          "retrnsmt   uid  timeout inode\n"
                          "   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000  1000  "
                          "      0 %u 1 0000000000000000 "
                          "100 0 0 10 0\n",
                          address, state, inode);
}

static guint64 digest (const char *address, const char *state, guint inode) {
  g_autofree char *table = table_with (address, state, inode);

  return tambo_sbi_listeners_parse (table, 4501, 4600);
}

static void test_table (void) {
  guint64 up = digest ("0100007F:1195", "0A", 53412);
  g_autofree char *table = table_with ("0100007F:1195", "0A", 53412);
  g_autofree char *both = g_strconcat (table, strchr (table, '\n') + 1, NULL);

  g_assert_cmphex (up, !=, 0);
  g_assert_cmphex (digest ("00000000:1195", "0A", 53412), ==, up); /* at every address */
  g_assert_cmphex (digest ("0100007F:1195", "0A", 53413), !=, up); /* started anew */
  g_assert_cmphex (digest ("0100007F:11F8", "0A", 53412), !=, up); /* at another port */
  g_assert_cmphex (digest ("0100007F:1195", "01", 53412), ==, 0);  /* a connection */
  g_assert_cmphex (digest ("0100007F:1194", "0A", 53412), ==, 0);  /* 4500 */
  g_assert_cmphex (digest ("0100007F:11F9", "0A", 53412), ==, 0);  /* 4601 */
  g_assert_cmphex (tambo_sbi_listeners_parse (both, 4501, 4600), ==, 2 * up);
  g_assert_cmphex (tambo_sbi_listeners_parse ("", 4501, 4600), ==, 0);
  g_assert_cmphex (tambo_sbi_listeners_parse ("nonsense\n\n 0:", 4501, 4600), ==, 0);
}

/* At a port of the kernel's choice. */
static int listen_anywhere (guint *out_port) {
  struct sockaddr_in place = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof place;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &place, sizeof place), ==, 0);
  g_assert_cmpint (listen (fd, 1), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &place, &size), ==, 0);
  *out_port = ntohs (place.sin_port);
  return fd;
}

/* The kernel says the same in both ways. */
static void test_kernel (void) {
  g_autofree char *table = NULL;
  guint64 asked = 0, later = 0;
  guint port = 0;
  int fd = listen_anywhere (&port);

  if (!tambo_sbi_listeners_ask (port, port, &asked)) {
    g_test_skip ("this kernel has no sock_diag");
    close (fd);
    return;
  }
  g_assert_true (g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL));
  g_assert_cmphex (asked, !=, 0);
  g_assert_cmphex (tambo_sbi_listeners_parse (table, port, port), ==, asked);
  close (fd);
  g_assert_true (tambo_sbi_listeners_ask (port, port, &later));
  g_assert_cmphex (later, !=, asked);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-ports/settings", test_settings);
  g_test_add_func ("/capture/sbi-ports/table", test_table);
  g_test_add_func ("/capture/sbi-ports/kernel", test_kernel);
  return g_test_run ();
}
