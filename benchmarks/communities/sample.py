"""The network of persons of the sample case, as everybody together sees it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.resolution.resolving import joint, load_jobs
from workbench.analytics.engines import Network
from workbench.analytics.projection import positions_of
from workbench.view.store import open_store

_SAMPLE = Path(__file__).parents[2] / "sample_data"
_AGENCIES = ("KFIU", "NKP", "RJP", "TRC")


def sample_network() -> Network:
    """The network, without outsiders."""
    viewer = joint(_AGENCIES)
    with TemporaryDirectory() as work:
        store = open_store(f"sqlite:///{work}/sample.db")
        load_jobs(store, _SAMPLE, viewer)
        network = Network.of(positions_of(store.view(viewer), "persons", count_common=False))
        store.close()
    return network
