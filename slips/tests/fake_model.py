"""A stand-in for Model Serving over HTTP: the real openai client talks to it."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], Any]

# How often the server looks whether it shall stop: each test waits for that.
stop_looks_seconds = 0.01


class Standin:
    """`answers` are used in turn, the last one for ever: a text, (status, message), or a function of the request."""

    def __init__(self) -> None:
        self.answers: list[Any] = ["{}"]
        self.requests: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.tokens.append(self.headers["Authorization"])
                status, answer = outer._answer(body)
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Retry-After-Ms", "1")  # less than a second is not said in seconds
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/serving-endpoints"
        threading.Thread(target=self.server.serve_forever, args=(stop_looks_seconds,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, body: dict[str, Any]) -> tuple[int, Any]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(body)
        if isinstance(answer, tuple):
            return answer[0], {"error": {"message": answer[1], "type": "x", "code": None}}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}
        return 200, {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [choice]}


def answer(*items: dict[str, Any], **head: Any) -> str:
    """What a well-behaved model says."""
    empty = dict.fromkeys(("vendor", "po_number", "slip_number", "ship_date", "notes"), "")
    named = [{"description": "", "confidence": "high"} | item for item in items]
    return json.dumps({"items": named, "printed_lines": -1, "printed_pieces": -1} | empty | head)
