"""The public side of the node: releases, their indicators and areas, and the files behind them. Nothing is written."""
