"""The process that draws charts: reads a Vega-Lite specification a line, writes an answer a line.

Drawing holds Python's lock for 50 to 80 ms and takes about 100 MB, so it is kept out of the processes that
answer requests. Started by `web.charts`; nothing here knows about pages.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Answer each line of standard input until it ends."""
    import vl_convert  # noqa: PLC0415 -- 84 MB, only for this process

    for line in sys.stdin:
        try:
            # No address is allowed: a specification brings its data with it.
            svg = vl_convert.vegalite_to_svg(json.loads(line), allowed_base_urls=[])
            answer = {"svg": svg}
        except Exception as error:  # noqa: BLE001 -- whatever it is, the asker is told and decides
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
