"""Quality control: what is found in signals built to have it, and in none built not to."""
