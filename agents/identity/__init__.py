"""Who somebody is, normalised: names, dates, numbers and places in forms that can be compared.

Agencies use it to find a person in their records, the coordinator to find its earlier cases. Nothing in
here is shown in a repr, and nothing in here is ever logged.
"""

from agents.identity.person import Identity, identity_of, index_terms

__all__ = ["Identity", "identity_of", "index_terms"]
