# SPDX-License-Identifier: GPL-3.0-or-later
"""notices.py FILE plays the desktop's notification service on the session bus: each title becomes a line of FILE."""
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

INTERFACE = """
<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface></node>
"""
ANSWERS = {
    "GetCapabilities": GLib.Variant("(as)", (["body"],)),
    "GetServerInformation": GLib.Variant("(ssss)", ("test", "tambo", "1", "1.2")),
    "Notify": GLib.Variant("(u)", (1,)),
    "CloseNotification": None,
}


def on_call(connection, sender, path, interface, method, parameters, invocation):
    if method == "Notify":
        told = parameters.unpack()
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(f"{told[3]}: {told[4]}\n")
    invocation.return_value(ANSWERS[method])


def on_bus(connection, name):
    node = Gio.DBusNodeInfo.new_for_xml(INTERFACE)
    connection.register_object("/org/freedesktop/Notifications", node.interfaces[0], on_call, None, None)


def on_name(connection, name):
    # From now on somebody listens.
    with open(sys.argv[1], "a", encoding="utf-8"):
        pass


Gio.bus_own_name(Gio.BusType.SESSION, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE, on_bus,
                 on_name, None)
GLib.MainLoop().run()
