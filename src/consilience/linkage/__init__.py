"""Linkage: the same person on several lists, found, explained, undoable.

The way through the package: `read` brings files or a snapshot into one table, `standardise` makes names, dates and
places comparable, `blocking` chooses which pairs to compare, `comparisons` says how, `training` learns the weights,
`scoring` weighs each pair with Splink, `clustering` decides who is one person, `run.link` does all of it.
"""
