"""The plot: one case at a given size, watched by four agencies."""

from workbench.scenario.acts.casting import cast_everybody
from workbench.scenario.acts.driving import drive
from workbench.scenario.acts.laundering import launder
from workbench.scenario.acts.lodging import lodge
from workbench.scenario.acts.misleading import call_taxis, play_football, write_reports
from workbench.scenario.acts.recruiting import recruit, take_over
from workbench.scenario.stage import Stage


def play(stage: Stage) -> None:
    """Play all acts, in the order that their agencies learn of things."""
    cast_everybody(stage.cast, stage.size)
    cast = stage.cast
    cast.phone("broker", "nl")
    cast.phone("landlord", "nl")
    if cast.group("petrov"):
        cast.phone("petrov", "bg")
    recruit(stage)
    drive_and_lodge(stage)
    launder(stage)


def drive_and_lodge(stage: Stage) -> None:
    """The acts that two police forces see from both ends of a road."""
    drive(stage)
    lodge(stage)
    take_over(stage)
    play_football(stage)
    call_taxis(stage)
    write_reports(stage)
