"""The Bayesian latent class model of Manrique-Vallier (2016), and an engine that finds and explores its modes."""
