"""The things of a background on the stage: places, companies and vehicles."""

from collections.abc import Callable

from workbench.scenario.background.clock import Clock, by_first
from workbench.scenario.background.naming import Naming
from workbench.scenario.background.network import Network
from workbench.scenario.background.population import CULTURES, KFIU, NKP, RJP, TRC
from workbench.scenario.numbers import Numbers
from workbench.scenario.stage import Stage
from workbench.scenario.world import Address, Company, Vehicle

_CITIES = {NKP: "Noordkust", RJP: "Nador", KFIU: "Λάρνακα", TRC: "Хасково"}
_MODELS = {TRC: "MAN TGX", NKP: "Volkswagen Transporter"}


def place(number: int, agency: int, street: str = "") -> Address:
    """A place that an agency knows; its street is only said when it is described."""
    return Address(f"background-place-{agency}-{number}", street, _CITIES[agency], CULTURES[agency])


class Things:
    """Tells them, and keeps companies and vehicles, by number, for those who have to do with them."""

    def __init__(self, stage: Stage, numbers: Numbers, network: Network, naming: Naming, clock: Clock) -> None:
        self._stage, self._numbers, self._network, self._naming = stage, numbers, network, naming
        self._clock = clock
        self.companies: list[Company] = []
        self.vehicles: list[Vehicle] = []

    def tell(self, forget: Callable[[], None]) -> None:
        """Tell all things, and forget after each what only concerns it."""
        self._places()
        self._companies(forget)
        self._vehicles(forget)

    def _places(self) -> None:
        here, stage = self._network.population, self._stage
        told = {
            NKP: stage.nkp.address,
            RJP: stage.rjp.address,
            KFIU: stage.kfiu.address,
            TRC: stage.trc.address,
        }
        for places in (here.homes, here.seats, here.cameras):
            for number, known in enumerate(places.known.tolist()):
                told[known](place(number, known, self._naming.street(number, CULTURES[known])))

    def _companies(self, forget: Callable[[], None]) -> None:
        known = self._network.population.companies.known.tolist()
        sits, agents = by_first(self._network.sits, len(known)), set(self._network.at_agent.tolist())
        since = self._clock.days("sits", len(known))
        for number, agencies in enumerate(known):
            company, day = self._company(number, agencies), next(since)
            for seat in sits(number):
                self._stage.kfiu.seat(company, place(seat, KFIU), day)
            if number in agents:
                self._stage.kfiu.seat(company, self._stage.cast.addresses["agent-address"], day)
            forget()

    def _company(self, number: int, agencies: int) -> Company:
        """Tell one company."""
        stage, culture = self._stage, CULTURES[KFIU if agencies & KFIU else agencies]
        named = self._naming.company(number, culture)
        company = Company(f"background-company-{number}", named, culture, self._numbers.next("company", culture))
        for agency, office in ((KFIU, stage.kfiu), (NKP, stage.nkp), (TRC, stage.trc)):
            if agencies & agency:
                office.company(company)
        self.companies.append(company)
        return company

    def _vehicles(self, forget: Callable[[], None]) -> None:
        known, network = self._network.population.vehicles.known.tolist(), self._network
        owns, read = by_first(network.owns, len(known)), by_first(network.read, len(known))
        times = self._clock.times("read", len(network.read))
        for number, agencies in enumerate(known):
            vehicle = self._vehicle(number, agencies)
            if agencies & TRC:
                self._stage.trc.vehicle(vehicle, next((self.companies[each] for each in owns(number)), None))
            for camera in read(number):
                self._stage.trc.read(vehicle, place(camera, TRC), next(times))
            if agencies & NKP:
                self._stage.nkp.vehicle(vehicle)
            forget()

    def _vehicle(self, number: int, agencies: int) -> Vehicle:
        home = TRC if agencies & TRC else NKP
        plate = self._numbers.next("plate", CULTURES[home])
        self.vehicles.append(Vehicle(f"background-vehicle-{number}", plate, CULTURES[home], _MODELS[home]))
        return self.vehicles[-1]
