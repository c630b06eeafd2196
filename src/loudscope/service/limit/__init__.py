"""Rate limits: so many requests in any window of time, exactly."""
