"""The limits beyond which a figure becomes a finding, all in one place."""

from __future__ import annotations

from typing import Final

__all__ = ["LIMITS"]

# In the unit of the figure. [P] published, [O] our own choice.
LIMITS: Final[dict[str, float]] = {
    "clipped_runs": 3.0,  # [O] one flat top can be chance
    "over_0_dbtp": 0.0,  # [P] BS.1770-5: above it a converter or a codec may clip
    "over_1_dbtp": -1.0,  # [P] EBU R 128, most streaming services
    "dc_offset": 0.001,  # [O] of full scale
    "hum_db": 10.0,  # [O] over what lies beside each line
    "head_s": 0.5,  # [O]
    "tail_s": 5.0,  # [O] reverberation and the pause between tracks need some
    "balance_db": 1.5,  # [O]
    "mono_loss_lu": 3.5,  # [O] unrelated channels lose 3.01
    "band_correlation": -0.2,  # [O]
    "bass_correlation": 0.8,  # [O]
    "inverted_correlation": -0.9,  # [O]
    "delay_ms": 0.1,  # [O] 5 samples at 48 kHz; half of it lies between near microphones
    "psr_db": 8.0,  # [P] below: heavy limiting
}
