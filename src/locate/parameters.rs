//! The numbers of the model of one author.
//!
//! Where a number was measured the comment says on what. The others are round numbers from the middle of a wide range within which
//! the held-out log-loss of `examples/calibrate.rs` hardly moves; none was tuned to its last digit, since a few hundred labelled people
//! could not carry that.

/// A habit of some people, with how many have it.
type Habit = (f64, f64);

/// The numbers of the model. `Parameters::default()` is what the program uses; the calibration tries others.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// How often a person's commits carry UTC for want of a clock (websites, build machines, privacy), and how many people are like that:
    /// hardly ever, now and then, nearly always.
    pub no_clock: [Habit; 3],
    /// How often a person commits from elsewhere (journeys, a laptop that keeps the time of home, a rebase by somebody else), and how many
    /// people are like that.
    pub elsewhere: [Habit; 3],
    /// How often a clock is an hour off: a machine without summer time, or with the wrong rule for it.
    pub hour_off: f64,
    /// What the first week of a quarter counts, against an observation that stood by itself.
    pub weight: f64,
    /// How further weeks of the same quarter add to it: `n` weeks count as `n` to this power. Weeks are not independent: one laptop, one
    /// journey, one configuration makes all of them.
    pub repetition: f64,
    /// Probability to move to another clock or country within a year. Measured on developers outside of a crisis: 2.8 % named a new
    /// country within 21 months (Wachs, EPJ Data Science 2023, the comparison group of its study of Russian developers).
    pub moves_a_year: f64,
    /// Probability that the clock says nothing at all about where a person is, whatever it shows.
    pub clock_is_wrong: f64,
    /// How far a mail domain that fits its country in the measure of `domains` is believed. That measure only sees whether the
    /// band fits; within a band a domain errs more often.
    pub domain_trust: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            no_clock: [(0.03, 0.85), (0.3, 0.1), (0.95, 0.05)],
            elsewhere: [(0.01, 0.75), (0.08, 0.2), (0.4, 0.05)],
            hour_off: 0.02,
            weight: 0.7,
            repetition: 0.1,
            moves_a_year: 0.016,
            clock_is_wrong: 0.05,
            domain_trust: 0.7,
        }
    }
}
