"""Early warning and impact: see a spike in time, explain it, and measure what a reform changed."""
