"""Quality: what each source's list can bear, measured rule by rule, each finding with its figure and its remedy."""
