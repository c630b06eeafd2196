"""Reading ahead on a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from ._audio import Samples

__all__ = ["Prefetch"]


class Prefetch:
    """Reads chunks on a thread of its own, so that decoding and measuring overlap.

    The engine measures half a minute at a time. So many chunks wait that decoding goes on
    meanwhile, as far as a few MB of them allow.

    Args:
        chunks: What is read.
        frames: How many are needed; None: all.
        chunk_bytes: Of a whole chunk.
    """

    MOST_BYTES = 8 << 20
    FEWEST, MOST = 4, 24

    def __init__(self, chunks: Iterator[Samples], frames: int | None, chunk_bytes: int) -> None:
        self._chunks, self._frames = chunks, frames
        depth = min(max(self.FEWEST, self.MOST_BYTES // chunk_bytes), self.MOST)
        self._ready: queue.Queue[Samples | BaseException | None] = queue.Queue(depth)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="loudscope-read", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        last: BaseException | None = None
        read = 0
        try:
            for chunk in self._chunks:
                self._put(chunk)
                read += len(chunk)
                if self._stopped.is_set() or (self._frames is not None and read >= self._frames):
                    break
        except BaseException as error:  # handed to the reader, who raises it
            last = error
        self._put(last)

    def _put(self, item: Samples | BaseException | None) -> None:
        while not self._stopped.is_set():
            try:
                self._ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return

    def __iter__(self) -> Iterator[Samples]:
        while True:
            item = self._ready.get()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def close(self) -> None:
        """Stops reading and waits for the thread, which may still hold the file."""
        self._stopped.set()
        self._thread.join()
