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
