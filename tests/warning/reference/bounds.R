# Makes bounds.csv from series.csv with R's package surveillance (Debian: r-cran-surveillance), run beside this project:
#   Rscript bounds.R
# series.csv: six simulated weekly series (Noufaily's parameter sets 1 to 6 with trend and one harmonic, an outbreak in
# the baseline of each), 300 weeks. bounds.csv: upper bound and alarm in weeks 289 to 300 for four settings.
suppressPackageStartupMessages(library(surveillance))
counts <- as.matrix(read.csv("series.csv"))
dimnames(counts) <- NULL
weekly <- sts(observed = counts, start = c(2000, 1), frequency = 52)
farrington <- list(range = 289:300, b = 5, w = 3, noPeriods = 1, weightsThreshold = 1, pastWeeksNotIncluded = 3,
                   pThresholdTrend = 0.05, thresholdMethod = "delta", alpha = 0.05)
noufaily <- list(range = 289:300, b = 5, w = 3, noPeriods = 10, weightsThreshold = 2.58, pastWeeksNotIncluded = 26,
                 pThresholdTrend = 1, thresholdMethod = "delta", alpha = 0.05)
settings <- list(farrington = farrington, delta = noufaily,
                 nbPlugin = modifyList(noufaily, list(thresholdMethod = "nbPlugin")),
                 muan = modifyList(noufaily, list(thresholdMethod = "muan")))
rows <- do.call(rbind, lapply(names(settings), function(name) {
  found <- suppressWarnings(farringtonFlexible(weekly, control = settings[[name]]))
  data.frame(setting = name, series = rep(seq_len(ncol(counts)), each = 12), week = rep(289:300, ncol(counts)),
             upper = sprintf("%.15g", as.vector(upperbound(found))), alarm = as.vector(found@alarm) * 1)
}))
write.csv(rows, "bounds.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "surveillance", as.character(packageVersion("surveillance")), "\n")
