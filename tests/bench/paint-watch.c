/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * paint-watch COMMAND…: milliseconds from the start of a program to its first painted frame: the first
 * large window is mapped, and then the first large damage of it. The program is ended then.
 *
 * paint-watch --frames SECONDS WINDOW LEFT TOP WIDTH HEIGHT: how often most of that part of a window is
 * painted; times of the same millisecond are one frame.
 */
#include <X11/Xlib.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIN_WIDTH 200
#define MIN_HEIGHT 150
#define LARGE 20000 /* pixels */
#define PATIENCE 30.0

typedef struct {
  Display *display;
  int damage_event;
} Watch;

static double now (void) {
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static int watch_open (Watch *watch) {
  int damage_error;

  watch->display = XOpenDisplay (NULL);
  if (watch->display == NULL
      || !XDamageQueryExtension (watch->display, &watch->damage_event, &damage_error)) {
    fputs ("paint-watch: no display with XDamage\n", stderr);
    return 0;
  }
  return 1;
}

/* 0 when none came until END. */
static int next_event (Watch *watch, XEvent *event, double end) {
  struct pollfd in = { .fd = ConnectionNumber (watch->display), .events = POLLIN };

  while (XPending (watch->display) == 0) {
    double left = end - now ();
    if (left <= 0)
      return 0;
    poll (&in, 1, (int) (left * 1000) + 1);
  }
  XNextEvent (watch->display, event);
  return 1;
}

static double wait_for_paint (Watch *watch, double end) {
  XEvent event;
  Window window = None;

  while (next_event (watch, &event, end)) {
    if (event.type == MapNotify && window == None) {
      XWindowAttributes attributes;
      if (XGetWindowAttributes (watch->display, event.xmap.window, &attributes)
          && attributes.width >= MIN_WIDTH && attributes.height >= MIN_HEIGHT) {
        window = event.xmap.window;
        XDamageCreate (watch->display, window, XDamageReportRawRectangles);
      }
    } else if (event.type == watch->damage_event) {
      const XRectangle *area = &((XDamageNotifyEvent *) &event)->area;
      if (area->width * area->height > LARGE)
        return now ();
    }
  }
  return 0;
}

static int watch_start (char **command) {
  Watch watch;

  if (!watch_open (&watch))
    return 1;
  XSelectInput (watch.display, DefaultRootWindow (watch.display), SubstructureNotifyMask);
  XSync (watch.display, False);

  double start = now ();
  pid_t child = fork ();
  if (child == 0) {
    execvp (command[0], command);
    _exit (127);
  }
  double painted = wait_for_paint (&watch, start + PATIENCE);
  kill (child, SIGTERM);
  waitpid (child, NULL, 0);
  XCloseDisplay (watch.display);
  if (painted == 0) {
    fprintf (stderr, "paint-watch: %s painted nothing\n", command[0]);
    return 1;
  }
  printf ("%.1f\n", (painted - start) * 1000);
  return 0;
}

/* How much of PLACE a damage covers. */
static int covered (const XRectangle *place, const XRectangle *area) {
  int left = place->x > area->x ? place->x : area->x;
  int top = place->y > area->y ? place->y : area->y;
  int right = place->x + place->width < area->x + area->width ? place->x + place->width
                                                              : area->x + area->width;
  int bottom = place->y + place->height < area->y + area->height ? place->y + place->height
                                                                 : area->y + area->height;

  return right > left && bottom > top ? (right - left) * (bottom - top) : 0;
}

static int watch_frames (double seconds, Window window, const XRectangle *place) {
  Watch watch;
  XEvent event;
  unsigned frames = 0;
  double last = 0, longest = 0;

  if (!watch_open (&watch))
    return 1;
  XDamageCreate (watch.display, window, XDamageReportRawRectangles);
  XSync (watch.display, False);
  double start = now ();
  while (next_event (&watch, &event, start + seconds)) {
    double time = now ();
    if (event.type != watch.damage_event || time - last < 0.001
        || covered (place, &((XDamageNotifyEvent *) &event)->area) * 2
               < place->width * place->height)
      continue;
    if (last > 0 && time - last > longest)
      longest = time - last;
    last = time;
    frames++;
  }
  XCloseDisplay (watch.display);
  printf ("%.1f %.1f\n", frames / seconds, longest * 1000);
  return 0;
}

int main (int argc, char **argv) {
  if (argc == 8 && strcmp (argv[1], "--frames") == 0) {
    XRectangle place = { .x = (short) atoi (argv[4]),
                         .y = (short) atoi (argv[5]),
                         .width = (unsigned short) atoi (argv[6]),
                         .height = (unsigned short) atoi (argv[7]) };
    return watch_frames (atof (argv[2]), strtoul (argv[3], NULL, 0), &place);
  }
  if (argc < 2 || argv[1][0] == '-') {
    fputs ("paint-watch: a command is needed\n", stderr);
    return 2;
  }
  return watch_start (argv + 1);
}
