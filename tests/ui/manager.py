# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in for a window manager where what is measured is the window alone."""
import ctypes


def manage_screen():
    """Says that this screen has a window manager, as every desk's has: without one GTK asks the server for it with each
    frame, and waits. For as long as this program runs."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    for name in ("XDefaultRootWindow", "XCreateSimpleWindow", "XInternAtom"):
        getattr(x11, name).restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    window = ctypes.c_ulong(x11.XCreateSimpleWindow(display, root, -9, -9, 1, 1, 0, ctypes.c_ulong(0), ctypes.c_ulong(0)))

    def put(where, name, kind, value):
        atoms = [ctypes.c_ulong(x11.XInternAtom(display, word, 0)) for word in (name, kind)]
        x11.XChangeProperty(display, where, *atoms, 32, 0, ctypes.byref(value), 1)

    for where in (root, window):
        put(where, b"_NET_SUPPORTING_WM_CHECK", b"WINDOW", window)
    put(root, b"_NET_SUPPORTED", b"ATOM", ctypes.c_ulong(x11.XInternAtom(display, b"_NET_SUPPORTING_WM_CHECK", 0)))
    x11.XSync(display, 0)


class Listener:
    """Hears what windows ask their manager for."""

    CLIENT_MESSAGE = 33
    SUBSTRUCTURE_NOTIFY = 1 << 19

    def __enter__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        for name in ("XDefaultRootWindow", "XInternAtom"):
            getattr(self.x11, name).restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))
        self.x11.XSelectInput(self.display, root, ctypes.c_long(self.SUBSTRUCTURE_NOTIFY))
        self.x11.XSync(self.display, 0)
        self.state, self.fullscreen = [self.x11.XInternAtom(self.display, name, 0)
                                       for name in (b"_NET_WM_STATE", b"_NET_WM_STATE_FULLSCREEN")]
        return self

    def __exit__(self, *_):
        self.x11.XCloseDisplay(self.display)

    def wants_fullscreen(self):
        while self.x11.XPending(self.display):
            # XClientMessageEvent: type, serial, send_event, display, window, message_type, format, five longs.
            event = (ctypes.c_long * 24)()
            self.x11.XNextEvent(self.display, ctypes.byref(event))
            if (ctypes.c_int.from_buffer(event).value == self.CLIENT_MESSAGE and event[5] == self.state
                    and self.fullscreen in (event[8], event[9])):
                return True
        return False
