"""Figures for Prometheus: requests by operation and status, how long they took, and what the service holds."""

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import process_time

MEDIA = b"text/plain; version=0.0.4; charset=utf-8"
_UPPER = (0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0)
"""Seconds up to which each bucket counts."""
_PAGE = 4096


class Metrics:
    """What is counted; noting a request costs less than a microsecond."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._took = [0] * (len(_UPPER) + 1)
        self._seconds = 0.0

    def note(self, operation: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests[operation, status] += 1
        self._took[bisect_left(_UPPER, seconds)] += 1
        self._seconds += seconds

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> bytes:
        """All figures in the text format of Prometheus; `gauges` by name with what each says."""
        return "\n".join([*self._counted(), *_told(gauges), *_told(_process()), ""]).encode()

    def _counted(self) -> Iterator[str]:
        yield "# HELP argumap_requests_total Requests that were answered."
        yield "# TYPE argumap_requests_total counter"
        for (operation, status), count in sorted(self._requests.items()):
            yield f'argumap_requests_total{{operation="{operation}",status="{status}"}} {count}'
        yield "# HELP argumap_request_seconds How long answering took."
        yield "# TYPE argumap_request_seconds histogram"
        total = 0
        for upper, count in zip((*_UPPER, float("inf")), self._took, strict=True):
            total += count
            shown = "+Inf" if upper == float("inf") else f"{upper:g}"
            yield f'argumap_request_seconds_bucket{{le="{shown}"}} {total}'
        yield f"argumap_request_seconds_sum {self._seconds:.6f}"
        yield f"argumap_request_seconds_count {total}"


def _told(gauges: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    for name, (sentence, value) in gauges.items():
        yield f"# HELP {name} {sentence}"
        yield f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}"
        yield f"{name} {value:g}"


def _process() -> dict[str, tuple[str, float]]:
    found = {"process_cpu_seconds_total": ("CPU that the process has used.", process_time())}
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        found["process_resident_memory_bytes"] = ("Memory of the process.", float(pages * _PAGE))
    return found
