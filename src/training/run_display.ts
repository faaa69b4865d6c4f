import { MEASURE_WORDS, type Measure } from '../../envs/success.js';
import type { DemoSummary } from '../buffers/demo_summary.js';
import { namedScore, shortNumber, summaryTable } from '../logging/tables.js';
import { type Progress, startProgress } from '../progress.js';
import { type EpisodeSummary, scoreOf } from '../rollout/episode_stats.js';

/** Display of a run for the person who started it. */
export interface RunDisplay {
  /** Shows a line of text. */
  note(text: string): void;
  /**
   * Passes to `listener` all text that was shown so far, and from now on each new one; the progress line is no text.
   */
  listen(listener: (text: string) => void): void;
  /** Starts a progress line for `total` units of work; text written meanwhile goes above it. */
  startBar(label: string, total: number, unit: string, start?: number): Progress;
  /** Shows the result of an evaluation; in short, the score that it is judged by, and the normalised one if there is one. */
  evaluation(title: string, summary: EpisodeSummary, judgedBy: Measure, normalized: number | null): void;
  /** Shows a summary of the demonstrations that the run learns from. */
  demonstrations(summary: DemoSummary): void;
}

/** Shows a run on the console, or only its notes if not `verbose`. */
export function createRunDisplay(verbose: boolean): RunDisplay {
  let bar: Progress | undefined;
  const shown: string[] = [];
  const listeners: ((text: string) => void)[] = [];
  const note = (text: string) => {
    if (bar) bar.print(text);
    else process.stdout.write(`${text}\n`);
    shown.push(text);
    for (const listener of listeners) listener(text);
  };
  return {
    note,
    listen(listener) {
      for (const text of shown) listener(text);
      listeners.push(listener);
    },
    startBar(label, total, unit, start = 0) {
      if (!verbose) return { update() {}, print: note, stop() {} };
      const started = startProgress({ label, total, unit, start });
      bar = started;
      return {
        ...started,
        stop() {
          started.stop();
          bar = undefined;
        },
      };
    },
    evaluation(title, summary, judgedBy, normalized) {
      if (verbose) note(summaryTable(title, summary, normalized));
      else note(`${title}: ${namedScore(judgedBy, scoreOf(judgedBy, summary), normalized)}`);
    },
    demonstrations(summary) {
      const { episodes, available, transitions, path, notes } = summary;
      const { successes, judgedBy, medianFirstSuccess } = summary;
      const outcome =
        successes === null
          ? 'success not recorded'
          : `${successes} succeed ${MEASURE_WORDS[judgedBy]}, first success at step ${medianFirstSuccess ?? '-'} (median)`;
      note(
        `demonstrations: ${episodes} of ${available} episodes of ${path}, ${shortNumber(transitions)} transitions, ${outcome}`,
      );
      for (const line of notes) note(`  ${line}`);
    },
  };
}
