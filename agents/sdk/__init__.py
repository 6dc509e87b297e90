"""What an agency's integration team writes against: a class with two methods is a working agency.

    from agents.sdk import AgencySource, Person, Record, Wanted

    class Police(AgencySource):
        async def people(self, wanted: Wanted) -> list[Person]: ...
        async def records(self, reference: str) -> list[Record]: ...

`agents.sdk.recognised` does the rest: who of the people is meant, what may not be told apart, which element
is the same as before, what a rule decides on.
"""

from agents.sdk.agency_source import AgencySource, Person, Record, Suggestion
from agents.sdk.wanted import Wanted

__all__ = ["AgencySource", "Person", "Record", "Suggestion", "Wanted"]
