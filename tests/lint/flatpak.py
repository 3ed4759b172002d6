#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Flatpak's manifest: what it may is what its README gives a reason for, and its parts can be told from others.

    flatpak.py ROOT"""
import json
import pathlib
import re
import sys

ROW = re.compile(r"^\| `(--[^`]+)` \| (.+) \|$", re.M)
# What would open the person's computer to the station.
TOO_MUCH = re.compile(r"^--(filesystem=(home|host|/|~|xdg-)(?!run/udev)|socket=(session|system)-bus|talk-name=|"
                      r"system-talk-name=|own-name=|allow=devel|persist=|env=)")
LOCAL = re.compile(r"sources/[a-z0-9+.-]+_[^/]+")
CHECKSUM = re.compile(r"[0-9a-f]{64}")


def refuse_twice(pairs):
    """As object_pairs_hook: of two members with one name the first would be lost in silence."""
    names = [name for name, _ in pairs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"{', '.join(sorted(twice))} stands twice in one object")
    return dict(pairs)


def check_permissions(manifest, readme):
    told, wanted = ROW.findall(readme), manifest["finish-args"]
    problems = [f"the README gives no reason for {name}" for name in wanted if name not in dict(told)]
    problems += [f"the README has {name}, which the manifest has not" for name, _ in told if name not in wanted]
    problems += [f"{name} is too much" for name in wanted
                 if TOO_MUCH.match(name) and name != "--filesystem=/run/udev:ro"]
    if [name for name, _ in told] != wanted and not problems:
        problems.append("the README's rows are in another order than the manifest's, or stand twice")
    return problems


def check_source(module, source):
    if source["type"] in ("archive", "file"):
        if not LOCAL.fullmatch(source.get("path", "")) or "url" in source:
            yield f"{module['name']}: {source.get('path') or source.get('url')} is not what get-sources brings"
        if not CHECKSUM.fullmatch(source.get("sha256", "")):
            yield f"{module['name']}: no SHA-256 of {source.get('path')}"
    elif source["type"] == "dir":
        if module["name"] != "tambo":
            yield f"{module['name']}: a folder is no source of others"
    elif source["type"] not in ("shell", "script"):
        yield f"{module['name']}: a source of the kind {source['type']} is not checked here"


def check_modules(manifest, options):
    names = [module["name"] for module in manifest["modules"]]
    if len(set(names)) != len(names) or names[-1:] != ["tambo"]:
        yield "each module stands once, and tambo last"
    for module in manifest["modules"]:
        for source in module["sources"]:
            yield from check_source(module, source)
    for option in manifest["modules"][-1]["config-opts"]:
        if option[2:].split("=")[0] not in options:
            yield f"meson_options.txt has no {option}"


def main():
    root = pathlib.Path(sys.argv[1])
    manifest = json.loads((root / "flatpak/org.tambo.Station.json").read_text(), object_pairs_hook=refuse_twice)
    readme = (root / "flatpak/README.md").read_text()
    options = set(re.findall(r"^option\('(\w+)'", (root / "meson_options.txt").read_text(), re.M))
    entry = (root / f"data/{manifest['id']}.desktop").read_text()
    problems = check_permissions(manifest, readme) + list(check_modules(manifest, options))
    if f"Exec={manifest['command']}\n" not in entry:
        problems.append(f"the desktop's entry does not start {manifest['command']}")
    for problem in problems:
        print(f"flatpak: {problem}")
    print(f"{len(manifest['finish-args'])} permissions, {len(manifest['modules'])} modules, {len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
