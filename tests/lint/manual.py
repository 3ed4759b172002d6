#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages and the completions against the programs themselves.

Asks every program and every command of it for --help, as users do, and fails on a command or an option that the
manual page or the completion lacks, or that stands there and the program does not have; on a variable
TAMBO_… that no page names; on a page in another language that has others; and on whatever groff has to say about a page.

    manual.py ROOT PROGRAM…"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])(--?[a-z](?:[\w-]*\w)?)")
HELP_LINE = re.compile(r"^ +(?:(-\w), )?(--[\w-]+)", re.M)
# What a program takes behind a command though the command's own help does not name it.
ANYWHERE = {"tamboctl": {"--json"}}
# Looks at every command and has the completion answer for it, as bash would ask.
ASK_COMPLETION = """
. "$1"
function=$(complete -p "$2" | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
while IFS= read -r command; do
  for current in '' -; do
    COMP_WORDS=("$2" $command "$current") COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    "$function"
    printf '%s|%s|%s\\n' "$command" "$current" "${COMPREPLY[*]}"
  done
done
"""


class Problems(list):
    def compare(self, where, wanted, found, known=None):
        """WANTED has to be FOUND, and nothing but what is KNOWN."""
        for name in sorted(wanted - found):
            self.append(f"{where} lacks {name}")
        for name in sorted(found - (wanted if known is None else known)):
            self.append(f"{where} has {name}, which the program does not have")


# ---- what the programs say ----

def ask(program, *words):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="")
    result = subprocess.run([program, *words], env=environment, stdin=subprocess.DEVNULL, text=True,
                            capture_output=True, timeout=60)
    return result.stdout if result.returncode == 0 else ""


def options_in(text):
    return {name for pair in HELP_LINE.findall(text) for name in pair if name}


def find_names(program, line):
    """The full names of what one line of a program's help lists: COMMAND, or the commands of a group."""
    first, second = line
    help_text = ask(program, first, "--help")
    group = re.match(rf"Usage: \S+ {first} ([\w|-]+) …", help_text)
    if group:
        return [f"{first} {name}" for name in group[1].split("|")]
    pair = f"{first} {second} "
    is_pair = pair in ask(program, first, second, "--help").partition("\n\n")[0] and pair not in help_text
    return [pair.strip() if is_pair else first]


def read_program(program):
    """{command: options}; "" is the program before any command."""
    text = ask(program, "--help")
    usage, _, rest = text.partition("\n\n")
    more = "".join(ask(program, name) for name in set(re.findall(r"--help-[a-z]+", text)))
    own = options_in(text + more) | set(OPTION.findall(usage)) | {"--help"}
    lines = re.findall(r"^  ([a-z][\w-]*) +(\S+)", rest, re.M)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        names = [name for found in pool.map(lambda line: find_names(program, line), lines) for name in found]
        options = pool.map(lambda name: options_in(ask(program, *name.split(), "--help")), names)
        return {"": own, **dict(zip(names, options))}


# ---- the manual page ----

def plain(text):
    return re.sub(r"\\f.", "", text.replace("\\-", "-").replace("\\~", " "))


def read_page(path):
    """{command: options in its tags}; "" is the section OPTIONS."""
    told, section, place, is_tag = {"": set()}, "", None, False
    for line in path.read_text().splitlines():
        if line.startswith(".SH "):
            section = line[4:]
            place = "" if section == "OPTIONS" else None
        elif line.startswith(".SS ") and section == "COMMANDS":
            place = plain(line[4:].partition("\\f")[0]).strip()
            told[place] = set()
        elif is_tag and place is not None:
            told[place] |= set(OPTION.findall(plain(line)))
        is_tag = line in (".TP", ".TQ")
    return told


def check_page(problems, path, said, every_option):
    told = read_page(path)
    common = told[""]
    problems.compare(path.name, set(said), set(told))
    problems.compare(path.name, said[""], common, set().union(*said.values()))
    for command in set(said) & set(told) - {""}:
        own = said[command]
        problems.compare(f"{path.name}, {command},", own - common, told[command], own)
    mentioned = {name for name in OPTION.findall(plain(path.read_text())) if name.startswith("--")}
    problems.extend(f"{path.name} speaks of {name}, which no program has"
                    for name in sorted(mentioned - every_option))


def check_markup(problems, path):
    groff = shutil.which("groff")
    if groff is None:
        return "skipped: no groff"
    result = subprocess.run([groff, "-Kutf8", "-man", "-Tutf8", "-ww", "-z", "-rCHECKSTYLE=3", str(path)], text=True,
                            capture_output=True)
    problems.extend(f"{path.name}: {line}" for line in (result.stdout + result.stderr).splitlines())
    return "groff is not silent" if result.stderr else "groff is silent"


# ---- the pages in other languages ----

def shape_of(path):
    """What a translation has to have as well: options, variables, and how many parts of each sort."""
    text = path.read_text()
    words = set(OPTION.findall(plain(text))) | set(re.findall(r"TAMBO_[A-Z0-9_]+", text))
    parts = {f"{text.count(chr(10) + macro)} × {macro}" for macro in (".SH", ".SS", ".TP", ".TQ")}
    return {name for name in words if name.startswith(("--", "TAMBO_"))} | parts


def check_translations(problems, root):
    pages = sorted((root / "data/man").glob("*/*.1"))
    for page in pages:
        name = f"{page.parent.name}/{page.name}"
        problems.compare(name, shape_of(root / "data/man" / page.name), shape_of(page))
        check_markup(problems, page)
    return len(pages)


# ---- the completion ----

def check_completion(problems, path, program, said):
    groups = {command.rpartition(" ")[0] for command in said if command}
    answer = subprocess.run(["bash", "-c", ASK_COMPLETION, "bash", str(path), program], text=True,
                            input="".join(f"{name}\n" for name in sorted(set(said) | groups)),
                            capture_output=True)
    problems.extend(f"completion of {program}: {line}" for line in answer.stderr.splitlines())
    for line in answer.stdout.splitlines():
        command, current, words = line.split("|")
        offered, where = set(words.split()), f"completion of {program} {command}".rstrip()
        if current == "-":
            anywhere = ANYWHERE.get(program, set()) if command in said else set()
            problems.compare(where, said.get(command, {"--help"}) | anywhere, offered)
        elif command in groups:
            start = f"{command} " if command else ""
            problems.compare(where, {name[len(start):].split()[0] for name in said
                                     if name and name.startswith(start)}, offered)


# ---- the variables ----

def check_variables(problems, root):
    variable = re.compile(r"TAMBO_[A-Z0-9_]+")
    asked = {name for path in (root / "src").rglob("*") if path.suffix in (".c", ".cc")
             for name in re.findall(r'"(TAMBO_[A-Z0-9_]+)"', path.read_text())}
    named = {name for path in (root / "data/man").glob("*.1")
             for name in variable.findall(plain(path.read_text()))}
    problems.compare("the manual", asked, named)
    return len(asked)


def main():
    root, problems = pathlib.Path(sys.argv[1]), Problems()
    programs = {pathlib.Path(path).name: read_program(path) for path in sys.argv[2:]}
    every_option = set().union(*(options for said in programs.values() for options in said.values()))
    for name, said in programs.items():
        page = root / "data/man" / f"{name}.1"
        check_page(problems, page, said, every_option)
        state = check_markup(problems, page)
        check_completion(problems, root / "data/completions" / name, name, said)
        print(f"{name}: {len(said) - 1} commands, {sum(map(len, said.values()))} options, {state}")
    print(f"{check_translations(problems, root)} pages in other languages")
    print(f"{check_variables(problems, root)} variables")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
