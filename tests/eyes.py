"""How far apart two colours look: to most eyes, and to those that tell red from green badly."""

from collections.abc import Sequence
from typing import Final

import numpy as np

EYES: Final = {
    "any": np.eye(3),
    # Machado, Oliveira and Fernandes, 2009: the whole of either blindness, on linear RGB.
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
_XYZ: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_D65: Final = np.array([0.95047, 1, 1.08883])


def apart(one: str, other: str, eye: str = "any") -> float:
    """Return the distance of two colours, #RRGGBB, as CIEDE2000 counts it: 1 is hardly seen."""
    return ciede2000(lab(one, eye), lab(other, eye))


def lab(colour: str, eye: str = "any") -> list[float]:
    """Return a colour in CIELAB, as that eye sees it."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(_XYZ @ np.clip(EYES[eye] @ linear, 0, 1) / _D65)
    return [float(part) for part in (116 * y - 16, 500 * (x - y), 200 * (y - z))]


def ciede2000(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the distance of two colours in CIELAB, after Sharma, Wu and Dalal, 2005."""
    light, green, blue = np.array([one, other]).T
    grey = 0.5 * (1 - _saturation(np.hypot(green, blue).mean()))
    chroma = np.hypot(green * (1 + grey), blue)
    hue = np.arctan2(blue, green * (1 + grey)) % (2 * np.pi)
    turn = (hue[1] - hue[0] + np.pi) % (2 * np.pi) - np.pi
    middle = (hue[0] + turn / 2) % (2 * np.pi) if chroma.all() else hue.sum()
    bent = (
        1
        - 0.17 * np.cos(middle - np.radians(30))
        + 0.24 * np.cos(2 * middle)
        + 0.32 * np.cos(3 * middle + np.radians(6))
        - 0.20 * np.cos(4 * middle - np.radians(63))
    )
    far = (light.mean() - 50) ** 2
    lightness = (light[1] - light[0]) / (1 + 0.015 * far / np.sqrt(20 + far))
    colourful = (chroma[1] - chroma[0]) / (1 + 0.045 * chroma.mean())
    around = 2 * np.sqrt(chroma.prod()) * np.sin(turn / 2) / (1 + 0.015 * chroma.mean() * bent)
    turned = np.radians(60) * np.exp(-(((np.degrees(middle) - 275) / 25) ** 2))
    both = -np.sin(turned) * 2 * _saturation(chroma.mean()) * colourful * around
    return float(np.sqrt(lightness**2 + colourful**2 + around**2 + both))


def _saturation(chroma: float) -> float:
    return float(np.sqrt(chroma**7 / (chroma**7 + 25**7)))
