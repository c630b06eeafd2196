"""ReplayGain and R128 tags."""
