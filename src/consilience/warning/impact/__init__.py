"""What changed after a reform: interrupted time series, with controls and stated assumptions (requirement IM1)."""
