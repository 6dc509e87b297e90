"""Sealed texts to try a library with: everything fixed, and a few lines of Python that open and seal.

The example uses joserfc, a general JWE library, because an agency has no use for the hub's own code.
"""

from __future__ import annotations

import json

WIRE_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
MESSAGE_ID = "answer-1"
PARTY = "agency.police"
TEXTS = ["Officers attended after a neighbour called.", "Café Zoë"]
SEALED = (
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiYWdlbmN5LnBvbGljZSIsIm1pZCI6ImFuc3dlci0xIn0."
    ".AAECAwQFBgcICQoL"
    ".HCCZfaOMoX7_MrfqxZ0dA-ez4xSRHSsZSkeEpXMMadVpcsGJ3eFx-RjIGommpQQYzBoB65l_g4BQVIE7RQ"
    ".sG3QCfO7b2lP3xTaWpaUfw"
)

PYTHON = """\
import base64, json
from joserfc import jwe
from joserfc.jwk import OctKey
from joserfc.registry import HeaderParameter

OURS = jwe.JWERegistry({"mid": HeaderParameter("the message", "str")}, ["dir", "A256GCM"])


def unseal(token, message_id, wire_key):
    opened = jwe.decrypt_compact(token, OctKey.import_key(base64.urlsafe_b64decode(wire_key)), registry=OURS)
    if opened.headers()["mid"] != message_id:
        raise ValueError("sealed for another message")
    return json.loads(opened.plaintext)


def seal(texts, message_id, party, wire_key):
    header = {"alg": "dir", "enc": "A256GCM", "kid": party, "mid": message_id}
    key = OctKey.import_key(base64.urlsafe_b64decode(wire_key))
    return jwe.encrypt_compact(header, json.dumps(texts), key, registry=OURS)
"""

IN_WORDS = f"""\
To try your library: with the wire key `{WIRE_KEY}` this list of the message
`{MESSAGE_ID}` from `{PARTY}`

```json
{json.dumps(TEXTS, ensure_ascii=False)}
```

is, with a nonce that is fixed for this example alone and must otherwise be random,

```text
{SEALED}
```

In Python, with joserfc:

```python
{PYTHON}```
"""
"""As the contract's page says it."""
