/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each attempt is made twice by a child of its own: free, where it has to succeed, and in the sandbox.
 */
#include "capture/helper-sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MISSING 99 /* the kernel has not what the attempt is about */

/* 0 or errno. */
typedef int (*Attempt) (void);

static char *private_file; /* where no driver has to look */
static guint16 port;       /* of somebody who listens */

static int result_of (int value) {
  return value < 0 ? errno : 0;
}

static int read_private (void) {
  return result_of (open (private_file, O_RDONLY));
}

static int write_private (void) {
  return result_of (open (private_file, O_WRONLY | O_APPEND));
}

static int read_system (void) {
  return result_of (open ("/etc/passwd", O_RDONLY));
}

static int write_system (void) {
  return result_of (open ("/etc/tambo-sandbox-test", O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int write_device (void) {
  return result_of (open ("/dev/null", O_RDWR));
}

static int start_program (void) {
  execl ("/bin/true", "true", NULL);
  return errno;
}

static int start_process (void) {
  pid_t child = fork ();

  if (child == 0)
    _exit (0);
  return child < 0 ? errno : result_of (waitpid (child, NULL, 0));
}

static gpointer thread (gpointer data) {
  return data;
}

static int start_thread (void) {
  static int mark;
  g_autoptr (GError) error = NULL;
  GThread *started = g_thread_try_new ("test", thread, &mark, &error);

  return started != NULL && g_thread_join (started) == &mark ? 0 : EAGAIN;
}

static int connect_out (void) {
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM, 0);

  return fd < 0 ? errno : result_of (connect (fd, (struct sockaddr *) &address, sizeof address));
}

static int listen_local (void) {
  int pair[2];

  return result_of (socketpair (AF_UNIX, SOCK_STREAM, 0, pair));
}

static int signal_parent (void) {
  return result_of (kill (getppid (), 0));
}

/* In the sandbox when REACH is not -1. */
static int try (Attempt attempt, int reach, const char *needs) {
  pid_t child = fork ();
  int status;

  if (child == 0) {
    const char *missing = NULL;

    alarm (60);
    if (reach >= 0)
      tambo_sandbox_enter ((TamboSandboxReach) reach, &missing);
    if (missing != NULL && needs != NULL && strstr (missing, needs) != NULL)
      _exit (MISSING);
    _exit (attempt ());
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void check_refused (Attempt attempt, TamboSandboxReach reach, const char *needs,
                           int expected) {
  int result = try (attempt, (int) reach, needs);

  if (result == MISSING) {
    g_test_skip (needs);
    return;
  }
  g_assert_cmpint (try (attempt, -1, NULL), ==, 0);
  g_assert_cmpint (result, ==, expected);
}

static void test_files (void) {
  check_refused (read_private, TAMBO_SANDBOX_LOCAL, "Landlock", EACCES);
  check_refused (write_private, TAMBO_SANDBOX_NETWORK, "Landlock", EACCES);
  g_assert_cmpint (try (write_system, TAMBO_SANDBOX_LOCAL, "Landlock"), !=, 0);
  g_assert_cmpint (try (read_system, TAMBO_SANDBOX_LOCAL, NULL), ==, 0);
  g_assert_cmpint (try (write_device, TAMBO_SANDBOX_LOCAL, NULL), ==, 0);
}

static void test_programs (void) {
  check_refused (start_program, TAMBO_SANDBOX_NETWORK, "seccomp", EPERM);
#ifdef __SANITIZE_ADDRESS__
  g_test_message ("the sanitizer needs processes of its own");
  g_assert_cmpint (try (start_process, TAMBO_SANDBOX_LOCAL, NULL), ==, 0);
#else
  check_refused (start_process, TAMBO_SANDBOX_LOCAL, "seccomp", EPERM);
#endif
  g_assert_cmpint (try (start_process, TAMBO_SANDBOX_PROCESSES, NULL), ==, 0);
  check_refused (start_program, TAMBO_SANDBOX_PROCESSES, "seccomp", EPERM);
  g_assert_cmpint (try (start_thread, TAMBO_SANDBOX_LOCAL, NULL), ==, 0);
}

static void test_network (void) {
  check_refused (connect_out, TAMBO_SANDBOX_LOCAL, "seccomp", EACCES);
  g_assert_cmpint (try (connect_out, TAMBO_SANDBOX_NETWORK, NULL), ==, 0);
  g_assert_cmpint (try (listen_local, TAMBO_SANDBOX_LOCAL, NULL), ==, 0);
}

static void test_signals (void) {
  if (syscall (SYS_landlock_create_ruleset, NULL, 0, 1) < 6) {
    g_test_skip ("the kernel's Landlock knows no signals");
    return;
  }
  check_refused (signal_parent, TAMBO_SANDBOX_LOCAL, "Landlock", EPERM);
}

static int open_listener (void) {
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 8), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
  port = ntohs (address.sin_port);
  return fd;
}

int main (int argc, char **argv) {
  char name[] = "/var/tmp/tambo-sandbox-XXXXXX";
  int file = g_mkstemp (name), listener, failed;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (file, >=, 0);
  private_file = name;
  listener = open_listener ();
  g_test_add_func ("/helper-sandbox/files", test_files);
  g_test_add_func ("/helper-sandbox/programs", test_programs);
  g_test_add_func ("/helper-sandbox/network", test_network);
  g_test_add_func ("/helper-sandbox/signals", test_signals);
  failed = g_test_run ();
  close (listener);
  close (file);
  g_unlink (name);
  return failed;
}
