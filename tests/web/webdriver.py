# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser, driven over WebDriver (W3C) by what Python brings along."""
import base64
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

TAB, ENTER, SPACE, DOWN, SHIFT = "\ue004", "\ue007", "\ue00d", "\ue015", "\ue008"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 60  # seconds


class Refused(Exception):
    """The driver or the page said no."""


def available():
    return all(shutil.which(name) for name in ("chromium", "chromedriver"))


class Browser:
    def __init__(self, room, language):
        self.room = pathlib.Path(room)
        self.room.mkdir(parents=True, exist_ok=True)
        self.log = open(self.room / "chromedriver.log", "wb")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=self.log, stdin=subprocess.DEVNULL, env=self.environment())
        self.session = None
        self.port = self.read_port()
        self.start(language)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            if self.session:
                self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            self.log.close()

    def environment(self):
        """What a sanitized program wants is not for the browser."""
        return {name: value for name, value in os.environ.items()
                if not name.endswith("SAN_OPTIONS") and name != "LD_PRELOAD"}

    def read_port(self):
        for line in self.driver.stdout:
            found = re.search(rb"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise Refused("chromedriver did not start")

    def start(self, language):
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--no-first-run", "--disable-background-networking", "--disable-component-update",
                     f"--user-data-dir={self.room}/profile", f"--accept-lang={language}",
                     f"--lang={language}"]
        answer = self.request("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "acceptInsecureCerts": True,
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": arguments,
                                   "prefs": {"intl.accept_languages": language}}}}})
        self.session = answer["sessionId"]

    # ---- the wire ----

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        data = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, data, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(answer, dict) and answer.get("error"):
            raise Refused(f"{method} {path}: {answer['error']}: {answer.get('message', '')[:300]}")
        return answer

    def call(self, method, path, body=None):
        if method == "POST" and body is None:
            body = {}
        return self.request(method, f"/session/{self.session}{path}", body)

    # ---- pages ----

    def open(self, address):
        self.call("POST", "/url", {"url": address})

    def address(self):
        return self.call("GET", "/url")

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def text(self, selector):
        return self.call("GET", f"/element/{self.find(selector)}/text")

    def click(self, selector):
        self.call("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self.call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def wait(self, script, what):
        """Until SCRIPT gives something true; pages may change while it runs."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                value = self.run(f"return {script}")
                if value:
                    return value
            except Refused:
                pass
            time.sleep(0.1)
        raise Refused(f"waited in vain for {what} at {self.address()}: {self.run('return document.body.innerText')[:800]}")

    def press(self, *keys):
        """Keys one after the other, wherever the focus is."""
        actions = []
        for key in keys:
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def write(self, text):
        self.press(*text)

    def width(self, pixels):
        if pixels:
            self.devtools("Emulation.setDeviceMetricsOverride", width=pixels, height=800,
                          deviceScaleFactor=1, mobile=False)
        else:
            self.devtools("Emulation.clearDeviceMetricsOverride")

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def console(self):
        return [entry for entry in self.call("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def shot(self, name):
        folder = os.environ.get("TAMBO_SHOTS")
        if folder:
            picture = base64.b64decode(self.call("GET", "/screenshot"))
            pathlib.Path(folder, name + ".png").write_bytes(picture)
