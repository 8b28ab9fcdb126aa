"""A stand-in workspace for tests: the real databricks-sdk and the real openai client talk to it over HTTP."""

import base64
import json
import secrets
import threading
import time
import urllib.parse
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

client_id = "11111111-2222-3333-4444-555555555555"
client_secret = "standin-secret"
Answer = tuple[int, dict[str, Any]]


class Workspace:
    """One workspace on a port of its own. Tests turn its knobs: `down`, lives in seconds, `refuse`."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, Any], str]] = []
        self.down = False
        self.access_seconds = 3600
        self.database_seconds = 3600
        self.database_host = "localhost"
        self.access_tokens: set[str] = set()
        self.database_tokens: dict[str, float] = {}
        self.refuse: list[tuple[str, Answer]] = []
        self.reply = "{}"
        self.lakebase: dict[str, dict[str, Any]] = {}
        self.slow_operations = 0
        self._running: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self) -> dict[str, str]:
        """What a process needs to log in here as the app's service principal."""
        return {
            "DATABRICKS_HOST": self.url,
            "DATABRICKS_CLIENT_ID": client_id,
            "DATABRICKS_CLIENT_SECRET": client_secret,
        }

    def accepts(self, token: str) -> bool:
        """Whether the database would let this token in now."""
        return self.database_tokens.get(token, 0) > time.time()

    def revoke_all(self) -> None:
        self.database_tokens.clear()

    def calls(self, path: str) -> list[tuple[str, str, dict[str, Any], str]]:
        return [request for request in self.requests if request[1].endswith(path)]

    def answer(self, method: str, url: str, authorization: str, raw: bytes) -> Answer:
        path, _, query = url.partition("?")
        form = dict(urllib.parse.parse_qsl(raw.decode())) if path.endswith("/token") else {}
        body = form or (json.loads(raw) if raw else {})
        with self._lock:
            self.requests.append((method, path, body, authorization))
            for place, (part, refusal) in enumerate(self.refuse):
                if part in path:
                    del self.refuse[place]
                    return refusal
            if self.down:
                return 503, {"error_code": "TEMPORARILY_UNAVAILABLE", "message": "the workspace is down"}
            return self._dispatch(method, path, dict(urllib.parse.parse_qsl(query)), authorization, body)

    def _dispatch(self, method: str, path: str, query: dict[str, str], authorization: str, body: Any) -> Answer:
        if path == "/.well-known/databricks-config":
            return 200, {"oidc_endpoint": f"{self.url}/oidc", "workspace_id": "1234567890", "cloud": "AWS"}
        if path == "/oidc/.well-known/oauth-authorization-server":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
            return 200, {name: f"{self.url}/oidc/v1/{end}" for name, end in ends.items()}
        if path == "/oidc/v1/token":
            return self._log_in(authorization, body)
        if authorization.removeprefix("Bearer ") not in self.access_tokens:
            return 401, {"error_code": "UNAUTHENTICATED", "message": "Credential was not sent or is invalid"}
        if path == "/api/2.0/preview/scim/v2/Me":
            return 200, {"id": "1", "userName": client_id, "displayName": "the app"}
        if path == "/serving-endpoints/chat/completions":
            return 200, _completion(body["model"], self.reply)
        if path == "/api/2.0/postgres/credentials":
            return self._database_token(body["endpoint"])
        return self._lakebase(method, path.removeprefix("/api/2.0/postgres/"), query, body)

    def _log_in(self, authorization: str, form: dict[str, str]) -> Answer:
        expected = "Basic " + base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        if authorization != expected or form.get("grant_type") != "client_credentials":
            return 401, {"error": "invalid_client", "error_description": "Client authentication failed"}
        token = _token(200)
        self.access_tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.access_seconds}

    def _database_token(self, endpoint: str) -> Answer:
        token = _token(1000)
        ends_at = int(time.time() + self.database_seconds)
        self.database_tokens[token] = ends_at
        return 200, {"token": token, "expire_time": datetime.fromtimestamp(ends_at, UTC).isoformat()}

    def _lakebase(self, method: str, name: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        """Projects and what is in them: created by POST to the parent, found again by GET."""
        if "/operations/" in name:
            return self._operation(name)
        if method == "GET" and name in self.lakebase:
            return 200, self.lakebase[name]
        if method == "GET":
            children = [child for key, child in self.lakebase.items() if key.rpartition("/")[0] == name]
            kind = name.rpartition("/")[2]
            if kind in ("projects", "branches", "endpoints", "databases", "roles"):
                return 200, {kind: children}
        if method == "POST":
            identifier = next((value for key, value in query.items() if key.endswith("_id")), secrets.token_hex(4))
            return self._create(f"{name}/{identifier}", body)
        return 404, {"error_code": "NOT_FOUND", "message": f"{name} does not exist"}

    def _create(self, name: str, body: dict[str, Any]) -> Answer:
        if name in self.lakebase:
            return 409, {"error_code": "ALREADY_EXISTS", "message": f"{name} exists"}
        self.lakebase[name] = {"name": name, **body}
        if name.startswith("projects/") and name.count("/") == 1:
            # A fresh project comes with these.
            self._create(f"{name}/branches/production", {})
        if name.endswith("/branches/production"):
            self._create(f"{name}/endpoints/primary", {})
        if "/branches/" in name and name.count("/") == 3:
            # The resource's id has a hyphen, the database an underscore.
            named = {"status": {"postgres_database": "databricks_postgres"}}
            self._create(f"{name}/databases/databricks-postgres", named)
        if "/endpoints/" in name:
            self.lakebase[name]["status"] = {"current_state": "ACTIVE", "hosts": {"host": self.database_host}}
        self._running[name] = self.slow_operations
        return 200, {"name": f"{name}/operations/1", "done": False}

    def _operation(self, name: str) -> Answer:
        target = name.rpartition("/operations/")[0]
        self._running[target] -= 1
        if self._running[target] >= 0:
            return 200, {"name": name, "done": False}
        return 200, {"name": name, "done": True, "response": self.lakebase[target]}


def _handler(workspace: Workspace) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = workspace.answer(self.command, self.path, self.headers.get("Authorization", ""), raw)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_PATCH = do_DELETE = do_GET

        def log_message(self, *_arguments: Any) -> None:
            pass

    return Handler


def _token(characters: int) -> str:
    return secrets.token_urlsafe(characters)


def _completion(model: str, content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
