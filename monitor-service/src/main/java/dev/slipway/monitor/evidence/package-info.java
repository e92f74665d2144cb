/// The statistics of a release watch: pure functions of counts, without clock, storage or network.
///
/// Everything here is an **e-value**: a non-negative number whose expectation is at most 1 while the hypothesis
/// it argues against holds. Followed over time it is a non-negative supermartingale, so by Ville's inequality
/// the chance that it *ever* reaches `1/alpha` is at most `alpha`: one may look after every batch, as often as
/// one likes.
///
/// - [dev.slipway.monitor.evidence.RollbackWindow]: "the candidate is worse than the baseline beside it"
/// - [dev.slipway.monitor.evidence.PromoteWindow]: "the candidate is not worse by the margin"
/// - [dev.slipway.monitor.evidence.HistoryWindow]: "the candidate is worse than the baseline ever was", where
///   nothing runs beside it
/// - [dev.slipway.monitor.evidence.WindowMixture]: many windows weighed into one verdict that finds late faults
///   too
///
/// All evidence is kept as natural logarithms; no evidence at all (an empty sum, e-value 0) is negative
/// infinity.
@NullMarked
package dev.slipway.monitor.evidence;

import org.jspecify.annotations.NullMarked;
