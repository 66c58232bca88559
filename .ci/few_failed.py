"""Exit 0 if the last test run had failures, and at most as many as the first argument says."""

import json
import sys
from pathlib import Path

RECORD = Path(__file__).parents[1] / ".pytest_cache/v/cache/lastfailed"

try:
    count = len(json.loads(RECORD.read_text("utf-8")))
except (OSError, ValueError):
    count = 0
sys.exit(not 0 < count <= int(sys.argv[1]))
