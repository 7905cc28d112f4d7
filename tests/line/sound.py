# SPDX-License-Identifier: GPL-3.0-or-later
"""Tones in recordings."""
import array, math, os, wave


def tone(path, hz):
    """How loud this tone is where it is loudest in the recording: dB, 0 the loudest there can be."""
    if not os.path.exists(path):
        return -99
    try:
        with wave.open(path) as w:
            rate, samples = w.getframerate(), array.array("h", w.readframes(w.getnframes()))
    except (wave.Error, EOFError):             # not closed yet
        return -99
    size, best = rate // 5, 1e-9
    k = 2 * math.cos(2 * math.pi * hz / rate)
    for start in range(0, len(samples) - size, size):
        a = b = 0.0
        for x in samples[start:start + size]:
            a, b = x + k * a - b, a
        best = max(best, a * a + b * b - k * a * b)
    return round(20 * math.log10(2 * math.sqrt(best) / size / 32768), 1)


def hears(path, *tones, of=(440, 1004, 2200)):
    """Whether exactly these of the tones are in the recording."""
    return {hz for hz in of if tone(path, hz) > -40} == set(tones)


def write_tone(path, hz, seconds):
    with wave.open(path, "wb") as w:
        w.setparams((1, 2, 8000, 0, "NONE", ""))
        w.writeframes(array.array("h", (int(9000 * math.sin(2 * math.pi * hz * i / 8000))
                                        for i in range(8000 * seconds))).tobytes())
