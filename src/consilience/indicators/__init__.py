"""Indicators: from the shared tables to counts by area, period, sex and age, and from counts to rates."""
