#!/usr/bin/env python3
"""A page in a real browser (Debian's chromium) against a core: CORS, EventSource over a killed core,
WebSocket in both protocols, and a page whose origin is not allowed.

    ./weir version && python3 quality/browser/browser.py

Ends with 1 when a check fails, with 69 when there is no browser. About 20 s. Not part of CI for the
size of a browser; quality/it has curl and python3-websockets there.
"""
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 30
PAGE_SECONDS = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Core:
    """A core that can be killed and started again on its port and its data."""

    def __init__(self, directory, origin):
        self.address = f"127.0.0.1:{free_port()}"
        self.config = directory / "core.yaml"
        self.log = open(directory / "core.log", "ab")
        self.config.write_text(
            "version: 1\n"
            "server:\n"
            f"  listen: {self.address}\n"
            f"  dataDir: {directory / 'data'}\n"
            "  web:\n"
            f"    origins: ['{origin}']\n")
        self.process = None

    def start(self):
        command = [str(ROOT / "weir"), "serve", "--config", str(self.config)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        waiting = threading.Event()
        for _ in range(START_SECONDS * 10):
            try:
                with urllib.request.urlopen(f"http://{self.address}/readyz", timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"the core did not start, see {self.log.name}")
                waiting.wait(0.1)
        sys.exit(f"the core was not ready within {START_SECONDS} s, see {self.log.name}")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Site(http.server.ThreadingHTTPServer):
    """Serves the page, and hears what it found."""

    def __init__(self, core):
        super().__init__(("127.0.0.1", 0), Page)
        self.core = core
        self.results = None
        self.done = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = (HERE / "page.html").read_bytes() if self.path.startswith("/?") else b""
        self.answer(200 if body else 404, body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/restart":
            self.server.core.kill()
            self.server.core.start()
        elif self.path == "/results":
            self.server.results = json.loads(body)
        self.answer(200, b"")
        if self.path == "/results":
            self.server.done.set()

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def visit(browser, directory, site, core, allowed):
    command = [browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-sync",
               f"--user-data-dir={directory / ('profile-' + allowed)}"]
    if os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium runs as root in no other way.
    command.append(f"{site.origin}/?core={core.address}&allowed={allowed}")
    with open(directory / "browser.log", "ab") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            if not site.done.wait(PAGE_SECONDS):
                sys.exit(f"the page said nothing within {PAGE_SECONDS} s, see {log.name}")
        finally:
            running.terminate()
            running.wait()
    return site.results


def main():
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"None of {', '.join(BROWSERS)} is there: apt-get install chromium", file=sys.stderr)
        return 69
    directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-browser-"))
    own, foreign = Site(None), Site(None)
    core = Core(directory, own.origin)
    own.core = foreign.core = core
    core.start()
    try:
        results = visit(browser, directory, own, core, "yes")
        results += visit(browser, directory, foreign, core, "no")
    finally:
        core.kill()
    for result in results:
        print("ok  " if result["ok"] else "FAIL", result["what"], result["seen"])
    failed = sum(not result["ok"] for result in results)
    print(f"{len(results)} checks, {failed} failed")
    if failed:
        print(f"see {directory}")
        return 1
    shutil.rmtree(directory, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
