"""Asks every call of the OpenAPI document as every role, by Schemathesis, of a server with invented people.

    cargo xtask schemathesis [EXAMPLES]
    tests/schemathesis/by_role.py CONTACTPOINT EXAMPLES [ROLE|client|nobody ...]

makes a demonstration in a folder of its own, serves it on loopback, signs one person of each role in and one case
management system, gives the PIN, and has Schemathesis ask with its fixed seed. Any 5xx fails, and any status, media
type, header or body that the document does not declare. It needs Python 3.10 and `pip install -r
tests/schemathesis/requirements.txt`; SCHEMATHESIS names the program where it is not on the path.
"""

import base64
import collections
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

CHILDREN = "200"
SEED = "2009"
NATIONAL = "org:national-inspectorate"

# What would end the run rather than be asked: one's own session, and a stream that goes on for ever.
LEFT_OUT = {
    "endSession": "it ends the session that asks; api/tests/door asks it",
    "followFeed": "it goes on until the reader leaves; api/tests/door/feed.rs asks it",
}

# 5xx, and whatever the document does not declare. What a rule refuses by its meaning is for the tests of rules.
CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)


class Server:
    """A demonstration that is served while the block lasts."""

    def __init__(self, program, folder):
        self.program, self.data = program, os.path.join(folder, "data")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.url = f"http://{self.address}"
        made = [program, "demo", "--no-serve", "--data", self.data, "--children", CHILDREN]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(self.data, "demo-credentials.json"), encoding="utf-8") as file:
            self.people = json.load(file)
        # Two more, whom nobody else is: they sign a policy.
        self.signers = [self.employed(f"signer.{number}") for number in (1, 2)]

    def employed(self, username):
        about = ["--name", "Invented Person", "--role", "administrator", "--organisation", NATIONAL]
        command = [self.program, "--json", "user", "add", username, *about, "--data", self.data]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)

    def __enter__(self):
        self.log = open(os.path.join(self.data, "..", "server.log"), "wb")
        command = [self.program, "serve", "--data", self.data, "--listen", self.address]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not become ready")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            ended = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            ended = self.process.wait()
        self.log.close()
        self.ended = ended

    def post(self, path, body, token=None, headers=None):
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, sent, {"content-type": "application/json"})
        for name, value in (headers or {}).items():
            asked.add_header(name, value)
        if token:
            asked.add_header("authorization", f"Bearer {token}")
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def signed_in(self, user):
        """A token of somebody who signed in and gave the PIN. A code is taken once: else the next is waited for."""
        for wait in (True, False):
            proof = {"username": user["username"], "password": user["password"], "otp": code(user["totp_secret"])}
            try:
                token = self.post("/api/v1/sessions", proof)["token"]
                self.post("/api/v1/sessions/step_up", {"pin": user["pin"]}, token)
                return token
            except urllib.error.HTTPError as error:
                if not wait:
                    raise SystemExit(f"{user['username']} cannot sign in: {error.code}") from error
                time.sleep(31 - time.time() % 30)

    def client(self):
        """A token of a hospital's system."""
        client = next(one for one in self.people["clients"] if one["service"] == "hospital_emergency")
        basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
        asked = {"authorization": f"Basic {basic}", "content-type": "application/x-www-form-urlencoded"}
        return self.post("/oauth/token", b"grant_type=client_credentials", headers=asked)["access_token"]

    def widen_ceilings(self):
        """Random questions are what the ceilings of attempts are against: they go as far as a policy may take them."""
        one, other = (self.signed_in(signer) for signer in self.signers)
        most = {"hour": 1_000, "day": 5_000}
        ceilings = {counted: most for counted in ("searches", "listed", "opened", "fruitless")}
        proposed = self.post("/api/v1/policy/proposals", {"settings": {"ceilings": ceilings}}, one)
        self.post(f"/api/v1/policy/proposals/{proposed['proposal']}/signature", {}, other)


def code(seed):
    """The one-time code of this moment (RFC 6238)."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def asked(server, schema, folder, name, headers, examples):
    """Has Schemathesis ask everything once; answers whether all was well, the calls made, what was said, and the answers."""
    program = os.environ.get("SCHEMATHESIS", "schemathesis")
    command = [program, "run", schema, "--url", server.url, "--checks", CHECKS, "--seed", SEED]
    command += ["--max-examples", str(examples), "--phases", "examples,coverage,fuzzing", "--no-color"]
    command += ["--continue-on-failure", "--warnings", "off", "--request-timeout", "30", "--max-failures", "50"]
    report = os.path.join(folder, f"{name}.ndjson")
    command += ["--report", "ndjson", "--report-ndjson-path", report]
    command += ["--suppress-health-check", "all", "--generation-database", "none"]
    for operation in LEFT_OUT:
        command += ["--exclude-operation-id", operation]
    for header in headers:
        command += ["--header", header]
    known = dict(os.environ, PYTHONPATH=os.path.dirname(os.path.abspath(__file__)), SCHEMATHESIS_HOOKS="hooks")
    done = subprocess.run(
        command, cwd=folder, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    cases = re.search(r"(\d+) generated", done.stdout)
    return done.returncode == 0, int(cases.group(1)) if cases else 0, done.stdout, statuses(report)


def statuses(report):
    """How many answers had which status: whoever is only ever told 401 has asked nothing."""
    counted = collections.Counter()
    with open(report, encoding="utf-8") as file:
        for line in file:
            counted.update(re.findall(r'"status_code": ?(\d{3})', line))
    return ", ".join(f"{status}: {count}" for status, count in sorted(counted.items()))


def main():
    program, examples = sys.argv[1], int(sys.argv[2])
    if shutil.which(os.environ.get("SCHEMATHESIS", "schemathesis")) is None:
        raise SystemExit("Schemathesis is not there: pip install -r tests/schemathesis/requirements.txt, in a venv if need be")
    began, total, faulty = time.monotonic(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(os.path.abspath(program), folder)
        with server:
            server.widen_ceilings()
            schema = os.path.join(folder, "openapi.json")
            urllib.request.urlretrieve(f"{server.url}/api/v1/openapi.json", schema)
            roles = {user["role"]: user for user in reversed(server.people["users"])}
            for name in sys.argv[3:] or [*sorted(roles), "client", "nobody"]:
                if name == "client":
                    headers = [f"Authorization: Bearer {server.client()}"]
                elif name == "nobody":
                    headers = []
                else:
                    headers = [f"Authorization: Bearer {server.signed_in(roles[name])}"]
                start = time.monotonic()
                well, calls, said, answers = asked(server, schema, folder, name, headers, examples)
                total += calls
                word = "ok    " if well and calls else "not ok"
                print(f"{word} {name}: {calls} requests, {time.monotonic() - start:.0f} s; {answers}", flush=True)
                if not (well and calls):
                    faulty.append(name)
                    print(said, flush=True)
        if server.ended != 0:
            faulty.append(f"the server ended with {server.ended}")
        with open(os.path.join(folder, "server.log"), encoding="utf-8") as file:
            panics = [line for line in file if "panicked" in line]
    if panics:
        faulty.append("the server panicked")
        print("".join(panics))
    seconds = time.monotonic() - began
    print(f"{total} requests in {seconds:.0f} s")
    if faulty:
        raise SystemExit("not as the document declares: " + ", ".join(faulty))


if __name__ == "__main__":
    main()
