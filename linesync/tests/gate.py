"""What stands before Lakebase, for tests: TLS, and a login by the workspace's tokens, in front of a real Postgres.

The pip-installed Postgres is built without OpenSSL, so TLS ends here. As in Lakebase several tokens are good at once,
each until its end; behind this door the role needs no password.
"""

import asyncio
import ssl
import struct
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import trustme

_ssl_request, _gss_request, _cancel = 80877103, 80877104, 80877102


class Gate:
    """Listens on localhost with a certificate for that name; `ca` is the file that vouches for it."""

    def __init__(self, folder: Path, postgres_port: int, accepts: Callable[[str], bool]) -> None:
        authority = trustme.CA()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self._tls)
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self.postgres_port = postgres_port
        self.logins: list[str] = []
        self.refused = 0
        self.open = True
        self._accepts = accepts
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = self._run(asyncio.start_server(self._pass, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        self._server.close()
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def cut(self) -> None:
        """Break every connection at once, as scale to zero and failover do."""

        async def abort() -> None:
            for writer in list(self._writers):
                writer.transport.abort()

        self._run(abort())

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self.open and (startup := await self._greet(reader, writer)):
                await self._forward(startup, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        """The client's startup message once it has TLS and a good token; None for everyone else."""
        while (startup := await _message(reader)) and (code := struct.unpack("!I", startup[4:8])[0]) == _gss_request:
            writer.write(b"N")
        if code != _ssl_request:
            writer.write(_error("28000", "connection requires TLS"))
            return None
        writer.write(b"S")
        await writer.start_tls(self._tls)
        startup = await _message(reader)
        if struct.unpack("!I", startup[4:8])[0] == _cancel:
            return startup
        writer.write(b"R" + struct.pack("!II", 8, 3))
        await reader.readexactly(1)
        token = (await _message(reader))[4:-1].decode()
        if not self._accepts(token):
            self.refused += 1
            writer.write(_error("28P01", "password authentication failed"))
            await writer.drain()
            return None
        self.logins.append(token)
        return startup

    async def _forward(self, startup: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self.postgres_port)
        self._writers.add(upstream)
        upstream.write(startup)
        try:
            await asyncio.gather(_pump(reader, upstream), _pump(upstream_reader, writer))
        finally:
            self._writers.discard(upstream)
            upstream.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    length = await reader.readexactly(4)
    return length + await reader.readexactly(struct.unpack("!I", length)[0] - 4)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


def _error(code: str, message: str) -> bytes:
    fields = b"".join(kind + value.encode() + b"\0" for kind, value in ((b"S", "FATAL"), (b"C", code), (b"M", message)))
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"
