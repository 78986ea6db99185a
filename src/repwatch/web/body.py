"""Decode a body as it arrives, never beyond a limit. The limit holds inside a chunk too: a bomb is 1000 to 1."""

from __future__ import annotations

import zlib

_RAW_DEFLATE, _GZIP = -zlib.MAX_WBITS, zlib.MAX_WBITS | 16


class BodyTooLargeError(Exception):
    """The decoded body is beyond the limit."""


class BodyBrokenError(Exception):
    """The body does not hold what its headers say."""


class BodyReader:
    """Collect the chunks of one body: `add` each, then `finish`."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._parts: list[bytes] = []
        self._size, self._limit = 0, limit
        self._encoding = encoding.strip().lower()
        self._zip = self._start()
        self._fresh = True

    def add(self, chunk: bytes) -> None:
        """Decode a chunk; raise as soon as the limit is passed or the data are broken."""
        if self._zip is None:
            self._keep(chunk)
            return
        while chunk:
            self._keep(self._inflate(chunk))
            chunk = self._next_member()

    def finish(self) -> bytes:
        """Return the whole body."""
        if self._zip is not None and not self._zip.eof and not self._fresh:
            msg = "the compressed body ends too early"
            raise BodyBrokenError(msg)
        return b"".join(self._parts)

    def _start(self) -> zlib._Decompress | None:
        if self._encoding in ("", "identity"):
            return None
        if self._encoding in ("gzip", "x-gzip"):
            return zlib.decompressobj(_GZIP)
        if self._encoding == "deflate":
            return zlib.decompressobj()
        msg = f"content-encoding {self._encoding!r} was not asked for"
        raise BodyBrokenError(msg)

    def _inflate(self, chunk: bytes) -> bytes:
        assert self._zip is not None
        room = self._limit - self._size + 1
        try:
            return self._zip.decompress(chunk, room)
        except zlib.error as error:
            # Some servers send deflate without its zlib header.
            if self._encoding == "deflate" and self._fresh:
                self._zip = zlib.decompressobj(_RAW_DEFLATE)
                self._fresh = False
                return self._inflate(chunk)
            raise BodyBrokenError(str(error)) from error
        finally:
            self._fresh = False

    def _next_member(self) -> bytes:
        """Start on a further gzip member; bytes of another kind behind the end are padding."""
        assert self._zip is not None
        rest = self._zip.unused_data
        if self._encoding == "deflate" or not rest.startswith(b"\x1f"):
            return b""
        self._zip = self._start()
        return rest

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            msg = f"more than {self._limit} bytes"
            raise BodyTooLargeError(msg)
        self._parts.append(part)
