import type { Metrics } from '../learner/agent.js';

/** Destination of the metrics, videos and text of a run. Names are `section/name`, such as `train/critic_loss`. */
export interface Logger {
  /** Records numbers of the run after `envSteps` environment steps. */
  log(envSteps: number, metrics: Metrics): void;

  /** Records a histogram of values. A name that `log` uses can't be used here. */
  histogram(envSteps: number, name: string, values: ArrayLike<number>): void;

  /** Records a finished video of the run after `envSteps` steps; it may come late. */
  video(envSteps: number, name: string, video: Video): void;

  /** Records text that the run showed on the console, in whole lines. */
  console(text: string): void;

  /** Writes out all records that are held back, so that nothing from before a checkpoint can get lost after it. */
  flush(): void;

  /** Ends the log of a run that ends with `exitCode`. Nothing can be logged afterwards. */
  close(exitCode: number): Promise<void>;
}

/** One destination of a run's logs. It leaves out the kinds of record that it can't show. */
export type LogDestination = Pick<Logger, 'log' | 'close'> & Partial<Logger>;

/** A video and, for places that only show images, the same as an animated GIF or one of its frames as PNG. */
export interface Video {
  /** An MP4 file. */
  path: string;
  image?: Uint8Array;
}

/** The same metrics with `section/` before each key. */
export function prefixed(section: string, metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([key, value]) => [`${section}/${key}`, value]));
}
