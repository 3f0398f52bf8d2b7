/**
 * Our clock as the server would set it.
 */
import type { ProblemReport } from "./problem.ts";

/** A clock that learns how far it is off. */
export interface ServerClock {
  /** Whole seconds since the epoch. */
  timestamp(): number;
  /**
   * Sets the clock by a refusal: by the middle of the window that the server accepts, else by its `Date`.
   *
   * @param sent the timestamp that was refused
   * @returns true when a timestamp made now differs from it, so that another try makes sense
   */
  correct(report: ProblemReport, date: string | null, sent: number): boolean;
}

/** @param now seconds since the epoch */
export function createServerClock(now: () => number): ServerClock {
  let offset = 0;
  const timestamp = (): number => Math.floor(now() + offset);
  return {
    timestamp,
    correct(report, date, sent) {
      if (report.problem !== "timestamp_refused") return false;
      const { acceptableTimestamps: window } = report;
      const server = window === undefined ? Date.parse(date ?? "") / 1000 : (window[0] + window[1]) / 2;
      // Also false for NaN: a server that names neither cannot be followed.
      if (!(server > 0)) return false;
      offset = server - now();
      // A second more or less is the way there and back: then it was not the clock, and asking again changes nothing.
      return Math.abs(timestamp() - sent) > 1;
    },
  };
}
