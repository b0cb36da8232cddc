"""The tutorial `docs/eigen-corpus.md`, run from start to end: every command in its order.

The page marks what a person, the network or a long run is needed for; here a script answers in the web pages that the very
commands open, by labels that stand below.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from vptnlp.annotation.formats import format_named
from vptnlp.annotation.judgements import from_row
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import files, load_split
from vptnlp.corpus.version import about, read_version
from vptnlp.training.config import EncoderConfig, load_config
from vptnlp.training.data import load_data

pytest.importorskip("fastapi")
pytest.importorskip("cleanlab")

_MARK = re.compile(r"# (installeren|met de hand|duurt lang): ")
_PORT = re.compile(r"http://127\.0\.0\.1:\d+/\S*")
EMPTY: dict[str, Any] = {"threat": "none", "nature": [], "aims": [], "forms": [], "targets": [], "doxing": "none",
                         "organised_crime": False}  # fmt: skip
# By words of the message: its labels, and the first of these patterns that the text has as a span.
TRUTH: dict[str, tuple[dict[str, Any], dict[str, str], dict[tuple[str, str], str]]] = {
    "steek ik je lek": (
        {"threat": "direct", "nature": ["emotional"], "forms": ["physical_violence"], "targets": ["police"]},
        {"threat_phrase": "steek ik je lek"}, {}),
    "buiten de boeken om": (
        {"nature": ["instrumental"], "aims": ["influence_decision"], "forms": ["bribery"], "targets": ["municipality"]},
        {"offer": "een bijdrage"}, {}),
    "vette luie zeug": (
        {"nature": ["emotional"], "aims": ["vent_anger"], "forms": ["verbal_abuse"], "targets": ["municipality"]},
        {"slur": "vette luie zeug"}, {}),
    "rij ik de shovel": (
        {"threat": "conditional", "nature": ["instrumental", "emotional"], "aims": ["influence_decision"],
         "forms": ["physical_violence"], "targets": ["municipality"]},
        {"condition": "Ligt die vergunning vrijdag niet op mijn mat", "threat_phrase": "dwars door die glazen pui"}, {}),
    "vrachtwagens van de steenfabriek": (
        {"threat": "veiled", "nature": ["instrumental"], "aims": ["influence_decision", "intimidate"],
         "forms": ["physical_violence"], "targets": ["politician", "relatives"], "doxing": "hint"},
        {"threat_phrase": "pas als het te laat is"}, {}),
    "Zes weken fiets ik": (
        {"nature": ["emotional"], "forms": ["stalking"], "doxing": "exposure"},
        {}, {("ROUTINE", "target"): r"\[GEWOONTE-\d+\]|Zes weken"}),
    "iedereen om de beurt": (
        {"nature": ["emotional"], "aims": ["intimidate"], "targets": ["police"], "doxing": "call"},
        {"call_to_action": "met zijn allen aanbellen"}, {("ADDRESS", "target"): r"\[ADRES-\d+\]|om de hoek"}),
    "Harteloos kreng": (
        {"nature": ["emotional"], "aims": ["vent_anger"], "forms": ["verbal_abuse"]},
        {"slur": "Harteloos kreng", "self_harm": "op de spoordijk gestaan"}, {}),
    "prikbord van de sportkantine": (
        {"nature": ["emotional"], "aims": ["intimidate"], "targets": ["journalist", "relatives"], "doxing": "exposure"},
        {}, {("ADDRESS", "target"): r"\[ADRES-\d+\]|bovenste bel"}),
}  # fmt: skip
RUDE = {"nature": ["emotional"], "forms": ["verbal_abuse"]}


@dataclass(frozen=True)
class Command:
    """One command of the page; `mark` says what it needs, empty for one that just runs."""

    mark: str
    note: str
    text: str


def commands(page: str) -> Iterator[Command]:
    """The commands in the shell blocks of a page, with continued lines and here-documents whole."""
    for block in re.findall(r"^```(?:sh|console)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        mark = note = ""
        lines = iter(block.splitlines())
        for line in lines:
            if found := _MARK.match(line):
                mark, note = found[1], line
                if "label in Label Studio" in line:  # the only step that is no command
                    yield Command(mark, note, "")
                    mark = note = ""
                continue
            assert not line.startswith("#"), f"an unknown mark: {line}"
            text = line
            while text.endswith("\\"):
                text += "\n" + next(lines)
            if here := re.search(r"<<'(\w+)'", text):
                while not text.endswith(f"\n{here[1]}"):
                    text += "\n" + next(lines)
            if text.strip():
                yield Command(mark, note, text)
                mark = note = ""


def truth(text: str) -> dict[str, Any]:
    """The labels and spans of a message of the sample inbox."""
    for words, (labels, cues, details) in TRUTH.items():
        if words in text:
            found: dict[str, Any] = {**EMPTY, **labels, "details": [], "cues": []}
            for kind, phrase in cues.items():
                at = text.index(phrase)
                found["cues"].append({"start": at, "end": at + len(phrase), "kind": kind})
            for (kind, subject), pattern in details.items():
                match = re.search(pattern, text)
                assert match is not None
                span = {"start": match.start(), "end": match.end(), "kind": kind, "subject": subject}
                found["details"].append(span)
            return found
    return {**EMPTY, "details": [], "cues": []}


def bram(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bram finds the first harmless message rude; for the rest he is right."""
    rows = [{"id": t["id"], "annotator": "bram", **truth(t["text"])} for t in tasks]
    calm = next(row for row in rows if row["nature"] == [])
    calm |= RUDE
    return rows


class Page:
    """A session in a web page that a command opened."""

    def __init__(self, address: str) -> None:
        self._root = address.split("?")[0]
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._browser.open(address, timeout=60).read()

    def ask(self, path: str, body: Mapping[str, Any] | None = None, method: str = "GET") -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Origin": self._root.rstrip("/")}
        request = urllib.request.Request(self._root + path, data, headers, method=method)
        with self._browser.open(request, timeout=60) as answer:
            return json.load(answer)


class Machine:
    """Runs the commands of the page in a folder that looks like the repository."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self._before = "set -euo pipefail\n"
        tool = folder / ".bin/vptnlp"
        tool.parent.mkdir()
        tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m vptnlp.cli "$@"\n')
        tool.chmod(0o755)
        self._env = {**os.environ, "PATH": f"{tool.parent}:{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}

    def run(self, command: Command) -> None:
        if command.mark == "installeren":
            self._check_install(command.text)
        elif command.mark == "duurt lang":
            self._check_training(command.text)
        elif "label in Label Studio" in command.note:
            self._label_studio()
        elif "vptnlp serve" in command.text:
            self._desk(command.text)
        elif command.mark == "met de hand":
            self._table(command.text)
        else:
            script = self._before + command.text
            done = subprocess.run(
                ["bash", "-c", script],
                cwd=self.folder,
                env=self._env,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            assert done.returncode == 0, f"{command.text}\n{done.stdout}\n{done.stderr}"
            if command.text.startswith("umask"):
                self._before += command.text + "\n"

    def rows(self, name: str) -> list[dict[str, Any]]:
        return [dict(row) for _, row in files.read_rows(self.folder / "eigen" / name)]

    def _check_install(self, text: str) -> None:
        extras = tomllib.loads((self.root / "pyproject.toml").read_text())["project"]["optional-dependencies"]
        for named in re.findall(r"'\.\[([\w,]+)\]'", text):
            assert set(named.split(",")) <= extras.keys()

    def _check_training(self, text: str) -> None:
        path = self.folder / text.split()[-1]
        config = load_config(path)
        assert isinstance(config, EncoderConfig)
        assert [c.name for c in config.corpus.add] == ["vpt-nl-extra", "eigen"]
        assert (path.parent / config.model.work).resolve().is_relative_to(self.folder / "eigen")
        own = load_split(self.folder / "eigen/corpus-1.0.0", "train")
        data = load_data(config.corpus, path.parent)
        shipped = [load_split(self.folder / "corpora" / name, "train") for name in ("vpt-nl", "vpt-nl-extra")]
        assert len(data.train) == sum(map(len, shipped)) + 2 * len(own)

    def _label_studio(self) -> None:
        given = [from_row(row) for row in bram(self.rows("werk/bram/batch-01.jsonl"))]
        tasks = [Task(t["id"], t["text"]) for t in self.rows("werk/bram/batch-01.jsonl")]
        format_named("label-studio").export(tasks, self.folder / ".ls", given, [])
        shutil.copy(self.folder / ".ls/tasks.json", self.folder / "eigen/bram-export.json")

    @contextlib.contextmanager
    def _served(self, text: str) -> Iterator[subprocess.Popen[str]]:
        script = self._before + "exec " + text
        with subprocess.Popen(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)

    def _table(self, text: str) -> None:
        with self._served(text) as process:
            assert process.stdout is not None
            address = _PORT.search(process.stdout.readline())
            assert address is not None, text
            page = Page(address[0])
            asked = page.ask("api/tasks")["tasks"]
            assert asked
            for task in asked:
                opened = page.ask(f"api/tasks/{task['number']}")
                sheet = {**truth(opened["text"]), "reason": "Zo staat het in het codeboek.", "done": True}
                change = {"revision": opened["sheet"]["revision"], "sheet": sheet, "anyway": False}
                page.ask(f"api/tasks/{task['number']}/sheet", change, "PUT")

    def _desk(self, text: str) -> None:
        """Assess two messages on the served model, and write corrections as the page does."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        chosen = {row["id"] for row in self.rows("keuze.jsonl")}
        messages = self.rows("veilig.jsonl")
        new = next(m for m in messages if m["id"] not in chosen)
        old = next(m for m in messages if m["id"] in chosen and truth(m["text"])["nature"] == [])
        with self._served(f"{text} --port {port}"):
            address = f"http://127.0.0.1:{port}/"
            for _ in range(1200):
                with contextlib.suppress(OSError):
                    page = Page(address)
                    break
                time.sleep(0.1)
            body = {"messages": [{"id": m["id"], "text": m["text"]} for m in (new, old)]}
            answers = page.ask("v1/assessments", body, "POST")["assessments"]
        assert [a["model"]["name"] for a in answers] == ["eigen-linear"] * 2
        sheets = [truth(new["text"]), {**truth(old["text"]), **RUDE}]
        files.write_jsonl(
            self.folder / "eigen/correcties.jsonl",
            [
                {"id": a["id"], "text": m["text"], "annotator": "dana", **sheet}
                for a, m, sheet in zip(answers, (new, old), sheets, strict=True)
            ],
        )


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A small repository: the sample inbox, few messages of VPT-NL, and the configurations with few features."""
    root = Path(__file__).parents[2]
    folder = tmp_path_factory.mktemp("eigen")
    (folder / "src/vptnlp").mkdir(parents=True)
    (folder / "src/vptnlp/samples").symlink_to(root / "src/vptnlp/samples")
    for name, sizes in {"vpt-nl": (500, 100, 60), "vpt-nl-extra": (100, 0, 0)}.items():
        (folder / "corpora" / name / "data").mkdir(parents=True)
        for split, number in zip(("train", "dev", "test"), sizes, strict=True):
            rows = [row for _, row in files.read_rows(files.split_path(root / "corpora" / name, split))]
            files.write_jsonl(files.split_path(folder / "corpora" / name, split), rows[:number])
    shutil.copytree(root / "configs", folder / "configs")
    small = re.sub(r"_bits = \d+", "_bits = 12", (folder / "configs/linear.toml").read_text())
    (folder / "configs/linear.toml").write_text(small)
    return Machine(folder, root)


@pytest.mark.slow
def test_the_page_runs_from_start_to_end(machine: Machine) -> None:
    page = (machine.root / "docs/eigen-corpus.md").read_text(encoding="utf-8")
    found = list(commands(page))
    assert len(found) > 30 and {c.mark for c in found} == {"", "installeren", "met de hand", "duurt lang"}
    for command in found:
        if command.text.startswith("rm "):
            _check(machine)
        machine.run(command)
    last = read_version(machine.folder / "eigen/corpus-1.2.0")
    [gone] = (machine.folder / "eigen/weg.txt").read_text().split()
    assert gone in last.removed and gone not in last.examples
    own = machine.folder / "eigen"
    assert not any(
        path.stat().st_mode & 0o077
        for path in own.rglob("*")
        if path.name != "correcties.jsonl" and path.parent.name != "label-studio" and path.name != "bram-export.json"
    )


def _check(machine: Machine) -> None:
    """What the page promises, while both versions of the corpus stand."""
    own = machine.folder / "eigen"
    first, second = read_version(own / "corpus-1.0.0"), read_version(own / "corpus-1.1.0")
    assert len(first.examples) == 30 and len(second.examples) == 31
    decided = [name for name, entry in first.entries.items() if entry.how == "decided"]
    assert len(decided) == 1 and len(first.examples[decided[0]].votes) == 2
    assert all(second.entries[name].split == entry.split for name, entry in first.entries.items())
    assert {name: e.labels for name, e in second.examples.items() if name in first.examples} == {
        name: e.labels for name, e in first.examples.items()
    }
    for split in files.SPLITS:
        assert all(first.examples[e.id].labels.threat == truth(e.text)["threat"] for e in first.split(split))
    made = json.loads((own / "model-linear/manifest.json").read_text())["corpus"]
    said = about(own / "corpus-1.1.0")
    assert said is not None
    assert made["add"][-1] == {"name": "eigen", "version": "1.1.0", "sha256": said.sha256, "repeat": 2}
    assert "1 erbij" in (own / "corpus-1.1.0/CHANGELOG.md").read_text()
    assert (own / "meting/report.html").is_file() and (own / "rapport.html").is_file()


def test_every_mark_of_the_page_is_known(root: Path) -> None:
    page = (root / "docs/eigen-corpus.md").read_text(encoding="utf-8")
    assert all(
        _MARK.match(line)
        for line in re.findall(r"^# .*", "\n".join(re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)), re.M)
    )
    with pytest.raises(AssertionError, match="unknown mark"):
        list(commands("```sh\n# zomaar iets\nls\n```\n"))
