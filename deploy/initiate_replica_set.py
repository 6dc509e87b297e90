"""Makes one MongoDB node a replica set of one, and waits until it takes writes. Safe to run again.

python initiate_replica_set.py mongo:27017 mash
"""

import sys
import time

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

LIMIT_S = 120.0


def main(host: str, name: str) -> int:
    """0 when the node is primary, 1 when it is not within two minutes."""
    end = time.monotonic() + LIMIT_S
    config = {"_id": name, "members": [{"_id": 0, "host": host}]}
    with MongoClient[dict[str, object]](host, directConnection=True, serverSelectionTimeoutMS=1000) as client:
        while time.monotonic() < end:
            try:
                if client.admin.command("hello")["isWritablePrimary"]:
                    return 0
                client.admin.command("replSetInitiate", config)
            except OperationFailure as error:
                if error.details is None or error.details.get("codeName") != "AlreadyInitialized":
                    print(f"not yet: {error.code}", file=sys.stderr)
            except PyMongoError as error:
                print(f"not yet: {type(error).__name__}", file=sys.stderr)
            time.sleep(0.5)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
