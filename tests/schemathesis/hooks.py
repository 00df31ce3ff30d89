"""What Schemathesis does not know by itself: how lines of JSON are written."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """A list is a line for each of its members; anything else is one line."""
    members = value if isinstance(value, list) else [value]
    return "".join(json.dumps(member) + "\n" for member in members).encode()
