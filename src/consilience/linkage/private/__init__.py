"""Overlap without names: how many people two or more partners have in common, without anybody showing a list.

`keys` turns a record into composite keys, `curve` blinds them, `pair` runs two partners' session, `patterns` counts
capture patterns of three and more. It holds against partners who are curious and keep to the protocol; a partner who
asks about invented names learns whether these are held, which is why set sizes are capped and padded, keys are fresh
for each session, and both ledgers show the run.
"""
