"""The settings a world can have. A new one is a module here and an entry in `ALL`."""

from nodegraph.worlds.settings.autumn_village import AUTUMN_VILLAGE
from nodegraph.worlds.settings.coral_city import CORAL_CITY
from nodegraph.worlds.settings.desert_ruins import DESERT_RUINS
from nodegraph.worlds.settings.green_hills import GREEN_HILLS
from nodegraph.worlds.settings.lava_land import LAVA_LAND
from nodegraph.worlds.settings.moon_base import MOON_BASE
from nodegraph.worlds.settings.neon_city import NEON_CITY
from nodegraph.worlds.settings.sky_islands import SKY_ISLANDS
from nodegraph.worlds.settings.snow_forest import SNOW_FOREST

__all__ = ["ALL"]

ALL = {
    setting.name: setting
    for setting in (
        CORAL_CITY, DESERT_RUINS, NEON_CITY, SNOW_FOREST, GREEN_HILLS, LAVA_LAND, SKY_ISLANDS, MOON_BASE,
        AUTUMN_VILLAGE,
    )
}  # fmt: skip
