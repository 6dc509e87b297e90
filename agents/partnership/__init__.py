"""A partnership: who takes part, who may decide what, which clocks run. Read from a folder of TOML.

Nothing of a particular hub is in the code; of the bundled folders ``staffordshire-2012`` is the hub of the
guidance, and ``larkmoor-2026`` one of a place that there is not, where as much as possible is otherwise.

`model` says what a partnership consists of, `checks` what makes a sound one, `reading` reads a folder and
checks it, and `problems` is what is wrong in words.
"""

from agents.partnership.model import ADULT as ADULT
from agents.partnership.model import AdultRecipient as AdultRecipient
from agents.partnership.model import Agency as Agency
from agents.partnership.model import Clocks as Clocks
from agents.partnership.model import Cohort as Cohort
from agents.partnership.model import ComplexChecklist as ComplexChecklist
from agents.partnership.model import Concern as Concern
from agents.partnership.model import DailyRound as DailyRound
from agents.partnership.model import Hindrance as Hindrance
from agents.partnership.model import LocalRoute as LocalRoute
from agents.partnership.model import MissingRule as MissingRule
from agents.partnership.model import Partnership as Partnership
from agents.partnership.model import Purpose as Purpose
from agents.partnership.model import RoundOf as RoundOf
from agents.partnership.model import Seat as Seat
from agents.partnership.model import StaffMember as StaffMember
from agents.partnership.model import Team as Team
from agents.partnership.problems import ConfigurationProblem as ConfigurationProblem
from agents.partnership.problems import PartnershipInvalid as PartnershipInvalid
from agents.partnership.reading import bundled as bundled
from agents.partnership.reading import bundled_names as bundled_names
from agents.partnership.reading import read_partnership as read_partnership
